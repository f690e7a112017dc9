// secret-in-tree, secret-in-history and secret-rotation, on repositories made for the test.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import inHistory from '../../../src/checks/deploy/secret-in-history.ts'
import inTree from '../../../src/checks/deploy/secret-in-tree.ts'
import rotation from '../../../src/checks/deploy/secret-rotation.ts'
import { secretHash } from '../../../src/core/redact.ts'
import envFiles from '../../../src/facts/repo/env-files.ts'
import secretLedger from '../../../src/facts/repo/secret-ledger.ts'
import secretsHistory, { type SecretsHistory } from '../../../src/facts/repo/secrets-history.ts'
import secretsTree, { type SecretsTree } from '../../../src/facts/repo/secrets-tree.ts'
import tree from '../../../src/facts/repo/tree.ts'
import { parseLedger, printLedger } from '../../../src/formats/secrets/ledger.ts'
import { crc32Base62 } from '../../../src/formats/secrets/values.ts'
import { judgeRepo } from '../../support/judge-repo.ts'
import { makeUp } from '../../support/made-up-secrets.ts'
import { collectFact, makeRepo, observedValue, type TestRepo } from '../../support/repo.ts'

const collectors = { tree, envFiles, secretLedger, secretsHistory, secretsTree }
const made: TestRepo[] = []
afterEach(() => {
  for (const one of made.splice(0)) one.dispose()
})
const repo = (files: Record<string, string | Uint8Array> = {}): TestRepo => {
  const one = makeRepo(files)
  made.push(one)
  return one
}
const stripe = makeUp('sk_~live_{A24}')
const stripeTest = makeUp('sk_~test_{A24}')
const resend = makeUp('re_~{A8}_{A24}')
const pem = `-----BEGIN PRIVATE KEY-----\n${makeUp('{A64}')}\n${makeUp('{B64}', 2)}\n-----END PRIVATE KEY-----\n`

describe('secret-in-tree', () => {
  const surest = async (files: Record<string, string>) => {
    const one = repo(files)
    one.commit('first')
    const { secrets } = observedValue<SecretsTree>(await collectFact(one.root, collectors, 'secretsTree'))
    return secrets.map(({ confidence }) => confidence)
  }

  it('is only possible for the key that a development server is given', async () => {
    const key = { 'https/privkey.pem': pem }
    const vite = { 'vite.config.ts': "export default { server: { https: { key: read('https/privkey.pem') } } }\n" }
    expect(await surest(key)).toEqual(['certain'])
    expect(await surest({ ...key, ...vite })).toEqual(['possible'])
    expect(await surest({ ...key, ...vite, Dockerfile: 'FROM nginx\nCOPY https/privkey.pem /etc/\n' })).toEqual([
      'certain',
    ])
  })

  it('is only possible for a client secret in a branch for development, and none where a token is past its time', async () => {
    const secret = `ENV['GITHUB_SECRET'] = '${makeUp('{h40}')}'`
    const initializer = 'config/initializers/omniauth.rb'
    expect(await surest({ [initializer]: `if Rails.env.development?\n  ${secret}\nend\n` })).toEqual(['possible'])
    expect(await surest({ [initializer]: `if Rails.env.production?\n  ${secret}\nend\n` })).not.toContain('possible')
    const part = (claims: object): string => Buffer.from(JSON.stringify(claims)).toString('base64url')
    const token = (exp: number): string =>
      `const authToken = '${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: 'ckyj', iat: 1_640_000_000, exp })}.${makeUp('{A43}')}'\n`
    expect(await surest({ 'src/call.ts': token(1_645_437_562) })).toEqual([])
    expect(await surest({ 'src/call.ts': token(4_000_000_000) })).toEqual(['likely'])
  })

  it('finds live, test, private-key and password, each once, masked, with file and line', async () => {
    const one = repo({
      'src/billing.ts': `\nexport const stripe = new Stripe('${stripe}')\n`,
      'src/again.ts': `const again = '${stripe}'\n`,
      'src/dev.ts': `const key = '${stripeTest}'\n`,
      'deploy/id_rsa': pem,
      'config/mail.py': `SMTP_PASSWORD = "${makeUp('Winter{d4}!{A4}')}"\n`,
      'dist/app.js': `x="${stripe}"`,
      'test/a.test.ts': `const k = '${resend}'`,
      'README.md': 'Set STRIPE_SECRET_KEY=sk_live_xxxxxxxxxxxxxxxxxxxxxxxx',
      'public.ts': `const k = '${makeUp('pk_~live_{A24}')}'`,
    })
    one.commit('first')
    const { outcomes, findings } = await judgeRepo(inTree, one.root, collectors)
    expect([...outcomes].sort()).toEqual(['live', 'password', 'private-key', 'test'])
    const live = findings.find(finding => finding.outcome === 'live')!
    expect(live.evidence.map(item => item.label)).toEqual(['dist/app.js:1', 'src/again.ts:1', 'src/billing.ts:2'])
    expect(live.fix.steps.join('\n')).toContain('dashboard.stripe.com')
    expect(JSON.stringify(findings)).not.toContain(stripe)
  })

  it('an id of AWS and its secret are one pair: the secret speaks for both', async () => {
    const id = makeUp('AK~IA{T16}')
    const key = makeUp('{A40}', 3)
    const pair = `aws_access_key_id = "${id}"\naws_secret_access_key = "${key}"\n`
    const found = async (files: Record<string, string>) => {
      const one = repo(files)
      one.commit('first')
      return (await judgeRepo(inTree, one.root, collectors)).findings.map(({ severity }) => severity).sort()
    }
    expect(await found({ 'deploy/s3.py': pair })).toEqual(['blocker', 'low'])
    expect(await found({ 'deploy/s3.py': pair.split('\n')[0]!, 'deploy/other.py': pair.split('\n')[1]! })).toEqual([
      'blocker',
      'blocker',
    ])
  })

  it('keys in files beside one another are one leak', async () => {
    const pem = (seed: number) =>
      `-----BEGIN ${'PRIVATE'} KEY-----\n${makeUp('{B1600}', seed)}\n-----END ${'PRIVATE'} KEY-----\n`
    const one = repo({ 'keys/a.pem': pem(71), 'keys/b.pem': pem(72), 'other/c.pem': pem(73) })
    one.commit('first')
    const { findings } = await judgeRepo(inTree, one.root, collectors)
    expect(findings.map(({ severity }) => severity).sort()).toEqual(['high', 'high', 'low'])
  })
  it('secrets of one file are one leak, and what may be none is one question', async () => {
    const one = repo({
      'src/pay.ts': `const a = '${stripe}'\nconst b = '${resend}'\n`,
      'src/a.ts': `const dbPassword = '${makeUp('Qv{d3}!{A9}', 22)}'\n`,
      'src/b.ts': `const mailPassword = '${makeUp('Rx{d3}!{A9}', 23)}'\n`,
    })
    one.commit('first')
    const { findings } = await judgeRepo(inTree, one.root, collectors)
    expect(findings.map(({ severity, confidence }) => `${severity} ${confidence}`).sort()).toEqual([
      'blocker certain',
      'low certain',
      'medium possible',
    ])
    const loud = findings.find(({ severity }) => severity === 'blocker')!
    expect(loud.title).toContain('(and 1 more)')
    expect(loud.evidence.map(({ label }) => label)).toEqual(['src/pay.ts:1', 'src/pay.ts:2'])
    expect(loud.fix.steps.join('\n')).toMatch(/Do the same for/)
    expect(findings.find(({ severity }) => severity === 'medium')!.evidence).toHaveLength(2)
  })

  it('is only possible for a token in a report that tests read, whose it may be', async () => {
    const body = makeUp('{A30}', 51)
    const token = `gh${'p_'}${body}${crc32Base62(body)}`
    expect(await surest({ 'unittests/scans/report.jsonl': `{ "raw": "${token}" }\n` })).toEqual(['possible'])
    expect(await surest({ 'test/call.ts': `call('${token}')\n` })).toEqual(['certain'])
  })

  it('a token whose time is over is no secret of the history that is in use', async () => {
    const part = (claims: object): string => Buffer.from(JSON.stringify(claims)).toString('base64url')
    const one = repo({
      'src/call.ts': `const authToken = '${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: 'ckyj', iat: 1_640_000_000, exp: 1_645_437_562 })}.${makeUp('{A43}')}'\n`,
    })
    one.commit('first')
    expect((await judgeRepo(inHistory, one.root, collectors)).outcomes).toEqual(['clean'])
  })

  it('clean: placeholders, tests, keys made to be seen and encrypted values are none; those made to be seen are listed', async () => {
    const one = repo({
      'src/a.ts': `const k = '${makeUp('pk_~live_{A24}')}'; const p = process.env.PASSWORD`,
      'test/b.ts': `'${stripe}'`,
      '.env.example': 'STRIPE_SECRET_KEY=sk_live_...\n',
    })
    one.commit('first')
    const { outcomes } = await judgeRepo(inTree, one.root, collectors)
    expect(outcomes).toEqual(['clean'])
    expect(
      observedValue(await collectFact<{ publicKeys: unknown[] }>(one.root, collectors, 'secretsTree')).publicKeys,
    ).toHaveLength(1)
  })

  it('leaves committed environment files to env-file-committed, but not an example with a real value', async () => {
    const one = repo({ '.env': `STRIPE_SECRET_KEY=${stripe}\n` })
    one.commit('first')
    expect((await judgeRepo(inTree, one.root, collectors)).outcomes).toEqual(['clean'])
    one.write({ '.env.example': `RESEND_API_KEY=${resend}\n` })
    expect((await judgeRepo(inTree, one.root, collectors)).outcomes).toEqual(['live'])
  })

  it('does not open links, binaries, pointers or very large files, and says how many', async () => {
    const one = repo({
      'image.txt': new Uint8Array([0, ...Buffer.from(stripe)]),
      'large.sql': `${' '.repeat(6 << 20)}${stripe}`,
    })
    one.link('out', '/etc/passwd')
    one.commit('first')
    const value = observedValue(
      await collectFact<{ skipped: { binary: number; large: string[] } }>(one.root, collectors, 'secretsTree'),
    )
    expect(value.skipped).toEqual({ binary: 1, large: ['large.sql'], unreadable: [] })
  })
})

describe('secret-in-history', () => {
  it('unknown: a deleted secret, once however many commits held it, with first, last and removing commit', async () => {
    const one = repo({ 'a.ts': '1' })
    one.commit('start')
    one.write({ 'config.ts': `const k = '${stripe}'` })
    const first = one.commit('add key')
    one.write({ 'config.ts': `const k = '${stripe}' // 2` })
    one.commit('touch')
    one.write({ 'other.ts': `const k = '${stripe}'` })
    const last = one.commit('copy')
    one.write({ 'config.ts': 'const k = process.env.K', 'other.ts': '' })
    const removed = one.commit('remove key')
    const { outcomes, findings } = await judgeRepo(inHistory, one.root, collectors)
    expect(outcomes).toEqual(['unknown'])
    const text = findings[0]!.evidence.map(item => `${item.label}: ${item.value}`).join('\n')
    expect(text).toContain(`first: ${first.slice(0, 10)}`)
    expect(text).toContain(`last: ${last.slice(0, 10)}`)
    expect(text).toContain(`removed: ${removed.slice(0, 10)}`)
    expect(text).toContain('read: 5 of 5 commits')
    expect(JSON.stringify(findings)).not.toContain(stripe)
  })

  it('what one commit took out of one file is told once, by the surest, and named whole', async () => {
    const mail = makeUp('SG.{A22}.{A43}')
    const one = repo({ 'deploy/mail.env': `STRIPE_KEY=${stripe}\nMAIL_KEY=${mail}\n`, 'b.ts': `const k = '${resend}'` })
    one.commit('first')
    one.write({ 'deploy/mail.env': '' })
    one.commit('tidied')
    one.write({ 'b.ts': '' })
    one.commit('tidied again')
    const { findings } = await judgeRepo(inHistory, one.root, collectors)
    expect(findings.map(({ severity }) => severity).sort()).toEqual(['high', 'high', 'low'])
    const led = findings.find(({ severity }) => severity === 'low')!
    const leader = findings.find(({ title }) => title.includes('(and 1 more)'))!
    expect(leader.evidence.map(item => item.label)).toEqual(
      expect.arrayContaining(['deploy/mail.env:1', 'deploy/mail.env:2']),
    )
    expect(leader.fix.steps.join('\n')).toContain(secretHash(mail).slice(0, 16))
    expect(leader.fix.steps.join('\n')).toContain(secretHash(stripe).slice(0, 16))
    expect(led.id).not.toBe(leader.id)
    one.write({
      'secret-rotations.yaml': printLedger([
        {
          secret: secretHash(stripe),
          name: 'Stripe',
          rotated: '2026-11-01',
          by: 'Anna',
          evidence: 'revoked',
          expires: null,
        },
      ]),
    })
    const later = (await judgeRepo(inHistory, one.root, collectors)).findings
    expect(later.map(({ outcome, severity }) => `${outcome} ${severity}`).sort()).toEqual([
      'attested-rotated low',
      'unknown high',
      'unknown high',
    ])
  })

  it('never-rotated: still in the newest version, or still in an environment file on this machine', async () => {
    const one = repo({ 'config.ts': `const k = '${stripe}'`, '.gitignore': '.env\n' })
    one.commit('first')
    const still = await judgeRepo(inHistory, one.root, collectors)
    expect(still.outcomes).toEqual(['never-rotated'])
    // The blocker for it is secret-in-tree's.
    expect(still.findings[0]!.severity).toBe('low')
    one.write({ 'config.ts': '', '.env': `STRIPE_SECRET_KEY=${stripe}\n` })
    one.commit('second')
    const { outcomes, findings } = await judgeRepo(inHistory, one.root, collectors)
    expect(outcomes).toEqual(['never-rotated'])
    expect(findings[0]!.severity).toBe('blocker')
    expect(findings[0]!.evidence).toContainEqual({ kind: 'text', label: 'still used', value: '.env:1' })
  })

  it('attested-rotated: the ledger speaks of it', async () => {
    const one = repo({ 'config.ts': `const k = '${stripe}'` })
    one.commit('first')
    one.write({
      'config.ts': '',
      'secret-rotations.yaml': printLedger([
        {
          secret: secretHash(stripe),
          name: 'Stripe',
          rotated: '2026-11-01',
          by: 'Anna',
          evidence: 'revoked',
          expires: null,
        },
      ]),
    })
    one.commit('second')
    expect((await judgeRepo(inHistory, one.root, collectors)).outcomes).toEqual(['attested-rotated'])
    expect((await judgeRepo(rotation, one.root, collectors)).outcomes).toEqual(['rotated'])
  })

  it('clean: what a merge brought, other branches and tags are read too', async () => {
    const one = repo({ 'a.ts': '1' })
    one.commit('start')
    expect((await judgeRepo(inHistory, one.root, collectors)).outcomes).toEqual(['clean'])
    one.git('checkout', '-q', '-b', 'side')
    one.write({ 'b.ts': `const k = '${resend}'` })
    one.commit('side')
    one.git('checkout', '-q', 'main')
    expect((await judgeRepo(inHistory, one.root, collectors)).outcomes).toEqual(['unknown'])
    one.git('merge', '-q', '--no-ff', '--no-commit', 'side')
    one.write({ 'c.ts': `const k = '${stripe}'`, 'b.ts': '' })
    one.commit('an evil merge')
    one.git('branch', '-D', 'side')
    const { findings } = await judgeRepo(inHistory, one.root, collectors)
    expect(findings.map(finding => finding.outcome).sort()).toEqual(['never-rotated', 'unknown'])
  })

  it('skips without git and without a commit; tells shallow and partial clones; goes on behind a damaged object', async () => {
    const plain = makeRepo({ a: '1' }, { git: false })
    made.push(plain)
    expect((await judgeRepo(inHistory, plain.root, collectors)).outcomes).toEqual([
      'skip: the folder is not a git repository',
    ])
    const one = repo({ 'a.ts': `const k = '${stripe}'` })
    expect((await judgeRepo(inHistory, one.root, collectors)).outcomes).toEqual(['skip: there is no commit yet'])
    one.commit('one')
    one.write({ 'a.ts': 'x', 'b.ts': `const k = '${resend}'` })
    one.commit('two')
    const folders = ['shallow', 'partial', 'bare', 'quiet'].map(name =>
      mkdtempSync(join(tmpdir(), `launch-ready-${name}-`)),
    )
    try {
      one.git('config', 'uploadpack.allowFilter', 'true')
      execFileSync('git', ['clone', '-q', '--depth', '1', `file://${one.root}`, folders[0]!])
      execFileSync('git', ['clone', '-q', '--filter=blob:none', `file://${one.root}`, folders[1]!])
      execFileSync('git', ['clone', '-q', '--bare', one.root, folders[2]!])
      const shallow = observedValue(await collectFact<SecretsHistory>(folders[0]!, collectors, 'secretsHistory'))
      expect(shallow).toMatchObject({ shallow: true, commits: { read: 1, total: 1 }, secrets: [{ atHead: true }] })
      expect(shallow.notes[0]).toContain('--unshallow')
      // Nothing found in what is here is not "nothing there".
      one.write({ 'b.ts': 'x' })
      one.commit('three')
      execFileSync('git', ['clone', '-q', '--depth', '1', `file://${one.root}`, folders[3]!])
      expect((await judgeRepo(inHistory, folders[3]!, collectors)).outcomes).toEqual([
        expect.stringMatching(/^unknown: this clone is shallow/),
      ])
      one.git('reset', '-q', '--hard', 'HEAD~1')
      const partial = observedValue(await collectFact<SecretsHistory>(folders[1]!, collectors, 'secretsHistory'))
      expect(partial).toMatchObject({
        partial: true,
        commits: { read: 2, total: 2 },
        versions: { missing: 1 },
        secrets: [{ provider: 'Resend' }],
      })
      const bare = observedValue(await collectFact<SecretsHistory>(folders[2]!, collectors, 'secretsHistory'))
      expect(bare.secrets.map(secret => secret.atHead).sort()).toEqual([false, true])
    } finally {
      for (const folder of folders) rmSync(folder, { recursive: true, force: true })
    }
    // The first version of a.ts is lost: the rest is read all the same.
    const id = one.git('rev-parse', 'HEAD~1:a.ts')
    rmSync(join(one.root, '.git', 'objects', id.slice(0, 2), id.slice(2)))
    const damaged = observedValue(await collectFact<SecretsHistory>(one.root, collectors, 'secretsHistory'))
    expect(damaged).toMatchObject({
      commits: { read: 2, total: 2 },
      versions: { missing: 1 },
      secrets: [{ provider: 'Resend' }],
    })
  })

  it('keeps paths with newlines and odd characters apart', async () => {
    const one = repo({ 'odd\nname "x".ts': `const k = '${resend}'`, '→.ts': '1' })
    one.commit('odd\nsubject')
    const value = observedValue(await collectFact<SecretsHistory>(one.root, collectors, 'secretsHistory'))
    expect(value.secrets[0]!.places[0]!.path).toBe('odd\nname "x".ts')
  })
})

describe('secret-rotation', () => {
  it('none: exposed and not in the ledger; the fix says how to record it', async () => {
    const one = repo({ 'config.ts': `const k = '${stripe}'` })
    one.commit('first')
    const { outcomes, findings } = await judgeRepo(rotation, one.root, collectors)
    expect(outcomes).toEqual(['none'])
    expect(findings[0]!.fix.steps.join('\n')).toContain(`--record ${secretHash(stripe).slice(0, 16)}`)
    one.write({
      'secret-rotations.yaml': printLedger([
        {
          secret: secretHash(stripe),
          name: null,
          rotated: '2026-11-20',
          by: 'Anna',
          evidence: 'revoked',
          expires: null,
        },
      ]),
    })
    expect((await judgeRepo(rotation, one.root, collectors)).outcomes).toEqual(['rotated'])
  })

  it('expired: past its date', async () => {
    const one = repo({
      'secret-rotations.yaml': printLedger([
        {
          secret: 'a'.repeat(64),
          name: 'Stripe',
          rotated: '2025-11-01',
          by: 'Anna',
          evidence: 'revoked',
          expires: '2026-11-01',
        },
      ]),
    })
    one.commit('first')
    expect((await judgeRepo(rotation, one.root, collectors)).outcomes).toEqual(['expired'])
  })

  it('skips where nothing was exposed', async () => {
    const one = repo({ a: '1' })
    one.commit('first')
    expect((await judgeRepo(rotation, one.root, collectors)).outcomes).toEqual(['skip: no secret was exposed'])
  })

  it('counts only entries that attest something', () => {
    expect(
      parseLedger(
        'rotations:\n  - secret: sha256:abc\n  - secret: aaaaaaaaaaaaaaaa\n    rotated: soon\n  - { secret: aaaaaaaaaaaaaaaa, rotated: 2026-11-01 }\n  - { secret: aaaaaaaaaaaaaaaa, rotated: 2026-11-01, by: a, evidence: b }\n',
      ),
    ).toMatchObject({ rotations: [{ rotated: '2026-11-01', by: 'a' }], problems: { length: 3 } })
    expect(parseLedger('a: [').problems[0]).toContain('not YAML')
    expect(parseLedger('- x').problems[0]).toContain('rotations')
  })
})

describe('what a history and a place say of a secret', () => {
  const history = async (before: Record<string, string>, after: Record<string, string>, message: string) => {
    const one = repo({ a: '1', ...before })
    one.commit('first')
    one.write(after)
    one.commit(message)
    const { findings } = await judgeRepo(inHistory, one.root, collectors)
    return findings.map(({ severity, confidence }) => `${severity} ${confidence}`)
  }
  const django = makeUp('{A50}', 7)
  const newer = makeUp('{A50}', 8)

  it.each([
    ['nothing', 'settings.py', 'tidied', 'high'],
    ['the commit that removed it', 'settings.py', 'rotate the leaked secret', 'medium'],
  ])('%s tells of a replacement', async (_name, file, message, expected) => {
    const found = await history({ [file]: `KEY = '${stripe}'\n` }, { [file]: 'KEY = env()\n' }, message)
    expect(found.map(one => one.split(' ')[0])).toEqual([expected])
  })

  it('another value in its place does, of a secret that the product made up itself', async () => {
    const found = await history(
      { 'settings.py': `SECRET_KEY = '${django}'\n` },
      { 'settings.py': `SECRET_KEY = '${newer}'\n` },
      'tidied',
    )
    expect(found).toContain('medium possible')
    expect(found.join()).not.toMatch(/high/)
  })

  it('a key in settings of laptops and of tests opens these; the same in production does not', async () => {
    const one = repo({ 'config/dev.exs': `key = """\n${pem}"""\n`, 'config/hex.exs': `key = """\n${pem}"""\n` })
    one.commit('first')
    const dev = await judgeRepo(inTree, one.root, collectors)
    expect(dev.findings.map(({ confidence }) => confidence)).toEqual(['possible'])
    one.write({ 'config/prod.exs': `key = """\n${pem}"""\n` })
    const shared = await judgeRepo(inTree, one.root, collectors)
    expect(shared.findings.map(({ severity }) => severity)).toEqual(['blocker'])
  })

  it('values in a description of an interface are examples', async () => {
    const described = (more: string) => ({
      'schema/upload.json': `{ ${more} "example": { "certificate_key": ${JSON.stringify(pem)} } }`,
    })
    const one = repo(described('"operationId": "upload", "requestBody": {},'))
    one.commit('first')
    expect((await judgeRepo(inTree, one.root, collectors)).outcomes).toEqual(['clean'])
    one.write(described(''))
    expect((await judgeRepo(inTree, one.root, collectors)).outcomes).toEqual(['private-key'])
  })
})

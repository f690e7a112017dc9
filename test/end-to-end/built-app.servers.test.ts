// A single-page app as Vite builds it, behind nginx: sound, it is called so; with its entry script removed, renamed, blocked, mistyped or
// kept out by the page's own policy, that is found.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningWorld, startWorld } from '../../src/lab/start.ts'
import { loadWorld } from '../../src/lab/world.ts'
import { leaf } from '../support/certificates.ts'
import { freePort } from '../support/free-port.ts'
import { auditWorld } from '../support/lab-audit.ts'
import { untilOpen } from '../support/until-open.ts'

const domain = 'workshop.example'
const address = '203.0.113.9'
const folder = mkdtempSync(join(tmpdir(), 'launch-ready-built-'))
const at = (...parts: string[]): string => join(folder, ...parts)

/** What is put in front of the files; ENTRY is the path of the entry script, NAME its file's name. */
const faults: [name: string, rules: string][] = [
  ['removed, and the front page in its place', 'location = ENTRY { try_files /index.html =404; }'],
  ['removed', 'location = ENTRY { return 404; }'],
  ['renamed, the page names another', 'sub_filter "NAME" "index-OldBuild.js";'],
  ['blocked', 'location = ENTRY { return 403; }'],
  ['sent as text', 'location = ENTRY { types { } default_type text/plain; }'],
  ['sent as bytes', 'location = ENTRY { types { } default_type application/octet-stream; }'],
  ['empty', 'location = ENTRY { default_type text/javascript; return 200 ""; }'],
  ['kept out by a policy', `add_header Content-Security-Policy "script-src 'none'";`],
  ['kept out by a policy with a nonce', `add_header Content-Security-Policy "script-src 'nonce-r4nd0m'";`],
  ['a chunk that it imports removed', 'location ~ ^/assets/shared- { return 404; }'],
]
const sites: [name: string, rules: string][] = [['sound', ''], ...faults]

const ports: number[] = []
let nginx: ChildProcess
let running: RunningWorld

const build = async (): Promise<string> => {
  const vite = await import('vite')
  mkdirSync(at('app'))
  const put = (name: string, text: string): void => writeFileSync(at('app', name), text)
  put(
    'index.html',
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Workshop</title></head><body><div id="root"></div><script type="module" src="/main.js"></script></body></html>',
  )
  put(
    'main.js',
    "import './style.css'\nimport { draw } from './shared.js'\ndraw('Clocks, mended')\nimport('./later.js')\n",
  )
  put('shared.js', "export const draw = words => { document.getElementById('root').textContent = words }\n")
  put('later.js', "import { draw } from './shared.js'\naddEventListener('click', () => draw('Thank you'))\n")
  put('style.css', 'body { font-family: serif }\n')
  await vite.build({
    root: at('app'),
    configFile: false,
    logLevel: 'silent',
    build: {
      outDir: at('dist'),
      rollupOptions: { output: { manualChunks: id => (id.endsWith('shared.js') ? 'shared' : undefined) } },
    },
  })
  return readdirSync(at('dist/assets')).find(name => /^index-.*\.js$/.test(name))!
}

beforeAll(async () => {
  const entry = await build()
  const { cert, key } = leaf([domain, `www.${domain}`])
  writeFileSync(at('cert.pem'), cert)
  writeFileSync(at('key.pem'), key)
  const plain = await freePort()
  const servers: string[] = []
  for (const [, rules] of sites) {
    const port = await freePort()
    ports.push(port)
    const own = rules.replaceAll('ENTRY', `/assets/${entry}`).replaceAll('NAME', entry)
    servers.push(
      `server { listen 127.0.0.1:${port} ssl; ssl_certificate ${at('cert.pem')}; ssl_certificate_key ${at('key.pem')}; root ${at('dist')}; add_header Strict-Transport-Security "max-age=31536000" always; add_header X-Frame-Options DENY always; if ($host = www.${domain}) { return 308 https://${domain}$request_uri; } ${own} location / { try_files $uri /index.html; } }`,
    )
  }
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(name => `${name}_temp_path ${at(name)};`)
  writeFileSync(
    at('nginx.conf'),
    `daemon off; pid ${at('pid')}; error_log stderr crit; events {} http { include /etc/nginx/mime.types; access_log off; server_tokens off; ${temporary.join(' ')} server { listen 127.0.0.1:${plain}; return 308 https://$host$request_uri; } ${servers.join('\n')} }`,
  )
  // nginx reads the files as another user.
  execFileSync('chmod', ['-R', 'a+rX', folder])
  nginx = spawn('nginx', ['-c', at('nginx.conf')], { stdio: ['ignore', 'ignore', 'inherit'] })
  await untilOpen(plain, nginx)
  running = await startWorld(
    loadWorld(
      `name: built app\ndomain: ${domain}\nzones:\n  ${domain}:\n    servers: [192.0.2.53, 198.51.100.53]\n    records: |\n      @ 3600 NS ns1\n      @ 3600 NS ns2\n      ns1 3600 A 192.0.2.53\n      ns2 3600 A 198.51.100.53\n      @ 300 A ${address}\n      www 300 A ${address}\n      @ MX 0 .\n      @ TXT v=spf1 -all\n      _dmarc TXT v=DMARC1; p=reject\n`,
    ),
  )
  ports.unshift(plain)
})

afterAll(async () => {
  nginx?.kill('SIGTERM')
  await running?.close()
  rmSync(folder, { recursive: true, force: true })
})

const audit = async (name: string, more: string[]) => {
  const port = ports[sites.findIndex(site => site[0] === name) + 1]
  const [plain] = ports
  return auditWorld(running, [
    '--connect-to',
    `${address}:443:127.0.0.1:${port}`,
    '--connect-to',
    `${address}:80:127.0.0.1:${plain}`,
    ...more,
  ])
}

describe('an app as it was built', () => {
  it('is sound: nothing above low that it could mend in its build or its pages', async () => {
    const { report } = await audit('sound', ['--skip', 'blocklist', 'domain-registration'])
    const above = report.findings
      .filter(item => item.severity !== 'low')
      .map(item => `${item.check} ${item.outcome} ${item.severity}`)
    // All are true of it: nginx as it comes compresses nothing, and no network stands before it nor before www, which has no files of its own.
    expect([...new Set(above)].sort(), above.join(', ')).toEqual([
      'cdn-caching no-cdn medium',
      'compression off medium',
      'content-security-policy missing medium',
      'edge none medium',
    ])
    // Its scripts draw it, and none was run.
    const status = report.checks.filter(row => row.check === 'route-status').map(row => `${row.status} ${row.reason}`)
    expect(status).toEqual([expect.stringMatching(/^unknown its scripts draw the page.*--browser/)])
  })

  it('answers where a browser draws it', async () => {
    const { report } = await audit('sound', ['--only', 'route-status', '--browser'])
    expect(report.checks.map(row => row.outcome)).toEqual(['answers'])
  })

  it.each(faults)('its entry script is lost: %s', async name => {
    const { report } = await audit(name, ['--only', 'route-status'])
    expect(report.findings.map(item => `${item.outcome} ${item.severity}`)).toEqual(['broken-assets blocker'])
  })
})

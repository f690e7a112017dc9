// The built program's `perf`, `perf users`, `perf baseline`, `perf budget` and `perf export` on a product that we did not make up: nginx before a
// Node app with a pool of connections to PostgreSQL; and the same app as it is written by mistake, with a connection for each request.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Report } from '../../src/core/report.ts'
import { type RunningWorld, startWorld } from '../../src/lab/start.ts'
import { loadWorld } from '../../src/lab/world.ts'
import { leaf } from '../support/certificates.ts'
import { freePort, freePorts } from '../support/free-port.ts'
import { untilOpen } from '../support/until-open.ts'

const root = new URL('../../', import.meta.url).pathname
const domain = 'coachdash.example'
const address = '192.0.2.10'
const folder = mkdtempSync('/tmp/launch-ready-app-')
const at = (...parts: string[]): string => join(folder, ...parts)

/** A small product: a page, a sign-in, and three reads that ask the database. `perRequest`: each opens a connection of its own. */
const appCode = (databasePort: number, perRequest: boolean): string => `
const { Pool, Client } = require('pg')
const given = { host: '127.0.0.1', port: ${databasePort}, user: 'coach', database: 'postgres' }
const pool = new Pool({ ...given, max: 5 })
const query = async (text, values) => {
  if (!${perRequest}) return pool.query(text, values)
  const client = new Client(given)
  await client.connect()
  try { return await client.query(text, values) } finally { await client.end() }
}
const page = (title, body) => '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>' + title + '</title><link rel="stylesheet" href="/site.css"><script src="/site.js" defer></script></head><body>' + body + '</body></html>'
const html = (response, text) => { response.setHeader('content-type', 'text/html; charset=utf-8'); response.setHeader('cache-control', 'private, no-store'); response.end(text) }
const signedIn = request => /session=1/.test(request.headers.cookie ?? '')
const routes = {
  'GET /': (_, response) => html(response, page('Plans', '<h1>Plans for independent coaches</h1><img src="/logo.svg" width="200" height="100" alt="CoachDash"><p>Everything that your clients need between two sessions, in one place.</p>')),
  'GET /site.css': (_, response) => { response.setHeader('content-type', 'text/css'); response.setHeader('cache-control', 'no-cache'); response.end('body { font-family: sans-serif }') },
  'GET /site.js': (_, response) => { response.setHeader('content-type', 'text/javascript'); response.setHeader('cache-control', 'no-cache'); response.end('document.documentElement.dataset.ready = "yes"') },
  'GET /logo.svg': (_, response) => { response.setHeader('content-type', 'image/svg+xml'); response.end('<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100"><rect width="200" height="100" fill="#0b5cad"/></svg>') },
  'GET /login': (_, response) => html(response, page('Log in', '<form method="post" action="/session"><input name="email"><input type="password" name="password"><button>Log in</button></form>')),
  'POST /session': async (_, response) => {
    await query('insert into visits default values')
    response.writeHead(303, { location: '/desk', 'set-cookie': 'session=1; Path=/; Secure; HttpOnly; SameSite=Lax' }).end()
  },
  'GET /desk': async (request, response) => {
    if (!signedIn(request)) return response.writeHead(302, { location: '/login' }).end()
    const { rows } = await query('select count(*) from visits')
    html(response, page('Desk', '<h1>Good morning</h1><p>' + rows[0].count + ' visits</p>'))
  },
  'GET /clients': async (request, response) => {
    if (!signedIn(request)) return response.writeHead(401).end()
    await query('select pg_sleep(0.15)')
    response.setHeader('content-type', 'application/json')
    response.end('{"clients":14}')
  },
}
require('node:http').createServer(async (request, response) => {
  const route = routes[request.method + ' ' + request.url.split('?')[0]]
  request.resume()
  if (!route) return response.writeHead(404).end('not found')
  try { await route(request, response) } catch (error) { response.writeHead(500, { 'content-type': 'text/plain' }).end('Error: ' + error.message) }
}).listen(0, '127.0.0.1', function () { console.log(this.address().port) })
`

const config = `domain: ${domain}
perf:
  rate: 10
  samples: { least: 5, most: 100 }
  users: 20
  rampUp: 1s
  think: { least: 100ms, most: 200ms }
  pages: { runs: 1 }
  budgets: { firstLoadJs: 50kB, totalJs: 100kB, requests: 20 }
flows:
  - name: log in
    kind: login
    steps:
      - get: https://${domain}/login
      - { submit: Log in, form: { email: canary@${domain}, password: not-a-secret }, expectUrl: /desk }
routes:
  - { name: home, url: 'https://${domain}/', kind: home }
  - { name: desk, url: 'https://${domain}/desk', kind: dashboard, after: log in }
  - { name: clients, url: 'https://${domain}/clients', kind: api, after: log in }
`

const children: ChildProcess[] = []

/** PostgreSQL refuses to run as root: its own user does. */
const asPostgres = (words: readonly string[]): [string, string[]] =>
  process.getuid?.() === 0 ? ['runuser', ['-u', 'postgres', '--', ...words]] : [words[0]!, words.slice(1)]

const startPostgres = async (): Promise<number> => {
  const versions = readdirSync('/usr/lib/postgresql').sort((a, b) => Number(b) - Number(a))
  const bin = `/usr/lib/postgresql/${versions[0]}/bin`
  const port = await freePort()
  if (process.getuid?.() === 0) execFileSync('chown', ['postgres', folder])
  const [initdb, words] = asPostgres([join(bin, 'initdb'), '-D', at('data'), '-U', 'postgres', '-A', 'trust'])
  execFileSync(initdb, words, { stdio: 'ignore', cwd: folder })
  const [postgres, given] = asPostgres([
    ...[join(bin, 'postgres'), '-D', at('data'), '-p', String(port), '-k', folder, '-c', 'listen_addresses=127.0.0.1'],
    ...['-c', 'max_connections=8', '-c', 'superuser_reserved_connections=1', '-c', 'max_wal_senders=0'],
  ])
  const server = spawn(postgres, given, { stdio: ['ignore', 'ignore', 'pipe'], cwd: folder })
  children.push(server)
  await new Promise<void>(ready => {
    server.stderr.on('data', chunk => String(chunk).includes('ready to accept connections') && ready())
  })
  const make =
    'create role coach login; create table visits (id bigserial primary key); grant all on visits, visits_id_seq to coach'
  execFileSync(join(bin, 'psql'), ['-h', '127.0.0.1', '-p', String(port), '-U', 'postgres', '-qc', make])
  return port
}

const startApp = async (code: string): Promise<number> => {
  const app = spawn(process.execPath, ['-e', code], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(app)
  return new Promise(resolve => app.stdout.once('data', chunk => resolve(Number(String(chunk).trim()))))
}

const startNginx = async (apps: readonly number[]): Promise<number[]> => {
  const { cert, key } = leaf([domain])
  writeFileSync(at('cert.pem'), cert)
  writeFileSync(at('key.pem'), key)
  const ports = await freePorts(apps.length)
  const servers = apps.map(
    (app, index) =>
      `server { listen 127.0.0.1:${ports[index]} ssl http2; ssl_certificate ${at('cert.pem')}; ssl_certificate_key ${at('key.pem')}; location / { proxy_pass http://127.0.0.1:${app}; } }`,
  )
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(name => `${name}_temp_path ${at(name)};`)
  writeFileSync(
    at('nginx.conf'),
    `daemon off; pid ${at('pid')}; error_log stderr crit; events {} http { access_log off; ${temporary.join(' ')} ${servers.join('\n')} }`,
  )
  chmodSync(folder, 0o755)
  const nginx = spawn('nginx', ['-c', at('nginx.conf')], { stdio: ['ignore', 'ignore', 'inherit'] })
  children.push(nginx)
  await untilOpen(ports[0]!, nginx)
  return ports
}

let running: RunningWorld
let ports: number[] = []
beforeAll(async () => {
  execFileSync(process.execPath, [join(root, 'scripts/build.mjs')], { cwd: root, stdio: 'ignore' })
  const database = await startPostgres()
  ports = await startNginx([await startApp(appCode(database, false)), await startApp(appCode(database, true))])
  running = await startWorld(
    loadWorld(
      `name: real app\ndomain: ${domain}\nzones:\n  ${domain}:\n    servers: [192.0.2.53]\n    records: |\n      @ 3600 NS ns1\n      ns1 3600 A 192.0.2.53\n      @ 300 A ${address}\nfiles:\n  launch-ready.config.yaml: ${JSON.stringify(config)}\n`,
    ),
  )
})

afterAll(async () => {
  for (const child of children) child.kill('SIGTERM')
  await running?.close()
  rmSync(folder, { recursive: true, force: true })
})

type Ran = { exit: number | null; out: string; err: string }

/** The program as it is installed, before the sound app (0) or the one with a connection for each request (1). */
const program = (which: 0 | 1, args: readonly string[]): Promise<Ran> =>
  new Promise(resolve => {
    const web = [
      '--connect-to',
      `${address}:443:127.0.0.1:${ports[which]}`,
      '--connect-to',
      `${address}:80:127.0.0.1:1`,
    ]
    const given = [join(root, 'bin/launch-ready.js'), ...args, ...web, ...running.args()]
    const child = spawn(process.execPath, given, { cwd: running.cwd, env: { ...process.env, NO_COLOR: '1' } })
    let [out, err] = ['', '']
    child.stdout.on('data', chunk => {
      out += chunk
    })
    child.stderr.on('data', chunk => {
      err += chunk
    })
    child.on('close', exit => resolve({ exit, out, err }))
  })

const found = (text: string): string[] =>
  (JSON.parse(text) as Report).findings.map(({ check, outcome }) => `${check} ${outcome}`)

describe('twenty customers at once', () => {
  test('a pool that all share holds, and it says first what is sent to whom', async () => {
    const { exit, out, err } = await program(0, ['perf', 'users', domain, '--json'])
    expect(exit, err + out).toBe(0)
    expect(err).toMatch(/will send: .*then 20 at once .* to coachdash\.example; "log in" sends forms each time/)
    expect(found(out)).toEqual([])
  })

  test('a connection for each request breaks at its step, and the cause is named', async () => {
    const { exit, out } = await program(1, ['perf', 'users', domain, '--json'])
    expect(exit, out).toBe(1)
    const report = JSON.parse(out) as Report
    expect(report.findings.map(({ check }) => check)).toContain('concurrent-users')
    const evidence = report.findings
      .flatMap(one => one.evidence.map(({ label, value }) => `${label}: ${value}`))
      .join('\n')
    expect(evidence).toMatch(/first step that breaks: .*(?:POST|Log in|\/clients|\/desk)/)
    expect(evidence).toContain('a pool of database connections that is used up')
  })
})

describe('budgets', () => {
  const routes = ['--active', '--only', 'route-latency,error-rate,bundle-size']

  test('a baseline is written and kept by a second run; k6 gets the same walk', async () => {
    const written = await program(0, ['perf', 'baseline', ...routes])
    expect(written.exit, written.err).toBe(0)
    const baseline = JSON.parse(readFileSync(join(running.cwd, 'launch-ready.perf.json'), 'utf8'))
    const measured = baseline.routes.map(({ url }: { url: string }) => new URL(url).pathname)
    expect(measured).toEqual(expect.arrayContaining(['/', '/clients', '/desk']))
    expect(baseline.routes.every(({ failed }: { failed: number }) => failed === 0)).toBe(true)
    expect(Object.keys(baseline.firstLoadJs)).toEqual([`https://${domain}/`])
    // How busy this machine is from one run to the next is another thing than the product.
    for (const route of baseline.routes) route.interval.high += 400
    writeFileSync(join(running.cwd, 'launch-ready.perf.json'), JSON.stringify(baseline))
    const kept = await program(0, ['perf', 'budget', ...routes])
    expect(kept.exit, kept.out + kept.err).toBe(0)
    expect(kept.out).toMatch(/All \d+ budgets are kept/)

    const exported = await program(0, ['perf', 'export', 'k6', '--users', '20', '--file', at('walk.mjs')])
    expect(exported.exit, exported.err).toBe(0)
    execFileSync(process.execPath, ['--check', at('walk.mjs')])
  })
})

test('notes and waterfall of the whole stage: a picture in which nothing stands outside', async () => {
  const { exit, out, err } = await program(0, [
    'perf',
    domain,
    '--active',
    '--skip',
    'concurrent-users',
    '--out',
    at('notes'),
  ])
  expect([0, 1], out + err).toContain(exit)
  const notes = readFileSync(at('notes/performance-notes.md'), 'utf8')
  expect(notes).toContain(`https://${domain}/clients`)
  expect(notes).toMatch(/\| .* on a phone/)
  const pictures = readdirSync(at('notes/waterfalls')).filter(name => name.endsWith('.svg'))
  expect(pictures.length).toBeGreaterThan(0)
  const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync)!
  const browser = await chromium.launch({ executablePath, chromiumSandbox: false })
  try {
    const page = await browser.newPage({ viewport: { width: 1000, height: 700 } })
    for (const name of pictures) {
      await page.setContent(readFileSync(at('notes/waterfalls', name), 'utf8'))
      const drawn = (await page.evaluate(`(() => {
        const svg = document.querySelector('svg'), { width, height } = svg.viewBox.baseVal
        const boxes = [...svg.querySelectorAll('rect, text, line')].map(node => ({ kind: node.tagName, text: node.textContent, fill: node.getAttribute('fill'), box: node.getBBox() }))
        const outside = boxes.filter(({ box }) => box.x < -0.5 || box.y < -0.5 || box.x + box.width > width + 0.5 || box.y + box.height > height + 0.5)
        const names = boxes.filter(({ kind, fill }) => kind === 'text' && fill === '#374151')
        const clash = names.filter(({ box }) => box.x + box.width > 300)
        return { bars: boxes.filter(({ kind }) => kind === 'rect').length, outside: outside.map(one => one.text || one.kind), clash: clash.map(one => one.text) }
      })()`)) as { bars: number; outside: string[]; clash: string[] }
      expect(drawn.outside, name).toEqual([])
      expect(drawn.clash, name).toEqual([])
      expect(drawn.bars, name).toBeGreaterThanOrEqual(3)
      const shots = process.env['LAUNCH_READY_SHOTS']
      if (shots) await page.screenshot({ path: join(shots, `${name}.png`) })
    }
  } finally {
    await browser.close()
  }
  const shots = process.env['LAUNCH_READY_SHOTS']
  if (shots) {
    writeFileSync(join(shots, 'notes.md'), notes)
    writeFileSync(join(shots, 'terminal.txt'), err + out)
  }
})

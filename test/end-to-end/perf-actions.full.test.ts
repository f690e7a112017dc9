// `perf`, `perf baseline`, `perf budget`, `perf users`, `perf export` through the real program, in small worlds of the lab.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { type RunningWorld, startWorld } from '../../src/lab/start.ts'
import { loadWorld } from '../../src/lab/world.ts'
import { saysBusy } from '../support/busy-line.ts'
import { type Ran, runProgram } from '../support/run-program.ts'

const folder = mkdtempSync(join(tmpdir(), 'perf-actions-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** One host behind two name servers. */
const zone = `zones:
  coachdash.example:
    servers: [192.0.2.53, 198.51.100.53]
    records: |
      @ 3600 NS ns1
      @ 3600 NS ns2
      ns1 3600 A 192.0.2.53
      ns2 3600 A 198.51.100.53
      @ 300 A 192.0.2.10
`

type Routes = Record<string, string>

/** A product of one host; each route is an answer of the lab in YAML. */
const worldOf = (routes: Routes, config: string) =>
  loadWorld(`name: perf-actions
domain: coachdash.example
${zone}hosts:
  coachdash.example:
    routes:
${Object.entries(routes)
  .map(([path, answer]) => `      ${path}: ${answer}`)
  .join('\n')}
files:
  launch-ready.config.yaml: |
${config
  .split('\n')
  .map(line => `    ${line}`)
  .join('\n')}
`)

const page = (title: string, more = ''): string =>
  `{ body: "<!doctype html><html lang=en><head><title>${title}</title></head><body><h1>${title}</h1><p>Plans, sessions and payments of your clients in one place.</p></body></html>"${more} }`

const config = `domain: coachdash.example
audit: { browser: false }
perf: { rate: 50, samples: { least: 5, most: 120 } }
routes:
  - { name: clients, url: 'https://coachdash.example/clients', kind: api }`

/** The checks that need no more than the routes. */
const routesAlone = ['--active', '--only', 'route-latency,error-rate']

const cli = (running: RunningWorld, args: readonly string[], env: Record<string, string> = {}): Promise<Ran> =>
  runProgram([...args, ...running.args()], { cwd: running.cwd, env })

const inWorld = async <T>(routes: Routes, run: (running: RunningWorld) => Promise<T>, text = config): Promise<T> => {
  const running = await startWorld(worldOf(routes, text))
  try {
    return await run(running)
  } finally {
    await running.close()
  }
}

const clients = (delay: number, more = ''): Routes => ({
  '/': page('Plans'),
  '/clients': `{ json: { clients: 14 }, delay: ${delay}ms${more} }`,
})

describe('baseline and budget', () => {
  const file = join(folder, 'launch-ready.perf.json')

  test('a baseline holds intervals, and a run like it keeps them', async () => {
    await inWorld(clients(40), async running => {
      const written = await cli(running, ['perf', 'baseline', ...routesAlone, '--file', file])
      expect(written.exit, written.err).toBe(0)
      const baseline = JSON.parse(readFileSync(file, 'utf8'))
      expect(baseline).toMatchObject({ schemaVersion: 1, of: 'perf', domain: 'coachdash.example' })
      const route = baseline.routes.find(({ url }: { url: string }) => url.endsWith('/clients'))
      expect(route.interval.low).toBeGreaterThan(30)
      expect(route.interval.high).toBeGreaterThanOrEqual(route.interval.low)
    })
    await inWorld(clients(40), async running => {
      const kept = await cli(running, ['perf', 'budget', ...routesAlone, '--file', file])
      expect(kept.exit, kept.out + kept.err).toBe(0)
      expect(kept.out).toContain('budgets are kept')
      // The domain is taken for what is plainly meant, before the baseline is held against it.
      const byUrl = await cli(running, ['perf', 'budget', 'https://coachdash.example/', ...routesAlone, '--file', file])
      expect(byUrl.exit, byUrl.out + byUrl.err).toBe(0)
    })
  })

  test('intervals that part break it, whatever --fail-on says, in every format', async () => {
    // The interval of a quiet machine: what a busy one measured may be wide enough for both.
    const baseline = JSON.parse(readFileSync(file, 'utf8'))
    for (const route of baseline.routes)
      if (route.url.endsWith('/clients')) Object.assign(route.interval, { low: 40, high: 60 })
    writeFileSync(file, JSON.stringify(baseline))
    await inWorld(clients(350), async running => {
      const at = (name: string): string => join(folder, name)
      const formats = ['markdown', 'html', 'json', 'sarif', 'junit', 'github', 'gitlab', 'csv']
      const slower = await cli(running, [
        ...['perf', 'budget', ...routesAlone, '--fail-on', 'never', '--file', file],
        ...formats.flatMap(format => ['--report', `${format}:${at(`budget.${format}`)}`]),
      ])
      expect(slower.exit, slower.err).toBe(1)
      expect(slower.out).toMatch(/SLOWER {2}https:\/\/coachdash\.example\/clients/)
      expect(slower.out).toContain('the intervals part')
      for (const format of formats) {
        const text = readFileSync(at(`budget.${format}`), 'utf8')
        expect(text, format).toContain('coachdash.example/clients')
        expect(text, format).toMatch(/slower/i)
      }
      expect(JSON.parse(readFileSync(at('budget.json'), 'utf8'))).toMatchObject({ passed: false })
      expect(readFileSync(at('budget.junit'), 'utf8')).toContain('failures="1"')
      expect(JSON.parse(readFileSync(at('budget.sarif'), 'utf8')).runs[0].results).toHaveLength(1)
    })
  })

  test('a target that is missed and requests that fail break it without a baseline', async () => {
    const routes = {
      ...clients(1000),
      '/fails': '{ statuses: [200, 500], json: { ok: true } }',
    }
    const text = `${config}\n  - { name: fails, url: 'https://coachdash.example/fails', kind: api }`
    await inWorld(
      routes,
      async running => {
        const { exit, out, err } = await cli(running, ['perf', 'budget', ...routesAlone])
        expect(exit).toBe(1)
        expect(out).toMatch(/OVER BUDGET +https:\/\/coachdash\.example\/clients/)
        expect(out).toMatch(/FAILS +https:\/\/coachdash\.example\/fails/)
        expect(err).toContain('launch-ready perf baseline writes one')
      },
      text,
    )
  })

  test('what is wrong with the file is exit 2 and one sentence, before anything is measured', async () => {
    const wrong = join(folder, 'wrong.json')
    const baseline = JSON.parse(readFileSync(file, 'utf8'))
    const say = async (content: string): Promise<Ran> => {
      writeFileSync(wrong, content)
      return inWorld(clients(10), running => cli(running, ['perf', 'budget', ...routesAlone, '--file', wrong]))
    }
    const other = await say(JSON.stringify({ ...baseline, domain: 'other.example' }))
    expect(other).toMatchObject({ exit: 2, out: '' })
    expect(other.err).toContain('is of other.example, not of coachdash.example')
    expect((await say('{"of":"something"}')).err).toContain('it is no baseline of launch-ready perf')
    expect((await say('{ not json')).exit).toBe(2)
    expect((await say(JSON.stringify({ ...baseline, routes: [{ url: 'x' }] }))).err).toContain('holds no interval')
    expect((await say(JSON.stringify({ ...baseline, schemaVersion: 2 }))).exit).toBe(2)
    const gone = await inWorld(clients(10), running =>
      cli(running, ['perf', 'budget', '--file', join(folder, 'none.json')]),
    )
    expect(gone.exit).toBe(2)
  })

  test('a route of the baseline that is gone is not told', async () => {
    const more = join(folder, 'more.json')
    const baseline = JSON.parse(readFileSync(file, 'utf8'))
    baseline.routes.push({ ...baseline.routes[0], url: 'https://coachdash.example/gone' })
    // How busy this machine was meanwhile is not what is asked here.
    for (const route of baseline.routes) route.interval.high = 5000
    writeFileSync(more, JSON.stringify(baseline))
    await inWorld(clients(40), async running => {
      const { exit, out } = await cli(running, ['perf', 'budget', ...routesAlone, '--file', more])
      expect(exit, out).toBe(3)
      expect(out).toContain('was not measured now')
    })
  })
})

describe('what loads first, beside the baseline that perf baseline writes', () => {
  /** So many bytes that no compression makes smaller by more than a quarter. */
  const noise = (bytes: number, seed: string): string => {
    let [text, at] = ['', seed]
    while (text.length < bytes) {
      at = createHash('sha512').update(at).digest('base64')
      text += at.slice(0, 86)
    }
    return `//${text.slice(0, bytes)}`
  }
  const world = () =>
    loadWorld(`name: perf-first-load
domain: coachdash.example
${zone}hosts:
  coachdash.example:
    compress: [br]
    routes:
      /: { body: "<!doctype html><html lang=en><head><title>Plans</title><script src=/app.js defer></script></head><body><h1>Plans</h1><p>Plans, sessions and payments of your clients in one place.</p></body></html>" }
      /app.js: { type: text/javascript, body: "${noise(40_000, 'host')}" }
files:
  package.json: '{ "name": "shop", "private": true, "devDependencies": { "vite": "^7.0.0" } }'
  dist/index.html: '<!doctype html><script type="module" src="/assets/index.js"></script>'
  dist/assets/index.js: "${noise(60_000, 'first')}"
  launch-ready.config.yaml: |
    domain: coachdash.example
    audit: { browser: false }
    perf: { rate: 50, samples: { least: 5, most: 80 } }
`)
  const checks = ['--active', '--only', 'route-latency,bundle-size']

  test('bytes of packages and hosts are written; more of them is jumped in the report and breaks the budget', async () => {
    const running = await startWorld(world())
    try {
      const written = await cli(running, ['perf', 'baseline', ...checks])
      expect(written.exit, written.err).toBe(0)
      const file = join(running.cwd, 'launch-ready.perf.json')
      const baseline = JSON.parse(readFileSync(file, 'utf8'))
      // How busy this machine is at the next run is not what is asked here.
      for (const route of baseline.routes) route.interval.high = 60_000
      writeFileSync(file, JSON.stringify(baseline))
      expect(Object.keys(baseline.firstLoadJs).sort()).toEqual(['', 'https://coachdash.example/'])
      expect(baseline.firstLoadJs['']).toBeGreaterThan(40_000)
      expect(baseline.firstLoadJs['https://coachdash.example/']).toBeGreaterThan(25_000)

      const kept = await cli(running, ['perf', 'budget', ...checks])
      expect(kept.exit, kept.out + kept.err).toBe(0)
      expect(kept.out).toContain('the built package (first load of JavaScript)')

      writeFileSync(join(running.cwd, 'dist/assets/index.js'), noise(90_000, 'second'))
      const heavier = await cli(running, ['perf', 'budget', ...checks])
      expect(heavier.exit, heavier.out).toBe(1)
      expect(heavier.out).toMatch(/HEAVIER +the built package/)
      expect(heavier.out.match(/HEAVIER/g)).toHaveLength(1)

      const report = await cli(running, ['perf', '--json', '--only', 'bundle-size', '--active'])
      const found = (JSON.parse(report.out).findings as { outcome: string; subject: string }[]).map(
        ({ outcome }) => outcome,
      )
      expect(found.sort()).toEqual(['jumped', 'no-budget'])

      rmSync(join(running.cwd, 'dist'), { recursive: true })
      const unbuilt = await cli(running, ['perf', 'budget', ...checks])
      expect(unbuilt.exit, unbuilt.out).toBe(3)
      expect(unbuilt.out).toContain('was the build run?')
    } finally {
      await running.close()
    }
  })
})

describe('a healthy product', () => {
  test('perf is silent, with the section that a healthy product has', async () => {
    const healthy = loadWorld(new URL('../../fixtures/worlds/healthy-coach.yaml', import.meta.url).pathname)
    // Asked more often than a product of others may be, so that the test is soon over.
    const config = healthy.config!.replace('perf:', 'perf:\n  rate: 40')
    expect(config).toContain('budgets')
    const running = await startWorld({ ...healthy, config })
    try {
      const { exit, out, err } = await cli(running, ['perf', '--active', '--json', '--browser', 'none'])
      const report = JSON.parse(out)
      expect(report.findings.map(({ check, outcome }: Record<string, string>) => `${check} ${outcome}`)).toEqual([])
      // A machine that gave it no turn measures nobody's latency: that is said, and is no pass.
      const isBusy = saysBusy(report.notes)
      const untold = report.checks.filter(({ status }: Record<string, string>) => status === 'unknown')
      if (isBusy && untold.length) {
        const timed = ['route-latency', 'error-rate', 'concurrent-users']
        expect(untold.filter(({ check }: { check: string }) => !timed.includes(check))).toEqual([])
      } else expect([exit, report.verdict], err).toEqual([0, 'ready'])
      expect(report.checks.filter(({ status }: Record<string, string>) => status === 'pass').length).toBeGreaterThan(20)
    } finally {
      await running.close()
    }
  })
})

describe('the command line', () => {
  test('more than ten requests a second ask for --active', async () => {
    const { exit, err } = await inWorld(clients(1), running => cli(running, ['perf', 'coachdash.example']))
    expect(exit).toBe(2)
    expect(err).toContain('perf.rate: 50 requests a second to one host need --active')
  })

  test('a flow that is not there is named with what is near', async () => {
    const text = `domain: coachdash.example\nflows: [{ name: log in, steps: [{ get: 'https://coachdash.example/' }] }]\nroutes: [{ name: desk, url: 'https://coachdash.example/desk', after: login }]`
    const { exit, err } = await inWorld(clients(1), running => cli(running, ['perf']), text)
    expect(exit).toBe(2)
    expect(err).toContain('routes[0].after: there is no flow "login"; did you mean "log in"?')
  })

  test('a repository alone is judged, and neither it nor a domain is exit 2', async () => {
    const repo = join(folder, 'repo')
    mkdirSync(repo)
    writeFileSync(join(repo, 'package.json'), '{ "name": "shop" }')
    execFileSync('git', ['init', '-q', repo])
    const run = (...args: string[]): Promise<Ran> => runProgram(args, { cwd: folder })
    const neither = await run('perf', '--no-config')
    expect(neither.exit).toBe(2)
    expect(neither.err).toContain('perf needs a domain')
    const alone = await run('perf', '--no-config', '--repo', repo, '--json')
    expect([0, 1, 3]).toContain(alone.exit)
    const rows = JSON.parse(alone.out).checks as { check: string; status: string; reason: string }[]
    expect(rows.find(({ check }) => check === 'route-latency')).toMatchObject({ status: 'skip' })
    expect((await run('perf', 'users', '--no-config')).exit).toBe(2)
    const jmeter = await run('perf', 'export', 'jmeter', '--no-config')
    expect(jmeter.exit).toBe(2)
    expect(jmeter.err).toContain('expected k6')
  })

  test('an audit leaves to perf what perf alone measures', async () => {
    const { out } = await inWorld(clients(1), running =>
      cli(running, ['audit', '--active', '--json', '--only', 'perf']),
    )
    const rows = JSON.parse(out).checks as { check: string; status: string; reason: string }[]
    const measured = rows.filter(({ check }) => ['route-latency', 'error-rate', 'concurrent-users'].includes(check))
    expect(measured.length).toBeGreaterThanOrEqual(4)
    for (const row of measured)
      expect(row).toMatchObject({ status: 'skip', reason: 'measured by launch-ready perf alone' })
  })
})

describe('export k6', () => {
  const text = `domain: coachdash.example
flows:
  - name: log in
    kind: login
    steps: [{ post: 'https://coachdash.example/token', json: { email: "\${CANARY_ADDRESS}" }, expectStatus: 200 }]
routes:
  - { name: clients, url: 'https://coachdash.example/clients', kind: api, after: log in, session: { json: token }, headers: { x-key: "\${SMOKE_KEY}" } }`

  test('a script that is JavaScript, with secrets by their names', async () => {
    const env = { CANARY_ADDRESS: 'canary@coachdash.example', SMOKE_KEY: 'k-1234567890' }
    const { exit, out } = await inWorld(
      clients(1),
      running => cli(running, ['perf', 'export', 'k6', '--users', '7'], env),
      text,
    )
    expect(exit).toBe(0)
    expect(out).toContain('vus: 7')
    expect(out).toContain('__ENV.SMOKE_KEY')
    expect(out).toContain('__ENV.CANARY_ADDRESS')
    expect(out).not.toContain('k-1234567890')
    expect(out).toContain('"http_req_duration{route:clients}": [\'p(95)<800\']')
    const script = join(folder, 'walk.mjs')
    writeFileSync(script, out)
    execFileSync(process.execPath, ['--check', script])
  })
})

import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { configSchema } from '../../src/config/schema.ts'
import { monitorSection } from '../../src/config/sections/monitor.ts'
import { anchorsFor } from '../../src/monitor/anchors.ts'
import { createHandler } from '../../src/monitor/http-handlers.ts'
import { createKeys } from '../../src/monitor/keys.ts'
import { createLogReader } from '../../src/monitor/log-rate.ts'
import { type Looked, lookAt } from '../../src/monitor/look.ts'
import { openStore } from '../../src/monitor/open-store.ts'
import { type MonitorConfig, planMonitors } from '../../src/monitor/plan.ts'
import { createSight } from '../../src/monitor/sight.ts'
import type { Beat } from '../../src/monitor/store.ts'
import { unknown } from '../../src/probes/probe.ts'
import { network, type Reply, serve } from '../probes/support.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { linePattern } from '../support/line-pattern.ts'

const look = (
  config: Record<string, unknown>,
  beats: readonly Beat[] = [],
  canSee = true,
  stalledMs = 0,
): Promise<Looked> => {
  const section = monitorSection.parse({ monitors: [{ name: 'm', timeout: '1s', ...config }] })
  const [planned] = planMonitors(configSchema.parse({}), section, 1_000)
  const clock = fakeClock()
  clock.stall(stalledMs)
  return lookAt(
    { ...planned!, since: clock.now(), retired: null },
    {
      connect: ({ timeoutMs }) => network({ timeoutMs, oneLook: true }),
      clock,
      beats: () => new Map(beats.map(beat => [beat.name, beat])),
      log: createLogReader(linePattern),
      walkFlow: async () => unknown(''),
      canSee: async () => canSee,
    },
    null,
  )
}

const closedPort = async (): Promise<number> => {
  const server = createServer()
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  await new Promise(done => server.close(done))
  return port
}

const listening = async (onSocket: Parameters<typeof createServer>[1]): Promise<number> => {
  const server = createServer(onSocket as never)
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

describe('an HTTP monitor', () => {
  const json = JSON.stringify({ status: 'ok', checks: { db: true, 'a.b': 1 }, list: [{ n: 2 }] })
  const serving = () =>
    serve(({ url }): Reply => {
      if (url === '/json') return { body: json, headers: { 'x-version': 'abc123' } }
      if (url === '/moved') return { status: 301, headers: { location: '/login' } }
      if (url === '/500') return { status: 500, body: 'Internal' }
      if (url === '/429') return { status: 429 }
      return { body: 'Log in to Coach Dash' }
    })

  it.each([
    ['/', {}, 'up'],
    ['/', { text: 'Log in' }, 'up'],
    ['/', { text: 'Welcome' }, 'down'],
    ['/', { notText: 'Coach' }, 'down'],
    ['/', { status: [401, 403] }, 'down'],
    ['/500', {}, 'down'],
    ['/500', { status: 500 }, 'up'],
    ['/429', {}, 'unknown'],
    ['/json', { json: { status: 'ok', 'checks.db': true, 'checks.a.b': 1, 'list.0.n': 2 } }, 'up'],
    ['/json', { json: { 'checks.db': 'true' } }, 'down'],
    ['/json', { json: { gone: null } }, 'down'],
    ['/', { json: { status: 'ok' } }, 'down'],
    ['/json', { header: { 'X-Version': 'abc' } }, 'up'],
    ['/json', { header: { 'X-Version': 'def' } }, 'down'],
    ['/json', { header: { 'X-None': '' } }, 'down'],
    ['/moved', { redirect: '/login' }, 'up'],
    ['/moved', { redirect: '/other' }, 'down'],
    ['/', { redirect: '/login' }, 'down'],
    ['/moved', { text: 'Log in' }, 'up'],
  ])('%s held against %o is %s', async (path, expected, state) => {
    const url = await serving()
    expect((await look({ http: `${url}${path}`, expect: expected })).state).toBe(state)
  })

  it('that is slow is degraded', async () => {
    const port = await listening(socket =>
      (socket as import('node:net').Socket).on('data', () => {
        setTimeout(
          () => (socket as import('node:net').Socket).end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'),
          120,
        )
      }),
    )
    const looked = await look({ http: `http://127.0.0.1:${port}/`, expect: { latency: '50ms' } })
    expect(looked).toMatchObject({ state: 'degraded', detail: expect.stringContaining('slower than 50 ms') })
  })

  it('whose server answers nothing, or refuses, is down; or unknown where we cannot see', async () => {
    const silent = await listening(() => {})
    const closed = await closedPort()
    expect(await look({ http: `http://127.0.0.1:${silent}/` })).toMatchObject({ state: 'down', isOurs: false })
    expect(await look({ http: `http://127.0.0.1:${silent}/` }, [], false)).toMatchObject({
      state: 'unknown',
      isOurs: true,
    })
    expect(await look({ http: `http://127.0.0.1:${closed}/` })).toMatchObject({
      state: 'down',
      cause: 'host:127.0.0.1',
    })
  })

  it('that streams for ever ends within its time', async () => {
    const port = await listening(given => {
      const socket = given as import('node:net').Socket
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      const writing = setInterval(() => socket.write('y'.repeat(1_000)), 5)
      socket.on('close', () => clearInterval(writing)).on('error', () => {})
    })
    const looked = await look({ http: `http://127.0.0.1:${port}/`, expect: { text: 'end' } })
    expect(['down', 'unknown']).toContain(looked.state)
  })
})

describe('other monitors', () => {
  it('TCP: takes connections or not', async () => {
    const open = await listening(() => {})
    expect((await look({ tcp: `127.0.0.1:${open}` })).state).toBe('up')
    expect((await look({ tcp: `127.0.0.1:${await closedPort()}` })).state).toBe('down')
  })

  it('heartbeat: in time, late, failed, not due yet', async () => {
    const at = fakeClock().now()
    const beat = { name: 'invoices', at, ok: true, count: 1, lastOkAt: at }
    const monitor = { heartbeat: 'invoices', every: '1h' }
    expect((await look(monitor)).state).toBe('unknown')
    expect((await look(monitor, [beat])).state).toBe('up')
    expect(await look(monitor, [{ ...beat, at: at - 4_000_000 }])).toMatchObject({ state: 'down', isCertain: true })
    expect(await look(monitor, [{ ...beat, ok: false }])).toMatchObject({
      state: 'down',
      isCertain: true,
      detail: 'the last run failed',
    })
  })

  it('log: counts new lines alone, over a while, and follows rotation', () => {
    const folder = mkdtempSync(join(tmpdir(), 'monitor-log-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const log = join(folder, 'app.log')
    writeFileSync(log, 'ERROR old\n'.repeat(50))
    const reader = createLogReader(linePattern)
    const config = { name: 'errors', log, match: 'level":50|ERROR', atMost: 2, within: 300_000 } as MonitorConfig
    const at = (minutes: number) => reader.look(config, minutes * 60_000).state
    expect(at(0)).toBe('ok')
    appendFileSync(log, 'ERROR a\ninfo\n{"level":50}\n')
    expect(at(1)).toBe('ok')
    appendFileSync(log, 'ERROR b\nERR')
    expect(at(2)).toBe('failed')
    appendFileSync(log, 'OR c\n')
    expect(reader.look(config, 3 * 60_000).detail).toContain('4 matching lines in 5 min')
    expect(at(20)).toBe('ok')
    renameSync(log, `${log}.1`)
    writeFileSync(log, 'ERROR 1\nERROR 2\nERROR 3\n')
    expect(at(21)).toBe('failed')
    rmSync(log)
    expect(at(22)).toBe('unknown')
  })

  it('log: reads letters of any language, and a line of 100 MB within its bounds', () => {
    const folder = mkdtempSync(join(tmpdir(), 'monitor-log-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const log = join(folder, 'app.log')
    writeFileSync(log, '')
    const reader = createLogReader(linePattern)
    const config = { name: 'errors', log, match: 'ungültig|(x+x+)+y', atMost: 0, within: 60_000 } as MonitorConfig
    expect(reader.look(config, 0).state).toBe('ok')
    appendFileSync(log, 'der Wert ist ungültig\n')
    expect(reader.look(config, 60_000).state).toBe('failed')
    for (let part = 0; part < 100; part++) appendFileSync(log, 'x'.repeat(1 << 20))
    const begun = process.cpuUsage()
    const before = process.memoryUsage().rss
    const looked = reader.look(config, 180_000)
    expect([looked.state, looked.detail]).toEqual(['ok', expect.stringContaining('came too fast')])
    appendFileSync(log, '\nder Wert ist ungültig\n')
    expect(reader.look(config, 181_000).state).toBe('failed')
    expect(process.cpuUsage(begun).user / 1000).toBeLessThan(3_000)
    expect(process.cpuUsage(begun).user / 1_000).toBeLessThan(3_000)
    expect(process.memoryUsage().rss - before).toBeLessThan(150 << 20)
  })

  it('log: a pattern that could take for ever, or means nothing, is refused where the config is read', () => {
    for (const match of ['(?<=a)b', '(a)\\1', '(', '(a{90}){90}'])
      expect(() => monitorSection.parse({ monitors: [{ name: 'm', log: 'app.log', match }] })).toThrow(/pattern/)
  })
})

describe('sight', () => {
  const clock = fakeClock()
  it('is there while one anchor answers, and gone when none does', async () => {
    const open = await listening(() => {})
    const closedHost = '127.0.0.1:9'
    const seeing = createSight([`127.0.0.1:${open}`, closedHost], () => network(), clock)
    expect(await seeing('network')).toBe(true)
    // Nobody routes there: TEST-NET-1 is refused by the network itself.
    const blind = createSight(['192.0.2.1:53'], () => network({ timeoutMs: 300 }), clock)
    expect(await blind('network')).toBe(false)
  })
  it('is not asked for where every target is private', () => {
    const planned = (http: string) =>
      planMonitors(configSchema.parse({}), monitorSection.parse({ monitors: [{ name: 'a', http }] }), 1_000)
    expect(anchorsFor(['1.1.1.1:53'], planned('http://10.0.0.1/'))).toEqual([])
    expect(anchorsFor(['1.1.1.1:53'], planned('https://app.example.com/'))).toEqual(['1.1.1.1:53'])
  })
})

describe('what is asked over HTTP', () => {
  const keys = createKeys('the key of this test')
  const asking = async () => {
    const clock = fakeClock()
    const store = await openStore(':memory:', { cwd: '/', clock })
    onTestFinished(() => store.close())
    let writes = 0
    const counting = {
      ...store,
      addBeat: (beat: Parameters<typeof store.addBeat>[0]) => {
        writes += 1
        return store.addBeat(beat)
      },
    }
    const channels = [{ name: 'team', afterMs: 0, deploys: true }]
    const handler = createHandler({
      store: () => counting,
      clock,
      keys,
      jobs: ['invoices'],
      channels,
      token: 'dashboard-token',
    })
    const ask = async (method: string, path: string, more: { authorization?: string; body?: string } = {}) =>
      handler({ method, path, authorization: more.authorization ?? null, body: more.body ?? '' })
    return { clock, store, ask, writes: () => writes }
  }

  it('a beat is kept, a failed run too, and a forged token changes nothing', async () => {
    const { ask, store } = await asking()
    const token = keys.beat('invoices')
    expect((await ask('GET', `/beat/${token}`))?.status).toBe(200)
    expect((await store.beats())[0]).toMatchObject({ name: 'invoices', ok: true, count: 1 })
    expect((await ask('POST', `/beat/${token}/fail`))?.status).toBe(200)
    expect((await store.beats())[0]).toMatchObject({ ok: false, count: 2 })
    for (const path of ['/beat/', '/beat/x', `/beat/${keys.beat('other')}`, `/beat/${token}/what`, `/beat/%E0%A4%A`])
      expect((await ask('POST', path))?.status, path).toBe(404)
    expect((await store.beats())[0]!.count).toBe(2)
    expect(await ask('GET', '/')).toBe(null)
  })

  it('a flood of beats is one write a second', async () => {
    const { ask, clock, writes } = await asking()
    for (let count = 0; count < 5_000; count++) await ask('POST', `/beat/${keys.beat('invoices')}`)
    expect(writes()).toBe(1)
    await clock.turn(1_000)
    await ask('POST', `/beat/${keys.beat('invoices')}`)
    expect(writes()).toBe(2)
  })

  it('an acknowledgement works once, by POST alone, and cannot be forged', async () => {
    const { ask, store } = await asking()
    const incident = {
      id: 'i1',
      cause: 'monitor:app',
      state: 'down',
      title: '<b>app</b> is down',
      since: 1,
      openedAt: 1,
      resolvedAt: null,
      acknowledgedAt: null,
      acknowledgedBy: null,
      remindedAt: null,
      deploy: null,
      parts: [],
    } as const
    await store.apply({ incidents: [{ ...incident, parts: [] }] })
    const path = `/ack/i1/${keys.acknowledge('i1')}`
    for (const forged of ['/ack/i1/x', `/ack/i1/${keys.acknowledge('i2')}`, `/ack/i1/${keys.beat('i1')}`, '/ack/i1/'])
      expect((await ask('POST', forged))?.status, forged).toBe(404)
    // Chat programs open links: that alone changes nothing.
    const shown = await ask('GET', path)
    expect(shown?.body).toContain('I take care of it')
    expect(shown?.body).not.toContain('<b>')
    expect((await store.incidents({}))[0]!.acknowledgedAt).toBe(null)
    expect((await ask('POST', path))?.status).toBe(200)
    expect((await store.incidents({}))[0]!.acknowledgedBy).toBe('link')
    expect((await ask('POST', path))?.status).toBe(410)
  })

  it('an event needs the token, and reaches the channels', async () => {
    const { ask, store } = await asking()
    const body = JSON.stringify({
      kind: 'deploy',
      status: 'failure',
      commit: 'abcdef1',
      by: 'Ada',
      link: 'javascript:alert(1)',
    })
    expect((await ask('POST', '/event', { body }))?.status).toBe(401)
    expect((await ask('POST', '/event', { body, authorization: 'Bearer dashboard-tokem' }))?.status).toBe(401)
    const authorization = 'Bearer dashboard-token'
    for (const wrong of ['', '[]', '{"kind":"x"}', '{"kind":"deploy","status":"maybe"}'])
      expect((await ask('POST', '/event', { body: wrong, authorization }))?.status).toBe(400)
    expect((await ask('POST', '/event', { body, authorization }))?.status).toBe(201)
    expect((await store.events({}))[0]).toMatchObject({ kind: 'deploy', status: 'failure', link: null })
    expect((await store.waiting())[0]!.body.title).toBe('Deploy FAILED: abcdef1')
  })

  it('a test alert that was seen is kept, once its word comes back', async () => {
    const { ask, store } = await asking()
    await store.saveProof({
      channel: 'team',
      nonce: 'n0nce',
      sentAt: 1,
      acceptedAt: 1,
      answer: '200',
      seenAt: null,
      seenBy: null,
    })
    expect((await ask('POST', '/seen/other'))?.status).toBe(404)
    await ask('GET', '/seen/n0nce')
    expect((await store.proofs())[0]!.seenAt).toBe(null)
    await ask('POST', '/seen/n0nce')
    expect((await store.proofs())[0]!.seenBy).toBe('link')
  })
})

describe('a busy machine', () => {
  const silent = () => listening(socket => void socket)
  it('is no outage of whom it could not hear; a refusal is one all the same', async () => {
    const http = `http://127.0.0.1:${await silent()}/`
    expect(await look({ http, timeout: '300ms' }, [], true, 5_000)).toMatchObject({ state: 'unknown', isOurs: true })
    expect(await look({ http, timeout: '300ms' })).toMatchObject({ state: 'down', isOurs: false })
    const refused = `http://127.0.0.1:${await closedPort()}/`
    expect(await look({ http: refused }, [], true, 5_000)).toMatchObject({ state: 'down', isOurs: false })
  })
})

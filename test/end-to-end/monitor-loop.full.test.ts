// The whole watcher over a world of the lab: monitors of every kind see what is wrong through the real network, the channel hears of each
// once, in words; the dead man is asked; an event from elsewhere arrives.
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startWorld } from '../../src/lab/start.ts'
import { loadWorld } from '../../src/lab/world.ts'
import { serve } from '../probes/support.ts'
import { freePort } from '../support/free-port.ts'
import { runProgram } from '../support/run-program.ts'

const world = loadWorld(`name: watched-loop
domain: coachdash.example
zones:
  coachdash.example:
    servers: [192.0.2.53]
    records: |
      @ 3600 NS ns1
      ns1 3600 A 192.0.2.53
      @ 300 A 192.0.2.10
      old 300 A 192.0.2.11
      app 300 A 192.0.2.12
      moved 300 A 192.0.2.10
      mx 300 A 192.0.2.25
      plain 300 A 192.0.2.26
  iana.org: { records: "data 300 A 192.0.2.201" }
  registry.example: { records: "rdap 300 A 192.0.2.202" }
hosts:
  coachdash.example:
    routes:
      /: { body: "<!doctype html><title>Plans</title><h1>Plans</h1>" }
  app.coachdash.example: { routes: { /: { status: 502, body: bad gateway } } }
  old.coachdash.example: { certificate: expired, routes: { /: { body: old } } }
  data.iana.org: { routes: { /rdap/dns.json: { json: { version: '1.0', services: [[[example], ['https://rdap.registry.example/']]] } } } }
  rdap.registry.example:
    routes:
      /domain/coachdash.example:
        type: application/rdap+json
        body: '{"objectClassName":"domain","ldhName":"coachdash.example","events":[{"eventAction":"expiration","eventDate":"{{now+5d}}"}]}'
mail:
  mx.coachdash.example: {}
  plain.coachdash.example: { starttls: absent }
`)

type Told = { event: string; monitor: string | null; text: string }

const program = (argv: readonly string[], cwd: string, signal: AbortSignal) =>
  runProgram(argv, { cwd, env: { MONITOR_TOKEN: 'a-token-of-the-test' }, signal })

const until = async (isSo: () => boolean, over: () => boolean): Promise<void> => {
  while (!isSo() && !over()) await new Promise(done => setTimeout(done, 100))
}

describe('the watcher as it runs', () => {
  it('sees mail, certificate, name, registration, page and flow, and tells each once', async () => {
    const running = await startWorld(world)
    onTestFinished(() => running.close())
    const told: Told[] = []
    let asked = 0
    const sink = await serve((request, body) => {
      if (request.url === '/alive') asked++
      else told.push(JSON.parse(body) as Told)
      return { body: 'ok' }
    })
    const listen = `127.0.0.1:${await freePort()}`
    const monitors = [
      { name: 'page', http: 'https://coachdash.example/', expect: { text: 'Plans' } },
      { name: 'broken page', http: 'https://app.coachdash.example/' },
      { name: 'mail', smtp: 'mx.coachdash.example:25' },
      { name: 'mail without TLS', smtp: 'plain.coachdash.example:25' },
      { name: 'certificate', tls: 'coachdash.example:443' },
      { name: 'old certificate', tls: 'old.coachdash.example:443' },
      { name: 'address', dns: 'coachdash.example A', expect: { data: ['192.0.2.10'] } },
      { name: 'moved address', dns: 'moved.coachdash.example A', expect: { data: ['192.0.2.99'] } },
      { name: 'registration', domain: 'coachdash.example' },
      { name: 'look at plans', flow: 'plans' },
      { name: 'look at prices', flow: 'prices' },
    ]
    const config = {
      domain: 'coachdash.example',
      flows: [
        { name: 'plans', steps: [{ get: 'https://coachdash.example/', expectText: 'Plans' }] },
        { name: 'prices', steps: [{ get: 'https://coachdash.example/', expectText: 'Prices' }] },
      ],
      monitor: {
        listen,
        token: '${MONITOR_TOKEN}',
        interval: '10s',
        confirm: { down: 2, up: 1, after: '500ms' },
        deadMan: `${sink}/alive`,
        monitors,
        alerts: [{ name: 'hook', webhook: `${sink}/hook` }],
      },
    }
    const file = join(running.cwd, 'watch.config.json')
    writeFileSync(file, JSON.stringify(config))
    const stop = new AbortController()
    let ended = false
    const watching = program(['monitor', 'watch', '-c', file, ...running.args()], running.cwd, stop.signal).finally(
      () => {
        ended = true
      },
    )
    const bad = [
      'broken page',
      'look at prices',
      'mail without TLS',
      'moved address',
      'old certificate',
      'registration',
    ]
    const downs = () => told.filter(({ event }) => event === 'down').map(({ monitor }) => monitor)
    await until(
      () => asked > 0 && bad.every(name => downs().includes(name)),
      () => ended,
    )
    // An event from another machine, which has neither the store nor the channels.
    const elsewhere = join(running.cwd, 'elsewhere')
    const remote = join(running.cwd, 'remote.config.json')
    writeFileSync(
      remote,
      JSON.stringify({
        monitor: { store: join(elsewhere, 'none.sqlite'), url: `http://${listen}`, token: '${MONITOR_TOKEN}' },
      }),
    )
    const event = await program(
      ['monitor', 'event', 'deploy', '--commit', '4f1c9a7be2d0', '--status', 'success', '-c', remote],
      running.cwd,
      new AbortController().signal,
    )
    expect(event).toMatchObject({ exit: 0, err: expect.not.stringContaining('did not take') })
    await until(
      () => told.some(one => one.event === 'deploy'),
      () => ended,
    )
    stop.abort()
    const { exit, err } = await watching
    expect({ exit, err }).toMatchObject({ exit: 0 })
    expect(existsSync(elsewhere)).toBe(false)
    // Each once, whatever it was grouped with.
    expect(new Set(downs()).size).toBe(downs().length)
    const all = told.map(({ text }) => text).join('\n')
    expect(all).toContain('gives no answer (502 in')
    expect(all).toContain('the mail server takes no encrypted mail: STARTTLS is not offered')
    expect(all).toMatch(/the registration ends in [45] days/)
    expect(all).toContain('the page does not say "Prices"')
    for (const name of ['- page (', '- mail (', '- certificate (', '- address (', '- look at plans ('])
      expect(all).not.toContain(name)
    expect(all).not.toContain('a-token-of-the-test')
    expect(asked).toBeGreaterThan(0)
  }, 300_000)
})

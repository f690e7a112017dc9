import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { limits } from '../../src/data/limits.ts'
import { parseConnectTo } from '../../src/net/connect-to.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { type Answer, a, local, makeNetwork, reply, tcpServer, udpServer, until } from './support.ts'

const aaaa = (hex: string): Answer => ({ type: 'AAAA', data: Buffer.from(hex, 'hex') })
const v6 = '20010db8000000000000000000000001'

/** A port that does not even complete the TCP handshake: its process stands still and its queue is full. */
const silentPort = async (): Promise<number> => {
  const script =
    "const s = require('node:net').createServer(); s.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(s.address().port))"
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const port = Number(line.toString())
  child.kill('SIGSTOP')
  for (let nth = 0; nth < 4; nth++) {
    const filler = connect(port, '127.0.0.1').on('error', () => {})
    onTestFinished(() => void filler.destroy())
  }
  await sleep(100)
  return port
}

describe('dial', () => {
  it('goes where the rule for the name leads, without resolving', async () => {
    const server = await tcpServer(() => {})
    const net = makeNetwork({ connectTo: [parseConnectTo(`mail.example:25:127.0.0.1:${server.port}`)] })
    const got = await net.dial({ host: 'mail.example', port: 25 })
    expect(got).toMatchObject({ ok: true, value: { address: '127.0.0.1', port: 25, mapped: true } })
  })
  it('goes where the rule for the resolved address leads, and reports the address of the world', async () => {
    const server = await tcpServer(() => {})
    const dns = await udpServer(query => [reply(query, query.type === 1 ? { answers: [a('192.0.2.1')] } : {})])
    const net = makeNetwork({
      resolvers: [local(dns.port)],
      connectTo: [parseConnectTo(`192.0.2.1:25:127.0.0.1:${server.port}`)],
    })
    expect(await net.dial({ host: 'mail.example', port: 25 })).toMatchObject({
      ok: true,
      value: { address: '192.0.2.1', port: 25, mapped: true },
    })
    expect(await net.dial({ host: 'mail.example', port: 25, address: '192.0.2.1' })).toMatchObject({
      ok: true,
      value: { address: '192.0.2.1' },
    })
  })
  it('a rule for everything makes no private address public, unless it leads to that very machine', async () => {
    const server = await tcpServer(() => {})
    const address: Record<string, string> = { public: '93.184.215.14', inside: '10.1.2.3', here: '127.0.0.1' }
    const dns = await udpServer(query => [
      reply(query, query.type === 1 ? { answers: [a(address[query.name.split('.')[0]!]!)] } : {}),
    ])
    const net = makeNetwork({
      resolvers: [local(dns.port)],
      connectTo: [parseConnectTo(`:80:127.0.0.1:${server.port}`)],
    })
    for (const [host, given] of [
      ['public.example', '93.184.215.14'],
      ['here.example', '127.0.0.1'],
      ['192.0.2.80', '192.0.2.80'],
    ] as const) {
      expect(await net.dial({ host, port: 80 })).toMatchObject({ ok: true, value: { address: given } })
      expect(net.isMapped(host, given, 80)).toBe(true)
    }
    for (const host of ['inside.example', '169.254.169.254', '10.1.2.3', '[fd00::1]']) {
      expect(await net.dial({ host, port: 80 })).toMatchObject({ ok: false, reason: 'unsupported' })
      expect(net.isMapped(host, host === 'inside.example' ? '10.1.2.3' : host, 80)).toBe(false)
    }
    const named = makeNetwork({
      resolvers: [local(dns.port)],
      connectTo: [parseConnectTo(`inside.example:80:127.0.0.1:${server.port}`)],
    })
    expect(await named.dial({ host: 'inside.example', port: 80 })).toMatchObject({ ok: true })
  })
  it('knows localhost as the target of a rule, whatever the resolver says', async () => {
    const server = await tcpServer(() => {})
    const dns = await udpServer(query => [
      reply(query, query.name === 'www.example' ? { answers: [a('192.0.2.1')] } : { rcode: 3 }),
    ])
    const net = makeNetwork({ resolvers: [local(dns.port)], connectTo: [parseConnectTo(`::localhost:${server.port}`)] })
    expect(await net.dial({ host: 'www.example', port: 80 })).toMatchObject({
      ok: true,
      value: { address: '192.0.2.1', mapped: true },
    })
  })
  it('prefers IPv6, and falls back at once where it is refused', async () => {
    const server = await tcpServer(() => {})
    const dns = await udpServer(query => [reply(query, { answers: [query.type === 1 ? a('192.0.2.1') : aaaa(v6)] })])
    const working = makeNetwork({
      resolvers: [local(dns.port)],
      connectTo: [
        parseConnectTo(`[2001:db8::1]:80:127.0.0.1:${server.port}`),
        parseConnectTo('192.0.2.1:80:127.0.0.1:1'),
      ],
    })
    expect(await working.dial({ host: 'www.example', port: 80 })).toMatchObject({
      ok: true,
      value: { address: '2001:db8::1' },
    })
    const broken = makeNetwork({
      clock: fakeClock(),
      resolvers: [local(dns.port)],
      connectTo: [
        parseConnectTo('[2001:db8::1]:80:127.0.0.1:1'),
        parseConnectTo(`192.0.2.1:80:127.0.0.1:${server.port}`),
      ],
    })
    // The clock stands still: nothing is waited for.
    expect(await broken.dial({ host: 'www.example', port: 80 })).toMatchObject({
      ok: true,
      value: { address: '192.0.2.1' },
    })
  })
  it('does not wait a deadline for an AAAA answer that does not come', async () => {
    const server = await tcpServer(() => {})
    const clock = fakeClock()
    const dns = await udpServer(query => (query.type === 28 ? [] : [reply(query, { answers: [a('192.0.2.1')] })]))
    const net = makeNetwork({
      resolvers: [local(dns.port)],
      connectTo: [parseConnectTo(`192.0.2.1:80:127.0.0.1:${server.port}`)],
      timeoutMs: 2_000,
      clock,
    })
    const result = net.dial({ host: 'www.example', port: 80 })
    await until(() => dns.queries.length === 2)
    await clock.turn(limits.resolutionDelayMs)
    expect(await result).toMatchObject({ ok: true })
  })
  it('tells refused from what does not exist, and hides nothing of a dead resolver', async () => {
    const dns = await udpServer(query => [reply(query, { rcode: query.name.startsWith('nx') ? 3 : 0 })])
    const net = makeNetwork({ resolvers: [local(dns.port)], connectTo: [parseConnectTo('192.0.2.1::127.0.0.1:1')] })
    expect(await net.dial({ host: 'www.example', port: 80, address: '192.0.2.1' })).toMatchObject({
      ok: false,
      reason: 'refused',
    })
    expect(await net.dial({ host: 'nx.example', port: 80 })).toMatchObject({
      ok: false,
      because: 'nx.example does not exist',
    })
    expect(await net.dial({ host: 'empty.example', port: 80 })).toMatchObject({
      ok: false,
      because: 'empty.example has no address',
    })
    expect(await makeNetwork().dial({ host: 'www.example', port: 80 })).toMatchObject({
      ok: false,
      cause: { kind: 'resolver', text: 'resolver 127.0.0.1:1 does not answer' },
    })
  })
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '169.254.169.254',
    '192.0.2.1',
    '::1',
    'fd00::1',
    '::ffff:127.0.0.1',
    '100.64.0.1',
  ])('does not connect to %s', async address => {
    const net = makeNetwork()
    expect(await net.dial({ host: address, port: 80 })).toMatchObject({ ok: false, reason: 'unsupported' })
    expect(await net.dial({ host: 'www.example', port: 80, address })).toMatchObject({
      ok: false,
      reason: 'unsupported',
    })
  })
  it('connects to a private address that the user named', async () => {
    const server = await tcpServer(() => {})
    const net = makeNetwork({ ownHosts: ['127.0.0.1'] })
    expect(await net.dial({ host: '127.0.0.1', port: server.port })).toMatchObject({
      ok: true,
      value: { mapped: false },
    })
  })
  it('leaves an empty target alone and changes the port', async () => {
    const server = await tcpServer(() => {})
    const net = makeNetwork({ connectTo: [parseConnectTo(`127.0.0.1:80::${server.port}`)] })
    expect(await net.dial({ host: '127.0.0.1', port: 80 })).toMatchObject({
      ok: true,
      value: { address: '127.0.0.1', port: 80 },
    })
  })
  it('tries only so many addresses of a host that has hundreds', async () => {
    const dns = await udpServer(query => [
      reply(query, query.type === 1 ? { answers: Array.from({ length: 40 }, (_, at) => a(`192.0.2.${at + 1}`)) } : {}),
    ])
    const net = makeNetwork({ resolvers: [local(dns.port)], connectTo: [parseConnectTo('::127.0.0.1:1')] })
    expect(await net.dial({ host: 'www.example', port: 80 })).toMatchObject({ ok: false, reason: 'refused' })
  })
  it('tries the address first that took the last connection', async () => {
    const server = await tcpServer(() => {})
    const dns = await udpServer(query => [
      reply(query, query.type === 1 ? { answers: [a('192.0.2.1'), a('192.0.2.2')] } : {}),
    ])
    let tries = 0
    const refusing = await tcpServer(socket => {
      tries += 1
      socket.destroy()
    })
    const rules = (first: number) => [`192.0.2.1:80:127.0.0.1:${first}`, `192.0.2.2:80:127.0.0.1:${server.port}`]
    const connectTo = rules(1).map(parseConnectTo)
    const net = makeNetwork({ resolvers: [local(dns.port)], connectTo })
    expect(await net.dial({ host: 'www.example', port: 80 })).toMatchObject({ value: { address: '192.0.2.2' } })
    // The first address takes connections by now, and is not even tried.
    connectTo.splice(0, 1, parseConnectTo(rules(refusing.port)[0]!))
    expect(await net.dial({ host: 'www.example', port: 80 })).toMatchObject({ value: { address: '192.0.2.2' } })
    expect(tries).toBe(0)
  })
  it('a silent address costs one whole deadline and one second look, and then nothing', async () => {
    const port = await silentPort()
    const clock = fakeClock()
    const net = makeNetwork({ clock, timeoutMs: 1_000, connectTo: [parseConnectTo(`192.0.2.1:80:127.0.0.1:${port}`)] })
    const dial = (timeoutMs?: number) =>
      net.dial({ host: '192.0.2.1', port: 80, ...(timeoutMs === undefined ? {} : { timeoutMs }) })
    const silent = { ok: false, reason: 'timeout', message: '192.0.2.1:80 does not answer' }
    const endsAfter = async (ms: number, dialled: ReturnType<typeof dial>) => {
      await clock.turn(ms)
      expect(await dialled).toMatchObject(silent)
    }
    // Less than a whole deadline says nothing about the next.
    await endsAfter(300, dial(100))
    await endsAfter(3_000, dial())
    expect(await dial()).toMatchObject({ ...silent, cause: { kind: 'endpoint', host: '192.0.2.1', port: 80 } })
    expect(clock.elapsed()).toBe(3_300)
  })
})

// The probes below HTTP: a port, a certificate, a name, a mail server; and the one that only looks at the time.
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import tls from 'node:tls'
import { describe, expect, it, onTestFinished } from 'vitest'
import { parseConnectTo } from '../../src/net/connect-to.ts'
import { probeDns } from '../../src/probes/dns.ts'
import { type HeartbeatRequest, probeHeartbeat } from '../../src/probes/heartbeat.ts'
import { probeSmtp } from '../../src/probes/smtp.ts'
import { probeTcp } from '../../src/probes/tcp.ts'
import { probeTls } from '../../src/probes/tls.ts'
import { a, local, makeNetwork, reply, tcpServer, udpServer, until } from '../net/support.ts'
import { leaf, testRoot } from '../support/certificates.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { network } from './support.ts'

describe('a port', () => {
  it('takes connections, or refuses them, or says nothing', async () => {
    const { port } = await tcpServer(() => {})
    expect(await probeTcp({ host: '127.0.0.1', port }, network())).toMatchObject({
      state: 'ok',
      detail: expect.stringMatching(/^connected in \d+ ms$/),
    })
    expect(await probeTcp({ host: '127.0.0.1', port: 1 }, network())).toMatchObject({ state: 'failed' })
    expect(await probeTcp({ host: '192.0.2.1', port: 80 }, network())).toMatchObject({ state: 'unknown' })
  })
})

describe('a certificate', () => {
  const server = async (names: string[], given: { expired?: boolean } = {}): Promise<number> => {
    const listening = tls.createServer(leaf(names, given), socket => void socket.on('error', () => {}))
    listening.on('tlsClientError', () => {})
    listening.listen(0, '127.0.0.1')
    await once(listening, 'listening')
    onTestFinished(() => void listening.close())
    return (listening.address() as AddressInfo).port
  }
  const look = async (port: number, minDays = 0, ca = [testRoot]) =>
    probeTls(
      { host: 'www.example', minDays },
      makeNetwork({ connectTo: [parseConnectTo(`www.example:443:127.0.0.1:${port}`)], ca }),
    )
  it('that verifies', async () => {
    expect(await look(await server(['www.example']))).toMatchObject({
      state: 'ok',
      detail: expect.stringMatching(/^TLSv1\.3, valid until \d{4}-\d\d-\d\d$/),
      evidence: [{ kind: 'certificate', host: 'www.example', port: 443 }],
    })
  })
  it.each([
    ['for another name', ['other.example'], {}, [testRoot], /ERR_TLS_CERT_ALTNAME_INVALID/],
    ['that is expired', ['www.example'], { expired: true }, [testRoot], /CERT_HAS_EXPIRED/],
    ['of an unknown root', ['www.example'], {}, [], /UNABLE_TO/],
  ])('%s', async (_, names, given, ca, detail) => {
    expect(await look(await server(names, given), 0, ca)).toMatchObject({
      state: 'failed',
      detail: expect.stringMatching(detail),
    })
  })
  it('that ends soon, by the clock that is given', async () => {
    expect(await look(await server(['www.example']), 100_000)).toMatchObject({
      state: 'failed',
      detail: expect.stringMatching(/^the certificate ends in \d+ days$/),
    })
  })
  it('where no TLS is spoken, and where nobody listens', async () => {
    const plain = await tcpServer(socket => void socket.end('SSH-2.0\r\n'))
    expect(await look(plain.port)).toMatchObject({ state: 'failed' })
    expect(await look(1)).toMatchObject({ state: 'failed' })
  })
})

describe('a name', () => {
  const records: Record<string, string> = { 'www.example': '192.0.2.1' }
  const look = async (name: string, expected?: string[]) => {
    const server = await udpServer(query => {
      if (query.name === 'fails.example') return [reply(query, { rcode: 2 })]
      const address = records[query.name]
      return [reply(query, address ? { answers: [a(address)] } : { rcode: query.name === 'empty.example' ? 0 : 3 })]
    })
    const request = { name, type: 'A', ...(expected ? { expect: expected } : {}) }
    return probeDns(request, makeNetwork({ resolvers: [local(server.port)] }))
  }
  it.each([
    ['www.example', undefined, 'ok', '1 record'],
    ['www.example', ['192.0.2.1'], 'ok', '1 record'],
    ['www.example', ['192.0.2.2'], 'failed', 'www.example A is 192.0.2.1, expected 192.0.2.2'],
    ['gone.example', undefined, 'failed', 'gone.example does not exist'],
    ['empty.example', undefined, 'failed', 'empty.example has no A record'],
    ['fails.example', undefined, 'unknown', expect.stringContaining('SERVFAIL')],
  ])('%s %s', async (name, expected, state, detail) => {
    expect(await look(name, expected)).toMatchObject({ state, detail })
  })
})

describe('a mail server', () => {
  const server = (starttls: boolean, banner = '220 mx.example ESMTP\r\n') =>
    tcpServer(socket => {
      socket.write(banner)
      socket.on('data', chunk => {
        const line = chunk.toString()
        if (line.startsWith('EHLO'))
          socket.write(`250-mx.example\r\n${starttls ? '250-STARTTLS\r\n' : ''}250 8BITMIME\r\n`)
        if (!line.startsWith('STARTTLS')) return
        socket.removeAllListeners('data')
        socket.write('220 go\r\n')
        new tls.TLSSocket(socket, { isServer: true, ...leaf(['mx.example']) }).on('error', () => {})
      })
    })
  const look = (port: number, wanted?: 'encrypted' | 'verified', ca = [testRoot]) =>
    probeSmtp(
      { host: 'mx.example', ...(wanted ? { tls: wanted } : {}) },
      makeNetwork({ connectTo: [parseConnectTo(`mx.example:25:127.0.0.1:${port}`)], ca }),
    )
  it('greets, encrypts, verifies', async () => {
    const sound = await server(true)
    expect(await look(sound.port, 'verified')).toMatchObject({ state: 'ok', detail: 'greets, TLSv1.3' })
    expect(await look(sound.port, 'verified', [])).toMatchObject({ state: 'failed' })
    expect(await look(sound.port, 'encrypted', [])).toMatchObject({ state: 'ok' })
    const plain = await server(false)
    expect(await look(plain.port)).toMatchObject({ state: 'ok', detail: 'greets' })
    expect(await look(plain.port, 'encrypted')).toMatchObject({ state: 'failed', detail: 'STARTTLS is not offered' })
    expect(await look((await server(true, '554 no\r\n')).port)).toMatchObject({ state: 'failed' })
    expect(await look(1)).toMatchObject({ state: 'failed' })
  })
})

describe('a heartbeat', () => {
  const minute = 60_000
  it.each<[string, Partial<HeartbeatRequest>, number, string, string]>([
    ['in time', { lastAt: 0 }, 60 * minute, 'ok', 'reported 60 min ago'],
    ['late within the grace', { lastAt: 0 }, 65 * minute, 'ok', 'reported 65 min ago'],
    ['too late', { lastAt: 0 }, 65 * minute + 1, 'failed', 'last reported 65 min ago, expected every 60 min'],
    ['not yet', {}, 10 * minute, 'unknown', 'it has not reported yet'],
    ['never', {}, 3 * 60 * minute, 'failed', 'it has never reported in 3 h'],
    ['just now', { lastAt: 5_000 }, 6_000, 'ok', 'reported 1 s ago'],
  ])('%s', async (_, given, now, state, detail) => {
    const clock = fakeClock(0)
    await clock.turn(now)
    const request = { name: 'nightly backup', lastAt: null, since: 0, everyMs: 60 * minute, graceMs: 5 * minute }
    expect(probeHeartbeat({ ...request, ...given }, clock)).toMatchObject({ state, detail })
  })
})

describe('silence', () => {
  it('leaves a probe unknown after one deadline of the clock and one second look', async () => {
    const clock = fakeClock()
    const silent = await tcpServer(() => {})
    const net = network({
      clock,
      timeoutMs: 1_000,
      connectTo: [parseConnectTo(`mx.example:25:127.0.0.1:${silent.port}`)],
    })
    const result = probeSmtp({ host: 'mx.example' }, net)
    await until(() => silent.connections() === 1)
    await clock.turn(1_000)
    // The second look, alone and with twice the time.
    await until(() => silent.connections() === 2)
    await clock.turn(2_000)
    expect(await result).toMatchObject({ state: 'unknown', detail: expect.stringContaining('does not answer') })
  })
})

// The TLS client against Node's servers and against hand-made ones that lie, stall or flood.

import type { AddressInfo } from 'node:net'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import { afterEach, describe, expect, test } from 'vitest'
import type { Clock } from '../../src/core/clock.ts'
import { systemClock } from '../../src/net/clock.ts'
import { readTls, type TlsEnd } from '../../src/net/tls.ts'
import type { HelloOffer } from '../../src/net/tls-messages.ts'
import { suitesBelow13, suitesOf13, weakFamilies, weakSuites } from '../../src/net/tls-suites.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { make } from '../support/tls-certificates.ts'

const made = make({ subject: 'CN=www.example.com', names: ['www.example.com'], kind: 'rsa' })
const all = [...suitesOf13, ...suitesBelow13]
const modern: HelloOffer = {
  versions: ['TLSv1.3', 'TLSv1.2'],
  suites: all,
  serverName: 'www.example.com',
  alpn: ['h2', 'http/1.1'],
}
const servers: { server: Server; sockets: Set<Socket> }[] = []

afterEach(async () => {
  for (const { server, sockets } of servers.splice(0)) {
    for (const socket of sockets) socket.destroy()
    await new Promise(done => server.close(done))
  }
})

const ask = async (
  server: Server,
  offer: HelloOffer,
  timeoutMs = 3_000,
  clock: Clock = systemClock,
): Promise<TlsEnd> => {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
  })
  servers.push({ server, sockets })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', () => done()))
  return readTls(connect((server.address() as AddressInfo).port, '127.0.0.1'), offer, timeoutMs, clock)
}

const ofNode = (options: TlsOptions): Server => {
  const server = createTlsServer({ key: made.key, cert: made.pem, ...options })
  server.on('tlsClientError', () => {})
  return server
}
/** A server that answers whatever comes with these bytes, or by this function. */
const raw = (answer: Buffer | ((socket: Socket) => void)): Server =>
  createServer(socket =>
    socket.once('data', () => (typeof answer === 'function' ? answer(socket) : socket.write(answer))),
  )

const u16 = (value: number): Buffer => Buffer.from([value >> 8, value & 255])
const u24 = (value: number): Buffer => Buffer.from([value >> 16, (value >> 8) & 255, value & 255])
const record = (version: number, type: number, body: Buffer): Buffer =>
  Buffer.concat([Buffer.from([type]), u16(version), u16(body.length), body])
const message = (type: number, body: Buffer): Buffer => Buffer.concat([Buffer.from([type]), u24(body.length), body])
const hello = (version: number, suite: number): Buffer =>
  message(2, Buffer.concat([u16(version), Buffer.alloc(32, 1), Buffer.from([0]), u16(suite), Buffer.from([0])]))
const chainOf = (certificates: Buffer[]): Buffer => {
  const list = Buffer.concat(certificates.map(der => Buffer.concat([u24(der.length), der])))
  return message(11, Buffer.concat([u24(list.length), list]))
}
const records = (version: number, body: Buffer): Buffer => {
  const pieces: Buffer[] = []
  for (let at = 0; at < body.length; at += 16_000) pieces.push(record(version, 22, body.subarray(at, at + 16_000)))
  return Buffer.concat(pieces)
}

describe('servers of Node', () => {
  test.each<[string, TlsOptions, Partial<HelloOffer>, object]>([
    ['TLS 1.3 with ALPN', { ALPNProtocols: ['h2'] }, {}, { version: 'TLSv1.3', alpn: 'h2', chain: [made.der] }],
    ['AES-128-GCM', { ciphers: 'TLS_AES_128_GCM_SHA256' }, {}, { cipher: 'TLS_AES_128_GCM_SHA256', chain: [made.der] }],
    [
      'CHACHA20',
      { ciphers: 'TLS_CHACHA20_POLY1305_SHA256' },
      {},
      { cipher: 'TLS_CHACHA20_POLY1305_SHA256', chain: [made.der] },
    ],
    ['a retry for P-521', { ecdhCurve: 'P-521' }, {}, { version: 'TLSv1.3', chain: [made.der] }],
    ['a retry for X448', { ecdhCurve: 'X448' }, {}, { version: 'TLSv1.3', chain: [made.der] }],
    ['TLS 1.2', { maxVersion: 'TLSv1.2' }, {}, { version: 'TLSv1.2', chain: [made.der], curve: 'X25519' }],
    [
      'TLS 1.0',
      { minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' },
      { versions: ['TLSv1'] },
      { version: 'TLSv1', chain: [made.der] },
    ],
    [
      'a lower version than asked for',
      { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' },
      { versions: ['TLSv1.2'] },
      { version: 'TLSv1.1' },
    ],
    ['a finite-field group', { maxVersion: 'TLSv1.2', dhparam: 'auto', ciphers: 'DHE' }, {}, { dhBits: 2048 }],
    [
      'NULL',
      { maxVersion: 'TLSv1.2', ciphers: 'eNULL:@SECLEVEL=0' },
      { versions: ['TLSv1.2'], suites: weakSuites(weakFamilies) },
      { cipher: 'ECDHE-RSA-NULL-SHA' },
    ],
    [
      'anonymous',
      { maxVersion: 'TLSv1.2', ciphers: 'aNULL:@SECLEVEL=0' },
      { versions: ['TLSv1.2'], suites: weakSuites(['anonymous']) },
      { cipher: 'AECDH-AES256-SHA', chain: [] },
    ],
  ])('%s', async (_, options, offer, expected) => {
    const end = await ask(ofNode(options), { ...modern, ...offer })
    expect(end).toMatchObject({ kind: 'answered', answer: expected })
  })

  test('refusals are the server’s', async () => {
    expect(await ask(ofNode({}), { ...modern, versions: ['TLSv1'] })).toEqual({
      kind: 'alert',
      alert: 'protocol_version',
    })
    expect(await ask(ofNode({}), { ...modern, versions: ['TLSv1.2'], suites: weakSuites(['RC4']) })).toMatchObject({
      kind: 'alert',
    })
  })

  test('the server name chooses the certificate, and none is sent where none is wanted', async () => {
    const seen: (string | undefined)[] = []
    const options: TlsOptions = {
      SNICallback: (name, done) => {
        seen.push(name)
        done(null)
      },
    }
    await ask(ofNode(options), modern)
    await ask(ofNode(options), { ...modern, serverName: null })
    expect(seen).toEqual(['www.example.com'])
  })
})

describe('hand-made servers', () => {
  const der = Buffer.from(made.der, 'base64')

  test('SSLv3, which no library here speaks any more', async () => {
    let asked = Buffer.alloc(0)
    const server = createServer(socket =>
      socket.once('data', chunk => {
        asked = chunk
        socket.write(
          records(0x0300, Buffer.concat([hello(0x0300, 0x000a), chainOf([der]), message(14, Buffer.alloc(0))])),
        )
      }),
    )
    const end = await ask(server, { ...modern, versions: ['SSLv3'], suites: suitesBelow13 })
    expect(end).toMatchObject({
      kind: 'answered',
      answer: { version: 'SSLv3', cipher: 'DES-CBC3-SHA', chain: [made.der] },
    })
    // Record and hello both say 3.0, and the hello ends with its compression methods: no extensions.
    expect([asked.readUInt16BE(1), asked.readUInt16BE(9)]).toEqual([0x0300, 0x0300])
    expect(asked.subarray(-2)).toEqual(Buffer.from([1, 0]))
  })

  test('a chain of a hundred is counted, and its first ones kept', async () => {
    const flight = Buffer.concat([
      hello(0x0303, 0xc02f),
      chainOf(Array.from({ length: 100 }, () => der)),
      message(14, Buffer.alloc(0)),
    ])
    const end = await ask(raw(records(0x0303, flight)), modern)
    expect(end.kind === 'answered' && [end.answer.chainLength, end.answer.chain.length]).toEqual([100, 16])
  })

  test('bytes one at a time are put together', async () => {
    const flight = records(
      0x0303,
      Buffer.concat([hello(0x0303, 0xc02f), chainOf([Buffer.from('3000', 'hex')]), message(14, Buffer.alloc(0))]),
    )
    const server = raw(async socket => {
      for (const byte of flight) {
        socket.write(Buffer.from([byte]))
        await new Promise(done => setImmediate(done))
      }
    })
    expect(await ask(server, modern)).toMatchObject({ kind: 'answered', answer: { chainLength: 1 } })
  })

  test.each<[string, Buffer, string]>([
    ['plain HTTP', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), 'malformed'],
    ['SSH', Buffer.from('SSH-2.0-OpenSSH_9.2\r\n'), 'malformed'],
    ['a record of 64 kB', Buffer.concat([Buffer.from([22, 3, 3, 255, 255]), Buffer.alloc(1000)]), 'malformed'],
    ['a message of 16 MB', record(0x0303, 22, Buffer.from([11, 255, 255, 255])), 'malformed'],
    ['a certificate before ServerHello', record(0x0303, 22, chainOf([der])), 'malformed'],
    ['TLS 1.3 without a key share', record(0x0303, 22, hello(0x0304, 0x1301)), 'malformed'],
    ['a version from nowhere', record(0x0303, 22, hello(0x0505, 0x1301)), 'malformed'],
    [
      'a chain that is longer than its message',
      record(0x0303, 22, Buffer.concat([hello(0x0303, 0xc02f), message(11, Buffer.from([0, 0, 9, 0, 0, 99]))])),
      'malformed',
    ],
    ['an empty ServerHello', record(0x0303, 22, message(2, Buffer.alloc(0))), 'malformed'],
    ['a fatal alert', record(0x0303, 21, Buffer.from([2, 40])), 'alert'],
    [
      'a flood of warnings',
      Buffer.concat(Array.from({ length: 50 }, () => record(0x0303, 21, Buffer.from([1, 112])))),
      'alert',
    ],
  ])('%s: %s', async (_, bytes, kind) => {
    expect((await ask(raw(bytes), modern)).kind).toBe(kind)
  })

  test('a flood without an end is cut off', async () => {
    const noise = record(0x0303, 22, message(0, Buffer.alloc(15_000)))
    const server = raw(socket => {
      const pour = (): void => {
        while (!socket.destroyed && socket.write(noise));
      }
      socket.on('drain', pour)
      pour()
    })
    expect(await ask(server, modern)).toMatchObject({
      kind: 'malformed',
      message: expect.stringContaining('bytes without a certificate'),
    })
  })

  test('silence costs the deadline and no more; hanging up is told apart', async () => {
    const clock = fakeClock()
    const silent = ask(
      raw(() => {}),
      modern,
      150,
      clock,
    )
    // The hello stands before the clock is turned.
    await new Promise(resolve => setTimeout(resolve, 50))
    await clock.turn(150)
    expect(await silent).toEqual({ kind: 'timeout' })
    expect(
      await ask(
        raw(socket => socket.end()),
        modern,
      ),
    ).toEqual({ kind: 'closed' })
    expect(
      await ask(
        raw(socket => socket.resetAndDestroy()),
        modern,
      ),
    ).toEqual({ kind: 'closed' })
  })
})

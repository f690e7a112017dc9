// Servers of strangers that speak TLS, SMTP, IMAP and DNS in bad faith: each conversation ends by itself, at little cost.
import { createSocket, type RemoteInfo } from 'node:dgram'
import { once } from 'node:events'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { stringify } from 'yaml'
import { hostileWorlds } from '../../fixtures/hostile/worlds.ts'
import { verifySet } from '../../src/formats/dns/dnssec.ts'
import { nsec3Hash } from '../../src/formats/dns/dnssec-denial.ts'
import { tryCertificate } from '../../src/formats/tls/x509.ts'
import { startWorld } from '../../src/lab/start.ts'
import { loadWorld } from '../../src/lab/world.ts'
import { systemClock } from '../../src/net/clock.ts'
import { parseConnectTo } from '../../src/net/connect-to.ts'
import { openImap } from '../../src/net/imap.ts'
import { readTls } from '../../src/net/tls.ts'
import { suitesBelow13, suitesOf13 } from '../../src/net/tls-suites.ts'
import { makeNetwork, tcpServer } from '../net/support.ts'
import { type Cost, costOf } from '../support/cost.ts'
import { auditWorld } from '../support/lab-audit.ts'
import { make } from '../support/tls-certificates.ts'

const cheap = ({ workMs, megabytes }: Cost): void => {
  expect(workMs).toBeLessThan(20_000)
  expect(megabytes).toBeLessThan(300)
}

/** Writes a piece as long as the other side takes it. */
const flood = (socket: Socket, piece: Buffer | string): void => {
  const more = (): void => {
    while (!socket.destroyed && socket.write(piece));
    if (!socket.destroyed) socket.once('drain', () => setImmediate(more))
  }
  more()
}

const u16 = (value: number): Buffer => Buffer.from([value >> 8, value & 255])
const u24 = (value: number): Buffer => Buffer.from([value >> 16, (value >> 8) & 255, value & 255])
const record = (body: Buffer): Buffer => Buffer.concat([Buffer.from([22]), u16(0x0303), u16(body.length), body])
const records = (body: Buffer): Buffer =>
  Buffer.concat(
    Array.from({ length: Math.ceil(body.length / 16_000) }, (_, at) =>
      record(body.subarray(at * 16_000, (at + 1) * 16_000)),
    ),
  )
const message = (type: number, body: Buffer): Buffer => Buffer.concat([Buffer.from([type]), u24(body.length), body])
const hello = (extensions = Buffer.alloc(0)): Buffer =>
  message(
    2,
    Buffer.concat([
      u16(0x0303),
      Buffer.alloc(32, 1),
      Buffer.from([0]),
      u16(0xc02f),
      Buffer.from([0]),
      ...(extensions.length ? [u16(extensions.length), extensions] : []),
    ]),
  )
const chain = (certificates: Buffer[]): Buffer => {
  const list = Buffer.concat(certificates.map(der => Buffer.concat([u24(der.length), der])))
  return message(11, Buffer.concat([u24(list.length), list]))
}
const made = make({ subject: 'CN=www.example.com', names: ['www.example.com'], kind: 'rsa' })
const der = Buffer.from(made.der, 'base64')
const nested = (depth: number): Buffer => {
  let body = Buffer.from([0x05, 0x00])
  for (let at = 0; at < depth; at++)
    body = Buffer.concat([
      body.length < 128
        ? Buffer.from([0x30, body.length])
        : Buffer.from([0x30, 0x82, body.length >> 8, body.length & 255]),
      body,
    ])
  return body
}
const endOf = message(14, Buffer.alloc(0))

const malformed: [string, Buffer][] = [
  ['nothing', Buffer.alloc(0)],
  ['zeros', Buffer.alloc(60_000)],
  ['ones', Buffer.alloc(60_000, 0xff)],
  ['a length that lies', Buffer.from([0x30, 0x84, 0x7f, 0xff, 0xff, 0xff, 0x30])],
  ['a length without an end', Buffer.concat([Buffer.from([0x30, 0x80]), Buffer.alloc(50_000, 0x30)])],
  ['sequences in sequences', nested(5_000)],
  ['half a certificate', der.subarray(0, der.length / 2)],
  ['a certificate with a length changed', Buffer.concat([der.subarray(0, 6), Buffer.from([0xff]), der.subarray(7)])],
  [
    'names of a million bytes',
    Buffer.concat([Buffer.from([0x30, 0x83, 0x0f, 0x42, 0x40]), Buffer.alloc(1_000_000, 0x31)]),
  ],
  ...Array.from({ length: 20 }, (_, at): [string, Buffer] => [
    `a byte turned over at ${at * 31}`,
    Buffer.from(der.map((byte, place) => (place === at * 31 ? byte ^ 0xff : byte))),
  ]),
]

describe('TLS', () => {
  const ask = async (speak: (socket: Socket) => void) => {
    const server = await tcpServer(socket => {
      socket.on('error', () => {})
      socket.once('data', () => speak(socket as Socket))
    })
    const offer = {
      versions: ['TLSv1.3', 'TLSv1.2'] as const,
      suites: [...suitesOf13, ...suitesBelow13],
      serverName: 'www.example.com',
      alpn: [],
    }
    return costOf(() =>
      readTls(connect(server.port, '127.0.0.1'), { ...offer, versions: [...offer.versions] }, 1_500, systemClock),
    )
  }
  it.each<[string, (socket: Socket) => void]>([
    [
      'a handshake of requests without an end',
      socket => {
        socket.write(record(hello()))
        flood(socket, record(message(0, Buffer.alloc(0))))
      },
    ],
    ['empty records without an end', socket => flood(socket, record(Buffer.alloc(0)))],
    [
      'certificates without an end',
      socket => {
        socket.write(record(hello()))
        flood(socket, records(chain(Array.from({ length: 10 }, () => der))))
      },
    ],
    [
      'one message of sixteen megabytes',
      socket => {
        socket.write(Buffer.concat([record(hello()), record(Buffer.concat([Buffer.from([11]), u24(0xffffff)]))]))
        flood(socket, record(Buffer.alloc(16_000)))
      },
    ],
    [
      'a handshake of one byte a record',
      socket => {
        for (const byte of Buffer.concat([hello(), chain([der])])) socket.write(record(Buffer.from([byte])))
      },
    ],
    [
      'extensions of 60,000 bytes',
      socket =>
        socket.write(
          records(hello(Buffer.concat(Array.from({ length: 15_000 }, () => Buffer.from([0xaa, 0xaa, 0, 0]))))),
        ),
    ],
    [
      'an extension that lies about its length',
      socket => socket.write(record(hello(Buffer.from([0, 43, 0xff, 0xff, 3, 4])))),
    ],
    ['alerts without an end', socket => flood(socket, Buffer.from([21, 3, 3, 0, 2, 1, 0]))],
    ['a hello again and again', socket => flood(socket, record(hello()))],
  ])('%s', async (_, speak) => {
    const { cost } = await ask(speak)
    cheap(cost)
  })

  it('a hundred certificates', async () => {
    const { value, cost } = await ask(socket =>
      socket.write(
        Buffer.concat([record(hello()), records(chain(Array.from({ length: 100 }, () => der))), record(endOf)]),
      ),
    )
    cheap(cost)
    expect(JSON.stringify(value).length).toBeLessThan(2_000_000)
  })

  it.each(malformed)('a certificate of %s', async (_, bytes) => {
    const { cost } = await costOf(() => tryCertificate(bytes))
    cheap(cost)
    const told = await ask(socket =>
      socket.write(Buffer.concat([record(hello()), records(chain([bytes])), record(endOf)])),
    )
    cheap(told.cost)
  })
})

describe('SMTP', () => {
  const answers = (greeting: string, talk: (socket: Socket, line: string) => void) =>
    tcpServer(socket => {
      socket.on('error', () => {})
      socket.write(greeting)
      socket.on('data', chunk => talk(socket as Socket, chunk.toString('latin1').trim()))
    })
  const ehlo = '250-a\r\n250 STARTTLS\r\n'
  it.each<[string, string, (socket: Socket, line: string) => void]>([
    ['a greeting without an end', '220-a\r\n', socket => flood(socket, '220-a\r\n')],
    ['lines without an end', '220 ', socket => flood(socket, 'a'.repeat(10_000))],
    ['extensions without an end', '220 a\r\n', socket => flood(socket, '250-A\r\n')],
    ['answers before they are asked for', '220 a\r\n250-a\r\n250 STARTTLS\r\n220 go\r\n250 a\r\n', () => {}],
    [
      'words behind STARTTLS, in the clear',
      '220 a\r\n',
      (socket, line) => socket.write(line.startsWith('EHLO') ? ehlo : '220 go\r\n250 injected\r\n250 again\r\n'),
    ],
    [
      'noise in the place of a handshake',
      '220 a\r\n',
      (socket, line) =>
        line.startsWith('EHLO')
          ? socket.write(ehlo)
          : socket.write('220 go\r\n', () => flood(socket, Buffer.alloc(10_000, 0x16))),
    ],
    ['codes that are none', '220 a\r\n', socket => socket.write('99999 a\r\n\0\r\n-\r\n')],
    ['words for a terminal', '220 \u001b[2J\u001b]0;owned\u0007\r\n', socket => socket.write('250 \u001b[31m\r\n')],
    ['drops', '2', socket => socket.write('2')],
  ])('%s', async (_, greeting, talk) => {
    const server = await answers(greeting, talk)
    const network = makeNetwork({
      connectTo: [parseConnectTo(`mx.example:25:127.0.0.1:${server.port}`)],
      timeoutMs: 1_000,
    })
    const { value, cost } = await costOf(() => network.smtp({ host: 'mx.example' }))
    cheap(cost)
    expect(JSON.stringify(value).length).toBeLessThan(500_000)
  })
})

describe('IMAP', () => {
  it.each<[string, string, (socket: Socket, tag: string, line: string) => void]>([
    ['a greeting without an end', '* OK ', socket => flood(socket, 'a'.repeat(10_000))],
    ['untagged answers without an end', '* OK a\r\n', socket => flood(socket, '* LIST () "/" a\r\n')],
    ['a literal of a terabyte', '* OK {999999999999}\r\n', socket => flood(socket, 'a'.repeat(10_000))],
    [
      'capabilities without an end',
      '* OK a\r\n',
      (socket, tag) => {
        socket.write('* CAPABILITY')
        flood(socket, ' IMAP4rev1')
        void tag
      },
    ],
    ['brackets without an end', '* OK a\r\n', socket => flood(socket, '* LIST (((((((((((((((((((')],
    ['answers to others', '* OK a\r\n', socket => socket.write('ZZZ OK a\r\n')],
    ['a refusal of everything', '* OK a\r\n', (socket, tag) => socket.write(`${tag} NO a\r\n`)],
    [
      'STARTTLS and words in the clear',
      '* OK [CAPABILITY IMAP4rev1 STARTTLS] a\r\n',
      (socket, tag) => socket.write(`* CAPABILITY IMAP4rev1 STARTTLS\r\n${tag} OK go\r\n* OK injected\r\n`),
    ],
  ])('%s', async (_, greeting, talk) => {
    const server = await tcpServer(socket => {
      socket.on('error', () => {})
      socket.write(greeting)
      socket.on('data', chunk => {
        const line = chunk.toString('latin1')
        talk(socket as Socket, line.split(' ')[0]!, line)
      })
    })
    const network = makeNetwork({
      connectTo: [parseConnectTo(`imap.example::127.0.0.1:${server.port}`)],
      timeoutMs: 1_000,
    })
    const box = {
      host: 'imap.example',
      port: 143,
      secure: false,
      user: 'canary@example.com',
      password: 'of-a-test',
      plaintext: false,
    }
    const { value, cost } = await costOf(() => openImap(network, box))
    if (value.ok) await (value.value as { close?: () => Promise<void> }).close?.()
    cheap(cost)
    expect(value.ok).toBe(false)
  })
})

describe('DNSSEC', () => {
  it('hashes names no more often than a bound, whatever the zone says', async () => {
    const { cost } = await costOf(() => {
      for (let at = 0; at < 100; at++) nsec3Hash(`a${at}.example`, 'aabb', 65_535)
    })
    cheap(cost)
  })

  it('tries few keys of one tag (KeyTrap, CVE-2023-50387)', async () => {
    const key = {
      flags: 256,
      protocol: 3,
      algorithm: 13,
      keyTag: 4711,
      publicKey: Buffer.alloc(64, 1).toString('base64'),
    }
    const signature = {
      ...{ typeCovered: 'A', algorithm: 13, labels: 2, originalTtl: 300, keyTag: 4711, signer: 'example.com' },
      ...{ inception: 1_700_000_000, expiration: 1_900_000_000, signature: Buffer.alloc(64, 2).toString('base64') },
    }
    const of = (type: string, fields: object) => ({ name: 'www.example.com', type, ttl: 300, data: '', fields })
    const { value, cost } = await costOf(() =>
      verifySet(
        [of('A', { address: '192.0.2.1' })] as never,
        Array.from({ length: 500 }, () => of('RRSIG', signature)) as never,
        Array.from({ length: 500 }, () => key) as never,
        'example.com',
        1_800_000_000,
      ),
    )
    cheap(cost)
    expect(cost.workMs).toBeLessThan(2_000)
    expect(value.ok).toBe(false)
  })
})

describe('a resolver and a clock', () => {
  const sound = hostileWorlds.find(({ name }) => name === 'records: private addresses')!

  it('a resolver that dies half-way is nobody’s outage', async () => {
    const running = await startWorld(loadWorld(stringify(sound.world)))
    onTestFinished(() => running.close())
    const args = running.args()
    const own = args[args.indexOf('--resolver') + 1]!
    const [host, port] = own.split(':') as [string, string]
    const front = createSocket('udp4').bind(0, '127.0.0.1')
    await once(front, 'listening')
    const behind = createSocket('udp4')
    const asked = new Map<number, RemoteInfo>()
    onTestFinished(() => {
      front.close()
      behind.close()
    })
    let left = 40
    front.on('message', (query, from) => {
      if (left-- <= 0) return
      asked.set(query.readUInt16BE(0), from)
      behind.send(query, Number(port), host)
    })
    behind.on('message', answer => {
      const from = asked.get(answer.readUInt16BE(0))
      if (from) front.send(answer, from.port, from.address)
    })
    const through = args.map(word => (word === own ? `127.0.0.1:${(front.address() as AddressInfo).port}` : word))
    const { report, exit } = await auditWorld(Object.create(running, { args: { value: () => through } }), [
      '--fail-on',
      'never',
    ])
    expect([0, 3]).toContain(exit)
    const { report: whole } = await auditWorld(running, ['--fail-on', 'never'])
    const keyOf = ({ check, outcome, subject }: (typeof whole.findings)[number]): string =>
      `${check} ${outcome} ${subject}`
    const known = new Set(whole.findings.map(keyOf))
    expect(
      report.findings
        .filter(({ severity }) => severity === 'blocker' || severity === 'high')
        .map(keyOf)
        .filter(key => !known.has(key)),
    ).toEqual([])
  })

  it('a clock that jumps by years ends no run and dates no finding into another century', async () => {
    const running = await startWorld(loadWorld(stringify(sound.world)))
    onTestFinished(() => running.close())
    let turn = 0
    const jumps = [0, 3.15e11, -3.15e11, 8.64e7, -8.64e7]
    const jumping = Object.create(running, {
      now: { get: () => new Date(Date.UTC(2026, 10, 25) + jumps[turn++ % jumps.length]!) },
    })
    const { value, cost } = await costOf(() => auditWorld(jumping, ['--fail-on', 'never']))
    expect([0, 3]).toContain(value.exit)
    expect(value.err).not.toContain('defect')
    cheap(cost)
  })
})

// The SOCKS5 server of a browser's flow (RFC 1928): every connection goes through our own dialler.
import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { missing } from '../../src/core/fact.ts'
import type { DialRequest } from '../../src/net/network.ts'
import { startSocks } from '../../src/net/socks.ts'
import { makeNetwork, tcpServer, until } from './support.ts'

const greeting = Buffer.from([5, 1, 0])
const requestFor = (host: string, port: number, command = 1): Buffer =>
  Buffer.concat([Buffer.from([5, command, 0, 3, host.length]), Buffer.from(host), Buffer.from([port >> 8, port & 255])])
const byAddress = (kind: number, address: number[], port: number): Buffer =>
  Buffer.from([5, 1, 0, kind, ...address, port >> 8, port & 255])

/** A connection to the server; `read` gives exactly so many of the bytes that came. */
const client = async (port: number) => {
  const socket = connect(port, '127.0.0.1')
  let seen = Buffer.alloc(0)
  let closed = false
  socket.on('error', () => {})
  socket.on('close', () => {
    closed = true
  })
  socket.on('data', chunk => {
    seen = Buffer.concat([seen, chunk])
  })
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')
  return {
    write: (bytes: Buffer | string) => socket.write(bytes),
    async read(length: number): Promise<Buffer> {
      await until(() => seen.length >= length || closed)
      const bytes = seen.subarray(0, length)
      seen = seen.subarray(length)
      return bytes
    },
    closed: () => until(() => closed),
  }
}

const start = async (answer: 'echo' | 'refused' | 'unsupported' = 'echo') => {
  const server = await tcpServer(socket => void socket.on('data', chunk => socket.write(`echo ${chunk}`)))
  const net = makeNetwork({ ownHosts: ['127.0.0.1'] })
  const asked: DialRequest[] = []
  const socks = await startSocks(async request => {
    asked.push(request)
    return answer === 'echo' ? net.dial({ host: '127.0.0.1', port: server.port }) : missing(answer, 'no')
  })
  onTestFinished(() => socks.close())
  return { socks, asked }
}

describe('the SOCKS server', () => {
  it('dials what is asked for and joins both ends, though all comes at once or byte by byte', async () => {
    const { socks, asked } = await start()
    const atOnce = await client(socks.port)
    atOnce.write(Buffer.concat([greeting, requestFor('www.example', 443), Buffer.from('early')]))
    expect([...(await atOnce.read(2))]).toEqual([5, 0])
    expect((await atOnce.read(10))[1]).toBe(0)
    expect((await atOnce.read(10)).toString()).toBe('echo early')
    const slow = await client(socks.port)
    for (const byte of Buffer.concat([greeting, requestFor('x.example', 80)])) {
      slow.write(Buffer.from([byte]))
      await new Promise(resolve => setImmediate(resolve))
    }
    expect((await slow.read(12))[3]).toBe(0)
    slow.write('hi')
    expect((await slow.read(7)).toString()).toBe('echo hi')
    expect(asked).toEqual([
      { host: 'www.example', port: 443 },
      { host: 'x.example', port: 80 },
    ])
  })

  it.each([
    ['an IPv4 address', byAddress(1, [192, 0, 2, 1], 8443), { host: '192.0.2.1', port: 8443 }],
    [
      'an IPv6 address',
      byAddress(4, [0x20, 1, 0xd, 0xb8, ...Array(11).fill(0), 1], 443),
      { host: '2001:db8:0:0:0:0:0:1', port: 443 },
    ],
  ])('reads %s', async (_, request, expected) => {
    const { socks, asked } = await start('refused')
    const socket = await client(socks.port)
    socket.write(Buffer.concat([greeting, request]))
    await socket.read(12)
    expect(asked).toEqual([expected])
  })

  it.each([
    ['refused', 5],
    ['unsupported', 4],
  ] as const)('says why not, and keeps the reason: %s', async (reason, code) => {
    const { socks } = await start(reason)
    const socket = await client(socks.port)
    socket.write(Buffer.concat([greeting, requestFor('www.example', 443)]))
    expect((await socket.read(12))[3]).toBe(code)
    expect(socks.failures.get('www.example')).toMatchObject({ reason })
  })

  it('does nothing but CONNECT, and hangs up on what is no SOCKS5', async () => {
    const { socks, asked } = await start()
    const bind = await client(socks.port)
    bind.write(Buffer.concat([greeting, requestFor('www.example', 443, 2)]))
    expect((await bind.read(12))[3]).toBe(7)
    const http = await client(socks.port)
    http.write('GET / HTTP/1.1\r\n\r\n')
    await http.closed()
    expect(asked).toEqual([])
  })

  it('ends open connections when it closes', async () => {
    const { socks } = await start()
    const socket = await client(socks.port)
    socket.write(Buffer.concat([greeting, requestFor('www.example', 443)]))
    await socket.read(12)
    await Promise.all([socket.closed(), socks.close()])
  })
})

// Hostile and honest servers on loopback for the tests of net/.
import { createSocket, type RemoteInfo } from 'node:dgram'
import net, { type AddressInfo, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import { encodeName, typeCode } from '../../src/formats/dns/wire.ts'
import { systemClock } from '../../src/net/clock.ts'
import { createNetwork } from '../../src/net/create-network.ts'
import type { Network, NetworkOptions } from '../../src/net/network.ts'

export const makeNetwork = (given: Partial<NetworkOptions> = {}): Network => {
  const network = createNetwork({
    clock: systemClock,
    resolvers: [{ protocol: 'udp', host: '127.0.0.1', port: 1 }],
    connectTo: [],
    ca: [],
    timeoutMs: 5_000,
    concurrency: 50,
    userAgent: 'launch-ready/test',
    signal: new AbortController().signal,
    ...given,
  })
  onTestFinished(() => network.close())
  return network
}

export type Query = { id: number; name: string; nameBytes: Buffer; type: number; edns: boolean; raw: Buffer }

/** Reads the question of a query, as plainly as possible: this is the other side's reading, not ours. */
export const readQuery = (raw: Buffer): Query => {
  let at = 12
  const labels: string[] = []
  while (raw[at]) {
    labels.push(raw.toString('latin1', at + 1, at + 1 + raw[at]!))
    at += raw[at]! + 1
  }
  return {
    id: raw.readUInt16BE(0),
    name: labels.join('.'),
    nameBytes: raw.subarray(12, at + 1),
    type: raw.readUInt16BE(at + 1),
    edns: raw.readUInt16BE(10) > 0,
    raw,
  }
}

export type Answer = { name?: Buffer; type: string; ttl?: number; data: Buffer }
export type ReplyParts = {
  id?: number
  rcode?: number
  flags?: number
  question?: Buffer
  answers?: Answer[]
  authorities?: Answer[]
}

/** A reply to a query; every part can be made wrong. */
export const reply = (query: Query, parts: ReplyParts = {}): Buffer => {
  const typeBytes = Buffer.alloc(4)
  typeBytes.writeUInt16BE(query.type, 0)
  typeBytes.writeUInt16BE(1, 2)
  const question = parts.question ?? Buffer.concat([query.nameBytes, typeBytes])
  const header = Buffer.alloc(12)
  header.writeUInt16BE(parts.id ?? query.id, 0)
  header.writeUInt16BE(0x8180 | (parts.flags ?? 0) | (parts.rcode ?? 0), 2)
  header.writeUInt16BE(1, 4)
  header.writeUInt16BE(parts.answers?.length ?? 0, 6)
  header.writeUInt16BE(parts.authorities?.length ?? 0, 8)
  const encode = (answer: Answer): Buffer => {
    const fixed = Buffer.alloc(10)
    fixed.writeUInt16BE(typeCode(answer.type)!, 0)
    fixed.writeUInt16BE(1, 2)
    fixed.writeUInt32BE(answer.ttl ?? 60, 4)
    fixed.writeUInt16BE(answer.data.length, 8)
    return Buffer.concat([answer.name ?? Buffer.from([0xc0, 12]), fixed, answer.data])
  }
  return Buffer.concat([header, question, ...[...(parts.answers ?? []), ...(parts.authorities ?? [])].map(encode)])
}

export const a = (address: string, name?: string): Answer => ({
  type: 'A',
  data: Buffer.from(address.split('.').map(Number)),
  ...(name === undefined ? {} : { name: encodeName(name) }),
})
export const cname = (target: string, name?: string): Answer => ({
  type: 'CNAME',
  data: encodeName(target),
  ...(name === undefined ? {} : { name: encodeName(name) }),
})

export type DnsServer = { port: number; queries: Query[]; from: RemoteInfo[] }

/** A UDP name server; `handle` returns the datagrams to send. */
export const udpServer = async (
  handle: (query: Query) => Buffer[] | Promise<Buffer[]>,
  port = 0,
): Promise<DnsServer> => {
  const socket = createSocket('udp4')
  const queries: Query[] = []
  const from: RemoteInfo[] = []
  socket.on('message', async (raw, remote) => {
    const query = readQuery(raw)
    queries.push(query)
    from.push(remote)
    for (const datagram of await handle(query)) socket.send(datagram, remote.port, remote.address)
  })
  await new Promise<void>(resolve => socket.bind(port, '127.0.0.1', resolve))
  onTestFinished(() => void socket.close())
  return { port: socket.address().port, queries, from }
}

/** Frames of a DNS stream: calls `handle` with every whole message. */
export const onDnsStream = (socket: Socket | NodeJS.ReadWriteStream, handle: (query: Query) => Buffer[]): void => {
  let buffered = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    buffered = Buffer.concat([buffered, chunk])
    while (buffered.length >= 2 && buffered.length >= 2 + buffered.readUInt16BE(0)) {
      const end = 2 + buffered.readUInt16BE(0)
      for (const message of handle(readQuery(buffered.subarray(2, end)))) {
        const head = Buffer.alloc(2)
        head.writeUInt16BE(message.length)
        socket.write(Buffer.concat([head, message]))
      }
      buffered = buffered.subarray(end)
    }
  })
}

export type TcpServer = { port: number; connections: () => number }

/** A raw TCP server whose sockets end with the test. */
export const tcpServer = async (handle: (socket: Socket) => void, port = 0): Promise<TcpServer> => {
  const sockets = new Set<Socket>()
  let count = 0
  const server = net.createServer(socket => {
    count += 1
    sockets.add(socket)
    socket.on('error', () => {})
    handle(socket)
  })
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, connections: () => count }
}

/** A resolver endpoint on loopback. */
export const local = (port: number) => ({ protocol: 'udp' as const, host: '127.0.0.1', port })

/** Waits until real sockets have brought something about; the test's own deadline ends a wait in vain. */
export const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise(resolve => setTimeout(resolve, 1))
  // What was sent in the same moment arrives.
  await new Promise(resolve => setTimeout(resolve, 5))
}

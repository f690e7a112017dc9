// A SOCKS5 server on loopback (RFC 1928, CONNECT alone), for a browser that walks a flow: every connection that the browser opens is
// dialled by us, so that the same resolver, --connect-to rules and refusal of private addresses hold for it, and no name is looked up
// elsewhere. Bytes and connections are bounded.
import { createServer, type Socket } from 'node:net'
import type { Fact, Missing } from '../core/fact.ts'
import type { Dialled, DialRequest } from './network.ts'

export type Socks = {
  port: number
  /** Why a host was not connected to, by host name: the last reason. */
  failures: ReadonlyMap<string, Missing>
  close(): Promise<void>
}

const most = { connections: 200, bytes: 200 * 1024 * 1024, failures: 100 }

/** RFC 1928 §6: general failure, host unreachable, connection refused, command not supported. */
const replies = { done: 0, failed: 1, unreachable: 4, refused: 5, command: 7 } as const
const reply = (code: number): Buffer => Buffer.from([5, code, 0, 1, 0, 0, 0, 0, 0, 0])

/** The length of a greeting or request that has arrived whole; null while bytes are missing. */
const requestLength = (bytes: Buffer): number | null => {
  if (bytes.length < 5) return null
  const address = { 1: 4, 3: 1 + bytes[4]!, 4: 16 }[bytes[3]!] ?? 0
  const length = 4 + address + 2
  return bytes.length < length ? null : length
}

const hostOf = (bytes: Buffer): string | null => {
  switch (bytes[3]) {
    case 1:
      return [...bytes.subarray(4, 8)].join('.')
    case 3:
      return bytes.toString('latin1', 5, 5 + bytes[4]!)
    case 4:
      return Array.from({ length: 8 }, (_, at) => bytes.readUInt16BE(4 + at * 2).toString(16)).join(':')
    default:
      return null
  }
}

type Dial = (request: DialRequest) => Promise<Fact<Dialled>>

/** What the server holds: its open sockets, and what has gone through it so far. */
type State = {
  dial: Dial
  failures: Map<string, Missing>
  open: Set<{ destroy(): unknown }>
  connections: number
  bytes: number
}

/** Joins both ends; when one closes, or the bound is reached, both do. */
const join = (state: State, client: Socket, socket: Dialled['socket']): void => {
  state.open.add(socket)
  const end = (): void => {
    state.open.delete(socket)
    socket.destroy()
    client.destroy()
  }
  client.on('close', end)
  socket.on('close', end)
  socket.on('error', end)
  socket.on('data', (chunk: Buffer) => {
    state.bytes += chunk.length
    if (state.bytes > most.bytes) end()
  })
  client.write(reply(replies.done))
  client.pipe(socket)
  socket.pipe(client)
  client.resume()
}

/** Does what one request asks for. */
const connect = async (state: State, client: Socket, request: Buffer): Promise<void> => {
  const host = hostOf(request)
  const refuse = (code: number): void => void client.end(reply(code))
  if (request[1] !== 1 || host === null) return refuse(replies.command)
  if (++state.connections > most.connections) return refuse(replies.failed)
  const opened = await state.dial({ host, port: request.readUInt16BE(request.length - 2) })
  if (!opened.ok) {
    const { failures } = state
    if (failures.size < most.failures || failures.has(host)) failures.set(host, opened)
    return refuse(opened.reason === 'refused' ? replies.refused : replies.unreachable)
  }
  if (client.destroyed) return void opened.value.socket.destroy()
  join(state, client, opened.value.socket)
}

/** Reads the greeting and the request of a client (RFC 1928 §3, §4). */
const serve = (state: State, client: Socket): void => {
  state.open.add(client)
  let seen = Buffer.alloc(0)
  let greeted = false
  client.setNoDelay(true)
  client.on('close', () => state.open.delete(client))
  client.on('error', () => client.destroy())
  const read = (chunk: Buffer): void => {
    seen = Buffer.concat([seen, chunk])
    if (seen[0] !== 5 || seen.length > 1024) return void client.destroy()
    if (!greeted) {
      const length = seen.length < 2 ? null : 2 + seen[1]!
      if (length === null || seen.length < length) return
      seen = seen.subarray(length)
      greeted = true
      client.write(Buffer.from([5, 0]))
      if (seen.length === 0) return
    }
    const length = requestLength(seen)
    if (length === null) return
    client.off('data', read)
    client.pause()
    const request = seen.subarray(0, length)
    if (seen.length > length) client.unshift(seen.subarray(length))
    void connect(state, client, request)
  }
  client.on('data', read)
}

/** Starts the server; `dial` opens what is asked for. */
export const startSocks = async (dial: Dial): Promise<Socks> => {
  const state: State = { dial, failures: new Map(), open: new Set(), connections: 0, bytes: 0 }
  const server = createServer(client => serve(state, client))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  return {
    port: address && typeof address === 'object' ? address.port : 0,
    failures: state.failures,
    async close() {
      for (const each of state.open) each.destroy()
      await new Promise<void>(resolve => server.close(() => resolve()))
    },
  }
}

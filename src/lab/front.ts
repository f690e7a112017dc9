// The door of an address: a loopback port that accepts connections, looks at the TLS server name where there is one, and
// relays to the server behind, late by the injected round-trip time.
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import type { LabLog } from './log.ts'

/** Where a connection goes: a loopback port behind, or nowhere. */
export type Destination = number | 'silent' | 'reset'

/** A client's connection, found by the port that the relay has towards the server behind. */
export type Relayed = { client: Socket; address: string; id: number; start: number }

export type Relays = { byPorts: Map<string, Relayed>; next: number }
export const createRelays = (): Relays => ({ byPorts: new Map(), next: 1 })

/** The kernel gives one local port to connections to several servers at once: both ends name a connection. */
const portsOf = (from: number | undefined, to: number | undefined): string => `${from} ${to}`

/** The connection of a client, as the server behind sees it. */
export const relayedBy = (
  relays: Relays,
  socket: { remotePort?: number | undefined; localPort?: number | undefined } | undefined,
): Relayed | undefined => relays.byPorts.get(portsOf(socket?.remotePort, socket?.localPort))

/** Cuts the client's connection with a TCP reset. */
export const resetClient = (relays: Relays, socket: Parameters<typeof relayedBy>[1]): void => {
  relayedBy(relays, socket)?.client.resetAndDestroy()
}

export type Front = { port: number; close(): Promise<void> }

/** Server name of a ClientHello (RFC 6066 §3); null where there is none, undefined where bytes are missing still. */
export const serverNameOf = (bytes: Buffer): string | null | undefined => {
  if (bytes.length < 5) return undefined
  if (bytes[0] !== 22) return null
  if (bytes.length < 5 + bytes.readUInt16BE(3)) return undefined
  try {
    let at = 5 + 4 + 2 + 32
    at += 1 + bytes[at]!
    at += 2 + bytes.readUInt16BE(at)
    at += 1 + bytes[at]!
    const end = at + 2 + bytes.readUInt16BE(at)
    at += 2
    while (at + 4 <= end) {
      const type = bytes.readUInt16BE(at)
      const length = bytes.readUInt16BE(at + 2)
      if (type === 0) return bytes.toString('latin1', at + 9, at + 4 + length).toLowerCase()
      at += 4 + length
    }
  } catch {
    // A ClientHello that lies about its lengths has no name.
  }
  return null
}

/** Hands chunks on in order, each `delay()` milliseconds after it came. */
const forward = (from: Socket, to: Socket, delay: () => number): void => {
  const queue: { at: number; run: () => void }[] = []
  let timer: NodeJS.Timeout | undefined
  const drain = (): void => {
    timer = undefined
    while (queue[0] && queue[0].at <= performance.now() + 0.5) queue.shift()!.run()
    if (queue[0]) timer = setTimeout(drain, Math.max(0, queue[0].at - performance.now()))
  }
  const push = (run: () => void): void => {
    const at = Math.max(queue.at(-1)?.at ?? 0, performance.now() + delay())
    queue.push({ at, run })
    if (timer === undefined) timer = setTimeout(drain, delay())
  }
  from.on('data', chunk => push(() => to.writable && to.write(chunk)))
  from.on('end', () => push(() => to.end()))
}

const relay = (
  client: Socket,
  first: Buffer | null,
  port: number,
  info: Omit<Relayed, 'client'>,
  rtt: number,
  relays: Relays,
): void => {
  const inner = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  let own = ''
  const known = { client, ...info }
  inner.once('connect', () => {
    own = portsOf(inner.localPort, port)
    relays.byPorts.set(own, known)
  })
  inner.on('error', () => client.destroy())
  client.on('error', () => inner.destroy())
  client.on('close', () => inner.destroy())
  inner.on('close', () => {
    // The port may be another's already.
    if (relays.byPorts.get(own) === known) relays.byPorts.delete(own)
    // What is still on its way to the client arrives first.
    if (rtt > 0) setTimeout(() => client.destroy(), rtt).unref()
    else if (!client.writableFinished) client.end()
  })
  if (rtt === 0) {
    if (first) inner.write(first)
    client.pipe(inner)
    inner.pipe(client)
    return
  }
  let answered = false
  inner.once('data', () => {
    answered = true
  })
  if (first) client.unshift(first)
  // Until the server has answered, the client's bytes also pay for the handshake, which the kernel did at once.
  forward(client, inner, () => (answered ? rtt / 2 : rtt * 1.5))
  forward(inner, client, () => rtt / 2)
  client.resume()
}

export type FrontOptions = {
  address: string
  /** Whether clients speak first with a ClientHello that names the host. */
  peek: boolean
  rtt: number
  relays: Relays
  log: LabLog
  label: string
  choose(serverName: string | null): Destination
}

/** Opens the door; `choose` is asked at each connection. */
export const serveFront = async (options: FrontOptions): Promise<Front> => {
  const { rtt, relays, log } = options
  const clients = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true, noDelay: true }, client => {
    const start = performance.now()
    const id = relays.next++
    clients.add(client)
    client.on('close', () => clients.delete(client)).on('error', () => {})
    log.add({ kind: 'tcp', to: options.label, what: 'connect', start, end: start + rtt, connection: id })
    const go = (name: string | null, first: Buffer | null): void => {
      const destination = options.choose(name)
      if (destination === 'silent') client.resume()
      else if (destination === 'reset') {
        if (first) client.resetAndDestroy()
        else client.once('data', () => client.resetAndDestroy())
      } else relay(client, first, destination, { address: options.address, id, start }, rtt, relays)
    }
    if (!options.peek) return go(null, null)
    let pending = Buffer.alloc(0)
    const look = (chunk: Buffer): void => {
      pending = Buffer.concat([pending, chunk])
      const name = serverNameOf(pending)
      if (name === undefined && pending.length < 32_768) return
      client.off('data', look)
      client.pause()
      go(name ?? null, pending)
    }
    client.on('data', look)
    client.once('end', () => pending.length === 0 && client.end())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as { port: number }).port,
    close: async () => {
      for (const client of clients) client.destroy()
      await new Promise(done => server.close(done))
    },
  }
}

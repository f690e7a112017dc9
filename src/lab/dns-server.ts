// The lab's name servers on the wire: one loopback port per address, the same number for UDP and TCP, with their faults.
import { createSocket, type Socket as UdpSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { answerAt, type DnsState, type NameServer, type Outcome, resolve } from './dns-state.ts'
import { decodeQuery, encodeReply, type Query, type Reply } from './dns-wire.ts'
import type { LabLog } from './log.ts'
import type { ServerFault } from './world.ts'

export type DnsEndpoint = { port: number; setTcp(open: boolean): Promise<void>; close(): Promise<void> }

type Responder = (query: Query) => Outcome | null

/** Spoils a reply as the fault says; null: nothing is sent. */
const spoil = (message: Buffer, query: Query, fault: ServerFault | undefined): Buffer | null => {
  switch (fault) {
    case 'silent':
      return null
    case 'wrong-id':
      message.writeUInt16BE(query.id ^ 0x5a5a, 0)
      return message
    case 'wrong-question':
      message[13] = message[13] === 0x78 ? 0x79 : 0x78
      return message
    case 'malformed':
      return message.subarray(0, Math.max(7, message.length >> 1))
    case 'compression-loop': {
      const loop = Buffer.from(message)
      loop.writeUInt16BE(1, 6)
      const end = 12 + query.question.length
      return Buffer.concat([
        loop.subarray(0, end),
        Buffer.from([0xc0, end, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1]),
      ])
    }
    default:
      return message
  }
}

const truncate = (query: Query, reply: Reply): Buffer =>
  encodeReply(query, { ...reply, truncated: true, answers: [], authorities: [], additionals: [] })

/** The messages of a zone transfer (RFC 5936), or the refusal. */
const transferMessages = (server: NameServer, query: Query): Buffer[] => {
  const zone = server.zones.get(query.name)
  const soa = zone?.data.records.find(record => record.type === 'SOA')
  if (!zone?.transfer || !soa)
    return [encodeReply(query, { rcode: 'REFUSED', answers: [], authorities: [], additionals: [] })]
  const records = [soa, ...zone.data.records.filter(record => record !== soa), soa]
  const messages: Buffer[] = []
  for (let at = 0; at < records.length; at += 50) {
    messages.push(
      encodeReply(query, {
        rcode: 'NOERROR',
        authoritative: true,
        answers: records.slice(at, at + 50),
        authorities: [],
        additionals: [],
      }),
    )
  }
  return messages
}

const later = (milliseconds: number, run: () => void): void => {
  if (milliseconds <= 0) run()
  else setTimeout(run, milliseconds).unref()
}

const bindBoth = async (): Promise<{ udp: UdpSocket; tcp: Server; port: number }> => {
  for (let attempt = 0; ; attempt++) {
    const udp = createSocket('udp4')
    udp.bind(0, '127.0.0.1')
    await once(udp, 'listening')
    const { port } = udp.address()
    const tcp = createServer()
    try {
      tcp.listen(port, '127.0.0.1')
      await once(tcp, 'listening')
      return { udp, tcp, port }
    } catch (error) {
      udp.close()
      if (attempt >= 20) throw error
    }
  }
}

const listen = async (
  name: string,
  respond: Responder,
  transfers: ((query: Query) => Buffer[]) | null,
  rtt: number,
  log: LabLog,
): Promise<DnsEndpoint> => {
  const { udp, tcp, port } = await bindBoth()
  const connections = new Set<Socket>()
  let isOpen = true

  udp.on('message', (message, client) => {
    const start = performance.now()
    const query = decodeQuery(message)
    const outcome = query && respond(query)
    if (!query || !outcome) return
    let bytes = outcome.fault === 'truncate' ? truncate(query, outcome.reply) : encodeReply(query, outcome.reply)
    if (bytes.length > query.udpSize) bytes = truncate(query, outcome.reply)
    const spoilt = spoil(bytes, query, outcome.fault)
    if (!spoilt) return
    later(rtt + outcome.delay, () => {
      log.add({ kind: 'dns', to: name, what: `${query.name || '.'} ${query.type}`, start, end: performance.now() })
      if (isOpen) udp.send(spoilt, client.port, client.address)
    })
  })
  udp.on('error', () => {})

  tcp.on('connection', socket => {
    connections.add(socket)
    socket.on('close', () => connections.delete(socket)).on('error', () => {})
    let pending = Buffer.alloc(0)
    let isFirst = true
    socket.on('data', chunk => {
      pending = Buffer.concat([pending, chunk])
      while (pending.length >= 2 && pending.length >= 2 + pending.readUInt16BE(0)) {
        const start = performance.now()
        const query = decodeQuery(pending.subarray(2, 2 + pending.readUInt16BE(0)))
        pending = pending.subarray(2 + pending.readUInt16BE(0))
        if (!query) continue
        const outcome = query.type === 'AXFR' && transfers ? null : respond(query)
        if (query.type !== 'AXFR' && !outcome) continue
        const messages = outcome
          ? [spoil(encodeReply(query, outcome.reply), query, outcome.fault)]
          : transfers
            ? transfers(query)
            : []
        // The handshake's round trip is paid by the first answer.
        const delay = (isFirst ? 2 * rtt : rtt) + (outcome?.delay ?? 0)
        isFirst = false
        later(delay, () => {
          log.add({
            kind: 'dns',
            to: `${name} tcp`,
            what: `${query.name || '.'} ${query.type}`,
            start,
            end: performance.now(),
          })
          for (const message of messages) {
            if (!message || socket.destroyed) continue
            const length = Buffer.alloc(2)
            length.writeUInt16BE(message.length)
            socket.write(Buffer.concat([length, message]))
          }
        })
      }
    })
  })

  const closeTcp = async (): Promise<void> => {
    for (const socket of connections) socket.destroy()
    if (tcp.listening) await new Promise(done => tcp.close(done))
  }
  return {
    port,
    setTcp: async open => {
      if (!open) await closeTcp()
      else if (!tcp.listening) await once(tcp.listen(port, '127.0.0.1'), 'listening')
    },
    close: async () => {
      isOpen = false
      await closeTcp()
      await new Promise<void>(done => udp.close(done))
    },
  }
}

/** Serves one address of the world; zones are looked up at each query, so changes show at once. */
export const serveNameServer = (state: DnsState, server: NameServer, rtt: number, log: LabLog): Promise<DnsEndpoint> =>
  listen(
    `dns ${server.address}`,
    query => answerAt(state, server, query),
    query => transferMessages(server, query),
    rtt,
    log,
  )

/** Serves the recursive resolver. */
export const serveResolver = (state: DnsState, rtt: number, log: LabLog): Promise<DnsEndpoint> =>
  listen(
    'resolver',
    query => {
      const { fault, delay = 0 } = state.resolver
      if (fault === 'refused' || fault === 'servfail') {
        return {
          reply: {
            rcode: fault === 'refused' ? 'REFUSED' : 'SERVFAIL',
            recursionAvailable: true,
            answers: [],
            authorities: [],
            additionals: [],
          },
          delay,
        }
      }
      const reply = resolve(state, query)
      return reply && { reply, fault, delay }
    },
    null,
    rtt,
    log,
  )

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

/** One address as it is served. */
type Served = {
  name: string
  respond: Responder
  transfers: ((query: Query) => Buffer[]) | null
  rtt: number
  log: LabLog
}

/** Answers after `delay` milliseconds, with its line in the log. */
const answerLater = ({ log }: Served, to: string, query: Query, delay: number, answer: () => void): void => {
  const start = performance.now()
  later(delay, () => {
    log.add({ kind: 'dns', to, what: `${query.name || '.'} ${query.type}`, start, end: performance.now() })
    answer()
  })
}

const serveUdp = (udp: UdpSocket, served: Served, isOpen: () => boolean): void => {
  udp.on('message', (message, client) => {
    const query = decodeQuery(message)
    const outcome = query && served.respond(query)
    if (!query || !outcome) return
    let bytes = outcome.fault === 'truncate' ? truncate(query, outcome.reply) : encodeReply(query, outcome.reply)
    if (bytes.length > query.udpSize) bytes = truncate(query, outcome.reply)
    const spoilt = spoil(bytes, query, outcome.fault)
    if (!spoilt) return
    answerLater(served, served.name, query, served.rtt + outcome.delay, () => {
      if (isOpen()) udp.send(spoilt, client.port, client.address)
    })
  })
  udp.on('error', () => {})
}

/** What is sent for a query over TCP, in order; null: nothing at all. */
const streamAnswer = (
  { respond, transfers }: Served,
  query: Query,
): { messages: (Buffer | null)[]; delay: number } | null => {
  if (query.type === 'AXFR' && transfers) return { messages: transfers(query), delay: 0 }
  const outcome = respond(query)
  if (outcome)
    return { messages: [spoil(encodeReply(query, outcome.reply), query, outcome.fault)], delay: outcome.delay }
  return query.type === 'AXFR' ? { messages: [], delay: 0 } : null
}

const framed = (message: Buffer): Buffer => {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(message.length)
  return Buffer.concat([length, message])
}

const serveStream = (socket: Socket, served: Served): void => {
  let pending = Buffer.alloc(0)
  let isFirst = true
  const answer = (query: Query): void => {
    const found = streamAnswer(served, query)
    if (!found) return
    // The handshake's round trip is paid by the first answer.
    const delay = (isFirst ? 2 : 1) * served.rtt + found.delay
    isFirst = false
    answerLater(served, `${served.name} tcp`, query, delay, () => {
      for (const message of found.messages) if (message && !socket.destroyed) socket.write(framed(message))
    })
  }
  socket.on('data', chunk => {
    pending = Buffer.concat([pending, chunk])
    while (pending.length >= 2 && pending.length >= 2 + pending.readUInt16BE(0)) {
      const end = 2 + pending.readUInt16BE(0)
      const query = decodeQuery(pending.subarray(2, end))
      pending = pending.subarray(end)
      if (query) answer(query)
    }
  })
}

const listen = async (served: Served): Promise<DnsEndpoint> => {
  const { udp, tcp, port } = await bindBoth()
  const connections = new Set<Socket>()
  let isOpen = true
  serveUdp(udp, served, () => isOpen)
  tcp.on('connection', socket => {
    connections.add(socket)
    socket.on('close', () => connections.delete(socket)).on('error', () => {})
    serveStream(socket, served)
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
  listen({
    name: `dns ${server.address}`,
    respond: query => answerAt(state, server, query),
    transfers: query => transferMessages(server, query),
    rtt,
    log,
  })

const failing = (rcode: 'REFUSED' | 'SERVFAIL'): Reply => ({
  rcode,
  recursionAvailable: true,
  answers: [],
  authorities: [],
  additionals: [],
})

/** Serves the recursive resolver. */
export const serveResolver = (state: DnsState, rtt: number, log: LabLog): Promise<DnsEndpoint> =>
  listen({
    name: 'resolver',
    respond: query => {
      const { fault, delay = 0 } = state.resolver
      if (fault === 'refused' || fault === 'servfail')
        return { reply: failing(fault === 'refused' ? 'REFUSED' : 'SERVFAIL'), delay }
      const reply = resolve(state, query)
      return reply && { reply, fault, delay }
    },
    transfers: null,
    rtt,
    log,
  })

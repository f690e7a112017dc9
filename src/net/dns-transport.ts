// One DNS message out, its answer back: over UDP, TCP and TLS. What is not the answer to our question is ignored, within bounds.
import { createSocket } from 'node:dgram'
import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls, type SecureContext } from 'node:tls'
import { type Missing, missing } from '../core/fact.ts'
import { limits } from '../data/limits.ts'
import { peekHeader, peekQuestion } from '../formats/dns/wire.ts'
import { interrupted, type Life } from './life.ts'

/** What came back: a message that answers the question (not yet read), or why none did. */
export type Arrived = { ok: true; message: Buffer } | { ok: false; why: Missing; wrongAnswers: number }

export type Asked = {
  query: Buffer
  id: number
  /** Canonical name, type number: what the answer's question must repeat. */
  name: string
  type: number
  timeoutMs: number
  life: Life
  /** How messages name the server. */
  label: string
  /** Called with a function that ends the wait early. */
  onCancellable(cancel: (why: Missing) => void): void
}

/** True for the answer to our question: id, response bit and question agree. An error may come without its question. */
export const isAnswer = (message: Buffer, asked: Pick<Asked, 'id' | 'name' | 'type'>): boolean => {
  const header = peekHeader(message)
  if (!header?.response || header.id !== asked.id) return false
  if (header.questions === 0) return header.rcode !== 0
  // Whoever has our random id and more than one question is the server, and broken: let the decoder say so.
  if (header.questions > 1) return true
  const question = peekQuestion(message)
  return question !== null && question.name === asked.name && question.type === asked.type && question.class === 1
}

const connectReason = (error: NodeJS.ErrnoException, label: string): Missing => {
  switch (error.code) {
    case 'ECONNREFUSED':
      return missing('refused', `${label} refuses the connection`)
    case 'ETIMEDOUT':
      return missing('timeout', `${label} does not answer`)
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
    case 'EADDRNOTAVAIL':
    case 'EINVAL':
    case 'EAFNOSUPPORT':
      return missing('unreachable', `${label} cannot be reached from here (${error.code})`)
    default:
      return missing('unreachable', `the connection to ${label} failed (${error.code ?? error.message})`)
  }
}

/** Asks over UDP: a fresh socket, so a random source port, connected, so that only the server's datagrams arrive; two sends in one deadline. */
export const askUdp = (endpoint: { host: string; port: number }, asked: Asked): Promise<Arrived> =>
  new Promise(resolve => {
    const socket = createSocket(isIP(endpoint.host) === 6 ? 'udp6' : 'udp4')
    let settled = false
    let wrongAnswers = 0
    let sends = 0
    const timers: NodeJS.Timeout[] = []
    const finish = (arrived: Arrived) => {
      if (settled) return
      settled = true
      for (const timer of timers) clearTimeout(timer)
      offLife()
      socket.close()
      resolve(arrived)
    }
    const fail = (why: Missing) => finish({ ok: false, why, wrongAnswers })
    const offLife = asked.life.onEnd(() => queueMicrotask(() => fail(interrupted())))
    asked.onCancellable(fail)
    const send = () => {
      if (settled) return
      sends += 1
      socket.send(asked.query, error => {
        if (error && sends >= limits.dnsTries) fail(connectReason(error, asked.label))
      })
    }
    socket.on('error', error => fail(connectReason(error, asked.label)))
    socket.on('message', message => {
      if (isAnswer(message, asked)) return finish({ ok: true, message })
      wrongAnswers += 1
      if (wrongAnswers >= limits.dnsWrongAnswers)
        fail(missing('malformed', `${asked.label} sends answers to questions that were not asked`))
    })
    timers.push(
      setTimeout(() => {
        fail(
          wrongAnswers
            ? missing('malformed', `${asked.label} sends only answers with a wrong id or question`)
            : missing('timeout', `${asked.label} does not answer`),
        )
      }, asked.timeoutMs),
    )
    socket.connect(endpoint.port, endpoint.host, () => {
      if (settled) return
      send()
      const wait = Math.min(limits.dnsRetryAfterMs, asked.timeoutMs / limits.dnsTries)
      for (let again = 1; again < limits.dnsTries; again++) timers.push(setTimeout(send, wait * again))
    })
  })

/** A DNS stream: several questions may be under way, answers come in any order (RFC 7766 §6.2.1). */
export type Stream = {
  readonly open: boolean
  /** Sends one query; `each` is called with every message that bears its id until it returns true. */
  ask(asked: Asked, each?: (message: Buffer) => boolean): Promise<Arrived>
  end(): void
}

export type StreamTarget = { host: string; port: number; label: string } & (
  | { tls: false }
  | { tls: true; servername: string; secureContext: SecureContext | undefined }
)

/** Opens a stream to a server. Nothing is awaited: questions wait for the connection inside their own deadlines. */
export const openStream = (target: StreamTarget): Stream => {
  type Waiting = { asked: Asked; each: ((message: Buffer) => boolean) | undefined; finish: (arrived: Arrived) => void }
  const waiting = new Map<number, Waiting>()
  let open = true
  let buffered: Buffer = Buffer.alloc(0)
  let wrongAnswers = 0
  let idle: NodeJS.Timeout | undefined
  const socket: Socket = target.tls
    ? connectTls({
        host: target.host,
        port: target.port,
        // RFC 6066 §3: no address as server name; Node then checks the address in the certificate.
        servername: isIP(target.servername) ? '' : target.servername,
        secureContext: target.secureContext,
        ALPNProtocols: ['dot'],
      })
    : connectTcp({ host: target.host, port: target.port })
  socket.setNoDelay(true)
  const close = (why: Missing) => {
    open = false
    clearTimeout(idle)
    socket.destroy()
    for (const each of [...waiting.values()]) each.finish({ ok: false, why, wrongAnswers })
  }
  socket.on('error', (error: NodeJS.ErrnoException) => {
    const isTls = target.tls && !/^E[A-Z]+$/.test(error.code ?? '')
    close(
      isTls
        ? missing('tls-handshake', `${target.label} cannot be trusted (${error.code ?? error.message})`)
        : connectReason(error, target.label),
    )
  })
  socket.on('close', () => close(missing('unreachable', `${target.label} closed the connection without an answer`)))
  socket.on('data', (chunk: Buffer) => {
    buffered = buffered.length ? Buffer.concat([buffered, chunk]) : chunk
    while (open && buffered.length >= 2) {
      const length = buffered.readUInt16BE(0)
      if (buffered.length < 2 + length) return
      const message = buffered.subarray(2, 2 + length)
      buffered = buffered.subarray(2 + length)
      const header = peekHeader(message)
      const entry = header ? waiting.get(header.id) : undefined
      const fits = entry && (entry.each ? header?.response : isAnswer(message, entry.asked))
      if (!entry || !fits) {
        wrongAnswers += 1
        if (wrongAnswers >= limits.dnsWrongAnswers)
          close(missing('malformed', `${target.label} sends answers to questions that were not asked`))
        continue
      }
      if (!entry.each || entry.each(message)) entry.finish({ ok: true, message })
    }
  })
  return {
    get open() {
      return open
    },
    ask: (asked, each) =>
      new Promise(resolve => {
        clearTimeout(idle)
        const finish = (arrived: Arrived) => {
          if (waiting.get(asked.id) !== entry) return
          waiting.delete(asked.id)
          clearTimeout(timer)
          offLife()
          resolve(arrived)
          if (waiting.size === 0 && open) idle = setTimeout(() => close(interrupted()), limits.idleConnectionMs).unref()
        }
        const entry: Waiting = { asked, each, finish }
        const fail = (why: Missing) => finish({ ok: false, why, wrongAnswers })
        if (!open || waiting.has(asked.id)) {
          resolve({
            ok: false,
            why: missing('unreachable', `the connection to ${target.label} is closed`),
            wrongAnswers,
          })
          return
        }
        waiting.set(asked.id, entry)
        const timer = setTimeout(
          () =>
            fail(
              wrongAnswers
                ? missing('malformed', `${target.label} sends only answers with a wrong id or question`)
                : missing('timeout', `${target.label} does not answer`),
            ),
          asked.timeoutMs,
        )
        const offLife = asked.life.onEnd(() => queueMicrotask(() => fail(interrupted())))
        asked.onCancellable(fail)
        const frame = Buffer.alloc(2 + asked.query.length)
        frame.writeUInt16BE(asked.query.length, 0)
        asked.query.copy(frame, 2)
        socket.write(frame)
      }),
    end: () => close(interrupted()),
  }
}

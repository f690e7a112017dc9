// One DNS message out, its answer back, over UDP. What is not the answer to our question is ignored, within bounds.
import { createSocket } from 'node:dgram'
import { isIP } from 'node:net'
import type { Clock } from '../core/clock.ts'
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
  clock: Clock
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

/** What an error of a socket to the server `label` means. */
export const connectReason = (error: NodeJS.ErrnoException, label: string): Missing => {
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

/** The deadline has passed: nothing came, or nothing that answers. */
export const lateAnswer = (label: string, wrongAnswers: number): Missing =>
  wrongAnswers
    ? missing('malformed', `${label} sends only answers with a wrong id or question`)
    : missing('timeout', `${label} does not answer`)

/** More answers to other questions than chance or a slow network explains. */
export const flooded = (label: string): Missing =>
  missing('malformed', `${label} sends answers to questions that were not asked`)

/** Asks over UDP: a fresh socket, so a random source port, connected, so that only the server's datagrams arrive; two sends in one deadline. */
export const askUdp = (endpoint: { host: string; port: number }, asked: Asked): Promise<Arrived> =>
  new Promise(resolve => {
    const { clock, label, timeoutMs } = asked
    const socket = createSocket(isIP(endpoint.host) === 6 ? 'udp6' : 'udp4')
    let settled = false
    let wrongAnswers = 0
    let sends = 0
    const stops: (() => void)[] = []
    const finish = (arrived: Arrived) => {
      if (settled) return
      settled = true
      for (const stop of stops) stop()
      socket.close()
      resolve(arrived)
    }
    const fail = (why: Missing) => finish({ ok: false, why, wrongAnswers })
    stops.push(asked.life.onEnd(() => queueMicrotask(() => fail(interrupted()))))
    asked.onCancellable(fail)
    const send = () => {
      if (settled) return
      sends += 1
      socket.send(asked.query, error => {
        if (error && sends >= limits.dnsTries) fail(connectReason(error, label))
      })
    }
    socket.on('error', error => fail(connectReason(error, label)))
    socket.on('message', message => {
      if (isAnswer(message, asked)) return finish({ ok: true, message })
      wrongAnswers += 1
      if (wrongAnswers >= limits.dnsWrongAnswers) fail(flooded(label))
    })
    stops.push(clock.after(timeoutMs, () => fail(lateAnswer(label, wrongAnswers))))
    socket.connect(endpoint.port, endpoint.host, () => {
      if (settled) return
      send()
      const wait = Math.min(limits.dnsRetryAfterMs, timeoutMs / limits.dnsTries)
      for (let again = 1; again < limits.dnsTries; again++) stops.push(clock.after(wait * again, send))
    })
  })

// DNS over TCP and TLS: a stream on which several questions may be under way, with answers in any order (RFC 7766 §6.2.1).
import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls, type SecureContext } from 'node:tls'
import type { Clock } from '../core/clock.ts'
import { type Missing, missing } from '../core/fact.ts'
import { limits } from '../data/limits.ts'
import { peekHeader } from '../formats/dns/wire.ts'
import { type Arrived, type Asked, connectReason, flooded, isAnswer, lateAnswer } from './dns-transport.ts'
import { interrupted } from './life.ts'

export type Stream = {
  readonly open: boolean
  /** Sends one query; `each` is called with every message that bears its id until it returns true. */
  ask(asked: Asked, each?: (message: Buffer) => boolean): Promise<Arrived>
  end(): void
}

export type StreamTarget = { host: string; port: number; label: string; clock: Clock } & (
  | { tls: false }
  | { tls: true; servername: string; secureContext: SecureContext | undefined }
)

type Waiting = { asked: Asked; each: ((message: Buffer) => boolean) | undefined; finish: (arrived: Arrived) => void }

/** The state of one stream. */
type State = {
  label: string
  clock: Clock
  socket: Socket
  open: boolean
  /** By id of the query. */
  waiting: Map<number, Waiting>
  buffered: Buffer
  wrongAnswers: number
  keepFromClosing: () => void
}

const socketTo = (target: StreamTarget): Socket => {
  const { host, port } = target
  if (!target.tls) return connectTcp({ host, port })
  return connectTls({
    host,
    port,
    // RFC 6066 §3: no address as server name; Node then checks the address in the certificate.
    servername: isIP(target.servername) ? '' : target.servername,
    secureContext: target.secureContext,
    ALPNProtocols: ['dot'],
  })
}

const close = (state: State, why: Missing): void => {
  state.open = false
  state.keepFromClosing()
  state.socket.destroy()
  for (const each of [...state.waiting.values()]) each.finish({ ok: false, why, wrongAnswers: state.wrongAnswers })
}

/** Gives one whole message to the question that it answers. */
const deliver = (state: State, message: Buffer): void => {
  const header = peekHeader(message)
  const entry = header ? state.waiting.get(header.id) : undefined
  const fits = entry && (entry.each ? header?.response : isAnswer(message, entry.asked))
  if (!entry || !fits) {
    state.wrongAnswers += 1
    if (state.wrongAnswers >= limits.dnsWrongAnswers) close(state, flooded(state.label))
    return
  }
  if (!entry.each || entry.each(message)) entry.finish({ ok: true, message })
}

/** RFC 1035 §4.2.2: each message behind its length in two bytes. */
const receive = (state: State, chunk: Buffer): void => {
  state.buffered = state.buffered.length ? Buffer.concat([state.buffered, chunk]) : chunk
  while (state.open && state.buffered.length >= 2) {
    const end = 2 + state.buffered.readUInt16BE(0)
    if (state.buffered.length < end) return
    const message = state.buffered.subarray(2, end)
    state.buffered = state.buffered.subarray(end)
    deliver(state, message)
  }
}

const framed = (query: Buffer): Buffer => {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(query.length, 0)
  return Buffer.concat([length, query])
}

const askOn = (state: State, asked: Asked, each?: (message: Buffer) => boolean): Promise<Arrived> =>
  new Promise(resolve => {
    state.keepFromClosing()
    if (!state.open || state.waiting.has(asked.id)) {
      const why = missing('unreachable', `the connection to ${state.label} is closed`)
      resolve({ ok: false, why, wrongAnswers: state.wrongAnswers })
      return
    }
    const fail = (why: Missing): void => entry.finish({ ok: false, why, wrongAnswers: state.wrongAnswers })
    const entry: Waiting = {
      asked,
      each,
      finish: arrived => {
        if (state.waiting.get(asked.id) !== entry) return
        state.waiting.delete(asked.id)
        for (const stop of stops) stop()
        resolve(arrived)
        if (state.waiting.size === 0 && state.open)
          state.keepFromClosing = state.clock.after(limits.idleConnectionMs, () => close(state, interrupted()))
      },
    }
    state.waiting.set(asked.id, entry)
    const stops = [
      state.clock.after(asked.timeoutMs, () => fail(lateAnswer(state.label, state.wrongAnswers))),
      asked.life.onEnd(() => queueMicrotask(() => fail(interrupted()))),
    ]
    asked.onCancellable(fail)
    state.socket.write(framed(asked.query))
  })

/** Opens a stream to a server. Nothing is awaited: questions wait for the connection inside their own deadlines. */
export const openStream = (target: StreamTarget): Stream => {
  const { label, clock } = target
  const socket = socketTo(target)
  const state: State = {
    label,
    clock,
    socket,
    open: true,
    waiting: new Map(),
    buffered: Buffer.alloc(0),
    wrongAnswers: 0,
    keepFromClosing: () => {},
  }
  socket.setNoDelay(true)
  socket.on('error', (error: NodeJS.ErrnoException) => {
    const isTls = target.tls && !/^E[A-Z]+$/.test(error.code ?? '')
    close(
      state,
      isTls
        ? missing('tls-handshake', `${label} cannot be trusted (${error.code ?? error.message})`)
        : connectReason(error, label),
    )
  })
  socket.on('close', () => close(state, missing('unreachable', `${label} closed the connection without an answer`)))
  socket.on('data', (chunk: Buffer) => receive(state, chunk))
  return {
    get open() {
      return state.open
    },
    ask: (asked, each) => askOn(state, asked, each),
    end: () => close(state, interrupted()),
  }
}

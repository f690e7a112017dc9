// Replies of an SMTP server line by line from a socket, within bounds and one deadline (RFC 5321 §4.2).
import type { Socket } from 'node:net'
import type { Clock } from '../core/clock.ts'
import { type Fact, type Missing, missing, observed } from '../core/fact.ts'
import { limits } from '../data/limits.ts'
import { endpointCause } from './endpoint-cause.ts'
import { interrupted, type Life } from './life.ts'

export type Reply = { code: number; lines: string[] }

export type Conversation = {
  /** The next reply, all its lines. Missing: timeout, too-large, malformed, unreachable. */
  reply(): Promise<Fact<Reply>>
  command(text: string): Promise<Fact<Reply>>
  /** Bytes that arrived unasked: before a TLS handshake they would be an injection (CVE-2011-0411). */
  pending(): number
  /** Leaves the socket to somebody else. */
  release(): void
}

/** What has arrived and is not read yet; `ended`: nothing more comes. */
type Inbox = { where: string; buffered: string; ended: Missing | null; wake: () => void }

const nextLine = async (inbox: Inbox): Promise<Fact<string>> => {
  for (;;) {
    const { buffered, where } = inbox
    const at = buffered.indexOf('\n')
    if (at > limits.smtpLine || (at < 0 && buffered.length > limits.smtpLine))
      return missing('too-large', `${where} sends a line of more than ${limits.smtpLine} characters`)
    if (at >= 0) {
      inbox.buffered = buffered.slice(at + 1)
      return observed(buffered.slice(0, at).replace(/\r$/, ''), '')
    }
    if (inbox.ended) return inbox.ended
    await new Promise<void>(resolve => {
      inbox.wake = resolve
    })
  }
}

const nextReply = async (inbox: Inbox): Promise<Fact<Reply>> => {
  const lines: string[] = []
  for (;;) {
    const next = await nextLine(inbox)
    if (!next.ok) return next
    const parsed = /^(\d{3})(?:([ -])(.*))?$/.exec(next.value)
    if (!parsed) return missing('malformed', `${inbox.where} does not speak SMTP`)
    lines.push(parsed[3] ?? '')
    if (parsed[2] !== '-') return observed({ code: Number(parsed[1]), lines }, '')
    if (lines.length >= limits.smtpLines)
      return missing('too-large', `${inbox.where} sends more than ${limits.smtpLines} lines`)
  }
}

/** Reads and writes on `socket` until the deadline, an instant of `clock.attended()`. */
export const createConversation = (
  socket: Socket,
  where: string,
  deadlineAt: number,
  { life, clock }: { life: Life; clock: Clock },
): Conversation => {
  const inbox: Inbox = { where, buffered: '', ended: null, wake: () => {} }
  const stop = (why: Missing) => {
    inbox.ended ??= why
    inbox.wake()
  }
  const onData = (chunk: Buffer) => {
    inbox.buffered += chunk.toString('latin1')
    if (inbox.buffered.length > limits.smtpLine * limits.smtpLines) {
      stop(missing('too-large', `${where} sends more than ${limits.smtpLines} lines`))
      socket.pause()
    }
    inbox.wake()
  }
  const onClose = () => stop(missing('unreachable', `${where} closed the connection in the middle of the conversation`))
  const noDeadline = clock.after(Math.max(1, deadlineAt - clock.attended()), () => {
    const text = `${where} accepts connections and does not answer`
    stop(missing('timeout', text, { cause: endpointCause(where, text) }))
  })
  const offLife = life.onEnd(() => queueMicrotask(() => stop(interrupted())))
  socket.on('data', onData)
  socket.on('close', onClose)
  socket.on('error', onClose)
  return {
    reply: () => nextReply(inbox),
    async command(text) {
      // RFC 3207 §4.2: what arrived before its command is not part of the conversation.
      socket.write(`${text}\r\n`)
      return nextReply(inbox)
    },
    pending: () => inbox.buffered.length,
    release() {
      noDeadline()
      offLife()
      socket.off('data', onData)
      socket.off('close', onClose)
      socket.off('error', onClose)
    },
  }
}

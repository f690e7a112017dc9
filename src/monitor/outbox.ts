// The outbox: every message is tried until it is delivered, in the order of its channel, and each attempt is written down.
import { createHash } from 'node:crypto'
import { clean } from '../core/clean.ts'
import type { Clock } from '../core/clock.ts'
import type { Network } from '../net/network.ts'
import type { Channel, Delivery, Outgoing } from './alerts/channel.ts'
import type { Keys } from './keys.ts'
import {
  type Attempt,
  isUndeliverable,
  type Message,
  type MessageBody,
  type NewMessage,
  rarelyMs,
  type Standing,
  type Store,
} from './store.ts'
import { ackPlace } from './texts.ts'

export type OutboxWays = {
  store: () => Store
  channels: readonly Channel[]
  clock: Pick<Clock, 'now' | 'elapsed' | 'sleep'>
  connect: () => Network
  signal: AbortSignal
  keys: Keys | null
  /** Address of the dashboard in messages. */
  dashboard: string | null
  mask: (text: string) => string
  /** Messages that could not be written to the store yet: they go out all the same. */
  unsaved?: () => readonly NewMessage[]
  onAttempt?: (message: Message, attempt: Attempt) => void
}

export type Outbox = {
  /** Sends what is due; resolves when every channel has nothing to send now. */
  round(): Promise<void>
}

const firstPauseMs = 10_000
const longestPauseMs = 900_000
/** A provider asks us to wait no longer. */
const longestAskedMs = 3_600_000
/** So often a message is tried that its provider will not take, or not for all, before those behind it may overtake. */
const triesInOrder = 5
const mostRemembered = 10_000
/** Messages of one channel sent in one round. */
const mostAtOnce = 20

/** Ten seconds, twenty, forty, up to a quarter of an hour. */
export const pauseAfter = (failures: number): number =>
  Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(20, failures - 1))

/** The same message to the same channel has the same id, whoever makes it, and however often. */
export const messageId = (what: string, channel: string): string =>
  createHash('sha256').update(`${what}\n${channel}`).digest('hex').slice(0, 32)

/** Fills in what must not lie in the store, and what only the sender knows. */
export const outgoingOf = (
  message: Message,
  { keys, dashboard, clock }: Pick<OutboxWays, 'keys' | 'dashboard' | 'clock'>,
): Outgoing => {
  const { id, body } = message
  const base = dashboard?.replace(/\/+$/, '') ?? null
  const link =
    body.incident === null || keys === null
      ? null
      : `${base ?? ''}/ack/${encodeURIComponent(body.incident)}/${keys.acknowledge(body.incident)}`
  const text =
    link === null || base === null
      ? body.text
          .split('\n')
          .filter(line => !line.includes(ackPlace))
          .join('\n')
      : body.text.replaceAll(ackPlace, link)
  return {
    id,
    event: body.event,
    monitor: body.monitor,
    state: body.state,
    since: body.since === null ? null : new Date(body.since).toISOString(),
    at: new Date(clock.now()).toISOString(),
    incident: body.incident,
    title: body.title,
    text,
    links: [...(link === null ? [] : [link]), ...(text.match(/https?:\/\/[^\s<>"]+/g) ?? [])],
    dashboard: base,
  }
}

const asWaiting = (message: NewMessage): Message => ({
  ...message,
  order: Number.MAX_SAFE_INTEGER,
  status: 'waiting',
  deliveredAt: null,
  attempts: [],
  left: null,
  refusals: 0,
})

/** Shorter, for a provider that would not take the whole. */
const shortened = (body: MessageBody): MessageBody => ({ ...body, text: clean(body.text, 200) })

/**
 * Ahead of a clock that was turned back nothing waits longer than the longest pause, and what was to wait for somebody's
 * acknowledgement goes out: how long it has waited nobody can tell.
 */
const isDue = ({ dueAt, createdAt, attempts }: Message, now: number): boolean => {
  const last = attempts.at(-1)
  if (dueAt <= now || last === undefined) return dueAt <= now || now < createdAt - turnedBackMs
  return dueAt > now + Math.max(longestAskedMs, dueAt - last.at) + longestPauseMs
}

/** From so far back on a clock was set, and not only put right. */
const turnedBackMs = 60_000

/** What is known of messages beside what the store says. */
const createLedger = (store: () => Store) => {
  /** Attempts that the store could not take yet: what was delivered is never sent again for that. */
  const unwritten = new Map<string, { attempt: Attempt; dueAt: number; standing: Standing }>()
  /** Refused as they are: they are sent in fewer words. */
  const tooMuch = new Set<string>()
  /** Another round may have read the store before this one wrote to it. */
  const done = new Set<string>()
  const write = async (id: string): Promise<void> => {
    const kept = unwritten.get(id)
    if (!kept) return
    try {
      await store().attempted(id, kept.attempt, kept.dueAt, kept.standing)
      unwritten.delete(id)
    } catch {
      // Tried again in the next round.
    }
  }
  return {
    isTooMuch: (id: string): boolean => tooMuch.has(id),
    shorten: (id: string): void => void tooMuch.add(id),
    isDone: (id: string): boolean => done.has(id),
    /** A message with the attempt that is not written yet; null where that one delivered it. */
    asTried: (message: Message): Message | null => {
      const kept = unwritten.get(message.id)
      if (!kept) return message
      const { attempt, dueAt, standing } = kept
      return attempt.ok ? null : { ...message, ...standing, dueAt, attempts: [...message.attempts, attempt] }
    },
    async keep(id: string, attempt: Attempt, dueAt: number, standing: Standing): Promise<void> {
      if (attempt.ok) done.add(id)
      unwritten.set(id, { attempt, dueAt, standing })
      await write(id)
    },
    async writeAll(): Promise<void> {
      if (done.size > mostRemembered) done.clear()
      for (const id of [...unwritten.keys()]) await write(id)
    },
  }
}

type Ledger = ReturnType<typeof createLedger>

/** The first that waits decides, unless it is not due for the first time yet (an escalation), or is one that its provider never takes. */
const nextOf = (messages: readonly Message[], ledger: Ledger, now: number): Message | null => {
  for (const message of messages) {
    if (ledger.isDone(message.id)) continue
    if (isDue(message, now)) return message
    if (message.attempts.length > 0 && message.refusals < triesInOrder) return null
  }
  return null
}

/** Told to the other channels, once a day: this one does not take what it is sent. */
const notesOf = (
  { channels }: OutboxWays,
  channel: Channel,
  { body }: Message,
  { at, answer }: Attempt,
): NewMessage[] =>
  channels
    .filter(({ name, afterMs }) => name !== channel.name && afterMs === 0)
    .map(({ name }) => ({
      id: messageId(`undeliverable ${channel.name} ${new Date(at).toISOString().slice(0, 10)}`, name),
      channel: name,
      createdAt: at,
      dueAt: at,
      body: {
        ...{ event: 'note' as const, monitor: null, state: null, since: null, incident: null },
        title: `Alerts do not arrive through ${channel.name}`,
        text: `"${body.title}" was refused ${triesInOrder} times. ${channel.name} said: ${answer}\nIt is tried once a day from now on. Run \`launch-ready monitor test-alert\` once the address or the access is right again.`,
      },
    }))

/** How long to wait after a failure; a day where it was refused for good again and again. */
const pauseOf = (
  { attempts }: Message,
  refusals: number,
  { isRefused, isFinal, retryAfterMs = 0 }: Delivery,
): number =>
  (isRefused || isFinal) && refusals >= triesInOrder
    ? rarelyMs
    : Math.max(retryAfterMs, pauseAfter(attempts.length + 1))

/** One attempt, written down; whether those behind the message may go now. */
const deliver = async (ways: OutboxWays, ledger: Ledger, channel: Channel, message: Message): Promise<boolean> => {
  const { clock, signal, mask } = ways
  const net = ways.connect()
  const started = clock.elapsed()
  const body = ledger.isTooMuch(message.id) ? shortened(message.body) : message.body
  let delivery: Delivery
  try {
    const left = message.left ?? undefined
    delivery = await channel.send(outgoingOf({ ...message, body }, ways), { net, now: clock.now(), signal, left })
  } catch (error) {
    delivery = { ok: false, answer: error instanceof Error ? error.message : String(error) }
  } finally {
    await net.close()
  }
  // Told to stop in the middle: whether it arrived nobody knows, so it is sent again with the same id.
  if (!delivery.ok && signal.aborted) return false
  const at = clock.now()
  const ms = Math.round(clock.elapsed() - started)
  const attempt = { at, ok: delivery.ok, answer: clean(mask(delivery.answer), 200), ms }
  const { isRefused, isFinal, left } = delivery
  const refusals = message.refusals + (isRefused || isFinal || left ? 1 : 0)
  const pause = pauseOf(message, refusals, delivery)
  if (isRefused) ledger.shorten(message.id)
  await ledger.keep(message.id, attempt, at + pause, { left: left ?? null, refusals })
  if (!delivery.ok && pause === rarelyMs && !isUndeliverable(message))
    await ways
      .store()
      .apply({ messages: notesOf(ways, channel, message, attempt) })
      .catch(() => {})
  ways.onAttempt?.(message, attempt)
  return delivery.ok || refusals >= triesInOrder
}

const sendAll = async (
  ways: OutboxWays,
  ledger: Ledger,
  channel: Channel,
  given: readonly Message[],
): Promise<void> => {
  let messages = given
  for (let count = 0; count < mostAtOnce && !ways.signal.aborted; count++) {
    const message = nextOf(messages, ledger, ways.clock.now())
    if (!message) return
    if (!(await deliver(ways, ledger, channel, message))) return
    messages = messages.filter(({ id }) => id !== message.id)
  }
}

export const createOutbox = (ways: OutboxWays): Outbox => {
  const { channels } = ways
  const busy = new Set<string>()
  const ledger = createLedger(ways.store)
  const waiting = async (): Promise<Message[]> => {
    const stored = await ways
      .store()
      .waiting()
      .catch((): Message[] => [])
    const known = new Set(stored.map(({ id }) => id))
    const extra = (ways.unsaved?.() ?? []).filter(({ id }) => !known.has(id)).map(asWaiting)
    return [...stored, ...extra].flatMap(message => ledger.asTried(message) ?? [])
  }
  return {
    async round() {
      await ledger.writeAll()
      const all = await waiting()
      const rounds = channels.map(async channel => {
        const own = all.filter(message => message.channel === channel.name)
        if (own.length === 0 || busy.has(channel.name)) return
        busy.add(channel.name)
        await sendAll(ways, ledger, channel, own).finally(() => busy.delete(channel.name))
      })
      await Promise.all(rounds)
    },
  }
}

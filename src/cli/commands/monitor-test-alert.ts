// `monitor test-alert`: a word of its own through the very way of a real alert. That a provider took it and that somebody saw it are
// two things, and both are kept.
import { randomBytes } from 'node:crypto'
import { UsageError } from '../../config/errors.ts'
import { duration } from '../../config/values.ts'
import { clean } from '../../core/clean.ts'
import { createOutbox, messageId } from '../../monitor/outbox.ts'
import type { Message, Proof, Store } from '../../monitor/store.ts'
import { testText } from '../../monitor/texts.ts'
import type { Call } from '../call.ts'
import { exitCodes } from '../exit-code.ts'
import { type Inboxes, openInboxes } from '../monitor-inbox.ts'
import { type MonitorSetup, orUsage, setUpMonitor } from '../monitor-setup.ts'
import { writeText } from '../reports.ts'

const tries = 3
const betweenMs = 2_000
const inboxWaitMs = 60_000

const waitOf = ({ action }: Call, reads: boolean): number => {
  if (action.wait === undefined) return reads ? inboxWaitMs : 0
  const given = duration.safeParse(action.wait)
  if (!given.success) throw new UsageError(`--wait ${action.wait}: ${given.error.issues[0]!.message}.`)
  return given.data
}

const chosen = ({ channels }: MonitorSetup, { action }: Call): MonitorSetup['channels'] => {
  const names = channels.map(({ name }) => name)
  const wrong = action.channel.filter(name => !names.includes(name))
  if (wrong.length)
    throw new UsageError(`--channel ${wrong.join(', ')}: there is no such channel; expected ${names.join(', ')}.`)
  if (channels.length === 0) throw new UsageError('monitor.alerts names no channel, so there is nothing to test.')
  return action.channel.length ? channels.filter(({ name }) => action.channel.includes(name)) : channels
}

const acknowledge = async (nonce: string, setup: MonitorSetup, call: Call): Promise<number> => {
  const store = await orUsage(() => setup.open())
  try {
    if (!(await orUsage(() => store.seen(nonce, 'command line', call.io.clock.now()))))
      throw new UsageError(`--ack ${clean(nonce, 60)}: no test alert with this word was sent.`)
    writeEvidence(await store.proofs(), setup, call)
    call.io.out('kept: it was seen\n')
    return exitCodes.ok
  } finally {
    await store.close()
  }
}

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString())

/** The newest proof of each channel, as a file that can be committed: no nonce that somebody could use. */
const writeEvidence = (proofs: readonly Proof[], { channels }: MonitorSetup, { io, out }: Call): void => {
  const newest = channels.flatMap(({ name, kind, people }) => {
    const proof = proofs.find(({ channel }) => channel === name)
    if (!proof) return []
    const { sentAt, acceptedAt, answer, seenAt, seenBy } = proof
    return [
      {
        channel: name,
        kind,
        people,
        sentAt: iso(sentAt),
        acceptedAt: iso(acceptedAt),
        answer,
        seenAt: iso(seenAt),
        seenBy,
      },
    ]
  })
  writeText(
    io,
    `${out ?? 'launch-ready'}/evidence/alert-delivery.json`,
    `${JSON.stringify({ version: 1, channels: newest }, null, 2)}\n`,
  )
}

type Sent = { channel: string; nonce: string; id: string }

const enqueue = async (setup: MonitorSetup, call: Call, store: Store): Promise<Sent[]> => {
  const { clock } = call.io
  const now = clock.now()
  const sent = chosen(setup, call).map(({ name }) => {
    const nonce = randomBytes(12).toString('base64url').replace(/[-_]/g, 'x')
    return { channel: name, nonce, id: messageId(`test ${nonce}`, name) }
  })
  for (const { channel, nonce } of sent)
    await store.saveProof({ channel, nonce, sentAt: now, acceptedAt: null, answer: null, seenAt: null, seenBy: null })
  const base = setup.dashboard.replace(/\/+$/, '')
  await store.apply({
    messages: sent.map(({ channel, nonce, id }) => ({
      id,
      channel,
      body: testText(nonce, now, `${base}/seen/${nonce}`),
      createdAt: now,
      dueAt: now,
    })),
  })
  return sent
}

/** Sent by this call: an outbox over these messages alone, with the same senders and the same records. */
const deliver = async (sent: readonly Sent[], setup: MonitorSetup, call: Call, store: Store): Promise<Message[]> => {
  const ids = new Set(sent.map(({ id }) => id))
  const { clock, signal } = call.io
  const outbox = createOutbox({
    store: () => ({
      ...store,
      waiting: async () =>
        (await store.waiting()).filter(({ id }) => ids.has(id)).map(message => ({ ...message, dueAt: 0 })),
    }),
    channels: setup.channels,
    clock,
    connect: () => setup.connect(),
    signal,
    keys: null,
    dashboard: setup.dashboard,
    mask: setup.mask,
  })
  const own = async () => (await store.messages({ limit: 1_000 })).filter(({ id }) => ids.has(id))
  for (let count = 0; count < tries && !signal.aborted; count++) {
    await outbox.round()
    const messages = await own()
    if (messages.every(({ status }) => status !== 'waiting')) return messages
    if (count < tries - 1) await clock.sleep(betweenMs, signal)
  }
  const failed = await own()
  // A test that could not be sent is no alert: it is not tried on for hours.
  return failed
}

const record = async (sent: readonly Sent[], messages: readonly Message[], store: Store): Promise<void> => {
  const proofs = await store.proofs()
  for (const { nonce, id } of sent) {
    const message = messages.find(item => item.id === id)
    const proof = proofs.find(item => item.nonce === nonce)
    const last = message?.attempts.at(-1)
    if (proof)
      await store.saveProof({ ...proof, acceptedAt: message?.deliveredAt ?? null, answer: last?.answer ?? null })
  }
}

const stateOf = ({ acceptedAt, seenAt, seenBy, answer, nonce }: Proof): string => {
  if (seenAt !== null) return `seen (${seenBy})`
  if (acceptedAt === null) return `failed: ${clean(answer ?? 'not tried', 200)}`
  return `accepted, not seen yet; whoever reads it says: launch-ready monitor test-alert --ack ${nonce}`
}

/** Waits until all that was taken is seen, or the time is over. */
const waitUntilSeen = async (
  sent: readonly Sent[],
  inboxes: Inboxes,
  waitMs: number,
  { io }: Call,
  store: Store,
): Promise<Proof[]> => {
  const until = io.clock.now() + waitMs
  const own = async () => (await store.proofs()).filter(({ nonce }) => sent.some(item => item.nonce === nonce))
  for (;;) {
    for (const { channel, nonce, seenAt, acceptedAt } of await own()) {
      if (seenAt !== null || acceptedAt === null || !inboxes.channels.includes(channel)) continue
      // In the spam folder nobody sees it.
      if ((await inboxes.find(channel, nonce)) === 'inbox') await store.seen(nonce, 'inbox', io.clock.now())
    }
    const proofs = await own()
    if (proofs.every(({ seenAt, acceptedAt }) => seenAt !== null || acceptedAt === null)) return proofs
    if (io.clock.now() >= until || io.signal.aborted) return proofs
    await io.clock.sleep(betweenMs, io.signal)
  }
}

export const run = async (call: Call): Promise<number> => {
  const { io, action } = call
  const setup = await setUpMonitor(call)
  if (action.ack !== undefined) return acknowledge(action.ack, setup, call)
  const names = chosen(setup, call).map(({ name }) => name)
  const store = await orUsage(() => setup.open())
  const inboxes = await openInboxes(setup, names, line => io.err(`${clean(setup.mask(line), 300)}\n`))
  try {
    const waitMs = waitOf(call, inboxes.channels.length > 0)
    const sent = await orUsage(() => enqueue(setup, call, store))
    await record(sent, await deliver(sent, setup, call, store), store)
    const proofs = await waitUntilSeen(sent, inboxes, waitMs, call, store)
    writeEvidence(await store.proofs(), setup, call)
    io.out(
      call.json
        ? `${JSON.stringify(proofs, null, 2)}\n`
        : proofs.map(proof => `${clean(proof.channel, 60)}: ${stateOf(proof)}\n`).join(''),
    )
    return proofs.every(({ acceptedAt }) => acceptedAt !== null) ? exitCodes.ok : exitCodes.found
  } finally {
    await inboxes.close()
    await store.close()
  }
}

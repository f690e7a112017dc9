// A store as a watcher would have left it, made from a few words: for worlds of the lab and for the demo.
import * as z from 'zod'
import type { Config } from '../config/schema.ts'
import { openStore } from './open-store.ts'
import { type MonitorSection, type PlannedMonitor, planMonitors } from './plan.ts'
import type { Span, StateRow, Store } from './store.ts'

const minuteMs = 60_000
const dayMs = 86_400_000

/** What the watcher saw. Days and minutes are counted back from now. */
export const watchedSchema = z.strictObject({
  /** Days that were seen before now. */
  days: z.number().default(60),
  /** Minutes down, by monitor, some hours ago. */
  down: z.record(z.string(), z.number()).default({}),
  /** Minutes since the last look. */
  lookedAgo: z.number().default(0.3),
  /** Test alerts by channel: days since they were sent, and what became of them. */
  proofs: z
    .record(
      z.string(),
      z.strictObject({
        days: z.number(),
        state: z.enum(['seen', 'accepted', 'failed']),
        answer: z.string().default('200 ok'),
      }),
    )
    .default({}),
  /** Attempts in a row that failed, by channel. */
  failing: z.record(z.string(), z.number()).default({}),
})
export type Watched = z.input<typeof watchedSchema>
type Seen = z.infer<typeof watchedSchema>

const spansOf = ({ name }: PlannedMonitor, { days, down, lookedAgo }: Seen, now: number): Span[] => {
  const to = now - lookedAgo * minuteMs
  const from = to - days * dayMs
  const base = { monitor: name, maintenance: false }
  const lost = (down[name] ?? 0) * minuteMs
  if (lost === 0) return [{ ...base, from, to, state: 'up' }]
  const end = to - 180 * minuteMs
  return [
    { ...base, from, to: end - lost, state: 'up' },
    { ...base, from: end - lost, to: end, state: 'down' },
    { ...base, from: end, to, state: 'up' },
  ]
}

const stateOf = ({ name }: PlannedMonitor, seen: Seen, now: number): StateRow => {
  const at = now - seen.lookedAgo * minuteMs
  const since = seen.down[name] ? at - 180 * minuteMs : at - seen.days * dayMs
  const rest = { pending: null, downs: [], flapping: false, address: null }
  return {
    monitor: name,
    state: 'up',
    since,
    lookedAt: at,
    latencyMs: 80,
    detail: '200 OK',
    accountedUntil: at,
    ...rest,
  }
}

const addProofs = async (store: Store, { proofs }: Seen, now: number): Promise<void> => {
  for (const [channel, { days, state, answer }] of Object.entries(proofs)) {
    const sentAt = now - days * dayMs
    await store.saveProof({
      ...{ channel, nonce: `made-${channel}`, sentAt, answer },
      acceptedAt: state === 'failed' ? null : sentAt + 900,
      ...(state === 'seen' ? { seenAt: sentAt + minuteMs, seenBy: 'link' } : { seenAt: null, seenBy: null }),
    })
  }
}

const addFailures = async (store: Store, { failing }: Seen, now: number): Promise<void> => {
  for (const [channel, count] of Object.entries(failing)) {
    const id = `made-${channel}`
    const from = now - (count + 1) * minuteMs
    const body = { event: 'down' as const, monitor: null, state: null, since: from, incident: null }
    const text = { title: 'app is down', text: 'app is down' }
    await store.apply({ messages: [{ id, channel, body: { ...body, ...text }, createdAt: from, dueAt: from }] })
    for (let at = 1; at <= count; at++)
      await store.attempted(
        id,
        { at: from + at * minuteMs, ok: false, answer: '404 no_service', ms: 90 },
        from + (at + 1) * minuteMs,
      )
  }
}

type Given = { config: Config; section: MonitorSection; now: number }

/** Fills a store that is open. */
export const fillStore = async (store: Store, given: Watched, { config, section, now }: Given): Promise<void> => {
  const seen = watchedSchema.parse(given)
  const monitors = planMonitors(config, section, 5_000)
  await store.setMonitors(monitors, now - seen.days * dayMs)
  await store.apply({
    spans: monitors.flatMap(monitor => spansOf(monitor, seen, now)),
    states: monitors.map(monitor => stateOf(monitor, seen, now)),
  })
  await addProofs(store, seen, now)
  await addFailures(store, seen, now)
  const beatAt = now - seen.lookedAgo * minuteMs
  await store.takeWatch({ id: 'made', pid: 1, host: 'watch-1', startedAt: now - seen.days * dayMs, beatAt })
}

/** Writes the store that a config names. */
export const makeStore = async (given: Watched, { cwd, ...rest }: Given & { cwd: string }): Promise<void> => {
  const store = await openStore(rest.section.store, { cwd, clock: { now: () => rest.now }, watches: true })
  try {
    await fillStore(store, given, rest)
  } finally {
    await store.close()
  }
}

// What a store holds, as checks and documents read it. Opens it to read, and closes it.
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Clock } from '../core/clock.ts'
import type { MonitorReading, ReadChannel } from '../formats/monitor/reading.ts'
import { isPostgres, openStore } from './open-store.ts'
import { type Message, monthOf, type Store, uptimeOf } from './store.ts'

const mostMessages = 500
const mostDeploys = 200

const channelsOf = (messages: readonly Message[]): ReadChannel[] => {
  const byName = new Map<string, Message[]>()
  for (const message of messages) byName.set(message.channel, [...(byName.get(message.channel) ?? []), message])
  return [...byName].map(([name, list]) => {
    const attempts = list.flatMap(message => message.attempts).sort((a, b) => b.at - a.at)
    const good = attempts.findIndex(({ ok }) => ok)
    return {
      name,
      failures: good === -1 ? attempts.length : good,
      lastAnswer: attempts[0]?.answer ?? null,
      delivered: list.filter(({ status }) => status === 'delivered').length,
    }
  })
}

/** The reading of an open store. */
export const readingOf = async (store: Store, now: number): Promise<MonitorReading> => {
  const month = monthOf(now)
  const [monitors, states, watcher, proofs, messages, incidents, rollups, events] = await Promise.all([
    store.monitors(),
    store.states(),
    store.watcher(),
    store.proofs(),
    store.messages({ limit: mostMessages }),
    store.incidents({ limit: 50 }),
    store.rollups('hour', { from: month.from, to: now, latency: false }),
    store.events({ kind: 'deploy', limit: mostDeploys }),
  ])
  const stateOf = new Map(states.map(state => [state.monitor, state]))
  return {
    where: store.where,
    watcher: watcher && { host: watcher.host, beatAt: watcher.beatAt },
    monitors: monitors
      .filter(({ retired }) => retired === null)
      .map(({ name, kind, target, intervalMs, expects }) => ({
        ...{ name, kind, target, intervalMs, expects },
        state: stateOf.get(name)?.state ?? null,
        lookedAt: stateOf.get(name)?.lookedAt ?? null,
        month: {
          ...(({ upMs, downMs, unknownMs, maintenanceMs }) => ({ upMs, downMs, unknownMs, maintenanceMs }))(
            uptimeOf(rollups.filter(({ monitor }) => monitor === name)),
          ),
          passedMs: now - month.from,
        },
      })),
    channels: channelsOf(messages),
    proofs: proofs.map(({ nonce: _nonce, ...rest }) => rest),
    incidents: incidents.map(({ title, since, resolvedAt }) => ({ title, since, resolvedAt })),
    deploys: events.map(({ at, commit, status }) => ({ at, commit, status })),
  }
}

/** Reads the store that a config names; null where there is none yet. */
export const readStore = async (
  where: string,
  { cwd, clock }: { cwd: string; clock: Clock },
): Promise<MonitorReading | null> => {
  if (!isPostgres(where) && !existsSync(resolve(cwd, where))) return null
  const store = await openStore(where, { cwd, clock })
  try {
    return await readingOf(store, clock.now())
  } finally {
    await store.close()
  }
}

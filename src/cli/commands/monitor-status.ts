// `monitor status`: 0 all up, 1 something is down, 3 nobody knows. For cron, health checks of containers, and people.
import { clean } from '../../core/clean.ts'
import { cannotSee } from '../../monitor/incidents.ts'
import type { MonitorRow, StateRow } from '../../monitor/store.ts'
import type { Call } from '../call.ts'
import { exitCodes } from '../exit-code.ts'
import { orUsage, setUpMonitor } from '../monitor-setup.ts'

type Line = {
  monitor: string
  state: StateRow['state'] | 'stale'
  since: string | null
  lookedAt: string | null
  detail: string
}

/** Older than three intervals says nothing any more. */
const isFresh = (row: StateRow | undefined, { intervalMs }: Pick<MonitorRow, 'intervalMs'>, now: number): boolean =>
  row !== undefined && row.lookedAt !== null && now - row.lookedAt <= 3 * intervalMs

const iso = (at: number | null | undefined): string | null =>
  at === null || at === undefined ? null : new Date(at).toISOString()

const linesOf = (rows: readonly MonitorRow[], states: readonly StateRow[], now: number): Line[] =>
  rows.map(row => {
    const state = states.find(({ monitor }) => monitor === row.name)
    return {
      monitor: row.name,
      state: isFresh(state, row, now) ? state!.state : 'stale',
      since: iso(state?.since),
      lookedAt: iso(state?.lookedAt),
      detail: state?.detail ?? 'never looked at',
    }
  })

const codeOf = (lines: readonly Line[], isBlind: boolean): number => {
  if (lines.some(({ state }) => state === 'down')) return exitCodes.found
  return isBlind || lines.length === 0 || lines.some(({ state }) => state === 'stale' || state === 'unknown')
    ? exitCodes.couldNotTell
    : exitCodes.ok
}

const printed = (lines: readonly Line[], isBlind: boolean): string =>
  [
    ...(isBlind ? ['the monitor cannot see: its own network is gone'] : []),
    ...(lines.length === 0 ? ['nothing is watched here yet: launch-ready monitor watch'] : []),
    ...lines.map(({ monitor, state, detail }) => `${state.padEnd(8)} ${clean(monitor, 60)}: ${clean(detail, 160)}`),
  ].join('\n')

const printBeats = (setup: Awaited<ReturnType<typeof setUpMonitor>>, call: Call): number => {
  const keys = setup.keys()
  const beats = setup.monitors.flatMap(({ name, config }) =>
    config.heartbeat === undefined
      ? []
      : [
          {
            monitor: name,
            job: config.heartbeat,
            url: `${setup.dashboard.replace(/\/+$/, '')}/beat/${keys.beat(config.heartbeat)}`,
          },
        ],
  )
  call.io.out(
    call.json
      ? `${JSON.stringify(beats, null, 2)}\n`
      : beats.map(({ job, url }) => `${job}: ${url} (failed: ${url}/fail)\n`).join('') || 'no monitor is a heartbeat\n',
  )
  return exitCodes.ok
}

export const run = async (call: Call): Promise<number> => {
  const setup = await setUpMonitor(call)
  if (call.action.beats) return printBeats(setup, call)
  const store = await orUsage(() => setup.open())
  const { clock } = call.io
  try {
    const now = clock.now()
    const rows = (await store.monitors()).filter(({ retired }) => retired === null)
    const isBlind = (await store.incidents({ open: true })).some(({ cause }) => cause === cannotSee)
    const lines = linesOf(rows, await store.states(), now)
    call.io.out(
      call.json
        ? `${JSON.stringify({ at: iso(now), blind: isBlind, monitors: lines }, null, 2)}\n`
        : `${printed(lines, isBlind)}\n`,
    )
    return codeOf(lines, isBlind)
  } finally {
    await store.close()
  }
}

// Maintenance: windows that come round by the config, through croner, which knows zones and daylight saving; and those begun by hand.
import { Cron } from 'croner'
import type { MonitorSection } from './plan.ts'
import type { Maintenance } from './store.ts'

export type Window = { from: number; to: number }
type Recurring = MonitorSection['maintenance'][number]

const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

/** `Sun 02:00`, `02:00`, a cron expression, or one instant without a zone: what croner takes. Null where it is none of them. */
export const patternOf = (from: string): string | null => {
  const weekly = /^(?:(sun|mon|tue|wed|thu|fri|sat)[a-z]*\s+)?(\d{1,2}):(\d{2})$/i.exec(from.trim())
  if (weekly) {
    const day = weekly[1] === undefined ? '*' : String(days.indexOf(weekly[1].toLowerCase()))
    return `${Number(weekly[3])} ${Number(weekly[2])} * * ${day}`
  }
  if (/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2})?$/.test(from.trim())) {
    const text = from.trim().replace(' ', 'T')
    return text.length === 16 ? `${text}:00` : text
  }
  return from.trim().split(/\s+/).length >= 5 ? from.trim() : null
}

/** Null where `from` says nothing that can be understood. */
export const cronOf = ({ from, zone }: Pick<Recurring, 'from' | 'zone'>): Cron | null => {
  const pattern = patternOf(from)
  if (pattern === null) return null
  try {
    return new Cron(pattern, { timezone: zone, paused: true })
  } catch {
    return null
  }
}

const mostTurns = 1_000

/** Windows that touch the time between. */
const recurring = (window: Recurring, from: number, to: number): Window[] => {
  const cron = cronOf(window)
  if (!cron) return []
  const found: Window[] = []
  let at: Date | null = new Date(from - window.for - 1)
  for (let turn = 0; turn < mostTurns; turn++) {
    at = cron.nextRun(at)
    if (!at || at.getTime() >= to) break
    if (at.getTime() + window.for > from) found.push({ from: at.getTime(), to: at.getTime() + window.for })
  }
  return found
}

/** Sorted, and those that touch made one. */
const merged = (windows: readonly Window[]): Window[] => {
  const out: Window[] = []
  for (const window of [...windows].sort((a, b) => a.from - b.from)) {
    const last = out.at(-1)
    if (last && window.from <= last.to) last.to = Math.max(last.to, window.to)
    else out.push({ ...window })
  }
  return out
}

/** Maintenance of one monitor in the time between. */
export const windowsOf = (
  monitor: string,
  given: { recurring: readonly Recurring[]; manual: readonly Maintenance[] },
  { from, to }: Window,
): Window[] =>
  merged([
    ...given.recurring
      .filter(({ monitors }) => !monitors || monitors.includes(monitor))
      .flatMap(window => recurring(window, from, to)),
    ...given.manual
      .filter(({ monitors }) => monitors === null || monitors.includes(monitor))
      .filter(window => window.from < to && window.to > from)
      .map(window => ({ from: window.from, to: window.to })),
  ])

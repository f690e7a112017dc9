// Times, durations and states in words.

const minute = 60_000
const hour = 3_600_000
const day = 86_400_000

/** `3 h 5 min`. */
export const duration = (ms: number): string => {
  const value = Math.max(0, ms)
  if (value < minute) return `${Math.round(value / 1000)} s`
  if (value < hour) return `${Math.floor(value / minute)} min`
  if (value < day) return `${Math.floor(value / hour)} h ${Math.floor((value % hour) / minute)} min`
  return `${Math.floor(value / day)} d ${Math.floor((value % day) / hour)} h`
}

/** Rounded down: 99.899 is not 99.9. */
export const percent = (value: number | null): string => {
  if (value === null) return '–'
  if (value >= 100) return '100 %'
  return `${(Math.floor(value * 1000) / 1000)
    .toFixed(value > 99 ? 3 : 2)
    .replace(/0+$/, '')
    .replace(/\.$/, '')} %`
}

export const latency = (ms: number | null): string =>
  ms === null ? '–' : ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`

/** `2026-11-29 20:15 UTC`, as an element that a script may put into the visitor's own zone. */
export const time = (at: number): string => {
  const iso = new Date(at).toISOString()
  return `<time datetime="${iso}">${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC</time>`
}

export const stateWords: Readonly<Record<string, string>> = {
  up: 'up',
  degraded: 'degraded',
  down: 'down',
  unknown: 'not known',
  waiting: 'not looked yet',
  stale: 'not looked of late',
}

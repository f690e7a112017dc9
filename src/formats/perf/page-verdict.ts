// What visits of a page amount to.

import { bytesInWords } from '../http/compressed.ts'
import { medianOf } from '../http/latency.ts'
import { byKind, type PageRun, pageBounds, waitedFor } from './page-runs.ts'
import { waitInWords } from './route-words.ts'

type Speed = {
  runs: Pick<PageRun, 'ttfb' | 'lcp' | 'cls' | 'tbt' | 'inp'>[]
  median: PageRun
  emulation: { network: string; cpuSlowdown: number }
  crowding?: number
}
type Field = { of: 'url' | 'origin'; lcp: number | null; cls: number | null; inp: number | null } | null

export type PageOutcome = 'very-slow' | 'slow' | 'layout-shift' | 'main-thread'

export type PageVerdict = {
  outcomes: PageOutcome[]
  /** How sure the slowness is: seen at each visit, or in the middle one alone. */
  confidence: 'certain' | 'likely'
  words: { lcp: string; cls: string; tbt: string; what: string; element: string }
  /** The element that moved most, and the script that worked longest. */
  moved: string
  busiest: string
  rows: [label: string, value: string][]
}

/** The figure that counts: the middle one; on a machine that has much else to do that of the visit that was least disturbed. */
const typicalOf = ({ crowding }: Speed, figures: readonly number[]): number =>
  crowding === undefined ? medianOf(figures) : Math.min(...figures)

const slowness = ({ runs, crowding }: Speed, lcp: number, field: Field): 'very-slow' | 'slow' | null => {
  // What real visitors met outweighs one machine, both ways.
  const isGoodOutside = field?.lcp !== null && field?.lcp !== undefined && field.lcp <= pageBounds.slowLcp
  const isPoorOutside = field?.lcp !== null && field?.lcp !== undefined && field.lcp > pageBounds.verySlowLcp
  const isAlwaysPoor = runs.every(run => run.lcp > pageBounds.verySlowLcp)
  // On a machine that has much else to do only the server's own lateness proves something that stops a launch.
  const isProven = crowding === undefined || runs.every(run => run.ttfb > pageBounds.verySlowLcp)
  if (isAlwaysPoor && isProven && !isGoodOutside) return 'very-slow'
  if (isPoorOutside && field?.of === 'url') return 'very-slow'
  return lcp > pageBounds.slowLcp ? 'slow' : null
}

const fieldRow = (field: Field): [string, string][] =>
  field === null
    ? []
    : [
        [
          `real visitors${field.of === 'origin' ? ' of the whole site' : ''} (75 of 100, at most)`,
          [
            field.lcp === null ? '' : `LCP ${waitInWords(field.lcp)}`,
            field.cls === null ? '' : `CLS ${field.cls}`,
            field.inp === null ? '' : `INP ${waitInWords(field.inp)}`,
          ]
            .filter(Boolean)
            .join(', '),
        ],
      ]

type Figures = { lcps: number[]; cls: number; tbt: number; inp: number | null }

/** One row, or none where there is nothing to say. */
const row = (label: string, value: string | null): [string, string][] => (value === null ? [] : [[label, value]])

const weightOf = ({ requests }: PageRun): string => {
  const weight = byKind(requests)
  const total = weight.reduce((sum, { bytes }) => sum + bytes, 0)
  const kinds = weight.slice(0, 4).map(({ kind, count, bytes }) => `${count} ${kind} ${bytesInWords(bytes)}`)
  return `${requests.length}, ${bytesInWords(total)}: ${kinds.join(', ')}`
}

const rowsOf = (
  { median, emulation, crowding }: Speed,
  { lcps, cls, tbt, inp }: Figures,
  field: Field,
): [string, string][] => {
  const { lcpElement, shifts, tasks, idle } = median
  const waited = waitedFor(median)
  const largest = lcpElement && `${lcpElement.element}${lcpElement.url ? ` (${lcpElement.url})` : ''}`
  const clicked = inp === null ? '' : `; reacts to a click in ${waitInWords(inp)}`
  const moved = shifts[0] && cls > 0.01 ? `${shifts[0].element} (${shifts[0].value})` : null
  const busy = tasks[0] ? `${tasks[0].script || 'the page itself'}: ${waitInWords(tasks[0].duration)}` : null
  return [
    ...row(
      'LCP of each visit',
      `${lcps.map(waitInWords).join(', ')} (${emulation.network}, processor ÷ ${emulation.cpuSlowdown})`,
    ),
    ...row('largest element', largest),
    ...row('it waited longest for', waited && `${waited.what}: ${waitInWords(waited.milliseconds)}`),
    ...row('CLS, blocking', `${cls}, ${waitInWords(tbt)}${clicked}`),
    ...row('moved most', moved),
    ...row('worked longest', busy),
    ...row('requests', weightOf(median)),
    ...row('it never comes to rest', idle ? null : 'measured until the end of the wait'),
    ...row(
      'this machine',
      crowding === undefined ? null : `${crowding} programs for each processor: measure again when it rests`,
    ),
    ...fieldRow(field),
  ]
}

/** Outcomes and evidence of a page's visits. */
export const pageVerdict = (speed: Speed, field: Field): PageVerdict => {
  const { runs, median } = speed
  const lcps = runs.map(({ lcp }) => lcp)
  const lcp = typicalOf(speed, lcps)
  const tbt = typicalOf(
    speed,
    runs.map(run => run.tbt),
  )
  const cls = Math.round(medianOf(runs.map(run => run.cls)) * 1000) / 1000
  const inps = runs.flatMap(run => (run.inp ? [run.inp.value] : []))
  const inp = inps.length ? medianOf(inps) : null
  const slow = slowness(speed, lcp, field)
  const isLate = inp !== null && inp > pageBounds.inp
  return {
    outcomes: [
      ...(slow ? [slow] : []),
      ...(cls > pageBounds.cls ? (['layout-shift'] as const) : []),
      ...(tbt > pageBounds.tbt || isLate ? (['main-thread'] as const) : []),
    ],
    confidence:
      slow === 'very-slow' || (Math.min(...lcps) > pageBounds.slowLcp && speed.crowding === undefined)
        ? 'certain'
        : 'likely',
    words: {
      lcp: waitInWords(lcp),
      cls: String(cls),
      tbt: waitInWords(tbt > pageBounds.tbt ? tbt : (inp ?? tbt)),
      what: waitedFor(median)?.what ?? '',
      element: median.lcpElement?.element ?? '',
    },
    moved: median.shifts[0]?.element ?? '',
    busiest: median.tasks[0]?.script ?? '',
    rows: rowsOf(speed, { lcps, cls, tbt, inp }, field),
  }
}

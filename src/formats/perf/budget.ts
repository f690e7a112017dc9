// A baseline of intervals, and what is compared with it: two measurements differ only where their intervals part.
import { bytesInWords } from '../http/compressed.ts'
import { isRecord } from '../is-record.ts'
import { hasGrown } from './bundle-weight.ts'
import type { Interval } from './p95.ts'
import { intervalInWords, waitInWords } from './route-words.ts'

/** A route as it was measured: milliseconds. */
export type MeasuredRoute = {
  url: string
  targetMs: number
  count: number
  failed: number
  p50: number
  p95: number
  interval: Interval
}

export type PerfBaseline = {
  schemaVersion: 1
  of: 'perf'
  domain: string
  at: string
  routes: MeasuredRoute[]
  /** Folder of a package that was built, or address of a host's front page → brotli bytes of its first load. */
  firstLoadJs?: Record<string, number>
}

/** A route of today, with its verdict; `untold` says why there is none. */
export type JudgedRoute = MeasuredRoute & {
  verdict: 'over' | 'within' | 'open'
  failsOften: boolean
  untold: string | null
}

/** `broken`: the run fails for it. */
export type BudgetRow = {
  what: string
  state: 'kept' | 'faster' | 'slower' | 'heavier' | 'over-budget' | 'fails' | 'new' | 'not-told'
  before: string
  now: string
  budget: string
  why: string
}

const brokenStates: readonly BudgetRow['state'][] = ['slower', 'heavier', 'over-budget', 'fails']

export const isBroken = ({ state }: Pick<BudgetRow, 'state'>): boolean => brokenStates.includes(state)

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0

const isRoute = (value: unknown): value is MeasuredRoute => {
  const { url, targetMs, count, failed, p50, p95, interval } = (value ?? {}) as Partial<MeasuredRoute>
  return (
    typeof url === 'string' &&
    [targetMs, count, failed, p50, p95, interval?.low].every(isNumber) &&
    (interval?.high === null || isNumber(interval?.high))
  )
}

const isWeights = (value: unknown): boolean => isRecord(value) && Object.values(value).every(isNumber)

/** A baseline from what stood in a file, or why it is none. */
export const readPerfBaseline = (value: unknown): PerfBaseline | string => {
  const given = (value ?? {}) as Partial<PerfBaseline>
  if (given.of !== 'perf' || typeof given.domain !== 'string') return 'it is no baseline of launch-ready perf'
  if (given.schemaVersion !== 1)
    return `it is of schema version ${String(given.schemaVersion)}; this launch-ready reads version 1`
  if (given.firstLoadJs !== undefined && !isWeights(given.firstLoadJs))
    return 'a first load in it is no number of bytes'
  if (!Array.isArray(given.routes) || !given.routes.every(isRoute)) return 'a route in it holds no interval'
  return given as PerfBaseline
}

const shown = ({ p95, interval }: MeasuredRoute): string => `${waitInWords(p95)} (${intervalInWords(interval)})`

/** Two machines, or one on two days, differ by a few milliseconds on their own. */
const ownMs = 5
const isApart = (highBefore: number, lowNow: number): boolean => lowNow > highBefore + ownMs

/** How a route stands beside its baseline and its target. */
const rowOfRoute = (now: JudgedRoute, before: MeasuredRoute | undefined): BudgetRow => {
  const row = {
    what: now.url,
    before: before ? shown(before) : '',
    now: now.count > 0 ? shown(now) : '',
    budget: waitInWords(now.targetMs),
  }
  const is = (state: BudgetRow['state'], why: string): BudgetRow => ({ ...row, state, why })
  if (now.failsOften) return is('fails', `${now.failed} of ${now.count} requests fail`)
  if (now.verdict === 'over')
    return is(
      'over-budget',
      `one in twenty waits ${waitInWords(now.p95)} or more; the budget is ${waitInWords(now.targetMs)}`,
    )
  if (before && before.interval.high !== null && isApart(before.interval.high, now.interval.low))
    return is(
      'slower',
      `the intervals part: at least ${waitInWords(now.interval.low)} now, at most ${waitInWords(before.interval.high)} before`,
    )
  if (now.untold !== null || now.verdict === 'open') return is('not-told', now.untold ?? 'too few samples')
  if (!before) return is('new', 'not in the baseline')
  if (now.interval.high !== null && now.interval.high < before.interval.low)
    return is('faster', 'faster than the baseline')
  return is('kept', 'as before')
}

/** A row for each route, those that are broken first. Routes of the baseline that were not measured are not told. */
export const budgetRows = (now: readonly JudgedRoute[], baseline: PerfBaseline | null): BudgetRow[] => {
  const before = new Map((baseline?.routes ?? []).map(route => [route.url, route]))
  const rows = now.map(route => rowOfRoute(route, before.get(route.url)))
  const gone = [...before.values()]
    .filter(({ url }) => !now.some(route => route.url === url))
    .map(
      (route): BudgetRow => ({
        what: route.url,
        state: 'not-told',
        before: shown(route),
        now: '',
        budget: waitInWords(route.targetMs),
        why: 'it stands in the baseline and was not measured now; write the baseline anew where it is gone for good',
      }),
    )
  return [...rows, ...gone].sort((a, b) => Number(isBroken(b)) - Number(isBroken(a)) || (a.what < b.what ? -1 : 1))
}

/** What a page cost: of the visit in the middle. Bytes as they were sent. */
export type PageCost = { lcp: number; requests: readonly { kind: string; bytes: number }[] }

/** The budgets of the config for pages; bytes, milliseconds, a count. */
export type PageBudgets = {
  totalJs?: number | undefined
  images?: number | undefined
  requests?: number | undefined
  lcp?: number | undefined
}

const bytesOf = ({ requests }: PageCost, kind: string): number =>
  requests.filter(request => request.kind === kind).reduce((sum, { bytes }) => sum + bytes, 0)

/** A row for each budget of a page. */
export const pageRows = (url: string, cost: PageCost, budgets: PageBudgets): (BudgetRow & { name: string })[] => {
  const kinds: [string, number, number | undefined, (value: number) => string][] = [
    ['largest paint', cost.lcp, budgets.lcp, waitInWords],
    ['JavaScript', bytesOf(cost, 'script'), budgets.totalJs, bytesInWords],
    ['images', bytesOf(cost, 'image'), budgets.images, bytesInWords],
    ['requests', cost.requests.length, budgets.requests, String],
  ]
  return kinds.flatMap(([name, value, budget, inWords]) => {
    if (budget === undefined) return []
    const isOver = value > budget
    const why = isOver ? `${name}: ${inWords(value)}; the budget is ${inWords(budget)}` : 'within its budget'
    return [
      {
        name,
        what: `${url} (${name})`,
        state: isOver ? ('over-budget' as const) : ('kept' as const),
        before: '',
        now: inWords(value),
        budget: inWords(budget),
        why,
      },
    ]
  })
}

/** A row for each first load that the baseline knows, or that has a budget. `now` holds what was weighed, null where nothing could be. */
export const firstLoadRows = (
  now: Readonly<Record<string, number>> | null,
  before: Readonly<Record<string, number>>,
  budget: number | undefined,
): BudgetRow[] => {
  if (now === null) return []
  const keys = [...new Set([...Object.keys(before), ...(budget === undefined ? [] : Object.keys(now))])].sort()
  return keys.map((key): BudgetRow => {
    const [weighs, weighed] = [now[key], before[key]]
    const row = {
      what: `${key === '' ? 'the built package' : key} (first load of JavaScript)`,
      before: weighed === undefined ? '' : bytesInWords(weighed),
      now: weighs === undefined ? '' : bytesInWords(weighs),
      budget: budget === undefined ? 'as before' : bytesInWords(budget),
    }
    const is = (state: BudgetRow['state'], why: string): BudgetRow => ({ ...row, state, why })
    if (weighs === undefined)
      return is('not-told', 'it stands in the baseline and could not be weighed now: was the build run?')
    if (budget !== undefined && weighs > budget)
      return is('over-budget', `${bytesInWords(weighs)} of scripts load first; the budget is ${bytesInWords(budget)}`)
    if (weighed !== undefined && hasGrown(weighed, weighs))
      return is('heavier', `${bytesInWords(weighs)} of scripts load first, ${bytesInWords(weighed)} before`)
    return is('kept', weighed === undefined ? 'within its budget' : 'as before')
  })
}

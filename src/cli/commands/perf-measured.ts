// What `perf baseline` and `perf budget` share: the stage's measurements as intervals, and the file they are kept in.
import { UsageError } from '../../config/errors.ts'
import type { SavedFact } from '../../core/fact.ts'
import type { Finding } from '../../core/report.ts'
import type { PageSpeed } from '../../facts/browser/page-speed.ts'
import type { Delivery } from '../../facts/http/delivery.ts'
import type { RouteTimings } from '../../facts/http/route-timings.ts'
import type { FirstLoadFact } from '../../facts/repo/first-load.ts'
import {
  type BudgetRow,
  type JudgedRoute,
  type PerfBaseline,
  pageRows,
  readPerfBaseline,
} from '../../formats/perf/budget.ts'
import { hostKey } from '../../formats/perf/bundle-weight.ts'
import { failsOften } from '../../formats/perf/error-share.ts'
import { routeVerdict } from '../../formats/perf/route-verdict.ts'
import { knownSecrets } from '../../run/known-secrets.ts'
import { createMask, type Mask } from '../../run/mask.ts'
import type { RunResult } from '../../run/request.ts'
import { run } from '../../run/run.ts'
import type { Call } from '../call.ts'
import { type SettledStage, settleStage } from '../stage-settings.ts'
import { waysOf } from '../ways.ts'

export const usualFile = 'launch-ready.perf.json'

export type Measured = {
  result: RunResult
  mask: Mask
  routes: JudgedRoute[]
  /** Budgets of pages that were loaded in a browser. */
  pages: BudgetRow[]
  /** Folder of a built package, or address of a host's front page → brotli bytes of its first load; null where nothing was to be weighed. */
  firstLoadJs: Record<string, number> | null
  /** Findings of the repository's own budgets (size-limit, Angular and others). */
  overBudget: Finding[]
}

const judgedRoute = (url: string, is: SavedFact['is']): JudgedRoute[] => {
  if (!is.ok) {
    // Not what a budget is for: a webhook, a page of somebody else.
    if (is.because) return []
    const none = { targetMs: 0, count: 0, failed: 0, p50: 0, p95: 0, interval: { low: 0, high: null } }
    return [{ url, ...none, verdict: 'open', failsOften: false, untold: is.message }]
  }
  const timings = is.value as RouteTimings
  const { verdict, count, failed, p50, p95, interval } = routeVerdict(timings)
  const often = failsOften(timings.samples.filter(one => one.failed !== null).length, timings.samples.length)
  const untold = timings.stopped && verdict === 'open' ? timings.stopped.why : null
  return [{ url, targetMs: timings.targetMs, count, failed, p50, p95, interval, verdict, failsOften: often, untold }]
}

/** What loads first: of packages that were built here, and of the front pages of hosts. */
const firstLoads = (facts: readonly SavedFact[]): Record<string, number> =>
  Object.fromEntries(
    facts.flatMap(({ fact, on, is }): [string, number][] => {
      if (!is.ok) return []
      if (fact === 'firstLoad')
        return (is.value as FirstLoadFact).packages.flatMap(({ path, built }) => (built ? [[path, built.bytes]] : []))
      if (fact !== 'delivery') return []
      const { firstLoad } = is.value as Delivery
      return firstLoad.length ? [[hostKey(on.name), firstLoad.reduce((sum, { bytes }) => sum + bytes, 0)]] : []
    }),
  )

/** What `perf baseline` and `perf budget` are asked to measure. Throws UsageError for what was given wrongly. */
export const settlePerf = async (call: Call): Promise<{ domain: string; settled: SettledStage }> => {
  const settled = await settleStage(call, { stage: 'perf', operand: call.operands[0] })
  const { domain } = settled.request
  if (domain === null)
    throw new UsageError('perf baseline and perf budget need a domain: launch-ready perf budget example.com.')
  return { domain, settled }
}

/** Measures, for minutes. */
export const measure = async (call: Call, settled: SettledStage): Promise<Measured> => {
  const { config } = settled.request
  const { ways, end } = waysOf(call, settled.request, createMask(config.secrets))
  const result = await run(settled.request, ways).finally(end)
  const routes = result.facts
    .filter(({ fact }) => fact === 'routeTimings')
    .flatMap(({ on, is }) => judgedRoute(on.name, is))
  const of = <T>(name: string): { on: string; value: T }[] =>
    result.facts.flatMap(({ fact, on, is }) => (fact === name && is.ok ? [{ on: on.name, value: is.value as T }] : []))
  const budgets = config.config.perf?.budgets ?? {}
  const pages = of<PageSpeed>('pageSpeed').flatMap(({ on, value }) => pageRows(on, value.median, budgets))
  // What perf.budgets and the baseline say of pages and first loads stands in rows of its own.
  const isOwnBudget = config.config.perf?.budgets?.firstLoadJs === undefined
  const overBudget = result.report.findings.filter(
    ({ outcome, subject, suppressed }) =>
      !suppressed && isOwnBudget && outcome === 'over-budget' && !/^https?:/.test(subject),
  )
  const isWeighed = result.facts.some(({ fact }) => fact === 'firstLoad' || fact === 'delivery')
  const firstLoadJs = isWeighed ? firstLoads(result.facts) : null
  return {
    result,
    mask: createMask(knownSecrets(config, result.facts)),
    routes,
    pages,
    firstLoadJs,
    overBudget,
  }
}

/** A baseline that was read. Throws UsageError where it is none, or of another domain. */
export const checkedBaseline = (value: unknown, path: string, domain: string): PerfBaseline => {
  const read = readPerfBaseline(value)
  if (typeof read === 'string')
    throw new UsageError(`${path}: ${read}; write one with launch-ready perf baseline --file ${path}.`)
  if (read.domain !== domain)
    throw new UsageError(
      `${path} is of ${read.domain}, not of ${domain}: only measurements of one domain can be compared.`,
    )
  return read
}

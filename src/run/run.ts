// One run as a function: plan → collect → judge → assemble. For the command line, a daemon, a worker, a test alike: it touches
// no process, no arguments and no terminal, and two runs share nothing.
import { assembleReport } from '../core/assemble.ts'
import type { AnyCheck } from '../core/check.ts'
import type { Clock } from '../core/clock.ts'
import type { SavedFact, Subject } from '../core/fact.ts'
import type { Judged } from '../core/judge.ts'
import type { Report } from '../core/report.ts'
import { brokenAt, type CustomerWalk, walkSentence } from '../formats/handover/customer-walk.ts'
import { isLinkLocal } from '../net/addresses.ts'
import { firstSeenIn } from './baseline.ts'
import { busyNote } from './busy.ts'
import { contradictionsIn } from './contradictions.ts'
import { checksFor, execute, factsOf, isLeftToItsStage, walkOf } from './execute.ts'
import { lookedAt } from './looked.ts'
import { withCollection } from './open.ts'
import { type Plan, planOf } from './prepare.ts'
import type { RunRequest, RunResult, RunWays } from './request.ts'
import { pieceOfWork, slowNote } from './slow.ts'

/** Hosts of every URL in the config: on this machine or in a private network they are asked all the same. */
const hostsNamedIn = (value: unknown): string[] => {
  if (typeof value === 'string')
    return /^(?:https?|imaps?):\/\//.test(value) && URL.canParse(value) ? [new URL(value).hostname] : []
  return value && typeof value === 'object' ? Object.values(value).flatMap(hostsNamedIn) : []
}

/** What a config lets a run reach: one that was found leads neither to files outside of its folder nor to where clouds keep secrets. */
const ofConfig = ({ config, isOutside }: RunRequest['config']) => ({
  isOutside,
  ownHosts: hostsNamedIn(config).filter(host => !isOutside || !isLinkLocal(host)),
})

/** Begins to collect what the checks will need of a subject, before its turn comes. */
const ahead =
  ({ checks }: Pick<Plan, 'checks'>, need: (name: ReturnType<typeof factsOf>[number], subject: Subject) => unknown) =>
  (subject: Subject): void => {
    for (const check of checksFor(checks, subject)) for (const name of factsOf(check)) void need(name, subject)
  }

/** A run over a domain and every stage: it sees how far a customer gets. */
const isWhole = ({ stage, domain, messages, saved, only = [] }: RunRequest): boolean =>
  (stage === 'audit' || stage === 'handover') &&
  !messages &&
  only.length === 0 &&
  (domain ?? saved?.target.domain) != null

/** Whether what was judged is of one of these checks. */
const isOf = ({ results }: Judged, ids: ReadonlySet<string>): boolean => results.some(({ check }) => ids.has(check))

const firstCustomerOf = (walk: CustomerWalk | null): Pick<Report, 'firstCustomer'> =>
  walk === null ? {} : { firstCustomer: { at: brokenAt(walk)?.step ?? null, sentence: walkSentence(walk) } }

/** What is said of this machine: pages alone are timed on it, everything else waits for others. */
const machineNotes = (
  clock: Clock,
  { facts, durationMs, starvedMs }: { facts: readonly SavedFact[]; durationMs: number; starvedMs: number },
): string[] => {
  const isTimed = facts.some(({ fact, is }) => fact === 'pageSpeed' && is.ok)
  const slow = isTimed ? slowNote(pieceOfWork(clock.elapsed)) : null
  return [busyNote(starvedMs, durationMs), slow].filter(note => note !== null)
}

/**
 * Runs what was asked for. Throws UsageError for a request that is wrong, before anything is looked at; an aborted signal
 * ends it early with a report that says so.
 */
export const run = async (request: RunRequest, ways: RunWays): Promise<RunResult> => {
  const plan = planOf(request)
  const { checks, target, config, reported } = plan
  const { clock, signal } = ways
  const saved = request.saved ?? undefined
  for (const line of plan.sends) ways.announce?.(line)
  const startedAt = saved ? Date.parse(saved.startedAt) : clock.now()
  const begun = clock.elapsed()
  const starvedBefore = clock.starved()
  let prefetch = (_: Subject): void => {}
  const opening = {
    target,
    config,
    at: saved?.startedAt,
    saved: saved?.facts,
    messages: request.messages ?? undefined,
    fresh: request.fresh,
    onAnnounce: saved ? undefined : (subject: Subject) => prefetch(subject),
    ...ofConfig(request.config),
  }
  ways.planned?.(checks.length)
  const { stage } = request
  const {
    judged: all,
    facts,
    walk,
  } = ways.salvaged
    ? { judged: ways.salvaged, facts: [], walk: null }
    : await withCollection(opening, ways, async collection => {
        ways.awaiting?.(collection.awaited)
        prefetch = ahead({ checks: checks.filter(check => !isLeftToItsStage({ stage }, check)) }, collection.need)
        const elapsed = saved ? undefined : clock.elapsed
        const session = { checks, stage, target, config, collection, now: startedAt, elapsed, onJudged: ways.judged }
        const every = await execute(session)
        const saw = isWhole(request) ? await walkOf(session, every) : null
        return { judged: every, facts: collection.saved(), walk: saw }
      })
  const durationMs = Math.round(clock.elapsed() - begun)
  const ofMachine = saved ? [] : machineNotes(clock, { facts, durationMs, starvedMs: clock.starved() - starvedBefore })
  for (const note of ofMachine) ways.announce?.(note)
  const byId = new Map(checks.map(check => [check.id, check]))
  const reportOf = (of: readonly Judged[], some: ReadonlyMap<string, AnyCheck>): Report =>
    assembleReport({
      ...lookedAt(facts, target),
      version: ways.version,
      startedAt: new Date(startedAt).toISOString(),
      durationMs,
      judged: of,
      checks: some,
      suppress: target.suppress,
      baseline: request.baseline ?? new Set(),
      firstSeen: firstSeenIn(request.since ?? null),
      now: startedAt,
      interrupted: signal.aborted || ways.salvaged != null,
      notes: [...(ways.passedOver ?? []).map(file => `${file} was passed over: reading it did not end`), ...ofMachine],
    })
  const judged = reported === null ? all : all.filter(item => isOf(item, reported))
  const added = { ...firstCustomerOf(walk), ...contradictionsIn(facts, startedAt) }
  const own = reported === null ? byId : new Map([...byId].filter(([id]) => reported.has(id)))
  const report = { ...reportOf(judged, own), ...added }
  const whole = reported === null ? {} : { whole: { ...reportOf(all, byId), ...added } }
  const defects = all.flatMap(item => (item.defect ? [item.defect] : []))
  return { report, facts, judged, defects, target, startedAt, ...whole }
}

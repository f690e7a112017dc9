// Collects what the planned checks need and judges each for each of its subjects.
import { type AnyCheck, kindsOf } from '../core/check.ts'
import {
  type Fact,
  type Missing,
  missing,
  notApplicable,
  observed,
  type Subject,
  type SubjectKind,
} from '../core/fact.ts'
import { type Judged, judge } from '../core/judge.ts'
import { compareFindings, compareResults } from '../core/rank.ts'
import type { Stage } from '../core/stage.ts'
import type { Collection } from '../facts/collect.ts'
import type { Web } from '../facts/http/web.ts'
import type { FactName } from '../facts/index.generated.ts'
import { type CustomerWalk, customerWalk } from '../formats/handover/customer-walk.ts'
import type { Plan } from './prepare.ts'

const noneOf: Partial<Record<SubjectKind, string>> = {
  sender: 'no sender is configured (email.senders)',
  selector: 'no DKIM selector is known',
  record: 'no expected record is configured (dns.expected)',
  flow: 'no flow is configured (flows, email.flows)',
  message: 'no message was given',
  file: 'no file was given',
  channel: 'no alert channel is configured (monitor.alerts)',
  'mx-host': 'the domain names no mail server',
  address: 'no sending address is known',
  repo: 'no repository was given',
  route: 'no page was found',
  config: 'nothing is suppressed',
  domain: 'no domain was given',
  host: 'no domain was given',
}

/** Every fact that a check is handed. */
export const factsOf = (check: AnyCheck): FactName[] => [...check.needs, ...(check.wants ?? [])] as FactName[]

export type Session = Pick<Plan, 'checks' | 'target' | 'config'> & {
  collection: Collection
  /** The stage whose command runs. */
  stage?: Stage
  /** The instant of the run in milliseconds since the epoch. */
  now: number
  /** Measures how long a judgement takes; absent where saved facts are judged, which gives the same report each time. */
  elapsed?: () => number
  onJudged?: (judged: Judged, check: AnyCheck) => void
}

/** A session with what was judged in it so far; `taken` holds check and subject of each. */
type Open = Session & { judged: Judged[]; taken: Set<string>; walk?: Fact<unknown> }

const keep = (session: Open, check: AnyCheck, result: Judged): void => {
  session.judged.push(result)
  session.onJudged?.(result, check)
}

/** A host that is no part of the product: few checks are meant for it. */
const isFurther = ({ details }: Subject): boolean => details?.['further'] === true

/** The checks that are judged for a subject. */
export const checksFor = (checks: readonly AnyCheck[], subject: Subject): AnyCheck[] =>
  checks.filter(check => kindsOf(check).includes(subject.kind) && (check.everyHost === true || !isFurther(subject)))

const silences: readonly string[] = ['refused', 'timeout', 'unreachable', 'unsupported']

/** A name that nobody leads visitors to need not be a website: where no web server answers, or none over HTTPS, nothing is missing. */
const unanswered = (host: string, fact: string, web: Fact<Web>): Missing | null => {
  if (!web.ok) return null
  const { https, http } = web.value
  if (https.ok || !silences.includes(https.reason)) return null
  if (!http.ok) return silences.includes(http.reason) ? notApplicable(`no web server answers at ${host}`) : null
  const leadsToHttps = http.value.next?.url.startsWith(`https://${host}/`) === true
  return fact === 'tls' && !leadsToHttps ? notApplicable(`${host} is not served over HTTPS`) : null
}

/** What its own stage measures is not measured in passing. */
export const isLeftToItsStage = ({ stage }: Pick<Session, 'stage'>, check: AnyCheck): boolean =>
  check.measured === true && stage !== undefined && stage !== check.stage

const skipMeasured = (session: Open, check: AnyCheck, subject: Subject): void => {
  const { target, now } = session
  const because = `measured by launch-ready ${check.stage} alone`
  const facts = Object.fromEntries(
    factsOf(check).map(name => [name, missing('unsupported', because, { because, retryable: false })]),
  )
  keep(session, check, judge({ check, subject, facts, now, target, options: {}, severities: {} }))
}

const judgeOne = async (session: Open, check: AnyCheck, subject: Subject): Promise<void> => {
  const key = `${check.id}\u0000${subject.kind}\u0000${subject.name}`
  if (session.taken.has(key)) return
  session.taken.add(key)
  if (isLeftToItsStage(session, check)) {
    skipMeasured(session, check, subject)
    return
  }
  const { collection, config, target, now } = session
  const facts = Object.fromEntries<Fact<unknown>>(
    await Promise.all(factsOf(check).map(async name => [name, await collection.need(name, subject)] as const)),
  )
  if (facts['customerWalk']) facts['customerWalk'] = session.walk ?? facts['customerWalk']
  if (isFurther(subject)) {
    const web = await collection.need('web', subject)
    for (const name of check.needs) facts[name] = unanswered(subject.name, name, web) ?? facts[name]!
  }
  const { options = {}, severity: severities = {} } = config.checks[check.id] ?? {}
  keep(session, check, judge({ check, subject, facts, now, target, options, severities }, session.elapsed))
}

/** The row of a check whose subjects are none, or could not be listed (`absent`). */
const judgeNone = (session: Open, check: AnyCheck, kind: SubjectKind, absent: Missing | null): void => {
  const { target, now } = session
  const reason = noneOf[kind] ?? `there is no ${kind}`
  const name = kind === 'repo' ? 'repository' : (target.domain ?? target.repo ?? 'run')
  const listed = { ...check, needs: ['subjects'], wants: [] } as unknown as AnyCheck
  const facts = { subjects: absent ?? missing('unsupported', reason, { because: reason }) }
  keep(
    session,
    check,
    judge({ check: listed, subject: { kind, name }, facts, now, target, options: {}, severities: {} }),
  )
}

/** Judges what is certain at once, and the rest when the list of subjects is complete. */
const judgeKind = async (session: Open, kind: SubjectKind): Promise<void> => {
  const checks = session.checks.filter(check => kindsOf(check).includes(kind))
  const judgeAll = (subjects: readonly Subject[]): Promise<void>[] =>
    subjects.flatMap(subject => checksFor(checks, subject).map(check => judgeOne(session, check, subject)))
  const early = session.collection.early(kind)
  const begun = judgeAll(early)
  const list = await session.collection.subjects(kind)
  const subjects = list.ok ? list.value : []
  await Promise.all([...begun, ...judgeAll(subjects)])
  if (list.ok && (subjects.length > 0 || early.length > 0)) return
  // A check on several kinds is told of one that is empty only when all are.
  for (const check of checks)
    if (!list.ok || kindsOf(check).length === 1) judgeNone(session, check, kind, list.ok ? null : list)
}

/** Checks of what the others found: they come last. */
const isLast = ({ needs }: AnyCheck): boolean => (needs as readonly string[]).includes('customerWalk')

const kindsByName = async (session: Session, kind: SubjectKind): Promise<Map<string, string>> => {
  const list = await session.collection.subjects(kind)
  return new Map((list.ok ? list.value : []).map(({ name, details }) => [name, String(details?.['kind'] ?? '')]))
}

/** How far a first customer gets, by everything that was judged. */
export const walkOf = async (session: Session, judged: readonly Judged[]): Promise<CustomerWalk> => {
  const { domain } = session.target
  const [routes, flows, found] = await Promise.all([
    kindsByName(session, 'route'),
    kindsByName(session, 'flow'),
    domain === null ? null : session.collection.need('hosts', { kind: 'domain', name: domain }),
  ])
  const hosts = new Map(found?.ok ? found.value.hosts.map(({ name, role }) => [name, role]) : [])
  // In the order of the report, not in that in which checks happened to end: of two that break a step the first is named.
  return customerWalk({
    findings: judged.flatMap(({ findings }) => findings).sort(compareFindings),
    results: judged.flatMap(({ results }) => results).sort(compareResults),
    routes,
    flows,
    hosts,
  })
}

/** Judges every check of the session. Never rejects for what a check or a collector does. */
export const execute = async (session: Session): Promise<Judged[]> => {
  const first = session.checks.filter(check => !isLast(check))
  const last = session.checks.filter(isLast)
  const judgeAll = async (checks: readonly AnyCheck[], open: Open): Promise<void> => {
    const kinds = new Set(checks.flatMap(kindsOf))
    await Promise.all([...kinds].map(kind => judgeKind({ ...open, checks: [...checks] }, kind)))
  }
  const open: Open = { ...session, judged: [], taken: new Set() }
  await judgeAll(first, open)
  if (last.length === 0) return open.judged
  const at = new Date(session.now).toISOString()
  // Without another check nothing shows how far a customer gets.
  const walk = first.length ? observed(await walkOf(session, open.judged), at) : undefined
  await judgeAll(last, { ...open, ...(walk ? { walk } : {}) })
  return open.judged
}

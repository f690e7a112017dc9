// A fact is what was seen of the world, or the reason why it could not be seen. Facts are plain JSON.
import type { Cause } from './cause.ts'

/**
 * Why a fact is missing. NXDOMAIN, an empty answer or a 404 are observations, not reasons. `timeout`: looked at twice, and it is
 * not us who were late; `unproven`: nothing came, but this program or its network may be why.
 */
export const reasons = [
  'timeout',
  'unproven',
  'refused',
  'unreachable',
  'servfail',
  'tls-handshake',
  'http-status',
  'needs-credential',
  'forbidden',
  'rate-limited',
  'too-large',
  'malformed',
  'unsupported',
  'internal',
] as const

export type Reason = (typeof reasons)[number]

/** What may be otherwise at the next look. */
const passing: readonly Reason[] = ['timeout', 'unproven', 'servfail', 'rate-limited', 'unreachable']

/** What was seen. `at` is an ISO 8601 instant in UTC. */
export type Observed<T> = { ok: true; value: T; at: string }

/**
 * Why nothing was seen.
 *
 * `cause` is the deeper reason that many facts may share (a resolver that does not answer): equal causes are folded into
 * one line of the report. `because` is set when the absence is itself an observation that another check judges
 * ("app.example.com does not exist"): checks that need this fact are then skipped, not unknown.
 */
export type Missing = {
  ok: false
  reason: Reason
  message: string
  retryable: boolean
  cause?: Cause
  because?: string
}

export type Fact<T> = Observed<T> | Missing

export const observed = <T>(value: T, at: string): Observed<T> => ({ ok: true, value, at })

export const missing = (reason: Reason, message: string, more: Partial<Omit<Missing, 'ok'>> = {}): Missing => ({
  ok: false,
  reason,
  message,
  retryable: passing.includes(reason),
  ...more,
})

/** Missing because the thing does not exist, which another check reports: what needs this fact is skipped. */
export const notApplicable = (because: string, cause?: Cause): Missing =>
  missing('unsupported', because, { because, retryable: false, ...(cause ? { cause } : {}) })

/** The name does not exist, has no address, or leads into a private network: `domain-resolution` reports it. */
export const nameGone = (host: string, because: string): Missing =>
  notApplicable(because, { kind: 'name', host, text: because })

/** The deeper reason of a missing fact; without one, its own. */
export const causeOf = (fact: Missing): Cause =>
  fact.cause ?? { kind: 'fact', reason: fact.reason, text: fact.because ?? fact.message }

/** What a fact or a check is about. */
export const subjectKinds = [
  'domain',
  'host',
  'route',
  'record',
  'name',
  'mx-host',
  'address',
  'sender',
  'selector',
  'message',
  'flow',
  'channel',
  'repo',
  'file',
  'config',
] as const

export type SubjectKind = (typeof subjectKinds)[number]

/**
 * One subject. `name` is unique within its kind and is what a report shows: a domain or host name without the trailing
 * dot, the URL of a route, `selector._domainkey.example.com`, an e-mail address, a repository's directory name.
 * `parent` is what contains it (route → host → domain). `details` carries what the kind needs beyond its name (a
 * route's kind, a sender's configuration) as plain JSON.
 */
export type Subject = {
  kind: SubjectKind
  name: string
  parent?: Subject
  details?: Readonly<Record<string, unknown>>
}

/** The subject itself, then what contains it, outwards. */
export const lineage = (subject: Subject): Subject[] => {
  const line: Subject[] = []
  for (let at: Subject | undefined = subject; at; at = at.parent) line.push(at)
  return line
}

/** A fact as it stands in a facts file, and as deliverables read it. */
export type SavedFact = { fact: string; on: { kind: SubjectKind; name: string }; is: Fact<unknown> }

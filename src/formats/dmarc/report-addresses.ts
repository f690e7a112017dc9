// The addresses that DMARC reports go to: which of them work, and the record with those that do.
import { parseDmarc, rewriteDmarc } from './dmarc.ts'

export type ReportTarget = {
  tag: 'rua' | 'ruf'
  address: string
  domain: string
  /** Another organizational domain than the record's. */
  external: boolean
  /** `_report._dmarc` record there; null where it is not needed, or could not be asked. */
  authorised: boolean | null
  authorisation: string | null
  /** Mail can be delivered to the domain; null where that could not be asked. */
  receives: boolean | null
}

export type ReportTargets = {
  record: string
  at: string
  /** Where the record is kept, when its name only leads there by CNAME. */
  alias: string | null
  targets: ReportTarget[]
  rua: number
}

/** True where reports cannot arrive: the other domain has not agreed, or takes no mail. */
export const isLost = (item: ReportTarget): boolean => item.authorised === false || item.receives === false

/** True where that could not be asked for. */
export const isUnasked = (item: ReportTarget): boolean =>
  item.receives === null || (item.external && item.authorised === null)

/** What was seen of an address, in words. */
export const describeTarget = ({ receives, external, authorised, authorisation }: ReportTarget): string => {
  const delivery = receives === null ? 'mail server not asked' : receives ? 'takes mail' : 'takes no mail'
  if (!external) return delivery
  const consent =
    authorised === null
      ? 'consent not asked'
      : authorised
        ? 'agreed to receive reports'
        : `no record at ${authorisation}`
  return `${delivery}, ${consent}`
}

/**
 * The record with the report addresses that `keep` holds for; `own` (a URI) where none is left. Empty where there is
 * nobody to report to.
 */
export const withReports = (
  found: ReportTargets,
  keep: (item: ReportTarget, at: number) => boolean,
  own: string | null,
): string => {
  const record = parseDmarc(found.record)
  const kept = (tag: 'rua' | 'ruf'): string[] =>
    found.targets
      .filter(item => item.tag === tag)
      .filter(keep)
      .map(item => `mailto:${item.address}`)
  const rua = kept('rua')
  // Addresses that only lack their "mailto:" are those that were meant.
  const meant =
    found.rua === 0 ? parseDmarc(rewriteDmarc(record, {})).rua.flatMap(uri => (uri.domain === null ? [] : uri.uri)) : []
  const to = rua.length ? rua : meant
  return to.length || own
    ? rewriteDmarc(record, { rua: to.length ? to.join(',') : own, ruf: kept('ruf').join(',') || null })
    : ''
}

/** Receivers report every day; a week without one is no accident of a quiet day. */
const quietDays = 7

/** A place with reports, as far as their arrival goes; one file is no place in which reports arrive. */
type ReportPlace = {
  kind: 'file' | 'directory' | 'mailbox'
  place: string
  /** ISO 8601; null where there is none. */
  newest: string | null
  problems: readonly { reason: string; used: boolean }[]
}

/** Whether reports arrive there: `since` (in words) when they do not, `unknown` when that cannot be judged, null when they do. `now` in milliseconds. */
export const arrivalFault = (
  { kind, place, newest, problems }: ReportPlace,
  now: number,
): { since: string } | { unknown: string } | null => {
  if (kind === 'file' || (newest !== null && Date.parse(newest) >= now - quietDays * 86_400_000)) return null
  if (newest === null && problems.some(item => !item.used))
    return { unknown: `no report in ${place} could be read: ${problems[0]?.reason}` }
  return { since: newest === null ? 'so far' : `since ${newest.slice(0, 10)}` }
}

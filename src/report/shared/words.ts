// The words of the reports: verdicts, journeys, durations and dates in plain English.
import type { Finding, Report } from '../../core/report.ts'
import type { Impact, Severity } from '../../core/severity.ts'
import type { Stage } from '../../core/stage.ts'

/** `1 blocker`, `3 blockers`. */
export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`

/** `a, b and c`. */
export const list = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`

/** First letter in upper case, unless the first word is a name of the net (ns2.example.com, https://…). */
export const sentence = (text: string): string =>
  /^\S*\w[.:/_]\w/.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1)

/** Minutes of work in words: `15 min`, `1 h 20 min`, `6 h`. */
export const minutes = (count: number): string => {
  const whole = Math.max(1, Math.round(count))
  if (whole < 60) return `${whole} min`
  const rest = whole % 60
  return rest && whole < 480 ? `${Math.floor(whole / 60)} h ${rest} min` : `${Math.round(whole / 60)} h`
}

/** A sum of guesses, no finer than it deserves: five minutes below an hour, a quarter of an hour above. */
export const roughly = (count: number): string => {
  const step = count < 60 ? 5 : 15
  return minutes(Math.max(step, Math.round(count / step) * step))
}

/** Milliseconds in words: `840 ms`, `3.8 s`, `2 min 5 s`. */
export const elapsed = (milliseconds: number): string => {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`
  const seconds = Math.round(milliseconds / 1000)
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

const months = 'January February March April May June July August September October November December'.split(' ')

/** `25 November 2026`, in UTC; what is no date may hold anything and is not shown. */
export const longDate = (instant: string): string => {
  const at = new Date(instant)
  return Number.isNaN(at.getTime())
    ? 'an unknown date'
    : `${at.getUTCDate()} ${months[at.getUTCMonth()]} ${at.getUTCFullYear()}`
}

/** What a finding costs, in two or three words: the column of a table. */
export const costs: Record<Impact, string> = {
  payment: 'payments',
  signup: 'signups',
  login: 'logins',
  data: "customers' data",
  email: 'e-mails',
  visit: 'visitors',
  trust: 'trust',
  operate: 'control',
}

/** What happens to a customer on the journey that a finding breaks. */
export const journeys: Record<Impact, string> = {
  payment: 'Customers who want to pay cannot, or pay the wrong way.',
  signup: 'People who want an account do not get one.',
  login: 'Customers do not get into their account, or somebody else does.',
  data: "Customers' data can be read by people it is not meant for.",
  email: 'E-mails do not arrive, or others can send them in your name.',
  visit: 'Visitors do not reach the site, or leave before it loads.',
  trust: 'The browser or the customer has a reason not to trust the site.',
  operate: 'Nobody notices, or nobody can repair, when something breaks.',
}

export const severityWords: Record<Severity, { head: string; when: string; meaning: string }> = {
  blocker: {
    head: 'Blockers',
    when: 'fix these first',
    meaning: 'a customer who wants to pay is lost, or their data is. Nothing else matters until these are gone.',
  },
  high: {
    head: 'High',
    when: 'this week',
    meaning: 'customers are lost now and then, or one small step is missing until they are.',
  },
  medium: { head: 'Medium', when: 'this month', meaning: 'it costs trust, or makes the next fault worse.' },
  low: {
    head: 'Low',
    when: 'when there is time',
    meaning: 'good practice that is missing; no customer notices today.',
  },
}

export const stageWords: Record<Stage, string> = {
  audit: 'Site and browser',
  dns: 'Domain and DNS',
  email: 'E-mail',
  deploy: 'Code and deployment',
  perf: 'Speed',
  monitor: 'Monitoring',
  handover: 'Handover',
}

/** What the report is about: the domain, or else the name of the repository. Not cleaned. */
export const targetName = (report: Report): string =>
  report.target.domain ?? report.target.repo?.split(/[\\/]/).filter(Boolean).at(-1) ?? 'nothing named'

/** Findings that count: not suppressed by the config, not known from the baseline, and more than possible. */
export const counted = (report: Report): Finding[] =>
  report.findings.filter(finding => !finding.suppressed && finding.confidence !== 'possible')

/** How many findings of a severity count. */
export const countOf = (report: Report, severity: Severity): number =>
  counted(report).filter(finding => finding.severity === severity).length

/** Findings that are only possible: worth a look, apart from the others. They never decide anything. */
export const worthALook = (report: Report): Finding[] =>
  report.findings.filter(finding => !finding.suppressed && finding.confidence === 'possible')

/** The title, with its doubt where the finding is not certain. Not cleaned. */
export const titleWithDoubt = ({ title, confidence }: Finding): string =>
  confidence === 'certain' ? title : `${title} (${confidence})`

export const verdictWords: Record<Report['verdict'], string> = {
  ready: 'READY',
  'not-ready': 'NOT READY',
  incomplete: 'INCOMPLETE',
}

/** Blockers that the baseline or the config holds back: they stand beside the verdict, in every format. */
const setAside = (report: Report): string => {
  const all = report.findings.filter(({ severity, suppressed }) => severity === 'blocker' && suppressed)
  if (!all.length) return ''
  const known = all.filter(({ suppressed }) => suppressed?.by === 'baseline').length
  const parts = [
    ...(known ? [plural(known, 'known blocker')] : []),
    ...(all.length > known ? [plural(all.length - known, 'suppressed blocker')] : []),
  ]
  return `; NOT counted: ${list(parts)}`
}

/** The verdict in one sentence, without its word: `3 blockers stand between you and a customer`. */
export const verdictSentence = (report: Report): string => `${countedSentence(report)}${setAside(report)}`

const isSetAside = (report: Report): boolean =>
  report.findings.some(({ severity, suppressed }) => severity === 'blocker' && suppressed)

const blockerWords = (report: Report): string => (isSetAside(report) ? 'no new blocker' : 'no blocker found')

/** What counts: without what the baseline and the config hold back. */
const countedSentence = (report: Report): string => {
  const findings = counted(report)
  const count = (severity: Severity): number => findings.filter(finding => finding.severity === severity).length
  const blockers = count('blocker')
  if (report.verdict === 'not-ready') {
    const stand = blockers === 1 ? 'stands' : 'stand'
    const also = report.interrupted ? '; interrupted before everything was seen' : ''
    return blockers
      ? `${plural(blockers, 'blocker')} ${stand} between you and a customer${also}`
      : `something stands between you and a customer${also}`
  }
  if (report.verdict === 'incomplete') {
    if (report.interrupted) return 'interrupted before everything was seen'
    if (report.summary.pass + report.summary.unknown + findings.length === 0) return 'nothing here could be judged'
    return `${blockerWords(report)}, but ${plural(report.summary.unknown, 'check')} could not tell`
  }
  const high = count('high')
  const rest = findings.length - high
  const none = isSetAside(report) ? 'no new blocker' : 'no blockers'
  if (high) return `${none}; ${plural(high, 'thing')} to put right this week`
  if (rest) return `${none}; ${plural(rest, 'small thing')} to tidy up`
  return isSetAside(report) ? none : 'nothing found that would cost you a customer'
}

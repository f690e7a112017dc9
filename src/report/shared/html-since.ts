// Before and after, side by side: what was found then, what is so now, and what shows that it was put right.
import { diffReports } from '../../core/diff.ts'
import type { Finding, Report } from '../../core/report.ts'
import { severities } from '../../core/severity.ts'
import { diffCounts, otherTarget } from '../diff.ts'
import { items, text } from './html-text.ts'
import type { Sheet } from './sheet.ts'
import { countOf, longDate, severityWords, verdictWords } from './words.ts'

/** Rows of one list. */
const most = 60

const name = ({ title, severity, suppressed }: Finding): string =>
  `${text(title, 200)} <span class="refs">${severity}${suppressed ? ', accepted' : ''}</span>`

/** What the check saw where it passes now: the proof, not the claim. */
const proofOf = ({ check, subject }: Finding, { report, options }: Sheet): string => {
  const now = report.checks.filter(result => result.check === check && result.subject === subject)
  const passed = now.filter(({ status }) => status === 'pass')
  const good = text(options.describe?.[check]?.title ?? check, 160)
  const seen = passed
    .flatMap(({ evidence }) => evidence)
    .slice(0, 2)
    .map(({ label, value }) => `${text(label, 160)}${value ? ` <code>${text(value, 200)}</code>` : ''}`)
  if (passed.length && now.every(({ status }) => status === 'pass'))
    return `${good}.${seen.length ? `<span class="what">Seen: ${seen.join('; ')}</span>` : ''}`
  return `No longer so.<span class="what">Something else about it is left: ${good.toLowerCase()} does not hold yet</span>`
}

const rest = (all: number): string => (all > most ? `<p class="small">and ${all - most} more</p>` : '')

const part = (title: string, kind: string, some: readonly string[]): string =>
  some.length ? `<h3>${title}</h3>${items(some.slice(0, most), kind)}${rest(some.length)}` : ''

/** Two columns: how it stood, how it stands. */
const sides = (before: Report, now: Report): string => {
  const rows = severities.map(
    severity =>
      `<tr><th scope="row">${severityWords[severity].head}</th><td>${countOf(before, severity)}</td><td>${countOf(now, severity)}</td></tr>`,
  )
  const word = ({ verdict }: Report): string => `<span class="word ${verdict}">${verdictWords[verdict]}</span>`
  return `<table class="sides counted"><thead><tr><th scope="col"><span class="hidden">What</span></th><th scope="col">Before, ${text(longDate(before.startedAt), 40)}</th><th scope="col">Now, ${text(longDate(now.startedAt), 40)}</th></tr></thead><tbody><tr><th scope="row">Verdict</th><td>${word(before)}</td><td>${word(now)}</td></tr>${rows.join('')}</tbody></table>`
}

const fixedTable = (fixed: readonly Finding[], sheet: Sheet): string =>
  fixed.length
    ? `<h3>Fixed, and seen to be so</h3><table class="sides"><thead><tr><th scope="col">Before</th><th scope="col">Now</th></tr></thead><tbody>${fixed
        .slice(0, most)
        .map(finding => `<tr><td>${name(finding)}</td><td>${proofOf(finding, sheet)}</td></tr>`)
        .join('\n')}</tbody></table>${rest(fixed.length)}`
    : ''

export const sinceLastTime = (sheet: Sheet): string => {
  const { report, options } = sheet
  if (!options.former) return ''
  const diff = diffReports(options.former, report)
  return `<p><b>${diffCounts(diff)}.</b>${diff.sameTarget ? '' : ` ${otherTarget}`}</p>${sides(options.former, report)}${fixedTable(diff.fixed, sheet)}${part('New', 'new', diff.new.map(name))}${part('Suppressed, not fixed', '', diff.suppressed.map(name))}${part(
    'Could not be told this time',
    '',
    diff.couldNotTell.map(({ finding, reason }) => `${name(finding)}: ${text(reason, 200)}`),
  )}`
}

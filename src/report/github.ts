// The report for GitHub Actions: annotations as workflow commands, and the summary of the job.

import { clean } from '../core/clean.ts'
import type { Finding, Report } from '../core/report.ts'
import { type Severity, severities } from '../core/severity.ts'
import { diffCounts } from './diff.ts'
import { markdown } from './markdown.ts'
import type { Reporter, ReportOptions } from './options.ts'
import { fileOf } from './shared/anchor.ts'
import { needsSubject, proof } from './shared/changes.ts'
import { commandMessage, commandProperty } from './shared/escape.ts'
import { type Group, groups, numbered, numberedPossible } from './shared/group.ts'
import { sinceOf } from './shared/since.ts'
import { longDate, targetName, titleWithDoubt, verdictSentence, verdictWords } from './shared/words.ts'

/** GitHub shows ten annotations of each level for a step and drops the others without a word. */
export const mostAnnotations = 10

/** GitHub refuses a job summary of more than 1 MiB; bytes. */
export const longestSummary = 1_000_000

/** What is only possible is a notice, however bad it would be. */
const levels: Record<Severity, 'error' | 'warning' | 'notice'> = {
  blocker: 'error',
  high: 'warning',
  medium: 'notice',
  low: 'notice',
}

/** The file at fault. A finding without one has no place: an annotation on the config would mark a line that is not at fault. */
const place = (finding: Finding, options: ReportOptions): string => {
  const at = fileOf(finding, options)
  return at ? `file=${commandProperty(at.path, 500)},line=${at.line},` : ''
}

/** One annotation for a group: what happens, where, the fix, the command that shows whether it worked. */
const annotation = ({ lead, more }: Group, report: Report, options: ReportOptions): string => {
  const { finding } = lead
  const others = more.slice(0, 10).map(one => clean(one.finding.subject, 120))
  const rest = more.length > others.length ? ` and ${more.length - others.length} more` : ''
  const text = [
    clean(finding.why, 400),
    needsSubject(finding, report) ? `Where: ${clean(finding.subject, 200)}` : '',
    others.length ? `The same holds for: ${others.join(', ')}${rest}` : '',
    `Fix: ${clean(finding.fix.summary, 400)}`,
    `Check: npx ${proof(finding, report, options)}`,
  ]
  const title = commandProperty(titleWithDoubt(finding), 200)
  return `${place(finding, options)}title=${title}::${commandMessage(text.filter(Boolean).join('\n'))}`
}

/** Workflow commands, the verdict as a plain line last. At most ten per level; the tenth says how many are left out. */
export const github: Reporter = (report, options = {}) => {
  const out: string[] = []
  const findings = numbered(report)
  const possible = numberedPossible(report)
  const since = sinceOf(report, options)
  for (const level of ['error', 'warning', 'notice'] as const) {
    const some = [
      ...severities.filter(one => levels[one] === level).flatMap(severity => groups(findings, severity)),
      ...(level === 'notice' ? severities.flatMap(severity => groups(possible, severity)) : []),
    ]
      // What stands in files is shown at each of them.
      .flatMap(group =>
        place(group.lead.finding, options) ? [group.lead, ...group.more].map(lead => ({ lead, more: [] })) : [group],
      )
    const shown = some.slice(0, some.length > mostAnnotations ? mostAnnotations - 1 : mostAnnotations)
    for (const group of shown) out.push(`::${level} ${annotation(group, report, options)}`)
    if (shown.length < some.length)
      out.push(
        `::${level} title=More findings::${some.length - shown.length} more of this level; see the summary of the job.`,
      )
  }
  const last = `launch-ready ${clean(targetName(report), 253)}: ${verdictWords[report.verdict]}, ${verdictSentence(report)}${since ? `; since ${longDate(since.diff.from)}: ${diffCounts(since.diff)}` : ''}`
  return `${[...out, last].map(line => line.replace(/[\r\n]/g, ' ')).join('\n')}\n`
}

const bytes = (text: string): number => new TextEncoder().encode(text).length

/**
 * Text for the log of a job: GitHub's runner takes a line that begins with `::`, after any white space, and `##[` anywhere
 * for commands. What a stranger wrote must not be one; JSON and markup keep their meaning.
 */
export const forLog = (text: string, format: string): string => {
  const opening = { json: '#\\u0023[', sarif: '#\\u0023[', junit: '&#35;#[', html: '&#35;#[' }[format] ?? '# #['
  return text.replace(/##(?=\[)\[/g, () => opening).replace(/^([^\S\n]*):(?=:)/gm, '$1: ')
}

/** The Markdown report for GITHUB_STEP_SUMMARY: whole, or the short one, or that cut at a line, so that it stays below 1 MiB. */
export const jobSummary: Reporter = (report, options = {}) => {
  const whole = markdown(report, options)
  if (bytes(whole) <= longestSummary) return whole
  const lines = markdown(report, { ...options, quiet: true }).split('\n')
  const note = '\n\nThe report is longer than a job summary may be; the whole is in the Markdown or HTML report.\n'
  const kept: string[] = []
  let size = bytes(note) + 64
  for (const line of lines) {
    size += bytes(line) + 1
    if (size > longestSummary) break
    kept.push(line)
  }
  const open = kept.filter(line => /^`{3,}/.test(line)).length % 2
  return kept.length === lines.length ? kept.join('\n') : `${kept.join('\n')}${open ? '\n```' : ''}${note}`
}

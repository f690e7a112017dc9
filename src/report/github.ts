// The report for GitHub Actions: annotations as workflow commands, and the summary of the job.
import type { Finding } from '../core/report.ts'
import type { Severity } from '../core/severity.ts'
import { markdown } from './markdown.ts'
import type { Reporter, ReportOptions } from './options.ts'
import { anchor } from './shared/anchor.ts'
import { proof } from './shared/changes.ts'
import { clean, commandMessage, commandProperty } from './shared/escape.ts'
import { counted, targetName, verdictSentence, verdictWords } from './shared/words.ts'

/** GitHub shows ten annotations of each level for a step and drops the others without a word. */
export const mostAnnotations = 10

/** GitHub refuses a job summary of more than 1 MiB; bytes. */
export const longestSummary = 1_000_000

const levels: Record<Severity, 'error' | 'warning' | 'notice'> = {
  blocker: 'error',
  high: 'warning',
  medium: 'notice',
  low: 'notice',
}

/** `anchor` is a place in the repository, but an annotation on the config would mark a line that is not at fault. */
const place = (finding: Finding, options: ReportOptions): string => {
  const { path, line } = anchor(finding, options)
  const atConfig = options.configFile === undefined || path === options.configFile
  return atConfig ? '' : `file=${commandProperty(path, 500)},line=${line},`
}

/** Workflow commands, the verdict as a plain line last. At most ten per level; the tenth says how many are left out. */
export const github: Reporter = (report, options = {}) => {
  const out: string[] = []
  for (const level of ['error', 'warning', 'notice'] as const) {
    const some = counted(report).filter(({ severity }) => levels[severity] === level)
    const shown = some.slice(0, some.length > mostAnnotations ? mostAnnotations - 1 : mostAnnotations)
    for (const finding of shown) {
      const text = `${clean(finding.why, 400)}\nFix: ${clean(finding.fix.summary, 400)}\nCheck: npx ${proof(finding, report)}`
      out.push(
        `::${level} ${place(finding, options)}title=${commandProperty(finding.title, 200)}::${commandMessage(text)}`,
      )
    }
    if (shown.length < some.length)
      out.push(
        `::${level} title=More findings::${some.length - shown.length} more of this level; see the summary of the job.`,
      )
  }
  const last = `launch-ready ${clean(targetName(report), 253)}: ${verdictWords[report.verdict]}, ${verdictSentence(report)}`
  return `${[...out, last].map(line => line.replace(/[\r\n]/g, ' ')).join('\n')}\n`
}

const bytes = (text: string): number => new TextEncoder().encode(text).length

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

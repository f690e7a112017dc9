// What changed between two reports, for a terminal, as Markdown and as JSON.
import { Chalk } from 'chalk'
import { clean } from '../core/clean.ts'
import type { ReportDiff } from '../core/diff.ts'
import type { Finding } from '../core/report.ts'
import { wellFormed } from './json.ts'
import { escapeMarkdown } from './shared/escape.ts'
import { wrap } from './shared/width.ts'
import { longDate, sentence, verdictWords } from './shared/words.ts'

type Section = { title: string; sign: string; empty: string; items: { finding: Finding; reason: string | null }[] }

const sections = (diff: ReportDiff): Section[] => {
  const plain = (findings: readonly Finding[], withReason = false): Section['items'] =>
    findings.map(finding => ({ finding, reason: withReason ? (finding.suppressed?.reason ?? null) : null }))
  return [
    { title: 'New', sign: '+', empty: 'Nothing new.', items: plain(diff.new) },
    { title: 'Fixed', sign: '✓', empty: 'Nothing fixed.', items: plain(diff.fixed) },
    { title: 'Could not tell now', sign: '?', empty: '', items: diff.couldNotTell },
    { title: 'Suppressed, not fixed', sign: '~', empty: '', items: plain(diff.suppressed, true) },
    { title: 'Unchanged', sign: '=', empty: '', items: plain(diff.unchanged) },
  ]
}

/** `1 new, 2 fixed, 3 unchanged, 1 could not be told`. */
export const diffCounts = (diff: ReportDiff): string =>
  [
    `${diff.new.length} new`,
    `${diff.fixed.length} fixed`,
    ...(diff.suppressed.length ? [`${diff.suppressed.length} suppressed`] : []),
    `${diff.unchanged.length} unchanged`,
    ...(diff.couldNotTell.length ? [`${diff.couldNotTell.length} could not be told`] : []),
  ].join(', ')

const verdictChange = ({ verdict }: ReportDiff): string =>
  verdict.from === verdict.to
    ? `still ${verdictWords[verdict.to]}`
    : `${verdictWords[verdict.from]}, now ${verdictWords[verdict.to]}`

const intro = (diff: ReportDiff): string =>
  `From ${longDate(diff.from)} to ${longDate(diff.to)}: ${verdictChange(diff)}; ${diffCounts(diff)}.`

/** Said where the two reports are not about the same thing. */
export const otherTarget = 'The two reports are not about the same target; nothing here says that anything was fixed.'

const asTerminal = (diff: ReportDiff, width: number, color: boolean): string => {
  const ink = new Chalk({ level: color ? 1 : 0 })
  const paint: Record<string, (text: string) => string> = {
    '+': ink.red,
    '✓': ink.green,
    '?': ink.yellow,
    '~': ink.dim,
    '=': ink.dim,
  }
  const out = ['', ...wrap(intro(diff), width - 2).map(line => `  ${line}`)]
  if (!diff.sameTarget) out.push(...wrap(otherTarget, width - 2).map(line => `  ${line}`))
  for (const { title, sign, empty, items } of sections(diff)) {
    if (!items.length && !empty) continue
    out.push('', items.length ? `  ${ink.bold(title)}` : `  ${empty}`)
    for (const { finding, reason } of items) {
      const lead = `  ${sign} ${finding.severity.padEnd(8)}`
      const text = `${clean(finding.title, 200)} (${clean(finding.subject, 200)})${reason ? `: ${clean(reason, 200)}` : ''}`
      out.push(
        ...wrap(text, width - lead.length - 1).map((line, at) =>
          at ? `${' '.repeat(lead.length + 1)}${line}` : `${paint[sign]!(lead)} ${line}`,
        ),
      )
    }
  }
  return `${out.join('\n')}\n\n`
}

/** The sections as Markdown, with headings of this level (`###`). */
export const diffMarkdown = (diff: ReportDiff, heading = '##'): string => {
  const out = [intro(diff)]
  if (!diff.sameTarget) out.push('', otherTarget)
  for (const { title, empty, items } of sections(diff)) {
    if (!items.length && !empty) continue
    if (!items.length) {
      out.push('', empty)
      continue
    }
    out.push('', `${heading} ${title}`, '')
    for (const { finding, reason } of items)
      out.push(
        `- ${sentence(finding.severity)}: ${escapeMarkdown(finding.title, 200)} (${escapeMarkdown(finding.subject, 200)})${reason ? `. ${sentence(escapeMarkdown(reason, 200))}.` : ''}`,
      )
  }
  return out.join('\n')
}

/** Prints a comparison. Text from outside is cleaned or escaped; the JSON holds the findings as the reports do. */
export const printDiff = (
  diff: ReportDiff,
  format: 'terminal' | 'markdown' | 'json',
  options: { width?: number; color?: boolean } = {},
): string => {
  if (format === 'json') return `${JSON.stringify({ schemaVersion: 1, ...diff }, wellFormed, 2)}\n`
  if (format === 'markdown') return `# What changed\n\n${diffMarkdown(diff)}\n`
  return asTerminal(diff, Math.min(120, Math.max(60, options.width ?? 80)), options.color === true)
}

// The report as a Markdown document that one can send to a client and read on a phone: launch-blockers.md.
import { diffReports } from '../core/diff.ts'
import type { Report } from '../core/report.ts'
import { severities } from '../core/severity.ts'
import { diffMarkdown } from './diff.ts'
import type { Reporter } from './options.ts'
import { howToTell } from './shared/advice.ts'
import { escapeMarkdown, markdownCode } from './shared/escape.ts'
import { termsIn } from './shared/glossary.ts'
import {
  effort,
  groups,
  numberedPossible,
  numbersOf,
  passed,
  ranges,
  skipped,
  unknownCount,
  unknownReasons,
} from './shared/group.ts'
import { blockerSection, period, shortSection } from './shared/markdown-finding.ts'
import { type PlanRow, planRows, rowNumbers, rowsOf } from './shared/plan.ts'
import { type Sheet, sheetOf } from './shared/sheet.ts'
import {
  costs,
  elapsed,
  list,
  longDate,
  minutes,
  plural,
  sentence,
  severityWords,
  targetName,
  titleWithDoubt,
  verdictSentence,
  verdictWords,
} from './shared/words.ts'

const table = ({ findings }: Sheet): string[] => {
  if (!findings.length) return []
  const rows = severities.flatMap(severity => groups(findings, severity))
  const shown = rows.slice(0, 100)
  return [
    '| # | What | How bad | Costs you | Time |',
    '| ---: | --- | --- | --- | ---: |',
    ...shown.map(group => {
      const { lead, more } = group
      const { finding, number } = lead
      const all = ranges([number, ...more.map(one => one.number)])
      const others = more.length ? `, and ${more.length} more alike` : ''
      return `| ${all} | ${escapeMarkdown(titleWithDoubt(finding), 160)}${others} | ${finding.severity} | ${costs[finding.impact]} | ${minutes(effort([group]))} |`
    }),
    ...(rows.length > shown.length ? ['', `And ${rows.length - shown.length} more, below.`] : []),
    '',
  ]
}

const planItem = (row: PlanRow): string => {
  const { lead } = row.group
  const first = row.why ? ` ${escapeMarkdown(row.why, 200)}` : ''
  return `- [ ] ${ranges(rowNumbers(row))}: ${escapeMarkdown(lead.finding.fix.summary, 300)} (${minutes(effort([row.group]))}).${first}`
}

const laterItem = (row: PlanRow): string =>
  `- [ ] ${ranges(rowNumbers(row))}, not before ${longDate(row.notBefore!)}: ${escapeMarkdown(row.why ?? '', 400)}`

const plan = ({ report, findings }: Sheet): string[] => {
  if (!findings.length) return []
  const rows = planRows(report)
  const out = [
    '## Fix plan',
    '',
    'In this order: what must come first stands first, and what changes one place is one step. Tick what is done, then run the audit again.',
    '',
  ]
  for (const severity of severities) {
    const some = rowsOf(rows, severity)
    if (!some.length) continue
    const { head, when } = severityWords[severity]
    out.push(
      `**${head}, ${when}** (about ${minutes(effort(some.map(({ group }) => group)))})`,
      '',
      ...some.map(planItem),
      '',
    )
  }
  const later = rows.filter(({ notBefore }) => notBefore !== null)
  if (later.length) out.push('**Later**', '', ...later.map(laterItem), '')
  return out
}

const titleOf = (check: string, { options }: Sheet): string =>
  escapeMarkdown(options.describe?.[check]?.title ?? check, 120)

const passedSection = (sheet: Sheet): string[] => {
  const { report } = sheet
  const names = passed(report)
  const skips = skipped(report)
  const text = report.summary.pass
    ? `${plural(report.summary.pass, 'check')} found nothing wrong. In order everywhere they were looked at: ${names.map(name => titleOf(name, sheet)).join('; ') || 'none of them'}.`
    : 'No check could say that all is well.'
  const left = skips
    .slice(0, 12)
    .map(({ reason, count }) => `${escapeMarkdown(reason, 200) || 'no reason given'} (${count})`)
  return [
    '## What is in order',
    '',
    text,
    '',
    ...(left.length
      ? [
          `Not looked at, ${report.summary.skip} in all: ${left.join('; ')}${skips.length > left.length ? '; and other reasons' : ''}.`,
          '',
        ]
      : []),
  ]
}

const unknownSection = ({ report }: Sheet): string[] => {
  if (!unknownCount(report) && !report.interrupted) return []
  return [
    '## What could not be told, and how to find out',
    '',
    ...(report.interrupted ? ['- The run was interrupted. Run it again to the end.'] : []),
    ...unknownReasons(report)
      .slice(0, 30)
      .map(({ reason, cause, count, checks }) => {
        const advice = howToTell(cause) ?? 'Run it again; if it persists, the reason says what is in the way.'
        return `- ${sentence(escapeMarkdown(reason, 300)) || 'No reason was given'} (${plural(count, 'result')}: ${checks
          .slice(0, 8)
          .map(name => escapeMarkdown(name))
          .join(', ')}${checks.length > 8 ? ', …' : ''}). ${advice}`
      }),
    '',
  ]
}

/** What is only possible, apart from what counts. */
const possibleSection = (sheet: Sheet): string[] => {
  const found = numberedPossible(sheet.report)
  if (!found.length) return []
  const some = severities.flatMap(severity => groups(found, severity))
  return [
    '## Worth a look',
    '',
    'Not certain: what was seen may have another reason. None of it counts above.',
    '',
    ...some.flatMap(group => shortSection(group, sheet)),
  ]
}

/** What nobody can see from outside: each question with the place of its answer. */
const questionSection = ({ report }: Sheet): string[] =>
  report.questions.length
    ? [
        `## Only you know: ${plural(report.questions.length, 'question')}`,
        '',
        'Answer in the config or the handover file, at the path beside each.',
        '',
        ...report.questions.map(
          ({ text, answer }) => `- ${escapeMarkdown(text, 300)} ${markdownCode(answer, { limit: 120 })}`,
        ),
        '',
      ]
    : []

/** Where what people say and what was seen part: both sides. */
const contradictionSection = ({ report: { contradictions = [] } }: Sheet): string[] =>
  contradictions.length
    ? [
        '## What is said and what was seen',
        '',
        ...contradictions.map(
          ({ said, seen, place }) =>
            `- Said: ${escapeMarkdown(said, 400)}. Seen: ${escapeMarkdown(seen, 400)}. ${markdownCode(place, { limit: 200 })}`,
        ),
        '',
      ]
    : []

const suppressedSection = ({ report }: Sheet): string[] => {
  const some = report.findings.filter(({ suppressed }) => suppressed)
  if (!some.length) return []
  return [
    '## Known and accepted',
    '',
    ...some.map(({ title, subject, suppressed }) => {
      const until = suppressed!.until ? `, until ${escapeMarkdown(suppressed!.until, 40)}` : ''
      return `- ${escapeMarkdown(title, 200)} (${escapeMarkdown(subject, 200)}): ${escapeMarkdown(suppressed!.reason, 300)}${until}`
    }),
    '',
  ]
}

const signalsSection = ({ report, findings }: Sheet): string[] => {
  const shown = report.failureSignals
    .map(({ signal, findings: ids }) => ({ signal, numbers: numbersOf(findings, ids) }))
    .filter(({ numbers }) => numbers.length)
  if (!shown.length) return []
  return [
    '## What this would look like to you after launch',
    '',
    ...shown.map(({ signal, numbers }) => `- ${escapeMarkdown(signal, 200)} (${ranges(numbers)})`),
    '',
  ]
}

const sinceLastTime = ({ report, options }: Sheet): string[] =>
  options.former ? ['## Since last time', '', diffMarkdown(diffReports(options.former, report), '###'), ''] : []

/** Hosts of the target, then what the checks looked at, then the records and answers that the findings rest on. */
const appendix = ({ report }: Sheet): string[] => {
  const hosts = [...new Set(report.target.hosts)]
  const subjects = [...new Set(report.checks.map(({ subject }) => subject))]
    .filter(subject => !hosts.includes(subject))
    .sort()
  const seen = new Map<string, string>()
  for (const { subject, evidence: some } of report.findings)
    for (const { label, value } of some)
      if (value)
        seen.set(
          `${subject}\0${label}\0${value}`,
          `- ${escapeMarkdown(subject, 200)}, ${escapeMarkdown(label, 200)}: ${markdownCode(value, { limit: 500 })}`,
        )
  const rows = [...new Set(seen.values())]
  const bullets = (names: readonly string[]): string[] =>
    names.slice(0, 300).map(name => `- ${escapeMarkdown(name, 300)}`)
  return [
    '## Appendix: what was looked at',
    '',
    ...(hosts.length ? ['**Hosts**', '', ...bullets(hosts), ''] : []),
    ...(subjects.length
      ? [
          '**Also judged**',
          '',
          ...bullets(subjects),
          ...(subjects.length > 300 ? [`- and ${subjects.length - 300} more`] : []),
          '',
        ]
      : []),
    ...(rows.length
      ? [
          '**Records and answers behind the findings**',
          '',
          ...rows.slice(0, 400),
          ...(rows.length > 400 ? [`- and ${rows.length - 400} more`] : []),
          '',
        ]
      : []),
    ...(report.assumptions.length
      ? ['**Assumed**', '', ...report.assumptions.slice(0, 50).map(text => `- ${escapeMarkdown(text, 300)}`), '']
      : []),
    ...(report.notes.length
      ? ['**Notes**', '', ...report.notes.slice(0, 50).map(text => `- ${escapeMarkdown(text, 400)}`), '']
      : []),
  ]
}

const glossarySection = (text: string): string[] => {
  const terms = termsIn(text)
  return terms.length
    ? ['## Words used here', '', ...terms.map(({ term, meaning }) => `- **${term}**: ${meaning}`), '']
    : []
}

const opening = ({ report, options }: Sheet): string[] => {
  const { hosts, pages, records } = report.looked
  const parts = [
    plural(hosts, 'host'),
    plural(pages, 'page'),
    plural(records, 'record'),
    ...(report.target.repo ? ['the repository'] : []),
  ]
  const people = [
    options.client ? `For ${escapeMarkdown(options.client, 120)}.` : '',
    options.consultant ? `By ${escapeMarkdown(options.consultant, 120)}.` : '',
  ].filter(Boolean)
  return [
    `# Launch blockers: ${escapeMarkdown(targetName(report), 253)}, ${longDate(report.startedAt)}`,
    '',
    ...(people.length ? [people.join(' '), ''] : []),
    `**${verdictWords[report.verdict]}**: ${period(escapeMarkdown(verdictSentence(report)))}`,
    '',
    ...(report.firstCustomer ? [escapeMarkdown(report.firstCustomer.sentence, 500), ''] : []),
    `Looked at ${list(parts)} in ${elapsed(report.durationMs)}.`,
    '',
  ]
}

const details = (sheet: Sheet): string[] => {
  const out: string[] = []
  for (const severity of severities) {
    const some = groups(sheet.findings, severity)
    if (!some.length) continue
    const { head, when } = severityWords[severity]
    out.push(`## ${head}, ${when}`, '', `About ${minutes(effort(some))} in all.`, '')
    out.push(
      ...some.flatMap(group => (severity === 'blocker' ? blockerSection(group, sheet) : shortSection(group, sheet))),
    )
  }
  return out
}

/** The report as one Markdown document; with `quiet`, the verdict, the table and the blockers alone. */
export const markdown: Reporter = (report, options = {}) => {
  const sheet = sheetOf(report, options)
  if (options.quiet) {
    const only = { ...sheet, findings: sheet.findings.filter(({ finding }) => finding.severity === 'blocker') }
    return finish([...opening(sheet), ...table(only), ...details(only)])
  }
  const body = [
    ...table(sheet),
    ...sinceLastTime(sheet),
    ...signalsSection(sheet),
    ...plan(sheet),
    ...details(sheet),
    ...possibleSection(sheet),
    ...questionSection(sheet),
    ...contradictionSection(sheet),
    ...passedSection(sheet),
    ...unknownSection(sheet),
    ...suppressedSection(sheet),
  ]
  return finish([...opening(sheet), ...body, ...glossarySection(body.join('\n')), ...appendix(sheet), madeBy(report)])
}

const madeBy = ({ tool, startedAt }: Report): string =>
  `Made by ${escapeMarkdown(tool.name, 40)} ${escapeMarkdown(tool.version, 40)} at ${escapeMarkdown(startedAt, 40)}.`

const finish = (lines: string[]): string => `${lines.join('\n').replace(/\n+$/, '')}\n`

// The report as a Markdown document that one can send to a client and read on a phone: launch-blockers.md.
import { diffReports } from '../core/diff.ts'
import type { Report } from '../core/report.ts'
import { severities } from '../core/severity.ts'
import { diffMarkdown } from './diff.ts'
import type { Reporter, ReportOptions } from './options.ts'
import { differing, instructions, needsSubject, proof } from './shared/changes.ts'
import { escapeMarkdown, markdownBlock, markdownCode, safeLink } from './shared/escape.ts'
import {
  effort,
  type Group,
  groups,
  type Numbered,
  numbered,
  numbersOf,
  passed,
  ranges,
  skipped,
  untold,
} from './shared/group.ts'
import {
  costs,
  elapsed,
  howToTell,
  journeys,
  list,
  longDate,
  minutes,
  plural,
  sentence,
  severityWords,
  targetName,
  termsIn,
  verdictSentence,
  verdictWords,
} from './shared/words.ts'

/** What every section is written from. */
type Sheet = { report: Report; options: ReportOptions; findings: Numbered[] }

const period = (text: string): string => (!text || /[.!?:…]$/.test(text) ? text : `${text}.`)

const steps = ({ finding }: Numbered, report: Report): string[] => {
  const out: string[] = []
  const todo = instructions(finding, report)
  const { steps: given } = finding.fix
  if (given.length) out.push(...given.map((step, at) => `${at + 1}. ${escapeMarkdown(step, 600)}`), '')
  for (const { intro, paste, language } of todo) {
    if (paste === null) {
      if (!given.includes(intro)) out.push(`${sentence(period(escapeMarkdown(intro, 600)))}`, '')
    } else out.push(`${sentence(escapeMarkdown(intro, 600))}:`, '', markdownBlock(paste, language, '', 12_000), '')
  }
  return out
}

const evidence = ({ finding }: Numbered): string[] => {
  const shown = finding.evidence.slice(0, 20).map(({ label, value }) => {
    const text = value ? `: ${markdownCode(value, { limit: 1_000 })}` : ''
    return `- ${escapeMarkdown(label, 200) || 'seen'}${text}`
  })
  const left = finding.evidence.length - shown.length
  return left > 0 ? [...shown, `- and ${left} more in the JSON report`] : shown
}

const links = ({ finding }: Numbered): string => {
  const safe = finding.references.map(safeLink).filter(link => link !== null)
  return safe.length ? `Sources: ${safe.map(link => `<${link}>`).join(' ')}` : ''
}

const alike = ({ more }: Group): string[] =>
  more.length
    ? [
        `The same holds for ${ranges(more.map(({ number }) => number))}: ${list(more.map(({ finding }) => escapeMarkdown(finding.subject, 120)))}.`,
        '',
      ]
    : []

/** What to paste for the others, where it is more than the same with another name. */
const changesOfOthers = (group: Group, report: Report): string[] =>
  differing(group, report).flatMap(({ subject, paste }) => [
    `For ${escapeMarkdown(subject, 200)}:`,
    '',
    markdownBlock(paste, '', '', 2_000),
    '',
  ])

const blockerSection = (group: Group, { report }: Sheet): string[] => {
  const { lead } = group
  const { finding, number } = lead
  const hidden = report.causes
    .filter(cause => cause.finding === finding.id)
    .reduce((sum, cause) => sum + cause.hidden, 0)
  const why = period(escapeMarkdown(finding.why, 1_000))
  return [
    `### ${number}. ${escapeMarkdown(finding.title, 200)}`,
    '',
    `**What we saw**${needsSubject(finding, report) ? ` at ${escapeMarkdown(finding.subject, 200)}` : ''}`,
    '',
    ...(finding.evidence.length ? evidence(lead) : ['- see the title']),
    '',
    ...alike(group),
    '**Why it matters**',
    '',
    `${why || journeys[finding.impact]}${hidden ? ` Because of it, ${plural(hidden, 'other check')} could not be judged.` : ''}`,
    '',
    `**The change** (${minutes(finding.fix.effortMinutes)})`,
    '',
    `${period(escapeMarkdown(finding.fix.summary, 600))}`,
    '',
    ...steps(lead, report),
    ...changesOfOthers(group, report),
    '**How to check that it worked**',
    '',
    markdownBlock(`npx ${proof(finding, report)}`, 'sh'),
    '',
    ...(links(lead) ? [links(lead), ''] : []),
  ]
}

const shortSection = (group: Group, { report }: Sheet): string[] => {
  const { lead } = group
  const { finding, number } = lead
  const [first] = finding.evidence
  const seen = first
    ? ` Seen: ${escapeMarkdown(first.label, 120)}${first.value ? ` ${markdownCode(first.value, { limit: 200 })}` : ''}.`
    : ''
  return [
    `### ${number}. ${escapeMarkdown(finding.title, 200)}`,
    '',
    `${period(escapeMarkdown(finding.why, 600)) || journeys[finding.impact]}${seen}${needsSubject(finding, report) ? ` Where: ${escapeMarkdown(finding.subject, 200)}.` : ''}`,
    '',
    ...alike(group),
    `${period(escapeMarkdown(finding.fix.summary, 600))} (${minutes(finding.fix.effortMinutes)})`,
    '',
    ...steps(lead, report),
    ...changesOfOthers(group, report),
  ]
}

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
      return `| ${all} | ${escapeMarkdown(finding.title, 160)}${others} | ${finding.severity} | ${costs[finding.impact]} | ${minutes(effort([group]))} |`
    }),
    ...(rows.length > shown.length ? ['', `And ${rows.length - shown.length} more, below.`] : []),
    '',
  ]
}

const plan = ({ findings }: Sheet): string[] => {
  if (!findings.length) return []
  const out = ['## Fix plan', '', 'In this order. Tick what is done, then run the audit again.', '']
  for (const severity of severities) {
    const some = groups(findings, severity)
    if (!some.length) continue
    const { head, when } = severityWords[severity]
    out.push(`**${head}, ${when}** (about ${minutes(effort(some))})`, '')
    for (const { lead, more } of some) {
      const numbers = ranges([lead.number, ...more.map(({ number }) => number)])
      out.push(
        `- [ ] ${numbers}: ${escapeMarkdown(lead.finding.fix.summary, 300)} (${minutes(effort([{ lead, more }]))})`,
      )
    }
    out.push('')
  }
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

const untoldSection = ({ report }: Sheet): string[] => {
  if (!report.summary.unknown && !report.interrupted) return []
  return [
    '## What could not be told, and how to find out',
    '',
    ...(report.interrupted ? ['- The run was interrupted. Run it again to the end.'] : []),
    ...untold(report)
      .slice(0, 30)
      .map(({ reason, count, checks }) => {
        const advice = howToTell(reason) ?? 'Run it again; if it persists, the reason says what is in the way.'
        return `- ${sentence(escapeMarkdown(reason, 300)) || 'No reason was given'} (${plural(count, 'result')}: ${checks
          .slice(0, 8)
          .map(name => escapeMarkdown(name))
          .join(', ')}${checks.length > 8 ? ', …' : ''}). ${advice}`
      }),
    '',
  ]
}

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
  const sheet: Sheet = { report, options, findings: numbered(report) }
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
    ...passedSection(sheet),
    ...untoldSection(sheet),
    ...suppressedSection(sheet),
  ]
  return finish([...opening(sheet), ...body, ...glossarySection(body.join('\n')), ...appendix(sheet), madeBy(report)])
}

const madeBy = ({ tool, startedAt }: Report): string =>
  `Made by ${escapeMarkdown(tool.name, 40)} ${escapeMarkdown(tool.version, 40)} at ${escapeMarkdown(startedAt, 40)}.`

const finish = (lines: string[]): string => `${lines.join('\n').replace(/\n+$/, '')}\n`

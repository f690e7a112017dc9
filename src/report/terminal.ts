// The report for a terminal: verdict, blockers with the change to make, the rest in short form. Readable without colour.
import { Chalk, type ChalkInstance } from 'chalk'
import { clean, cleanBlock } from '../core/clean.ts'
import { diffReports } from '../core/diff.ts'
import type { Report } from '../core/report.ts'
import { severities } from '../core/severity.ts'
import type { Reporter, ReportOptions } from './options.ts'
import {
  command,
  type Instruction,
  instructions,
  needsSubject,
  nextCommands,
  proof,
  shortChange,
} from './shared/changes.ts'
import {
  effort,
  type Group,
  groups,
  type Numbered,
  numbered,
  numbersOf,
  ranges,
  skipped,
  untold,
} from './shared/group.ts'
import { between, columns, cut, pad, wrap } from './shared/width.ts'
import {
  elapsed,
  howToTell,
  longDate,
  minutes,
  plural,
  sentence,
  targetName,
  verdictSentence,
  verdictWords,
} from './shared/words.ts'

/** What every part of the report is drawn with. */
type Paper = { report: Report; options: ReportOptions; width: number; ink: ChalkInstance; findings: Numbered[] }

/** Columns of the narrow column of words: `seen`, `fix`, `more`. */
const label = 7
const indent = 5

const lines = (text: string, width: number, lead: string, hang = ' '.repeat(columns(lead))): string[] =>
  wrap(text, width - columns(lead)).map((line, at) => (at ? hang : lead) + line)

const head = ({ report, width, ink }: Paper): string[] => {
  const name = clean(targetName(report), 253)
  const word = verdictWords[report.verdict]
  const sentenceOf = verdictSentence(report)
  const paint =
    report.verdict === 'ready' ? ink.green.bold : report.verdict === 'not-ready' ? ink.red.bold : ink.yellow.bold
  const one = `  ${name}    ${word}: ${sentenceOf}`
  if (columns(one) <= width) return [`  ${ink.bold(name)}    ${paint(`${word}:`)} ${sentenceOf}`]
  const rest = lines(`${word}: ${sentenceOf}`, width, '  ')
  return [
    `  ${ink.bold(cut(name, width - 2))}`,
    ...rest.map((line, at) => (at ? line : line.replace(`${word}:`, paint(`${word}:`)))),
  ]
}

const looked = ({ report, width, ink }: Paper): string[] => {
  const { hosts, pages, records } = report.looked
  const parts = [
    ...(hosts ? [plural(hosts, 'host')] : []),
    ...(pages ? [plural(pages, 'page')] : []),
    ...(records ? [plural(records, 'record')] : []),
    ...(report.target.repo ? ['the repository'] : []),
  ]
  const what = parts.length
    ? `Looked at ${parts.join(', ')} in ${elapsed(report.durationMs)}.`
    : `Took ${elapsed(report.durationMs)}.`
  const assumed = report.assumptions.slice(0, 6).map(text => clean(text, 160).replace(/\.$/, ''))
  const left = report.assumptions.length - assumed.length
  const more = left > 0 ? ` and ${left} more` : ''
  const text = assumed.length ? `${what} Assumed: ${assumed.join('; ')}${more}. Wrong? launch-ready init` : what
  return ['', ...lines(text, width, '  ').map(line => ink.dim(line))]
}

/** The command without its target, which the reader knows. */
const again = ({ report }: Paper): string => command(report).split(' ').slice(0, 2).join(' ')

/** `seen   text`, wrapped under itself. */
const row = (paper: Paper, name: string, text: string): string[] =>
  lines(text, paper.width, ' '.repeat(indent) + pad(name, label)).map((line, at) =>
    at ? line : ' '.repeat(indent) + paper.ink.dim(pad(name, label)) + line.slice(indent + label),
  )

const evidence = (paper: Paper, { finding }: Numbered): string[] => {
  const most = paper.options.verbose ? finding.evidence.length : 4
  const shown = finding.evidence.slice(0, most).flatMap(({ label: what, value }, at) => {
    const text = [clean(what, 120), clean(value, paper.options.verbose ? 1_000 : 240)]
      .filter(Boolean)
      .join(/^[→(]/.test(value) ? ' ' : ': ')
    return row(paper, at ? '' : 'seen', text || '(empty)')
  })
  const left = finding.evidence.length - most
  return left > 0 ? [...shown, ...row(paper, '', `… and ${left} more: ${again(paper)} -v`)] : shown
}

/** Text to paste: each line on its own, never broken, moved to the left where it would not fit otherwise. */
const paste = (paper: Paper, { paste: text, language }: Instruction): string[] => {
  if (text === null) return []
  const all = cleanBlock(text, 4_000).replace(/\t/g, '  ').trimEnd().split('\n')
  const most = paper.options.verbose || !language || language === 'sh' ? 60 : 8
  const shown = all.slice(0, most)
  const widest = Math.max(...shown.map(columns))
  const at = Math.max(2, Math.min(indent + label + 2, paper.width - widest))
  const left = all.length - shown.length
  return [
    ...shown.map(line => ' '.repeat(at) + paper.ink.cyan(line)),
    ...(left > 0 ? [`${' '.repeat(at)}… ${plural(left, 'more line')}, with -v`] : []),
  ]
}

const fix = (paper: Paper, one: Numbered): string[] => {
  const { finding } = one
  const out = row(paper, 'fix', clean(finding.fix.summary, 600))
  const todo = instructions(finding, paper.report)
  const machine = todo.filter(item => item.paste !== null)
  if (paper.options.verbose || !machine.length)
    finding.fix.steps.forEach((step, at) => {
      out.push(...lines(clean(step, 600), paper.width, `${' '.repeat(indent + label)}${at + 1}. `))
    })
  for (const item of todo) {
    const intro = clean(item.intro, 400)
    if (item.paste === null && (finding.fix.steps.length || intro === clean(finding.fix.summary))) continue
    out.push(...row(paper, '', item.paste === null ? `- ${intro}` : intro), ...paste(paper, item))
  }
  return out
}

const titleLine = (paper: Paper, { number, finding }: Numbered, paint: (text: string) => string): string[] => {
  const time = minutes(finding.fix.effortMinutes)
  const lead = `  ${pad(String(number), 2)} `
  const room = paper.width - columns(lead) - columns(time) - 2
  const [first = '', ...rest] = wrap(clean(finding.title, 200), room)
  return [
    lead + paint(first) + between('', time, paper.width - columns(lead) - columns(first)),
    ...rest.map(line => ' '.repeat(columns(lead)) + paint(line)),
  ]
}

const explained = ({ report }: Paper, { finding }: Numbered): string | null => {
  const hidden = report.causes
    .filter(cause => cause.finding === finding.id)
    .reduce((sum, cause) => sum + cause.hidden, 0)
  return hidden ? `Because of it, ${plural(hidden, 'other check')} could not be judged.` : null
}

const alike = ({ more }: Group): string[] => {
  if (!more.length) return []
  const subjects = more.slice(0, 6).map(({ finding }) => clean(finding.subject, 80))
  const left = more.length - subjects.length
  const numbers = ranges(more.map(({ number }) => number))
  return [`the same, ${numbers}: ${subjects.join(', ')}${left > 0 ? ` and ${left} more` : ''}`]
}

const entry = (paper: Paper, group: Group, paint: (text: string) => string): string[] => {
  const { lead } = group
  const why = [clean(lead.finding.why, 600), explained(paper, lead)].filter(Boolean).join(' ')
  return [
    ...titleLine(paper, lead, paint),
    ...(why ? lines(why, paper.width, ' '.repeat(indent)) : []),
    ...(needsSubject(lead.finding, paper.report) ? row(paper, 'where', clean(lead.finding.subject, 200)) : []),
    ...evidence(paper, lead),
    ...fix(paper, lead),
    ...alike(group).flatMap(text => row(paper, 'also', sentence(text))),
    ...row(paper, 'more', `launch-ready explain ${clean(lead.finding.check, 80)}`),
    '',
  ]
}

const oneLine = (paper: Paper, group: Group): string[] => {
  const { lead } = group
  const { width } = paper
  const time = minutes(lead.finding.fix.effortMinutes)
  const start = `  ${pad(String(lead.number), 2)} `
  const title = clean(lead.finding.title, 200)
  const change = cut(clean(shortChange(lead.finding, paper.report), 60), width >= 100 ? 30 : 20)
  const right = width >= 100 ? 30 : 20
  const room = width - columns(start) - 10
  const where = needsSubject(lead.finding, paper.report) ? [clean(lead.finding.subject, 200)] : []
  const extra = [...where, ...alike(group)].flatMap(text =>
    lines(text, width, ' '.repeat(indent)).map(line => paper.ink.dim(line)),
  )
  if (columns(title) <= room - right - 2 && columns(change) <= right)
    return [`${start}${pad(title, room - right)}${paper.ink.dim(pad(change, right))}${time.padStart(10)}`, ...extra]
  const [first = '', ...rest] = wrap(title, room)
  return [
    `${start}${pad(first, room)}${time.padStart(10)}`,
    ...rest.map(line => ' '.repeat(columns(start)) + line),
    ...extra,
  ]
}

const sectionHead = ({ width, ink }: Paper, title: string, right: string, paint = ink.bold): string =>
  `  ${paint(title)}${fits(title, right, width) ? between('', right, width - 2 - columns(title)) : ''}`

/** Whether both stand on one line, with two columns between them. */
const fits = (left: string, right: string, width: number): boolean => columns(left) + columns(right) + 4 <= width

const blockers = (paper: Paper): string[] => {
  const list = groups(paper.findings, 'blocker')
  if (!list.length) return []
  const time = `about ${minutes(effort(list))}`
  return [
    '',
    sectionHead(paper, 'BLOCKERS, fix these first', time, paper.ink.red.bold),
    '',
    ...list.flatMap(group => entry(paper, group, paper.ink.bold)),
  ].slice(0, -1)
}

const others = (paper: Paper): string[] => {
  const { options, findings, ink, width } = paper
  const out: string[] = []
  const high = groups(findings, 'high')
  if (options.verbose) {
    for (const severity of severities.slice(1)) {
      const list = groups(findings, severity)
      if (!list.length) continue
      const when = { blocker: '', high: ', this week', medium: ', this month', low: ', when there is time' }[severity]
      out.push('', sectionHead(paper, `${severity.toUpperCase()}${when}`, `about ${minutes(effort(list))}`), '')
      out.push(...list.flatMap(group => entry(paper, group, ink.bold)).slice(0, -1))
    }
    return out
  }
  if (high.length) {
    out.push('', sectionHead(paper, 'HIGH, this week', `about ${minutes(effort(high))}`, ink.yellow.bold))
    out.push(...high.flatMap(group => oneLine(paper, group)))
  }
  const counts = (['medium', 'low'] as const)
    .map(severity => ({ severity, count: findings.filter(({ finding }) => finding.severity === severity).length }))
    .filter(({ count }) => count)
    .map(({ severity, count }) => `${severity.toUpperCase()} ${count}`)
  if (counts.length) {
    const left = `  ${counts.join(' · ')}`
    const more = `${again(paper)} -v`
    out.push('', left + (fits(left, more, width + 2) ? ink.dim(between('', more, width - columns(left))) : ''))
  }
  return out
}

/** `no config (12), no repository (9)`: the most frequent reasons. */
const reasonList = (reasons: { reason: string; count: number }[], most: number): string => {
  const shown = reasons
    .slice(0, most)
    .map(({ reason, count }) => `${clean(reason, 90) || 'no reason given'}${count > 1 ? ` (${count})` : ''}`)
  const left = reasons.length - shown.length
  return shown.join('; ') + (left > 0 ? `; and ${plural(left, 'other reason')}` : '')
}

const rest = (paper: Paper): string[] => {
  const { report, options, width } = paper
  const { pass, skip, unknown } = report.summary
  const fine = pass ? `Fine: ${plural(pass, 'check')} passed.` : 'No check passed.'
  const skips = skip ? ` Skipped ${skip}: ${reasonList(skipped(report), options.verbose ? 40 : 3)}.` : ''
  const out = ['', ...lines(fine + skips, width, '  ')]
  if (unknown) {
    const reasons = untold(report)
    const advice = [...new Set(reasons.map(({ reason }) => howToTell(reason)).filter(text => text !== null))]
    // What a finding explains is told there.
    const above = unknown - reasons.reduce((sum, { count }) => sum + count, 0)
    const list = [
      ...(above > 0 ? [`${above} because of what is told above`] : []),
      ...(reasons.length ? [reasonList(reasons, options.verbose ? 40 : 3)] : []),
    ].join('; ')
    const text = `Could not tell ${unknown}: ${list}. ${advice.slice(0, 2).join(' ')}`
    out.push(...lines(text, width, '  '))
  }
  const suppressed = report.findings.filter(finding => finding.suppressed)
  if (suppressed.length) {
    const known = suppressed.filter(finding => finding.suppressed?.by === 'baseline').length
    const parts = [
      ...(suppressed.length > known ? [`${suppressed.length - known} by the config`] : []),
      ...(known ? [`${known} known from the baseline`] : []),
    ]
    out.push(...lines(`Suppressed: ${parts.join(', ')}. They do not count above.`, width, '  '))
    if (options.verbose)
      for (const { title, suppressed: by } of suppressed)
        out.push(
          ...lines(
            `${clean(title, 120)} (${clean(by!.reason, 200)}${by!.until ? `, until ${clean(by!.until, 40)}` : ''})`,
            width,
            '    - ',
            '      ',
          ),
        )
  }
  if (options.verbose) for (const note of report.notes) out.push(...lines(`Note: ${clean(note, 400)}`, width, '  '))
  return out
}

/** As many of the numbers as fit in `room` columns. */
const fitting = (numbers: readonly number[], room: number): string => {
  const whole = ranges(numbers)
  if (columns(whole) <= room) return whole
  const shown = whole.slice(0, Math.max(0, room - 1))
  return `${shown.slice(0, shown.lastIndexOf(',') + 1)} …`
}

const signals = ({ report, findings, width, ink }: Paper): string[] => {
  if (!report.failureSignals.length) return []
  const shown = report.failureSignals.flatMap(({ signal, findings: ids }) => {
    const numbers = numbersOf(findings, ids)
    if (!numbers.length) return []
    const [first = '', ...more] = wrap(clean(signal, 200), width - 24)
    return [
      `    ${ink.red('×')} ${pad(first, Math.min(46, width - 24))}  ${ink.dim(`(${fitting(numbers, width - 10 - Math.max(columns(first), Math.min(46, width - 24)))})`)}`,
      ...more.map(line => `      ${line}`),
    ]
  })
  return shown.length ? ['', '  What this would look like to you after launch', ...shown] : []
}

const sinceLastTime = ({ report, options, width, ink }: Paper): string[] => {
  if (!options.former) return []
  const diff = diffReports(options.former, report)
  const counts = `${diff.fixed.length} fixed, ${diff.new.length} new, ${diff.unchanged.length} unchanged`
  const untoldNow = diff.couldNotTell.length ? `, ${diff.couldNotTell.length} could not be told` : ''
  const item = (sign: string, title: string): string[] => lines(clean(title, 120), width, `    ${sign} `)
  return [
    '',
    ...lines(`Since last time (${longDate(diff.from)}): ${counts}${untoldNow}.`, width, '  '),
    ...diff.fixed.slice(0, 5).flatMap(({ title }) => item('✓', title).map(line => ink.green(line))),
    ...diff.new.slice(0, 5).flatMap(({ title }) => item('+', title)),
    ...diff.couldNotTell
      .slice(0, 5)
      .flatMap(({ finding, reason }) => item('?', `${finding.title} (${clean(reason, 120)})`)),
  ]
}

const next = ({ report, options, findings }: Paper): string[] => {
  const commands = options.next ?? [
    ...(findings[0] ? [proof(findings[0].finding, report)] : []),
    ...nextCommands(report),
  ]
  return commands.length
    ? ['', ...commands.map((command, at) => `  ${at ? '    ' : 'Next'}   ${clean(command, 300)}`)]
    : []
}

/** The report for people at a terminal; `width` is kept between 40 and 120 columns. */
export const terminal: Reporter = (report, options = {}) => {
  const paper: Paper = {
    report,
    options,
    width: Math.min(120, Math.max(40, Math.floor(options.width ?? 80) || 80)),
    ink: new Chalk({ level: options.color ? 1 : 0 }),
    findings: numbered(report),
  }
  const parts = options.quiet
    ? [head(paper), blockers(paper)]
    : [
        head(paper),
        looked(paper),
        blockers(paper),
        others(paper),
        rest(paper),
        sinceLastTime(paper),
        signals(paper),
        next(paper),
      ]
  return `\n${parts
    .flat()
    .map(line => line.trimEnd())
    .join('\n')}\n\n`
}

// The report for a terminal: verdict, blockers with the change to make, the rest in short form. Readable without colour.
import { Chalk } from 'chalk'
import { decides } from '../core/assemble.ts'
import { clean } from '../core/clean.ts'
import { diffReports } from '../core/diff.ts'
import { type Severity, severities } from '../core/severity.ts'
import type { Reporter } from './options.ts'
import { howToTell } from './shared/advice.ts'
import { nextCommands } from './shared/changes.ts'
import {
  effort,
  type Group,
  groups,
  numberedPossible,
  numbersOf,
  ranges,
  skipped,
  unknownCount,
  unknownReasons,
} from './shared/group.ts'
import { planRows } from './shared/plan.ts'
import { sheetOf } from './shared/sheet.ts'
import { again, entry, isFull, lines, nameLine, type Paper, sectionHead } from './shared/terminal-finding.ts'
import { columns, cut, pad, wrap } from './shared/width.ts'
import {
  elapsed,
  longDate,
  minutes,
  plural,
  sentence,
  targetName,
  verdictSentence,
  verdictWords,
  worthALook,
} from './shared/words.ts'

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

const looked = (paper: Paper): string[] => {
  const { report, width, ink } = paper
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
  // How it was found out is told with --full.
  const brief = (text: string): string => (isFull(paper) ? text : text.replace(/\s*\([^()]*\)/g, ''))
  const assumed = report.assumptions
    .slice(0, isFull(paper) ? 6 : 4)
    .map(text => brief(clean(text, 160).replace(/\.$/, '')))
  const left = report.assumptions.length - assumed.length
  const more = left > 0 ? ` and ${left} more` : ''
  const text = assumed.length ? `${what} Assumed: ${assumed.join('; ')}${more}. Wrong? launch-ready init` : what
  return ['', ...lines(text, width, '  ').map(line => ink.dim(line))]
}

/** Blockers that are told in full before the others: the first screen is for their names. */
const toldInFull = 3
/** Lines that the names of blockers may take, so that verdict and names stand on the first screen of 24 lines. */
const indexLines = 19
/** Findings of a lower severity that are named. */
const namedHigh = 6

/** All blockers by name, a line each: what, and how long. */
const index = (paper: Paper, list: readonly Group[]): string[] => {
  const shown = list.slice(0, list.length > indexLines ? indexLines - 1 : indexLines)
  const left = list.length - shown.length
  return [
    ...shown.map(group => nameLine(paper, group, paper.ink.bold)),
    ...(left > 0 ? [`      and ${plural(left, 'more blocker')}`] : []),
  ]
}

const blockers = (paper: Paper): string[] => {
  const list = groups(paper.findings, 'blocker')
  if (!list.length) return []
  const whole = isFull(paper) || list.length <= toldInFull
  const shown = whole ? list : list.slice(0, toldInFull)
  const left = list.length - shown.length
  return [
    '',
    ...(list.length > toldInFull ? [...index(paper, list), ''] : []),
    sectionHead(
      paper,
      whole ? 'BLOCKERS, fix these first' : `THE FIRST ${toldInFull} BLOCKERS`,
      `about ${minutes(effort(shown))}`,
      paper.ink.red.bold,
    ),
    '',
    ...shown.flatMap(group => entry(paper, group, paper.ink.bold)),
    ...(left > 0
      ? [...lines(`${left} more in full: ${again(paper)} --full, or --report markdown:blockers.md`, paper.width, '  ')]
      : []),
  ].slice(0, left > 0 ? undefined : -1)
}

/** What is less than a blocker, in full. */
const othersInFull = (paper: Paper): string[] =>
  severities.slice(1).flatMap(severity => {
    const list = groups(paper.findings, severity)
    if (!list.length) return []
    const when = { blocker: '', high: ', this week', medium: ', this month', low: ', when there is time' }[severity]
    return [
      '',
      sectionHead(paper, `${severity.toUpperCase()}${when}`, `about ${minutes(effort(list))}`),
      '',
      ...list.flatMap(group => entry(paper, group, paper.ink.bold)).slice(0, -1),
    ]
  })

const others = (paper: Paper): string[] => {
  if (isFull(paper)) return othersInFull(paper)
  const { findings, ink, report } = paper
  const high = groups(findings, 'high')
  const shown = high.slice(0, namedHigh)
  const left = high.length - shown.length
  const count = (severity: Severity): number => findings.filter(({ finding }) => finding.severity === severity).length
  const counts = [
    ...(['medium', 'low'] as const).flatMap(severity =>
      count(severity) ? [`${severity.toUpperCase()} ${count(severity)}`] : [],
    ),
    ...(worthALook(report).length ? [`worth a look ${worthALook(report).length}`] : []),
    ...(report.questions.length ? [`only you know ${report.questions.length}`] : []),
  ]
  return [
    ...(high.length
      ? ['', sectionHead(paper, 'HIGH, this week', `about ${minutes(effort(high))}`, ink.yellow.bold)]
      : []),
    ...shown.map(group => nameLine(paper, group)),
    ...(left > 0 ? [`      and ${left} more`] : []),
    ...(counts.length ? ['', ...lines(`${counts.join(' · ')}   ${again(paper)} --full`, paper.width, '  ')] : []),
  ]
}

/** `no config (12), no repository (9)`: the most frequent reasons. */
const reasonList = (reasons: { reason: string; count: number }[], most: number): string => {
  const shown = reasons
    .slice(0, most)
    .map(({ reason, count }) => `${clean(reason, 90) || 'no reason given'}${count > 1 ? ` (${count})` : ''}`)
  const left = reasons.length - shown.length
  return shown.join('; ') + (left > 0 ? `; and ${plural(left, 'other reason')}` : '')
}

/** What is only possible, apart from what counts. */
const possible = (paper: Paper): string[] => {
  const found = numberedPossible(paper.report)
  if (!found.length || !isFull(paper)) return []
  const list = severities.flatMap(severity => groups(found, severity))
  const shown = ['', ...list.flatMap(group => entry(paper, group, paper.ink.bold)).slice(0, -1)]
  return ['', sectionHead(paper, 'WORTH A LOOK, not certain', `about ${minutes(effort(list))}`), ...shown]
}

/** What nobody can see from outside: each question with the place of its answer. */
const questions = (paper: Paper): string[] => {
  const { report, width, ink } = paper
  if (!report.questions.length || !isFull(paper)) return []
  return [
    '',
    ...lines(
      `Only you know: ${plural(report.questions.length, 'question')}. Answer in the config or the handover file.`,
      width,
      '  ',
    ),
    ...report.questions.flatMap(({ text, answer }) => [
      ...lines(clean(text, 300), width, '    - ', '      '),
      ...lines(clean(answer, 120), width, '      ').map(line => ink.dim(line)),
    ]),
  ]
}

const fine = (paper: Paper): string[] => {
  const { report, options, width } = paper
  const { pass, skip } = report.summary
  const passes = pass ? `Fine: ${plural(pass, 'check')} passed.` : 'No check passed.'
  const skips = skip
    ? ` Skipped ${skip}: ${reasonList(skipped(report), options.verbose ? 40 : isFull(paper) ? 3 : 1)}.`
    : ''
  return lines(passes + skips, width, '  ')
}

const couldNotTell = (paper: Paper): string[] => {
  const { report, options, width } = paper
  const unknown = unknownCount(report)
  if (!unknown) return []
  const reasons = unknownReasons(report)
  const advice = [...new Set(reasons.map(({ cause }) => howToTell(cause)).filter(text => text !== null))]
  // What a finding explains is told there.
  const above = unknown - reasons.reduce((sum, { count }) => sum + count, 0)
  const list = [
    ...(above > 0 ? [`${above} because of what is told above`] : []),
    ...(reasons.length ? [reasonList(reasons, options.verbose ? 40 : isFull(paper) ? 3 : 1)] : []),
  ].join('; ')
  return lines(`Could not tell ${unknown}: ${list}. ${advice.slice(0, 2).join(' ')}`, width, '  ')
}

const suppressed = ({ report, options, width }: Paper): string[] => {
  const all = report.findings.filter(finding => finding.suppressed)
  if (!all.length) return []
  const known = all.filter(finding => finding.suppressed?.by === 'baseline').length
  const parts = [
    ...(all.length > known ? [`${all.length - known} by the config`] : []),
    ...(known ? [`${known} known from the baseline`] : []),
  ]
  const named = (options.verbose ? all : []).flatMap(({ title, suppressed: by }) => {
    const until = by!.until ? `, until ${clean(by!.until, 40)}` : ''
    return lines(`${clean(title, 120)} (${clean(by!.reason, 200)}${until})`, width, '    - ', '      ')
  })
  return [...lines(`Suppressed: ${parts.join(', ')}. They do not count above.`, width, '  '), ...named]
}

const notes = ({ report, options, width }: Paper): string[] =>
  options.verbose ? report.notes.flatMap(note => lines(`Note: ${clean(note, 400)}`, width, '  ')) : []

/** As many of the numbers as fit in `room` columns. */
const fitting = (numbers: readonly number[], room: number): string => {
  const whole = ranges(numbers)
  if (columns(whole) <= room) return whole
  const shown = whole.slice(0, Math.max(0, room - 1))
  return `${shown.slice(0, shown.lastIndexOf(',') + 1)} …`
}

/** Failure signals that are named unless everything is asked for. */
const namedSignals = 3

const signals = (paper: Paper): string[] => {
  const { report, findings, width, ink } = paper
  const all = report.failureSignals
  if (!all.length) return []
  const some = isFull(paper) ? all : all.slice(0, namedSignals)
  const shown = some.flatMap(({ signal, findings: ids }) => {
    const numbers = numbersOf(findings, ids)
    if (!numbers.length) return []
    const [first = '', ...more] = wrap(clean(signal, 200), width - 24)
    return [
      `    ${ink.red('×')} ${pad(first, Math.min(46, width - 24))}  ${ink.dim(`(${fitting(numbers, width - 10 - Math.max(columns(first), Math.min(46, width - 24)))})`)}`,
      ...more.map(line => `      ${line}`),
    ]
  })
  const left = all.length - some.length
  return shown.length
    ? ['', '  What this would look like to you after launch', ...shown, ...(left > 0 ? [`      and ${left} more`] : [])]
    : []
}

const sinceLastTime = ({ report, options, width, ink }: Paper): string[] => {
  if (!options.former) return []
  const diff = diffReports(options.former, report)
  const counts = `${diff.fixed.length} fixed, ${diff.new.length} new, ${diff.suppressed.length ? `${diff.suppressed.length} suppressed, ` : ''}${diff.unchanged.length} unchanged`
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

/** Verdict and first step once more, where the eye is when the program ends. */
const closing = (paper: Paper): string[] => {
  const { report, findings, width, ink } = paper
  // A report of an older version carries no plan.
  const begin = planRows(report)[0]?.group.lead ?? findings[0]
  if (!begin) return []
  const list = groups(findings, 'blocker')
  const count = findings.filter(({ finding }) => finding.severity === 'blocker').length
  const what = count
    ? `${plural(count, 'blocker')}, about ${minutes(effort(list))}.`
    : `${sentence(verdictSentence(report))}.`
  const first = clean(begin.finding.fix.summary, 200).replace(/\.$/, '')
  const word = verdictWords[report.verdict]
  return [
    '',
    ...lines(`${word}: ${what} First: ${first}.`, width, '  ').map((line, at) =>
      at ? line : line.replace(`${word}:`, ink.bold(`${word}:`)),
    ),
  ]
}

const next = ({ report, options }: Paper): string[] => {
  const commands = options.next ?? nextCommands(report)
  return commands.length
    ? [...commands.slice(0, 3).map((command, at) => `  ${at ? '    ' : 'Next'}   ${clean(command, 300)}`)]
    : []
}

/** The one sentence that a founder wants, where the eye is at the end. */
const firstCustomer = ({ report, width, ink }: Paper): string[] => {
  if (!report.firstCustomer) return []
  const { at, sentence } = report.firstCustomer
  const rows = lines(clean(sentence, 400), width, '  ')
  return ['', ...(at === null ? rows : rows.map(row => ink.red(row)))]
}

/** Both sides of what people say and what was seen. */
const contradictions = ({ report, width }: Paper): string[] =>
  report.contradictions?.length
    ? [
        '',
        '  Said and seen part',
        ...report.contradictions.flatMap(({ said, seen, place }) => [
          ...lines(`said   ${clean(said, 200)} (${clean(place, 80)})`, width, '    ', '           '),
          ...lines(`seen   ${clean(seen, 300)}`, width, '    ', '           '),
        ]),
      ]
    : []

/** What else decides the exit code, by name: with --quiet too nobody wonders why it is 1. */
const decidedBy = (paper: Paper): string[] => {
  const { report, findings, options, width } = paper
  const { gate } = options
  if (!gate) return []
  const others = findings.filter(({ finding }) => finding.severity !== 'blocker' && decides(finding, gate))
  const all = report.findings.filter(finding => decides(finding, gate))
  if (!all.length) return []
  const list = severities.flatMap(severity => groups(others, severity))
  return [
    ...(list.length ? ['', ...list.map(group => nameLine(paper, group))] : []),
    '',
    ...lines(`Exit 1: ${plural(all.length, 'finding')} at or above ${gate.failOn} (--fail-on).`, width, '  '),
  ]
}

/** The report for people at a terminal; `width` is kept between 40 and 120 columns. */
export const terminal: Reporter = (report, options = {}) => {
  const paper: Paper = {
    ...sheetOf(report, options),
    width: Math.min(120, Math.max(40, Math.floor(options.width ?? 80) || 80)),
    ink: new Chalk({ level: options.color ? 1 : 0 }),
  }
  const parts = options.quiet
    ? [head(paper), blockers(paper), decidedBy(paper)]
    : [
        head(paper),
        blockers(paper),
        others(paper),
        possible(paper),
        questions(paper),
        looked(paper),
        fine(paper),
        couldNotTell(paper),
        suppressed(paper),
        notes(paper),
        sinceLastTime(paper),
        contradictions(paper),
        signals(paper),
        closing(paper),
        next(paper),
        firstCustomer(paper),
      ]
  return `\n${parts
    .flat()
    .map(line => line.trimEnd())
    .join('\n')}\n\n`
}

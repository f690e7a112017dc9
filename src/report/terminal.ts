// The report for a terminal: verdict, blockers with the change to make, the rest in short form. Readable without colour.
import { Chalk } from 'chalk'
import { clean } from '../core/clean.ts'
import { diffReports } from '../core/diff.ts'
import type { Report } from '../core/report.ts'
import { type Severity, severities } from '../core/severity.ts'
import type { Reporter, ReportOptions } from './options.ts'
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
import { decidedBy, notTold } from './shared/terminal-exit.ts'
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

/** Without what stands in brackets: that is told with --full. */
const brief = (paper: Paper, text: string): string => (isFull(paper) ? text : text.replace(/\s*\([^()]*\)/g, ''))

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
  const assumed = report.assumptions
    .slice(0, isFull(paper) ? 6 : 1)
    .map(text => brief(paper, clean(text, 160).replace(/\.$/, '')))
  const left = report.assumptions.length - assumed.length
  const more = left > 0 ? ` and ${left} more` : ''
  const text = assumed.length ? `${what} Assumed: ${assumed.join('; ')}${more}. Wrong? launch-ready init` : what
  return ['', ...lines(text, width, '  ').map(line => ink.dim(line))]
}

/** Blockers that are told in full before the others: the first screen is for their names. */
const toldInFull = 3
/** Lines that the names of blockers may take, so that verdict and names stand on the first screen of 24 lines. */
const indexLines = 19
/** Findings of a lower severity that are named: fewer where blockers come first. */
const namedHigh = { alone: 6, afterBlockers: 2 }

/** All blockers by name, a line each: what, and how long. */
const index = (paper: Paper, list: readonly Group[]): string[] => {
  const shown = list.slice(0, list.length > indexLines ? indexLines - 1 : indexLines)
  const left = list.length - shown.length
  return [
    ...shown.map(group => nameLine(paper, group, paper.ink.bold)),
    ...(left > 0 ? [`      and ${plural(left, 'more blocker')}`] : []),
  ]
}

/** Where those that were told shortly are explained, without a network. */
const explained = (shown: readonly Group[]): string => {
  const checks = [...new Set(shown.map(({ lead }) => clean(lead.finding.check, 80)))]
  return checks.length > 1
    ? `Why, and how it is judged: launch-ready explain <check> (${checks.join(', ')})`
    : `Why, and how it is judged: launch-ready explain ${checks[0]}`
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
    ...(whole ? [''] : []),
    ...shown.flatMap(group => entry(paper, group, paper.ink.bold, left === 0)),
    ...(left > 0 ? lines(`${left} more in full: ${again(paper)} --full. ${explained(shown)}`, paper.width, '  ') : []),
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
  const hasBlockers = findings.some(({ finding }) => finding.severity === 'blocker')
  const shown = high.slice(0, hasBlockers ? namedHigh.afterBlockers : namedHigh.alone)
  const left = high.length - shown.length
  const count = (severity: Severity): number => findings.filter(({ finding }) => finding.severity === severity).length
  const counts = [
    ...(left > 0 ? [`HIGH ${left} more`] : []),
    ...(['medium', 'low'] as const).flatMap(severity =>
      count(severity) ? [`${severity.toUpperCase()} ${count(severity)}`] : [],
    ),
    ...(worthALook(report).length ? [`worth a look ${worthALook(report).length}`] : []),
    ...(report.questions.length ? [`only you know ${report.questions.length}`] : []),
    ...(report.contradictions?.length ? [`said and seen differ ${report.contradictions.length}`] : []),
  ]
  return [
    ...(high.length
      ? ['', sectionHead(paper, 'HIGH, this week', `about ${minutes(effort(high))}`, ink.yellow.bold)]
      : []),
    ...shown.map(group => nameLine(paper, group)),
    ...(counts.length
      ? ['', ...lines(`${counts.join(' · ')} · all of it: ${again(paper)} --full`, paper.width, '  ')]
      : []),
  ]
}

/** `no config (12), no repository (9)`: the most frequent reasons. */
const reasonList = (reasons: { reason: string; count: number }[], paper: Paper): string => {
  const most = paper.options.verbose ? 40 : isFull(paper) ? 3 : 1
  const inWords = (reason: string): string =>
    most > 1 ? clean(reason, 90) : clean(brief(paper, clean(reason, 300)), 60)
  const shown = reasons
    .slice(0, most)
    .map(({ reason, count }) => `${inWords(reason) || 'no reason given'}${count > 1 ? ` (${count})` : ''}`)
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

/** Why checks were skipped; where the reasons are many and not asked for, where they are told. */
const skips = (paper: Paper): string => {
  const reasons = skipped(paper.report)
  return reasons.length > 1 && !isFull(paper) ? ` (why: ${again(paper)} --verbose)` : `: ${reasonList(reasons, paper)}`
}

const fine = (paper: Paper): string => {
  const { report } = paper
  const { pass, skip } = report.summary
  const passes = pass ? `Fine: ${plural(pass, 'check')} passed.` : 'No check passed.'
  const passedOver = skip ? ` Skipped ${skip}${skips(paper)}.` : ''
  return passes + passedOver
}

const couldNotTell = (paper: Paper): string => {
  const { report } = paper
  const unknown = unknownCount(report)
  if (!unknown) return ''
  const reasons = unknownReasons(report)
  const advice = [...new Set(reasons.map(({ cause }) => howToTell(cause)).filter(text => text !== null))]
  // What a finding explains is told there.
  const above = unknown - reasons.reduce((sum, { count }) => sum + count, 0)
  const list = [
    ...(above > 0 ? [`${above} because of what is told above`] : []),
    ...(reasons.length ? [reasonList(reasons, paper)] : []),
  ].join('; ')
  return `Could not tell ${unknown}: ${list}. ${advice.slice(0, 2).join(' ')}`
}

/** What was fine, and what was not seen: in one paragraph where not everything is asked for. */
const rest = (paper: Paper): string[] => {
  const parts = [fine(paper), couldNotTell(paper)].filter(Boolean)
  return (isFull(paper) ? parts : [parts.join(' ')]).flatMap(text => lines(text, paper.width, '  '))
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
  const of = some.length < all.length ? ` (${some.length} of ${all.length})` : ''
  return shown.length ? ['', `  What this would look like to you after launch${of}`, ...shown] : []
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
  // How far a customer gets names what comes first; where nobody is stopped it is said by itself.
  const stopped = report.firstCustomer && report.firstCustomer.at !== null ? report.firstCustomer.sentence : null
  const then = stopped === null ? `First: ${first}.` : clean(stopped, 400)
  return [
    '',
    ...lines(`${word}: ${what} ${then}`, width, '  ').map((line, at) =>
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

/** How far a customer would get, where nothing is known to stop them. */
const firstCustomer = ({ report, width }: Paper): string[] =>
  report.firstCustomer?.at === null ? ['', ...lines(clean(report.firstCustomer.sentence, 400), width, '  ')] : []

/** Both sides of what people say and what was seen. */
const contradictions = (paper: Paper): string[] => {
  const { report, width } = paper
  return report.contradictions?.length && isFull(paper)
    ? [
        '',
        '  What is said and what was seen differ',
        ...report.contradictions.flatMap(({ said, seen, place }) => [
          ...lines(`said   ${clean(said, 200)} (${clean(place, 80)})`, width, '    ', '           '),
          ...lines(`seen   ${clean(seen, 300)}`, width, '    ', '           '),
        ]),
      ]
    : []
}

const paperOf = (report: Report, options: ReportOptions): Paper => ({
  ...sheetOf(report, options),
  width: Math.min(120, Math.max(40, Math.floor(options.width ?? 80) || 80)),
  ink: new Chalk({ level: options.color ? 1 : 0 }),
})

const printed = (parts: readonly string[][]): string =>
  parts
    .flat()
    .map(line => line.trimEnd())
    .join('\n')

/** The report for people at a terminal; `width` is kept between 40 and 120 columns. */
export const terminal: Reporter = (report, options = {}) => {
  const paper = paperOf(report, options)
  const parts = options.quiet
    ? [head(paper), blockers(paper), decidedBy(paper)]
    : [
        head(paper),
        blockers(paper),
        others(paper),
        possible(paper),
        questions(paper),
        looked(paper),
        rest(paper),
        suppressed(paper),
        notes(paper),
        sinceLastTime(paper),
        contradictions(paper),
        signals(paper),
        firstCustomer(paper),
        notTold(paper),
        ...(options.endsLater ? [] : [closing(paper), next(paper)]),
      ]
  return `\n${printed(parts)}\n${options.endsLater && !options.quiet ? '' : '\n'}`
}

/** Verdict and next steps alone: for the end of whatever follows a report that `endsLater`. */
export const terminalEnd: Reporter = (report, options = {}) => {
  const paper = paperOf(report, options)
  return `${printed([closing(paper), next(paper)])}\n\n`
}

// The report for a terminal: verdict, blockers with the change to make, the rest in short form. Readable without colour.
import { Chalk } from 'chalk'
import { clean } from '../core/clean.ts'
import { diffReports } from '../core/diff.ts'
import { severities } from '../core/severity.ts'
import type { Reporter } from './options.ts'
import { howToTell } from './shared/advice.ts'
import { nextCommands, proof } from './shared/changes.ts'
import {
  effort,
  groups,
  numbered,
  numberedPossible,
  numbersOf,
  ranges,
  skipped,
  unknownCount,
  unknownReasons,
} from './shared/group.ts'
import { again, entry, fits, lines, oneLine, type Paper, sectionHead } from './shared/terminal-finding.ts'
import { between, columns, cut, pad, wrap } from './shared/width.ts'
import { elapsed, longDate, minutes, plural, targetName, verdictSentence, verdictWords } from './shared/words.ts'

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

/** What is only possible, apart from what counts. */
const possible = (paper: Paper): string[] => {
  const found = numberedPossible(paper.report)
  if (!found.length) return []
  const list = severities.flatMap(severity => groups(found, severity))
  const shown = paper.options.verbose
    ? ['', ...list.flatMap(group => entry(paper, group, paper.ink.bold)).slice(0, -1)]
    : list.flatMap(group => oneLine(paper, group))
  return ['', sectionHead(paper, 'WORTH A LOOK, not certain', `about ${minutes(effort(list))}`), ...shown]
}

/** What nobody can see from outside: each question with the place of its answer. */
const questions = ({ report, width, ink }: Paper): string[] => {
  if (!report.questions.length) return []
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

const fine = ({ report, options, width }: Paper): string[] => {
  const { pass, skip } = report.summary
  const passes = pass ? `Fine: ${plural(pass, 'check')} passed.` : 'No check passed.'
  const skips = skip ? ` Skipped ${skip}: ${reasonList(skipped(report), options.verbose ? 40 : 3)}.` : ''
  return ['', ...lines(passes + skips, width, '  ')]
}

const couldNotTell = ({ report, options, width }: Paper): string[] => {
  const unknown = unknownCount(report)
  if (!unknown) return []
  const reasons = unknownReasons(report)
  const advice = [...new Set(reasons.map(({ cause }) => howToTell(cause)).filter(text => text !== null))]
  // What a finding explains is told there.
  const above = unknown - reasons.reduce((sum, { count }) => sum + count, 0)
  const list = [
    ...(above > 0 ? [`${above} because of what is told above`] : []),
    ...(reasons.length ? [reasonList(reasons, options.verbose ? 40 : 3)] : []),
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
    ...(findings[0] ? [proof(findings[0].finding, report, options)] : []),
    ...nextCommands(report),
  ]
  return commands.length
    ? ['', ...commands.map((command, at) => `  ${at ? '    ' : 'Next'}   ${clean(command, 300)}`)]
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
        possible(paper),
        questions(paper),
        fine(paper),
        couldNotTell(paper),
        suppressed(paper),
        notes(paper),
        sinceLastTime(paper),
        contradictions(paper),
        signals(paper),
        next(paper),
        firstCustomer(paper),
      ]
  return `\n${parts
    .flat()
    .map(line => line.trimEnd())
    .join('\n')}\n\n`
}

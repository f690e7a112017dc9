// One finding of the terminal report: in full, or in a line; and what its parts are drawn with.
import type { ChalkInstance } from 'chalk'
import { clean, cleanBlock } from '../../core/clean.ts'
import { changeInWords } from '../../core/fixes.ts'
import { command, type Instruction, instructions, needsSubject } from './changes.ts'
import { effort, type Group, hiddenBy, type Numbered, ranges } from './group.ts'
import type { Sheet } from './sheet.ts'
import { between, columns, cut, pad, wrap } from './width.ts'
import { minutes, plural, sentence, titleWithDoubt } from './words.ts'

/** What every part of the report is drawn with. */
export type Paper = Sheet & { width: number; ink: ChalkInstance }

/** Columns of the narrow column of words: `seen`, `fix`, `more`. */
const label = 7
const indent = 5

export const lines = (text: string, width: number, lead: string, hang = ' '.repeat(columns(lead))): string[] =>
  wrap(text, width - columns(lead)).map((line, at) => (at ? hang : lead) + line)

/** The command without its target, which the reader knows. */
export const again = ({ report }: Paper): string => command(report).split(' ').slice(0, 2).join(' ')

/** `seen   text`, wrapped under itself. */
const row = (paper: Paper, name: string, text: string): string[] =>
  lines(text, paper.width, ' '.repeat(indent) + pad(name, label)).map((line, at) =>
    at ? line : ' '.repeat(indent) + paper.ink.dim(pad(name, label)) + line.slice(indent + label),
  )

/** Whether every finding is told in full. */
export const isFull = ({ options }: Paper): boolean => options.full === true || options.verbose === true

const evidence = (paper: Paper, { finding }: Numbered): string[] => {
  const most = isFull(paper) ? finding.evidence.length : 2
  const left = finding.evidence.length - most
  return finding.evidence.slice(0, most).flatMap(({ label: what, value }, at) => {
    const text = [clean(what, 120), clean(value, isFull(paper) ? 1_000 : 160)]
      .filter(Boolean)
      .join(/^[→(]/.test(value) ? ' ' : ': ')
    const more = left > 0 && at === most - 1 ? ` … and ${left} more` : ''
    return row(paper, at ? '' : 'seen', (text || '(empty)') + more)
  })
}

/** Text to paste: each line on its own, never broken, moved to the left where it would not fit otherwise. */
const paste = (paper: Paper, { paste: text, language }: Instruction): string[] => {
  if (text === null) return []
  const all = cleanBlock(text, 4_000).replace(/\t/g, '  ').trimEnd().split('\n')
  const most = isFull(paper) || !language || language === 'sh' ? 60 : 8
  const shown = all.slice(0, most)
  const widest = Math.max(...shown.map(columns))
  const at = Math.max(2, Math.min(indent + label + 2, paper.width - widest))
  const left = all.length - shown.length
  return [
    ...shown.map(line => ' '.repeat(at) + paper.ink.cyan(line)),
    ...(left > 0 ? [`${' '.repeat(at)}… ${plural(left, 'more line')}, with --full`] : []),
  ]
}

/** Every step, in the order of the plan: what can be pasted stands under its own introduction. */
const fix = (paper: Paper, one: Numbered): string[] => {
  const { finding } = one
  const summary = clean(finding.fix.summary, 600)
  const out = row(paper, 'fix', summary)
  const todo = instructions(finding, paper)
  // What a change says as data need not be said again in words.
  const told = new Set(finding.fix.changes.map(changeInWords))
  const steps = finding.fix.steps.filter(step => !told.has(step))
  const items = [
    ...todo.filter(
      ({ paste, intro }) => paste !== null || (!finding.fix.steps.includes(intro) && clean(intro, 400) !== summary),
    ),
    ...finding.fix.steps
      .filter(
        step =>
          steps.includes(step) || finding.fix.changes.some(change => change.kind === 'manual' && change.step === step),
      )
      .map(step => ({ intro: step, paste: null, language: '' })),
  ]
  for (const item of items) {
    if (clean(item.intro, 400) === summary) continue
    out.push(...row(paper, '', `- ${clean(item.intro, 400)}`), ...paste(paper, item))
  }
  return out
}

const titleLine = (paper: Paper, { number, finding }: Numbered, paint: (text: string) => string): string[] => {
  const time = minutes(finding.fix.effortMinutes)
  const lead = `  ${pad(String(number), 2)} `
  const room = paper.width - columns(lead) - columns(time) - 2
  const [first = '', ...rest] = wrap(clean(titleWithDoubt(finding), 200), room)
  return [
    lead + paint(first) + between('', time, paper.width - columns(lead) - columns(first)),
    ...rest.map(line => ' '.repeat(columns(lead)) + paint(line)),
  ]
}

const explained = ({ report }: Paper, { finding }: Numbered): string | null => {
  const hidden = hiddenBy(finding, report)
  return hidden ? `Because of it, ${plural(hidden, 'other check')} could not be judged.` : null
}

const alike = ({ more }: Group): string[] => {
  if (!more.length) return []
  const subjects = more.slice(0, 6).map(({ finding }) => clean(finding.subject, 80))
  const left = more.length - subjects.length
  const numbers = ranges(more.map(({ number }) => number))
  return [`the same, ${numbers}: ${subjects.join(', ')}${left > 0 ? ` and ${left} more` : ''}`]
}

/** A group in full. Where its check is explained is said here, or by who lists several. */
export const entry = (paper: Paper, group: Group, paint: (text: string) => string, namesCheck = true): string[] => {
  const { lead } = group
  const why = [clean(lead.finding.why, 600), explained(paper, lead)].filter(Boolean).join(' ')
  return [
    ...titleLine(paper, lead, paint),
    ...(why ? lines(why, paper.width, ' '.repeat(indent)) : []),
    ...(needsSubject(lead.finding, paper.report) ? row(paper, 'where', clean(lead.finding.subject, 200)) : []),
    ...evidence(paper, lead),
    ...fix(paper, lead),
    ...alike(group).flatMap(text => row(paper, 'also', sentence(text))),
    ...(namesCheck ? row(paper, 'more', `launch-ready explain ${clean(lead.finding.check, 80)}`) : []),
    '',
  ]
}

/** Without its last clause, where one ends in the second half of the room; else cut. */
const shortened = (title: string, room: number): string => {
  const clause = title.slice(0, room - 1).search(/[,:;](?=[^,:;]*$)/)
  return clause > room / 2 ? `${title.slice(0, clause)}…` : cut(title, room)
}

/** A group by its name on one line: number, title, and the minutes where there is room; `+2` others say the same. */
export const nameLine = (paper: Paper, group: Group, paint: (text: string) => string = text => text): string => {
  const { lead, more } = group
  const start = `  ${String(lead.number).padStart(2)}  `
  const time = minutes(effort([group]))
  const others = more.length ? ` +${more.length}` : ''
  const title = `${clean(titleWithDoubt(lead.finding), 200)}${others}`
  const room = paper.width - columns(start)
  for (const text of [title, `${clean(lead.finding.title, 200)}${others}`]) {
    if (columns(text) + columns(time) + 2 <= room) return start + paint(text) + between('', time, room - columns(text))
    if (columns(text) <= room) return start + paint(text)
  }
  return start + paint(shortened(`${clean(lead.finding.title, 200)}${others}`, room))
}

export const sectionHead = ({ width, ink }: Paper, title: string, right: string, paint = ink.bold): string =>
  `  ${paint(title)}${fits(title, right, width) ? between('', right, width - 2 - columns(title)) : ''}`

/** Whether both stand on one line, with two columns between them. */
export const fits = (left: string, right: string, width: number): boolean => columns(left) + columns(right) + 4 <= width

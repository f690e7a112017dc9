// What lines hold by what stands above them: the columns of a table by its header (CSV, TSV, psql, MySQL, Markdown), the private lines of a
// key of PuTTY. What is known of the lines to come is small, and kept from one piece of a log to the next.
import type { LogKind } from '../../data/log-names.ts'
import { isHidden, type KindOf } from './fields.ts'
import { note, type Window } from './window.ts'

type Column = { name: string; kind: LogKind | null }
type Table = {
  is: 'table'
  separator: string
  columns: readonly Column[]
  isSpaced: boolean
  misses: number
  /** Its lines have something of the log before them. */
  isLed: boolean
}
type Key = { is: 'key'; lines: number }

/** What the next lines hold; null where nothing is known of them. */
export type Below = Table | Key | null

type Cell = { from: number; to: number; quoted: boolean }

const longestHeader = 4_096
const longestRow = 65_536
/** Lines of others may stand between the rows of a table; after so many of them it has ended. */
const mostMisses = 8
const mostKeyLines = 400

/** A name of one word, or of several that all begin with a capital. */
const columnName = /^(?:[A-Za-z_][\w.-]{0,60}|[A-Z]\w{0,30}(?: [A-Z]\w{0,30}){1,3})$/
/** What is drawn between rows. */
const rule = /^[\s|+:=-]+$/

const moment = '\\[?\\d{4}[-/]\\d\\d[-/]\\d\\d[T ][\\d:.,]{5,20}(?:Z|[+-]\\d\\d:?\\d\\d)?\\]?:? {1,4}'
const service = '[\\w./-]{1,60} {0,20}\\| '
const journal = '[A-Z][a-z]{2} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d [\\w.-]{1,60} [\\w./-]{1,60}(?:\\[\\d{1,8}\\])?: '
const level = '\\[?(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|trace|debug|info|notice|warn|error)\\]?:? {1,4}'
const part = '\\[[\\w ./:#-]{1,60}\\] {1,4}'
const stream = '(?:stdout|stderr) [FP] '
/** What a log puts before each line: when, which service, how grave. */
const lead = new RegExp(`^(?:${moment}|${journal}|${service}|${stream}|${level}|${part}){1,4}`)
/** The same before a table whose columns are parted as the name of a service is from its lines. */
const leadOfRuled = new RegExp(`^(?:${moment}|${journal}|${stream}|${level}|${part}){1,4}`)

const lengthOfLead = (line: string, separator: string): number =>
  (separator === '|' ? leadOfRuled : lead).exec(line.slice(0, 320))?.[0].length ?? 0

/** Fields of a line, without spaces and quotation marks around them. */
const cellsOf = (line: string, separator: string): Cell[] => {
  const cells: Cell[] = []
  for (let at = 0; at <= line.length; at++) {
    let from = at
    while (line.charCodeAt(from) === 32) from++
    const close = line.charCodeAt(from) === 34 ? endOfQuoted(line, from) : -1
    const next = line.indexOf(separator, Math.max(from, close))
    const end = next === -1 ? line.length : next
    cells.push(
      close === -1
        ? { from, to: endOfText(line, from, end), quoted: false }
        : { from: from + 1, to: close, quoted: true },
    )
    at = end
  }
  return separator === '|' ? withoutFrame(cells) : cells
}

/** The mark that closes a field; two of them are one that is part of it. -1 where none does. */
const endOfQuoted = (line: string, from: number): number => {
  let close = line.indexOf('"', from + 1)
  while (close !== -1 && line.charCodeAt(close + 1) === 34) close = line.indexOf('"', close + 2)
  return close
}

const endOfText = (text: string, from: number, end: number): number => {
  let to = end
  while (to > from && (text.charCodeAt(to - 1) === 32 || text.charCodeAt(to - 1) === 13)) to--
  return to
}

/** A table may have lines at its sides. */
const withoutFrame = (cells: Cell[]): Cell[] => {
  const isEmpty = (cell: Cell | undefined): boolean => cell !== undefined && cell.from >= cell.to && !cell.quoted
  return cells.slice(isEmpty(cells[0]) ? 1 : 0, isEmpty(cells.at(-1)) ? -1 : undefined)
}

const isSpacedAt = (line: string, { from, quoted }: Cell): boolean => line.charCodeAt(from - (quoted ? 2 : 1)) === 32

/** What parts the fields of the line whose name ends at `to`; null where it is none of a header. */
const separatorAt = (text: string, from: number, to: number): string | null => {
  const [, behind] = /^["']? {0,64}([,;|\t]|\r?\n|$)/.exec(text.slice(to, to + 68)) ?? []
  if (behind === undefined) return null
  if (/^[,;|\t]/.test(behind)) return behind
  return /([,;|\t]) {0,64}["']?[\w. -]{0,60}$/.exec(text.slice(Math.max(0, from - 128), from))?.[1] ?? null
}

/** The cells of a heading, without what the log put before it. */
const headingOf = (whole: string, separator: string): { cells: Cell[]; line: string; led: number } => {
  const cells = cellsOf(whole, separator)
  const last = cells.at(-1)
  // Most lines with such signs are no headings, and their last cell is none.
  const mayBeLed = last !== undefined && columnName.test(whole.slice(last.from, last.to))
  const led = mayBeLed ? lengthOfLead(whole, separator) : 0
  const line = whole.slice(led)
  return { cells: led > 0 ? cellsOf(line, separator) : cells, line, led }
}

/** What the line that begins at `begin` says of those below it: nothing but names, of which one, `from`…`to`, says what its column holds. */
const tableBelow = (kindOf: KindOf, { text }: Window, begin: number, from: number, to: number): Table | null => {
  const separator = separatorAt(text, from, to)
  const whole = text.slice(begin, begin + longestHeader + 1).split('\n', 1)[0]!
  if (separator === null || whole.length > longestHeader || begin + whole.length < to) return null
  const { cells, line, led } = headingOf(whole, separator)
  const names = cells.map(cell => line.slice(cell.from, cell.to))
  if (cells.length < 2 || !names.every(name => columnName.test(name))) return null
  const columns = names.map(name => ({ name, kind: kindOf(name) }))
  if (columns.every(({ kind }) => kind === null)) return null
  const isSpaced = (separator === ',' || separator === ';') && cells.slice(1).some(cell => isSpacedAt(line, cell))
  // `Invalid user, password`: words of a sentence.
  if (isSpaced && !names.every(name => /^[a-z_][a-z\d_.-]*$/.test(name))) return null
  return { is: 'table', separator, columns, isSpaced, misses: 0, isLed: led > 0 }
}

/** What a cell holds by its column; null where that is nothing to hide, or a count or a word of that name. */
const kindOfCell = ({ name, kind }: Column, value: string, quoted: boolean): LogKind | null => {
  if (kind === null) return null
  // Tests that passed, visits by phone, tokens of a language.
  if (kind === 'password' && name.toLowerCase() === 'pass' && /^\d{1,6}%?$/.test(value)) return null
  if (kind === 'phone' && !/^[+(0]|\d[ -]\d/.test(value)) return null
  if ((kind === 'token' || kind === 'key' || kind === 'session') && !/^(?=\S*\d)\S+$|^\S{16,}$/.test(value)) return null
  const how = quoted ? 'quoted' : 'bare'
  return isHidden(kind, value.slice(0, 256), { from: 0, to: value.length, how, natural: false }) ? kind : null
}

/** Notes what a row holds by its columns; what is known of the next. */
const rowOf = (window: Window, table: Table, begin: number, to: number): Below => {
  const whole = window.text.slice(begin, to)
  const from = begin + (table.isLed ? lengthOfLead(whole, table.separator) : 0)
  const line = window.text.slice(from, to)
  if (line.trim() === '') return null
  if (rule.test(line)) return table
  const cells = cellsOf(line, table.separator)
  const isRow =
    cells.length === table.columns.length &&
    !(table.isSpaced && cells.some(cell => !cell.quoted && /\s/.test(line.slice(cell.from, cell.to))))
  if (!isRow) return table.misses + 1 > mostMisses ? null : { ...table, misses: table.misses + 1 }
  for (const [at, cell] of cells.entries()) {
    const kind = kindOfCell(table.columns[at]!, line.slice(cell.from, cell.to), cell.quoted)
    if (kind !== null) note(window, kind, from + cell.from, from + cell.to)
  }
  return table.misses === 0 ? table : { ...table, misses: 0 }
}

/** Behind `Private-Lines` of a key as PuTTY keeps it: so many lines of it follow. */
const keyBelow = ({ text }: Window, from: number, to: number): Key | null => {
  if (!text.startsWith('Private-', from - 8)) return null
  const lines = Number(/^: (\d{1,3})\r?(?:\n|$)/.exec(text.slice(to, to + 8))?.[1] ?? 0)
  return lines > 0 && lines <= mostKeyLines ? { is: 'key', lines } : null
}

/** Where the line begins in which `at` stands; -1 where that is too far for a heading. */
export const lineBefore = (text: string, at: number): number => {
  const from = Math.max(0, at - longestHeader)
  const end = text.slice(from, at).lastIndexOf('\n')
  return end === -1 && from > 0 ? -1 : from + end + 1
}

/** What the line that begins at `begin` says of those below it by its name `from`…`to`. */
export const belowName = (kindOf: KindOf, window: Window, begin: number, from: number, to: number): Below =>
  keyBelow(window, from, to) ?? tableBelow(kindOf, window, begin, from, to)

/** Looks at the line that begins at `from`, of which something is known; what is known of the next. */
export const lookBelow = (window: Window, below: Table | Key, from: number): Below => {
  const { text } = window
  const next = text.indexOf('\n', from)
  const to = next === -1 ? text.length : next
  if (below.is === 'table') return to - from > longestRow ? null : rowOf(window, below, from, to)
  const end = text.charCodeAt(to - 1) === 13 ? to - 1 : to
  if (!/^[A-Za-z0-9+/=]{4,80}$/.test(text.slice(from, Math.min(end, from + 81)))) return null
  note(window, 'private-key', from, end)
  return below.lines > 1 ? { ...below, lines: below.lines - 1 } : null
}

// The text of a Rails migration as lines to read: what runs forward, here-documents taken out, calls over several lines joined.
import { blankBetween } from '../near.ts'
import { blankComments, linesOf } from './calls.ts'
import type { DslMigration } from './javascript.ts'

export type Line = { text: string; line: number; at: number }

/** Characters of one call that are read. */
const longestLine = 4000

/** Lines joined where a comma, an operator or an open bracket carries on. */
export const logicalLines = (source: string): Line[] => {
  const result: Line[] = []
  let open: Line | null = null
  let at = 0
  for (const [index, raw] of source.split('\n').entries()) {
    const line: Line = open ?? { text: '', line: index + 1, at }
    line.text += ` ${raw.trim()}`
    at += raw.length + 1
    const bare = line.text.replace(/(["'])(?:\\.|(?!\1)[^\\])*\1/g, "''")
    const depth = (bare.match(/[([{]/g)?.length ?? 0) - (bare.match(/[)\]}]/g)?.length ?? 0)
    if (
      (/(?:,|\\|\|\||&&|\.)\s*$/.test(bare) || (depth > 0 && !/\bdo\b|\{\s*(?:\|[^|]*\|\s*)?$|->$/.test(bare))) &&
      line.text.length < longestLine
    ) {
      line.text = line.text.replace(/\\\s*$/, '')
      open = line
    } else {
      result.push({ ...line, text: line.text.trim().slice(0, longestLine) })
      open = null
    }
  }
  if (open) result.push(open)
  return result
}

/** What runs forward: without comments, `down` and `dir.down`, each blanked at its lines. */
export const forwardOf = (original: string): string => {
  const bare = blankBetween(blankComments(original, 'ruby'), /^=begin/m, /^=end/m)
  const down = bare.search(/^[ \t]*def[ \t]+(?:self\.)?down\b/m)
  const up = blankBetween(down < 0 ? bare : bare.slice(0, down), /\bdir\.down\s*do/, /\bend\b/)
  return blankBetween(up, /\bdir\.down\s*\{/, /\}/)
}

const mostEndless = 20

/** Here-documents hold SQL: they are taken out before lines are read. */
export const takeDocuments = (source: string, sql: DslMigration['sql']): string => {
  const lineAt = linesOf(source)
  /** Marks that end no document any more: looked for once, and no more than a few of them. */
  const endless = new Set<string>()
  let out = ''
  let from = 0
  for (const { 0: opening, 2: mark, index } of source.matchAll(/<<[~-]?(["']?)(\w{1,100})\1[^\n]*\n/g)) {
    if (index < from || endless.has(mark!) || endless.size >= mostEndless) continue
    const begin = index + opening.length
    const end = new RegExp(`\\n[ \\t]*${mark}\\b`, 'g')
    end.lastIndex = begin - 1
    const closing = end.exec(source)
    if (!closing) {
      endless.add(mark!)
      continue
    }
    const before = source.slice(Math.max(0, source.lastIndexOf('\n', index), index - longestLine), index)
    if (/\bexecute\b|exec_query|safety_assured/.test(before))
      sql.push({ text: source.slice(begin, closing.index), line: lineAt(index) + 1, at: index })
    const until = closing.index + closing[0].length
    out += source.slice(from, index) + source.slice(index, until).replace(/[^\n]/g, ' ')
    from = until
  }
  return out + source.slice(from)
}

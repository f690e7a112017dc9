// The text of a Rails migration as lines to read: what runs forward, here-documents taken out, calls over several lines joined.
import { blankComments, lineAt } from './calls.ts'
import type { DslMigration } from './javascript.ts'

export type Line = { text: string; line: number; at: number }

/** Lines joined where a comma, an operator or an open bracket carries on. */
export const logicalLines = (source: string): Line[] => {
  const result: Line[] = []
  let open: Line | null = null
  let at = 0
  for (const [index, raw] of source.split('\n').entries()) {
    const line: Line = open ?? { text: '', line: index + 1, at }
    line.text += ` ${raw.trim()}`
    at += raw.length + 1
    const bare = line.text.replace(/(["'])(?:\\.|(?!\1).)*\1/g, "''")
    const depth = (bare.match(/[([{]/g)?.length ?? 0) - (bare.match(/[)\]}]/g)?.length ?? 0)
    if (
      (/(?:,|\\|\|\||&&|\.)\s*$/.test(bare) || (depth > 0 && !/\bdo\b|\{\s*(?:\|[^|]*\|)?\s*$/.test(bare))) &&
      line.text.length < 4000
    ) {
      line.text = line.text.replace(/\\\s*$/, '')
      open = line
    } else {
      result.push({ ...line, text: line.text.trim() })
      open = null
    }
  }
  if (open) result.push(open)
  return result
}

/** What runs forward: without comments, `down` and `dir.down`, each blanked at its lines. */
export const forwardOf = (original: string): string => {
  const blank = (text: string): string => text.replace(/[^\n]/g, ' ')
  const bare = blankComments(original, 'ruby').replace(/^=begin[\s\S]*?^=end/gm, blank)
  const down = bare.search(/^\s*def\s+(?:self\.)?down\b/m)
  return (down < 0 ? bare : bare.slice(0, down)).replace(/\bdir\.down\s*(?:do[\s\S]*?\bend\b|\{[^}]*\})/g, blank)
}

/** Here-documents hold SQL: they are taken out before lines are read. */
export const takeDocuments = (source: string, sql: DslMigration['sql']): string =>
  source.replace(
    /<<[~-]?(["']?)(\w+)\1([^\n]*)\n([\s\S]*?)\n\s*\2\b/g,
    (whole: string, _quote: string, _mark: string, _rest: string, text: string, offset: number) => {
      const before = source.slice(Math.max(0, source.lastIndexOf('\n', offset)), offset)
      if (/\bexecute\b|exec_query|safety_assured/.test(before))
        sql.push({ text, line: lineAt(source, offset) + 1, at: offset })
      return whole.replace(/[^\n]/g, ' ')
    },
  )

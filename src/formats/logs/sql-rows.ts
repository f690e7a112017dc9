// Values of SQL that belong to columns by their place: `INSERT INTO users (email, password) VALUES ('…', '…'), (…)`.

/** A value of a row: without its quotation marks. */
export type SqlItem = { column: number; from: number; to: number; quoted: boolean }

const longestColumns = 4_096
const longestRows = 32_768
const comma = 44
const open = 40
const close = 41
const apostrophe = 39

/** The names between the parentheses that end where `VALUES` begins; none where it is no such list. */
export const columnsBefore = (text: string, from: number): string[] => {
  const before = text.slice(Math.max(0, from - longestColumns), from).trimEnd()
  if (!before.endsWith(')')) return []
  const names = before
    .slice(before.lastIndexOf('(') + 1, -1)
    .split(',')
    .map(name => name.replace(/[\s"'`[\]\\]/g, ''))
  return names.every(name => /^[\w.$]+$/.test(name)) ? names : []
}

/** Behind a string that begins with an apostrophe at `at`: doubled and escaped ones are part of it. */
const endOfText = (text: string, at: number, end: number): number => {
  let to = at + 1
  for (; to < end; to++) {
    const code = text.charCodeAt(to)
    if (code === 92) to++
    else if (code === apostrophe) {
      if (text.charCodeAt(to + 1) !== apostrophe) return to
      to++
    }
  }
  return end
}

/** The values of the rows behind `VALUES`, each with the number of its column. */
export const rowsBehind = (text: string, to: number): SqlItem[] => {
  const items: SqlItem[] = []
  const end = Math.min(text.length, to + longestRows)
  let column = 0
  let depth = 0
  let bare = -1
  const endBare = (at: number): void => {
    const value = bare === -1 ? '' : text.slice(bare, at).trimEnd()
    if (value) items.push({ column, from: bare, to: bare + value.length, quoted: false })
    bare = -1
  }
  for (let at = to; at < end; at++) {
    const code = text.charCodeAt(at)
    if (code === apostrophe && depth > 0) {
      const last = endOfText(text, at, end)
      items.push({ column, from: at + 1, to: last, quoted: true })
      // A letter before it tells how the string is written: N'…', E'…'.
      bare = -1
      at = last
    } else if (code === open) {
      // What stands before it is the name of a function.
      bare = -1
      if (depth++ === 0) column = 0
    } else if (code === close) {
      endBare(at)
      if (--depth < 0) break
    } else if (code === comma && depth === 1) {
      endBare(at)
      column++
    } else if (depth === 0 && code !== comma && !/\s/.test(text[at]!)) break
    else if (depth > 0 && bare === -1 && !/\s/.test(text[at]!)) bare = at
  }
  return items
}

// Migrations that put indexes together from lists and variables: which tables and columns they may index, nobody reads from outside.

const composed: readonly RegExp[] = [
  /\bcreate\s{1,9}(?:unique\s{1,9})?index\b[^;\n]{0,200}?(?:\$\{|\{\$|#\{|\$\w|%s|%\(|\{\w{1,60}\}|["'] ?[.+] ?[\w$])/i,
  /\badd_index[ (]{1,4}(?:[a-z_]\w{0,60}|:\w{1,60}, ?[a-z_]\w{0,60})\b/,
  /->(?:index|unique)\(\s?\$|\bSchema::table\(\s?\$/,
  /\b(?:addIndex|createIndex|create_index)\(\s?(?:f["']|[a-zA-Z_][\w.]{0,60}\s?,)/,
  /\.(?:alterTable|table)\(\s?[a-zA-Z_]\w{0,60}\s?,/,
]

const mostWords = 5000

/** The words that such a migration names in quotes, or as symbols; null for one that says plainly what it does. */
export const composedWords = (text: string): ReadonlySet<string> | null => {
  if (!composed.some(pattern => pattern.test(text))) return null
  const words = new Set<string>()
  for (const [, word] of text.matchAll(/["'`:](\w{1,63})\b/g)) {
    words.add(word!.toLowerCase())
    if (words.size >= mostWords) break
  }
  return words
}

/** Whether one of these migrations may have made an index of this column. */
export const mayBeIndexed = (
  { table, column }: { table: string; column: string },
  named: readonly ReadonlySet<string>[],
): boolean => {
  const name = table.toLowerCase().replace(/^.*\./, '')
  return named.some(words => words.has(name) && words.has(column.toLowerCase()))
}

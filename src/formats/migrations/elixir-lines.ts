// The text of an Elixir migration as lines to read: texts in quotes set aside, calls over several lines joined, what runs forward alone, and
// loops over lists that stand there written out.
import { literals } from './calls.ts'
import { type Line, logicalLines } from './rails-lines.ts'

/** Texts that are set aside, each with its line: a name in quotes stays where it is. */
export type Quoted = readonly { text: string; line: number }[]

/** What somebody vouched for by a comment of excellent_migrations: checks for the whole file, and the lines after such a comment. */
export type Assured = { file: ReadonlySet<string>; lines: ReadonlySet<number> }

export type ElixirText = { lines: Line[]; quoted: Quoted; assured: Assured; source: string }

const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '<': '>' }

/** The literal that begins at an offset: where its text begins and ends, where it ends itself; null where none does. */
const literalAt = (source: string, at: number): { sigil: string; from: number; to: number; end: number } | null => {
  const [mark = '', sigil = ''] = /^~([a-zA-Z])/.exec(source.slice(at, at + 2)) ?? []
  const open = at + mark.length
  const quote = source[open] ?? ''
  const plain = sigil === '' ? /["']/ : /["'|/([{<]/
  if (!plain.test(quote)) return null
  const isDocument = /["']/.test(quote) && source.startsWith(quote.repeat(3), open)
  const stop = isDocument ? quote.repeat(3) : (closing[quote] ?? quote)
  const from = open + (isDocument ? 3 : 1)
  let to = from
  while (to < source.length && !source.startsWith(stop, to)) to += source[to] === '\\' ? 2 : 1
  const end = Math.min(source.length, to + stop.length)
  return { sigil, from, to: Math.min(to, source.length), end: /[a-z]/.test(source[end] ?? '') && sigil ? end + 1 : end }
}

const assurance = /^#\s*excellent_migrations:safety-assured-for-(this-file|next-line)\b([^\n]{0,400})/

/** A name that stays in its quotes. */
const isName = /^[\w. ?!-]{0,200}$/

type Scanned = { text: string; quoted: { text: string; line: number }[]; assured: Assured }

/** Comments taken out; texts replaced by `"§1§"`, lists of words by lists. Lines stay where they are: breaks in a text come at the end of its line. */
const scan = (source: string): Scanned => {
  const quoted: Scanned['quoted'] = []
  const assured = { file: new Set<string>(), lines: new Set<number>() }
  let [text, line, owed] = ['', 1, 0]
  for (let at = 0; at < source.length; at += 1) {
    const char = source[at]!
    if (char === '\n') {
      text += '\n'.repeat(owed + 1)
      line += 1
      owed = 0
    } else if (char === '#') {
      const end = source.indexOf('\n', at)
      const comment = assurance.exec(source.slice(at, end < 0 ? source.length : end))
      if (comment?.[1] === 'next-line') assured.lines.add(line + 1)
      for (const [name] of comment?.[1] === 'this-file' ? comment[2]!.matchAll(/\w+/g) : []) assured.file.add(name)
      at = (end < 0 ? source.length : end) - 1
    } else if (char === ':' && /^:[a-z_]\w{0,200}[?!]/.test(source.slice(at, at + 202))) {
      // A name with a mark at its end is no plain word.
      const [name] = /^:[a-z_]\w*[?!]/.exec(source.slice(at, at + 202))!
      text += `"${name.slice(1)}"`
      at += name.length - 1
    } else {
      const found = char === '"' || char === "'" || char === '~' ? literalAt(source, at) : null
      if (!found) {
        text += char
        continue
      }
      const inner = source.slice(found.from, found.to)
      if (found.sigil.toLowerCase() === 'w')
        text += `[${inner
          .split(/\s+/)
          .filter(Boolean)
          .map(word => `:${word}`)
          .join(', ')}]`
      else if (isName.test(inner)) text += `"${inner}"`
      else {
        text += `"§${quoted.length}§"`
        quoted.push({ text: inner.replace(/\\(["'\\]|(?=\n))/g, '$1'), line })
      }
      const breaks = inner.split('\n').length - 1
      owed += breaks
      line += breaks
      at = found.end - 1
    }
  }
  return { text, quoted, assured }
}

const closes = /^end\b/

/** Whether a line leaves a block open: `… do`, `fn … ->`. A clause of `case` leaves none. */
export const opensBlock = (text: string): boolean =>
  / do$|^do$/.test(text) || (text.endsWith('->') && /\bfn\b/.test(text))

/** Index behind the `end` of the block that the line at `from` opens. */
const blockEnd = (lines: readonly Line[], from: number): number => {
  let depth = 0
  for (let at = from; at < lines.length; at += 1) {
    const { text } = lines[at]!
    if (at === from || opensBlock(text)) depth += 1
    if (closes.test(text) && --depth <= 0) return at + 1
  }
  return lines.length
}

type Fn = { name: string; lines: Line[] }

const head = /^defp?\s+([a-z_]\w*[?!]?)/

/** Functions of the module, each with the lines of its body. */
const functionsIn = (lines: readonly Line[]): Fn[] => {
  const found: Fn[] = []
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at]!
    const name = head.exec(line.text)?.[1]
    if (name === undefined) continue
    const short = /,\s*do:\s*(.*)$/.exec(line.text)
    if (short) found.push({ name, lines: [{ ...line, text: short[1]! }] })
    else if (opensBlock(line.text)) {
      const end = blockEnd(lines, at)
      found.push({ name, lines: lines.slice(at + 1, end - 1) })
      at = end - 1
    }
  }
  return found
}

/** What Ecto calls when it migrates. */
const roots = new Set(['change', 'up', 'after_begin', 'before_commit'])

/** The lines of what runs forward: the functions that Ecto calls, and those that they name. */
const forward = (lines: readonly Line[]): Line[] => {
  const byName = Map.groupBy(functionsIn(lines), ({ name }) => name)
  const reached = new Set([...roots].filter(name => byName.has(name)))
  for (const name of reached)
    for (const { text } of byName.get(name)!.flatMap(one => one.lines))
      for (const [word] of text.matchAll(/[a-z_]\w*[?!]?/g)) if (word !== 'down' && byName.has(word)) reached.add(word)
  return [...reached].flatMap(name => byName.get(name)!.flatMap(one => one.lines)).sort((a, b) => a.line - b.line)
}

/** Turns of one loop, and lines that loops may make of a migration. */
const mostTurns = 100
const mostLines = 5000

/** A list written out, or the name of one. */
const list = String.raw`(\[[^\]]*\]|[a-z_]\w*)`
const loops = [
  String.raw`for\s+(?<name>\w+)\s*<-\s*${list}\s*do`,
  String.raw`Enum\.each\(\s*${list}\s*,\s*fn\s+(?<name>\w+)\s*->`,
  String.raw`${list}\s*\|>\s*Enum\.each\(\s*fn\s+(?<name>\w+)\s*->`,
].map(loop => new RegExp(`^${loop}$`))

/** `[…] |> Enum.each(&execute/1)`: each text is run. */
const executing = /^(?:Enum\.each\()?(\[[^\]]*\])(?:\s*\|>\s*Enum\.each\(|\s*,\s*)&execute(?:\/1|\(&1\))\s*\)$/

/** The loop that a line begins: the name of what it goes over, and each of the names in the list. */
const loopAt = ({ text }: Line, lists: ReadonlyMap<string, string>): { name: string; over: string[] } | null => {
  const match = loops.map(loop => loop.exec(text)).find(found => found !== null)
  const name = match?.groups?.['name']
  const given = match?.slice(1).find(part => part !== name)
  const over = literals(given?.startsWith('[') ? given : lists.get(given ?? ''))
  return name && over.length > 0 && over.length <= mostTurns ? { name, over } : null
}

const asArgument = (name: string): string => (/^\w+$/.test(name) ? `:${name}` : `"${name}"`)

/** Loops over lists of names, their body once for each. */
const writtenOut = (lines: readonly Line[], lists = new Map<string, string>(), depth = 0): Line[] => {
  const out: Line[] = []
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at]!
    const bound = /^([a-z_]\w*)\s*=\s*(\[[^\]]*\])$/.exec(line.text)
    if (bound) lists.set(bound[1]!, bound[2]!)
    const run = literals(executing.exec(line.text)?.[1])
    const loop = depth > 1 || out.length > mostLines ? null : loopAt(line, lists)
    if (run.length > 0) out.push(...run.map(text => ({ ...line, text: `execute ${asArgument(text)}` })))
    else if (!loop) out.push(line)
    if (!loop) continue
    const end = blockEnd(lines, at)
    const variable = new RegExp(`(?<![\\w:."])${loop.name}(?![\\w:"(])`, 'g')
    const body = lines.slice(at + 1, end - 1)
    for (const one of loop.over) {
      if (out.length > mostLines) break
      const turn = body.map(own => ({ ...own, text: own.text.replace(variable, asArgument(one)) }))
      out.push(...writtenOut(turn, lists, depth + 1))
    }
    at = end - 1
  }
  return out
}

/** `@table :orders` read where it is used. */
const withAttributes = (lines: readonly Line[]): Line[] => {
  const values = new Map(
    lines.flatMap(({ text }): [string, string][] => {
      const match = /^@(\w+)\s+((?::\w+|"[^"]*"|\[[^\]]*\]))\s*$/.exec(text)
      return match ? [[match[1]!, match[2]!]] : []
    }),
  )
  return lines.map(line => ({
    ...line,
    text: /^@/.test(line.text)
      ? line.text
      : line.text.replace(/@(\w+)/g, (all, name: string) => values.get(name) ?? all),
  }))
}

/** Pipes joined to what they take: `index(…) |> create()`. */
const withPipes = (lines: readonly Line[]): Line[] => {
  const out: Line[] = []
  for (const line of lines) {
    const last = out.at(-1)
    if (last && line.text.startsWith('|>')) last.text += ` ${line.text}`
    else out.push({ ...line })
  }
  return out.map(line => {
    const at = line.text.lastIndexOf('|>')
    const [, name, rest] =
      /^\s*((?:create|drop)(?:_if_(?:not_)?exists)?|execute)\(\s*(.*)\)$/.exec(line.text.slice(at + 2)) ?? []
    return at > 0 && name
      ? { ...line, text: `${name} ${line.text.slice(0, at).trim()}${rest ? `, ${rest}` : ''}` }
      : line
  })
}

/** The lines that run when a migration goes forward, in their order. */
export const elixirText = (original: string): ElixirText => {
  const { text, quoted, assured } = scan(original)
  const lines = withAttributes(withPipes(logicalLines(text).filter(line => line.text !== '')))
  return { lines: writtenOut(forward(lines)), quoted, assured, source: text }
}

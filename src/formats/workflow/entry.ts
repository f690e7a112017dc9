// An entry script read with the arguments and the environment that it is started with: the branch of a `case` or an `if` that runs, the
// functions that it calls, `exec "$@"`, `${1:-web}`. Where neither says which branch runs, all stay, and are marked as open. Line by line;
// nothing is executed.
import { matchesGlob } from '../glob.ts'

type Env = Readonly<Record<string, string>>

/** A script as it runs: its text, and for each line whether it is only one of several that may. */
export type EntryScript = { text: string; open: readonly boolean[] }

type Line = { text: string; open: boolean }

type Reading = {
  env: Env
  functions: ReadonlyMap<string, readonly string[]>
  out: Line[]
  /** Lines that may still be written: functions that call each other would not end. */
  left: number
}

/** Where the reading stands: arguments, whether it is in a branch that may not run, calls that led here. */
type At = { args: readonly string[]; open: boolean; depth: number }

const mostLines = 1500
const deepest = 6
const longestScript = 64 << 10

const functionHead = /^\s*(?:function\s+)?([A-Za-z_][\w-]*)\s*\(\)\s*\{?\s*$|^\s*function\s+([A-Za-z_][\w-]*)\s*\{?\s*$/

/** The functions of a script by name, and the lines outside of them. */
const functionsOf = (lines: readonly string[]): { functions: Map<string, string[]>; rest: string[] } => {
  const functions = new Map<string, string[]>()
  const rest: string[] = []
  const lastEnd = lines.findLastIndex(line => /^\}/.test(line))
  for (let at = 0; at < lines.length; at += 1) {
    const head = functionHead.exec(lines[at]!)
    const end = head && at < lastEnd ? lines.findIndex((line, index) => index > at && /^\}/.test(line)) : -1
    if (!head || end < 0) rest.push(lines[at]!)
    else {
      functions.set(
        head[1] ?? head[2]!,
        lines.slice(at + 1, end).filter(line => !/^\{\s*$/.test(line)),
      )
      at = end
    }
  }
  return { functions, rest }
}

/** Words as the shell would take them again. */
export const quoted = (args: readonly string[]): string =>
  args.map(arg => (/^[\w./:=@%+,-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", '"')}'`)).join(' ')

/** Arguments and known variables put in their places; unknown variables stay. */
const filled = (text: string, args: readonly string[], env: Env): string =>
  text
    .replace(/\$\{@:\s*-(\d):1\}/g, (_, back: string) => args[args.length - Number(back)] ?? '')
    .replace(/"\$(?:[@*]|\{[@*]\})"|\$(?:[@*]|\{[@*]\})/g, () => quoted(args))
    .replace(/\$\{(\d)(?::?-([^}]*))?\}|\$(\d)/g, (_, braced?: string, word?: string, plain?: string) =>
      braced === '0' || plain === '0' ? '$0' : args[Number(braced ?? plain) - 1] || (word ?? ''),
    )
    .replace(/\$#/g, String(args.length))
    .replace(
      /\$\{(\w+)(?::?-([^}]*))?\}|\$([A-Za-z_]\w*)/g,
      (whole, braced?: string, _word?: string, plain?: string) => env[braced ?? plain ?? ''] ?? whole,
    )

const bare = (word: string): string => word.trim().replace(/^(["'])(.*)\1$/, '$2')

/** What a word is worth; null where a variable in it is not known. */
const worthOf = (word: string, { args }: At, { env }: Reading): string | null => {
  const value = bare(filled(word, args, env))
  return /[$`]/.test(value) ? null : value
}

/** Whether one test holds; null where it cannot be told. */
const holds = (test: string, at: At, reading: Reading): boolean | null => {
  const body = /^\[\[?\s+(.*?)\s+\]\]?$/.exec(test.trim())?.[1]
  if (body === undefined) return null
  const unary = /^(!\s+)?(-[zn])\s+(.+)$/.exec(body)
  const binary = /^(.+?)\s+(==?|!=|-eq|-ne|-gt|-ge|-lt)\s+(.+)$/.exec(body)
  if (unary) {
    const value = worthOf(unary[3]!, at, reading)
    if (value === null) return null
    const isIt = (unary[2] === '-z') === (value === '')
    return unary[1] ? !isIt : isIt
  }
  if (!binary) return null
  const [left, right] = [worthOf(binary[1]!, at, reading), worthOf(binary[3]!, at, reading)]
  if (left === null || right === null) return null
  const [a, b] = [Number(left), Number(right)]
  switch (binary[2]) {
    case '-eq':
      return a === b
    case '-ne':
      return a !== b
    case '-gt':
      return a > b
    case '-ge':
      return a >= b
    case '-lt':
      return a < b
    case '!=':
      return !matchesGlob(right, left)
    default:
      return matchesGlob(right, left)
  }
}

/** Tests joined by `&&` or `||`. */
const holdsAll = (condition: string, at: At, reading: Reading): boolean | null => {
  const isEither = condition.includes('||')
  if (isEither && condition.includes('&&')) return null
  const each = condition.split(isEither ? '||' : '&&').map(test => holds(test, at, reading))
  if (isEither) return each.includes(true) ? true : each.includes(null) ? null : false
  return each.includes(false) ? false : each.includes(null) ? null : true
}

/** The line on which a block ends that begins at a line. */
const endOf = (lines: readonly string[], from: number, begins: RegExp, ends: RegExp): number => {
  let depth = 0
  for (let at = from; at < lines.length; at += 1) {
    const line = lines[at]!
    if (begins.test(line)) depth += 1
    if (ends.test(line)) depth -= 1
    if (depth === 0) return at
  }
  return -1
}

type Branch = { pattern: string; body: string[] }

const branchesOf = (lines: readonly string[]): Branch[] => {
  const branches: Branch[] = []
  let depth = 0
  for (const line of lines) {
    const head = depth === 0 ? /^\s*\(?([^()#;]+)\)\s*(.*)$/.exec(line) : null
    const isOpen = branches.at(-1)?.body.at(-1) !== undefined && !/;;[&\s]*$/.test(branches.at(-1)!.body.at(-1)!)
    if (head && !(isOpen && /[$=`"]/.test(head[1]!.replace(/^["']|["']$/g, ''))))
      branches.push({ pattern: head[1]!, body: head[2] ? [head[2]] : [] })
    else branches.at(-1)?.body.push(line)
    if (/^\s*case\b.*\bin\s*$/.test(line)) depth += 1
    if (/^\s*esac\b/.test(line)) depth -= 1
  }
  return branches.map(({ pattern, body }) => ({ pattern, body: body.map(line => line.replace(/\s*;;[&\s]*$/, '')) }))
}

const takes = (pattern: string, value: string): boolean =>
  pattern.split('|').some(one => matchesGlob(bare(one), value) || bare(one) === '*')

const readCase = (subject: string, lines: readonly string[], at: At, reading: Reading): At => {
  const branches = branchesOf(lines)
  const value = worthOf(subject, at, reading)
  if (value !== null) {
    const one = branches.find(({ pattern }) => takes(pattern, value))
    return one ? readLines(one.body, at, reading) : at
  }
  for (const { body } of branches) readLines(body, { ...at, open: true }, reading)
  return at
}

const readIf = (lines: readonly string[], at: At, reading: Reading): At => {
  const arms: { condition: string | null; body: string[] }[] = []
  let depth = 0
  for (const line of lines) {
    const head = /^\s*(if|elif)\s+(.*?)\s*(?:;\s*then\b\s*(.*))?$/.exec(line)
    if (head?.[1] === 'if') depth += 1
    if (/^\s*fi\b/.test(line)) depth -= 1
    if (depth === 0) break
    const own = depth === 1 ? /^\s*(else|then)\b\s*(.*)$/.exec(line) : null
    if (head && depth === 1) arms.push({ condition: head[2]!, body: head[3] ? [head[3]] : [] })
    else if (own?.[1] === 'else') arms.push({ condition: null, body: own[2] ? [own[2]] : [] })
    else arms.at(-1)?.body.push(own ? own[2]! : line)
  }
  let open = at.open
  for (const { condition, body } of arms) {
    const told = condition === null ? true : holdsAll(condition, at, reading)
    if (told === false) continue
    if (told === true) {
      const after = readLines(body, { ...at, open }, reading)
      return open === at.open ? after : at
    }
    // The condition itself may run something: `if wait-for db; then`.
    if (condition !== null && !/^\[/.test(condition)) reading.out.push({ text: condition, open })
    open = true
    readLines(body, { ...at, open }, reading)
  }
  return at
}

/** A line that is one command. */
const readLine = (line: string, at: At, reading: Reading): At => {
  const shift = /^\s*shift\b/.test(line)
  if (shift) return { ...at, args: at.args.slice(1) }
  const set = /^\s*set\s+--\s*(.*)$/.exec(line)
  if (set) return { ...at, args: filled(set[1]!, at.args, reading.env).split(/\s+/).filter(Boolean).map(bare) }
  const [, name = '', rest = ''] = /^\s*([A-Za-z_][\w-]*)\s*(.*)$/.exec(line) ?? []
  const body = reading.functions.get(name)
  if (body && at.depth < deepest) {
    const args = filled(rest, at.args, reading.env).split(/\s+/).filter(Boolean).map(bare)
    readLines(body, { args, open: at.open, depth: at.depth + 1 }, reading)
    return at
  }
  const told = /^\s*(\[\[?\s.*?\s\]\]?)\s*(&&|\|\|)\s*(.*)$/.exec(line)
  if (told) return readChosen(told[1]!, told[2] === '&&', told[3]!, at, reading)
  reading.out.push({ text: filled(line, at.args, reading.env), open: at.open })
  return at
}

/** `[ … ] && one || other`. */
const readChosen = (test: string, and: boolean, rest: string, at: At, reading: Reading): At => {
  const [first = '', ...others] = rest.split(and ? '||' : '&&')
  const isSo = holds(test, at, reading)
  const open = at.open || isSo === null
  const chosen = isSo === null ? [first, ...others] : isSo === and ? [first] : others
  let next = at
  for (const one of chosen) next = readLine(one, { ...next, open }, reading)
  return isSo === null ? at : { ...next, open: at.open }
}

/** Writes the lines that run; gives back where it stands afterwards (`shift`, `set --`). */
const readLines = (lines: readonly string[], from: At, reading: Reading): At => {
  let at = from
  for (let index = 0; index < lines.length && reading.left > 0; index += 1) {
    reading.left -= 1
    const line = lines[index]!
    const subject = /^\s*case\s+(.+?)\s+in\s*$/.exec(line)?.[1]
    const end =
      subject !== undefined
        ? endOf(lines, index, /^\s*case\b.*\bin\s*$/, /^\s*esac\b/)
        : /^\s*if\b/.test(line)
          ? endOf(lines, index, /^\s*if\b/, /^\s*fi\b|;\s*fi\s*$/)
          : -1
    if (end > index) {
      at =
        subject !== undefined
          ? readCase(subject, lines.slice(index + 1, end), at, reading)
          : readIf(lines.slice(index, end + 1), at, reading)
      index = end
    } else if (line.trim() !== '') at = readLine(line, at, reading)
  }
  return at
}

/** Reads a script of the shell with what it is started with. */
export const entryScript = (text: string, args: readonly string[], env: Env): EntryScript => {
  const { functions, rest } = functionsOf(
    text
      .slice(0, longestScript)
      .replace(/\\\n[ \t]*/g, ' ')
      .split('\n', mostLines),
  )
  const reading: Reading = { env, functions, out: [], left: mostLines }
  readLines(rest, { args, open: false, depth: 0 }, reading)
  return {
    text: reading.out.map(one => one.text).join('\n'),
    open: reading.out.flatMap(one => one.text.split('\n').map(() => one.open)),
  }
}

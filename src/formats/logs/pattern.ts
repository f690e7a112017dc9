// Regular expressions of a config, without the engine that can take for ever: the language is that of RegExp without look-around and
// back-references; lines are matched in time linear in their length, whatever the pattern (sets of states, kept once made).

/** Character ranges, both ends included. */
type Ranges = readonly (readonly [number, number])[]
type Node =
  | { is: 'set'; ranges: Ranges }
  | { is: 'all'; parts: Node[] }
  | { is: 'any'; parts: Node[] }
  | { is: 'repeat'; part: Node; least: number; most: number }
  | { is: 'at'; what: Place }
type Place = 'start' | 'end' | 'edge' | 'inside'

export type LinePattern = { test(line: string): boolean }
export type Compiled = { pattern: LinePattern } | { problem: string }

const mostStates = 400
const mostRepeats = 100
const mostDepth = 30
const mostKept = 300
const top = 0xffff

const digits: Ranges = [[48, 57]]
const words: Ranges = [
  [48, 57],
  [65, 90],
  [95, 95],
  [97, 122],
]
const spaces: Ranges = [
  [9, 13],
  [32, 32],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
]
const lineEnds: Ranges = [
  [10, 10],
  [13, 13],
  [0x2028, 0x2029],
]

const within = (ranges: Ranges, code: number): boolean => ranges.some(([low, high]) => low <= code && code <= high)

const complement = (ranges: Ranges): Ranges => {
  const out: [number, number][] = []
  let from = 0
  for (const [low, high] of [...ranges].sort((a, b) => a[0] - b[0])) {
    if (low > from) out.push([from, low - 1])
    from = Math.max(from, high + 1)
  }
  if (from <= top) out.push([from, top])
  return out
}

/** Both cases of the letters of a set. */
const eitherCase = (ranges: Ranges): Ranges => [
  ...ranges,
  ...ranges.flatMap(([low, high]) =>
    low === high
      ? [String.fromCharCode(low).toLowerCase(), String.fromCharCode(low).toUpperCase()]
          .filter(text => text.length === 1)
          .map(text => [text.charCodeAt(0), text.charCodeAt(0)] as const)
      : (
          [
            [65, 90, 32],
            [97, 122, -32],
          ] as const
        ).flatMap(([first, last, shift]) => {
          const [from, to] = [Math.max(low, first), Math.min(high, last)]
          return from <= to ? [[from + shift, to + shift] as const] : []
        }),
  ),
]

const classes: Readonly<Record<string, Ranges>> = {
  d: digits,
  D: complement(digits),
  w: words,
  W: complement(words),
  s: spaces,
  S: complement(spaces),
}
const controls: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, f: 12, v: 11, 0: 0 }

class Refused extends Error {}
const refuse = (problem: string): never => {
  throw new Refused(problem)
}

/** Where a pattern is being read. */
type Reading = { source: string; isEither: boolean; at: number; depth: number }

const cased = ({ isEither }: Reading, ranges: Ranges): Ranges => (isEither ? eitherCase(ranges) : ranges)
const set = (from: Reading, ranges: Ranges): Node => ({ is: 'set', ranges: cased(from, ranges) })

/** After a backslash: a class, or one character. */
const escaped = (from: Reading): Ranges => {
  const sign = from.source[from.at++]
  if (sign === undefined) return refuse('it ends with a backslash')
  if (classes[sign]) return classes[sign]
  if (sign === 'x' || sign === 'u') {
    const length = sign === 'x' ? 2 : 4
    const digitsOf = from.source.slice(from.at, from.at + length)
    if (digitsOf.length < length || /[^0-9a-fA-F]/.test(digitsOf)) return refuse(`\\${sign} takes ${length} digits`)
    from.at += length
    const code = Number.parseInt(digitsOf, 16)
    return [[code, code]]
  }
  if (sign >= '1' && sign <= '9') return refuse('back-references are not supported')
  if (sign === 'k' || sign === 'p' || sign === 'P' || sign === 'c') return refuse(`\\${sign} is not supported`)
  const code = controls[sign] ?? sign.charCodeAt(0)
  return [[code, code]]
}

const bracket = (from: Reading): Node => {
  const isNot = from.source[from.at] === '^'
  if (isNot) from.at++
  const ranges: (readonly [number, number])[] = []
  while (from.source[from.at] !== ']') {
    if (from.at >= from.source.length) return refuse('a [ is not closed')
    const one = classChar(from)
    const isRange = from.source[from.at] === '-' && from.at + 1 < from.source.length && from.source[from.at + 1] !== ']'
    if (!isRange || one.length !== 1 || one[0]![0] !== one[0]![1]) {
      ranges.push(...one)
      continue
    }
    from.at++
    const last = classChar(from)
    if (last.length !== 1 || last[0]![1] < one[0]![0]) return refuse('a range in [ ] runs backwards')
    ranges.push([one[0]![0], last[0]![1]])
  }
  from.at++
  return { is: 'set', ranges: isNot ? complement(cased(from, ranges)) : cased(from, ranges) }
}
const classChar = (from: Reading): Ranges => {
  const sign = from.source[from.at++]!
  if (sign === '\\' && from.source[from.at] === 'b') {
    from.at++
    return [[8, 8]]
  }
  return sign === '\\' ? escaped(from) : [[sign.charCodeAt(0), sign.charCodeAt(0)]]
}

const group = (from: Reading): Node => {
  if (from.source[from.at] === '?') {
    const rest = from.source.slice(from.at, from.at + 3)
    if (rest.startsWith('?:')) from.at += 2
    else if (rest.startsWith('?<') && rest[2] !== '=' && rest[2] !== '!') {
      const end = from.source.indexOf('>', from.at)
      if (end === -1) return refuse('the name of a group is not closed')
      from.at = end + 1
    } else return refuse('look-around and flags of a part are not supported')
  }
  if (++from.depth > mostDepth) return refuse(`more than ${mostDepth} groups stand in each other`)
  const inner = choice(from)
  if (from.source[from.at++] !== ')') return refuse('a ( is not closed')
  from.depth--
  return inner
}

const atom = (from: Reading): Node => {
  const sign = from.source[from.at++]!
  if (sign === '(') return group(from)
  if (sign === '[') return bracket(from)
  if (sign === '.') return { is: 'set', ranges: complement(lineEnds) }
  if (sign === '^') return { is: 'at', what: 'start' }
  if (sign === '$') return { is: 'at', what: 'end' }
  if (sign === '*' || sign === '+' || sign === '?') return refuse(`${sign} has nothing to repeat`)
  if (sign !== '\\') return set(from, [[sign.charCodeAt(0), sign.charCodeAt(0)]])
  if (from.source[from.at] === 'b' || from.source[from.at] === 'B')
    return { is: 'at', what: from.source[from.at++] === 'b' ? 'edge' : 'inside' }
  return set(from, escaped(from))
}

/** `*`, `+`, `?`, `{2}`, `{2,}`, `{2,5}`; null where none stands here. */
const quantifier = (from: Reading): { least: number; most: number } | null => {
  const simple = { '*': [0, -1], '+': [1, -1], '?': [0, 1] }[from.source[from.at] ?? '']
  let found: { least: number; most: number } | null = null
  if (simple) {
    from.at++
    found = { least: simple[0]!, most: simple[1]! }
  } else if (from.source[from.at] === '{') {
    const match = /^\{(\d{1,4})(?:(,)(\d{1,4})?)?\}/.exec(from.source.slice(from.at, from.at + 12))
    if (!match) return null
    from.at += match[0].length
    const least = Number(match[1])
    found = { least, most: match[2] ? (match[3] === undefined ? -1 : Number(match[3])) : least }
    if (found.most !== -1 && found.most < least) return refuse(`${match[0]} runs backwards`)
    if (Math.max(least, found.most) > mostRepeats)
      return refuse(`${match[0]} repeats more often than ${mostRepeats} times`)
  }
  // Whether much or little is taken does not change whether a line matches.
  if (found && from.source[from.at] === '?') from.at++
  return found
}

const sequence = (from: Reading): Node => {
  const parts: Node[] = []
  while (from.at < from.source.length && from.source[from.at] !== '|' && from.source[from.at] !== ')') {
    let part = atom(from)
    const times = quantifier(from)
    if (times) part = { is: 'repeat', part, ...times }
    if (times && /[*+?]/.test(from.source[from.at] ?? '')) return refuse('two signs of repetition follow each other')
    parts.push(part)
  }
  return { is: 'all', parts }
}

const choice = (from: Reading): Node => {
  const parts = [sequence(from)]
  while (from.source[from.at] === '|') {
    from.at++
    parts.push(sequence(from))
  }
  return parts.length === 1 ? parts[0]! : { is: 'any', parts }
}

const readPattern = (source: string, isEither: boolean): Node => {
  const from: Reading = { source, isEither, at: 0, depth: 0 }
  const node = choice(from)
  if (from.at < source.length) return refuse('a ) has no (')
  return node
}

type State =
  | { do: 'eat'; ranges: Ranges; next: number }
  | { do: 'fork'; next: number[] }
  | { do: 'at'; what: Place; next: number }
  | { do: 'match' }

/** States of a node that lead to `next`; returns where it begins. */
const build = (states: State[], node: Node, next: number): number => {
  const add = (state: State): number => {
    if (states.length >= mostStates) return refuse('it is too large')
    return states.push(state) - 1
  }
  switch (node.is) {
    case 'set':
      return add({ do: 'eat', ranges: node.ranges, next })
    case 'at':
      return add({ do: 'at', what: node.what, next })
    case 'all':
      return node.parts.reduceRight((then, part) => build(states, part, then), next)
    case 'any':
      return add({ do: 'fork', next: node.parts.map(part => build(states, part, next)) })
    case 'repeat': {
      let then = next
      if (node.most === -1) {
        const loop: State & { do: 'fork' } = { do: 'fork', next: [next] }
        then = add(loop)
        loop.next.push(build(states, node.part, then))
      } else
        for (let more = node.least; more < node.most; more++)
          then = add({ do: 'fork', next: [next, build(states, node.part, then)] })
      for (let count = 0; count < node.least; count++) then = build(states, node.part, then)
      return then
    }
  }
}

type Side = 'none' | 'word' | 'other'
const sideOf = (code: number): Side => (within(words, code) ? 'word' : 'other')

const holds = (what: Place, before: Side, after: Side): boolean => {
  if (what === 'start') return before === 'none'
  if (what === 'end') return after === 'none'
  return ((before === 'word') !== (after === 'word')) === (what === 'edge')
}

/** Where one may be, before it is known what comes next. */
type Standing = { at: readonly number[]; before: Side; steps: Map<number, Standing | null>; ends: boolean | null }

/** All that is reached without a character, the next one being known. */
const reach = (states: readonly State[], from: Standing, after: Side): Set<number> => {
  const seen = new Set<number>()
  const open = [...from.at]
  while (open.length) {
    const at = open.pop()!
    if (seen.has(at)) continue
    seen.add(at)
    const state = states[at]!
    if (state.do === 'fork') open.push(...state.next)
    else if (state.do === 'at' && holds(state.what, from.before, after)) open.push(state.next)
  }
  return seen
}

const machine = (states: readonly State[], first: number): LinePattern => {
  const last = states.findIndex(state => state.do === 'match')
  let kept = new Map<string, Standing>()
  const standing = (at: readonly number[], before: Side): Standing => {
    const key = `${before} ${at.join(' ')}`
    const known = kept.get(key)
    if (known) return known
    // What was kept is thrown away where it grows: a pattern can have more standings than there is room for.
    if (kept.size >= mostKept) kept = new Map()
    const made: Standing = { at, before, steps: new Map(), ends: null }
    kept.set(key, made)
    return made
  }
  /** Null: it matches here. */
  const step = (from: Standing, code: number): Standing | null => {
    const side = sideOf(code)
    const reached = reach(states, from, side)
    if (reached.has(last)) return null
    const next = new Set([first])
    for (const at of reached) {
      const state = states[at]!
      if (state.do === 'eat' && within(state.ranges, code)) next.add(state.next)
    }
    return standing(
      [...next].sort((a, b) => a - b),
      side,
    )
  }
  return {
    test(line) {
      let at = standing([first], 'none')
      for (let index = 0; index < line.length; index++) {
        const code = line.charCodeAt(index)
        let next = at.steps.get(code)
        if (next === undefined) {
          next = step(at, code)
          if (at.steps.size < 512) at.steps.set(code, next)
        }
        if (next === null) return true
        at = next
      }
      at.ends ??= reach(states, at, 'none').has(last)
      return at.ends
    },
  }
}

/** `(?i)` at the beginning: capitals and small letters are the same. */
export const compilePattern = (source: string): Compiled => {
  const isEither = source.startsWith('(?i)')
  try {
    const states: State[] = [{ do: 'match' }]
    const first = build(states, readPattern(isEither ? source.slice(4) : source, isEither), 0)
    return { pattern: machine(states, first) }
  } catch (error) {
    if (error instanceof Refused) return { problem: error.message }
    throw error
  }
}

// Regular expressions of a module, each tried with texts made out of itself: what it repeats, many times over, behind what stands before
// it. Four times the text may take at most six times the work.
import { readFileSync } from 'node:fs'
import { runInThisContext } from 'node:vm'
import { parse } from '@babel/parser'

/** Texts that an expression repeats, with what leads to them. */
type Pump = { prefix: string; piece: string }

/** A walk over the text of an expression that writes one text it takes, and notes each place that repeats. */
class Sampler {
  readonly pumps: Pump[] = []
  readonly #source: string
  #at = 0

  constructor(source: string) {
    this.#source = source
  }

  #peek(text: string): boolean {
    return this.#source.startsWith(text, this.#at)
  }

  /** Alternatives up to the end of the group: a text of the first; the others are walked for what they repeat. */
  alternatives(prefix: string): string {
    const first = this.#sequence(prefix)
    while (this.#peek('|')) {
      this.#at++
      this.#sequence(prefix)
    }
    return first
  }

  #sequence(prefix: string): string {
    let text = ''
    while (this.#at < this.#source.length && !this.#peek('|') && !this.#peek(')')) {
      const from = this.pumps.length
      const atom = this.#atom(prefix + text)
      const isRepeated = this.#repeats()
      if (isRepeated && atom !== '') this.pumps.push({ prefix: prefix + text, piece: atom })
      if (!isRepeated) this.pumps.length = Math.max(from, this.pumps.length)
      text += atom
    }
    return text
  }

  /** Whether a quantifier follows that takes many. */
  #repeats(): boolean {
    const found = /^(?:[*+]|\{\d+(?:,(\d*))?\}|\?)\??/.exec(this.#source.slice(this.#at))
    if (!found) return false
    this.#at += found[0].length
    if (/^[*+]/.test(found[0])) return true
    return found[0].startsWith('{') && found[1] !== undefined && (found[1] === '' || Number(found[1]) > 1_000)
  }

  #atom(prefix: string): string {
    if (this.#peek('(')) {
      const opening = /^\((?:\?(?:<[^=!][^>]*>|<?[=!]|:|[ims-]+:))?/.exec(this.#source.slice(this.#at))![0]
      this.#at += opening.length
      const inner = this.alternatives(prefix)
      this.#at++
      return /[=!]$/.test(opening) ? '' : inner
    }
    if (this.#peek('[')) return this.#characters()
    const character = this.#source[this.#at]!
    this.#at++
    if (character === '^' || character === '$') return ''
    if (character === '.') return 'a'
    return character === '\\' ? this.#escaped() : character
  }

  #escaped(): string {
    const character = this.#source[this.#at]!
    this.#at++
    const known: Record<string, string> = {
      s: ' ',
      S: 'a',
      d: '1',
      D: 'a',
      w: 'a',
      W: ' ',
      b: '',
      B: '',
      n: '\n',
      r: '\r',
      t: '\t',
      f: '\f',
      v: '\v',
    }
    if (character === 'u' || character === 'x') {
      const code = /^(?:\{([\da-f]+)\}|([\da-f]{4})|([\da-f]{2}))/i.exec(this.#source.slice(this.#at))
      this.#at += code?.[0].length ?? 0
      return String.fromCodePoint(Number.parseInt(code?.[1] ?? code?.[2] ?? code?.[3] ?? '61', 16))
    }
    if (character === 'p' || character === 'P') {
      this.#at = this.#source.indexOf('}', this.#at) + 1
      return 'a'
    }
    if (character === 'k') {
      this.#at = this.#source.indexOf('>', this.#at) + 1
      return ''
    }
    return known[character] ?? (/\d/.test(character) ? '' : character)
  }

  /** One character of a class: the first that it takes. */
  #characters(): string {
    let end = this.#at + 1
    while (end < this.#source.length && this.#source[end] !== ']') end += this.#source[end] === '\\' ? 2 : 1
    const body = this.#source.slice(this.#at, end + 1)
    this.#at = end + 1
    try {
      const one = new RegExp(body, 'u')
      for (const character of ' a1A-/."\'=:,;<>(){}[]\n\t_@#$%&*+?!|~^`\\\r\u00e9')
        if (one.test(character)) return character
      for (const character of body) if (one.test(character)) return character
    } catch {
      return 'a'
    }
    return 'a'
  }
}

/** What an expression repeats. */
export const pumpsOf = (source: string): Pump[] => {
  const sampler = new Sampler(source)
  sampler.alternatives('')
  return sampler.pumps
}

export type Pattern = { source: string; flags: string; line: number }

/** Every expression that a module writes. */
export const patternsIn = (path: string): Pattern[] => {
  const found: Pattern[] = []
  // biome-ignore lint/suspicious/noExplicitAny: a syntax tree, walked by its kinds
  const walk = (node: any): void => {
    if (node === null || typeof node !== 'object') return
    if (Array.isArray(node)) {
      for (const item of node) walk(item)
      return
    }
    if (node.type === 'RegExpLiteral')
      found.push({ source: node.pattern, flags: node.flags, line: node.loc.start.line })
    for (const [key, value] of Object.entries(node)) if (key !== 'loc') walk(value)
  }
  walk(parse(readFileSync(path, 'utf8'), { sourceType: 'module', plugins: ['typescript'] }).program.body)
  return found
}

const many = (piece: string, size: number): string => piece.repeat(Math.ceil(size / piece.length))

const shapesOf = ({ prefix, piece }: Pump): ((size: number) => string)[] => [
  size => `${prefix}${many(piece, size)}\u0001`,
  size => `a${many(piece, size)}\u0001`,
  size => many(`${prefix}${piece}`, size),
  size => `${many(`${prefix}${piece}`, size)}\u0001`,
  size => many(`${prefix}${piece}\u0001`, size),
]

/** Milliseconds after which an expression is taken for one that never ends. */
const deadline = 2_000

const cpu = (run: () => void): number => {
  const holder = globalThis as { measuredSearch?: () => void }
  holder.measuredSearch = run
  const begun = process.cpuUsage()
  try {
    runInThisContext('measuredSearch()', { timeout: deadline })
  } catch {
    return Number.POSITIVE_INFINITY
  }
  const { user, system } = process.cpuUsage(begun)
  return (user + system) / 1000
}

const instant = 10
const small = 4_000
const large = 16_000
const most = 6

/** How many times the work grows with four times the text, over the worst shape; 1 where it is nothing. */
export const growthOf = ({ source, flags }: Pattern): { grows: number; text: string; took: number } => {
  const expression = new RegExp(source, flags)
  const isEvery = flags.includes('g')
  let worst = { grows: 1, text: '', took: 0 }
  const seen = new Set<string>()
  for (const pump of pumpsOf(source))
    for (const shape of shapesOf(pump)) {
      const key = shape(40)
      if (seen.has(key)) continue
      seen.add(key)
      const run = (size: number): number => {
        const text = shape(size)
        return cpu(() => {
          expression.lastIndex = 0
          if (isEvery) text.replace(expression, '')
          else expression.test(text)
        })
      }
      const tiny = run(small / 4)
      const took = tiny > 60 ? tiny * 16 : run(large)
      if (took < instant) continue
      let grows = tiny > 60 ? Number.POSITIVE_INFINITY : took / Math.max(run(small), 0.5)
      for (let again = 0; again < 3 && grows > most && grows !== Number.POSITIVE_INFINITY; again++)
        grows = Math.min(grows, run(large) / Math.max(run(small), 0.5))
      if (grows > worst.grows) worst = { grows, text: key, took }
      if (grows > most) return worst
    }
  return worst
}

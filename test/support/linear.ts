// How the work of a reader grows with its input: four times the text may take at most six times the work. Work is CPU time of this
// process, so that a busy machine does not decide; what looks too much is measured again before it is said.
import { runInThisContext } from 'node:vm'
import { argumentsFor, placesIn, readModule } from './made-arguments.ts'

const small = 16_000
const large = 64_000
/** Milliseconds under which nothing that grows with the square of the text can stay. */
const instant = 30
const deadline = 4_000
const most = 6
/** Words of its own that a module is tried with. */
const mostOwn = 10

const repeated = (piece: string, size: number): string =>
  piece.repeat(Math.ceil(size / Math.max(1, piece.length))).slice(0, size)

/** Texts that make readers look back and ahead: runs, openings that never close, lists without an end. */
const commonShapes: Record<string, (size: number) => string> = {
  blanks: size => repeated(' ', size),
  newlines: size => repeated('\n', size),
  letters: size => repeated('a', size),
  digits: size => repeated('1', size),
  dots: size => repeated('a.', size),
  quotes: size => repeated('"', size),
  apostrophes: size => repeated("'a", size),
  parentheses: size => repeated('(', size),
  braces: size => repeated('{ ', size),
  tags: size => repeated('<a ', size),
  assignments: size => repeated('a=', size),
  colons: size => repeated('a: ', size),
  slashes: size => repeated('a/', size),
  stars: size => repeated('*a', size),
  comments: size => repeated('/*', size),
  indented: size => repeated('  a\n ', size),
  blanksInside: size => `a${repeated(' ', size - 2)}b`,
  backslashes: size => repeated('\\', size),
}

/** Shapes out of a module's own words: each of them many times, and once before a run that never ends. */
const ownShapes = (texts: readonly string[]): Record<string, (size: number) => string> =>
  Object.fromEntries(
    texts.slice(0, mostOwn).flatMap((text): [string, (size: number) => string][] => [
      [`${JSON.stringify(text)} again`, size => repeated(text, size)],
      [`${JSON.stringify(text)} on lines`, size => repeated(`${text}\n`, size)],
      [`${JSON.stringify(text)} apart`, size => repeated(`${text} `, size)],
      [`${JSON.stringify(text)} then blanks`, size => `${text}${repeated(' ', size)}`],
      [`${JSON.stringify(text)} then letters`, size => `${text}${repeated('a', size)}`],
    ]),
  )

const cpu = (call: () => unknown): number => {
  const holder = globalThis as { measuredCall?: () => unknown }
  holder.measuredCall = () => {
    try {
      const answer = call()
      if (answer instanceof Promise) answer.catch(() => undefined)
    } catch {
      // A refusal is an answer.
    }
  }
  const begun = process.cpuUsage()
  try {
    // The deadline ends what would hang the test.
    runInThisContext('measuredCall()', { timeout: deadline })
  } catch {
    return Number.POSITIVE_INFINITY
  }
  const { user, system } = process.cpuUsage(begun)
  return (user + system) / 1000
}

const ratio = (run: (size: number) => number): { grows: number; took: number } => {
  const first = run(small / 4)
  if (first > deadline / 8) return { grows: Number.POSITIVE_INFINITY, took: first }
  const took = run(large)
  if (took < instant) return { grows: 1, took }
  return { grows: took / Math.max(run(small), 1), took }
}

export type Slow = { reader: string; shape: string; grows: number; took: number }

const measured = (run: (size: number) => number): { grows: number; took: number } => {
  let seen = ratio(run)
  for (let again = 0; again < 6 && seen.grows > most; again++) {
    const once = ratio(run)
    if (once.grows < seen.grows) seen = once
  }
  return seen
}

/** Places of text in one function that are tried; the first with the module's own words too. */
const mostPlaces = 6

/** Functions of the module whose work grows faster than it may, by shape. `called` counts those that take text. */
export const slowReaders = async (path: string): Promise<{ slow: Slow[]; called: number; shapes: number }> => {
  const { functions, texts } = readModule(path)
  const module = (await import(path)) as Record<string, (...given: unknown[]) => unknown>
  const common = Object.entries(commonShapes)
  const all = [...common, ...Object.entries(ownShapes(texts))]
  const slow: Slow[] = []
  let called = 0
  for (const [reader, params] of functions) {
    const places = Math.min(placesIn(path, params), mostPlaces)
    if (places > 0) called++
    for (let place = 0; place < places; place++)
      for (const [shape, make] of place === 0 ? all : common) {
        const run = (size: number): number => {
          const given = argumentsFor(path, params, make(size), place)
          return cpu(() => module[reader]!(...given))
        }
        const seen = measured(run)
        if (seen.grows <= most) continue
        slow.push({ reader: `${reader}, text ${place + 1}`, shape, ...seen })
        // One shape shows that a reader is slow there; the next may take the deadline again.
        break
      }
  }
  return { slow, called, shapes: common.length }
}

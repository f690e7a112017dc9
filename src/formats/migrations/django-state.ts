// What a migration of Django tells its models alone, and not the database.
import { endOfBracket } from './calls.ts'

const blank = (text: string): string => text.replace(/[^\n]/g, ' ')

/** A text with some of its parts blank; parts lie in order and do not overlap. */
const blanked = (source: string, parts: readonly (readonly [number, number])[]): string => {
  let text = ''
  let from = 0
  for (const [start, end] of parts) {
    text += source.slice(from, start) + blank(source.slice(start, end))
    from = end
  }
  return text + source.slice(from)
}

/** Lists of operations for the state: `state_operations=[…]`. */
const stateLists = (source: string): [number, number][] => {
  const found: [number, number][] = []
  for (const match of source.matchAll(/state_operations\s*=\s*\[/g)) {
    const open = match.index + match[0].length - 1
    if (open >= (found.at(-1)?.[1] ?? 0)) found.push([open, endOfBracket(source, open)])
  }
  return found
}

/** Functions and lists of a module, each with its name and whole: from its line to the next that is not indented. */
const definitions = (source: string): { name: string; part: [number, number] }[] => {
  const starts = [...source.matchAll(/^(?=[^\s#)\]}])/gm)].map(({ index }) => index)
  return starts.flatMap((start, at) => {
    const end = starts[at + 1] ?? source.length
    const head = source.slice(start, Math.min(end, start + 200))
    const name = /^(?:def\s+(\w+)\s*\(|(\w+)\s*(?::[^=\n]{1,60})?=\s*\[)/.exec(head)
    return name ? [{ name: (name[1] ?? name[2])!, part: [start, end] as [number, number] }] : []
  })
}

const words = (text: string): Set<string> => new Set(text.match(/\w+/g))

/** How deep helpers of helpers are followed. */
const deepest = 5

/**
 * A migration without what changes nothing in the database: `state_operations=[…]`, and functions and lists of the module that these alone
 * name. `source` holds no comments; lines keep their numbers.
 */
export const withoutState = (source: string): string => {
  const lists = stateLists(source)
  let text = blanked(source, lists)
  let named = words(lists.map(([start, end]) => source.slice(start, end)).join('\n'))
  for (const match of source.matchAll(/state_operations\s*=\s*(?:list\()?(\w+)/g)) named.add(match[1]!)
  for (let depth = 0; depth < deepest && named.size > 0; depth++) {
    const own = definitions(text).filter(({ name }) => named.has(name))
    const outside = blanked(
      text,
      own.map(({ part }) => part),
    )
    const elsewhere = words(outside.replace(/state_operations\s*=[^,\n]*/g, blank))
    const alone = own.filter(({ name }) => !elsewhere.has(name)).map(({ part }) => part)
    if (alone.length === 0) break
    named = words(alone.map(([start, end]) => text.slice(start, end)).join('\n'))
    text = blanked(text, alone)
  }
  return text
}

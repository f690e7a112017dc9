// Values of several words that no quotation marks hold together: names and addresses of people, and what Go prints of a structure.
import type { LogKind } from '../../data/log-names.ts'
import type { Value } from './values.ts'
import type { Window } from './window.ts'

/** A word that no other field begins with. */
const noField = '(?![\\w.-]{1,40}[:=])'
const particles = '(?:(?:van|von|de|der|den|da|di|du|la|le|del|dos|bin|ben|al|el|ter|ten) ){0,3}'
const wordsOfName = new RegExp(
  `^(?:(?: |%20|\\+)${noField}${particles}(?:[A-Z][a-z\\x80-\\xff'.]|[\\xc3-\\xdf][\\x80-\\xff])[\\w\\x80-\\xff'-]{0,30}){1,4}`,
)
const wordsOfAddress = new RegExp(`^(?:(?: |%20|\\+)${noField}[\\w\\x80-\\xff'.-]{1,30}){1,6}`)
/** Words before a name that only begins with one: `van Rossum`. */
const particle = /^(?:van|von|de|der|den|da|di|du|la|le|del|dos|bin|ben|al|el|ter|ten)$/

/** How far a structure reaches back, and a value of it. */
const nearby = 320

/** Whether a structure or a map of Go is open before `from`: `{ID:7 `, `map[id:7 `. */
const isPrinted = (text: string, from: number): boolean => {
  const before = text.charCodeAt(from - 1)
  if (before !== 32 && before !== 123 && before !== 91) return false
  const line = text.slice(Math.max(0, from - nearby), from)
  const opening = Math.max(line.lastIndexOf('{'), line.lastIndexOf('map['))
  // Its fields have no quotation marks around their names. `${NAME:…` is a shell's.
  return (
    opening !== -1 &&
    line.charCodeAt(opening - 1) !== 36 &&
    /^(?:\{|map\[)(?:[A-Za-z_]\w*:[^\n]*)?$/.test(line.slice(opening))
  )
}

/** Whether a field of a structure holds nothing: the next one stands behind it. */
export const isEmptyPrinted = (text: string, from: number, to: number): boolean =>
  /^: [A-Z]\w{0,40}:/.test(text.slice(to, to + 44)) && /^[A-Z]/.test(text.slice(from, to)) && isPrinted(text, from)

const nextPrinted = / [A-Za-z_]\w{0,40}:|[{}\]\n]/

/** Where a bare value ends that may go on behind a space. */
export const endOfWords = (
  { text }: Window,
  kind: LogKind,
  { from, to, value }: { from: number; to: number; value: Value },
): number => {
  if (value.how !== 'bare') return value.to
  if (text.charCodeAt(to) === 58 && value.from === to + 1 && isPrinted(text, from)) {
    const length = text.slice(value.to, value.to + nearby).search(nextPrinted)
    return length === -1 ? value.to : value.to + length
  }
  if (kind !== 'name' && kind !== 'address') return value.to
  const content = text.slice(value.from, value.to)
  if (kind === 'name' && !/^[A-Z\xc3-\xdf]/.test(content) && !particle.test(content)) return value.to
  const more = (kind === 'name' ? wordsOfName : wordsOfAddress).exec(text.slice(value.to, value.to + 200))
  return value.to + (more?.[0].length ?? 0)
}

// A piece of a log under the scanner's eye: text of one byte a character, and what was found in it so far.
import type { LogKind } from '../../data/log-names.ts'

/** What was found: `from` and `to` are places in the text. */
export type Hit = {
  kind: LogKind
  from: number
  to: number
  /** The rest of what was found before: it has its mark already. */
  rest?: true
}

/** `bytes` hold the same as `text`: they are quicker to walk. */
export type Window = { text: string; bytes: Uint8Array; hits: Hit[] }

/** Notes a find, in the order of the text. Those that overlap become one. */
export const note = ({ hits, text }: Window, kind: LogKind, from: number, to: number): void => {
  if (to <= from || isMarked(text, from, to)) return
  let hit: Hit = { kind, from, to }
  let at = hits.length
  // Most stand behind all before.
  while (at > 0 && hits[at - 1]!.from >= to) at--
  let first = at
  for (; first > 0 && hits[first - 1]!.to > hit.from; first--) {
    const other = hits[first - 1]!
    // What reaches further says what it is.
    const isWider = other.from <= hit.from && other.to >= hit.to
    hit = {
      kind: isWider ? other.kind : hit.kind,
      from: Math.min(other.from, hit.from),
      to: Math.max(other.to, hit.to),
    }
  }
  hits.splice(first, at - first, hit)
}

/** Already taken out, by us or by somebody before us. */
const isMarked = (text: string, from: number, to: number): boolean =>
  to - from < 40 &&
  /^(?:\[[A-Za-z -]+(?:[: ][\w ]+)?\]?|<[a-z -]+>|\*{3,}|[xX]{4,}|\(?redacted\)?|REDACTED|%5BFiltered%5D|\.{3}|…|\$\{?\w+\}?)$/.test(
    text.slice(from, to),
  )

const isQuote = (code: number): boolean => code === 34 || code === 39

/** Whether a code of a character is that of a decimal digit. */
export const isDigit = (code: number): boolean => code >= 48 && code <= 57

/** Letters, digits and the underscore. */
export const isWordCode = (code: number): boolean =>
  isDigit(code) || (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95

/** Whether something that stands by itself begins here: nothing before it belongs to it. */
export const beginsAlone = (text: string, at: number): boolean => {
  const before = text.charCodeAt(at - 1)
  if (at === 0 || Number.isNaN(before)) return true
  // `%22` and `\n` before it are marks, not letters of it.
  if (isWordCode(before)) return isEscapeBefore(text, at)
  const isJoint = before === 45 || before === 46
  return !(isJoint && at > 1 && isWordCode(text.charCodeAt(at - 2)))
}

const isEscapeBefore = (text: string, at: number): boolean =>
  /(?:%[0-9A-Fa-f]{2}|\\[nrt]|\\u00[0-9a-f]{2})$/.test(text.slice(Math.max(0, at - 6), at))

/** Whether something that stands by itself ends here. */
export const endsAlone = (text: string, at: number): boolean => {
  const after = text.charCodeAt(at)
  if (Number.isNaN(after)) return true
  if (isWordCode(after)) return false
  const isJoint = after === 45 || after === 46
  return !(isJoint && isWordCode(text.charCodeAt(at + 1)))
}

/** Where a colour of a terminal ends that begins between `from` and `at` (ESC `[33m`, also written `\\u001b[33m`, `\\x1b[33m`); -1 where none does. */
export const endOfColour = (text: string, from: number, at: number): number => {
  const isEscape = text.charCodeAt(from) === 27 || /\\(?:u00|x)1b$/i.test(text.slice(Math.max(0, at - 6), at))
  const colour = isEscape ? /^\[[\d;]{0,12}m/.exec(text.slice(at, at + 14)) : null
  return colour ? at + colour[0].length : -1
}

const isSpace = (code: number): boolean => code === 32 || (code >= 9 && code <= 13) || code === 160

/** Whether the sign of a field stands before `at`, behind which a bracket and a quotation mark may open its value. */
const isSignBefore = (text: string, at: number): boolean => {
  let from = at - 1
  if (isQuote(text.charCodeAt(from))) {
    from--
    for (let slashes = 0; slashes < 3 && text.charCodeAt(from) === 92; slashes++) from--
    if (text.charCodeAt(from) === 91) from--
  }
  for (let spaces = 0; spaces < 3 && isSpace(text.charCodeAt(from)); spaces++) from--
  const code = text.charCodeAt(from)
  return code === 58 || code === 61 || code === 62 || code === 35
}

/** The name of the field whose value stands at `at`; empty where none is near. */
export const fieldBefore = (text: string, at: number): string => {
  if (!isSignBefore(text, at)) return ''
  const name = /([A-Za-z][\w-]{0,60})(?:\\{0,3}["'])?\]?\s{0,3}(?:=>|[:=#])\s{0,3}(?:\[?\\{0,3}["'])?$/.exec(
    text.slice(Math.max(0, at - 80), at),
  )?.[1]
  return name ?? ''
}

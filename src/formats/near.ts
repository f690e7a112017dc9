// One sign and another behind it, in a time that the text's length says: `first[\s\S]*?then` as one expression begins anew at every `first`.

/** `then` at most `within` characters after the end of `first`; both patterns without flags that keep a place. */
export type Near = { first: RegExp; then: RegExp; within: number }

const everywhere = (pattern: RegExp, text: string): RegExpExecArray[] => [
  ...text.matchAll(new RegExp(pattern.source, [...new Set(`${pattern.flags}g`)].join(''))),
]

/** The text from the nearest `first` to its `then`; null where none stands so near. */
export const findNear = (text: string, { first, then, within }: Near): string | null => {
  const begins = everywhere(first, text)
  let next = 0
  let nearest: RegExpExecArray | null = null
  for (const end of begins.length ? everywhere(then, text) : []) {
    while (next < begins.length && begins[next]!.index + begins[next]![0].length <= end.index) nearest = begins[next++]!
    if (nearest && end.index - nearest.index - nearest[0].length <= within)
      return text.slice(nearest.index, end.index + end[0].length)
  }
  return null
}

/** Whether the patterns stand one after the other in a text, however far apart. */
export const inThisOrder = (text: string, patterns: readonly RegExp[]): boolean => {
  let at = 0
  for (const pattern of patterns) {
    const found = pattern.exec(text.slice(at))
    if (!found) return false
    at += found.index + found[0].length
  }
  return true
}

/** The text with every part from `open` to its `close` blanked, lines kept; what never closes stays. `close` begins behind `open`. */
export const blankBetween = (text: string, open: RegExp, close: RegExp): string => {
  const ends = everywhere(close, text)
  let end = 0
  let from = 0
  let out = ''
  for (const begin of everywhere(open, text)) {
    if (begin.index < from) continue
    while (end < ends.length && ends[end]!.index < begin.index + begin[0].length) end++
    if (end === ends.length) break
    const until = ends[end]!.index + ends[end]![0].length
    out += text.slice(from, begin.index) + text.slice(begin.index, until).replace(/[^\n]/g, ' ')
    from = until
  }
  return out + text.slice(from)
}

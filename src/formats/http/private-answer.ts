// Answers that are one customer's: how much two bodies have in common, and which cookie values are made for each visitor.

const mostLines = 20_000

/** Pieces of a text that are compared: lines, tags and values, without what is in none. */
const piecesOf = (text: string): string[] =>
  text
    .slice(0, 2_000_000)
    .split(/[\n<>{},]+/)
    .map(piece => piece.trim())
    .filter(piece => piece.length > 2)
    .slice(0, mostLines)

/** How much of `of` stands in `other` too, 0 to 1: tokens and times differ from answer to answer. */
export const likeness = (of: string, other: string): number => {
  if (of === other) return of === '' ? 0 : 1
  const pieces = piecesOf(of)
  if (pieces.length === 0) return 0
  const there = new Set(piecesOf(other))
  return pieces.filter(piece => there.has(piece)).length / pieces.length
}

/** Whether a cookie's value looks as if no two visitors had the same: long, and no word. */
export const isSessionValue = (value: string): boolean =>
  value.length >= 16 && /\d/.test(value) && /[a-z]/i.test(value) && new Set(value).size >= 8

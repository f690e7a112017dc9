// Columns, not characters: how wide text is in a terminal, and how it is wrapped, padded and cut to fit.
import stringWidth from 'string-width'

/** Latin letters, punctuation, arrows, boxes and our marks: one column each. Most reports hold no other, and are measured without a library. */
const oneColumn = /^[\x20-\x7e\xa0-\xac\xae-\u017f\u2010-\u2027\u2190-\u21ff\u2500-\u25a9\u2713-\u2717]*$/

/** Columns that the text takes in a terminal: wide characters count two, combining ones none. */
export const columns = (text: string): number => (oneColumn.test(text) ? text.length : stringWidth(text))

const characters = (text: string): string[] =>
  oneColumn.test(text)
    ? text.split('')
    : Array.from(new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text), part => part.segment)

/** Breaks one word that is wider than the line into pieces that fit. */
const breakWord = (word: string, width: number): string[] => {
  const pieces: string[] = []
  let piece = ''
  let used = 0
  for (const character of characters(word)) {
    const wide = columns(character)
    if (used + wide > width && piece) {
      pieces.push(piece)
      piece = ''
      used = 0
    }
    piece += character
    used += wide
  }
  if (piece) pieces.push(piece)
  return pieces
}

/** Wraps at spaces to lines of at most `width` columns; words that are wider are broken. At least one line. */
export const wrap = (text: string, width: number): string[] => {
  const room = Math.max(width, 8)
  const lines: string[] = []
  let line = ''
  let used = 0
  const put = (word: string): void => {
    const wide = columns(word)
    if (line && used + 1 + wide > room) {
      lines.push(line)
      line = ''
      used = 0
    }
    line = line ? `${line} ${word}` : word
    used = used ? used + 1 + wide : wide
  }
  for (const word of text.split(/\s+/).filter(Boolean)) {
    if (columns(word) <= room) put(word)
    else for (const piece of breakWord(word, room)) put(piece)
  }
  if (line || !lines.length) lines.push(line)
  return lines
}

/** Cuts to `width` columns, with an ellipsis where something was cut. */
export const cut = (text: string, width: number): string => {
  if (columns(text) <= width) return text
  return `${(breakWord(text, Math.max(width - 1, 1))[0] ?? '').trimEnd()}…`
}

/** Fills up with spaces on the right to `width` columns. */
export const pad = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - columns(text)))

/** `left` and `right` on one line of `width` columns, at least two spaces between them. */
export const between = (left: string, right: string, width: number): string =>
  `${left}${' '.repeat(Math.max(2, width - columns(left) - columns(right)))}${right}`

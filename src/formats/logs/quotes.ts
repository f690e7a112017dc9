// Quotation marks, spaces and colours of a log: what stands around names and values.
import { writtenQuoteAt } from './escapes.ts'
import { endOfColour } from './window.ts'

/** A quotation mark: the backslashes before it, and where what it holds begins; `written` where it is an escape or an entity. */
export type Quote = { slashes: number; code: number; to: number; written?: string }

export const space = 32
export const backslash = 92
export const ampersand = 38

export const isQuote = (code: number): boolean => code === 34 || code === 39 || code === 96

export const skipSpaces = (text: string, at: number): number => {
  let to = at
  while (to - at < 8 && (text.charCodeAt(to) === space || text.charCodeAt(to) === 9)) to++
  return to
}

/** Behind colours of a terminal: `\u001b[0m`, as the byte or written out. */
export const skipColours = (text: string, from: number): number => {
  let at = from
  for (let count = 0; count < 3; count++) {
    const written = text.charCodeAt(at) === 27 ? 1 : (/^\\(?:u00|x)1b/i.exec(text.slice(at, at + 6))?.[0].length ?? 0)
    const end = written ? endOfColour(text, at, at + written) : -1
    if (end === -1) break
    at = end
  }
  return at
}

/** Backslashes and the quotation mark behind them at `at`; null where there is none. */
export const quoteAt = (text: string, at: number): Quote | null => {
  let to = at
  while (to - at < 15 && text.charCodeAt(to) === backslash) to++
  const code = text.charCodeAt(to)
  if (isQuote(code)) return { slashes: to - at, code, to: to + 1 }
  if (to === at && code !== ampersand) return null
  const written = writtenQuoteAt(text, Math.max(at, to - 1))
  return written ? { slashes: 0, code, to: Math.max(at, to - 1) + written.length, written } : null
}

/** Where a colour may begin: as the byte, or written out. */
export const isMarked = (code: number): boolean => code === 27 || code === backslash

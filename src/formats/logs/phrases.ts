// Secrets that stand beside a word instead of behind their name (`src/data/log-phrases.ts`).
import { logPhrases } from '../../data/log-phrases.ts'
import { isNoValue } from './values.ts'
import { note, type Window } from './window.ts'

const nearbyBehind = 600
const nearbyBefore = 80

const phrases = new Map(Object.entries(logPhrases))

/** The words, by which the scanner knows where to look. */
export const phraseWords: readonly string[] = [...phrases.keys(), 'values', 'lines']

const letters = new Set(phraseWords.map(word => word.replace(/\d+$/, '').toLowerCase()))

/** Whether something is known to stand beside this word, with or without a number behind it. */
export const mayBePhrase = (word: string): boolean => letters.has(word.toLowerCase())

/** Looks for a secret beside the word `from`…`to`. */
export const lookForPhrase = (window: Window, from: number, to: number): void => {
  const { text } = window
  const word = text.slice(from, to)
  for (const { kind, before, behind, reach = nearbyBefore } of phrases.get(word) ??
    phrases.get(word.toLowerCase()) ??
    []) {
    const head = before?.exec(text.slice(Math.max(0, from - reach), from))
    if (before && !head) continue
    const tail = behind?.exec(text.slice(to, to + nearbyBehind))
    if (behind && !tail) continue
    const isBefore = head !== null && head !== undefined && head.length > 1
    const match = isBefore ? head : tail
    const secret = match?.at(-1)
    if (!match || secret === undefined || isNoValue(secret)) continue
    const start = isBefore ? from - match[0].length : to
    const at = start + match[0].lastIndexOf(secret)
    note(window, kind, at, at + secret.length)
  }
}

// Secrets that stand beside a word instead of behind their name (`src/data/log-phrases.ts`).
import { logPhrases } from '../../data/log-phrases.ts'
import { isNoValue } from './values.ts'
import { note, type Window } from './window.ts'

const nearbyBehind = 600
const nearbyBefore = 80

const phrases = new Map(Object.entries(logPhrases))

/** The words, by which the scanner knows where to look. */
export const phraseWords: readonly string[] = [...phrases.keys(), 'values']

/** Looks for a secret beside the word `from`…`to`. */
export const lookForPhrase = (window: Window, from: number, to: number): void => {
  const { text } = window
  const word = text.slice(from, to)
  for (const { kind, before, behind } of phrases.get(word) ?? phrases.get(word.toLowerCase()) ?? []) {
    const head = before?.exec(text.slice(Math.max(0, from - nearbyBefore), from))
    if (before && !head) continue
    const tail = behind?.exec(text.slice(to, to + nearbyBehind))
    const match = tail ?? (behind ? null : head)
    const secret = match?.at(-1)
    if (!match || secret === undefined || isNoValue(secret)) continue
    const start = tail ? to : from - match[0].length
    const at = start + match[0].lastIndexOf(secret)
    note(window, kind, at, at + secret.length)
  }
}

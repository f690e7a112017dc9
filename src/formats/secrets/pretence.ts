// What is named for pretence: a stub, a dummy, a key that calls itself insecure. Its makers know that it opens nothing.
import { fileName } from '../repo/paths.ts'
import type { SecretHit } from './hit.ts'

/** Words of a name for what stands in for something real. */
const pretends = /(?:^|[^a-z])(?:dummy|dummies|fake|stubs?|mock(?:ed|s)?|un-?secured?|insecure|bogus)(?![a-z])/i
/** `dummyCredentials`, `JWT_STUB_VALUES`: words of a name apart. */
const wordsOf = (name: string): string => name.replace(/([a-z\d])([A-Z])/g, '$1 $2').replace(/_/g, ' ')

const isNamedSo = (name: string): boolean => pretends.test(wordsOf(name))

/** Lines above a key among which the name of what holds it stands, and what is said of it. */
const mostLines = 12
const longestLine = 300
/** A line that names what follows: a class, an object, a function, a comment. */
const names =
  /^[ \t]*(?:export |default |pub |static |private |public |protected |async )*(?:class|const|let|var|def|func|function|module|struct|interface)\b|[:=][ \t]*[{[(]?[ \t]*$|^[ \t]*(?:\/\/|\/?\*|#|--)/

/** Whether the lines above a place, the class or object around it among them, name it so. */
const isHeldByPretence = (text: string, index: number): boolean => {
  let end = index
  for (let tries = 0; tries < mostLines && end > 0; tries++) {
    const start = text.lastIndexOf('\n', end - 1) + 1
    const line = text.slice(start, Math.min(end, start + longestLine))
    if (names.test(line) && isNamedSo(line)) return true
    end = start - 1
  }
  return false
}

/** What asks whoever copies a line to put his own value there. */
const asksForOwn =
  /^[^\n"'`]{0,4}["'`]?[\s,;)]{0,6}(?:\/\/|#|\/\*|--|<!--)[^\n]{0,60}?\b(?:replace|change|put|insert|fill in|substitute|use)\b[^\n]{0,60}?\b(?:your|own|actual|real)\b/i

/**
 * Whether a secret is named for pretence: by its variable or its file, a key also by what holds it, or by a comment behind it that asks for
 * the reader's own.
 */
export const isPretended = (text: string, { kind, index, secret, variable }: SecretHit, path: string): boolean =>
  isNamedSo(variable ?? '') ||
  isNamedSo(fileName(path)) ||
  ((kind === 'private-key' || kind === 'service-role') && isHeldByPretence(text, index)) ||
  asksForOwn.test(text.slice(index + secret.length, index + secret.length + 200))

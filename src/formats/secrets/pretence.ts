// What is named for pretence: a stub, a dummy, a key that calls itself insecure. Its makers know that it opens nothing.
import { fileName } from '../repo/paths.ts'
import type { SecretHit } from './hit.ts'
import { lineAt, linesAbove } from './lines-above.ts'

/** Words of a name for what stands in for something real. */
const pretends = /(?:^|[^a-z])(?:dummy|dummies|fake|stubs?|mock(?:ed|s)?|un-?secured?|insecure|bogus)(?![a-z])/i
/** `dummyCredentials`, `JWT_STUB_VALUES`: words of a name apart. */
const wordsOf = (name: string): string => name.replace(/([a-z\d])([A-Z])/g, '$1 $2').replace(/_/g, ' ')

const isNamedSo = (name: string): boolean => pretends.test(wordsOf(name))
/** Of what shows by itself neither whose it is nor that it is live, a name of tests says as much: `TestMasterToken`. */
const ofTests = /(?:^|[^a-z])tests?(?:ing)?(?![a-z])/i
const isNamedForTests = ({ kind, rule }: SecretHit, name: string): boolean =>
  (kind === 'private-key' || kind === 'password' || kind === 'generic' || rule === 'signed-token') &&
  ofTests.test(wordsOf(name))

/** Characters of a line that are looked at, and lines of a comment on either side. */
const longestLine = 300
const mostLines = 12
const comment = /^[ \t]*(?:\/\/|\/?\*|#|--)/
/** A line that names what follows: a class, an object, a function. */
const names =
  /^[ \t]*(?:export |default |pub |static |private |public |protected |async )*(?:class|const|let|var|def|func|function|module|struct|interface)\b|[:=][ \t]*[{[(]?[ \t]*$/

const forTests = /\btest(?:ing)? (?:assets?|data|fixtures?|keys?|tokens?|values?|purposes)\b|\bfor (?:unit )?tests?\b/i

/** Whether the lines above a place, the class or object around it and comments among them, name it so. */
const isHeldByPretence = (text: string, index: number): boolean =>
  [lineAt(text, index).slice(0, longestLine), ...linesAbove(text, index, longestLine)]
    .slice(0, mostLines)
    .some(line => {
      const isComment = comment.test(line)
      return ((isComment || names.test(line)) && isNamedSo(line)) || (isComment && forTests.test(line))
    })

/** What asks whoever copies a line to put his own value there. */
const asksForOwn =
  /^[^\n"'`]{0,4}["'`]?[\s,;)]{0,6}(?:\/\/|#|\/\*|--|<!--)[^\n]{0,60}?\b(?:replace|change|put|insert|fill in|substitute|use)\b[^\n]{0,60}?\b(?:your|own|actual|real)\b/i

const commentedOut = /^[ \t]*(?:#|\/\/|;|--)/
const reserved = /\/\/(?:[\w.-]{1,80}\.)?(?:example\.(?:com|org|net|edu)|(?:example|test|invalid|localhost))\b/i

/** Lines of one comment around a place, of which the place's is one; none where it is no comment. */
const commentAround = (text: string, index: number): string[] => {
  // Before the secret: a key itself begins with dashes, as comments of SQL do.
  if (!commentedOut.test(lineAt(text, index))) return []
  const start = text.lastIndexOf('\n', index - 1) + 1
  const above = text
    .slice(Math.max(0, start - 2_000), start)
    .split('\n')
    .slice(0, -1)
    .reverse()
  const [own, ...below] = text.slice(start, index + 4_000).split('\n')
  const upTo = (lines: string[]): string[] => {
    const end = lines.findIndex(line => !commentedOut.test(line))
    return lines.slice(0, Math.min(end === -1 ? lines.length : end, mostLines))
  }
  return [...upTo(above), own!, ...upTo(below)]
}

/** Whether a secret stands in settings that are commented out, and that are for a host which is kept for manuals (RFC 2606). */
const isOfManualsHost = (text: string, index: number): boolean =>
  commentAround(text, index).some(line => reserved.test(line.slice(0, longestLine)))

/**
 * Whether a secret is named for pretence: by its variable or its file, a key also by what holds it, or by a comment behind it that asks for
 * the reader's own, or stands in settings for nobody that are commented out.
 */
export const isPretended = (text: string, hit: SecretHit, path: string): boolean => {
  const { kind, rule, index, secret, variable } = hit
  const isKey = kind === 'private-key' || kind === 'service-role' || rule === 'signed-token'
  return (
    isNamedSo(variable ?? '') ||
    isNamedForTests(hit, variable ?? '') ||
    isNamedSo(fileName(path)) ||
    (isKey && isHeldByPretence(text, index)) ||
    isOfManualsHost(text, index) ||
    asksForOwn.test(text.slice(index + secret.length, index + secret.length + 200))
  )
}

// What code signs or encrypts with where its own secret is not set: a value that everybody who reads the code has.
import { literally } from '../literally.ts'
import { fileName } from './paths.ts'

/** Names of secrets that a product makes up itself: whoever has one makes sessions and tokens that it takes for its own. */
const ofGuards =
  /^(?!.*(?:CLIENT|WEBHOOK|API_SECRET|ACCESS_KEY))(?:[A-Z0-9]{1,30}_){0,6}(?:SECRET|SECRET_KEY|SECRET_KEY_BASE|KEY_BASE|KEY|SALT)$/
const guardWords =
  /(?:^|_)(?:JWT|JWS|SESSION|COOKIE|AUTH|NEXTAUTH|TOKEN|CSRF|XSRF|SIGN|SIGNING|SIGNATURE|ENCRYPT|ENCRYPTION|CRYPTO|CIPHER|HMAC|HASH|PASSPORT|LOGIN|APP|APPLICATION|DJANGO|FLASK|RAILS|SERVER)(?:_|$)|^SECRET(?:_KEY)?(?:_BASE)?$/

const guards = (name: string): boolean => ofGuards.test(name) && guardWords.test(name)

/** Files that only a laptop or a test reads, by their names. */
const aside =
  /(?:^|[._-])(?:dev|development|local|tests?|testing|ci|e2e|mocks?|stubs?|examples?|samples?|seeds?)(?:[._-]|$)/i
const inAside = /(?:^|\/)(?:dev|development|local|tests?|testing|e2e|mocks?|examples?|samples?|seeds?)\//i

/** What may stand between a name and the text that is taken in its place: `] || `, `", default=`, `).default(`, `") { `. */
const fallback =
  /^['"`]?\s{0,4}[\])]?\s{0,4}(?:\)?\s{0,2}\{\s{0,4}|\|\||\?\?|\bor\b|,(?:\s{0,8}default(?:_value)?\s{0,4}[=:])?|[:=][^,'"`\n]{0,80}\.default\()\s{0,8}(?<quote>['"`])(?<value>[^'"`\n]{1,200})\k<quote>/

/** Code near a read that stops production, or that knows the fallback again: the value never guards customers. */
const stops = /\b(?:throw|raise|panic|abort|exit|fatal|die)\b|\bprod(?:uction)?\b/i

const nearby = (lines: readonly string[], line: number): string =>
  lines.slice(Math.max(0, line - 5), line + 5).join('\n')

export type OpenFallback = { name: string; line: number }

/**
 * Reads of the product's own secrets behind which a text stands that is taken where the variable is not set, at their lines (from 1). Left out
 * where the code beside asks for the environment or stops, where the text stands in the file again (it is looked for), and in files of laptops.
 * `reads`: the file's reads that fall back.
 */
export const openFallbacks = (
  path: string,
  text: string,
  reads: readonly { name: string; line: number }[],
): OpenFallback[] => {
  const own = reads.filter(({ name }) => guards(name))
  if (own.length === 0 || aside.test(fileName(path)) || inAside.test(path)) return []
  const lines = text.split('\n')
  return own.slice(0, 50).filter(({ name, line }) => {
    const here = lines
      .slice(line - 1, line + 2)
      .join('\n')
      .slice(0, 2000)
    const behind = [...here.matchAll(new RegExp(`\\b${literally(name)}\\b`, 'g'))].slice(0, 5)
    const value = behind
      .map(({ index }) => fallback.exec(here.slice(index + name.length))?.groups?.['value'])
      .find(one => one !== undefined)
    if (value === undefined || /[$#]\{/.test(value)) return false
    return (
      text.split(new RegExp(`['"\`]${literally(value)}['"\`]`)).length === 2 &&
      !stops.test(nearby(lines, line).replaceAll(value, ''))
    )
  })
}

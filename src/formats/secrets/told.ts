// What the comments around a secret say of it: that it is the example of a manual, or opens an account that is there to try with.
import { ciProviderOf } from '../../data/ci-systems.ts'
import type { SecretHit } from './hit.ts'
import { lineAt, linesAbove } from './lines-above.ts'
import { isPretended } from './pretence.ts'

const commentLine = /^[ \t]{0,80}(?:\/\/|\/?\*|#|--|;)/
/** A comment without a word: it ends what the one above it heads. */
const emptyComment = /^[^\w"'`]*$/
const headsExample = /\b(?:for example|examples?|e\.g\.|for instance)[\s"'`]{0,4}:?[^\w]*$/i
/** Credentials that a provider hands to everybody who tries it. */
const isForTries =
  /\bfor (?:testing|tests|demo|demos|demonstration|trying|development|local)\b|\b(?:test|testing|demo|sandbox|development) (?:keys?|credentials?|accounts?|apps?|purposes?)\b/i

/** Credentials that open nothing but what runs on the machine of who works on the product. */
const isForThisMachine =
  /\b(?:for|on) (?:localhost\b|127\.0\.0\.1|(?:your |a |the )?(?:laptops?|local (?:machine|development|dev|testing))\b)/i

/** Characters of a line that are looked at. */
const longestLine = 400

/** Whether a secret stands in a comment below `For example:`, in the same paragraph. */
const isBelowExample = (text: string, index: number): boolean => {
  if (!commentLine.test(lineAt(text, index).slice(0, 90))) return false
  for (const line of linesAbove(text, index, longestLine)) {
    if (!commentLine.test(line)) return false
    if (headsExample.test(line)) return true
    if (emptyComment.test(line) && !line.includes('`')) return false
  }
  return false
}

/** Whether the comment of a paragraph of settings says that they are for tries: its comments head what follows up to an empty line. */
const isBelowTries = (text: string, index: number, says = isForTries): boolean => {
  for (const line of linesAbove(text, index, longestLine)) {
    if (line.trim() === '') return false
    if (commentLine.test(line) && says.test(line)) return true
  }
  return false
}

/** Names that say nothing else. */
const saidExample = /^(?:e_?g|examples?|samples?)$/i

const testKey = /\btests?\b.{0,20}\bkeys?\b|\bkeys? (?:for|of) (?:the )?(?:unit )?tests?\b/i

/** Whether the lines right above a private key call it one of tests. */
const isTestKey = (text: string, { kind, index }: SecretHit): boolean =>
  kind === 'private-key' &&
  linesAbove(text, index, longestLine)
    .slice(0, 2)
    .some(line => commentLine.test(line) && testKey.test(line))

const fence = /^[ \t]*(?:```|~~~)/m
const standsForOthers = /\byour[-_ ]\w|<[a-z][\w -]{0,40}>|\bexample\.(?:com|org|net)\b|x{4,}|\.\.\.["'\s]/i
/** Characters of a block of a manual that are looked at on either side. */
const mostOfBlock = 3_000

/** Whether a block of code in a manual shows with what else of it is filled in that all of it is made up. */
const isInPattern = (text: string, { index, secret }: SecretHit): boolean => {
  const before = text.slice(Math.max(0, index - mostOfBlock), index).split(fence)
  const after = text.slice(index + secret.length, index + secret.length + mostOfBlock).split(fence)
  return before.length > 1 && after.length > 1 && standsForOthers.test(`${before.at(-1)} ${after[0]}`)
}

/** What a manual says of a token that it shows and that opens nothing any more. */
const saidGone =
  /\b(?:already|since|been|was|is|are|were|have|has|I(?:'ve| have)?)\s+(?:now\s+|already\s+|been\s+|since\s+)?(?:revoked|invalidated|rotated|disabled|deactivated)\b|\bno longer (?:valid|works?|active|exists?)\b|\blogged out token\b/i
/** Characters on either side in which it says so. */
const mostOfTold = 800

const isSaidGone = (text: string, { index, secret }: SecretHit): boolean =>
  saidGone.test(text.slice(Math.max(0, index - mostOfTold), index + secret.length + mostOfTold))

/** Whether a token stands amid Base64, as pictures are written into files: a part of it looks like one by chance. Nothing parts it from what is before. */
const isInsideData = (text: string, { kind, index }: SecretHit): boolean =>
  kind === 'token' && /^[A-Za-z0-9+/]{60}$/.test(text.slice(Math.max(0, index - 60), index))

/** Whether what follows a token's beginning is text in Base64: an example says so. */
const isTextInBase64 = ({ kind, secret }: SecretHit): boolean => {
  const body = secret.slice(secret.lastIndexOf('_') + 1)
  if (kind !== 'token' || body.length < 24 || !/^[A-Za-z0-9+/]+=*$/.test(body)) return false
  const plain = Buffer.from(body.slice(0, 400), 'base64').toString('latin1')
  return /^[\x20-\x7e]+$/.test(plain) && plain.split(' ').length > 3
}

/** Variables of a run of tests, and databases that a pipeline starts for one. */
const ofRun =
  /\b(?:APP|NODE|RAILS|DJANGO|FLASK|MIX|CI)?_?ENV(?:IRONMENT)?["']?\s{0,3}[:=]\s{0,3}["']?(?:test|testing|ci)\b|@(?:localhost|127\.0\.0\.1|postgres|mysql|db)[:/]/
/** Characters on either side in which a job says so. */
const mostOfJob = 900

/** Whether a product's own secret is handed to the tests of a pipeline: each run gets the same, and nothing else does. */
const isOfTestRun = (text: string, { kind, index }: SecretHit, path: string): boolean =>
  (kind === 'password' || kind === 'generic') &&
  ciProviderOf(path) !== null &&
  ofRun.test(text.slice(Math.max(0, index - mostOfJob), index + mostOfJob))

/** What a page is made of: what stands there is sent to whoever opens it, so that a signed token is made for browsers. */
const isInPage = ({ rule }: SecretHit, path: string): boolean =>
  rule === 'signed-token' && /\.(?:html?|blade\.php|erb|ejs|hbs|twig|liquid|jinja2?|cshtml|jsp)$/i.test(path)

/** A token that proves itself, by its sum or by the provider's own word for what is live, is no example whatever stands above it. */
const provesItself = ({ rule, secret }: SecretHit): boolean => rule === 'github-token' || /[_-]live[_-]/.test(secret)

/** A file, as far as it tells of what stands in it: `isSample` shows others what to fill in, `isManual` explains. */
type Told = { path: string; isSample: boolean; isManual: boolean }

/** A hit as names and comments around it tell it. */
export const asTold = (text: string, hit: SecretHit, { path, isSample, isManual }: Told): SecretHit => {
  if ((hit.class !== 'live' && hit.class !== 'test') || provesItself(hit)) return hit
  if (isBelowExample(text, hit.index) || isInsideData(text, hit) || isTextInBase64(hit))
    return { ...hit, class: 'documentation' }
  if (
    saidExample.test(hit.variable ?? '') ||
    isTestKey(text, hit) ||
    isInPage(hit, path) ||
    isOfTestRun(text, hit, path) ||
    isPretended(text, hit, path) ||
    isBelowTries(text, hit.index, isForThisMachine) ||
    (isManual && (isInPattern(text, hit) || isSaidGone(text, hit)))
  )
    return { ...hit, confidence: 'possible' }
  return isSample && isBelowTries(text, hit.index) ? { ...hit, confidence: 'possible' } : hit
}

// Finds secrets in text, and says what each one is: live, test, public by design, a placeholder, a manual's example, encrypted. One pass
// over the text with a table of three-letter groups decides where to look; detectors are tried there alone. Pure; shared by the scanner of
// bundles (`audit`), of the tree, of the history (`deploy`) and of log lines.
import { type Assignment, assignmentAt, lineFormat } from './assignment.ts'
import { type Candidate, eachCandidate, type Range, type Special } from './candidates.ts'
import { address } from './detectors/address.ts'
import { inside } from './detectors/inside.ts'
import { keyFile } from './detectors/key-file.ts'
import { encodedValues, holdsSecret } from './detectors/kubernetes.ts'
import { login } from './detectors/login.ts'
import { type Detector, isRuleWithCases, type Looked } from './detectors/looked.ts'
import { byName, byOwnName } from './detectors/named.ts'
import { pair, phrase } from './detectors/neighbours.ts'
import { byPrefix } from './detectors/prefix.ts'
import { privateKeyBlock } from './detectors/private-key.ts'
import { webToken } from './detectors/token.ts'
import type { Found, SecretHit } from './hit.ts'
import { type PathKind, pathKind, servesDevelopment } from './path-kind.ts'
import { settle } from './settle.ts'
import { asTold } from './told.ts'

export type ScanOptions = {
  /** Path or URL: tells lock files, tests, documentation, dotenv and code apart. */
  path: string
  where: 'bundle' | 'repo'
  /** Hits kept; 500 unless given. */
  maxHits?: number
  /** Where literals are looked for, in order; everywhere unless given. No manifest of a Secret is read in part. */
  ranges?: readonly Range[]
  /** What `kindOf` says, where somebody asked it already. */
  kind?: PathKind
  /** The bytes of the text, where each is one character of it. */
  bytes?: Uint8Array
}

const detectors: Readonly<Record<Exclude<Special, 'generic'>, Detector>> = {
  'private-key': privateKeyBlock,
  jwt: webToken,
  url: address,
  phrase,
  // A name stands beside its password in a pair, too: with its host before it, it is a login.
  pair: (...given) => login(...given) ?? pair(...given),
  inside,
  login,
}

const unquotedKinds = new Set(['environment', 'example', 'configuration', 'test'])

/** The assignment around an index. Each name is read once, though several literals stand in it. */
const assignments = ({ text, path, repo, kind }: Looked): ((index: number) => Assignment | null) => {
  const unquoted = repo && unquotedKinds.has(kind)
  const wholeLine = lineFormat.test(path)
  let end = -1
  let known: Assignment | null = null
  return index => {
    if (index >= end) {
      known = assignmentAt(text, index, unquoted, wholeLine)
      end = known ? known.end : -1
    }
    return known
  }
}

/**
 * Everything that detectors find at the places of candidates, and these places; beyond `limit` the rest of the text is left, and no places
 * are handed out.
 */
const detect = (
  at: Looked,
  limit: number,
  { ranges, bytes }: Pick<ScanOptions, 'ranges' | 'bytes'>,
): { found: Found[]; places: readonly number[] | null } => {
  const found: Found[] = []
  const places: number[] = []
  const add = (one: Found | null): void => {
    if (one) found.push(one)
  }
  const assigned = assignments(at)
  // Names are looked at where a person wrote them; a bundle's too, but only what looks random counts there.
  const byNames = at.kind !== 'lock' && !(at.repo && at.kind === 'generated')
  const tryNames = ({ names, special }: Candidate, index: number): void => {
    if ((names.length === 0 && special !== 'generic') || !byNames) return
    const given = assigned(index)
    if (!given || given.value === '') return
    for (const entry of names) add(byName(at, entry, given))
    if (special === 'generic') add(byOwnName(at, given))
  }
  const look = (candidate: Candidate, index: number): boolean => {
    const { prefix, special, literal } = candidate
    const before = found.length
    for (const entry of prefix) add(byPrefix(at, entry, index, literal))
    if (special !== null && special !== 'generic') add(detectors[special](at, index, literal))
    tryNames(candidate, index)
    if (found.length > before && places.at(-1) !== index) places.push(index)
    return found.length <= limit
  }
  eachCandidate(at.text, look, ranges, bytes)
  return { found, places: found.length <= limit ? places : null }
}

/** Stretches of a manifest whose plain text is judged in place of what stands there, and what was found in them. */
const decodedValues = (
  { text, repo, kind }: Looked,
  options: ScanOptions,
): { covered: [number, number][]; found: Found[] } => {
  const covered: [number, number][] = []
  const found: Found[] = []
  if (!repo || kind === 'test' || kind === 'documentation' || !holdsSecret(text)) return { covered, found }
  for (const { name, encoded, decoded, index, length } of encodedValues(text)) {
    covered.push([index, index + length])
    const [inner] = scanText(`${name}="${decoded}"`, { path: options.path, where: options.where })
    if (!inner) continue
    const { hash: _hash, line: _line, column: _column, ...hit } = inner
    found.push({ ...hit, secret: encoded, variable: name, index, rank: 5 })
  }
  return { covered, found }
}

const describes = /["']?(?:operationId|requestBody)["']?\s{0,4}:/

/** A description of an interface, by its own words, is a manual: its values are examples. */
export const kindOf = (path: string, text: string, byPath = pathKind(path)): PathKind =>
  /\.(?:json|ya?ml)$/.test(path) && byPath !== 'test' && describes.test(text.slice(0, 100_000))
    ? 'documentation'
    : byPath

/** What stands before a value that is taken where a variable of the environment is not set. */
const beforeFallback =
  /(?:\benv\(|\bgetenv\(|\benviron\.get\(|\bENV\.fetch\()\s{0,4}["'][A-Z]\w{1,60}["']\s{0,4},\s{0,4}["']$|(?:\bprocess\.env\.\w{1,60}|\bimport\.meta\.env\.\w{1,60}|\bENV\[["']\w{1,60}["']\])\s{0,4}(?:\|\||\?\?)\s{0,4}["'`]$/

const withFallback = (text: string, hit: SecretHit): SecretHit =>
  beforeFallback.test(text.slice(Math.max(0, hit.index - 160), hit.index)) ? { ...hit, fallback: true } : hit

/** What only its name calls a provider's is so for certain beside an id of the same provider, which its shape tells. */
const besideId = (hit: SecretHit, hits: readonly SecretHit[]): SecretHit =>
  hit.confidence === 'likely' &&
  hit.kind === 'token' &&
  hits.some(
    ({ provider, confidence, class: kind }) => provider === hit.provider && kind === 'live' && confidence === 'certain',
  )
    ? { ...hit, confidence: 'certain' }
    : hit

/** What a scan found, and the places of the literals that led to it; null where there were too many. */
type Scanned = { hits: SecretHit[]; places: readonly number[] | null }

/** Scans a text, or ranges of it: what stands there is judged in the whole text. */
export const scanPlaces = (text: string, options: ScanOptions): Scanned => {
  const { path, where, maxHits = 500, ranges } = options
  const repo = where === 'repo'
  const kind = repo ? (options.kind ?? kindOf(path, text)) : 'generated'
  const at: Looked = { text, path, repo, kind, development: repo && servesDevelopment(path) }
  const decoded = ranges ? { covered: [], found: [] } : decodedValues(at, options)
  const { found, places } = detect(at, maxHits * 4 - decoded.found.length, options)
  const detected = [...found, ...keyFile(at)].filter(
    ({ index }) => !decoded.covered.some(([from, to]) => index >= from && index < to),
  )
  // A scanner's rule with its cases holds what it has to find.
  const isShown = kind === 'code' && detected.some(one => one.class === 'live') && isRuleWithCases(text)
  const shown = detected.map(one =>
    isShown && one.class === 'live' ? { ...one, class: 'documentation' as const } : one,
  )
  const hits = settle(text, [...decoded.found, ...shown], maxHits)
    .map(hit => withFallback(text, hit))
    .map((hit, _at, all) => besideId(hit, all))
  return {
    hits: repo
      ? hits.map(hit => asTold(text, hit, { path, isSample: kind === 'example', isManual: kind === 'documentation' }))
      : hits,
    places,
  }
}

/** Scans a text. Hits are sorted by where they stand; of those that overlap the surest is kept. */
export const scanText = (text: string, options: ScanOptions): SecretHit[] => scanPlaces(text, options).hits

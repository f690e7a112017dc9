// Where in a text a secret may stand: literals that rules begin with, found by a table of three-letter groups.
import { aiSecretRules } from '../../data/secret-rules-ai.ts'
import { cloudSecretRules } from '../../data/secret-rules-cloud.ts'
import { serviceSecretRules } from '../../data/secret-rules-services.ts'
import type { SecretRule } from '../../data/secret-shapes.ts'
import { insides } from './detectors/inside.ts'
import { logins } from './detectors/login.ts'
import { pairs, phrases } from './detectors/neighbours.ts'

/** Every rule, with an id of its own. */
export const secretRules: readonly SecretRule[] = [...serviceSecretRules, ...cloudSecretRules, ...aiSecretRules]

const shapes = new Set(secretRules.filter(({ by }) => by === 'prefix').map(({ id }) => id))
const names = new Set(secretRules.filter(({ by, id }) => by === 'name' && !shapes.has(id)).map(({ id }) => id))

/** Whether a rule knows its secrets by the name of the variable, and by no shape that is the provider's alone. */
export const isNamedAlone = (rule: string): boolean => rule === 'generic' || names.has(rule)

/** A rule by the name of a variable and the shape of its value. */
export type NameRule = { rule: SecretRule; name: RegExp; value: RegExp }
/** A rule by how the secret begins; `separated` where a character parts the prefix from the rest. */
export type PrefixRule = { rule: SecretRule; pattern: RegExp; name: RegExp | null; separated: boolean }
/** What has a detector of its own. */
export type Special = 'private-key' | 'jwt' | 'url' | 'generic' | 'phrase' | 'pair' | 'inside' | 'login'
/** A literal and all that is tried where it stands; `folded` is compared without regard to case. */
export type Candidate = {
  literal: string
  folded: boolean
  prefix: PrefixRule[]
  names: NameRule[]
  special: Special | null
}

const genericKeywords = [
  'pass:',
  "pass':",
  'pass":',
  'pass =',

  'password',
  'passwd',
  'pwd',
  'passphrase',
  '_pass',
  'secret',
  'token',
  'api_key',
  'apikey',
  'api-key',
  'access_key',
  'accesskey',
  'private_key',
  'privatekey',
  'auth_key',
  'encryption_key',
  'encryptionkey',
  'signing_key',
  'master_key',
  'credential',
  '_key',
  'service_key',
]
const urlKeywords = [
  'postgres://',
  'postgresql://',
  'mysql://',
  'mysql2://',
  'mariadb://',
  'mongodb://',
  'mongodb+srv://',
  'redis://',
  'rediss://',
  'amqp://',
  'amqps://',
  'smtp://',
  'smtps://',
  'mssql://',
  'sqlserver://',
  'clickhouse://',
  'ftp://',
  'sftp://',
  'https://',
  'http://',
]

const fold = (code: number): number => code | 0x20
const slots = 1 << 15

/** Slot of three folded characters: the same rolling sum as in `nextPlace`. */
const slotOf = (a: number, b: number, c: number): number => ((fold(a) << 10) ^ (fold(b) << 5) ^ fold(c)) & (slots - 1)

type Collect = (literal: string, folded: boolean) => Candidate

const addRule = (rule: SecretRule, at: Collect): void => {
  if (rule.by === 'prefix') {
    const made: PrefixRule = {
      rule,
      pattern: new RegExp(rule.pattern, 'y'),
      name: rule.name ? new RegExp(rule.name, 'i') : null,
      separated: rule.keywords.every(keyword => /[-_.:/$=]/.test(keyword)),
    }
    for (const keyword of rule.keywords) at(keyword, false).prefix.push(made)
    return
  }
  const made: NameRule = { rule, name: new RegExp(rule.name!, 'i'), value: new RegExp(`^(?:${rule.pattern})$`) }
  // A name in snake case is the same name in camel case.
  const keywords = rule.keywords.flatMap(one => (one.length > 5 ? [one, one.replaceAll('_', '')] : [one]))
  for (const keyword of new Set(keywords)) at(keyword, true).names.push(made)
}

const addSpecials = (at: Collect): void => {
  at('-----BEGIN ', false).special = 'private-key'
  at('eyJ', false).special = 'jwt'
  for (const literal of logins) at(literal, true).special = 'login'
  for (const keyword of urlKeywords) at(keyword, true).special = 'url'
  for (const keyword of genericKeywords) at(keyword, true).special = 'generic'
  for (const { literals } of pairs)
    for (const literal of literals) at(literal, literal === literal.toLowerCase()).special = 'pair'
  for (const { literals } of phrases) for (const literal of literals) at(literal, true).special = 'phrase'
  for (const { literals } of insides) for (const literal of literals) at(literal, false).special = 'inside'
}

/**
 * Slot of three folded characters → number of its list; 0 where nothing begins so. `fourth` holds for each slot a bit for each character
 * that may come next, `fifth` for each list behind that: three letters of a name are common, five are not.
 */
export type CandidateIndex = { table: Uint16Array; lists: Candidate[][]; fourth: Int32Array; fifth: Uint32Array }

const bitOf = (code: number): number => 1 << (fold(code) & 31)

const build = (): CandidateIndex => {
  const byLiteral = new Map<string, Candidate>()
  const at: Collect = (literal, folded) => {
    const key = `${folded ? 'i' : 's'}${literal}`
    const known = byLiteral.get(key)
    if (known) return known
    const made: Candidate = { literal, folded, prefix: [], names: [], special: null }
    byLiteral.set(key, made)
    return made
  }
  for (const rule of secretRules) addRule(rule, at)
  addSpecials(at)
  const table = new Uint16Array(slots)
  const lists: Candidate[][] = [[]]
  for (const candidate of byLiteral.values()) {
    const slot = slotOf(
      candidate.literal.charCodeAt(0),
      candidate.literal.charCodeAt(1),
      candidate.literal.charCodeAt(2),
    )
    if (table[slot] === 0) {
      table[slot] = lists.length
      lists.push([])
    }
    lists[table[slot]!]!.push(candidate)
  }
  const bitsAt = (place: number): Uint32Array =>
    Uint32Array.from(lists, list =>
      list.reduce((bits, { literal }) => bits | (literal.length > place ? bitOf(literal.charCodeAt(place)) : -1), 0),
    )
  const next = bitsAt(3)
  return { table, lists, fourth: Int32Array.from(table, list => next[list]!), fifth: bitsAt(4) }
}

const once = <T>(make: () => T): (() => T) => {
  let made: { value: T } | null = null
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

/** The index over all rules. Made when it is first asked for: it takes some 15 ms, and most commands scan nothing. */
export const candidateIndex = once(build)

/** Places from `from` up to, and without, `to`. */
export type Range = [from: number, to: number]

/** Whether a literal stands at a place; a folded one without regard to the case of its Latin letters. */
const standsAt = (text: string, start: number, { literal, folded }: Candidate): boolean => {
  if (!folded) return text.startsWith(literal, start)
  for (let at = 0; at < literal.length; at++) {
    const code = text.charCodeAt(start + at)
    if ((code >= 65 && code <= 90 ? code + 32 : code) !== literal.charCodeAt(at)) return false
  }
  return true
}

/** Characters that are looked at in one piece. */
const piece = 1 << 16

/** The next place from `from` on, and before `to`, at which a literal may stand; -1 where there is none. Behind the end stands nothing. */
const nextPlace = ({ fourth }: CandidateIndex, bytes: Uint8Array, from: number, to: number): number => {
  const last = bytes.length - 1
  const end = Math.min(to + 2, last)
  let sum = (fold(bytes[from]!) << 5) ^ fold(bytes[from + 1]!)
  let code = fold(bytes[from + 2]!)
  for (let at = from + 2; at < end; at++) {
    sum = ((sum << 5) ^ code) & (slots - 1)
    code = fold(bytes[at + 1]!)
    if (((fourth[sum]! >>> (code & 31)) & 1) !== 0) return at - 2
  }
  // Three characters at the very end are a literal only where nothing has to follow.
  const left = last - 2
  if (left < from || left >= to) return -1
  return (fourth[slotOf(bytes[left]!, bytes[left + 1]!, bytes[last]!)]! & bitOf(0)) !== 0 ? left : -1
}

/** Bytes of a text from a place on: those that it was read from, or written out a piece at a time. */
const piecesOf = (text: string, given: Uint8Array | undefined, longest: number) => {
  if (given) return { size: Number.POSITIVE_INFINITY, at: () => ({ bytes: given, offset: 0 }) }
  // Three characters more, for the group that begins at the last one.
  const bytes = Buffer.alloc(Math.min(longest, piece) + 3)
  return {
    size: piece,
    at: (from: number, to: number) => ({
      bytes: bytes.subarray(0, bytes.write(text.slice(from, to + 3), 'latin1')),
      offset: from,
    }),
  }
}

/**
 * Calls `each` at every place in the ranges where a literal stands, in order, until it returns false. Literals are ASCII, so the low bytes
 * of a text say where one may begin, and bytes are read faster than characters; `given` are those of the whole text, one for each character.
 */
export const eachCandidate = (
  text: string,
  each: (candidate: Candidate, index: number) => boolean,
  ranges: readonly Range[] = [[0, text.length]],
  given?: Uint8Array,
): void => {
  const index = candidateIndex()
  const longest = ranges.reduce((most, [from, to]) => Math.max(most, to - from), 0)
  const pieces = piecesOf(text, given, longest)
  const inPiece = (from: number, to: number): boolean => {
    const { bytes, offset } = pieces.at(from, to)
    const { fifth, table, lists } = index
    const next = (at: number): number => nextPlace(index, bytes, at, to - offset)
    for (let at = next(from - offset); at >= 0; at = next(at + 1)) {
      let goOn = true
      const list = table[slotOf(bytes[at]!, bytes[at + 1]!, bytes[at + 2]!)]!
      // At the end of a piece nobody knows yet what comes fifth.
      if (at + 4 < bytes.length && (fifth[list]! & bitOf(bytes[at + 4]!)) === 0) continue
      for (const candidate of lists[list]!)
        if (standsAt(text, offset + at, candidate)) goOn = each(candidate, offset + at) && goOn
      if (!goOn) return false
    }
    return true
  }
  for (const [from, to] of ranges)
    for (let at = from; at < to; at += pieces.size) if (!inPiece(at, Math.min(to, at + pieces.size))) return
}

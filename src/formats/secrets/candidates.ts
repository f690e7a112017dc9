// Where in a text a secret may stand: literals that rules begin with, found by a table of three-letter groups.
import { aiSecretRules } from '../../data/secret-rules-ai.ts'
import { cloudSecretRules } from '../../data/secret-rules-cloud.ts'
import { serviceSecretRules } from '../../data/secret-rules-services.ts'
import type { SecretRule } from '../../data/secret-shapes.ts'
import { insides } from './detectors/inside.ts'
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
export type Special = 'private-key' | 'jwt' | 'url' | 'generic' | 'phrase' | 'pair' | 'inside'
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

/** Slot of three folded characters: the same rolling sum as in `eachCandidate`. */
const slotOf = (literal: string): number => {
  let sum = 0
  for (let at = 0; at < 3; at++) sum = ((sum << 5) ^ fold(literal.charCodeAt(at))) & (slots - 1)
  return sum
}

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
  for (const keyword of urlKeywords) at(keyword, true).special = 'url'
  for (const keyword of genericKeywords) at(keyword, true).special = 'generic'
  for (const { literals } of pairs)
    for (const literal of literals) at(literal, literal === literal.toLowerCase()).special = 'pair'
  for (const { literals } of phrases) for (const literal of literals) at(literal, true).special = 'phrase'
  for (const { literals } of insides) for (const literal of literals) at(literal, false).special = 'inside'
}

/** Slot of three folded characters → number of its list; 0 where nothing begins so. */
export type CandidateIndex = { table: Uint16Array; lists: Candidate[][] }

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
    const slot = slotOf(candidate.literal)
    if (table[slot] === 0) {
      table[slot] = lists.length
      lists.push([])
    }
    lists[table[slot]!]!.push(candidate)
  }
  return { table, lists }
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

/** Calls `each` at every place where a literal stands, in order, until it returns false. */
export const eachCandidate = (text: string, each: (candidate: Candidate, index: number) => boolean): void => {
  const { table, lists } = candidateIndex()
  const length = text.length
  let sum = 0
  for (let at = 0; at < length; at++) {
    sum = ((sum << 5) ^ (text.charCodeAt(at) | 0x20)) & (slots - 1)
    const list = table[sum]!
    if (list === 0 || at < 2) continue
    const start = at - 2
    let goOn = true
    for (const candidate of lists[list]!) {
      const { literal, folded } = candidate
      const stands = folded
        ? text.slice(start, start + literal.length).toLowerCase() === literal
        : text.startsWith(literal, start)
      if (stands) goOn = each(candidate, start) && goOn
    }
    if (!goOn) return
  }
}

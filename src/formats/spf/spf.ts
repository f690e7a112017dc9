// SPF records (RFC 7208 §4.5, §4.6, §5, §6): the whole record read with positions, never stopping at a fault; printed and merged.
import { isIPv4, isIPv6 } from 'node:net'
import { domainSpecFault, parseMacroString } from './macro.ts'

export type SpfQualifier = '+' | '-' | '~' | '?'

/** One term. `at` is its offset in the record; `domain` the domain-spec as written; `prefix4` and `prefix6` CIDR lengths. */
export type SpfTerm = {
  text: string
  at: number
  kind: 'mechanism' | 'modifier'
  /** Lower case: all include a mx ptr ip4 ip6 exists redirect exp, or an unknown modifier's name. */
  name: string
  qualifier: SpfQualifier
  domain: string | null
  address: string | null
  prefix4: number | null
  prefix6: number | null
  value: string | null
}

export type SpfFault = { at: number; text: string; message: string }

/** `terms` holds the well-formed ones; a record with any fault is a permanent error to receivers. */
export type SpfRecord = { text: string; terms: SpfTerm[]; faults: SpfFault[] }

/** Mechanisms and modifiers that cost a DNS lookup (RFC 7208 §4.6.4). */
export const lookupTerms: readonly string[] = ['include', 'a', 'mx', 'ptr', 'exists', 'redirect']

const mechanisms = ['all', 'include', 'a', 'mx', 'ptr', 'ip4', 'ip6', 'exists']
/** Terms read from one record: beyond it the rest is one fault. A 64 kB record holds no more that matter. */
const termLimit = 2000

/** True for text that receivers take as an SPF record: `v=spf1`, then a space or the end (RFC 7208 §4.5). */
export const isSpf = (text: string): boolean => /^v=spf1(?: |$)/i.test(text)

/** Text that was meant as SPF and is none: what stands before or after the version, null when it was not meant so. */
export const nearlySpf = (text: string): { kind: 'leading' | 'version'; at: number; message: string } | null => {
  if (isSpf(text)) return null
  const lead = /^([\s"'“”‘’\u00a0]|\xef\xbb\xbf|\xe2\x80[\x98-\x9d]|\xc2\xa0)+v=spf1/i.exec(text)
  if (lead)
    return { kind: 'leading', at: 0, message: 'something stands before "v=spf1", so receivers see no SPF record' }
  if (/^v=spf1[^ ]/i.test(text))
    return {
      kind: 'version',
      at: 6,
      message: `"v=spf1" must be followed by a space, not by "${shown(text.slice(6, 20))}"`,
    }
  if (
    /^(spf1|v=spf\d*|v\s*=\s*spf1?|spf2\.0)\b/i.test(text) &&
    /\b(include:|ip4:|ip6:|[+~?-]all|redirect=|mx\b|a\b)/i.test(text)
  )
    return {
      kind: 'version',
      at: 0,
      message: `the record must begin with "v=spf1 ", not with "${shown(text.slice(0, 14))}"`,
    }
  return null
}

const shown = (text: string): string =>
  text.replace(/[^\x20-\x7e]/g, character => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`).slice(0, 80)

const prefixFault = (digits: string, most: number): string | null =>
  digits.length > 1 && digits.startsWith('0')
    ? `prefix length /${digits.slice(0, 10)} has a leading zero`
    : Number(digits) > most
      ? `prefix length /${digits.slice(0, 10)} is over ${most}`
      : null

type Draft = Omit<SpfTerm, 'text' | 'at'>
const draft = (kind: SpfTerm['kind'], name: string, qualifier: SpfQualifier = '+'): Draft => ({
  kind,
  name,
  qualifier,
  domain: null,
  address: null,
  prefix4: null,
  prefix6: null,
  value: null,
})

const readModifier = (name: string, value: string, valueAt: number): Draft | { at: number; message: string } => {
  const term = { ...draft('modifier', name), value }
  if (name === 'redirect' || name === 'exp') {
    const fault = domainSpecFault(value)
    if (fault) return { at: valueAt + fault.at, message: `${name}= ${fault.message}` }
    return { ...term, domain: value }
  }
  const { fault } = parseMacroString(value, 'modifier')
  return fault ? { at: valueAt + fault.at, message: fault.message } : term
}

const readNetwork = (term: Draft, rest: string, at: number): Draft | { at: number; message: string } => {
  const six = term.name === 'ip6'
  const match = /^:([^/]*)(?:\/(\d+))?$/.exec(rest)
  if (!match)
    return {
      at,
      message:
        rest === '' ? `${term.name} needs an address` : `"${shown(rest)}" is no ${six ? 'IPv6' : 'IPv4'} network`,
    }
  const [, address = '', digits] = match
  const valid = six ? isIPv6(address) && !address.includes('%') : isIPv4(address)
  if (!valid)
    return {
      at: at + 1,
      message: `"${shown(address)}" is no ${six ? 'IPv6' : 'IPv4'} address${(six ? isIPv4(address) : isIPv6(address)) ? `: use ${six ? 'ip4' : 'ip6'}:` : ''}`,
    }
  const wrong = digits === undefined ? null : prefixFault(digits, six ? 128 : 32)
  if (wrong) return { at, message: wrong }
  const prefix = digits === undefined ? null : Number(digits)
  return { ...term, address, ...(six ? { prefix6: prefix } : { prefix4: prefix }) }
}

const readMechanism = (
  qualifier: SpfQualifier,
  name: string,
  rest: string,
  at: number,
): Draft | { at: number; message: string } => {
  const term = draft('mechanism', name, qualifier)
  if (name === 'all')
    return rest === '' ? term : { at, message: `all takes nothing behind it, here stands "${shown(rest)}"` }
  if (name === 'ip4' || name === 'ip6') return readNetwork(term, rest, at)
  if (name === 'include' || name === 'exists' || name === 'ptr') {
    if (rest === '' && name === 'ptr') return term
    if (!rest.startsWith(':'))
      return {
        at,
        message: rest === '' ? `${name} needs ":" and a domain name` : `"${shown(rest)}" is not allowed after ${name}`,
      }
    const fault = domainSpecFault(rest.slice(1))
    return fault ? { at: at + 1 + fault.at, message: `${name}: ${fault.message}` } : { ...term, domain: rest.slice(1) }
  }
  // a and mx: [":" domain-spec] ["/" ip4-length] ["//" ip6-length]
  const match = /^(.*?)(?:\/(\d+))?(?:\/\/(\d+))?$/s.exec(rest) as RegExpExecArray
  const [, spec = '', four, six] = match
  if (spec !== '') {
    if (!spec.startsWith(':')) return { at, message: `"${shown(spec)}" is not allowed after ${name}` }
    const fault = domainSpecFault(spec.slice(1))
    if (fault) return { at: at + 1 + fault.at, message: `${name}: ${fault.message}` }
  }
  const wrong =
    (four === undefined ? null : prefixFault(four, 32)) ?? (six === undefined ? null : prefixFault(six, 128))
  if (wrong) return { at, message: wrong }
  return {
    ...term,
    domain: spec === '' ? null : spec.slice(1),
    prefix4: four === undefined ? null : Number(four),
    prefix6: six === undefined ? null : Number(six),
  }
}

const readTerm = (text: string, at: number): SpfTerm | SpfFault => {
  const finish = (read: Draft | { at: number; message: string }): SpfTerm | SpfFault =>
    'message' in read ? { at: read.at, text: shown(text), message: read.message } : { text, at, ...read }
  const modifier = /^([a-z][a-z0-9\-_.]*)=(.*)$/is.exec(text)
  if (modifier) {
    const name = (modifier[1] as string).toLowerCase()
    return finish(readModifier(name, modifier[2] as string, at + name.length + 1))
  }
  const mechanism = /^([+?~-]?)([a-z][a-z0-9\-_.]*)([:/].*)?$/is.exec(text)
  const name = mechanism?.[2]?.toLowerCase() ?? ''
  if (!mechanism || !mechanisms.includes(name)) {
    const illegal = /[^\x21-\x7e]/.exec(text)
    if (illegal) {
      const code = illegal[0].charCodeAt(0)
      const what =
        code === 9
          ? 'a tab'
          : code === 13
            ? 'a carriage return'
            : code === 10
              ? 'a line break'
              : code > 127
                ? 'a character outside ASCII'
                : `the control character 0x${code.toString(16).padStart(2, '0')}`
      return {
        at: at + illegal.index,
        text: shown(text),
        message: `${what} stands in the record; terms are separated by spaces only`,
      }
    }
    return { at, text: shown(text), message: `"${shown(text)}" is no mechanism and no modifier` }
  }
  const qualifier = (mechanism[1] || '+') as SpfQualifier
  return finish(readMechanism(qualifier, name, mechanism[3] ?? '', at + (mechanism[1] as string).length + name.length))
}

/** Reads a record to its end. Call it with text that `isSpf` accepts; anything else is a fault at 0. */
export const parseSpf = (text: string): SpfRecord => {
  const terms: SpfTerm[] = []
  const faults: SpfFault[] = []
  if (!isSpf(text))
    return { text, terms, faults: [{ at: 0, text: shown(text), message: 'the record does not begin with "v=spf1"' }] }
  let at = 6
  for (const piece of text.slice(6).split(' ')) {
    const start = at
    at += piece.length + 1
    if (piece === '') continue
    if (terms.length + faults.length >= termLimit) {
      faults.push({ at: start, text: shown(piece), message: `more than ${termLimit} terms` })
      break
    }
    const read = readTerm(piece, start)
    if ('message' in read) {
      faults.push(read)
      continue
    }
    if ((read.name === 'redirect' || read.name === 'exp') && terms.some(term => term.name === read.name))
      faults.push({ at: start, text: shown(piece), message: `${read.name}= stands more than once` })
    terms.push(read)
  }
  return { text, terms, faults }
}

/** The `all` that ends evaluation: the first one; null when there is none. */
export const allOf = (record: SpfRecord): SpfTerm | null =>
  record.terms.find(term => term.kind === 'mechanism' && term.name === 'all') ?? null

/** Terms that a receiver may reach: mechanisms up to the first `all`, `redirect` only where there is no `all`. */
export const reachable = (record: SpfRecord): SpfTerm[] => {
  const all = allOf(record)
  return record.terms.filter(term =>
    term.kind === 'mechanism' ? !all || term.at <= all.at : term.name === 'redirect' ? !all : term.name === 'exp',
  )
}

/** What a term authorises, to tell two spellings of the same thing: lower case, the `+` dropped, host lengths dropped. */
export const termKey = (term: SpfTerm): string => {
  const text = term.text.toLowerCase().replace(/^\+/, '')
  if (term.name === 'ip4') return text.replace(/\/32$/, '')
  if (term.name === 'ip6') return text.replace(/\/128$/, '')
  return text.replace(/\.$/, '')
}

/**
 * One record out of several, to be published in their stead: every mechanism once, in the order met, the softer `all` last
 * (`-all` only where each says so: what one of them let pass is not refused today), a `redirect` kept only when it is the whole policy. Faulty terms are left out.
 */
export const mergeSpf = (texts: readonly string[]): string => {
  const records = texts.filter(isSpf).map(parseSpf)
  const seen = new Set<string>()
  const kept: string[] = []
  for (const term of records.flatMap(record => record.terms)) {
    if (term.name === 'all' || term.kind === 'modifier' || seen.has(termKey(term))) continue
    seen.add(termKey(term))
    kept.push(term.text)
  }
  const redirects = records.flatMap(record => record.terms.filter(term => term.name === 'redirect'))
  if (kept.length === 0 && redirects.length === 1 && !records.some(allOf)) return `v=spf1 ${redirects[0]?.text}`
  for (const term of redirects)
    if (term.domain && !seen.has(`include:${term.domain.toLowerCase()}`)) kept.push(`include:${term.domain}`)
  const isStrict = records.length > 0 && records.every(record => allOf(record)?.qualifier === '-')
  return ['v=spf1', ...kept, isStrict ? '-all' : '~all'].join(' ')
}

/** The record with some terms replaced (null: left out) and one `all` at its end. */
export const rewriteSpf = (
  record: SpfRecord,
  replace: (term: SpfTerm) => string | null | undefined,
  all?: string,
): string => {
  const parts = ['v=spf1']
  const closing = all ?? allOf(record)?.text ?? null
  for (const term of record.terms) {
    if (term.name === 'all') continue
    if (term.name === 'redirect' && closing) continue
    const changed = replace(term)
    if (changed === null) continue
    parts.push(changed ?? term.text)
  }
  if (closing) parts.push(closing)
  return parts.join(' ')
}

/** The record with terms put in before its `all` (or before a `redirect`, or at the end); those already there are not doubled. */
export const addToSpf = (text: string, added: readonly string[]): string => {
  const record = parseSpf(text)
  const have = new Set(record.terms.map(termKey))
  const fresh = added.filter(term => !have.has(term.toLowerCase()))
  const before = record.terms.filter(term => term.name !== 'all' && term.name !== 'redirect').map(term => term.text)
  const closing = record.terms
    .filter(term => term.name === 'all' || term.name === 'redirect')
    .slice(0, 1)
    .map(term => term.text)
  return ['v=spf1', ...before, ...fresh, ...(closing.length ? closing : ['~all'])].join(' ')
}

/** A mechanism written with `=`: well-formed as an unknown modifier, so receivers ignore it in silence. */
export const isMistyped = (term: SpfTerm): boolean => term.kind === 'modifier' && mechanisms.includes(term.name)

/** True for `v=spf1 -all` and nothing that authorises anybody. */
export const isDenyAll = (text: string): boolean => {
  const record = parseSpf(text)
  return (
    record.faults.length === 0 &&
    allOf(record)?.qualifier === '-' &&
    record.terms.filter(term => term.kind === 'mechanism').length === 1
  )
}

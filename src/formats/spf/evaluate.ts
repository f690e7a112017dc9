// check_host() of RFC 7208 §4: what a receiver makes of one message, over an injected lookup.
import ipaddr from 'ipaddr.js'
import { addressBytes, reverseLabels, samePrefix } from '../dns/ip-network.ts'
import { expandMacros, fitName, isQueryable, type MacroValues, parseMacroString } from './macro.ts'
import { isSpf, lookupTerms, parseSpf, type SpfQualifier, type SpfTerm } from './spf.ts'

export type SpfResult = 'none' | 'neutral' | 'pass' | 'fail' | 'softfail' | 'temperror' | 'permerror'

/** TXT records as joined latin1 text, addresses, PTR names, MX hosts in the order of preference. An error is never "no record". */
export type SpfAnswer =
  | { ok: true; status: 'NOERROR' | 'NODATA' | 'NXDOMAIN'; records: string[] }
  | { ok: false; message: string }

export type SpfLookup = (name: string, type: 'TXT' | 'A' | 'AAAA' | 'MX' | 'PTR') => Promise<SpfAnswer>

export type SpfQuestion = {
  ip: string
  /** MAIL FROM; empty for bounces, then `postmaster@helo` is judged. */
  sender: string
  helo: string
  /** Domain to judge instead of the sender's. */
  domain?: string
  /** Name of the receiver and seconds since the epoch, for explanations. */
  receiver?: string
  now?: number
}

/** What happened at one term. `node` is the record that it led to. */
export type SpfStep = {
  term: string
  outcome: 'match' | 'no match' | SpfResult
  lookups: number
  voids: number
  detail: string
  node: SpfTrace | null
}

export type SpfTrace = { domain: string; record: string | null; result: SpfResult; reason: string; steps: SpfStep[] }

export type SpfVerdict = {
  result: SpfResult
  /** The term that decided, null when none did. */
  mechanism: string | null
  /** Terms that cost a lookup, and lookups that found nothing, up to where evaluation ended. */
  lookups: number
  voids: number
  /** The domain's own explanation of a fail (RFC 7208 §6.2). */
  explanation: string | null
  /** Why it ended so, in words. */
  reason: string
  tree: SpfTrace
}

const lookupLimit = 10
const voidLimit = 2
const mxLimit = 10
const ptrLimit = 10

const byQualifier: Record<SpfQualifier, SpfResult> = { '+': 'pass', '-': 'fail', '~': 'softfail', '?': 'neutral' }

/** Ends the evaluation from any depth; caught in `evaluateSpf`'s walk, never outside. */
type Ended = { result: 'temperror' | 'permerror'; reason: string }
const ended = (result: Ended['result'], reason: string): Ended => ({ result, reason })
const isEnded = (value: unknown): value is Ended =>
  typeof value === 'object' && value !== null && 'result' in value && 'reason' in value

const latin1 = (text: string): string =>
  /^[\x00-\x7f]*$/.test(text)
    ? text
    : Array.from(new TextEncoder().encode(text), byte => String.fromCharCode(byte)).join('')

/** A domain that can be judged: several labels, none empty or over 63 bytes (RFC 7208 §4.3). */
const isJudgeable = (domain: string): boolean => {
  const name = domain.replace(/\.$/, '')
  return isQueryable(name) && name.includes('.') && !/[[\]]/.test(name)
}

/** Who sends, as macros and comparisons want it. */
type Client = {
  question: SpfQuestion
  bytes: number[]
  family: 'A' | 'AAAA'
  /** `in-addr` or `ip6`, and the labels of the address below it. */
  zone: 'in-addr' | 'ip6'
  reversed: string
  readable: string
  senderDomain: string
  local: string
}

const clientOf = (question: SpfQuestion, bytes: number[]): Client => {
  const sender = latin1(question.sender === '' ? `postmaster@${question.helo}` : question.sender)
  const split = sender.lastIndexOf('@')
  const isFour = bytes.length === 4
  return {
    question,
    bytes,
    family: isFour ? 'A' : 'AAAA',
    zone: isFour ? 'in-addr' : 'ip6',
    reversed: reverseLabels(question.ip) as string,
    readable: ipaddr.process(question.ip).toString(),
    senderDomain: sender.slice(split + 1),
    local: split > 0 ? sender.slice(0, split) : 'postmaster',
  }
}

/** One evaluation under way: what it has cost so far, and what has decided. */
type Evaluation = {
  client: Client
  lookup: SpfLookup
  lookups: number
  voids: number
  mechanism: string | null
  explain: { text: string; domain: string } | null
  /** Names of the client that lead back to it; asked for once. */
  validated: Promise<string[] | null> | undefined
}

const countVoid = (run: Evaluation, answer: SpfAnswer): void => {
  if (!answer.ok || answer.records.length > 0) return
  run.voids++
  if (run.voids > voidLimit) throw ended('permerror', `more than ${voidLimit} lookups found nothing`)
}

const countLookup = (run: Evaluation): void => {
  if (++run.lookups > lookupLimit) throw ended('permerror', `more than ${lookupLimit} terms need a DNS lookup`)
}

/** Looks up for a term: an error ends the evaluation, a name that cannot exist is an empty answer. */
const ask = async (run: Evaluation, name: string, type: 'A' | 'AAAA' | 'MX'): Promise<string[]> => {
  if (!isQueryable(name)) return []
  const answer = await run.lookup(name, type)
  if (!answer.ok) throw ended('temperror', `${type} of ${name}: ${answer.message}`)
  countVoid(run, answer)
  return answer.records
}

const sameAddress = ({ bytes }: Client, record: string, prefix: number): boolean => {
  const other = addressBytes(record)
  return other !== null && samePrefix(other, bytes, prefix)
}

const confirmNames = async (run: Evaluation, counts: boolean): Promise<string[] | null> => {
  const { client, lookup } = run
  const answer = await lookup(`${client.reversed}.${client.zone}.arpa`, 'PTR')
  if (!answer.ok) return null
  if (counts) countVoid(run, answer)
  const names = answer.records.slice(0, ptrLimit).map(name => name.replace(/\.$/, '').toLowerCase())
  const confirmed = await Promise.all(
    names.map(async name => {
      if (!isQueryable(name)) return false
      const forward = await lookup(name, client.family)
      return forward.ok && forward.records.some(record => sameAddress(client, record, client.bytes.length * 8))
    }),
  )
  return names.filter((_, at) => confirmed[at])
}

/** Names of the client that lead back to it (RFC 7208 §5.5), at most 10 looked at. Null on a DNS error. */
const validatedNames = (run: Evaluation, counts: boolean): Promise<string[] | null> => {
  run.validated ??= confirmNames(run, counts)
  return run.validated
}

const under = (name: string, domain: string): boolean => name === domain || name.endsWith(`.${domain}`)

const valuesFor = (run: Evaluation, domain: string): MacroValues => {
  const { question, zone, reversed, readable, senderDomain, local } = run.client
  return {
    s: `${local}@${senderDomain}`,
    l: local,
    o: senderDomain,
    d: domain,
    i: zone === 'in-addr' ? readable : reversed.split('.').reverse().join('.').toUpperCase(),
    h: latin1(question.helo),
    v: zone,
    c: readable,
    r: question.receiver ?? 'unknown',
    t: String(question.now ?? 0),
    p: async () => {
      const names = (await validatedNames(run, false)) ?? []
      const lower = domain.toLowerCase()
      return names.find(name => name === lower) ?? names.find(name => under(name, lower)) ?? names[0] ?? 'unknown'
    },
  }
}

/** The name that a domain-spec asks for; that of the record itself where there is none. */
const targetOf = async (run: Evaluation, spec: string | null, domain: string): Promise<string> =>
  spec === null ? domain : fitName(await expandMacros(parseMacroString(spec, 'domain').parts, valuesFor(run, domain)))

/** Whether a term matches; writes what it found into the step. */
type Matcher = (run: Evaluation, term: SpfTerm, domain: string, step: SpfStep) => Promise<boolean>

const prefixFor = ({ bytes }: Client, term: SpfTerm): number =>
  (bytes.length === 4 ? term.prefix4 : term.prefix6) ?? bytes.length * 8

const matchesNetwork: Matcher = async ({ client }, term) => {
  const bytes = addressBytesOf(term)
  return bytes !== null && samePrefix(bytes, client.bytes, prefixFor(client, term))
}

const matchesInclude: Matcher = async (run, term, domain, step) => {
  const name = await targetOf(run, term.domain, domain)
  const below = await walk(run, name, false)
  step.node = below
  step.detail = `${name}: ${below.result}`
  if (below.result === 'temperror' || below.result === 'permerror') throw ended(below.result, below.reason)
  if (below.result === 'none') throw ended('permerror', `include:${name} leads to no SPF record`)
  return below.result === 'pass'
}

const matchers: Readonly<Record<string, Matcher>> = {
  all: async () => true,
  ip4: matchesNetwork,
  ip6: matchesNetwork,
  a: async (run, term, domain, step) => {
    const name = await targetOf(run, term.domain, domain)
    const records = await ask(run, name, run.client.family)
    step.detail = `${name}: ${records.join(', ') || 'no address'}`
    return records.some(record => sameAddress(run.client, record, prefixFor(run.client, term)))
  },
  mx: async (run, term, domain, step) => {
    const { client, lookup } = run
    const name = await targetOf(run, term.domain, domain)
    const hosts = (await ask(run, name, 'MX')).filter(host => host !== '' && host !== '.')
    if (hosts.length > mxLimit) throw ended('permerror', `${name} has more than ${mxLimit} mail servers`)
    const answers = await Promise.all(hosts.map(async host => (isQueryable(host) ? lookup(host, client.family) : null)))
    step.detail = `${name}: ${hosts.join(', ') || 'no mail server'}`
    for (const [at, answer] of answers.entries()) {
      if (!answer) continue
      if (!answer.ok) throw ended('temperror', `${client.family} of ${hosts[at]}: ${answer.message}`)
      countVoid(run, answer)
      if (answer.records.some(record => sameAddress(client, record, prefixFor(client, term)))) return true
    }
    return false
  },
  ptr: async (run, term, domain, step) => {
    const name = (await targetOf(run, term.domain, domain)).toLowerCase()
    const names = await validatedNames(run, true)
    step.detail = names === null ? 'reverse DNS could not be asked' : names.join(', ') || 'no confirmed name'
    return (names ?? []).some(candidate => under(candidate, name))
  },
  exists: async (run, term, domain, step) => {
    const name = await targetOf(run, term.domain, domain)
    const records = await ask(run, name, 'A')
    step.detail = `${name}: ${records.length ? 'exists' : 'does not exist'}`
    return records.length > 0
  },
  include: matchesInclude,
}

const stepOf = (term: SpfTerm, lookups = 0): SpfStep => ({
  term: term.text,
  outcome: 'no match',
  lookups,
  voids: 0,
  detail: '',
  node: null,
})

type Outcome = { result: SpfResult; reason: string }

/** Evaluates one mechanism; null when it does not match. Lookups are counted before they are made. */
const tryTerm = async (
  run: Evaluation,
  term: SpfTerm,
  domain: string,
  step: SpfStep,
): Promise<(Outcome & { matched: boolean }) | null> => {
  const before = { lookups: run.lookups, voids: run.voids }
  const measure = (): void => {
    step.lookups = run.lookups - before.lookups
    step.voids = run.voids - before.voids
  }
  try {
    if (lookupTerms.includes(term.name)) countLookup(run)
    const matched = await (matchers[term.name] ?? matchesInclude)(run, term, domain, step)
    measure()
    if (!matched) return null
    step.outcome = 'match'
    return { result: byQualifier[term.qualifier], reason: `${term.text} matched`, matched }
  } catch (error) {
    if (!isEnded(error)) throw error
    measure()
    step.outcome = error.result
    return { ...error, matched: false }
  }
}

/** Follows a `redirect`, which stands for the whole record where nothing matched. */
const follow = async (
  run: Evaluation,
  redirect: SpfTerm,
  domain: string,
  top: boolean,
  step: SpfStep,
): Promise<Outcome> => {
  try {
    countLookup(run)
  } catch (error) {
    if (!isEnded(error)) throw error
    step.outcome = error.result
    return error
  }
  const name = await targetOf(run, redirect.domain, domain)
  const below = await walk(run, name, top)
  step.node = below
  step.outcome = below.result
  step.detail = `${name}: ${below.result}`
  return below.result === 'none'
    ? { result: 'permerror', reason: `redirect=${name} leads to no SPF record` }
    : { result: below.result, reason: below.reason }
}

/** The one record of a domain, or how evaluation ends without it. */
const recordOf = async ({ lookup }: Evaluation, domain: string): Promise<{ text: string } | Outcome> => {
  if (!isJudgeable(domain)) return { result: 'none', reason: `"${domain}" is no domain name that can be asked for` }
  const answer = await lookup(domain.replace(/\.$/, ''), 'TXT')
  if (!answer.ok) return { result: 'temperror', reason: `TXT of ${domain}: ${answer.message}` }
  const [text, ...others] = answer.records.filter(isSpf)
  if (text === undefined) {
    const reason = answer.status === 'NXDOMAIN' ? `${domain} does not exist` : `${domain} has no SPF record`
    return { result: 'none', reason }
  }
  if (others.length) return { result: 'permerror', reason: `${domain} has ${others.length + 1} SPF records` }
  return { text }
}

/** Evaluates the record of a domain; `top`: what decides here decides the whole. */
const walk = async (run: Evaluation, domain: string, top: boolean): Promise<SpfTrace> => {
  const trace: SpfTrace = { domain, record: null, result: 'none', reason: '', steps: [] }
  const finish = ({ result, reason }: Outcome): SpfTrace => Object.assign(trace, { result, reason })
  const found = await recordOf(run, domain)
  if ('result' in found) return finish(found)
  trace.record = found.text
  const { terms, faults } = parseSpf(found.text)
  const [fault] = faults
  if (fault) return finish({ result: 'permerror', reason: `${domain}, character ${fault.at + 1}: ${fault.message}` })
  for (const term of terms.filter(each => each.kind === 'mechanism')) {
    const step = stepOf(term)
    trace.steps.push(step)
    const outcome = await tryTerm(run, term, domain, step)
    if (!outcome) continue
    if (top) run.mechanism = term.text
    const exp = terms.find(other => other.name === 'exp')?.domain
    if (top && outcome.matched && term.qualifier === '-' && exp) run.explain = { text: exp, domain }
    return finish(outcome)
  }
  const redirect = terms.find(term => term.name === 'redirect')
  if (!redirect) return finish({ result: 'neutral', reason: 'nothing matched, and the record has no "all"' })
  const step = stepOf(redirect, 1)
  trace.steps.push(step)
  return finish(await follow(run, redirect, domain, top, step))
}

/**
 * Evaluates SPF for one message. Never throws for what the world answers; `lookup` decides about time-outs, and its
 * errors become `temperror` where the RFC says so. Limits: 10 terms that look up, 2 void lookups, 10 MX hosts, 10 PTR names.
 */
export const evaluateSpf = async (question: SpfQuestion, lookup: SpfLookup): Promise<SpfVerdict> => {
  const bytes = addressBytes(question.ip)
  if (!bytes) {
    const reason = `"${question.ip}" is no IP address`
    const tree: SpfTrace = { domain: '', record: null, result: 'none', reason, steps: [] }
    return { result: 'none', mechanism: null, lookups: 0, voids: 0, explanation: null, reason, tree }
  }
  const client = clientOf(question, bytes)
  const run: Evaluation = { client, lookup, lookups: 0, voids: 0, mechanism: null, explain: null, validated: undefined }
  const tree = await walk(run, latin1(question.domain ?? client.senderDomain), true)
  const { result, reason } = tree
  const explanation = result === 'fail' && run.explain ? await explain(run, run.explain) : null
  return { result, mechanism: run.mechanism, lookups: run.lookups, voids: run.voids, explanation, reason, tree }
}

/** ip6 networks written as IPv4-mapped never match: such clients are IPv4 (RFC 7208 §5). */
const addressBytesOf = (term: SpfTerm): number[] | null => {
  if (term.address === null || !ipaddr.isValid(term.address)) return null
  return ipaddr.parse(term.address).toByteArray()
}

/** The text that `exp=` leads to; null on any trouble (RFC 7208 §6.2: then there is no explanation). */
const explain = async (run: Evaluation, exp: { text: string; domain: string }): Promise<string | null> => {
  const name = await targetOf(run, exp.text, exp.domain)
  if (!isQueryable(name)) return null
  const answer = await run.lookup(name, 'TXT')
  if (!answer.ok || answer.records.length !== 1) return null
  const text = parseMacroString(answer.records[0] as string, 'explanation')
  return text.fault ? null : await expandMacros(text.parts, valuesFor(run, exp.domain))
}

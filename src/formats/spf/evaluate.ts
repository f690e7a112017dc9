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

/**
 * Evaluates SPF for one message. Never throws for what the world answers; `lookup` decides about time-outs, and its
 * errors become `temperror` where the RFC says so. Limits: 10 terms that look up, 2 void lookups, 10 MX hosts, 10 PTR names.
 */
export const evaluateSpf = async (question: SpfQuestion, lookup: SpfLookup): Promise<SpfVerdict> => {
  const ip = addressBytes(question.ip)
  const bare: SpfTrace = { domain: '', record: null, result: 'none', reason: '', steps: [] }
  const verdict = (trace: SpfTrace, more: Partial<SpfVerdict> = {}): SpfVerdict => ({
    result: trace.result,
    mechanism: null,
    lookups: 0,
    voids: 0,
    explanation: null,
    reason: trace.reason,
    tree: trace,
    ...more,
  })
  if (!ip) return verdict({ ...bare, reason: `"${question.ip}" is no IP address` })
  const family = ip.length === 4 ? ('A' as const) : ('AAAA' as const)
  const sender = latin1(question.sender === '' ? `postmaster@${question.helo}` : question.sender)
  const split = sender.lastIndexOf('@')
  const senderDomain = sender.slice(split + 1)
  const local = split > 0 ? sender.slice(0, split) : 'postmaster'
  const start = latin1(question.domain ?? senderDomain)
  const state = {
    lookups: 0,
    voids: 0,
    mechanism: null as string | null,
    explain: null as { text: string; domain: string } | null,
  }
  const reversed = reverseLabels(question.ip) as string
  const readable = ipaddr.process(question.ip).toString()

  const countVoid = (answer: SpfAnswer): void => {
    if (!answer.ok || answer.records.length > 0) return
    state.voids++
    if (state.voids > voidLimit) throw ended('permerror', `more than ${voidLimit} lookups found nothing`)
  }
  /** Looks up for a term: an error ends the evaluation, a name that cannot exist is an empty answer. */
  const ask = async (name: string, type: 'A' | 'AAAA' | 'MX' | 'PTR', counts = true): Promise<string[]> => {
    if (!isQueryable(name)) return []
    const answer = await lookup(name, type)
    if (!answer.ok) throw ended('temperror', `${type} of ${name}: ${answer.message}`)
    if (counts) countVoid(answer)
    return answer.records
  }
  /** Names of the client that lead back to it (RFC 7208 §5.5), at most 10 looked at. Null on a DNS error. */
  let validated: Promise<string[] | null> | undefined
  const validatedNames = (counts: boolean): Promise<string[] | null> => {
    validated ??= (async () => {
      const answer = await lookup(`${reversed}.${ip.length === 4 ? 'in-addr' : 'ip6'}.arpa`, 'PTR')
      if (!answer.ok) return null
      if (counts) countVoid(answer)
      const names = answer.records.slice(0, ptrLimit).map(name => name.replace(/\.$/, '').toLowerCase())
      const confirmed = await Promise.all(
        names.map(async name => {
          if (!isQueryable(name)) return false
          const forward = await lookup(name, family)
          return forward.ok && forward.records.some(record => sameAddress(record, ip.length * 8))
        }),
      )
      return names.filter((_, at) => confirmed[at])
    })()
    return validated
  }
  const sameAddress = (record: string, prefix: number): boolean => {
    const bytes = addressBytes(record)
    return bytes !== null && samePrefix(bytes, ip, prefix)
  }
  const under = (name: string, domain: string): boolean => name === domain || name.endsWith(`.${domain}`)
  const valuesFor = (domain: string): MacroValues => ({
    s: `${local}@${senderDomain}`,
    l: local,
    o: senderDomain,
    d: domain,
    i: ip.length === 4 ? readable : (reverseLabels(question.ip) as string).split('.').reverse().join('.').toUpperCase(),
    h: latin1(question.helo),
    v: ip.length === 4 ? 'in-addr' : 'ip6',
    c: readable,
    r: question.receiver ?? 'unknown',
    t: String(question.now ?? 0),
    p: async () => {
      const names = (await validatedNames(false)) ?? []
      const lower = domain.toLowerCase()
      return names.find(name => name === lower) ?? names.find(name => under(name, lower)) ?? names[0] ?? 'unknown'
    },
  })
  const target = async (spec: string, domain: string): Promise<string> =>
    fitName(await expandMacros(parseMacroString(spec, 'domain').parts, valuesFor(domain)))

  /** Whether the term matches; lookups counted before they are made. */
  const matches = async (term: SpfTerm, domain: string, step: SpfStep): Promise<boolean> => {
    const prefix = (ip.length === 4 ? term.prefix4 : term.prefix6) ?? ip.length * 8
    switch (term.name) {
      case 'all':
        return true
      case 'ip4':
      case 'ip6': {
        const bytes = addressBytesOf(term)
        return bytes !== null && samePrefix(bytes, ip, prefix)
      }
      case 'a': {
        const name = term.domain === null ? domain : await target(term.domain, domain)
        const records = await ask(name, family)
        step.detail = `${name}: ${records.join(', ') || 'no address'}`
        return records.some(record => sameAddress(record, prefix))
      }
      case 'mx': {
        const name = term.domain === null ? domain : await target(term.domain, domain)
        const hosts = (await ask(name, 'MX')).filter(host => host !== '' && host !== '.')
        if (hosts.length > mxLimit) throw ended('permerror', `${name} has more than ${mxLimit} mail servers`)
        const answers = await Promise.all(hosts.map(async host => (isQueryable(host) ? lookup(host, family) : null)))
        step.detail = `${name}: ${hosts.join(', ') || 'no mail server'}`
        for (const [at, answer] of answers.entries()) {
          if (!answer) continue
          if (!answer.ok) throw ended('temperror', `${family} of ${hosts[at]}: ${answer.message}`)
          countVoid(answer)
          if (answer.records.some(record => sameAddress(record, prefix))) return true
        }
        return false
      }
      case 'ptr': {
        const name = (term.domain === null ? domain : await target(term.domain, domain)).toLowerCase()
        const names = await validatedNames(true)
        step.detail = names === null ? 'reverse DNS could not be asked' : names.join(', ') || 'no confirmed name'
        return (names ?? []).some(candidate => under(candidate, name))
      }
      case 'exists': {
        const name = await target(term.domain as string, domain)
        const records = await ask(name, 'A')
        step.detail = `${name}: ${records.length ? 'exists' : 'does not exist'}`
        return records.length > 0
      }
      default: {
        const name = await target(term.domain as string, domain)
        const below = await walk(name, false)
        step.node = below
        step.detail = `${name}: ${below.result}`
        if (below.result === 'temperror') throw ended('temperror', below.reason)
        if (below.result === 'permerror') throw ended('permerror', below.reason)
        if (below.result === 'none') throw ended('permerror', `include:${name} leads to no SPF record`)
        return below.result === 'pass'
      }
    }
  }

  const walk = async (domain: string, top: boolean): Promise<SpfTrace> => {
    const trace: SpfTrace = { domain, record: null, result: 'none', reason: '', steps: [] }
    const finish = (result: SpfResult, reason: string): SpfTrace => Object.assign(trace, { result, reason })
    if (!isJudgeable(domain)) return finish('none', `"${domain}" is no domain name that can be asked for`)
    const answer = await lookup(domain.replace(/\.$/, ''), 'TXT')
    if (!answer.ok) return finish('temperror', `TXT of ${domain}: ${answer.message}`)
    const records = answer.records.filter(isSpf)
    if (records.length === 0)
      return finish('none', answer.status === 'NXDOMAIN' ? `${domain} does not exist` : `${domain} has no SPF record`)
    if (records.length > 1) return finish('permerror', `${domain} has ${records.length} SPF records`)
    trace.record = records[0] as string
    const record = parseSpf(trace.record)
    const fault = record.faults[0]
    if (fault) return finish('permerror', `${domain}, character ${fault.at + 1}: ${fault.message}`)
    const exp = record.terms.find(term => term.name === 'exp')
    for (const term of record.terms.filter(each => each.kind === 'mechanism')) {
      const before = { ...state }
      const step: SpfStep = { term: term.text, outcome: 'no match', lookups: 0, voids: 0, detail: '', node: null }
      trace.steps.push(step)
      const measure = (): void => {
        step.lookups = state.lookups - before.lookups
        step.voids = state.voids - before.voids
      }
      try {
        if (lookupTerms.includes(term.name) && ++state.lookups > lookupLimit)
          throw ended('permerror', `more than ${lookupLimit} terms need a DNS lookup`)
        const matched = await matches(term, domain, step)
        measure()
        if (!matched) continue
        step.outcome = 'match'
        if (top) {
          state.mechanism = term.text
          if (term.qualifier === '-' && exp?.domain) state.explain = { text: exp.domain, domain }
        }
        return finish(byQualifier[term.qualifier], `${term.text} matched`)
      } catch (error) {
        if (!isEnded(error)) throw error
        measure()
        step.outcome = error.result
        if (top) state.mechanism = term.text
        return finish(error.result, error.reason)
      }
    }
    const redirect = record.terms.find(term => term.name === 'redirect')
    if (!redirect) return finish('neutral', 'nothing matched, and the record has no "all"')
    const step: SpfStep = { term: redirect.text, outcome: 'no match', lookups: 1, voids: 0, detail: '', node: null }
    trace.steps.push(step)
    if (++state.lookups > lookupLimit) {
      step.outcome = 'permerror'
      return finish('permerror', `more than ${lookupLimit} terms need a DNS lookup`)
    }
    const name = await target(redirect.domain as string, domain)
    const below = await walk(name, top)
    step.node = below
    step.outcome = below.result
    step.detail = `${name}: ${below.result}`
    return below.result === 'none'
      ? finish('permerror', `redirect=${name} leads to no SPF record`)
      : finish(below.result, below.reason)
  }

  const trace = await walk(start, true)
  const explanation =
    trace.result === 'fail' && state.explain ? await explain(state.explain, lookup, target, valuesFor) : null
  return verdict(trace, { mechanism: state.mechanism, lookups: state.lookups, voids: state.voids, explanation })
}

/** ip6 networks written as IPv4-mapped never match: such clients are IPv4 (RFC 7208 §5). */
const addressBytesOf = (term: SpfTerm): number[] | null => {
  if (term.address === null || !ipaddr.isValid(term.address)) return null
  return ipaddr.parse(term.address).toByteArray()
}

/** The text that `exp=` leads to; null on any trouble (RFC 7208 §6.2: then there is no explanation). */
const explain = async (
  exp: { text: string; domain: string },
  lookup: SpfLookup,
  target: (spec: string, domain: string) => Promise<string>,
  valuesFor: (domain: string) => MacroValues,
): Promise<string | null> => {
  const name = await target(exp.text, exp.domain)
  if (!isQueryable(name)) return null
  const answer = await lookup(name, 'TXT')
  if (!answer.ok || answer.records.length !== 1) return null
  const text = parseMacroString(answer.records[0] as string, 'explanation')
  return text.fault ? null : await expandMacros(text.parts, valuesFor(exp.domain))
}

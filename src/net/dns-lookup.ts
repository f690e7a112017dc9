// The resolver's view of a name: its CNAMEs followed, a denial of the whole internet not believed, each question asked once.
import { parse } from 'tldts'
import type { Cause } from '../core/cause.ts'
import { type Fact, type Missing, missing, observed } from '../core/fact.ts'
import { limits } from '../data/limits.ts'
import { questionOf } from './dns-servers.ts'
import type { ResolverContext } from './dns-types.ts'
import { interrupted } from './life.ts'
import type { DnsLookup, DnsRecord, DnsReply, Resolver } from './network.ts'

/** The CNAMEs walked so far: `at` is the name asked for next, `seen` all names on the way. */
type Chain = { name: string; at: string; records: DnsRecord[]; seen: Set<string>; authenticData: boolean }

/** Follows the chain from `name` through the records of an answer; null where it does not end. */
const follow = (name: string, answers: readonly DnsRecord[]): { end: string; chain: DnsRecord[] } | null => {
  const chain: DnsRecord[] = []
  const seen = new Set([name])
  let end = name
  for (;;) {
    const next = answers.find(record => record.type === 'CNAME' && record.name === end)
    if (!next) return { end, chain }
    const target = next.data === '.' ? '' : next.data
    if (seen.has(target) || chain.length >= limits.cnameChain) return null
    seen.add(target)
    chain.push(next)
    end = target
  }
}

const failedReply = ({ rcode, server }: DnsReply, name: string, type: string): Missing => {
  const shownName = name || '.'
  const reason = rcode === 'REFUSED' ? 'refused' : rcode === 'SERVFAIL' ? 'servfail' : 'malformed'
  const text = `resolver ${server} answers ${rcode} for ${shownName}`
  const cause: Cause = { kind: 'resolver', endpoint: `${server} ${rcode}`, name: shownName, text }
  return missing(reason, `${text} ${type}`, { cause })
}

/** Takes the CNAMEs of an answer into the chain and returns where they end; null where they lead in a circle or too far. */
const walk = (chain: Chain, answers: readonly DnsRecord[], type: string): string | null => {
  const walked = type === 'CNAME' ? { end: chain.at, chain: [] } : follow(chain.at, answers)
  if (!walked) return null
  const { end, chain: records } = walked
  const looped = records.some(record => record !== records.at(-1) && chain.seen.has(record.data))
  if (looped || (end !== chain.at && chain.seen.has(end))) return null
  if (chain.records.length + records.length > limits.cnameChain) return null
  for (const record of records) {
    chain.records.push(record)
    chain.seen.add(record.data)
  }
  return end
}

/** What an answer makes of the lookup; null: the name at the end of the CNAMEs is asked for next. */
const outcomeOf = (
  chain: Chain,
  { rcode, answers, authorities }: DnsReply,
  end: string,
  type: string,
): DnsLookup | null => {
  const records = answers.filter(record => record.name === end && (record.type === type || type === 'ANY'))
  const { authenticData } = chain
  const seen = { records, cnames: chain.records.map(record => record.data), chain: chain.records, authenticData }
  if (records.length) return { status: 'NOERROR', ...seen }
  if (rcode === 'NXDOMAIN') return { status: 'NXDOMAIN', ...seen }
  // A target that the answer denies with an SOA is not asked for again.
  if (end === chain.at || authorities.some(record => record.type === 'SOA')) return { status: 'NODATA', ...seen }
  return null
}

const resolveName = async (
  { clock }: ResolverContext['options'],
  query: Resolver['query'],
  name: string,
  type: string,
): Promise<Fact<DnsLookup>> => {
  const chain: Chain = { name, at: name, records: [], seen: new Set([name]), authenticData: true }
  for (;;) {
    const reply = await query(chain.at, type)
    if (!reply.ok) return reply
    const { rcode, answers } = reply.value
    if (rcode !== 'NOERROR' && rcode !== 'NXDOMAIN') return failedReply(reply.value, chain.at, type)
    chain.authenticData &&= reply.value.authenticData
    const end = walk(chain, answers, type)
    if (end === null) {
      const why = `the CNAMEs of ${name || '.'} lead in a circle or through more than ${limits.cnameChain} names`
      return missing('malformed', why)
    }
    const found = outcomeOf(chain, reply.value, end, type)
    if (found) return observed(found, new Date(clock.now()).toISOString())
    chain.at = end
  }
}

/** The lookups of a run, each asked once. */
export const createLookup = (context: ResolverContext, query: Resolver['query']): Resolver['lookup'] => {
  const cache = new Map<string, Promise<Fact<DnsLookup>>>()
  let hasTold = false

  /**
   * A network without a way out, or a captive one, often has a resolver that denies every name. Where a registrable domain is
   * said not to exist, its public top-level domain is asked for too: if even that is denied, nothing was seen of the domain.
   * One that has told a record already is no such resolver: it may serve a few zones only, and what it denies it denies.
   */
  const believable = async (name: string, found: Fact<DnsLookup>): Promise<Fact<DnsLookup>> => {
    if (found.ok && found.value.records.length) hasTold = true
    if (!found.ok || found.value.status !== 'NXDOMAIN' || hasTold || name.endsWith('.arpa')) return found
    const { domain, isIcann } = parse(name, { extractHostname: false, validateHostname: false })
    if (!domain || !isIcann) return found
    if (domain !== name) {
      const apex = await lookup(domain, 'A')
      if (apex.ok && apex.value.status !== 'NXDOMAIN') return found
    }
    const top = domain.slice(domain.lastIndexOf('.') + 1)
    const topFound = await lookup(top, 'SOA')
    if (!topFound.ok || topFound.value.status !== 'NXDOMAIN' || hasTold) return found
    const text = `the resolver says that even .${top} does not exist, so it knows nothing of the internet`
    const cause: Cause = { kind: 'resolver', endpoint: 'system', name: top, text }
    return missing('servfail', `${domain} was denied, but ${text}`, { cause })
  }

  const lookup: Resolver['lookup'] = (name, type) => {
    if (context.life.over) return Promise.resolve(interrupted())
    const question = questionOf(name, type, {})
    if ('ok' in question) return Promise.resolve(question)
    const key = `${question.typeText} ${question.name}`
    let answer = cache.get(key)
    if (!answer) {
      answer = resolveName(context.options, query, question.name, question.typeText).then(found =>
        believable(question.name, found),
      )
      if (cache.size < limits.cachedLookups) cache.set(key, answer)
    }
    return answer
  }
  return lookup
}

// Where a name leads outside its own zone, and whether anything is still there: aliases, delegations, mail servers, SPF, reports.

import { isIP } from 'node:net'
import { missing, observed, type Subject } from '../../core/fact.ts'
import { type DanglingService, danglingServices, serviceOf } from '../../data/dangling-services.ts'
import { networkHolds } from '../../formats/dns/ip-network.ts'
import { isWithin, normaliseName } from '../../formats/dns/name.ts'
import type { DnsReply } from '../../net/network.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'
import { getOnce } from '../http/fetch.ts'
import { ask, firstAnswer, glueOf, recordsOf, resolveServer, targetsOf } from './authority.ts'
import { answeringServers } from './name-servers.ts'

export type Lead = {
  /** `ALIAS`: an address of a service, as its table gives it for names that cannot be an alias; `target` is the address. */
  via: 'CNAME' | 'ALIAS' | 'NS' | 'MX' | 'MTA-STS' | 'SPF' | 'report'
  target: string
  status: 'NOERROR' | 'NODATA' | 'NXDOMAIN' | 'unknown'
  /** Service of the table that the target belongs to. */
  service: string | null
  claim: 'open' | 'verified' | 'closed' | null
  /** What the service shows for the name: its page for names that nobody has claimed, or something else. */
  page: 'unclaimed' | 'other' | 'unasked'
}

export type Dangling = {
  name: string
  leads: Lead[]
  /** A delegation below the zone: whether any of its servers serves it. */
  delegation: { nameservers: string[]; answers: boolean | null } | null
}

const statusOf = async (context: CollectContext, name: string): Promise<Lead['status']> => {
  const looked = await Promise.all([context.net.dns.lookup(name, 'A'), context.net.dns.lookup(name, 'AAAA')])
  const seen = looked.flatMap(answer => (answer.ok ? [answer.value] : []))
  if (seen.some(answer => answer.status === 'NOERROR')) return 'NOERROR'
  if (seen.length < looked.length) return 'unknown'
  return seen.some(answer => answer.status === 'NXDOMAIN') ? 'NXDOMAIN' : 'NODATA'
}

/** The service whose addresses for names that cannot be an alias hold this one; null when it is none of the table. */
const serviceAt = (address: string): DanglingService | null =>
  danglingServices.find(service => service.addresses?.some(network => networkHolds(network, address))) ?? null

const pageOf = async (
  context: CollectContext,
  name: string,
  service: DanglingService | null,
): Promise<Lead['page']> => {
  if (!service?.unclaimed) return 'unasked'
  const answers = await Promise.all([`https://${name}/`, `http://${name}/`].map(url => getOnce(context, url)))
  const bodies = answers.flatMap(answer => (answer.ok ? [answer.value.hops.at(-1)?.body ?? ''] : []))
  if (bodies.some(body => service.unclaimed!.test(body.slice(0, 20_000)))) return 'unclaimed'
  return bodies.length ? 'other' : 'unasked'
}

const textOf = async (context: CollectContext, name: string): Promise<string[]> => {
  const answer = await context.net.dns.lookup(name, 'TXT')
  return answer.ok ? answer.value.records.map(record => record.data) : []
}

/** Names that an SPF record includes or redirects to. Macros cannot be followed and are left out. */
const spfTargets = (texts: readonly string[]): [Lead['via'], string][] =>
  texts
    .filter(text => /^v=spf1\b/i.test(text))
    .flatMap(text => [...text.matchAll(/(?:include:|redirect=)([^\s%]+)(?=\s|$)/gi)])
    .map(match => ['SPF', normaliseName(match[1]!)])

/** Names that the mail records of a name below the domain lead to, as its own servers have them. */
const subMailTargets = async (context: CollectContext, of: Subject, name: string): Promise<[Lead['via'], string][]> => {
  const zone = await context.need('zoneRecords', of)
  const own = zone.ok ? zone.value.records.filter(record => record.name === name) : []
  return [
    ...own
      .filter(record => record.type === 'MX')
      .map((record): [Lead['via'], string] => ['MX', normaliseName(record.data.split(' ')[1] ?? '')]),
    ...spfTargets(own.filter(record => record.type === 'TXT').map(record => record.data)),
  ]
}

/** Names that mail records of the domain lead to. */
const mailTargets = async (context: CollectContext, domain: string): Promise<[Lead['via'], string][]> => {
  const [mx, texts, dmarc, tlsrpt, sts] = await Promise.all([
    context.net.dns.lookup(domain, 'MX'),
    textOf(context, domain),
    textOf(context, `_dmarc.${domain}`),
    textOf(context, `_smtp._tls.${domain}`),
    context.net.dns.lookup(`_mta-sts.${domain}`, 'CNAME'),
  ])
  // The policy's own host is a name like any other; its record is none that is found by address.
  const aliases = sts.ok ? sts.value.records : []
  const exchanges = mx.ok
    ? mx.value.records.map(record => String(record.fields?.['exchange'] ?? '')).filter(Boolean)
    : []
  const reports = [...dmarc, ...tlsrpt].flatMap(text =>
    [...text.matchAll(/mailto:[^\s,;!@:]+@([a-z0-9.-]+)/gi)].map(match => match[1]!),
  )
  return [
    ...exchanges.map((name): [Lead['via'], string] => ['MX', normaliseName(name)]),
    ...aliases.map((record): [Lead['via'], string] => ['MTA-STS', normaliseName(record.data)]),
    ...spfTargets(texts),
    ...reports.map((name): [Lead['via'], string] => ['report', normaliseName(name)]),
  ]
}

/** A name that only mail leads to exists when it has any record, not just an address. */
const existsFor = async (context: CollectContext, via: Lead['via'], name: string): Promise<Lead['status']> => {
  if (via !== 'SPF' && via !== 'report') return statusOf(context, name)
  const answer = await context.net.dns.lookup(name, via === 'SPF' ? 'TXT' : 'MX')
  return answer.ok ? answer.value.status : 'unknown'
}

const leadTo = async (context: CollectContext, name: string, via: Lead['via'], target: string): Promise<Lead> => {
  const service = via === 'CNAME' ? serviceOf(target) : null
  const status = await existsFor(context, via, target)
  return {
    via,
    target,
    status,
    service: service?.name ?? null,
    claim: service?.claim ?? null,
    page: via === 'CNAME' && status === 'NOERROR' ? await pageOf(context, name, service) : 'unasked',
  }
}

/** Every target once. */
const followed = async (context: CollectContext, name: string, targets: [Lead['via'], string][]): Promise<Lead[]> =>
  Promise.all(
    [...new Map(targets.map(pair => [pair.join(' '), pair])).values()].map(([via, to]) =>
      leadTo(context, name, via, to),
    ),
  )

/** Target of the name's alias. A number where a name belongs is the alias's own fault, not a target that is gone. */
const aliasOf = (reply: DnsReply | undefined, name: string): string | null => {
  const alias = reply ? recordsOf(reply.answers, name, 'CNAME')[0] : undefined
  return alias && !/^\d+(\.\d+){3}\.?$/.test(alias.data) ? normaliseName(alias.data) : null
}

/** An alias inside the zone: the zone's own server says whether the chain ends at a name that exists (RFC 2308 §2.1). */
const goneInside = (reply: DnsReply | undefined, target: string | null, zone: string): Lead[] => {
  const last = reply?.answers.findLast(record => record.type === 'CNAME')
  const isInside = target !== null && last !== undefined && isWithin(target, zone) && isWithin(last.data, zone)
  return isInside && reply?.rcode === 'NXDOMAIN'
    ? [{ via: 'CNAME', target, status: 'NXDOMAIN', service: null, claim: null, page: 'unasked' }]
    : []
}

/** The service that an address belongs to, for names that cannot be an alias. */
const addressLead = async (context: CollectContext, name: string, address: string | undefined): Promise<Lead[]> => {
  const service = address ? serviceAt(address) : null
  if (!address || !service) return []
  const page = await pageOf(context, name, service)
  return [{ via: 'ALIAS', target: address, status: 'NOERROR', service: service.name, claim: service.claim, page }]
}

/** Whether any server of a delegation serves the name; null when that could not be found out. */
const delegationAnswers = async (
  context: CollectContext,
  name: string,
  nameservers: readonly string[],
  reply: DnsReply,
): Promise<boolean | null> => {
  const asked = nameservers.slice(0, 4)
  const resolved = await Promise.all(asked.map(server => resolveServer(context, server)))
  // The address of a server inside the part that it serves stands in the glue alone where the server does not serve it.
  const addresses = [...resolved.flatMap(server => server.addresses), ...glueOf(reply, asked)].slice(0, 8)
  const replies = await Promise.all(addresses.map(server => ask(context, server, name, 'SOA')))
  const answers = replies.flatMap(reply => (reply.ok ? [reply.value] : []))
  if (answers.some(answer => answer.authoritative && answer.rcode === 'NOERROR')) return true
  const isNowhere = resolved.every(server => ['NXDOMAIN', 'NODATA'].includes(server.status))
  return answers.length || isNowhere ? false : null
}

const fact: FactDefinition<Dangling> = {
  on: 'name',
  deadlines: 16,
  async collect(subject, context) {
    const name = normaliseName(subject.name)
    const domain = context.target.domain ?? name
    const of = subject.parent ?? subject
    const known = await context.need('nameServers', of)
    if (!known.ok) return known
    const { zone } = known.value
    const first = await firstAnswer(context, answeringServers(known.value), name, 'A', answer =>
      ['NOERROR', 'NXDOMAIN'].includes(answer.rcode),
    )
    const reply = first?.reply
    const target = aliasOf(reply, name)
    const mail = async (): Promise<Lead[]> => {
      const targets = name === domain ? await mailTargets(context, domain) : await subMailTargets(context, of, name)
      // An address in the place of a name is a fault of its own (mx).
      const names = targets.filter(([via, to]) => to !== '' && isIP(to) === 0 && (via !== 'MX' || !isWithin(to, zone)))
      return followed(context, name, names)
    }
    const [alias, ofMail] = await Promise.all([
      followed(context, name, target && !isWithin(target, zone) ? [['CNAME', target]] : []),
      mail(),
    ])
    const cut = reply && !reply.authoritative ? recordsOf(reply.authorities, name, 'NS') : []
    const nameservers = targetsOf(cut)
    const handedTo = name === zone ? [...(known.value.parent ?? []), ...known.value.child] : nameservers
    const ofServers = await followed(
      context,
      name,
      handedTo.filter(server => !isWithin(server, zone)).map((server): [Lead['via'], string] => ['NS', server]),
    )
    const address = target ? undefined : reply?.answers.find(record => record.type === 'A')?.data
    const leads = [
      ...alias,
      ...ofMail,
      ...ofServers,
      ...goneInside(reply, target, zone),
      ...(await addressLead(context, name, address)),
    ]
    if (!reply && leads.length === 0) return missing('servfail', `no name server says where ${name} leads`)
    const delegation = nameservers.length
      ? { nameservers, answers: await delegationAnswers(context, name, nameservers, reply!) }
      : null
    const sorted = leads.sort((a, b) => (`${a.via} ${a.target}` < `${b.via} ${b.target}` ? -1 : 1))
    return observed({ name, leads: sorted, delegation }, context.now())
  },
}
export default fact

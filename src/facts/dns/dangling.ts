// Where a name leads outside its own zone, and whether anything is still there: aliases, delegations, mail servers, SPF, reports.

import { isIP } from 'node:net'
import { missing, observed, type Subject } from '../../core/fact.ts'
import { type DanglingService, danglingServices, serviceOf } from '../../data/dangling-services.ts'
import { networkHolds } from '../../formats/dns/ip-network.ts'
import { isWithin, normaliseName } from '../../formats/dns/name.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'
import { getOnce } from '../http/fetch.ts'
import { ask, firstAnswer, recordsOf, resolveServer, targetsOf } from './authority.ts'
import { answeringServers } from './name-servers.ts'

export type Lead = {
  /** `ALIAS`: an address of a service, as its table gives it for names that cannot be an alias; `target` is the address. */
  via: 'CNAME' | 'ALIAS' | 'MX' | 'SPF' | 'report'
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
  const [mx, texts, dmarc, tlsrpt] = await Promise.all([
    context.net.dns.lookup(domain, 'MX'),
    textOf(context, domain),
    textOf(context, `_dmarc.${domain}`),
    textOf(context, `_smtp._tls.${domain}`),
  ])
  const exchanges = mx.ok
    ? mx.value.records.map(record => String(record.fields?.['exchange'] ?? '')).filter(Boolean)
    : []
  const reports = [...dmarc, ...tlsrpt].flatMap(text =>
    [...text.matchAll(/mailto:[^\s,;!@]+@([a-z0-9.-]+)/gi)].map(match => match[1]!),
  )
  return [
    ...exchanges.map((name): [Lead['via'], string] => ['MX', normaliseName(name)]),
    ...spfTargets(texts),
    ...reports.map((name): [Lead['via'], string] => ['report', normaliseName(name)]),
  ]
}

/** A name that only mail leads to exists when it has any record, not just an address. */
const existsFor = async (context: CollectContext, via: Lead['via'], name: string): Promise<Lead['status']> => {
  if (via === 'MX' || via === 'CNAME') return statusOf(context, name)
  const answer = await context.net.dns.lookup(name, via === 'SPF' ? 'TXT' : 'MX')
  return answer.ok ? answer.value.status : 'unknown'
}

const fact: FactDefinition<Dangling> = {
  on: 'name',
  deadlines: 16,
  async collect(subject, context) {
    const name = normaliseName(subject.name)
    const domain = context.target.domain ?? name
    const known = await context.need('nameServers', subject.parent ?? subject)
    if (!known.ok) return known
    const servers = answeringServers(known.value)
    const isApex = name === domain
    const reply = await firstAnswer(context, servers, name, 'A', answer =>
      ['NOERROR', 'NXDOMAIN'].includes(answer.rcode),
    )
    const alias = reply ? recordsOf(reply.reply.answers, name, 'CNAME')[0] : undefined
    // A number where a name belongs is the alias's own fault, not a target that is gone.
    const target = alias && !/^\d+(\.\d+){3}\.?$/.test(alias.data) ? normaliseName(alias.data) : null
    const outside = (to: string): boolean => !isWithin(to, known.value.zone)
    const mail = isApex
      ? mailTargets(context, domain)
      : subMailTargets(context, subject.parent ?? subject, name).then(targets => targets.filter(([, to]) => to !== ''))
    const followed = async (targets: [Lead['via'], string][]): Promise<Lead[]> =>
      Promise.all(
        [...new Map(targets.map(pair => [pair.join(' '), pair])).values()].map(async ([via, to]): Promise<Lead> => {
          const service = via === 'CNAME' ? serviceOf(to) : null
          const status = await existsFor(context, via, to)
          return {
            via,
            target: to,
            status,
            service: service?.name ?? null,
            claim: service?.claim ?? null,
            page: via === 'CNAME' && status === 'NOERROR' ? await pageOf(context, name, service) : 'unasked',
          }
        }),
      )
    // An alias inside the zone: the zone's own server says whether the chain ends at a name that exists (RFC 2308 §2.1).
    const last = reply?.reply.answers.findLast(record => record.type === 'CNAME')
    const gone: Lead[] =
      target && last && !outside(target) && !outside(last.data) && reply?.reply.rcode === 'NXDOMAIN'
        ? [{ via: 'CNAME', target, status: 'NXDOMAIN', service: null, claim: null, page: 'unasked' }]
        : []
    const leads = (
      await Promise.all([
        followed(target && outside(target) ? [['CNAME', target]] : []),
        // An address in the place of a name is a fault of its own (mx).
        mail.then(targets => followed(targets.filter(([via, to]) => isIP(to) === 0 && (via !== 'MX' || outside(to))))),
      ])
    ).flat()
    leads.push(...gone)
    const address = target ? undefined : reply?.reply.answers.find(record => record.type === 'A')?.data
    const host = address ? serviceAt(address) : null
    if (address && host)
      leads.push({
        via: 'ALIAS',
        target: address,
        status: 'NOERROR',
        service: host.name,
        claim: host.claim,
        page: await pageOf(context, name, host),
      })
    if (!reply && leads.length === 0) return missing('servfail', `no name server says where ${name} leads`)
    const cut = reply && !reply.reply.authoritative ? recordsOf(reply.reply.authorities, name, 'NS') : []
    const nameservers = targetsOf(cut)
    let answers: boolean | null = null
    if (nameservers.length) {
      const resolved = await Promise.all(nameservers.slice(0, 4).map(server => resolveServer(context, server)))
      const addresses = resolved.flatMap(server => server.addresses)
      const replies = await Promise.all(addresses.slice(0, 8).map(server => ask(context, server, name, 'SOA')))
      const heard = replies.flatMap(one => (one.ok ? [one.value] : []))
      answers = heard.some(one => one.authoritative && one.rcode === 'NOERROR')
        ? true
        : heard.length || resolved.every(server => ['NXDOMAIN', 'NODATA'].includes(server.status))
          ? false
          : null
    }
    return observed(
      {
        name,
        leads: leads.sort((a, b) => (`${a.via} ${a.target}` < `${b.via} ${b.target}` ? -1 : 1)),
        delegation: nameservers.length ? { nameservers, answers } : null,
      },
      context.now(),
    )
  },
}
export default fact

// Where DMARC reports go: whether other domains agreed to receive them (RFC 9990 §4), and whether mail can arrive there.
import { type Fact, notApplicable, observed } from '../../core/fact.ts'
import { type DmarcUri, isDmarc } from '../../formats/dmarc/dmarc.ts'
import type { ReportTarget, ReportTargets } from '../../formats/dmarc/report-addresses.ts'
import { registrableDomain } from '../../formats/dns/registrable-domain.ts'
import type { DnsLookup, Network } from '../../net/network.ts'
import type { FactDefinition } from '../definition.ts'
import { mxFields, txtLookup } from './mail-lookups.ts'

/** Addresses that are looked into: a record with more is cut by receivers long before. */
const targetLimit = 20

/** Whether mail can be delivered to a domain; null where that could not be asked. Without MX records its own address takes mail (RFC 5321 §5.1). */
const takesMail = (mx: Fact<DnsLookup>, a: Fact<DnsLookup>): boolean | null => {
  if (!mx.ok) return null
  const hosts = mx.value.records.map(mxFields).filter(host => host.exchange !== '' && host.exchange !== '.')
  if (hosts.length > 0) return true
  // A null MX refuses all mail (RFC 7505).
  if (mx.value.records.length > 0) return false
  return a.ok ? a.value.records.length > 0 : null
}

/** One address. Below the same organizational domain no consent is needed; old receivers judge that by the Public Suffix List. */
const targetOf = async (
  tag: ReportTarget['tag'],
  { uri, address, domain }: DmarcUri & { domain: string },
  { at, organizational }: { at: string; organizational: string },
  dns: Network['dns'],
): Promise<ReportTarget> => {
  const external =
    domain !== organizational &&
    !domain.endsWith(`.${organizational}`) &&
    registrableDomain(domain) !== registrableDomain(organizational)
  const authorisation = `${at}._report._dmarc.${domain}`
  const [consent, mx, a] = await Promise.all([
    external ? txtLookup(dns, authorisation) : null,
    dns.lookup(domain, 'MX'),
    dns.lookup(domain, 'A'),
  ])
  return {
    tag,
    address: address ?? uri,
    domain,
    external,
    authorised: consent?.ok ? consent.records.some(text => isDmarc(text)) : null,
    authorisation: external ? authorisation : null,
    receives: takesMail(mx, a),
  }
}

/** Reports are mailed (RFC 9990 §3): an address of the web receives none. */
const isMailed = (uri: DmarcUri): uri is DmarcUri & { domain: string } => uri.valid && uri.domain !== null

const fact: FactDefinition<ReportTargets> = {
  on: 'domain',
  async collect(_subject, context) {
    const dmarc = await context.need('dmarc')
    if (!dmarc.ok) return dmarc
    const { record, at, organizational } = dmarc.value.walk
    if (!record || at === null) return notApplicable('there is no DMARC record')
    const rua = record.rua.filter(isMailed)
    const all = [
      ...rua.map(uri => ({ tag: 'rua' as const, uri })),
      ...record.ruf.filter(isMailed).map(uri => ({ tag: 'ruf' as const, uri })),
    ]
    const targets = await Promise.all(
      all.slice(0, targetLimit).map(({ tag, uri }) => targetOf(tag, uri, { at, organizational }, context.net.dns)),
    )
    const { alias } = dmarc.value
    return observed({ record: record.text, at, alias, targets, rua: rua.length }, context.now())
  },
}
export default fact

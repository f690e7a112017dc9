// Lookups as the mail formats want them: TXT as joined latin1 text, an error never mistaken for "no record".
import type { Fact, Missing } from '../../core/fact.ts'
import type { TargetSender } from '../../core/target.ts'
import { type DmarcPolicy, type DmarcRecord, effectivePolicies } from '../../formats/dmarc/dmarc.ts'
import { walkDmarc } from '../../formats/dmarc/tree-walk.ts'
import { domainOfAddress } from '../../formats/mail/address.ts'
import type { SpfAnswer, SpfLookup } from '../../formats/spf/evaluate.ts'
import type { DnsLookup, Resolver } from '../../net/network.ts'

/** Name as the resolver takes it: bytes outside printable ASCII and backslashes escaped (RFC 1035 §5.1). */
export const escapeName = (name: string): string =>
  name.replace(/[^\x21-\x7e]|[\\"]/g, character => `\\${character.charCodeAt(0).toString().padStart(3, '0')}`)

const unescapeName = (name: string): string =>
  name.replace(/\\(\d{3})/g, (_, digits: string) => String.fromCharCode(Number(digits)))

const words = (missing: Missing): string => missing.message || missing.reason

/** What was found, as text: addresses, TXT, names; MX hosts in the order of preference, then name. */
export const recordTexts = (lookup: DnsLookup, type: string): string[] => {
  const of = lookup.records.filter(record => record.type === type)
  // Servers rotate their answers: sorted, two runs say the same.
  if (type !== 'MX') return of.map(record => (type === 'PTR' ? unescapeName(record.data) : record.data)).sort()
  return of
    .map(mxFields)
    .sort((a, b) => a.preference - b.preference || (a.exchange < b.exchange ? -1 : 1))
    .map(({ exchange }) => unescapeName(exchange))
}

/** Preference and exchange of an MX record; the exchange without its trailing dot, `''` for the null MX. */
export const mxFields = (record: {
  data: string
  fields?: Record<string, unknown>
}): { preference: number; exchange: string } => {
  const [preference = '0', exchange = ''] = record.data.split(/\s+/)
  return {
    preference: Number(record.fields?.preference ?? preference),
    exchange: String(record.fields?.exchange ?? exchange)
      .toLowerCase()
      .replace(/\.$/, ''),
  }
}

const answerOf = (fact: Fact<DnsLookup>, type: string): SpfAnswer =>
  fact.ok
    ? { ok: true, status: fact.value.status, records: recordTexts(fact.value, type) }
    : { ok: false, message: words(fact) }

/** The lookup that SPF evaluation and the include tree are handed. */
export const spfLookup =
  (dns: Pick<Resolver, 'lookup'>): SpfLookup =>
  async (name, type) =>
    answerOf(await dns.lookup(escapeName(name), type), type)

/** TXT records of a name as joined text. */
export const txtLookup = async (
  dns: Pick<Resolver, 'lookup'>,
  name: string,
): Promise<
  | { ok: true; status: DnsLookup['status']; records: string[]; cnames: string[] }
  | { ok: false; missing: Missing; message: string }
> => {
  const fact = await dns.lookup(escapeName(name), 'TXT')
  return fact.ok
    ? { ok: true, status: fact.value.status, records: recordTexts(fact.value, 'TXT'), cnames: fact.value.cnames }
    : { ok: false, missing: fact, message: words(fact) }
}

/** The domain in From, and the domain of the envelope sender as the config says it (null: it does not). */
export const senderDomains = (sender: TargetSender, domain: string): { from: string; envelope: string | null } => ({
  from: domainOfAddress(sender.from) ?? domain,
  envelope: domainOfAddress(sender.returnPath),
})

/** The walk from a name: its organizational domain, the record that applies there, and the policy that receivers act on. */
export const organizationalOf = async (
  name: string,
  dns: Pick<Resolver, 'lookup'>,
): Promise<{ organizational: string; record: DmarcRecord | null; policy: DmarcPolicy }> => {
  const walk = await walkDmarc(name, async target => {
    const answer = await txtLookup(dns, target)
    return answer.ok ? { ok: true, records: answer.records } : { ok: false, message: answer.message }
  })
  const policies = walk.record ? effectivePolicies(walk.record) : null
  return {
    organizational: walk.organizational,
    record: walk.record,
    policy: policies === null ? 'none' : walk.applies === 'domain' ? policies.domain : policies.subdomains,
  }
}

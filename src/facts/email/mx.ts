// Where mail for the domain goes: its MX records, and what each host resolves to.
import { isIP } from 'node:net'
import { nameGone, observed } from '../../core/fact.ts'
import type { MxHost } from '../../formats/mail/mx.ts'
import { isDocumentationAddress, isPrivateAddress } from '../../net/addresses.ts'
import type { DnsLookup } from '../../net/network.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'
import { escapeName, mxFields } from './mail-lookups.ts'

export type Mx = {
  status: DnsLookup['status']
  ttl: number | null
  /** A null MX is there: `0 .` (RFC 7505). */
  nullMx: boolean
  /** All other records, by preference, then name; at most 30. */
  hosts: MxHost[]
  /** Without MX records mail goes to the domain's own addresses (RFC 5321 §5.1). */
  implicit: string[]
}

const hostLimit = 30

/** In a made-up world (`--connect-to` leads somewhere) a documentation address stands for a public one, whether or not port 25 is led too. */
const isPrivate = (exchange: string, address: string, context: CollectContext): boolean =>
  isPrivateAddress(address) &&
  !context.net.isMapped(exchange, address, 25) &&
  !(isDocumentationAddress(address) && context.net.options.connectTo.length > 0)

const resolveHost = async (exchange: string, preference: number, context: CollectContext): Promise<MxHost> => {
  const host: MxHost = { exchange, preference, state: 'resolves', cnames: [], addresses: [], message: null }
  if (isIP(exchange)) return { ...host, state: 'is-address' }
  const answers = await Promise.all([
    context.net.dns.lookup(escapeName(exchange), 'A'),
    context.net.dns.lookup(escapeName(exchange), 'AAAA'),
  ])
  const seen = answers.flatMap(answer => (answer.ok ? [answer.value] : []))
  host.cnames = seen[0]?.cnames ?? []
  host.addresses = seen
    .flatMap(answer => answer.records)
    .map(record => ({
      address: record.data,
      family: record.type === 'AAAA' ? (6 as const) : (4 as const),
      private: isPrivate(exchange, record.data, context),
    }))
    .sort((a, b) => a.family - b.family || (a.address < b.address ? -1 : 1))
  if (host.addresses.length) return host
  const failed = answers.find(answer => !answer.ok)
  if (failed && !failed.ok) return { ...host, state: 'unknown', message: failed.message }
  return { ...host, state: seen.some(answer => answer.status === 'NXDOMAIN') ? 'nxdomain' : 'no-address' }
}

const fact: FactDefinition<Mx> = {
  on: 'domain',
  async collect(subject, context) {
    const [answer, own] = await Promise.all([
      context.net.dns.lookup(subject.name, 'MX'),
      context.net.dns.lookup(subject.name, 'A'),
    ])
    if (!answer.ok) return answer
    if (answer.value.status === 'NXDOMAIN') return nameGone(subject.name, `${subject.name} does not exist`)
    const records = answer.value.records.filter(record => record.type === 'MX').map(mxFields)
    const real = records
      .filter(record => record.exchange !== '' && record.exchange !== '.')
      .sort((a, b) => a.preference - b.preference || (a.exchange < b.exchange ? -1 : 1))
      .slice(0, hostLimit)
    return observed(
      {
        status: answer.value.status,
        ttl: answer.value.records[0]?.ttl ?? null,
        nullMx: records.length !== 0 && records.some(record => record.exchange === '' || record.exchange === '.'),
        hosts: await Promise.all(real.map(record => resolveHost(record.exchange, record.preference, context))),
        implicit: records.length || !own.ok ? [] : own.value.records.map(record => record.data).sort(),
      },
      context.now(),
    )
  },
}
export default fact

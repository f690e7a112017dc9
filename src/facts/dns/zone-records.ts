// The zone's records as its own servers have them: the whole zone where a transfer is open, else every name that is known.

import { missing, observed } from '../../core/fact.ts'
import { serviceNames } from '../../data/common-names.ts'
import { isWithin, normaliseName } from '../../formats/dns/name.ts'
import type { FactDefinition } from '../definition.ts'
import { ask } from './authority.ts'
import { answeringServers } from './name-servers.ts'
import { plainRecords } from './zone-transfer.ts'

export type ZoneRecord = { name: string; type: string; ttl: number; data: string }

export type ZoneRecords = {
  zone: string
  /** `transfer`: this is everything. `names`: what was asked for by name; there may be more. */
  source: 'transfer' | 'names'
  /** Sorted by name, type, data. */
  records: ZoneRecord[]
  /** Name and type that could not be read. */
  unread: string[]
}

const apexTypes = ['SOA', 'NS', 'A', 'AAAA', 'MX', 'TXT', 'CAA', 'HTTPS']
/** An alias is asked for itself: some servers answer from the other records of its name where they have any. */
const hostTypes = ['A', 'AAAA', 'CNAME', 'MX', 'TXT', 'CAA']

const fact: FactDefinition<ZoneRecords> = {
  on: 'domain',
  deadlines: 16,
  async collect(subject, context) {
    const known = await context.need('nameServers', subject)
    if (!known.ok) return known
    const { zone } = known.value
    const transfer = await context.need('zoneTransfer', subject)
    if (transfer.ok && transfer.value.records)
      return observed(
        {
          zone,
          source: 'transfer',
          records: transfer.value.records.filter(record => !['RRSIG', 'NSEC', 'NSEC3'].includes(record.type)),
          unread: [],
        },
        context.now(),
      )
    const found = await context.need('foundNames', subject)
    const servers = answeringServers(known.value)
    if (servers.length === 0) return missing('servfail', `no name server of ${zone} answers with authority`)
    const existing = found.ok ? found.value.names.filter(name => name.exists).map(name => name.name) : []
    const inZone = [...known.value.child, ...known.value.servers.map(server => server.name)].filter(name =>
      isWithin(name, zone),
    )
    const names = [...new Set([subject.name, ...existing, ...inZone])].filter(name => isWithin(name, zone))
    const questions: [string, string][] = [
      ...apexTypes.map((type): [string, string] => [zone, type]),
      ...names.filter(name => name !== zone).flatMap(name => hostTypes.map((type): [string, string] => [name, type])),
      ...serviceNames.flatMap(label =>
        ['TXT', 'CNAME'].map((type): [string, string] => [`${label}.${subject.name}`, type]),
      ),
    ]
    const answers = await Promise.all(
      questions.map(async ([name, type], at) => {
        // Spread over the servers; a second one is asked where the first fails.
        for (const server of [servers[at % servers.length]!, servers[(at + 1) % servers.length]!]) {
          const reply = await ask(context, server, name, type)
          if (reply.ok && ['NOERROR', 'NXDOMAIN'].includes(reply.value.rcode)) {
            const cut = reply.value.authoritative
              ? []
              : reply.value.authorities.filter(record => record.type === 'NS' && normaliseName(record.name) !== zone)
            return { records: [...reply.value.answers, ...cut], failed: null }
          }
        }
        return { records: [], failed: `${name} ${type}` }
      }),
    )
    const records = plainRecords(
      answers
        .flatMap(answer => answer.records)
        .filter(record => isWithin(record.name, zone) && record.type !== 'RRSIG'),
    )
    return observed(
      {
        zone,
        source: 'names',
        records,
        unread: answers.flatMap(answer => (answer.failed ? [answer.failed] : [])).sort(),
      },
      context.now(),
    )
  },
}
export default fact

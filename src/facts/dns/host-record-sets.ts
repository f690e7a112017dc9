// The authoritative records of every host of the domain, side by side.
import { type Fact, observed } from '../../core/fact.ts'
import type { FactDefinition } from '../definition.ts'
import { hostSubject } from '../subjects.ts'
import type { HostRecords } from './host-records.ts'

export type HostRecordSets = { host: string; records: Fact<HostRecords> }[]

const fact: FactDefinition<HostRecordSets> = {
  on: 'domain',
  deadlines: 12,
  async collect(subject, context) {
    const known = await context.need('nameServers', subject)
    if (!known.ok) return known
    const found = await context.need('hosts', subject)
    if (!found.ok) return found
    const hosts = found.value.hosts.map(({ name }) => hostSubject(name, subject.name))
    const sets = await Promise.all(
      hosts.map(async host => ({ host: host.name, records: await context.need('hostRecords', host) })),
    )
    return observed(
      sets.sort((a, b) => (a.host < b.host ? -1 : 1)),
      context.now(),
    )
  },
}
export default fact

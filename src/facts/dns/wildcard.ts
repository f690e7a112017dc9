// What the zone says of names that nobody has.
import { missing, observed } from '../../core/fact.ts'
import type { FactDefinition } from '../definition.ts'
import { impossibleLabel } from '../http/hosts.ts'
import { firstAnswer } from './authority.ts'
import { answeringServers } from './name-servers.ts'

export type Wildcard = {
  /** The name that cannot exist. */
  asked: string
  /** What came back, without the name: the same for every invented name. Sorted. */
  records: { type: string; data: string; ttl: number }[]
}

const fact: FactDefinition<Wildcard> = {
  on: 'domain',
  async collect(subject, context) {
    const known = await context.need('nameServers', subject)
    if (!known.ok) return known
    const asked = `${impossibleLabel(subject.name)}.${subject.name}`
    const servers = answeringServers(known.value)
    const answers = await Promise.all(
      ['A', 'AAAA', 'MX'].map(type =>
        firstAnswer(context, servers, asked, type, reply => ['NOERROR', 'NXDOMAIN'].includes(reply.rcode)),
      ),
    )
    if (answers.some(answer => answer === null))
      return missing('servfail', `no name server says whether ${asked} exists`)
    const records = answers
      .flatMap(answer => answer!.reply.answers)
      .filter(record => record.name === asked && record.type !== 'RRSIG')
    const unique = new Map(records.map(({ type, data, ttl }) => [`${type} ${data}`, { type, data, ttl }]))
    return observed(
      { asked, records: [...unique.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, record]) => record) },
      context.now(),
    )
  },
}
export default fact

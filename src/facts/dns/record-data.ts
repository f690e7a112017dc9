// One expected record as the zone's servers have it now.
import { missing, notApplicable, observed } from '../../core/fact.ts'
import { isWithin, normaliseName } from '../../formats/dns/name.ts'
import type { FactDefinition } from '../definition.ts'
import { firstAnswer } from './authority.ts'
import { answeringServers } from './name-servers.ts'

export type RecordData = { name: string; type: string; ttl: number | null; data: string[] }

const fact: FactDefinition<RecordData> = {
  on: 'record',
  async collect(subject, context) {
    const [written = '', type = ''] = subject.name.trim().split(/\s+/)
    if (Object.keys(context.target.expectedRecords).length === 0) return notApplicable('no records are expected')
    const name = normaliseName(written)
    const known = await context.need('nameServers', subject.parent ?? subject)
    if (!known.ok) return known
    if (!isWithin(name, known.value.zone))
      return missing('unsupported', `${name} is not in the zone ${known.value.zone}`)
    const answer = await firstAnswer(context, answeringServers(known.value), name, type.toUpperCase(), reply =>
      ['NOERROR', 'NXDOMAIN'].includes(reply.rcode),
    )
    if (!answer) return missing('servfail', `no name server answered for ${subject.name}`)
    const records = answer.reply.answers.filter(
      record => record.type === type.toUpperCase() && normaliseName(record.name) === name,
    )
    return observed(
      { name, type: type.toUpperCase(), ttl: records[0]?.ttl ?? null, data: records.map(record => record.data).sort() },
      context.now(),
    )
  },
}
export default fact

// The way an alias takes: each CNAME asked for alone, so that a loop or a long chain is seen as it is.
import { notApplicable, observed } from '../../core/fact.ts'
import { normaliseName } from '../../formats/dns/name.ts'
import type { FactDefinition } from '../definition.ts'

export type CnameChain = { name: string; targets: string[]; loop: boolean }

const fact: FactDefinition<CnameChain> = {
  on: 'record',
  deadlines: 12,
  async collect(subject, context) {
    const [name = '', type] = subject.name.split(' ')
    if (type !== 'CNAME') return notApplicable('it is not an alias')
    const zone = await context.need('zoneRecords', subject.parent ?? subject)
    const own = zone.ok ? zone.value.records : []
    const targets: string[] = []
    let at = normaliseName(name)
    for (let step = 0; step < 12; step++) {
      const local = own.find(record => record.name === at && record.type === 'CNAME')
      let next = local ? normaliseName(local.data) : null
      if (next === null) {
        const answer = await context.net.dns.lookup(at, 'CNAME')
        if (!answer.ok) return targets.length ? observed({ name, targets, loop: false }, context.now()) : answer
        next = answer.value.records[0] ? normaliseName(answer.value.records[0].data) : null
      }
      if (next === null) break
      if (next === normaliseName(name) || targets.includes(next))
        return observed({ name, targets: [...targets, next], loop: true }, context.now())
      targets.push(next)
      at = next
    }
    return observed({ name, targets, loop: false }, context.now())
  },
}
export default fact

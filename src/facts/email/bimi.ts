// BIMI: the default record and its logo.
import { observed } from '../../core/fact.ts'
import { type BimiRecord, isBimi, logoFaults, parseBimi } from '../../formats/mail/bimi.ts'
import type { FactDefinition } from '../definition.ts'
import { txtLookup } from './mail-lookups.ts'

export type Bimi = {
  texts: string[]
  record: BimiRecord | null
  /** Null when there is no logo to fetch, or it could not be fetched from here (`problem`). */
  logo: { url: string; status: number; faults: string[] } | null
  problem: string | null
}

const logoBytes = 262_144

const fact: FactDefinition<Bimi> = {
  on: 'domain',
  async collect(subject, context) {
    const answer = await txtLookup(context.net.dns, `default._bimi.${subject.name}`)
    if (!answer.ok) return answer.missing
    const texts = answer.records
      .filter(isBimi)
      .map(text => text.slice(0, 600))
      .sort()
    const record = texts[0] === undefined ? null : parseBimi(texts[0])
    if (!record?.logo || !/^https:/i.test(record.logo))
      return observed({ texts, record, logo: null, problem: null }, context.now())
    const exchange = await context.net.http({ url: record.logo, follow: 3, maxBytes: logoBytes })
    if (!exchange.ok) return observed({ texts, record, logo: null, problem: exchange.message }, context.now())
    const hop = exchange.value.hops.at(-1)
    const status = hop?.status ?? 0
    const faults = status === 200 && hop ? logoFaults(hop.body, hop.decodedBytes) : [`its address says ${status}`]
    return observed({ texts, record, logo: { url: record.logo, status, faults }, problem: null }, context.now())
  },
}
export default fact

// TLSA records of one mail server, and whether its zone is signed (an unsigned one makes them void).
import { observed } from '../../core/fact.ts'
import { parseTlsa, type Tlsa as TlsaRecord } from '../../formats/mail/tlsa.ts'
import type { FactDefinition } from '../definition.ts'

export type Tlsa = {
  name: string
  records: TlsaRecord[]
  /** The resolver validated the answer, or a signature stands beside it. Null when neither could be asked. */
  signed: boolean | null
}

const fact: FactDefinition<Tlsa> = {
  on: 'mx-host',
  async collect(subject, context) {
    const name = `_25._tcp.${subject.name}`
    const answer = await context.net.dns.lookup(name, 'TLSA')
    if (!answer.ok) return answer
    const records = answer.value.records
      .filter(record => record.type === 'TLSA')
      .map(record => parseTlsa(record.data))
      .filter(record => record !== null)
      .slice(0, 20)
      .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
    if (records.length === 0) return observed({ name, records, signed: null }, context.now())
    let signed: boolean | null = answer.value.authenticData
    if (!signed) {
      const asked = await context.net.dns.query(name, 'TLSA', { dnssec: true })
      signed =
        asked.ok && asked.value.rcode === 'NOERROR'
          ? asked.value.authenticData || asked.value.answers.some(record => record.type === 'RRSIG')
          : null
    }
    return observed({ name, records, signed }, context.now())
  },
}
export default fact

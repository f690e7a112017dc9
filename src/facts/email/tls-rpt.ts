// The TLS-RPT record of the domain.
import { observed } from '../../core/fact.ts'
import { isTlsRpt, parseTlsRpt, type TlsRptRecord } from '../../formats/mail/tls-rpt.ts'
import type { FactDefinition } from '../definition.ts'
import { txtLookup } from './mail-lookups.ts'

/** `texts` are records meant as TLS-RPT; senders use none of several. */
export type TlsRpt = { texts: string[]; record: TlsRptRecord | null }

const fact: FactDefinition<TlsRpt> = {
  on: 'domain',
  async collect(subject, context) {
    const answer = await txtLookup(context.net.dns, `_smtp._tls.${subject.name}`)
    if (!answer.ok) return answer.missing
    const texts = answer.records
      .filter(text => /^\s*v\s*=\s*TLSRPT/i.test(text) || isTlsRpt(text))
      .map(text => text.slice(0, 600))
      .sort()
    return observed({ texts, record: texts[0] === undefined ? null : parseTlsRpt(texts[0]) }, context.now())
  },
}
export default fact

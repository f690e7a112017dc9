// Records with which a message would have passed SPF or DMARC.
import { parseDmarc, rewriteDmarc } from '../dmarc/dmarc.ts'
import { addToSpf, parseSpf } from '../spf/spf.ts'
import type { MessageEvidence, MessageSpf } from './evidence.ts'

/**
 * The SPF record of `spf.domain` that lets the server of this message send. Null where it passes already, the domain is not
 * yours, the message does not tell the server, or the record needs another repair.
 */
export const authorisedSpf = (
  spf: Pick<MessageSpf, 'ip' | 'domain' | 'aligned' | 'result' | 'record'>,
): string | null => {
  if (!spf.ip || !spf.domain || spf.aligned === false || spf.result === 'pass' || spf.result === 'permerror')
    return null
  const term = `${spf.ip.includes(':') ? 'ip6' : 'ip4'}:${spf.ip}`
  if (spf.record === null) return spf.result === 'none' ? `v=spf1 ${term} ~all` : null
  return parseSpf(spf.record).faults.length ? null : addToSpf(spf.record, [term])
}

/** The DMARC record with relaxed alignment, where that is all that is missing; null otherwise. */
export const relaxedDmarc = ({ dkim, spf, dmarc }: Pick<MessageEvidence, 'dkim' | 'spf' | 'dmarc'>): string | null => {
  if (!dmarc.record || !dmarc.organizational) return null
  const record = parseDmarc(dmarc.record)
  const within = (domain: string | null): boolean =>
    domain !== null && (domain === dmarc.organizational || domain.endsWith(`.${dmarc.organizational}`))
  const byDkim = record.adkim === 's' && dkim.some(item => item.result === 'pass' && within(item.domain))
  const bySpf = record.aspf === 's' && spf.result === 'pass' && within(spf.domain)
  if (!byDkim && !bySpf) return null
  return rewriteDmarc(record, { ...(byDkim ? { adkim: null } : {}), ...(bySpf ? { aspf: null } : {}) })
}

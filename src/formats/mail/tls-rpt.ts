// TLS-RPT records (RFC 8460 §3): where reports of failed encrypted deliveries go.
import { extensionName, parseTagList, tagValue } from '../dkim/tag-list.ts'

export type TlsRptRecord = { rua: string[]; faults: string[] }

/** True for text that senders take as a TLS-RPT record. */
export const isTlsRpt = (text: string): boolean => /^v=TLSRPTv1(\s*;|\s*$)/.test(text)

export const parseTlsRpt = (text: string): TlsRptRecord => {
  const tags = parseTagList(text, extensionName)
  const faults = tags.faults.map(fault => fault.message)
  if (!isTlsRpt(text)) faults.unshift('the record must begin with exactly "v=TLSRPTv1;"')
  const rua = (tagValue(tags, 'rua') ?? '')
    .split(',')
    .map(part => part.trim())
    .filter(Boolean)
  if (rua.length === 0) faults.push('rua= is missing')
  for (const uri of rua)
    if (!/^mailto:[^@\s,!?]+@[^@\s,!?]+\.[a-z0-9-]+(\?[^\s,!]*)?$/i.test(uri) && !/^https:\/\/[^\s]+$/i.test(uri))
      faults.push(`"${uri.slice(0, 80)}" is neither mailto: nor https:`)
  return { rua, faults }
}

/** The record as it was meant: addresses that only lack their `mailto:` are kept; a mailbox of the domain where none is left. */
export const meantTlsRpt = (record: Pick<TlsRptRecord, 'rua'> | null, domain: string): string => {
  const meant = record?.rua.map(uri => (/^[^@\s:]+@[^@\s]+$/.test(uri) ? `mailto:${uri}` : uri)) ?? []
  const sound = meant.filter(uri => /^(mailto:[^@\s?]+@[^@\s?]+(\?\S*)?|https:\/\/\S+)$/i.test(uri))
  return `v=TLSRPTv1; rua=${sound.length ? sound.join(',') : `mailto:tls-reports@${domain}`}`
}

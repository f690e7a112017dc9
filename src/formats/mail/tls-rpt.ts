// TLS-RPT records (RFC 8460 §3): where reports of failed encrypted deliveries go.
import { parseTagList, tagValue } from '../dkim/tag-list.ts'

export type TlsRptRecord = { rua: string[]; faults: string[] }

/** True for text that senders take as a TLS-RPT record. */
export const isTlsRpt = (text: string): boolean => /^v=TLSRPTv1(\s*;|\s*$)/.test(text)

export const parseTlsRpt = (text: string): TlsRptRecord => {
  const tags = parseTagList(text)
  const faults = tags.faults.map(fault => fault.message)
  if (!isTlsRpt(text)) faults.unshift('the record must begin with exactly "v=TLSRPTv1;"')
  const rua = (tagValue(tags, 'rua') ?? '')
    .split(',')
    .map(part => part.trim())
    .filter(Boolean)
  if (rua.length === 0) faults.push('rua= is missing')
  for (const uri of rua)
    if (!/^mailto:[^@\s,!]+@[^@\s,!]+\.[a-z0-9-]+$/i.test(uri) && !/^https:\/\/[^\s]+$/i.test(uri))
      faults.push(`"${uri.slice(0, 80)}" is neither mailto: nor https:`)
  return { rua, faults }
}

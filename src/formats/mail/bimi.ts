// BIMI records and logos (draft-brand-indicators-for-message-identification): the mark beside mail in some mailboxes.
import { extensionName, parseTagList, tagValue } from '../dkim/tag-list.ts'

export type BimiRecord = { logo: string | null; certificate: string | null; declined: boolean; faults: string[] }

export const isBimi = (text: string): boolean => /^v=BIMI1(\s*;|\s*$)/i.test(text)

export const parseBimi = (text: string): BimiRecord => {
  const tags = parseTagList(text, extensionName)
  const faults = tags.faults.map(fault => fault.message)
  const logo = tagValue(tags, 'l')
  const certificate = tagValue(tags, 'a')
  // avp= says whose picture comes first, the brand's or the sender's own; a record may say no more than that.
  const preference = tagValue(tags, 'avp')
  if (preference !== null && !/^(brand|personal)$/i.test(preference)) faults.push('avp= must be brand or personal')
  if (logo === null && preference === null) faults.push('l= is missing')
  for (const [name, value] of [
    ['l', logo],
    ['a', certificate],
  ] as const)
    if (value && !/^https:\/\/[^\s]+$/i.test(value)) faults.push(`${name}= must be an https URL`)
  return {
    logo: logo || null,
    certificate: certificate || null,
    declined: (logo === '' || (logo === null && preference !== null)) && (certificate ?? '') === '',
    faults,
  }
}

/** What keeps an image from being an SVG Tiny Portable/Secure logo; empty when nothing is seen. Text rules only, no rendering. */
export const logoFaults = (svg: string, bytes: number): string[] => {
  const faults: string[] = []
  const root = /<svg\b[^<>]*>/i.exec(svg)?.[0]
  if (!root) return ['the file is no SVG']
  if (!/\bbaseProfile\s*=\s*["']tiny-ps["']/i.test(root)) faults.push('baseProfile="tiny-ps" is missing')
  if (!/\bversion\s*=\s*["']1\.2["']/i.test(root)) faults.push('version="1.2" is missing')
  if (/\s[xy]\s*=/i.test(root)) faults.push('x= and y= are not allowed on <svg>')
  if (!/<title\b[^<>]*>[^<]+<\/title>/i.test(svg)) faults.push('<title> is missing')
  for (const name of ['script', 'image', 'animate', 'foreignObject', 'style'])
    if (new RegExp(`<${name}\\b`, 'i').test(svg) && name !== 'style') faults.push(`<${name}> is not allowed`)
  if (/\bhref\s*=\s*["'](?!#)/i.test(svg)) faults.push('links to other files are not allowed')
  const box = /\bviewBox\s*=\s*["']\s*[\d.-]+[\s,]+[\d.-]+[\s,]+([\d.]+)[\s,]+([\d.]+)/i.exec(root)
  if (box && Number(box[1]) !== Number(box[2])) faults.push('the image is not square')
  if (bytes > 32_768) faults.push('the file is over 32 kB')
  return faults
}

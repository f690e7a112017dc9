// Tells whether an answer holds data about people: records in JSON, addresses in the text of a page. Values never leave here.
import type { HtmlPage } from './html.ts'

export type PersonalData = {
  /** Records about people that were counted. */
  records: number
  /** Names of the fields that tell, sorted, at most eight. */
  fields: string[]
}

const personalField =
  /^(e[-_]?mail([-_]?address)?|(first|last|full|display|given|family|sur)[-_]?name|phone([-_]?number)?|mobile|street|address([-_]?line[-_]?\d?)?|zip([-_]?code)?|postal[-_]?code|birth[-_]?(day|date)|date[-_]?of[-_]?birth|dob|ssn|iban|tax[-_]?id|weight|diagnosis|salary|password([-_]?hash)?|stripe[-_]?customer([-_]?id)?)$/i

/** Mailboxes of an office, which are published on purpose. */
const officeMailbox =
  /^(info|hello|hi|contact|support|help|sales|team|office|admin|press|jobs|careers|privacy|legal|security|abuse|billing|noreply|no-reply|kontakt|contacto|contact-us|postmaster|webmaster)@/i
const mailbox = /^[^\s@<>"']{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+$/i

const most = { characters: 1_000_000, nodes: 50_000, depth: 12 }

/** The telling fields of one object: an address of a person, or at least two other fields with something in them. */
const tellingFields = (item: Record<string, unknown>): string[] => {
  const fields = Object.entries(item).filter(
    ([name, value]) =>
      personalField.test(name) && (typeof value === 'number' || (typeof value === 'string' && value.trim() !== '')),
  )
  const isPerson = fields.some(
    ([, value]) => typeof value === 'string' && mailbox.test(value) && !officeMailbox.test(value),
  )
  const isOffice = fields.some(([, value]) => typeof value === 'string' && officeMailbox.test(value))
  return isPerson || (fields.length >= 2 && !isOffice) ? fields.map(([name]) => name) : []
}

/** Records about people in JSON text; null when it is no JSON or holds none. Bounded in size, depth and count. */
export const personalRecords = (text: string): PersonalData | null => {
  let root: unknown
  try {
    root = JSON.parse(text.slice(0, most.characters))
  } catch {
    return null
  }
  const fields = new Set<string>()
  let records = 0
  const queue: { value: unknown; depth: number }[] = [{ value: root, depth: 0 }]
  for (let at = 0; at < queue.length && at < most.nodes; at++) {
    const { value, depth } = queue[at]!
    if (value === null || typeof value !== 'object' || depth > most.depth) continue
    if (!Array.isArray(value)) {
      const telling = tellingFields(value as Record<string, unknown>)
      if (telling.length) records++
      for (const name of telling) fields.add(name)
    }
    for (const inner of Object.values(value).slice(0, 5000)) queue.push({ value: inner, depth: depth + 1 })
  }
  return records ? { records, fields: [...fields].sort().slice(0, 8) } : null
}

/** People's addresses in the text of a page (three at least), or records in the JSON that it carries along. */
export const personalPage = (page: HtmlPage): PersonalData | null => {
  const addresses = new Set(
    [...page.text.matchAll(/[^\s@<>"'(),;:]{1,64}@[a-z0-9-]+(?:\.[a-z0-9-]+)+/gi)]
      .map(match => match[0].toLowerCase())
      .filter(address => !officeMailbox.test(address)),
  )
  if (addresses.size >= 3) return { records: addresses.size, fields: ['e-mail address'] }
  for (const script of page.inlineScripts) {
    const found = /json/i.test(script.type) && !/ld\+json/i.test(script.type) ? personalRecords(script.text) : null
    if (found) return found
  }
  return null
}

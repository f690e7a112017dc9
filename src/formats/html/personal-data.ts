// Finds personal data in an answer: records in JSON, addresses in the text of a page. Values never leave here.
import type { Headers } from '../http/headers.ts'
import { type HtmlPage, readHtml } from './html.ts'
import { isPage } from './page-kind.ts'

export type PersonalData = {
  /** Records about people that were counted. */
  records: number
  /** Names of the personal fields, sorted, at most eight. */
  fields: string[]
}

const personalField =
  /^(?:(?:customer|client|user|owner|contact|billing|recipient|member|patient|student|subscriber|account|shipping|guest)[-_]?)?(e[-_]?mail([-_]?address)?|(first|last|full|display|given|family|sur)[-_]?name|phone([-_]?number)?|mobile|street|address([-_]?line[-_]?\d?)?|zip([-_]?code)?|postal[-_]?code|birth[-_]?(day|date)|date[-_]?of[-_]?birth|dob|ssn|iban|tax[-_]?id|weight|diagnosis|salary|password([-_]?hash)?|stripe[-_]?customer([-_]?id)?)$/i

/** Collections whose members are people: there a name alone suffices. */
const people =
  /^(?:clients?|customers?|users?|patients?|members?|students?|subscribers?|contacts?|leads?|attendees?|guests?|employees?|applicants?|candidates?)$/i

/** Mailboxes of an office, which are published on purpose. */
const officeMailbox =
  /^(info|hello|hi|contact|support|help|sales|team|office|admin|press|jobs|careers|privacy|legal|security|abuse|billing|noreply|no-reply|kontakt|contacto|contact-us|postmaster|webmaster)@/i
const mailbox = /^[^\s@<>"']{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+$/i

const most = { characters: 1_000_000, nodes: 50_000, depth: 12 }

/** The personal fields of one object: an address of a person, or at least two other fields that are filled. */
const personalFields = (item: Record<string, unknown>): string[] => {
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

/** People's addresses in any text, those of offices left out: three and more are a list. */
const addressList = (text: string): PersonalData | null => {
  const addresses = new Set(
    [...text.slice(0, most.characters).matchAll(/[\w.+-]{1,64}@[a-z0-9-]+(?:\.[a-z0-9-]+)+/gi)]
      .map(match => match[0].toLowerCase())
      .filter(address => !officeMailbox.test(address)),
  )
  return addresses.size >= 3 ? { records: addresses.size, fields: ['e-mail address'] } : null
}

/**
 * Records about people in JSON text (`path` is the URL's, whose last part may name the list), or a list of their addresses in
 * any other; null when there is none. Bounded in size, depth and count.
 */
export const personalRecords = (text: string, path = ''): PersonalData | null => {
  let root: unknown
  try {
    root = JSON.parse(text.slice(0, most.characters))
  } catch {
    return addressList(text)
  }
  const fields = new Set<string>()
  let records = 0
  type Place = { value: unknown; depth: number; of: string }
  const queue: Place[] = [{ value: root, depth: 0, of: path.replace(/\/+$/, '').split('/').at(-1) ?? '' }]
  for (let at = 0; at < queue.length && at < most.nodes; at++) {
    const { value, depth, of } = queue[at]!
    if (value === null || typeof value !== 'object' || depth > most.depth) continue
    if (!Array.isArray(value)) {
      const item = value as Record<string, unknown>
      const isNamed =
        people.test(of) &&
        depth > 0 &&
        typeof item['name'] === 'string' &&
        item['name'].trim() !== '' &&
        !('price' in item || 'sku' in item)
      const personal = [...new Set([...personalFields(item), ...(isNamed ? ['name'] : [])])]
      if (personal.length) records++
      for (const name of personal) fields.add(name)
    }
    // A list is named by its key; wrappers such as `data` and `items` by the key around them.
    const isList = Array.isArray(value)
    for (const [key, inner] of Object.entries(value).slice(0, 5000))
      queue.push({
        value: inner,
        depth: depth + 1,
        of: isList || /^(?:data|items|results|rows|records|list|edges|nodes?|docs|value|values)$/i.test(key) ? of : key,
      })
  }
  return records ? { records, fields: [...fields].sort().slice(0, 8) } : null
}

/** People's addresses in the text of a page (three at least), or records in the JSON that it carries along. */
export const personalPage = (page: HtmlPage): PersonalData | null => {
  const shown = addressList(page.text)
  if (shown) return shown
  for (const script of page.inlineScripts) {
    if (/ld\+json/i.test(script.type)) continue
    // What frameworks hand to their scripts: JSON, or React's flight data as text.
    const found = /json/i.test(script.type) ? personalRecords(script.text) : addressList(script.text)
    if (found) return found
  }
  return null
}

/** Data about people in an answer, be it a page, JSON or other text. `path` says what a bare list is of. */
export const personalData = (
  answer: { url: string; headers: Headers; body: string },
  path = new URL(answer.url).pathname,
): PersonalData | null =>
  isPage(answer) ? personalPage(readHtml(answer.body, answer.url)) : personalRecords(answer.body, path)

// Finds personal data in an answer: records in JSON, addresses in the text of a page. Values never leave here.
import { isWithin } from '../dns/name.ts'
import { registrableDomain } from '../dns/registrable-domain.ts'
import type { Headers } from '../http/headers.ts'
import { type HtmlPage, readHtml } from './html.ts'
import { isPage } from './page-kind.ts'
import { isAnonymous, isColumnOfPeople, isPlaceHeading, officeMailbox, personalFields } from './personal-fields.ts'
import { type FormRecord, labelledRecords, vcardRecords, xmlRecords } from './record-forms.ts'
import { readTables } from './tables.ts'

export type PersonalData = {
  /** Records about people that were counted. */
  records: number
  /** Names of the personal fields, sorted, at most eight. */
  fields: string[]
}

/** Collections whose members are people: there a name alone suffices. */
const people =
  /^(?:clients?|customers?|users?|patients?|members?|students?|subscribers?|contacts?|leads?|attendees?|guests?|employees?|applicants?|candidates?)$/i

const most = { characters: 1_000_000, nodes: 50_000, depth: 12 }

const shownFields = (names: readonly string[]): string[] => [...new Set(names)].sort().slice(0, 8)

/** People's addresses in any text, those of offices and the site's own (`host`) left out: three and more are a list. */
const addressList = (text: string, host: string): PersonalData | null => {
  const own = registrableDomain(host) ?? host
  const addresses = new Set(
    [...text.slice(0, most.characters).matchAll(/[\w.+-]{1,64}@[a-z0-9-]+(?:\.[a-z0-9-]+)+/gi)]
      .map(match => match[0].toLowerCase())
      .filter(
        address =>
          !officeMailbox.test(address) && (own === '' || !isWithin(address.slice(address.indexOf('@') + 1), own)),
      ),
  )
  return addresses.size >= 3 ? { records: addresses.size, fields: ['e-mail address'] } : null
}

/** Records of JSON, one on each line (NDJSON); null where the text is none. */
const jsonLines = (text: string): unknown[] | null => {
  const lines = text
    .slice(0, most.characters)
    .split('\n')
    .filter(line => line.trim() !== '')
  if (!/^\s*\{/.test(lines[0] ?? '')) return null
  const records = lines.slice(0, 5000).flatMap(line => {
    try {
      return [JSON.parse(line) as unknown]
    } catch {
      return []
    }
  })
  return records.length ? records : null
}

/** Rows of text whose first line names columns by commas, semicolons or tabs. */
const delimitedRows = (text: string): string[][] => {
  const lines = text
    .slice(0, most.characters)
    .replace(/^\ufeff/, '')
    .split(/\r?\n/, 5001)
    .filter(line => line.trim() !== '')
  const by = [';', '\t', ',', '|'].find(mark => (lines[0] ?? '').split(mark).length > 1)
  return by ? lines.map(line => line.split(by).map(cell => cell.trim().replace(/^"|"$/g, ''))) : []
}

/** People in a table: at least two of its columns are about them, and it has rows. */
const personalTable = ([head = [], ...rows]: readonly string[][]): PersonalData | null => {
  const columns = head.flatMap((name, at) => (name.length < 60 && isColumnOfPeople(name) ? [{ name, at }] : []))
  const filled = rows.filter(row => columns.filter(({ at }) => (row[at] ?? '') !== '').length >= 2)
  const isOffice = filled.every(row => row.some(cell => officeMailbox.test(cell)))
  if (columns.length < 2 || filled.length === 0 || isOffice || head.some(isPlaceHeading)) return null
  return { records: filled.length, fields: shownFields(columns.map(({ name }) => name)) }
}

/** What records in other forms than JSON say of people. */
const personalForms = (forms: readonly FormRecord[]): PersonalData | null => {
  const personal = forms.flatMap(({ of, item }) => {
    const fields = isAnonymous(item) ? [] : personalFields(item, of)
    return fields.length ? [fields] : []
  })
  return personal.length ? { records: personal.length, fields: shownFields(personal.flat()) } : null
}

/** Cards of a page that name a person and how to reach them; one alone may be whom to ask. */
const personalCards = (html: string): PersonalData | null => {
  const cards = labelledRecords(html).filter(
    ({ item }) => Object.keys(item).filter(isColumnOfPeople).length >= 2 && !Object.keys(item).some(isPlaceHeading),
  )
  const head = [...new Set(cards.flatMap(({ item }) => Object.keys(item)))]
  const table = personalTable([head, ...cards.map(({ item }) => head.map(name => item[name] ?? ''))])
  return table && table.records >= 2 ? table : null
}

/**
 * Records about people in JSON text (`path` is the URL's, whose last part may name the list), or a list of their addresses in
 * any other; null when there is none. Bounded in size, depth and count.
 */
export const personalRecords = (text: string, path = '', host = ''): PersonalData | null => {
  let root: unknown
  try {
    root = JSON.parse(text.slice(0, most.characters))
  } catch {
    root = jsonLines(text)
    if (root === null)
      return (
        personalForms([...xmlRecords(text), ...vcardRecords(text)]) ??
        personalTable(delimitedRows(text)) ??
        addressList(text, host)
      )
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
      // What a server makes for a visitor who has no account is that visitor's own.
      if (isAnonymous(item)) continue
      const isNamed =
        people.test(of) &&
        depth > 0 &&
        typeof item['name'] === 'string' &&
        item['name'].trim() !== '' &&
        !('price' in item || 'sku' in item)
      const personal = [...new Set([...personalFields(item, of), ...(isNamed ? ['name'] : [])])]
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
  return records ? { records, fields: shownFields([...fields]) } : null
}

/** People's addresses in the text of a page (three at least), a table or cards of them, or records in the JSON that it carries along. */
export const personalPage = (page: HtmlPage, source = ''): PersonalData | null => {
  const host = new URL(page.url).hostname
  const shown = addressList(page.text, host)
  if (shown) return shown
  // One row may be a contact or an example; two are a list.
  const table = readTables(source)
    .map(personalTable)
    .find(found => found !== null && found.records >= 2)
  const listed = table ?? personalCards(source)
  if (listed) return listed
  for (const script of page.inlineScripts) {
    if (/ld\+json/i.test(script.type)) continue
    // What frameworks hand to their scripts: JSON, or React's flight data as text.
    const found = /json/i.test(script.type) ? personalRecords(script.text, '', host) : addressList(script.text, host)
    if (found) return found
  }
  return null
}

/** Data about people in an answer, be it a page, JSON or other text. `path` says what a bare list is of. */
export const personalData = (
  answer: { url: string; headers: Headers; body: string },
  path = new URL(answer.url).pathname,
): PersonalData | null =>
  isPage(answer)
    ? personalPage(readHtml(answer.body, answer.url), answer.body)
    : personalRecords(answer.body, path, new URL(answer.url).hostname)

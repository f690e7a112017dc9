// Finds personal data in an answer: records in JSON, addresses in the text of a page. Values never leave here.
import { isWithin } from '../dns/name.ts'
import { registrableDomain } from '../dns/registrable-domain.ts'
import type { Headers } from '../http/headers.ts'
import { isRecord } from '../is-record.ts'
import { fileName } from '../repo/paths.ts'
import { parseYaml } from '../yaml-bounds.ts'
import { type HtmlPage, readHtml } from './html.ts'
import { isPage } from './page-kind.ts'
import {
  isAnonymous,
  isColumnOfPeople,
  isExample,
  isOwnStaff,
  isPlaceHeading,
  officeMailbox,
  personalFields,
} from './personal-fields.ts'
import {
  attendeeRecords,
  type FormRecord,
  labelledRecords,
  unwrappedJson,
  vcardRecords,
  xmlRecords,
} from './record-forms.ts'
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

/** Whether a name is of the site's own domain. */
const isOwnHost = (host: string): ((name: string) => boolean) => {
  const own = registrableDomain(host) ?? host
  return name => own !== '' && isWithin(name, own)
}

/** People's addresses in any text, those of offices and the site's own (`host`) left out: three and more are a list. */
const addressList = (text: string, host: string): PersonalData | null => {
  const isOwn = isOwnHost(host)
  const addresses = new Set(
    [...text.slice(0, most.characters).matchAll(/[\w.+-]{1,64}@[a-z0-9-]+(?:\.[a-z0-9-]+)+/gi)]
      .map(match => match[0].toLowerCase())
      .filter(address => !officeMailbox.test(address) && !isOwn(address.slice(address.indexOf('@') + 1))),
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

/** The value that a text holds as JSON, one record on each line, or YAML; null where it is none of these. */
const dataIn = (text: string): unknown => {
  const start = text.slice(0, most.characters)
  try {
    return JSON.parse(unwrappedJson(start))
  } catch {
    const lines = jsonLines(text)
    if (lines !== null || !/^(?:---\s*\n)?(?:- [\w-]{1,40}:|[\w-]{1,40}:\s*\n\s*- )/.test(start)) return lines
    try {
      return parseYaml(start.slice(0, 200_000))
    } catch {
      return null
    }
  }
}

/** A table in JSON: rows of cells, their columns named beside them or in the first one. */
const jsonTable = (value: object): PersonalData | null => {
  const rows = (Array.isArray(value) ? [value] : Object.values(value)).find(
    (list): list is unknown[][] => Array.isArray(list) && list.length > 0 && list.every(Array.isArray),
  )
  if (!rows) return null
  const cells = rows
    .slice(0, 5000)
    .map(row => row.slice(0, 100).map(cell => (typeof cell === 'object' ? '' : String(cell))))
  const named = Array.isArray(value)
    ? []
    : Object.values(value).filter(
        (list): list is string[] =>
          Array.isArray(list) && list.length === cells[0]!.length && list.every(name => typeof name === 'string'),
      )
  return personalTable([...named.slice(0, 1), ...cells])
}

type Place = { value: unknown; depth: number; of: string }

/** The personal fields of a record that stands in a list or under a name. */
const fieldsOf = (item: Record<string, unknown>, { of, depth }: Place, host: string): string[] => {
  // What a server makes for a visitor who has no account is that visitor's own, and examples are nobody's.
  if (isAnonymous(item) || isExample(item) || isOwnStaff(item, isOwnHost(host))) return []
  const isNamed =
    people.test(of) &&
    depth > 0 &&
    typeof item['name'] === 'string' &&
    item['name'].trim() !== '' &&
    !('price' in item || 'sku' in item)
  return [...new Set([...personalFields(item, of), ...(isNamed ? ['name'] : [])])]
}

/** What stands in a value: JSON that was written as text is read again; a list is named by its key, wrappers by the key around them. */
const insideOf = ({ value, depth, of }: Place): Place[] => {
  if (typeof value === 'string') {
    if (!/^\s*[[{]/.test(value) || value.length < 20) return []
    const inner = dataIn(value)
    return inner === null ? [] : [{ value: inner, depth: depth + 1, of }]
  }
  const isList = Array.isArray(value)
  return Object.entries(value as object)
    .slice(0, 5000)
    .map(([key, inner]) => ({
      value: inner,
      depth: depth + 1,
      of: isList || /^(?:data|items|results|rows|records|list|edges|nodes?|docs|value|values)$/i.test(key) ? of : key,
    }))
}

/** Records about people anywhere in a value; `of` names what it is a list of. Bounded in depth and count. */
const recordsIn = (root: unknown, of: string, host: string): PersonalData | null => {
  const fields = new Set<string>()
  let records = 0
  const addresses: string[] = []
  const queue: Place[] = [{ value: root, depth: 0, of }]
  for (let at = 0; at < queue.length && at < most.nodes; at++) {
    const place = queue[at]!
    const { value, depth } = place
    if (value === null || depth > most.depth || !(typeof value === 'object' || typeof value === 'string')) continue
    if (typeof value === 'object' && !Array.isArray(value)) {
      const personal = fieldsOf(value as Record<string, unknown>, place, host)
      if (personal.length) records++
      for (const name of personal) fields.add(name)
      if (isAnonymous(value as Record<string, unknown>)) continue
    }
    if (Array.isArray(value))
      for (const item of value.slice(0, 5000))
        if (typeof item === 'string' && item.includes('@')) addresses.push(item.slice(0, 200))
    const table = typeof value === 'object' ? jsonTable(value) : null
    if (table) {
      records += table.records
      for (const name of table.fields) fields.add(name)
    } else queue.push(...insideOf(place))
  }
  return records ? { records, fields: shownFields([...fields]) } : addressList(addresses.join(' '), host)
}

/** A description of an interface (OpenAPI §4.8.1, JSON Schema): its records are examples. */
const describesInterface = (root: unknown): boolean =>
  isRecord(root) &&
  ((typeof (root['openapi'] ?? root['swagger'] ?? root['asyncapi']) === 'string' &&
    isRecord(root['info'] ?? root['paths'])) ||
    typeof root['$schema'] === 'string')

/**
 * Records about people in JSON text (`path` is the URL's, whose last part may name the list) or in another form, or a list of their
 * addresses; null when there is none.
 */
export const personalRecords = (text: string, path = '', host = ''): PersonalData | null => {
  const root = dataIn(text)
  if (describesInterface(root)) return null
  if (root !== null) return recordsIn(root, fileName(path.replace(/\/+$/, '')), host)
  return (
    personalForms([...xmlRecords(text), ...vcardRecords(text), ...attendeeRecords(text)]) ??
    personalTable(delimitedRows(text)) ??
    addressList(text, host)
  )
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

// Records in forms other than JSON and tables: elements of XML, cards of contacts (vCard), labelled values of a page.
import { Parser } from 'htmlparser2'

/** One record with the name of what it stands in. */
export type FormRecord = { of: string; item: Record<string, string> }

const most = { records: 5000, fields: 60, value: 500, depth: 50, text: 1_000_000 }

/** Documents that are published by their very nature: feeds, maps of a site, drawings, descriptions of services. */
const publishedRoot =
  /^(?:rss|feed|rdf|urlset|sitemapindex|svg|html|opml|kml|gpx|definitions|wsdl|error|browserconfig|opensearchdescription)$/i

const bare = (name: string): string => name.slice(name.indexOf(':') + 1)

type Open = { name: string; item: Record<string, string>; text: string; leaves: number }

/** Elements of XML that hold values, as attributes or as elements without any inside; empty for what is published on purpose. */
export const xmlRecords = (text: string): FormRecord[] => {
  const found: FormRecord[] = []
  const open: Open[] = []
  if (!/^\ufeff?\s*<(?:\?xml|[a-z_])/i.test(text.slice(0, 200))) return found
  const parser: Parser = new Parser(
    {
      onopentag(name, attributes) {
        const isPublished = open.length === 0 && publishedRoot.test(bare(name))
        if (isPublished || open.length >= most.depth || found.length >= most.records) return parser.pause()
        const values = Object.entries(attributes).filter(([key]) => !key.startsWith('xmlns'))
        open.push({
          name: bare(name),
          item: Object.fromEntries(values.slice(0, most.fields)),
          text: '',
          leaves: values.length,
        })
      },
      ontext(data) {
        const inner = open.at(-1)
        if (inner && inner.text.length < most.value) inner.text += data
      },
      onclosetag() {
        const closed = open.pop()
        if (!closed) return
        const outer = open.at(-1)
        if (closed.leaves > 0) found.push({ of: outer?.name ?? '', item: closed.item })
        else if (outer && outer.leaves < most.fields && closed.text.trim() !== '') {
          outer.item[closed.name] = closed.text.trim()
          outer.leaves++
        }
      },
    },
    { xmlMode: true, decodeEntities: true },
  )
  parser.write(text.slice(0, most.text))
  parser.end()
  return found
}

const cardFields: Readonly<Record<string, string>> = {
  FN: 'full_name',
  EMAIL: 'email',
  TEL: 'phone',
  ADR: 'address',
  BDAY: 'birthday',
}

/** Cards of contacts (RFC 6350); a card of an organisation has no name of a person. */
export const vcardRecords = (text: string): FormRecord[] =>
  text
    .slice(0, most.text)
    .split(/^BEGIN:VCARD\s*$/im)
    .slice(1, most.records)
    .map(card => {
      const lines = [
        ...card.matchAll(/^(?:[\w-]+\.)?(FN|EMAIL|TEL|ADR|BDAY|KIND|ORG)(?:;[^:\n]{0,200})?:([^\r\n]{1,500})/gim),
      ]
      const values = new Map(lines.map(([, name, value]) => [name!.toUpperCase(), value!.replaceAll(';', ' ').trim()]))
      const isFirm =
        /^org/i.test(values.get('KIND') ?? '') || (values.has('ORG') && values.get('ORG') === values.get('FN'))
      const item: Record<string, string> = isFirm ? { organization: values.get('FN') ?? '' } : {}
      for (const [name, value] of values)
        if (Object.hasOwn(cardFields, name) && !(isFirm && name === 'FN')) item[cardFields[name]!] = value
      return { of: 'contacts', item }
    })

/** Who takes part in the events of a calendar (RFC 5545 §3.8.4.1). */
export const attendeeRecords = (text: string): FormRecord[] =>
  [...text.slice(0, most.text).matchAll(/^ATTENDEE(;[^:\n]{0,300})?:mailto:([^\s]{3,200})/gim)]
    .slice(0, most.records)
    .map(([, parameters = '', email]) => ({
      of: 'attendees',
      item: { full_name: /;CN="?([^;":]{1,100})/i.exec(parameters)?.[1] ?? '', email: email! },
    }))

/** What keeps JSON from being run as a script, or makes it one: taken off (`)]}'`, `for(;;);`, `callback(…)`). */
export const unwrappedJson = (text: string): string => {
  const bare = text.replace(/^\ufeff?\s*(?:\)\]\}'?,?|(?:while|for)\s*\((?:1|;;)\);?)\s*/, '')
  const call = /^\s*(?:\/\*\*\/\s*)?[\w$.]{1,80}\(\s*(?=[[{])/.exec(bare)
  return call ? bare.slice(call[0].length).replace(/\)\s*;?\s*$/, '') : bare
}

/** Label and value of description lists, and of elements that each hold one "Label: value". */
const labelled =
  /<dt\b[^>]{0,200}>\s{0,40}([^<>]{2,40}?)\s{0,10}:?\s{0,40}<\/dt>\s{0,40}<dd\b[^>]{0,200}>\s{0,40}([^<>]{1,200})|>\s{0,40}([\p{L}-]{2,20}(?: [\p{L}-]{2,20})?)\s{0,4}:\s{0,4}(?:<\/(?:b|strong|span|label)>\s{0,40}(?:<span[^>]{0,200}>)?)?\s{0,20}([^<>\s][^<>]{0,200})</gu

/** Cards of a page: a label that was seen begins the next one. */
export const labelledRecords = (html: string): FormRecord[] => {
  const found: FormRecord[] = []
  let item: Record<string, string> = {}
  for (const match of html.slice(0, most.text).matchAll(labelled)) {
    const label = (match[1] ?? match[3] ?? '').trim()
    if (Object.hasOwn(item, label)) {
      found.push({ of: '', item })
      item = {}
      if (found.length >= most.records) break
    }
    item[label] = (match[2] ?? match[4] ?? '').trim()
  }
  return [...found, { of: '', item }]
}

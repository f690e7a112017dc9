// DMARC aggregate reports (RFC 7489 appendix C, RFC 9990) as receivers really send them: streamed, so that a report of any
// length takes little memory, and tolerant, so that one broken tag does not lose the records around it.
import { SaxesParser } from 'saxes'

/** One row group of a report. `count` is a number of messages; `dkim` and `spf` say whether they passed and aligned. */
export type ReportRecord = {
  source: string
  count: number
  disposition: string
  dkim: boolean
  spf: boolean
  headerFrom: string
  dkimSigned: { domain: string; selector: string; pass: boolean }[]
  spfChecked: { domain: string; pass: boolean }[]
  /** Why a receiver did otherwise than the policy says (`forwarded`, `mailing_list`, `local_policy`). */
  overrides: string[]
}

export type ReportMeta = {
  organization: string
  id: string
  /** Seconds since the epoch; 0 where the report does not say. */
  begin: number
  end: number
  domain: string
  policy: string
  version: string
}

export type AggregateReader = {
  /** Takes the next part of the document. */
  write(text: string): void
  /** Ends it. Faults are what the XML has wrong, the first few of them, with line and column. */
  close(): { meta: ReportMeta; records: number; faults: string[]; root: string | null }
}

/** Most characters kept of one element's text; more than any field of a report needs. */
const textLimit = 1_000
/** Most elements inside each other. A report needs six. */
const depthLimit = 100
const resultsLimit = 20
const faultLimit = 3

const countOf = (text: string): number => {
  const count = Number(text)
  return Number.isSafeInteger(count) && count > 0 ? count : 0
}

/** Unix seconds as they stand in `begin` and `end`; some reporters write decimals. 0 when it is no instant. */
const secondsOf = (text: string): number => {
  const seconds = Math.floor(Number(text))
  return seconds > 0 && seconds < 8_640_000_000 ? seconds : 0
}

const freshRecord = (): ReportRecord => ({
  source: '',
  count: 0,
  disposition: '',
  dkim: false,
  spf: false,
  headerFrom: '',
  dkimSigned: [],
  spfChecked: [],
  overrides: [],
})

/** What an evaluated identifier says, while its elements are read. */
type Result = { domain: string; selector: string; result: string }

const freshResult = (): Result => ({ domain: '', selector: '', result: '' })

/** A report that is being read. */
type Reading = {
  meta: ReportMeta
  record: ReportRecord
  result: Result
  /** Names of the elements that are open. */
  path: string[]
  text: string
  root: string | null
  records: number
  faults: string[]
  tooDeep: boolean
}

const domainOf = (value: string): string => value.toLowerCase().replace(/\.$/, '')

type Take = (reading: Reading, value: string) => void

const takeIdentifiers: Readonly<Record<string, Take>> = {
  header_from: ({ record }, value) => {
    record.headerFrom = domainOf(value)
  },
}

/** Parent element → child element → where its text goes. */
const takes: Readonly<Record<string, Readonly<Record<string, Take>>>> = {
  report_metadata: {
    org_name: ({ meta }, value) => {
      meta.organization = value
    },
    report_id: ({ meta }, value) => {
      meta.id = value
    },
  },
  date_range: {
    begin: ({ meta }, value) => {
      meta.begin = secondsOf(value)
    },
    end: ({ meta }, value) => {
      meta.end = secondsOf(value)
    },
  },
  policy_published: {
    domain: ({ meta }, value) => {
      meta.domain = domainOf(value)
    },
    p: ({ meta }, value) => {
      meta.policy = value.toLowerCase()
    },
  },
  row: {
    source_ip: ({ record }, value) => {
      record.source = value.toLowerCase()
    },
    count: (reading, value) => {
      reading.record.count = countOf(value)
      if (reading.record.count === 0 && value !== '0')
        addFault(reading, `a record counts "${value.slice(0, 30)}" messages, and is left out`)
    },
  },
  policy_evaluated: {
    disposition: ({ record }, value) => {
      record.disposition = value.toLowerCase()
    },
    dkim: ({ record }, value) => {
      record.dkim = value.toLowerCase() === 'pass'
    },
    spf: ({ record }, value) => {
      record.spf = value.toLowerCase() === 'pass'
    },
  },
  reason: {
    type: ({ record }, value) => {
      if (value && record.overrides.length < resultsLimit) record.overrides.push(value.toLowerCase())
    },
  },
  identifiers: takeIdentifiers,
  identities: takeIdentifiers,
  auth_results: {
    dkim: ({ record, result: { domain, selector, result } }) => {
      if (domain && record.dkimSigned.length < resultsLimit)
        record.dkimSigned.push({ domain, selector, pass: result === 'pass' })
    },
    spf: ({ record, result: { domain, result } }) => {
      if (domain && record.spfChecked.length < resultsLimit) record.spfChecked.push({ domain, pass: result === 'pass' })
    },
  },
  feedback: {
    version: ({ meta }, value) => {
      meta.version = value
    },
  },
}

/** Children of the evaluated identifiers, whatever these are called. */
const takeResult: Readonly<Record<string, Take>> = {
  domain: ({ result }, value) => {
    result.domain = domainOf(value)
  },
  selector: ({ result }, value) => {
    result.selector = value.toLowerCase()
  },
  result: ({ result }, value) => {
    result.result = value.toLowerCase()
  },
}

const own = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined

/** An element's name without its namespace, in lower case. */
const bareName = (name: string): string => name.replace(/^.*:/, '').toLowerCase()

const open = (reading: Reading, name: string): void => {
  if (reading.path.length >= depthLimit) reading.tooDeep = true
  else reading.path.push(name)
  if (name === 'feedback') reading.root = name
  reading.root ??= name
  if (name === 'record') reading.record = freshRecord()
  if (reading.path.at(-2) === 'auth_results') reading.result = freshResult()
  reading.text = ''
}

/** Ends an element; true when it was a whole record. */
const shut = (reading: Reading, name: string): boolean => {
  const value = reading.text.trim()
  reading.text = ''
  if (reading.path.at(-1) !== name) return false
  reading.path.pop()
  const parent = reading.path.at(-1) ?? ''
  const known = own(takes, parent) ?? (reading.path.at(-2) === 'auth_results' ? takeResult : {})
  own(known, name)?.(reading, value)
  return name === 'record' && reading.record.source !== ''
}

const addFault = ({ faults }: Reading, text: string): void => {
  if (faults.length < faultLimit) faults.push(text.slice(0, 200))
}

/** Reads a report in parts; `onRecord` is handed each record as soon as it is complete. Throws nothing for bad XML. */
export const aggregateReader = (onRecord: (record: ReportRecord) => void): AggregateReader => {
  const reading: Reading = {
    meta: { organization: '', id: '', begin: 0, end: 0, domain: '', policy: '', version: '' },
    record: freshRecord(),
    result: freshResult(),
    path: [],
    text: '',
    root: null,
    records: 0,
    faults: [],
    tooDeep: false,
  }
  const parser = new SaxesParser({ xmlns: false, position: true })
  const take = (part: string): void => {
    if (reading.text.length < textLimit) reading.text += part.slice(0, textLimit - reading.text.length)
  }
  parser.on('error', error => addFault(reading, error.message.replace(/\s+/g, ' ')))
  parser.on('opentag', tag => open(reading, bareName(tag.name)))
  parser.on('text', take)
  parser.on('cdata', take)
  parser.on('closetag', tag => {
    if (!shut(reading, bareName(tag.name))) return
    reading.records++
    onRecord(reading.record)
  })
  // After a fault the parser goes on where it can; if it cannot, the fault already stands there.
  const guarded = (act: () => void): void => {
    try {
      act()
    } catch (error) {
      addFault(reading, error instanceof Error ? error.message : String(error))
    }
  }
  return {
    write: part => guarded(() => void parser.write(part)),
    close: () => {
      guarded(() => void parser.close())
      const { meta, records, faults, root } = reading
      if (reading.tooDeep) faults.push(`elements lie more than ${depthLimit} deep`)
      return { meta, records, faults, root }
    },
  }
}

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

/** Reads a report in parts; `onRecord` is handed each record as soon as it is complete. Throws nothing for bad XML. */
export const aggregateReader = (onRecord: (record: ReportRecord) => void): AggregateReader => {
  const meta: ReportMeta = { organization: '', id: '', begin: 0, end: 0, domain: '', policy: '', version: '' }
  const path: string[] = []
  const faults: string[] = []
  let records = 0
  let root: string | null = null
  let tooDeep = false
  let text = ''
  let record = freshRecord()
  let result = { domain: '', selector: '', result: '' }
  const parser = new SaxesParser({ xmlns: false, position: true })
  parser.on('error', error => {
    if (faults.length < faultLimit) faults.push(error.message.replace(/\s+/g, ' ').slice(0, 200))
  })
  parser.on('opentag', tag => {
    const name = tag.name.replace(/^.*:/, '').toLowerCase()
    if (path.length >= depthLimit) tooDeep = true
    else path.push(name)
    if (name === 'feedback') root = name
    root ??= name
    if (name === 'record') record = freshRecord()
    if (path.at(-2) === 'auth_results') result = { domain: '', selector: '', result: '' }
    text = ''
  })
  const take = (part: string): void => {
    if (text.length < textLimit) text += part.slice(0, textLimit - text.length)
  }
  parser.on('text', take)
  parser.on('cdata', take)
  parser.on('closetag', tag => {
    const name = tag.name.replace(/^.*:/, '').toLowerCase()
    const value = text.trim()
    text = ''
    if (path.at(-1) !== name) return
    path.pop()
    const parent = path.at(-1) ?? ''
    if (parent === 'report_metadata') {
      if (name === 'org_name') meta.organization = value
      if (name === 'report_id') meta.id = value
    } else if (parent === 'date_range') {
      if (name === 'begin') meta.begin = secondsOf(value)
      if (name === 'end') meta.end = secondsOf(value)
    } else if (parent === 'policy_published') {
      if (name === 'domain') meta.domain = value.toLowerCase().replace(/\.$/, '')
      if (name === 'p') meta.policy = value.toLowerCase()
    } else if (parent === 'row') {
      if (name === 'source_ip') record.source = value.toLowerCase()
      if (name === 'count') record.count = countOf(value)
    } else if (parent === 'policy_evaluated') {
      if (name === 'disposition') record.disposition = value.toLowerCase()
      if (name === 'dkim') record.dkim = value.toLowerCase() === 'pass'
      if (name === 'spf') record.spf = value.toLowerCase() === 'pass'
    } else if (parent === 'reason') {
      if (name === 'type' && value && record.overrides.length < resultsLimit) record.overrides.push(value.toLowerCase())
    } else if (parent === 'identifiers' || parent === 'identities') {
      if (name === 'header_from') record.headerFrom = value.toLowerCase().replace(/\.$/, '')
    } else if (parent === 'auth_results') {
      const pass = result.result === 'pass'
      if (name === 'dkim' && result.domain && record.dkimSigned.length < resultsLimit)
        record.dkimSigned.push({ domain: result.domain, selector: result.selector, pass })
      if (name === 'spf' && result.domain && record.spfChecked.length < resultsLimit)
        record.spfChecked.push({ domain: result.domain, pass })
    } else if (path.at(-2) === 'auth_results') {
      if (name === 'domain') result.domain = value.toLowerCase().replace(/\.$/, '')
      if (name === 'selector') result.selector = value.toLowerCase()
      if (name === 'result') result.result = value.toLowerCase()
    } else if (parent === 'feedback' && name === 'version') meta.version = value
    if (name === 'record' && record.source !== '') {
      records++
      onRecord(record)
    }
  })
  // After a fault the parser goes on where it can; if it cannot, the fault already stands there.
  const guarded = (act: () => void): void => {
    try {
      act()
    } catch (error) {
      if (faults.length < faultLimit) faults.push(error instanceof Error ? error.message.slice(0, 200) : String(error))
    }
  }
  return {
    write: part => guarded(() => void parser.write(part)),
    close: () => {
      guarded(() => void parser.close())
      if (tooDeep) faults.push(`elements lie more than ${depthLimit} deep`)
      return { meta, records, faults, root }
    },
  }
}

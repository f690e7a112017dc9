// The RFC 7208 conformance suite (openspf.org, 2014.04): its cases, and what its zones answer. The data is not part of the project.
import { existsSync, readFileSync } from 'node:fs'
import { parseAllDocuments } from 'yaml'

const path = new URL('../../../shared/data/spf/rfc7208-tests.yml', import.meta.url)

export type SuiteCase = {
  scenario: string
  name: string
  helo: string
  host: string
  mailfrom: string
  results: string[]
  explanation: string | null
  zone: SuiteZone
}

type Entry = { type: string; data: unknown }
export type SuiteZone = Map<string, { entries: Entry[]; silent: boolean }>

/** One record of an answer: TXT as character-strings in latin1, MX as `[preference, host]`, everything else as text. */
export type SuiteRecord = { name: string; type: string; data: string | string[] | [number, string] }

export const suiteIsThere = existsSync(path)

const zoneOf = (zonedata: Record<string, unknown[]>): SuiteZone => {
  const zone: SuiteZone = new Map()
  for (const [name, list] of Object.entries(zonedata)) {
    const node = { entries: [] as Entry[], silent: false }
    for (const item of list) {
      if (item === 'TIMEOUT') node.silent = true
      else for (const [type, data] of Object.entries(item as Record<string, unknown>)) node.entries.push({ type, data })
    }
    zone.set(name.toLowerCase().replace(/\.$/, ''), node)
  }
  return zone
}

export const suiteCases = (): SuiteCase[] =>
  parseAllDocuments(readFileSync(path, 'utf8')).flatMap(document => {
    const scenario = document.toJS() as null | {
      description: string
      tests: Record<
        string,
        { helo: string; host: string; mailfrom: string; result: string | string[]; explanation?: string }
      >
      zonedata: Record<string, unknown[]>
    }
    if (!scenario?.tests) return []
    const zone = zoneOf(scenario.zonedata)
    return Object.entries(scenario.tests).map(([name, test]) => ({
      scenario: scenario.description,
      name,
      helo: test.helo,
      host: test.host,
      mailfrom: test.mailfrom,
      results: [test.result].flat(),
      explanation: test.explanation ?? null,
      zone,
    }))
  })

/** What the zone says of a name and type: null when it must not answer at all. CNAMEs are followed, at most 8. */
export const suiteAnswer = (
  zone: SuiteZone,
  question: string,
  type: string,
): null | { exists: boolean; records: SuiteRecord[]; loop: boolean } => {
  const records: SuiteRecord[] = []
  let name = question.toLowerCase().replace(/\.$/, '')
  for (let hop = 0; hop < 8; hop++) {
    const node = zone.get(name)
    if (!node) return { exists: false, records, loop: false }
    const texts = node.entries.filter(entry => entry.type === 'TXT')
    const found =
      type === 'TXT' && texts.length === 0
        ? node.entries.filter(entry => entry.type === 'SPF')
        : node.entries.filter(entry => entry.type === type && entry.data !== 'NONE')
    if (found.length === 0 && node.silent) return null
    const alias = node.entries.find(entry => entry.type === 'CNAME')
    if (found.length === 0 && alias && type !== 'CNAME') {
      const target = String(alias.data).replace(/\.$/, '')
      records.push({ name, type: 'CNAME', data: target })
      name = target.toLowerCase()
      continue
    }
    for (const { data } of found) {
      if (type === 'TXT') records.push({ name, type, data: [data].flat().map(String) })
      else if (type === 'MX') records.push({ name, type, data: data as [number, string] })
      else records.push({ name, type, data: String(data).replace(/\.$/, '') })
    }
    return { exists: true, records, loop: false }
  }
  return { exists: true, records: [], loop: true }
}

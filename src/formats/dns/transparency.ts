// Answers of certificate transparency searches: crt.sh (`name_value`, several names in one, a line each, and `common_name`) and
// Cert Spotter (`dns_names`).
import { isRecord } from '../is-record.ts'
import { normaliseName } from './name.ts'

/** Certificates read of one answer, and names kept. */
const most = { rows: 20_000, names: 5_000 }

const textsOf = (row: Record<string, unknown>): string[] => {
  const lists = Array.isArray(row['dns_names']) ? row['dns_names'] : []
  return [row['name_value'], row['common_name'], ...lists].filter(value => typeof value === 'string')
}

/** The names of an answer, sorted, each once; null where it is no list of certificates. */
export const transparencyNamesIn = (body: string): string[] | null => {
  try {
    const rows = JSON.parse(body) as unknown
    if (!Array.isArray(rows)) return null
    const names = rows
      .slice(0, most.rows)
      .flatMap(row => (isRecord(row) ? textsOf(row) : []))
      .flatMap(text => text.split('\n'))
      .map(text => normaliseName(text.trim()))
    return [...new Set(names)].sort().slice(0, most.names)
  } catch {
    return null
  }
}

// Where a change takes hold: two changes of one place are one change, or contradict each other.
import type { Change } from '../fix.ts'

/** What a TXT record is for, by the tag it begins with; records of one purpose at one name are one place. */
const txtPurposes: readonly [RegExp, TextGrammar][] = [
  [/^"?v=spf1(?:\s|"|$)/i, 'terms'],
  [/^"?v\s*=\s*DMARC1/i, 'tags'],
  [/^"?v=STSv1/i, 'tags'],
  [/^"?v=TLSRPTv1/i, 'tags'],
  [/^"?v=BIMI1/i, 'tags'],
  [/^"?v=DKIM1/i, 'tags'],
]

/** How a text is made of parts: SPF terms between spaces, `tag=value` pairs or CSP directives between semicolons. */
export type TextGrammar = 'terms' | 'tags' | 'directives'

const bare = (name: string): string => name.toLowerCase().replace(/\.$/, '')

/** `spf`-like purposes by their index; -1 for a TXT record that stands for itself. */
const purposeOf = (data: string): number => txtPurposes.findIndex(([pattern]) => pattern.test(data))

/** The grammar of a record's data, where its parts can be told apart; null where the data is one value. */
export const grammarOf = (type: string, data: string): TextGrammar | null =>
  type === 'TXT' ? (txtPurposes[purposeOf(data)]?.[1] ?? null) : null

/** Names whose records exclude each other (RFC 1034 §3.6.2): a CNAME and addresses are one place. */
const recordPlace = (name: string, type: string, data: string): string => {
  if (type === 'A' || type === 'AAAA' || type === 'CNAME') return `dns ${bare(name)} address`
  if (type !== 'TXT') return `dns ${bare(name)} ${type}`
  const purpose = purposeOf(data)
  return `dns ${bare(name)} TXT ${purpose < 0 ? data : purpose}`
}

/** A URL in the spelling by which two redirects of one address are recognised. */
const addressOf = (url: string): string => (URL.canParse(url) ? new URL(url).href : url)

/** The place of a change, as a key. Commands and steps for people are places of their own: told once. */
export const placeOf = (change: Change): string => {
  switch (change.kind) {
    case 'dns':
      return recordPlace(change.name, change.type.toUpperCase(), change.was ?? change.data)
    case 'http-header':
      return `header ${bare(change.host)}${change.path ?? ''} ${change.name.toLowerCase()}`
    case 'redirect':
      return `redirect ${addressOf(change.from)}`
    case 'file':
      return `file ${change.path}`
    case 'setting': {
      // Entries of a list stand beside each other.
      const entry = change.path.endsWith('[]') ? ` ${JSON.stringify(change.value)}` : ''
      return `setting ${change.provider} ${change.path}${entry}`
    }
    case 'command':
      return `command ${change.run}`
    case 'manual':
      return `manual ${change.step}`
  }
}

// Several repairs of one record put together: what each takes out is taken out, what each puts in is put in, once.

import { parseTagList } from '../dkim/tag-list.ts'
import { parseDmarc, printDmarc } from '../dmarc/dmarc.ts'
import { isSpf, parseSpf, termKey } from '../spf/spf.ts'

/** One SPF record out of several repairs of `was`. A repair that was made for another text is left out. */
export const combineSpf = (was: string, repairs: readonly string[]): string => {
  const [only] = repairs
  if (only !== undefined && new Set(repairs).size === 1) return only
  const base = parseSpf(was).terms.filter(term => term.name !== 'all')
  const baseKeys = new Set(base.map(termKey))
  const read = repairs.filter(isSpf).map(text => parseSpf(text))
  const gone = new Set<string>()
  const fresh: string[] = []
  for (const record of read) {
    const keys = new Set(record.terms.map(termKey))
    for (const key of baseKeys) if (!keys.has(key)) gone.add(key)
    for (const term of record.terms)
      if (term.name !== 'all' && !baseKeys.has(termKey(term)) && !fresh.includes(term.text)) fresh.push(term.text)
  }
  const kept: string[] = []
  const seen = new Set<string>()
  for (const term of base) {
    const key = termKey(term)
    if (gone.has(key) || seen.has(key)) continue
    seen.add(key)
    kept.push(term.text)
  }
  const ends = read
    .map(record => record.terms.find(term => term.name === 'all')?.text)
    .filter(text => text !== undefined)
  const open = /^[+?]?all$/
  const own = parseSpf(was).terms.find(term => term.name === 'all')?.text
  // The end that a repair changed wins over the one that stood there.
  const end = ends.find(text => text !== own && !open.test(text)) ?? ends.find(text => !open.test(text)) ?? '~all'
  return [
    'v=spf1',
    ...kept,
    ...fresh,
    ...(read.some(record => record.terms.some(term => term.name === 'redirect')) && ends.length === 0 ? [] : [end]),
  ].join(' ')
}

/** One DMARC record out of several repairs: tag by tag, what a repair changed wins over what stood there. */
export const combineDmarc = (was: string | null, repairs: readonly string[]): string => {
  const tags = (text: string): Map<string, string> =>
    new Map(parseTagList(text).tags.map(tag => [tag.name.toLowerCase(), tag.value]))
  const base = tags(was ?? '')
  const merged = new Map(base)
  for (const repair of repairs) {
    const changed = tags(repair)
    for (const name of base.keys()) if (!changed.has(name)) merged.delete(name)
    for (const [name, value] of changed) if (base.get(name) !== value) merged.set(name, value)
  }
  merged.delete('v')
  const known = parseDmarc('v=DMARC1')
  for (const name of [...merged.keys()])
    if (!['p', 'sp', 'np', 'adkim', 'aspf', 'psd', 't', 'rua', 'ruf', 'fo'].includes(name)) merged.delete(name)
  return printDmarc({ p: known.p ?? 'none', ...Object.fromEntries(merged) })
}

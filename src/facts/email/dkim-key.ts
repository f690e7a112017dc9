// The key behind one DKIM selector: its record, where it leads by CNAME, and whether every other name answers the same.
import { observed } from '../../core/fact.ts'
import { type DkimKey, looksLikeDkim, parseDkimKey } from '../../formats/dkim/dkim.ts'
import type { StrayKey } from '../../formats/dkim/stray.ts'
import type { FactDefinition } from '../definition.ts'
import { recordTexts } from './mail-lookups.ts'

export type DkimKeyAt = {
  /** `selector._domainkey.domain` */
  name: string
  configured: boolean
  why: string
  exists: boolean
  cnames: string[]
  /** TXT records that may be keys, joined from their strings. */
  texts: string[]
  /** Strings of the first of them: keys over 255 characters come in several. */
  strings: number
  key: DkimKey | null
  /** How many key records stand there: of several, receivers take any (RFC 6376 §3.6.2.2). */
  keys: number
  /** The key, or where it is kept, as it stands at another name or in another type. */
  stray: StrayKey | null
  /** The same text stands at a name that nobody chose. */
  wildcard: boolean
}

const fact: FactDefinition<DkimKeyAt> = {
  on: 'selector',
  async collect(subject, context) {
    const base = subject.name.slice(subject.name.indexOf('._domainkey.') + 1)
    const [answer, everywhere] = await Promise.all([
      context.net.dns.lookup(subject.name, 'TXT'),
      context.net.dns.lookup(`launch-ready-no-such-selector.${base}`, 'TXT'),
    ])
    if (!answer.ok) return answer
    const all = recordTexts(answer.value, 'TXT')
    const texts = all.filter(looksLikeDkim).length ? all.filter(looksLikeDkim) : all
    const other = everywhere.ok ? recordTexts(everywhere.value, 'TXT') : []
    const strings = answer.value.records.find(record => record.data === texts[0])?.fields?.strings
    return observed(
      {
        name: subject.name,
        configured: subject.details?.configured === true,
        why: String(subject.details?.why ?? ''),
        exists: answer.value.records.length > 0,
        cnames: answer.value.cnames,
        texts: texts
          .map(text => text.slice(0, 8000))
          .slice(0, 5)
          .sort(),
        strings: Array.isArray(strings) ? strings.length : 1,
        keys: all.filter(looksLikeDkim).length,
        key: texts[0] === undefined ? null : parseDkimKey([...texts].sort()[0] as string),
        stray: (subject.details?.stray as StrayKey | null | undefined) ?? null,
        wildcard: all.length > 0 && other.length > 0 && other.join(' ') === all.join(' '),
      },
      context.now(),
    )
  },
}
export default fact

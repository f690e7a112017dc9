// A sound DMARC record, and the walk for coachdash.example with other ones, as the collector makes it.
import { isDmarc, parseDmarc } from '../../formats/dmarc/dmarc.ts'
import type { Dmarc } from './dmarc.ts'

/** One record at the domain, none when `text` is not given. */
export const dmarcWith = (text?: string, more: Partial<Dmarc> = {}): Dmarc => {
  const texts = text !== undefined && isDmarc(text) ? [text] : []
  const record = texts[0] === undefined ? null : parseDmarc(texts[0])
  return {
    walk: {
      start: 'coachdash.example',
      steps: [
        { domain: 'coachdash.example', texts, problem: null, record },
        { domain: 'example', texts: [], problem: null, record: null },
      ],
      record,
      at: record ? 'coachdash.example' : null,
      applies: record ? 'domain' : null,
      organizational: 'coachdash.example',
      problem: null,
    },
    misplaced: [],
    registrable: 'coachdash.example',
    alias: null,
    ttl: record ? 3600 : null,
    ...more,
  }
}

/** Forged mail is refused everywhere, and reports reach the domain itself. */
export const example: Dmarc = dmarcWith('v=DMARC1; p=reject; rua=mailto:dmarc@coachdash.example')

// The SPF record of the domain, and of every name that a configured sender bounces to.
import { blocker, defineCheck, high, medium, type OutcomeHolds, pass, type Unknown } from '../../core/check.ts'
import { recordsEvidence, textEvidence } from '../../core/evidence.ts'
import { spfWith } from '../../facts/email/spf.example.ts'
import { denialAt, type RecordFault, recordFaults } from '../../formats/spf/record-faults.ts'
import { type WantedSpf, wantedSpf } from '../../formats/spf/wanted.ts'
import { panelSteps } from './mail-fixes.ts'
import { joinSpf, publishAsTxt, publishSpf, replaceSpf, shortenSpf } from './spf-fixes.ts'

type Data = {
  name: string
  /** The record to publish where there is none and nobody needs one. */
  denial: string
  repair: WantedSpf | null
  position: number
  fault: string
  length: number
  /** What to type where, when the DNS provider is known. */
  panel: string[]
}

const bare: Omit<Data, 'name' | 'panel'> = { denial: '', repair: null, position: 0, fault: '', length: 0 }

export default defineCheck<Data>()({
  id: 'spf-record',
  stage: 'email',
  on: 'domain',
  title: 'The SPF record can be read by receivers',
  why: 'Receivers take one TXT record that begins with "v=spf1 ". Of several none counts, nor does one with a fault anywhere in it, even behind the part that matters: a permanent error. Without one, nothing is said of any server. Judged for the domain and for every domain that a configured sender bounces to.',
  impact: {
    journey: 'email',
    owner: 'Mail in your name is filed as spam or refused, sign-up and reset mails among it.',
  },
  needs: ['spf'],
  wants: ['mx', 'dnsPanel', 'selectors'],
  signals: ['emails-fail', 'never-verified', 'mail-lost'],
  outcomes: {
    missing: high('No SPF record at {name}: nothing says who may send', publishSpf, {
      why: 'Receivers cannot tell servers that may use this name from those of a forger.',
    }),
    multiple: blocker('{name} has several SPF records, so none counts', joinSpf),
    malformed: blocker('SPF of {name} has a fault at character {position}', replaceSpf),
    'too-long': medium('SPF of {name} is too long: {length} characters', shortenSpf, {
      why: 'Some receivers get no answer of that size, and then judge mail in your name as if there were no record.',
    }),
    'ignored-term': high('{fault} in SPF of {name} is ignored', replaceSpf, {
      why: 'What the entry was meant to allow is not allowed: mail from there fails SPF.',
    }),
    'leading-space': blocker('Something stands before "v=spf1" at {name}: no SPF', replaceSpf),
    'type-99-only': high('SPF of {name} is in a record type nobody reads', publishAsTxt),
    present: pass('SPF is published and well-formed'),
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc7208#section-3',
    'https://www.rfc-editor.org/rfc/rfc7208#section-4.5',
    'https://www.rfc-editor.org/rfc/rfc7208#section-4.6',
  ],
  judge: ({ spf, mx, dnsPanel, selectors }, { subject, target }) => {
    const domain = subject.name
    const panel = panelSteps(dnsPanel, domain, domain)
    const servers = mx.ok ? mx.value : null
    const returnPaths = selectors.ok ? selectors.value.returnPaths : []
    const found = spf.names.flatMap((item): (OutcomeHolds<RecordFault['kind'], Data> | Unknown)[] => {
      const { name, texts, near, problem } = item
      if (problem !== null)
        return [{ unknown: `the SPF record of ${name} could not be asked for: ${problem}`, couldBe: 'blocker' }]
      const { denial, unused } = denialAt(item, domain, target, servers, returnPaths)
      const repair = wantedSpf(item, domain, target, servers)
      const shown = texts.length ? texts : near.slice(0, 1).map(other => other.text)
      return recordFaults(item, unused).map(({ kind, position, fault, severity, seen }) => ({
        outcome: kind,
        key: name,
        data: { name, denial, repair, position, fault, length: texts[0]?.length ?? 0, panel },
        evidence: [...seen.map(([label, value]) => textEvidence(label, value)), ...recordsEvidence(name, 'TXT', shown)],
        ...(severity ? { severity } : {}),
      }))
    })
    if (found.length) return found
    const evidence = spf.names.flatMap(({ name, texts }) => recordsEvidence(name, 'TXT', texts))
    return { outcome: 'present', data: { ...bare, name: domain, panel }, evidence }
  },
  examples: [
    { name: 'one well-formed record', facts: {}, expect: 'present' },
    { name: 'a fault in the middle', facts: { spf: spfWith('v=spf1 ipv4:192.0.2.25 -all') }, expect: 'malformed' },
    { name: 'no record', facts: { spf: spfWith() }, expect: 'missing' },
  ],
})

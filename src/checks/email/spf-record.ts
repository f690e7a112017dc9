import { defineCheck } from '../../core/check.ts'
import type { Fix } from '../../core/fix.ts'
import type { Target } from '../../core/target.ts'
import { providerOfMx } from '../../data/mail-providers.ts'
import type { Mx } from '../../facts/email/mx.ts'
import type { SpfOfName } from '../../facts/email/spf.ts'
import { spfLengthLimit } from '../../formats/spf/repair.ts'
import { isMistyped } from '../../formats/spf/spf.ts'
import {
  addRecord,
  emailSectionOf,
  evidence,
  type Held,
  inWords,
  panelSteps,
  recordFix,
  txtEvidence,
} from './mail-records.ts'
import { exampleSpf } from './spf-examples.ts'
import { termsNeededAt } from './spf-terms.ts'
import { spfFix, type WantedSpf, wantedSpf } from './spf-wanted.ts'

type Data = {
  name: string
  /** The record to publish where there is none and nobody needs one. */
  denial: string
  repair: WantedSpf | null
  position: number
  fault: string
  length: number
  senders: string
  /** What to type where, when the DNS provider is known. */
  panel: string[]
}

const mend = (held: Data): Fix =>
  spfFix(
    held.repair,
    `Replace the SPF record of ${held.name}`,
    'Write the record anew from the names that your mail services give you',
    10,
    held.panel,
  )

const none: Omit<Data, 'name' | 'panel'> = {
  denial: '',
  repair: null,
  position: 0,
  fault: '',
  length: 0,
  senders: '',
}

export default defineCheck<Data>()({
  id: 'spf-record',
  stage: 'email',
  on: 'domain',
  title: 'The SPF record can be read by receivers',
  why: 'Receivers take one TXT record that begins with "v=spf1 ". None, two, or one with a fault anywhere in it means that no server is authorised: a fault is a permanent error even where it stands behind the part that matters. Judged for the domain and for every domain that a configured sender bounces to.',
  impact: {
    journey: 'email',
    owner: 'Mail in your name is filed as spam or refused, sign-up and reset mails among it.',
  },
  needs: ['spf'],
  wants: ['mx', 'dnsPanel', 'selectors'],
  signals: ['emails-fail', 'never-verified', 'mail-lost'],
  outcomes: {
    missing: {
      status: 'fail',
      severity: 'high',
      title: '{name} says nobody may send its mail: no SPF record',
      fix: held =>
        held.denial
          ? recordFix('Say who sends mail for you', [addRecord(held.name, 'TXT', held.denial)], 10, held.panel)
          : spfFix(
              held.repair,
              'Say who sends mail for you',
              'Name your senders in the config (email.senders) and run this again for the record; a domain that sends nothing gets a TXT record "v=spf1 -all"',
              10,
              held.panel,
            ),
    },
    multiple: {
      status: 'fail',
      severity: 'blocker',
      title: '{name} has several SPF records, so none counts',
      fix: held =>
        spfFix(
          held.repair,
          'Put the records together into one',
          'Write one record from the parts of all',
          10,
          held.panel,
        ),
    },
    malformed: {
      status: 'fail',
      severity: 'blocker',
      title: 'SPF of {name} has a fault at character {position}',
      fix: mend,
    },
    'too-long': {
      status: 'fail',
      severity: 'medium',
      title: 'SPF of {name} is {length} characters, too long for one packet',
      fix: held =>
        spfFix(
          held.repair,
          'Move the addresses into a record of their own',
          `Remove senders that you no longer use, until the record has at most ${spfLengthLimit} characters`,
          15,
        ),
    },
    'ignored-term': { status: 'fail', severity: 'high', title: '{fault} in SPF of {name} is ignored', fix: mend },
    'leading-space': {
      status: 'fail',
      severity: 'blocker',
      title: 'Something stands before "v=spf1" at {name}: no SPF',
      fix: mend,
    },
    'type-99-only': {
      status: 'fail',
      severity: 'high',
      title: 'SPF of {name} is in a record type nobody reads',
      fix: held => spfFix(held.repair, 'Publish the same text as TXT', 'Publish the same text as TXT', 5),
    },
    present: { status: 'pass', title: 'SPF is published and well-formed' },
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc7208#section-3',
    'https://www.rfc-editor.org/rfc/rfc7208#section-4.5',
    'https://www.rfc-editor.org/rfc/rfc7208#section-4.6',
  ],
  judge: ({ spf, mx, dnsPanel, selectors }, { subject, target }) => {
    const domain = subject.name
    const bare: Data = { ...none, name: domain, panel: panelSteps(dnsPanel, domain, domain) }
    const held = spf.names.flatMap((item): Held<Outcome, Data>[] => {
      if (item.problem !== null)
        return [
          { unknown: `the SPF record of ${item.name} could not be asked for: ${item.problem}`, couldBe: 'blocker' },
        ]
      const servers = mx.ok ? mx.value : null
      const { denial, unused } = denialAt(
        item,
        domain,
        target,
        servers,
        selectors.ok ? selectors.value.returnPaths : [],
      )
      const known = {
        name: item.name,
        denial,
        repair: wantedSpf(item, domain, target, servers),
        length: item.texts[0]?.length ?? 0,
        senders: inWords(item.senders),
      }
      return judgeName(item, unused).map(outcome => ({
        ...outcome,
        key: `${item.name} ${outcome.key ?? ''}`.trim(),
        data: { ...bare, ...known, ...outcome.data },
        evidence: [
          ...(outcome.evidence ?? []),
          ...txtEvidence(item.name, item.texts.length ? item.texts : item.near.slice(0, 1).map(near => near.text)),
        ],
      }))
    })
    if (held.length) return held
    return { outcome: 'present', data: bare, evidence: spf.names.flatMap(item => txtEvidence(item.name, item.texts)) }
  },
  examples: [
    { name: 'one well-formed record', facts: { spf: exampleSpf('v=spf1 ip4:192.0.2.25 -all') }, expect: 'present' },
    { name: 'a fault in the middle', facts: { spf: exampleSpf('v=spf1 ipv4:192.0.2.25 -all') }, expect: 'malformed' },
    { name: 'no record', facts: { spf: exampleSpf() }, expect: 'missing' },
  ],
})

type Outcome = 'missing' | 'ignored-term' | 'multiple' | 'malformed' | 'too-long' | 'leading-space' | 'type-99-only'
type Fault = {
  outcome: Outcome
  key?: string
  severity?: 'blocker' | 'low'
  data?: Partial<Data>
  evidence?: { label: string; value: string }[]
}

/** Everything that holds for one name: several records and their faults, or why there is none. */
const judgeName = (item: SpfOfName, unused: boolean): Fault[] => {
  if (item.texts.length === 0) {
    const [near] = item.near
    if (near) {
      const seen = [evidence('at character', `${near.at + 1}: ${near.message}`)]
      const data = { position: near.at + 1, fault: near.message }
      return [{ outcome: near.kind === 'leading' ? 'leading-space' : 'malformed', data, evidence: seen }]
    }
    if (item.type99[0])
      return [
        {
          outcome: 'type-99-only',
          evidence: [evidence(`${item.name} SPF (type 99)`, item.type99[0])],
        },
      ]
    return [
      {
        outcome: 'missing',
        ...(item.senders.length ? { severity: 'blocker' as const } : unused ? { severity: 'low' as const } : {}),
        evidence: item.senders.map(sender => evidence('sender', sender)),
      },
    ]
  }
  if (item.texts.length > 1) return [{ outcome: 'multiple' }]
  const [text = ''] = item.texts
  const faults = item.tree?.root.faults ?? []
  const list: Fault[] = []
  if (faults[0])
    list.push({
      outcome: 'malformed',
      data: { position: faults[0].at + 1, fault: faults[0].message },
      evidence: faults.slice(0, 20).map(fault => evidence(`at character ${fault.at + 1}`, fault.message)),
    })
  const [mistyped] = item.tree?.root.terms.filter(isMistyped) ?? []
  if (mistyped && !faults.length)
    list.push({
      outcome: 'ignored-term',
      data: { fault: mistyped.text.slice(0, 30) },
      evidence: [
        evidence(
          `at character ${mistyped.at + 1}`,
          `"${mistyped.text}" should read "${mistyped.text.replace('=', ':')}"`,
        ),
      ],
    })
  if (text.length > spfLengthLimit && !faults.length) list.push({ outcome: 'too-long', data: { length: text.length } })
  return list
}

/** The record that refuses everybody, where there is none and nobody needs one; and whether any mail bounces there at all. */
const denialAt = (
  item: SpfOfName,
  domain: string,
  target: Target,
  mx: Mx | null,
  returnPaths: readonly string[],
): { denial: string; unused: boolean } => {
  const needed = termsNeededAt(item.name, domain, target, mx)
  // Every sender bounces elsewhere and nobody's mailboxes send from here: the record only keeps forgers out.
  const unused = item.name === domain && item.senders.length === 0 && target.senders.length > 0 && needed.length === 0
  const seen = item.name === domain && target.senders.length === 0 && needed.length === 0 && returnPaths.length > 0
  const silent =
    unused && mx?.hosts.every(host => (providerOfMx(host.exchange)?.envelope ?? 'from') !== 'from') === true
  const denies = emailSectionOf(target).sends === false && needed.length === 0
  return { denial: denies || silent ? 'v=spf1 -all' : '', unused: unused || seen }
}

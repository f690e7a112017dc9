// Who sends in the domain's name, by what receivers reported: senders of yours that fail, senders that nobody knows, and whether the
// policy can be tightened.
import { defineCheck } from '../../core/check.ts'
import { type Fact, observed } from '../../core/fact.ts'
import { providerNamed } from '../../data/mail-providers.ts'
import type { Dmarc } from '../../facts/email/dmarc.ts'
import type { DmarcReports } from '../../facts/email/dmarc-reports.ts'
import type { Selectors } from '../../facts/email/selectors.ts'
import { effectivePolicies } from '../../formats/dmarc/dmarc.ts'
import { dmarcRollout } from '../../formats/dmarc/rollout.ts'
import { passRate, readiness, type Source, type Summary } from '../../formats/dmarc/summary.ts'
import { exampleDmarc } from './dmarc-examples.ts'
import { evidence, type Held, manual, recordFix, replaceRecord } from './mail-records.ts'

type Data = {
  source: string
  failing: number
  messages: number
  rate: string
  setup: string
  at: string
  text: string
  wanted: string
  policy: string
}

/** An unknown source of fewer messages, and of a smaller part of all, is the noise that every domain has. */
const noise = { messages: 10, part: 0.01 } as const

const source = (given: Partial<Source> = {}): Source => ({
  name: 'Postmark',
  kind: 'own-sender',
  messages: 900,
  passing: 900,
  addresses: ['192.0.2.25'],
  addressCount: 1,
  ...given,
})

const reports = (given: Partial<Summary>, sources: Source[]): DmarcReports => ({
  place: 'imap.example.net/Reports',
  kind: 'mailbox',
  summary: {
    domains: ['coachdash.example'],
    names: [],
    reports: 14,
    duplicates: 0,
    messages: sources.reduce((sum, item) => sum + item.messages, 0),
    passing: sources.reduce((sum, item) => sum + item.passing, 0),
    days: [],
    sources,
    policy: null,
    verdict: { ready: false, because: [] },
    ...given,
  },
  tls: [],
  failures: 0,
  problems: [],
  files: 14,
  newest: '2026-11-24T00:00:00.000Z',
  others: [],
})

export default defineCheck<Data>()({
  id: 'dmarc-sources',
  stage: 'email',
  on: 'domain',
  title: 'Everybody who sends in your name is known and passes',
  why: 'Receivers report daily who sent in the domain’s name and what passed (email.reports leads to them). Sources are named from what authenticated, never from what they claim; yours are the configured senders, the servers and providers that your records name. A source of yours below 98 % would lose mail under an enforcing policy.',
  impact: { journey: 'email', owner: 'Some of your own mail looks forged, or somebody else writes in your name.' },
  needs: ['dmarcReports'],
  wants: ['dmarc', 'selectors', 'mx'],
  outcomes: {
    'legitimate-source-failing': {
      status: 'fail',
      severity: 'blocker',
      title: '{failing} of {messages} mails that {source} sends for you fail',
      fix: data => ({
        summary: `Let ${data.source} sign with your domain`,
        steps: [
          data.setup,
          'Send one mail to yourself and judge it: launch-ready email message mail.eml; DKIM has to pass with your own domain in d=.',
          'Leave the DMARC policy as it is until the reports of a week show it passing.',
        ],
        changes: [manual(`${data.source}: ${data.setup}`)],
        effortMinutes: 30,
      }),
    },
    'unknown-source': {
      status: 'fail',
      severity: 'medium',
      title: '{messages} mails in your name come from a source you do not name',
      impact: 'trust',
      fix: data => ({
        summary: `Find out whether ${data.source} is yours`,
        steps: [
          'Ask whoever set up newsletters, invoices, support desk and the web site’s contact form whether they send from these addresses.',
          'Yours: set up DKIM there with your domain, and add it to email.senders of the config.',
          'Not yours: nothing to repair; a DMARC policy of quarantine, then reject, has receivers refuse it.',
        ],
        changes: [
          manual(`Decide whether the mails ${data.source} are yours; then authenticate them, or have them refused.`),
        ],
        effortMinutes: 30,
      }),
    },
    'ready-to-enforce': {
      status: 'fail',
      severity: 'low',
      title: '{rate} of your mail passes: DMARC can refuse forged mail now',
      impact: 'trust',
      fix: data =>
        recordFix(
          `Tighten DMARC of ${data.at}`,
          [replaceRecord(`_dmarc.${data.at}`, 'TXT', data.wanted, data.text)],
          10,
          ['Look into the reports of the following weeks before the next step.'],
        ),
    },
    clean: { status: 'pass', title: 'Everybody who sends in your name passes' },
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc9990',
    'https://www.rfc-editor.org/rfc/rfc9989#section-5',
    'https://www.rfc-editor.org/rfc/rfc7489#section-7.2',
  ],
  judge: ({ dmarcReports: read, dmarc, selectors }, { subject, target, now }) => {
    const { summary, problems, place } = read
    if (!summary.reports)
      return problems.some(item => !item.used)
        ? { unknown: `no report in ${place} could be read: ${problems[0]?.reason}` }
        : { skip: 'no report of this domain has arrived yet' }
    const seen = evidenceOf(read)
    const data = { ...bare, at: subject.name, messages: summary.messages, rate: passRate(summary) }
    const known = (source: Source): boolean => isYours(source, target.senders, selectors)
    const next = nextStep(dmarc, subject.name, now)
    const list: Held<Outcome, Data>[] = [
      ...summary.sources.filter(source => known(source) && fails(source)).map(source => failing(source, data, seen)),
      ...(next?.rejecting ? [] : summary.sources)
        .filter(source => source.kind !== 'forwarder' && !known(source) && !isNoise(source, summary))
        .slice(0, 10)
        .map(source => stranger(source, data, seen)),
    ]
    if (
      list.every(item => 'outcome' in item && item.outcome === 'unknown-source') &&
      summary.verdict.ready &&
      next?.wanted &&
      isCurrent(summary, next)
    )
      list.push({ outcome: 'ready-to-enforce', data: { ...data, ...next, rate: wantedRate(summary) }, evidence: seen })
    return list.length ? list : { outcome: 'clean', data, evidence: seen }
  },
  examples: [
    {
      name: 'everybody passes, and forged mail is refused',
      facts: {
        dmarcReports: reports({}, [source()]),
        dmarc: observed(exampleDmarc('v=DMARC1; p=reject; rua=mailto:dmarc@coachdash.example'), ''),
      },
      expect: 'clean',
    },
    {
      name: 'the newsletter service signs with a domain of its own',
      facts: {
        dmarcReports: reports({}, [
          source(),
          source({ name: 'Mailchimp', kind: 'provider', messages: 80, passing: 0 }),
        ]),
      },
      target: { senders: [{ name: 'Mailchimp', dkim: [] }] },
      expect: 'legitimate-source-failing',
    },
    {
      name: 'somebody whom nobody knows',
      facts: {
        dmarcReports: reports({}, [
          source(),
          source({ name: 'unknown, authenticated as nobody', kind: 'unknown', messages: 60, passing: 0 }),
        ]),
      },
      expect: 'unknown-source',
    },
    {
      name: 'all passes for weeks, and forged mail is only watched',
      facts: {
        dmarcReports: reports({ verdict: { ready: true, because: ['100.0 % of 900 messages pass'] } }, [source()]),
        dmarc: observed(exampleDmarc('v=DMARC1; p=none; rua=mailto:dmarc@coachdash.example'), ''),
      },
      expect: 'ready-to-enforce',
    },
    { name: 'no report yet', facts: { dmarcReports: reports({ reports: 0, messages: 0 }, []) }, expect: 'skip' },
  ],
})

type Outcome = 'legitimate-source-failing' | 'unknown-source' | 'ready-to-enforce'

const bare: Data = {
  source: '',
  failing: 0,
  messages: 0,
  rate: '',
  setup: '',
  at: '',
  text: '',
  wanted: '',
  policy: '',
}

const fails = (source: Source): boolean => source.messages > 0 && source.passing / source.messages < readiness.rate

const isNoise = (source: Source, all: Summary): boolean =>
  source.messages < noise.messages && source.messages < all.messages * noise.part

/** The configured senders and own servers, and the providers that the records or the config show the domain to use. */
const isYours = (
  source: Source,
  senders: readonly { name: string; spf?: string }[],
  selectors: Fact<Selectors>,
): boolean => {
  if (source.kind === 'own-sender') return true
  if (source.kind !== 'provider') return false
  const inSight = selectors.ok ? selectors.value.providers.map(item => item.name) : []
  return (
    inSight.includes(source.name) ||
    senders.some(
      sender =>
        providerNamed(sender.name)?.name === source.name ||
        (sender.spf !== undefined && providerNamed(source.name)?.spf.includes(sender.spf) === true),
    )
  )
}

/** The reports were made under the policy that stands there now: what it changed is in them. */
const isCurrent = (summary: Summary, next: { policy: string }): boolean =>
  summary.policy === null || summary.policy === next.policy

const setupOf = (source: Source): string =>
  providerNamed(source.name)?.setup ??
  'Sign its mails with DKIM under your own domain, or let its bounces go to a name below your domain that its servers are allowed to use (SPF).'

const failing = (source: Source, data: Data, seen: Seen): Held<Outcome, Data> => ({
  outcome: 'legitimate-source-failing',
  key: source.name,
  data: {
    ...data,
    source: source.name.replace(/^authenticated as /, 'the server of '),
    failing: source.messages - source.passing,
    messages: source.messages,
    setup: setupOf(source),
  },
  evidence: seen,
})

const stranger = (source: Source, data: Data, seen: Seen): Held<Outcome, Data> => ({
  outcome: 'unknown-source',
  key: source.name,
  data: {
    ...data,
    source: `from ${source.addresses.slice(0, 3).join(', ')} (${source.name})`,
    failing: source.messages - source.passing,
    messages: source.messages,
  },
  evidence: seen,
})

type Seen = ReturnType<typeof evidenceOf>

const evidenceOf = ({ summary, place, problems }: DmarcReports) => [
  evidence(
    place,
    `${summary.reports} reports over ${summary.days.length} days: ${summary.messages} messages, ${passRate(summary)} pass`,
  ),
  ...summary.sources
    .slice(0, 12)
    .map(source =>
      evidence(
        source.name,
        `${source.messages} messages, ${passRate(source)} pass, from ${source.addresses.slice(0, 3).join(', ')}`,
      ),
    ),
  ...summary.verdict.because.map(reason => evidence(summary.verdict.ready ? 'ready' : 'not ready', reason)),
  ...(problems.length ? [evidence('could not be read, or only in part', `${problems.length} files or mails`)] : []),
]

/** Of the known sources alone: what the verdict rests on. */
const wantedRate = (summary: Summary): string => {
  const known = summary.sources.filter(source => source.kind === 'own-sender' || source.kind === 'provider')
  return passRate({
    messages: known.reduce((sum, source) => sum + source.messages, 0),
    passing: known.reduce((sum, source) => sum + source.passing, 0),
  })
}

/** The record of the next step of the roll-out; `wanted` empty where the last is reached. Null where no record is known. */
const nextStep = (
  dmarc: Fact<Dmarc>,
  domain: string,
  now: number,
): { at: string; text: string; wanted: string; policy: string; rejecting: boolean } | null => {
  const { record, at } = dmarc.ok ? dmarc.value.walk : { record: null, at: null }
  if (!record || at === null) return null
  const rejecting = effectivePolicies(record).domain === 'reject'
  const step = rejecting ? undefined : dmarcRollout(record, domain, now).find(item => !item.reached)
  return { at, text: record.text, wanted: step?.record ?? '', policy: record.p ?? 'none', rejecting }
}

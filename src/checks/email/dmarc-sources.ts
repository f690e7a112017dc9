// Who sends in the domain's name, by what receivers reported: senders of yours that fail, senders that nobody knows, and whether the
// policy can be tightened.
import { blocker, defineCheck, low, medium, pass } from '../../core/check.ts'
import { textEvidence } from '../../core/evidence.ts'
import { reportsOf, sourceWith } from '../../facts/email/dmarc-reports.example.ts'
import type { DmarcReports } from '../../facts/email/dmarc-reports.ts'
import {
  isCurrent,
  isFailing,
  isNoise,
  isYours,
  knownRate,
  type NextStep,
  nextStep,
  setupOf,
  summaryLines,
} from '../../formats/dmarc/sources.ts'
import { passRate, type Source } from '../../formats/dmarc/summary.ts'
import { tightenDmarc } from './dmarc-fixes.ts'
import { findOutSource, setUpSource } from './mail-fixes.ts'

/** `source` in words, as the title names it. */
type Data = { source: string; failing: number; messages: number; rate: string; setup: string; next: NextStep | null }

const bare = { source: '', failing: 0, setup: '', next: null }

const evidenceOf = ({ summary, place, problems }: DmarcReports) => [
  ...summaryLines(summary, place).map(([label, value]) => textEvidence(label, value)),
  ...(problems.length ? [textEvidence('could not be read, or only in part', `${problems.length} files or mails`)] : []),
]

export default defineCheck<Data>()({
  id: 'dmarc-sources',
  stage: 'email',
  on: 'domain',
  title: 'Everybody who sends in your name is known and passes',
  why: 'Receivers report daily who sent in the domain’s name and what passed (email.reports leads to them). Sources are named from what authenticated, never from what they claim; yours are the configured senders, the servers and providers that your records name. A source of yours below 98 % would lose mail under an enforcing policy.',
  impact: { journey: 'email', owner: 'Some of your own mail looks forged, or somebody else writes in your name.' },
  needs: ['dmarcReports'],
  wants: ['dmarc', 'selectors'],
  signals: { 'emails-fail': ['legitimate-source-failing'], 'mail-lost': ['legitimate-source-failing'] },
  outcomes: {
    'legitimate-source-failing': blocker(
      '{failing} of {messages} mails that {source} sends for you fail',
      setUpSource,
      {
        why: 'These mails of yours look forged to receivers: a policy of quarantine or reject has them filed as spam or refused.',
      },
    ),
    'unknown-source': medium('{messages} mails in your name come from a source you do not name', findOutSource, {
      why: 'It is a service that you use and did not name, or somebody who forges mail in your name.',
      impact: 'trust',
    }),
    'ready-to-enforce': low('{rate} of your mail passes: DMARC can refuse forged mail now', tightenDmarc, {
      why: 'While the policy is this mild, receivers let forged mail in your name through that they could refuse.',
      impact: 'trust',
    }),
    clean: pass('Everybody who sends in your name passes'),
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
    const evidence = evidenceOf(read)
    const data: Data = { ...bare, messages: summary.messages, rate: passRate(summary) }
    const inSight = selectors.ok ? selectors.value.providers.map(item => item.name) : []
    const isKnown = (source: Source): boolean => isYours(source, target.senders, inSight)
    const next = nextStep(dmarc.ok ? dmarc.value.walk : null, subject.name, now)
    const finding = <O extends string>(outcome: O, item: Source, source: string, setup = '') => ({
      outcome,
      key: item.name,
      data: { ...data, source, setup, failing: item.messages - item.passing, messages: item.messages },
      evidence,
    })
    const failing = summary.sources
      .filter(source => isKnown(source) && isFailing(source))
      .map(source => {
        const who = source.name.replace(/^authenticated as /, 'the server of ')
        return finding('legitimate-source-failing', source, who, setupOf(source))
      })
    const strangers = (next?.rejecting ? [] : summary.sources)
      .filter(source => source.kind !== 'forwarder' && !isKnown(source) && !isNoise(source, summary))
      .slice(0, 10)
      .map(source =>
        finding('unknown-source', source, `from ${source.addresses.slice(0, 3).join(', ')} (${source.name})`),
      )
    const isReady = !failing.length && summary.verdict.ready && next?.wanted && isCurrent(summary, next)
    const ready = { outcome: 'ready-to-enforce' as const, data: { ...data, next, rate: knownRate(summary) }, evidence }
    const list = [...failing, ...strangers, ...(isReady ? [ready] : [])]
    return list.length ? list : { outcome: 'clean', data, evidence }
  },
  examples: [
    { name: 'everybody passes, and forged mail is refused', facts: {}, expect: 'clean' },
    {
      name: 'the newsletter service signs with a domain of its own',
      facts: {
        dmarcReports: reportsOf([
          sourceWith(),
          sourceWith({ name: 'Mailchimp', kind: 'provider', messages: 80, passing: 0 }),
        ]),
      },
      target: { senders: [{ name: 'Mailchimp', dkim: [] }] },
      expect: 'legitimate-source-failing',
    },
  ],
})

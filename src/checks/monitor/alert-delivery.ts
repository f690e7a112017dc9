// Each channel was proven: a test alert went its way, and somebody saw it.
import { blocker, defineCheck, high, medium, pass } from '../../core/check.ts'
import { textEvidence } from '../../core/evidence.ts'
import { exampleReading } from '../../facts/monitor/watching.example.ts'
import { testAlert } from './fixes.ts'
import { day } from './seeing.ts'

/** `isRead`: the mailbox that its alerts come to is in the config. */
type Data = { channel: string; days: number; answer: string; isRead: boolean }

const stalePast = 30
const proof = exampleReading.proofs[0]!
const subject = { kind: 'channel' as const, name: 'team', details: { kind: 'slack' } }
const dated = (at: number): string => new Date(at).toISOString().slice(0, 10)

export default defineCheck<Data>()({
  id: 'alert-delivery',
  stage: 'monitor',
  on: 'channel',
  title: 'A test alert was seen on each channel within 30 days',
  why: 'That a provider took a message says nothing about a person: channels are archived, filters move mail, phones change. `monitor test-alert` sends a nonce the way of real alerts; it is seen when the nonce comes back, from the inbox, by the link in the message, or by --ack. Read from the store, and from evidence/alert-delivery.json where it is committed.',
  impact: { journey: 'operate', owner: 'You believe that you would be told, and you would not.' },
  needs: ['watching'],
  signals: ['outages-from-customers'],
  outcomes: {
    'never-verified': high(
      'No test alert was ever sent to {channel}',
      data => testAlert('Send a test alert, and let somebody confirm it.', data),
      { why: 'Nobody knows whether an alert would be seen there.' },
    ),
    stale: medium(
      'The last test alert on {channel} was {days} days ago',
      data => testAlert('Send a test alert each month, and let somebody confirm it.', data),
      { why: 'Channels are muted and deleted meanwhile: nobody knows whether an alert would be seen there today.' },
    ),
    'accepted-not-seen': medium(
      '{channel} took the test alert; nobody saw it',
      data =>
        testAlert('Let somebody confirm that it arrives.', data, [
          'Look into the channel, and into spam: is the message there?',
        ]),
      { why: 'Alerts arrive where perhaps nobody looks.' },
    ),
    failed: blocker('The test alert to {channel} failed', data =>
      testAlert('Mend the channel.', data, [
        `It said: ${data.answer || 'nothing'}. Renew its webhook, password or token.`,
      ]),
    ),
    seen: pass('A test alert was seen on {channel}'),
  },
  references: ['https://sre.google/sre-book/monitoring-distributed-systems/'],
  judge({ watching }, { subject: { name: channel, details }, now }) {
    const proofs = watching.proofs.filter(one => one.channel === channel).sort((a, b) => b.sentAt - a.sentAt)
    const last = proofs[0]
    const data: Data = { channel, days: 0, answer: last?.answer ?? '', isRead: details?.['inbox'] === true }
    if (!last)
      return {
        outcome: 'never-verified',
        data,
        evidence: [
          textEvidence(
            'proofs',
            watching.reading
              ? 'none in the store, and none committed'
              : 'there is no store yet, and no evidence/alert-delivery.json',
          ),
        ],
      }
    const said = textEvidence(
      channel,
      `sent ${dated(last.sentAt)}; ${last.acceptedAt ? `taken (${last.answer ?? ''})` : `not taken: ${last.answer ?? 'no answer'}`}; ${last.seenAt ? `seen ${dated(last.seenAt)} by ${last.seenBy ?? '?'}` : 'not seen'}`,
    )
    if (last.acceptedAt === null && last.seenAt === null) return { outcome: 'failed', data, evidence: [said] }
    const seen = proofs.find(({ seenAt }) => seenAt !== null)
    const days = Math.floor((now - (seen?.seenAt ?? last.sentAt)) / day)
    if (!seen) return { outcome: 'accepted-not-seen', data, evidence: [said] }
    if (days > stalePast) return { outcome: 'stale', data: { ...data, days }, evidence: [said] }
    return { outcome: 'seen', data, evidence: [said] }
  },
  examples: [
    { name: 'seen yesterday', facts: {}, subject, expect: 'seen' },
    { name: 'never', facts: { watching: { proofs: [] } }, subject, expect: 'never-verified' },
    {
      name: 'two months ago',
      facts: {
        watching: { proofs: [{ ...proof, sentAt: proof.sentAt - 60 * day, seenAt: proof.seenAt! - 60 * day }] },
      },
      subject,
      expect: 'stale',
    },
    {
      name: 'taken',
      facts: { watching: { proofs: [{ ...proof, seenAt: null, seenBy: null }] } },
      subject,
      expect: 'accepted-not-seen',
    },
    {
      name: 'refused',
      facts: {
        watching: { proofs: [{ ...proof, acceptedAt: null, seenAt: null, seenBy: null, answer: '404 no_service' }] },
      },
      subject,
      expect: 'failed',
    },
  ],
})

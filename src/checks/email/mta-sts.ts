// MTA-STS: whether senders have to encrypt mail to the domain, and can.
import { defineCheck, high, low, medium, type OutcomeHolds, pass, type Unknown } from '../../core/check.ts'
import { type Evidence, httpEvidence, recordsEvidence, textEvidence } from '../../core/evidence.ts'
import { unpublished } from '../../facts/email/mta-sts.example.ts'
import type { Facts } from '../../facts/index.generated.ts'
import {
  mtaStsRecordFault,
  policyAdvice,
  printMtaStsPolicy,
  servedPolicyFaults,
  uncoveredHosts,
} from '../../formats/mail/mta-sts.ts'
import { type StsData as Data, drop, enforce, mend, publish, serve } from './mta-sts-fixes.ts'

type Seen = Pick<Facts, 'mx' | 'mtaSts'>
type Finding = OutcomeHolds<Outcome, Data>
type Outcome = 'missing' | 'record-without-policy' | 'policy-unreachable' | 'mx-not-covered' | 'malformed' | 'testing'

const dataOf = (domain: string, hosts: readonly string[], { mx, mtaSts }: Seen): Data => {
  const { texts, fetch } = mtaSts
  // A server that does not exist is another check's business, and no part of a new policy.
  const live = mx.hosts.filter(host => host.state === 'resolves' || host.state === 'unknown')
  const named = live.length ? [...new Set(live.map(host => host.exchange))] : hosts
  const url = `https://mta-sts.${domain}/.well-known/mta-sts.txt`
  // Senders only report while a policy is tested: what it would keep out is seen before anything is kept out.
  const mode = fetch?.policy?.mode === 'enforce' ? 'enforce' : 'testing'
  const [policy, strict] = [printMtaStsPolicy(mode, named), printMtaStsPolicy('enforce', named)]
  return { domain, url, policy, strict, texts, part: 'policy' }
}

const malformed = (part: Data['part'], faults: readonly string[], data: Data, seen: Evidence[]): Finding[] => {
  if (faults.length === 0) return []
  const evidence = [...seen, ...faults.map(fault => textEvidence('fault', fault))]
  return [{ outcome: 'malformed', key: part, data: { ...data, part }, evidence }]
}

export default defineCheck<Data>()({
  id: 'mta-sts',
  stage: 'email',
  on: 'domain',
  title: 'Senders must encrypt mail to you',
  why: 'MTA-STS tells senders to deliver over verified TLS only, to the servers that the policy names. The policy is fetched over HTTPS with a valid certificate and without redirects. A server that the policy of enforce mode does not name gets no mail from senders that follow it, Gmail and Microsoft among them.',
  impact: { journey: 'email', owner: 'Mail to you can be read or changed on the way.' },
  needs: ['mtaSts', 'mx'],
  signals: { 'emails-fail': ['mx-not-covered'] },
  outcomes: {
    'record-without-policy': high('MTA-STS of {domain} is announced, but there is no policy', drop, {
      why: 'Senders that look for the policy find none: mail to you is delivered without its protection, and each of them asks in vain.',
    }),
    'policy-unreachable': high('Senders cannot fetch the MTA-STS policy of {domain}', drop, {
      why: 'Senders that never had the policy deliver without its protection; those that keep an old copy follow it until it ends.',
    }),
    'mx-not-covered': high('The MTA-STS policy leaves out a mail server of yours', serve, {
      why: 'Under a policy that binds, large senders deliver no mail to a server that it does not name.',
    }),
    malformed: medium('MTA-STS of {domain} has a fault', mend, {
      why: 'Senders ignore a record or policy with a fault: mail to you is delivered without its protection.',
    }),
    testing: low('MTA-STS of {domain} is in test mode', enforce, {
      why: 'While the policy is tested, senders report what failed and deliver all the same: mail to you can still be read on the way.',
    }),
    missing: low('Senders need not encrypt mail to {domain}', publish),
    sound: pass('Senders must encrypt mail to {domain}'),
  },
  references: ['https://www.rfc-editor.org/rfc/rfc8461'],
  judge: ({ mtaSts, mx }, { subject: { name: domain } }) => {
    const { texts, record, fetch } = mtaSts
    const hosts = [...new Set(mx.hosts.map(host => host.exchange))]
    if (hosts.length === 0) return { skip: 'the domain names no mail server' }
    const data = dataOf(domain, hosts, { mx, mtaSts })
    const evidence = [
      ...recordsEvidence(`_mta-sts.${domain}`, 'TXT', texts),
      ...(fetch ? [httpEvidence(fetch.url, fetch.message ?? fetch.text)] : []),
      ...recordsEvidence(domain, 'MX', [hosts.join(', ')]),
    ]
    if (!fetch) return { outcome: 'missing', data, evidence }
    const { state, policy } = fetch
    const when = (holds: boolean, outcome: Outcome): Finding[] => (holds ? [{ outcome, data, evidence }] : [])
    const fault = mtaStsRecordFault(texts, record)
    const uncovered = uncoveredHosts(policy, hosts)
    const silent: Unknown = { unknown: `the policy could not be fetched from here: ${fetch.message}`, couldBe: 'high' }
    const list = [
      ...malformed('record', fault ? [fault] : [], data, evidence),
      ...(state === 'unasked' ? [silent] : []),
      ...when(state === 'absent', 'record-without-policy'),
      ...when(state === 'failed', 'policy-unreachable'),
      ...malformed('policy', servedPolicyFaults(policy, fetch.contentType), data, evidence),
      // RFC 8461 §3.2: `none` withdraws a policy that was published before.
      ...when(policy?.mode === 'none', 'missing'),
      ...when(uncovered.length > 0, 'mx-not-covered').map(finding => ({
        ...finding,
        evidence: [...evidence, textEvidence('not in the policy', uncovered.join(', '))],
        ...(policy?.mode === 'enforce' ? { severity: 'blocker' as const } : {}),
      })),
      ...when(policy?.mode === 'testing', 'testing'),
    ]
    const advice = policy && policyAdvice(policy)
    const more = advice ? [textEvidence('advice', advice)] : []
    return list.length ? list : { outcome: 'sound', data, evidence: [...evidence, ...more] }
  },
  examples: [
    { name: 'enforced, and every server named', facts: {}, expect: 'sound' },
    { name: 'nothing published', facts: { mtaSts: unpublished }, expect: 'missing' },
  ],
})

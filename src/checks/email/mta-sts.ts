// MTA-STS: whether senders have to encrypt mail to the domain, and can.
import { defineCheck, high, low, medium, type OutcomeHolds, pass, type Unknown } from '../../core/check.ts'
import { type Evidence, httpEvidence, recordsEvidence, textEvidence } from '../../core/evidence.ts'
import type { Fix } from '../../core/fix.ts'
import { addRecord, changesFix, manual, removeRecord } from '../../core/fixes.ts'
import { unpublished } from '../../facts/email/mta-sts.example.ts'
import type { Facts } from '../../facts/index.generated.ts'
import { mtaStsRecordFault, printMtaStsPolicy, servedPolicyFaults, uncoveredHosts } from '../../formats/mail/mta-sts.ts'

/** `policy` is the text to serve at `url`; `part` says what a fault is of. */
type Data = { domain: string; url: string; policy: string; texts: string[]; part: 'record' | 'policy' }
type Finding = OutcomeHolds<Outcome, Data>
type Outcome = 'missing' | 'record-without-policy' | 'policy-unreachable' | 'mx-not-covered' | 'malformed' | 'testing'

const serve = ({ url, policy }: Data): Fix =>
  changesFix(
    `Serve the policy at ${url}`,
    [
      manual(`Serve this text, as text/plain and without a redirect, at ${url}:\n${policy}`),
      manual('Then change id= in the TXT record, so that senders fetch it anew'),
    ],
    40,
  )

const removals = ({ domain, texts }: Data) => texts.map(text => removeRecord(`_mta-sts.${domain}`, 'TXT', text))

/** What nobody can fetch protects nobody: taking the record out is the honest quick fix, serving the policy the lasting one. */
const drop = (data: Data): Fix =>
  changesFix('Take the record out until the policy is served', removals(data), 30, [
    `Or serve the policy at ${data.url}:\n${data.policy}`,
  ])

const mend = (data: Data): Fix => {
  if (data.part === 'policy') return serve(data)
  const sound = addRecord(`_mta-sts.${data.domain}`, 'TXT', 'v=STSv1; id=1')
  return changesFix('Publish one sound record', [...removals(data), sound], 10)
}

const publish = ({ domain, url, policy }: Data): Fix =>
  changesFix(
    'Publish a policy',
    [
      manual(`Serve this text at ${url}:\n${policy}`),
      manual(`Then add a TXT record to _mta-sts.${domain} with v=STSv1; id=1`),
    ],
    60,
  )

const dataOf = (domain: string, hosts: readonly string[], mx: Facts['mx'], texts: string[]): Data => {
  // A server that does not exist is another check's business, and no part of a new policy.
  const live = mx.hosts.filter(host => host.state === 'resolves' || host.state === 'unknown')
  const named = live.length ? [...new Set(live.map(host => host.exchange))] : hosts
  const url = `https://mta-sts.${domain}/.well-known/mta-sts.txt`
  return { domain, url, policy: printMtaStsPolicy('enforce', named), texts, part: 'policy' }
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
  impact: { journey: 'email', owner: 'Mail to you is refused by the large senders, or can be read on the way.' },
  needs: ['mtaSts', 'mx'],
  signals: { 'emails-fail': ['mx-not-covered'] },
  outcomes: {
    'record-without-policy': high('MTA-STS of {domain} is announced, but there is no policy', drop),
    'policy-unreachable': high('Senders cannot fetch the MTA-STS policy of {domain}', drop),
    'mx-not-covered': high('The MTA-STS policy leaves out a mail server of yours', serve),
    malformed: medium('MTA-STS of {domain} has a fault', mend),
    testing: low('MTA-STS of {domain} is in test mode', serve),
    missing: low('Senders need not encrypt mail to {domain}', publish),
    sound: pass('Senders must encrypt mail to {domain}'),
  },
  references: ['https://www.rfc-editor.org/rfc/rfc8461'],
  judge: ({ mtaSts: { texts, record, fetch }, mx }, { subject: { name: domain } }) => {
    const hosts = [...new Set(mx.hosts.map(host => host.exchange))]
    if (hosts.length === 0) return { skip: 'the domain names no mail server' }
    const data = dataOf(domain, hosts, mx, texts)
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
    return list.length ? list : { outcome: 'sound', data, evidence }
  },
  examples: [
    { name: 'enforced, and every server named', facts: {}, expect: 'sound' },
    { name: 'nothing published', facts: { mtaSts: unpublished }, expect: 'missing' },
  ],
})

import { defineCheck, type Evidence } from '../../core/check.ts'
import type { Fix } from '../../core/fix.ts'
import type { MtaSts } from '../../facts/email/mta-sts.ts'
import type { Facts } from '../../facts/index.generated.ts'
import { policyCovers, printMtaStsPolicy } from '../../formats/mail/mta-sts.ts'
import {
  addRecord,
  evidence,
  type Held,
  inWords,
  manual,
  recordFix,
  removeRecord,
  txtEvidence,
} from './mail-records.ts'

type Data = {
  domain: string
  url: string
  uncovered: string[]
  policy: string
  texts: string[]
  fault: string
  hosts: string[]
}

const serve = (held: Data): Fix =>
  recordFix(
    `Serve the policy at ${held.url}`,
    [
      manual(`Serve this text, as text/plain and without a redirect, at ${held.url}:\n${held.policy}`),
      manual('Then change id= in the TXT record, so that senders fetch it anew'),
    ],
    40,
  )
/** What nobody can fetch protects nobody: taking the record out is the honest quick fix, serving the policy the lasting one. */
const drop = (held: Data): Fix =>
  recordFix(
    'Take the record out until the policy is served',
    held.texts.map(text => removeRecord(`_mta-sts.${held.domain}`, 'TXT', text)),
    30,
    [`Or serve the policy at ${held.url}:\n${held.policy}`],
  )

const dataOf = (domain: string, hosts: string[], mx: Facts['mx'], uncovered: string[], texts: string[]): Data => {
  // A server that does not exist is another check's business, and no part of a new policy.
  const live = mx.hosts.filter(host => host.state === 'resolves' || host.state === 'unknown')
  const named = live.length ? [...new Set(live.map(host => host.exchange))] : hosts
  const url = `https://mta-sts.${domain}/.well-known/mta-sts.txt`
  return { domain, url, uncovered, policy: printMtaStsPolicy('enforce', named), texts, fault: '', hosts }
}

const malformed = (key: string, faults: readonly string[], data: Data, seen: Evidence[]): Held<Outcome, Data> => ({
  outcome: 'malformed',
  key,
  data: { ...data, fault: inWords(faults) },
  evidence: [...seen, ...faults.map(fault => evidence('fault', fault))],
})

export default defineCheck<Data>()({
  id: 'mta-sts',
  stage: 'email',
  on: 'domain',
  title: 'Senders must encrypt mail to you',
  why: 'MTA-STS tells senders to deliver over verified TLS only, to the servers that the policy names. The policy is fetched over HTTPS with a valid certificate and without redirects. A server that the policy of enforce mode does not name gets no mail from senders that follow it, Gmail and Microsoft among them.',
  impact: { journey: 'email', owner: 'Mail to you is refused by the large senders, or can be read on the way.' },
  needs: ['mtaSts', 'mx'],
  outcomes: {
    'record-without-policy': {
      status: 'fail',
      severity: 'high',
      title: 'MTA-STS of {domain} is announced, but there is no policy',
      fix: drop,
    },
    'policy-unreachable': {
      status: 'fail',
      severity: 'high',
      title: 'Senders cannot fetch the MTA-STS policy of {domain}',
      fix: drop,
    },
    'mx-not-covered': {
      status: 'fail',
      severity: 'high',
      title: 'The MTA-STS policy leaves out a mail server of yours',
      fix: serve,
    },
    malformed: {
      status: 'fail',
      severity: 'medium',
      title: 'MTA-STS of {domain} has a fault',
      fix: held =>
        held.fault.startsWith('the record')
          ? recordFix(
              'Publish one sound record',
              [
                ...held.texts.map(text => removeRecord(`_mta-sts.${held.domain}`, 'TXT', text)),
                addRecord(`_mta-sts.${held.domain}`, 'TXT', 'v=STSv1; id=1'),
              ],
              10,
            )
          : serve(held),
    },
    testing: { status: 'fail', severity: 'low', title: 'MTA-STS of {domain} is in test mode', fix: serve },
    missing: {
      status: 'fail',
      severity: 'low',
      title: 'Senders need not encrypt mail to {domain}',
      fix: held =>
        recordFix(
          'Publish a policy',
          [
            manual(`Serve this text at ${held.url}:\n${held.policy}`),
            manual(`Then add a TXT record to _mta-sts.${held.domain} with v=STSv1; id=1`),
          ],
          60,
        ),
    },
    sound: { status: 'pass', title: 'Senders must encrypt mail to {domain}' },
  },
  references: ['https://www.rfc-editor.org/rfc/rfc8461'],
  judge: ({ mtaSts, mx }, { subject }) => {
    const domain = subject.name
    const hosts = [...new Set(mx.hosts.map(host => host.exchange))]
    if (hosts.length === 0) return { skip: 'the domain names no mail server' }
    const { texts, fetch } = mtaSts
    const policy = fetch?.policy ?? null
    const isOn = policy?.mode === 'enforce' || policy?.mode === 'testing'
    const uncovered = policy && isOn ? hosts.filter(host => !policyCovers(policy, host)) : []
    const data = dataOf(domain, hosts, mx, uncovered, texts)
    const seen = [
      ...txtEvidence(`_mta-sts.${domain}`, texts),
      ...(fetch ? [evidence(fetch.url, fetch.message ?? fetch.text)] : []),
      evidence(`${domain} MX`, hosts.join(', ')),
    ]
    if (!fetch) return { outcome: 'missing', data, evidence: seen }
    const list: Held<Outcome, Data>[] = []
    const fault = recordFault(mtaSts)
    if (fault) list.push(malformed('record', [fault], data, seen))
    if (fetch.state === 'unasked')
      list.push({ unknown: `the policy could not be fetched from here: ${fetch.message}`, couldBe: 'high' })
    if (fetch.state === 'absent') list.push({ outcome: 'record-without-policy', data, evidence: seen })
    if (fetch.state === 'failed') list.push({ outcome: 'policy-unreachable', data, evidence: seen })
    const faults = policy ? [...policy.faults, ...typeFault(fetch.contentType)] : []
    if (faults.length) list.push(malformed('policy', faults, data, seen))
    // A policy of mode "none" takes back what was said before.
    if (policy?.mode === 'none') list.push({ outcome: 'missing', data, evidence: seen })
    const severity = policy?.mode === 'enforce' ? { severity: 'blocker' as const } : {}
    if (uncovered.length)
      list.push({
        outcome: 'mx-not-covered',
        data,
        evidence: [...seen, evidence('not in the policy', uncovered.join(', '))],
        ...severity,
      })
    // RFC 8461 §3.2: `none` withdraws a policy that was published before.
    if (policy?.mode === 'none' && list.length === 0) return { outcome: 'missing', data, evidence: seen }
    if (policy?.mode === 'testing') list.push({ outcome: 'testing', data, evidence: seen })
    return list.length ? list : { outcome: 'sound', data, evidence: seen }
  },
  examples: [
    {
      name: 'enforced, and every server named',
      facts: {
        mx: {
          status: 'NOERROR',
          ttl: 3600,
          nullMx: false,
          implicit: [],
          hosts: [
            {
              exchange: 'mx.coachdash.example',
              preference: 10,
              state: 'resolves',
              cnames: [],
              addresses: [{ address: '192.0.2.25', family: 4, private: false }],
              message: null,
            },
          ],
        },
        mtaSts: {
          texts: ['v=STSv1; id=1'],
          record: { id: '1', faults: [] },
          fetch: {
            url: 'https://mta-sts.coachdash.example/.well-known/mta-sts.txt',
            state: 'fetched',
            status: 200,
            message: null,
            contentType: 'text/plain',
            text: 'version: STSv1\nmode: enforce\nmx: mx.coachdash.example\nmax_age: 604800\n',
            policy: { mode: 'enforce', maxAge: 604800, mx: ['mx.coachdash.example'], faults: [] },
          },
        },
      },
      expect: 'sound',
    },
    {
      name: 'nothing published',
      facts: {
        mx: {
          status: 'NOERROR',
          ttl: 3600,
          nullMx: false,
          implicit: [],
          hosts: [
            {
              exchange: 'mx.coachdash.example',
              preference: 10,
              state: 'resolves',
              cnames: [],
              addresses: [{ address: '192.0.2.25', family: 4, private: false }],
              message: null,
            },
          ],
        },
        mtaSts: { texts: [], record: null, fetch: null },
      },
      expect: 'missing',
    },
  ],
})

type Outcome = 'missing' | 'record-without-policy' | 'policy-unreachable' | 'mx-not-covered' | 'malformed' | 'testing'

/** The policy is text/plain (RFC 8461 §3.2). */
const typeFault = (contentType: string | null): string[] =>
  contentType === null || /^\s*text\/plain\s*(;|$)/i.test(contentType)
    ? []
    : [`the policy is served as ${contentType.slice(0, 60)}, not as text/plain`]

/** What is wrong with the TXT record itself; null when nothing is. */
const recordFault = ({ texts, record }: MtaSts): string | null => {
  if (texts.length > 1) return 'the record stands more than once'
  if (record === null) return 'the record must begin with exactly "v=STSv1;"'
  return record.faults[0] ? `the record: ${record.faults[0]}` : null
}

// If the zone is signed, its signatures hold; if it is not, that is said.
import { defineCheck, type Evidence, type OutcomeHolds, unknown } from '../../core/check.ts'
import type { Fix } from '../../core/fix.ts'
import { judgeChain } from '../../formats/dns/dnssec-chain.ts'
import { replacedKeyExample, signedExample } from './dnssec-example.ts'

type Data = { zone: string; reason: string; left?: string; unlinked?: boolean; lack?: string; remedy?: string }

const brokenFix = (data: Data): Fix => ({
  summary: `Make the signatures of ${data.zone} hold again, or take the DS record out`,
  steps: [
    'Now: at the registrar, remove the DS record. The domain works again unsigned once its lifetime (often a day) has passed.',
    `Then repair the signing at the DNS provider (${data.reason}), let it give you the new DS record, and enter that at the registrar.`,
    'Since March 2026 certificate authorities validate too: until this is repaired no certificate can be renewed.',
  ],
  changes: [
    { kind: 'dns', action: 'remove', name: `${data.zone}.`, type: 'DS', data: '' },
    {
      kind: 'manual',
      step: `Sign ${data.zone} anew at its DNS provider, then enter the new DS record at the registrar.`,
    },
  ],
  effortMinutes: 45,
})

const renewFix = (data: Data): Fix => ({
  summary: `Let the signatures of ${data.zone} be renewed`,
  steps: [
    'Find out why the signer does not run: a stopped service, a full disk, a key that it may not read.',
    `Sign the zone again; ${data.left ?? 'little time'} is left.`,
  ],
  changes: [
    { kind: 'manual', step: `Restart the signing of ${data.zone} and check that its signatures have a new date.` },
  ],
  effortMinutes: 30,
})

const signFix = (data: Data): Fix => ({
  summary: data.unlinked ? `Enter the DS record of ${data.zone} at the registrar` : `Turn DNSSEC on for ${data.zone}`,
  steps: data.unlinked
    ? ['The zone is signed already. Copy the DS record from the DNS provider to the registrar.']
    : [
        'Turn DNSSEC on at the DNS provider (usually one switch).',
        'Copy the DS record that it shows to the registrar, unless both are the same company.',
      ],
  changes: [
    {
      kind: 'manual',
      step: data.unlinked
        ? `Enter the DS record of ${data.zone} at the registrar.`
        : `Turn DNSSEC on for ${data.zone} and enter its DS record at the registrar.`,
    },
  ],
  effortMinutes: 20,
})

const algorithmFix = (data: Data): Fix => ({
  summary: `Sign ${data.zone} with algorithm 13 (ECDSA P-256)`,
  steps: [
    'Add a key of algorithm 13 at the DNS provider, add its DS record at the registrar, and remove the old ones after two days.',
  ],
  changes: [{ kind: 'manual', step: `Roll ${data.zone} over to algorithm 13.` }],
  effortMinutes: 60,
})

/** A signature with less than a tenth of its life left should have been renewed: signers do so at a quarter or a half. */
const lateShare = 0.1

const hours = (seconds: number): string =>
  seconds >= 172_800 ? `${Math.floor(seconds / 86_400)} days` : `${Math.max(0, Math.floor(seconds / 3600))} hours`

const unsigned = (
  { signed, proven }: { signed: boolean; proven: boolean },
  data: Data,
  evidence: readonly Evidence[],
): OutcomeHolds<'missing', Data> => {
  const seen = signed
    ? 'the zone is signed, but its parent has no DS record for it'
    : 'no keys, and no DS record at the parent'
  const proof = proven ? 'signed by the parent' : 'the word of the parent’s own name server'
  return {
    outcome: 'missing',
    data: { ...data, unlinked: signed, lack: signed ? 'signed, but its registrar was not told' : 'not signed' },
    evidence: [{ label: data.zone, value: seen }, ...evidence, { label: 'proof', value: proof }],
  }
}

export default defineCheck<Data>()({
  id: 'dnssec',
  stage: 'dns',
  on: 'domain',
  title: 'The signatures of the zone hold',
  why: 'Keys, DS records and signatures are verified here from the trust anchor down, at every name server, with proof of what does not exist. A resolver’s own word is not taken for it. Most large resolvers, and since March 2026 certificate authorities as well, refuse a zone whose signatures do not hold.',
  impact: {
    journey: 'visit',
    owner: 'For most people your site and mail do not exist, and your certificate cannot be renewed.',
  },
  needs: ['dnssecChain'],
  signals: { 'certificate-warnings': ['bogus'] },
  outcomes: {
    bogus: {
      status: 'fail',
      severity: 'blocker',
      title: 'Most networks refuse {zone}: its signatures do not hold',
      fix: brokenFix,
    },
    'ds-without-key': {
      status: 'fail',
      severity: 'blocker',
      title: 'Most networks refuse {zone}: its keys were replaced',
      fix: brokenFix,
    },
    'signature-expiring': {
      status: 'fail',
      severity: 'high',
      title: '{zone} vanishes in {left}: signatures are not renewed',
      fix: renewFix,
    },
    'weak-algorithm': {
      status: 'fail',
      severity: 'low',
      title: '{zone} is signed in a way that is being given up',
      why: 'Resolvers will treat the domain as unsigned, or refuse it, one after the other.',
      fix: algorithmFix,
    },
    missing: {
      status: 'fail',
      severity: 'low',
      title: '{zone} is {lack}',
      why: 'Someone who can answer in your name servers’ place can lead your customers and their mail elsewhere.',
      impact: 'trust',
      fix: signFix,
    },
    valid: { status: 'pass', title: 'The signatures of {zone} hold, from the root down' },
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc4035#section-5',
    'https://www.rfc-editor.org/rfc/rfc8624',
    'https://www.rfc-editor.org/rfc/rfc9276',
    'https://cabforum.org/working-groups/server/baseline-requirements/requirements/',
  ],
  judge: ({ dnssecChain }, { now }) => {
    const seconds = Math.floor(now / 1000)
    const verdict = judgeChain(dnssecChain, seconds)
    const { zone } = dnssecChain
    const data: Data = { zone, reason: verdict.reasons[0] ?? '' }
    const evidence = verdict.reasons.map(reason => ({ label: verdict.at || 'the root', value: reason }))
    if (verdict.state === 'unknown')
      return unknown(verdict.reasons.join('; '), verdict.signed && !verdict.proven ? 'blocker' : 'low')
    if (verdict.state === 'bogus' || verdict.state === 'ds-without-key')
      return { outcome: verdict.state, data, evidence }
    if (verdict.state === 'insecure') return unsigned(verdict, data, evidence)
    const holds: OutcomeHolds<'signature-expiring' | 'weak-algorithm', Data>[] = []
    const { earliest } = verdict
    if (earliest && earliest.expiration - seconds < lateShare * (earliest.expiration - earliest.inception)) {
      const until = new Date(earliest.expiration * 1000).toISOString()
      holds.push({
        outcome: 'signature-expiring',
        data: { ...data, left: hours(earliest.expiration - seconds) },
        evidence: [{ label: earliest.what, value: `signature valid until ${until}` }],
      })
    }
    if (verdict.weak.length)
      holds.push({ outcome: 'weak-algorithm', data, evidence: verdict.weak.map(value => ({ label: zone, value })) })
    return holds.length
      ? holds
      : { outcome: 'valid', data, evidence: [{ label: zone, value: `algorithm ${verdict.algorithms.join(', ')}` }] }
  },
  examples: [
    { name: 'a zone whose signatures hold', facts: { dnssecChain: signedExample }, expect: 'valid' },
    {
      name: 'a month after its signatures ended',
      facts: { dnssecChain: signedExample },
      now: '2027-02-01T00:00:00Z',
      expect: 'bogus',
    },
    {
      name: 'two days before they end',
      facts: { dnssecChain: signedExample },
      now: '2026-12-30T00:00:00Z',
      expect: 'signature-expiring',
    },
    { name: 'its key was replaced', facts: { dnssecChain: replacedKeyExample }, expect: 'ds-without-key' },
    {
      name: 'the parent says that there is no DS record',
      facts: {
        dnssecChain: {
          zone: 'example.com',
          anchors: [],
          links: [
            {
              name: 'example.com',
              ds: [{ from: 'a.gtld-servers.net', rcode: 'NOERROR', authoritative: true, answers: [], authorities: [] }],
              keys: [],
            },
          ],
          probes: [],
        },
      },
      expect: 'missing',
    },
    {
      name: 'nobody could be asked',
      facts: {
        dnssecChain: {
          zone: 'example.com',
          anchors: [],
          links: [{ name: 'example.com', ds: [], keys: [] }],
          probes: [],
        },
      },
      expect: 'unknown',
    },
  ],
})

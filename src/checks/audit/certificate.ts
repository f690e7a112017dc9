// The certificate of a host, at every address, as the strictest visitor sees it.
import { blocker, defineCheck, high, low, type OutcomeHolds, pass } from '../../core/check.ts'
import { certificateEvidence } from '../../core/evidence.ts'
import { causeOf } from '../../core/fact.ts'
import { exampleSelfSigned, tlsWith } from '../../facts/tls/tls.example.ts'
import type { ChainFaultKind } from '../../formats/tls/certificate-path.ts'
import {
  certificateLines,
  differencesOf,
  faultsByKind,
  isHostDown,
  type JudgedEndpoint,
  judgeEndpoints,
} from '../../formats/tls/served-chains.ts'
import {
  type CertificateData,
  fullChain,
  listen,
  newCertificate,
  platformOf,
  renew,
  sameEverywhere,
} from './certificate-fixes.ts'

type Holds = OutcomeHolds<ChainFaultKind | 'revoked' | 'addresses-differ', CertificateData>

/** Outcomes for which browsers show a warning, or nothing at all. */
const warnedOf = [
  'expired',
  'not-yet-valid',
  'name-mismatch',
  'self-signed',
  'untrusted',
  'incomplete-chain',
  'revoked',
  'unreachable',
  'expires-soon',
] as const

const linesOf = (host: string, endpoint: JudgedEndpoint) =>
  certificateLines(endpoint).map(([label, value]) => certificateEvidence(host, label, value))

const daysLeft = ({ leaf }: JudgedEndpoint, now: number): number => Math.floor((leaf.notAfter - now) / 86_400_000)

/** One outcome for each kind of fault, over all addresses. */
const faults = (judged: readonly JudgedEndpoint[], data: CertificateData, now: number): Holds[] =>
  faultsByKind(judged).map(({ kind, details, addresses, first }) => ({
    outcome: kind,
    data: { ...data, detail: details.join('; '), days: Math.abs(daysLeft(first, now)), addresses },
    evidence: [
      ...details.map(detail => certificateEvidence(data.host, `certificate of ${data.host}`, detail)),
      ...(addresses.length < judged.length ? [certificateEvidence(data.host, 'only at', addresses.join(', '))] : []),
      ...linesOf(data.host, first),
    ],
  }))

export default defineCheck<CertificateData>()({
  id: 'certificate',
  stage: 'audit',
  on: 'host',
  alsoIn: ['dns'],
  title: 'The certificate is valid for the host at every address',
  why: 'Paths from the certificate to a trusted root are built from what the server sends, at each of its IPv4 and IPv6 addresses, and every fault is named: dates, names (RFC 9525), gaps, order, keys, signatures, revocation, transparency. A missing intermediate is a fault although desktop browsers may hide it: phones and programs that call an API fail.',
  impact: { journey: 'visit', owner: 'Customers meet a full-page security warning, and most of them leave.' },
  needs: ['tls'],
  wants: ['addresses', 'revocation'],
  signals: {
    'signup-unreliable': [...warnedOf, 'weak-key', 'weak-signature', 'no-transparency', 'addresses-differ'],
    'certificate-warnings': warnedOf,
  },
  outcomes: {
    expired: blocker('The certificate of {host} has expired', newCertificate),
    'not-yet-valid': blocker('The certificate of {host} is not valid yet', newCertificate),
    'name-mismatch': blocker('The certificate of {host} is for another name', newCertificate),
    'self-signed': blocker('Browsers warn of {host}: it vouches for itself', newCertificate),
    untrusted: blocker('Browsers do not trust the certificate of {host}', newCertificate),
    'incomplete-chain': blocker('Phones and apps cannot connect to {host}', fullChain, {
      why: 'Some browsers hide the gap; phones, payment webhooks and programs that call your service fail.',
    }),
    revoked: blocker('The certificate of {host} has been revoked', newCertificate),
    unreachable: blocker('{host} does not answer over HTTPS', listen, {
      explains: ['endpoint'],
      why: 'Nobody can open the site, log in or pay.',
    }),
    'expires-soon': high('The certificate of {host} runs out in {days} days', renew, {
      why: 'Renewal is late; on that day customers meet a full-page security warning.',
    }),
    'weak-key': high('The certificate of {host} has a key too weak to trust', newCertificate),
    'weak-signature': high('The certificate of {host} has an outdated signature', newCertificate),
    'no-transparency': high('Chrome and Safari refuse the certificate of {host}', newCertificate),
    'addresses-differ': high('{host} works at some of its addresses only', sameEverywhere, {
      why: 'Some customers get in and others do not, depending on their network; you will not see it yourself.',
    }),
    'chain-disordered': low('{host} sends its certificates in the wrong order', fullChain, {
      why: 'Browsers cope; some older programs that call your service do not.',
    }),
    valid: pass('The certificate of {host} is valid for {days} more days'),
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc5280#section-6',
    'https://www.rfc-editor.org/rfc/rfc9525#section-6.3',
    'https://www.rfc-editor.org/rfc/rfc8446#section-4.4.2',
    'https://letsencrypt.org/docs/certificates-for-localhost/',
  ],
  judge: ({ tls, addresses, revocation }, { subject: { name: host }, now }) => {
    const judged = judgeEndpoints(tls, host, now)
    const cnames = addresses.ok ? addresses.value.cnames : []
    const { down, differ, seen } = differencesOf(tls.endpoints, judged)
    const at = (endpoints: readonly { address: string }[]): string[] => endpoints.map(({ address }) => address)
    const base = { host, names: [host], platform: platformOf(cnames), down, differ, aliased: cnames.length > 0 }
    const [first] = judged
    if (!first) {
      const failures = tls.endpoints.map(({ handshake }) => (handshake.ok ? null : handshake))
      const messages = failures.map(why => why?.message ?? 'sends no certificate')
      if (!isHostDown(tls.endpoints, tls.elsewhere, tls.otherClient)) {
        const why = failures.find(failure => failure !== null)
        return { unknown: messages.join('; '), couldBe: 'blocker', ...(why ? { cause: causeOf(why) } : {}) }
      }
      const data = { ...base, detail: messages[0] ?? '', days: 0, addresses: at(tls.endpoints) }
      const evidence = tls.endpoints.map(({ address }, index) =>
        certificateEvidence(host, `${address} port 443`, messages[index]!),
      )
      return { outcome: 'unreachable', data, evidence }
    }
    const data = { ...base, detail: '', days: daysLeft(first, now), addresses: at(judged) }
    const holds = faults(judged, data, now)
    const served = judged.map(({ leaf }) => leaf.der.toString('base64'))
    const revoked = revocation.ok
      ? revocation.value.certificates.find(each => each.status === 'revoked' && served.includes(each.leaf))
      : undefined
    if (revoked) {
      const words = `revoked${revoked.since ? ` on ${revoked.since.slice(0, 10)}` : ''}, says ${revoked.by}`
      const evidence = [certificateEvidence(host, `serial ${revoked.serial}`, words)]
      holds.push({ outcome: 'revoked', data, evidence })
    }
    const apart = seen.map(({ address, what }) => certificateEvidence(host, address, what))
    if (apart.length) holds.push({ outcome: 'addresses-differ', data, evidence: apart })
    return holds.length ? holds : { outcome: 'valid', data, evidence: linesOf(host, first) }
  },
  examples: [
    { name: 'valid for five more weeks', facts: {}, expect: 'valid' },
    { name: 'a week after its last day', facts: {}, now: '2027-01-06T00:00:00Z', expect: 'expired' },
    { name: 'ten days before its last', facts: {}, now: '2026-12-20T00:00:00Z', expect: 'expires-soon' },
    { name: 'vouches for itself', facts: { tls: tlsWith({ chain: [exampleSelfSigned] }) }, expect: 'self-signed' },
    { name: 'port 443 is closed', facts: { tls: tlsWith({ refused: true }) }, expect: 'unreachable' },
  ],
})

// The certificate of a host, at every address, as the strictest visitor sees it.

import { defineCheck, type Evidence, type OutcomeHolds } from '../../core/check.ts'
import type { Facts } from '../../facts/index.generated.ts'
import {
  type CertificateData,
  certificateEvidence,
  differences,
  faultsOf,
  isDown,
  judgeEndpoints,
} from './certificate-endpoints.ts'
import { certificateExamples } from './certificate-examples.ts'
import { fullChain, listen, newCertificate, platformOf, renew, sameEverywhere } from './certificate-fixes.ts'

type Key =
  | 'expired'
  | 'not-yet-valid'
  | 'name-mismatch'
  | 'self-signed'
  | 'untrusted'
  | 'incomplete-chain'
  | 'expires-soon'
  | 'revoked'
  | 'weak-key'
  | 'weak-signature'
  | 'no-transparency'
  | 'chain-disordered'
  | 'addresses-differ'
  | 'unreachable'

const revocationEvidence = ({ serial, by, since }: Facts['revocation']['certificates'][number]): Evidence => ({
  label: `serial ${serial}`,
  value: `revoked${since ? ` on ${since.slice(0, 10)}` : ''}, says ${by}`,
})

export default defineCheck<CertificateData>()({
  id: 'certificate',
  stage: 'audit',
  on: 'host',
  alsoIn: ['dns'],
  title: 'The certificate is valid for the host at every address',
  why: 'Paths from the certificate to a trusted root are built from what the server sends, at each of its IPv4 and IPv6 addresses, and every fault is named: dates, names (RFC 9525), gaps, order, keys, signatures, revocation, transparency. A missing intermediate is a fault although desktop browsers may hide it: phones and programs that call an API fail.',
  impact: {
    journey: 'visit',
    owner: 'Customers meet a full-page security warning, and most of them leave.',
  },
  needs: ['tls'],
  wants: ['addresses', 'revocation'],
  signals: {
    'signup-unreliable': [
      'expired',
      'not-yet-valid',
      'name-mismatch',
      'self-signed',
      'untrusted',
      'incomplete-chain',
      'revoked',
      'unreachable',
      'expires-soon',
      'weak-key',
      'weak-signature',
      'no-transparency',
      'addresses-differ',
    ],
    'certificate-warnings': [
      'expired',
      'not-yet-valid',
      'name-mismatch',
      'self-signed',
      'untrusted',
      'incomplete-chain',
      'revoked',
      'unreachable',
      'expires-soon',
    ],
  },
  outcomes: {
    expired: {
      status: 'fail',
      severity: 'blocker',
      title: 'The certificate of {host} has expired',
      fix: newCertificate,
    },
    'not-yet-valid': {
      status: 'fail',
      severity: 'blocker',
      title: 'The certificate of {host} is not valid yet',
      fix: newCertificate,
    },
    'name-mismatch': {
      status: 'fail',
      severity: 'blocker',
      title: 'The certificate of {host} is for another name',
      fix: newCertificate,
    },
    'self-signed': {
      status: 'fail',
      severity: 'blocker',
      title: 'Browsers warn of {host}: it vouches for itself',
      fix: newCertificate,
    },
    untrusted: {
      status: 'fail',
      severity: 'blocker',
      title: 'Browsers do not trust the certificate of {host}',
      fix: newCertificate,
    },
    'incomplete-chain': {
      status: 'fail',
      severity: 'blocker',
      title: 'Phones and apps cannot connect to {host}',
      why: 'Some browsers hide the gap; phones, payment webhooks and programs that call your service fail.',
      fix: fullChain,
    },
    revoked: {
      status: 'fail',
      severity: 'blocker',
      title: 'The certificate of {host} has been revoked',
      fix: newCertificate,
    },
    unreachable: {
      status: 'fail',
      explains: ['endpoint'],
      severity: 'blocker',
      title: '{host} does not answer over HTTPS',
      why: 'Nobody can open the site, log in or pay.',
      fix: listen,
    },
    'expires-soon': {
      status: 'fail',
      severity: 'high',
      title: 'The certificate of {host} runs out in {days} days',
      why: 'Renewal is late; on that day customers meet a full-page security warning.',
      fix: renew,
    },
    'weak-key': {
      status: 'fail',
      severity: 'high',
      title: 'The certificate of {host} has a key too weak to trust',
      fix: newCertificate,
    },
    'weak-signature': {
      status: 'fail',
      severity: 'high',
      title: 'The certificate of {host} has an outdated signature',
      fix: newCertificate,
    },
    'no-transparency': {
      status: 'fail',
      severity: 'high',
      title: 'Chrome and Safari refuse the certificate of {host}',
      fix: newCertificate,
    },
    'addresses-differ': {
      status: 'fail',
      severity: 'high',
      title: '{host} works at some of its addresses only',
      why: 'Some customers get in and others do not, depending on their network; you will not see it yourself.',
      fix: sameEverywhere,
    },
    'chain-disordered': {
      status: 'fail',
      severity: 'low',
      title: '{host} sends its certificates in the wrong order',
      why: 'Browsers cope; some older programs that call your service do not.',
      fix: fullChain,
    },
    valid: { status: 'pass', title: 'The certificate of {host} is valid for {days} more days' },
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc5280#section-6',
    'https://www.rfc-editor.org/rfc/rfc9525#section-6.3',
    'https://www.rfc-editor.org/rfc/rfc8446#section-4.4.2',
    'https://letsencrypt.org/docs/certificates-for-localhost/',
  ],
  judge: ({ tls, addresses, revocation }, { subject, now }) => {
    const host = subject.name
    const judged = judgeEndpoints(tls, host, now)
    const cnames = addresses.ok ? addresses.value.cnames : []
    const { down, differ, evidence: apart } = differences(tls, judged)
    const base = { host, names: [host], platform: platformOf(cnames), down, differ, aliased: cnames.length > 0 }
    if (!judged.length) {
      const failed = tls.endpoints.map(({ address, handshake }) => ({ address, why: handshake.ok ? null : handshake }))
      const evidence = failed.map(({ address, why }) => ({
        label: `${address} port 443`,
        value: why?.message ?? 'sends no certificate',
      }))
      const elsewhere = tls.elsewhere.length > 0 || failed.some(({ why }) => why?.reason === 'refused')
      const counted = failed.filter(({ why }) => why?.reason !== 'unreachable')
      if (tls.otherClient || !counted.length || !counted.every(({ why }) => !why || isDown(why, elsewhere)))
        return { unknown: evidence.map(({ value }) => value).join('; '), couldBe: 'blocker' }
      const data = {
        ...base,
        detail: evidence[0]?.value ?? '',
        days: 0,
        addresses: failed.map(({ address }) => address),
      }
      return { outcome: 'unreachable', data, evidence }
    }
    const holds: OutcomeHolds<Key, CertificateData>[] = faultsOf(judged, base, now)
    const days = Math.floor((judged[0]!.judgement.leaf!.notAfter - now) / 86_400_000)
    const data = { ...base, detail: '', days, addresses: judged.map(({ endpoint }) => endpoint.address) }
    const served = judged.map(({ judgement }) => judgement.leaf!.der.toString('base64'))
    const revoked = revocation.ok
      ? revocation.value.certificates.find(each => each.status === 'revoked' && served.includes(each.leaf))
      : undefined
    if (revoked) holds.push({ outcome: 'revoked', data, evidence: [revocationEvidence(revoked)] })
    if (apart.length) holds.push({ outcome: 'addresses-differ', data, evidence: apart })
    return holds.length ? holds : { outcome: 'valid', data, evidence: certificateEvidence(judged[0]!) }
  },
  examples: certificateExamples,
})

// The certificate of a host, at every address, as the strictest visitor sees it.
import { blocker, defineCheck, high, low, pass, skip } from '../../core/check.ts'
import { certificateEvidence } from '../../core/evidence.ts'
import { tlsWith } from '../../facts/tls/tls.example.ts'
import { differencesOf, judgeEndpoints, withSeen } from '../../formats/tls/served-chains.ts'
import {
  type CertificateHolds,
  daysLeft,
  failingAddresses,
  faults,
  linesOf,
  revoked,
  turnedAwayBy,
  warnedOf,
  withoutCertificate,
} from './certificate-findings.ts'
import {
  type CertificateData,
  fullChain,
  listen,
  newCertificate,
  platformOf,
  renew,
  sameEverywhere,
} from './certificate-fixes.ts'

export default defineCheck<CertificateData>()({
  id: 'certificate',
  stage: 'audit',
  on: 'host',
  everyHost: true,
  alsoIn: ['dns'],
  title: 'The certificate is valid for the host at every address',
  why: 'Paths from the certificate to a trusted root are built from what the server sends, at each of its IPv4 and IPv6 addresses, and every fault is named: dates, names (RFC 9525), gaps, order, keys, signatures, revocation, transparency. A missing intermediate is a fault although desktop browsers may hide it: phones and programs that call an API fail.',
  impact: { journey: 'visit', owner: 'Customers meet a full-page security warning, and most of them leave.' },
  needs: ['tls'],
  wants: ['addresses', 'revocation', 'seenIssuers', 'web', 'addressPages'],
  signals: { 'signup-unreliable': turnedAwayBy, 'certificate-warnings': warnedOf },
  outcomes: {
    expired: blocker('The certificate of {host} has expired', newCertificate),
    'not-yet-valid': blocker('The certificate of {host} is not valid yet', newCertificate),
    'name-mismatch': blocker('The certificate of {host} is for another name', newCertificate),
    'self-signed': blocker('Browsers warn of {host}: nobody signed its certificate', newCertificate),
    untrusted: blocker('Browsers do not trust the certificate of {host}', newCertificate),
    'incomplete-chain': blocker('Phones and apps cannot connect to {host}', fullChain, {
      why: 'Some browsers hide the gap; phones, payment webhooks and programs that call your service fail.',
    }),
    revoked: blocker('The certificate of {host} has been revoked', newCertificate, {
      why: 'Browsers that ask about revocation show a full-page security warning; others still open the site.',
    }),
    unreachable: blocker('{host} does not answer over HTTPS', listen, {
      explains: ['endpoint'],
      why: 'Nobody can open the site, log in or pay.',
    }),
    'expires-soon': high('The certificate of {host} runs out in {days} days', renew, {
      why: 'Renewal is late; on that day customers meet a full-page security warning.',
    }),
    'unsupported-key': blocker('No browser takes the kind of key that {host} has', newCertificate, {
      why: 'Browsers end the connection before they show anything: visitors see an error page.',
    }),
    'weak-key': high('The certificate of {host} has a key too weak to trust', newCertificate, {
      why: 'Browsers warn of such a key or refuse it, and whoever breaks it can read what customers type.',
    }),
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
  judge: ({ tls, addresses, revocation, seenIssuers, web, addressPages }, { subject: { name: host }, now }) => {
    const served = seenIssuers.ok ? withSeen(tls, seenIssuers.value) : tls
    const judged = judgeEndpoints(served, host, now)
    const cnames = addresses.ok ? addresses.value.cnames : []
    const { down, differ, seen } = differencesOf(tls.endpoints, judged)
    const base = { host, names: [host], platform: platformOf(cnames), down, differ, aliased: cnames.length > 0 }
    const [first] = judged
    if (!first) return withoutCertificate(tls, { ...base, detail: '', days: 0, addresses: [] })
    const data = { ...base, detail: '', days: daysLeft(first, now), addresses: judged.map(({ address }) => address) }
    const holds: CertificateHolds[] = faults(judged, data, now)
    for (const { port, endpoints } of tls.otherPorts) {
      const there = judgeEndpoints({ ...served, endpoints }, host, now)
      holds.push(...faults(there, { ...data, addresses: there.map(({ address }) => address) }, now, port))
    }
    if (revocation.ok) holds.push(...revoked(revocation.value.certificates, judged, data))
    const apart = seen.map(({ address, what }) => certificateEvidence(host, address, what))
    if (web.ok && addressPages.ok) apart.push(...failingAddresses(host, web.value, addressPages.value))
    if (apart.length) holds.push({ outcome: 'addresses-differ', data, evidence: apart })
    if (holds.length) return holds
    // No browser gets as far as the certificate: tls-versions or tls-ciphers says so.
    if (tls.endpoints.some(({ browsers }) => browsers.chrome === false))
      return skip(`browsers are turned away before they see the certificate of ${host}`)
    return { outcome: 'valid', data, evidence: linesOf(host, first) }
  },
  examples: [
    { name: 'valid for five more weeks', facts: {}, expect: 'valid' },
    { name: 'a week after its last day', facts: {}, now: '2027-01-06T00:00:00Z', expect: 'expired' },
    { name: 'ten days before its last', facts: {}, now: '2026-12-20T00:00:00Z', expect: 'expires-soon' },
    { name: 'port 443 is closed', facts: { tls: tlsWith({ refused: true }) }, expect: 'unreachable' },
  ],
})

// If the zone is signed, its signatures hold; if it is not, that is said.
import { blocker, defineCheck, high, low, type OutcomeHolds, pass, unknown } from '../../core/check.ts'
import { textEvidence } from '../../core/evidence.ts'
import { withoutDs, withReplacedKey } from '../../facts/dns/dnssec-chain.example.ts'
import { judgeChain } from '../../formats/dns/dnssec-chain.ts'
import { isOverdue, timeLeft } from '../../formats/dns/signature-renewal.ts'
import { algorithmFix, brokenChainFix, type DnssecData, signatureRenewalFix, signingFix } from './fixes.ts'

export default defineCheck<DnssecData>()({
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
    bogus: blocker('Most networks refuse {zone}: its signatures do not hold', brokenChainFix),
    'ds-without-key': blocker('Most networks refuse {zone}: its keys were replaced', brokenChainFix),
    'signature-expiring': high('{zone} vanishes in {left}: signatures are not renewed', signatureRenewalFix, {
      why: 'From then on your site and mail do not exist for most people.',
    }),
    'weak-algorithm': low('{zone} is signed in a way that is being given up', algorithmFix, {
      why: 'Resolvers will treat the domain as unsigned, or refuse it, one after the other.',
    }),
    missing: low('{zone} is {lack}', signingFix, {
      why: 'Someone who can answer in your name servers’ place can lead your customers and their mail elsewhere.',
      impact: 'trust',
    }),
    valid: pass('The signatures of {zone} hold, from the root down'),
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc4035#section-5',
    'https://www.rfc-editor.org/rfc/rfc8624',
    'https://www.rfc-editor.org/rfc/rfc9276',
    'https://cabforum.org/working-groups/server/baseline-requirements/requirements/',
  ],
  judge: ({ dnssecChain }, { now }) => {
    const seconds = Math.floor(now / 1000)
    const { state, at, reasons, proven, signed, algorithms, weak, earliest } = judgeChain(dnssecChain, seconds)
    const { zone } = dnssecChain
    const data: DnssecData = { zone, reason: reasons[0] ?? '' }
    const evidence = reasons.map(reason => textEvidence(at || 'the root', reason))
    if (state === 'unknown') return unknown(reasons.join('; '), signed && !proven ? 'blocker' : 'low')
    if (state === 'bogus' || state === 'ds-without-key') return { outcome: state, data, evidence }
    if (state === 'insecure') {
      const [lack, seen] = signed
        ? ['signed, but its registrar was not told', 'the zone is signed, but its parent has no DS record for it']
        : ['not signed', 'no keys, and no DS record at the parent']
      const proof = proven ? 'signed by the parent' : 'the word of the parent’s own name server'
      return {
        outcome: 'missing',
        data: { ...data, unlinked: signed, lack },
        evidence: [textEvidence(zone, seen), ...evidence, textEvidence('proof', proof)],
      }
    }
    const found: OutcomeHolds<'signature-expiring' | 'weak-algorithm', DnssecData>[] = []
    if (earliest && isOverdue(earliest, seconds)) {
      const until = new Date(earliest.expiration * 1000).toISOString()
      found.push({
        outcome: 'signature-expiring',
        data: { ...data, left: timeLeft(earliest.expiration - seconds) },
        evidence: [textEvidence(earliest.what, `signature valid until ${until}`)],
      })
    }
    if (weak.length)
      found.push({ outcome: 'weak-algorithm', data, evidence: weak.map(value => textEvidence(zone, value)) })
    const pass = textEvidence(zone, `algorithm ${algorithms.join(', ')}`)
    return found.length ? found : { outcome: 'valid', data, evidence: [pass] }
  },
  examples: [
    { name: 'a zone whose signatures hold', facts: {}, expect: 'valid' },
    { name: 'a month after its signatures ended', facts: {}, now: '2027-02-01T00:00:00Z', expect: 'bogus' },
    { name: 'two days before they end', facts: {}, now: '2026-12-30T00:00:00Z', expect: 'signature-expiring' },
    { name: 'its key was replaced', facts: { dnssecChain: withReplacedKey }, expect: 'ds-without-key' },
    { name: 'the parent says that there is no DS record', facts: { dnssecChain: withoutDs }, expect: 'missing' },
  ],
})

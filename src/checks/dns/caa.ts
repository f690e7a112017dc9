// The authority in use may renew the certificates, and no other may issue them.
import { blocker, defineCheck, low, medium, type OutcomeHolds, pass, unknown } from '../../core/check.ts'
import { certificateEvidence, dnsEvidence, textEvidence } from '../../core/evidence.ts'
import { issueOf, withSet } from '../../facts/dns/caa.example.ts'
import {
  authoritiesInUse,
  caaText,
  isOwnName,
  limitsIssuers,
  malformedRecords,
  refusals,
} from '../../formats/dns/caa-renewal.ts'
import { type CaaData, caaFix } from './fixes.ts'

export default defineCheck<CaaData>()({
  id: 'caa',
  stage: 'dns',
  on: 'domain',
  title: 'The authority in use may issue, and only those named may',
  why: 'Before it issues, an authority looks up CAA at the name and climbs until it finds records. If its own domain is not among them it must refuse, and the next renewal fails silently until the certificate expires. Without any record, every authority in the world may issue for the domain.',
  impact: {
    journey: 'visit',
    owner: 'Your certificate cannot be renewed: one morning every visitor sees a red warning page.',
  },
  needs: ['caa'],
  signals: { 'certificate-warnings': ['excludes-issuer'] },
  outcomes: {
    'excludes-issuer': blocker('The certificate of {shown} cannot be renewed', caaFix),
    malformed: medium('A CAA record of {name} does not say what it should', caaFix, {
      why: 'Whoever wrote it meant to restrict who may issue certificates; it does something else.',
    }),
    missing: low('Any authority may issue certificates for {name}', caaFix, {
      why: 'Someone who tricks any one of a hundred authorities gets a certificate in your name.',
    }),
    'allows-issuer': pass('Only named authorities may issue, the one in use among them'),
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc8659',
    'https://www.rfc-editor.org/rfc/rfc8657',
    'https://letsencrypt.org/docs/caa/',
  ],
  judge: ({ caa: { sets, unknown: unread } }, { subject: { name: domain } }) => {
    const none = { name: domain, own: true, host: domain, shown: domain, authority: '', wanted: [], remove: [] }
    const found: OutcomeHolds<'excludes-issuer' | 'malformed' | 'missing', CaaData>[] = []
    for (const { name, authority, certificates, because, remove, wanted } of refusals(sets)) {
      const { host } = certificates[0]!
      const shown = certificates.length > 1 ? `${host} and ${certificates.length - 1} more` : host
      const evidence = certificates.map(each =>
        certificateEvidence(each.host, `certificate of ${each.host}`, `issued by ${each.issuer}`),
      )
      found.push({
        outcome: 'excludes-issuer',
        key: `${host} ${name}`,
        data: { name, own: isOwnName(name, domain), host, shown, authority, wanted, remove },
        evidence: [dnsEvidence(name, 'CAA', because), ...evidence],
      })
    }
    for (const { name, host, record, fault } of malformedRecords(sets)) {
      const data = { ...none, name, own: isOwnName(name, domain), host, shown: name, remove: [record] }
      const evidence = [textEvidence(`${name} CAA ${record}`, fault)]
      found.push({ outcome: 'malformed', key: `${name} ${record}`, data, evidence })
    }
    const own = sets.find(set => set.host === domain)
    if (own && !limitsIssuers(own)) {
      const inUse = authoritiesInUse(sets)
      const wanted = inUse.map(authority => `0 issue "${authority.identities[0]}"`)
      const data = { ...none, authority: inUse.map(authority => authority.name).join(' and '), wanted }
      found.push({
        outcome: 'missing',
        data,
        evidence: [
          dnsEvidence(domain, 'CAA', own.found === null ? 'no record here or above' : 'no record names who may issue'),
        ],
      })
    }
    const open = unread.map(item => unknown(`CAA of ${item.host}: ${item.message}`, 'blocker'))
    if (found.length || open.length) return [...found, ...open]
    const evidence = sets.map(set => textEvidence(set.host, set.records.map(caaText).join(', ')))
    return { outcome: 'allows-issuer', data: none, evidence }
  },
  examples: [
    { name: "Let's Encrypt is in use and named", facts: {}, expect: 'allows-issuer' },
    {
      name: "Let's Encrypt is in use, another authority is named",
      facts: { caa: issueOf('digicert.com') },
      expect: 'excludes-issuer',
    },
    { name: 'no record at all', facts: { caa: withSet({ found: null, records: [] }) }, expect: 'missing' },
  ],
})

// Every name below the domain is meant, and none of them is a stage that customers should not see.
import { defineCheck, medium, type OutcomeHolds, pass, skip, unknown } from '../../core/check.ts'
import { textEvidence } from '../../core/evidence.ts'
import { foundBy } from '../../facts/dns/found-names.example.ts'
import { isListed, labelBelow } from '../../formats/dns/listed-names.ts'
import { type ListedData, listFix, loginFix } from './fixes.ts'

const sourceNames: Readonly<Record<string, string>> = {
  zone: 'the zone itself',
  common: 'a usual label',
  transparency: 'certificate transparency',
  certificate: 'a certificate',
  record: 'another record',
  service: 'an NS or MX record',
  cloudflare: 'Cloudflare’s own list',
  reports: 'DMARC reports',
  policy: 'a content security policy',
  host: 'links or the config',
  config: 'the list in the config',
}

export default defineCheck<ListedData>()({
  id: 'subdomain-unlisted',
  stage: 'dns',
  on: 'domain',
  title: 'Every subdomain is meant',
  why: 'Names are gathered from the zone (where it can be copied), certificate logs, certificates, links and a short list of usual labels that is guarded against wildcards, and held against the list in the config. A test system counts as public when its front page comes without a login. What nobody remembers, nobody updates.',
  impact: {
    journey: 'trust',
    owner: 'A forgotten copy of your product stands open, with old code and perhaps real data.',
  },
  needs: ['foundNames', 'stagingDoors'],
  outcomes: {
    unlisted: medium('{name} is online and on no list', listFix, {
      why: 'What nobody remembers, nobody updates or switches off.',
    }),
    'staging-public': medium('The test system {name} is open to everyone', loginFix),
    'all-listed': pass('Every subdomain that was found is on the list'),
  },
  references: [
    'https://datatracker.ietf.org/doc/html/rfc9162',
    'https://owasp.org/www-project-web-security-testing-guide/',
  ],
  judge: ({ foundNames, stagingDoors }, { subject: { name: domain }, target }) => {
    const live = foundNames.names.filter(item => item.exists && (item.addresses.length > 0 || item.cname !== null))
    const found: OutcomeHolds<'unlisted' | 'staging-public', ListedData>[] = []
    for (const item of live) {
      const { name, sources, cname } = item
      const by = sources.map(source => sourceNames[source] ?? source).join(', ')
      const seen = textEvidence(name, `found by ${by}${cname ? `; alias of ${cname}` : ''}`)
      const data = { name, label: labelBelow(name, domain) }
      const door = stagingDoors.doors.find(each => each.name === name && each.state === 'open')
      if (door) {
        const evidence = [seen, textEvidence('without a login', door.said)]
        found.push({ outcome: 'staging-public', key: name, data, evidence })
      } else if (!isListed(item, domain, target)) found.push({ outcome: 'unlisted', key: name, data, evidence: [seen] })
    }
    if (found.length) return found
    if (target.subdomains === null) return skip('the config lists no subdomains (dns.subdomains)')
    if (foundNames.unasked.length) {
      const reasons = foundNames.unasked.map(item => `${item.source} could not be asked: ${item.message}`)
      return unknown(reasons.join('; '), 'medium')
    }
    const evidence = live.map(item => textEvidence(item.name, item.sources.join(', ')))
    return { outcome: 'all-listed', data: { name: domain, label: '' }, evidence }
  },
  examples: [
    { name: 'all on the list', facts: {}, target: { subdomains: ['app'] }, expect: 'all-listed' },
    {
      name: 'one is not',
      facts: { foundNames: { names: [foundBy('transparency', 'intranet.example.com')] } },
      target: { subdomains: ['app'] },
      expect: 'unlisted',
    },
  ],
})

// Every name below the domain is meant, and none of them is a stage that customers should not see.
import { defineCheck, type OutcomeHolds, skip, unknown } from '../../core/check.ts'
import type { Fix } from '../../core/fix.ts'
import type { Target } from '../../core/target.ts'
import type { Facts } from '../../facts/index.generated.ts'

type Data = { name: string; label: string }

const unlistedFix = (data: Data): Fix => ({
  summary: `Remove ${data.name}, or list it`,
  steps: [
    `Find out who uses ${data.name}. If nobody does, remove its records.`,
    `If it is meant, add "${data.label}" to dns.subdomains in the config.`,
  ],
  changes: [
    {
      kind: 'manual',
      step: `Decide about ${data.name}: remove its records, or add "${data.label}" to dns.subdomains.`,
    },
  ],
  effortMinutes: 10,
})

const stagingFix = (data: Data): Fix => ({
  summary: `Put ${data.name} behind a login`,
  steps: [
    'Turn on the hosting’s deployment protection, or a password, or let it be reached through a VPN only.',
    'Keep real customers’ data out of it.',
  ],
  changes: [{ kind: 'manual', step: `Protect ${data.name} with a login.` }],
  effortMinutes: 20,
})

const words: Readonly<Record<string, string>> = {
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
}

const labelOf = (name: string, domain: string): string => name.slice(0, -domain.length - 1)

/** Names that are listed, and those that need no list: the zone's own records name them, or mail programs ask for them by rule. */
const listedIn =
  (target: Target, domain: string) =>
  (item: Facts['foundNames']['names'][number]): boolean => {
    const label = labelOf(item.name, domain)
    return (
      target.subdomains === null ||
      target.subdomains.includes(label) ||
      target.subdomains.includes(item.name) ||
      Object.values(target.hosts).includes(item.name) ||
      target.routes.some(route => new URL(route.url).hostname === item.name) ||
      item.sources.includes('service') ||
      /(^|\.)_/.test(label) ||
      ['mta-sts', 'autodiscover', 'autoconfig'].includes(label)
    )
  }

export default defineCheck<Data>()({
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
    unlisted: { status: 'fail', severity: 'medium', title: '{name} is online and on no list', fix: unlistedFix },
    'staging-public': {
      status: 'fail',
      severity: 'medium',
      title: 'The test system {name} is open to everyone',
      fix: stagingFix,
    },
    'all-listed': { status: 'pass', title: 'Every subdomain that was found is on the list' },
  },
  references: [
    'https://datatracker.ietf.org/doc/html/rfc9162',
    'https://owasp.org/www-project-web-security-testing-guide/',
  ],
  judge: ({ foundNames, stagingDoors }, { subject, target }) => {
    const live = foundNames.names.filter(item => item.exists && (item.addresses.length > 0 || item.cname !== null))
    const listed = listedIn(target, subject.name)
    const evidence = (item: (typeof live)[number]) => [
      {
        label: item.name,
        value: `found by ${item.sources.map(source => words[source] ?? source).join(', ')}${item.cname ? `; alias of ${item.cname}` : ''}`,
      },
    ]
    const holds: OutcomeHolds<'unlisted' | 'staging-public', Data>[] = []
    for (const item of live) {
      const data = { name: item.name, label: labelOf(item.name, subject.name) }
      const door = stagingDoors.doors.find(each => each.name === item.name && each.state === 'open')
      if (door)
        holds.push({
          outcome: 'staging-public',
          key: item.name,
          data,
          evidence: [...evidence(item), { label: 'without a login', value: door.said }],
        })
      else if (!listed(item)) holds.push({ outcome: 'unlisted', key: item.name, data, evidence: evidence(item) })
    }
    if (holds.length) return holds
    if (target.subdomains === null) return skip('the config lists no subdomains (dns.subdomains)')
    if (foundNames.unasked.length)
      return unknown(
        foundNames.unasked.map(item => `${item.source} could not be asked: ${item.message}`).join('; '),
        'medium',
      )
    return {
      outcome: 'all-listed',
      data: { name: subject.name, label: '' },
      evidence: live.map(item => ({ label: item.name, value: item.sources.join(', ') })),
    }
  },
  examples: [
    {
      name: 'all on the list',
      facts: {
        foundNames: {
          names: [
            { name: 'app.example.com', sources: ['common'], cname: null, addresses: ['192.0.2.1'], exists: true },
          ],
          unasked: [],
        },
        stagingDoors: { doors: [] },
      },
      target: { subdomains: ['app'] },
      expect: 'all-listed',
    },
    {
      name: 'one is not',
      facts: {
        foundNames: {
          names: [
            {
              name: 'intranet.example.com',
              sources: ['transparency'],
              cname: null,
              addresses: ['192.0.2.1'],
              exists: true,
            },
          ],
          unasked: [],
        },
        stagingDoors: { doors: [] },
      },
      target: { subdomains: ['app'] },
      expect: 'unlisted',
    },
    {
      name: 'a test system',
      facts: {
        foundNames: {
          names: [
            { name: 'staging.example.com', sources: ['common'], cname: null, addresses: ['192.0.2.1'], exists: true },
          ],
          unasked: [],
        },
        stagingDoors: {
          doors: [{ name: 'staging.example.com', state: 'open', said: 'https://staging.example.com/ → 200' }],
        },
      },
      expect: 'staging-public',
    },
  ],
})

// Every name below the domain is meant, and none of them is a stage that customers should not see.
import { defineCheck, type OutcomeHolds, skip, unknown } from '../../core/check.ts'
import type { Fix } from '../../core/fix.ts'
import { stagingLabel } from '../../data/common-names.ts'

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
  host: 'links or the config',
}

export default defineCheck<Data>()({
  id: 'subdomain-unlisted',
  stage: 'dns',
  on: 'domain',
  title: 'Every subdomain is meant',
  why: 'Names are gathered from the zone (where it can be copied), certificate logs, certificates, links and a short list of usual labels that is guarded against wildcards, and held against the list in the config. What nobody remembers, nobody updates.',
  impact: {
    journey: 'trust',
    owner: 'A forgotten copy of your product stands open, with old code and perhaps real data.',
  },
  needs: ['foundNames'],
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
  judge: ({ foundNames }, { subject, target }) => {
    const live = foundNames.names.filter(item => item.exists && (item.addresses.length > 0 || item.cname !== null))
    const configured = new Set([
      ...Object.values(target.hosts),
      ...target.routes.map(route => new URL(route.url).hostname),
    ])
    const labelOf = (name: string): string => name.slice(0, -subject.name.length - 1)
    const listed = (name: string): boolean =>
      target.subdomains === null ||
      target.subdomains.includes(labelOf(name)) ||
      target.subdomains.includes(name) ||
      configured.has(name)
    const evidence = (item: (typeof live)[number]) => [
      {
        label: item.name,
        value: `found by ${item.sources.map(source => words[source] ?? source).join(', ')}${item.cname ? `; alias of ${item.cname}` : ''}`,
      },
    ]
    const holds: OutcomeHolds<'unlisted' | 'staging-public', Data>[] = []
    for (const item of live) {
      const data = { name: item.name, label: labelOf(item.name) }
      if (stagingLabel.test(data.label))
        holds.push({ outcome: 'staging-public', key: item.name, data, evidence: evidence(item) })
      else if (!listed(item.name)) holds.push({ outcome: 'unlisted', key: item.name, data, evidence: evidence(item) })
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
      },
      expect: 'staging-public',
    },
  ],
})

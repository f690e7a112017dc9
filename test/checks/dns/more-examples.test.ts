// Cases of checks of this stage beyond the ones that stand on their pages.
import { expect, it } from 'vitest'
import dnsDrift from '../../../src/checks/dns/dns-drift.ts'
import dnssec from '../../../src/checks/dns/dnssec.ts'
import nameservers from '../../../src/checks/dns/nameservers.ts'
import subdomainConflict from '../../../src/checks/dns/subdomain-conflict.ts'
import ttl from '../../../src/checks/dns/ttl.ts'
import type { AnyCheck } from '../../../src/core/check.ts'
import { exampleFacts } from '../../../src/core/example.ts'
import type { Subject } from '../../../src/core/fact.ts'
import { judge } from '../../../src/core/judge.ts'
import { bareTarget } from '../../../src/core/target.ts'
import { unasked } from '../../../src/facts/dns/dnssec-chain.example.ts'
import { sharingCookie, withApp } from '../../../src/facts/dns/host-faces.example.ts'
import { servedBy, server } from '../../../src/facts/dns/name-servers.example.ts'
import { zoneOf } from '../../../src/facts/dns/zone-records.example.ts'
import { examples } from '../../../src/facts/examples.generated.ts'
import { itJudges } from '../../support/judge-example.ts'

const at = '2026-11-25T00:00:00Z'
const record = (name: string): Subject => ({ kind: 'record', name })

const judged = (check: unknown, facts: object, subject: Subject, target: object) =>
  judge({
    check: check as AnyCheck,
    subject,
    facts: exampleFacts(check as AnyCheck, { name: '', facts, expect: '' }, examples, at),
    now: Date.parse(at),
    target: bareTarget({ domain: 'example.com', ...target }),
    options: {},
    severities: {},
  })

const www = { expectedRecords: { 'www.example.com CNAME': 'host.example.net.' } }
const x = { name: 'x.example.com', type: 'A', ttl: 300, data: ['192.0.2.1'] }
const domain: Subject = { kind: 'domain', name: 'example.com' }

it.each<[string, unknown, object, Subject, object, string]>([
  [
    'one record is pinned, the others are not meant',
    dnsDrift,
    {
      recordData: x,
      zoneRecords: zoneOf('www.example.com CNAME', 'x.example.com A', 'example.com A', 'example.com MX'),
    },
    record('x.example.com A'),
    www,
    'skip',
  ],
  [
    'a second mail server beside the one that is expected',
    dnsDrift,
    { recordData: { name: 'example.com', type: 'MX', ttl: 300, data: ['10 mx', '20 other'] } },
    record('example.com MX'),
    { expectedRecords: { 'example.com MX': '10 mx.' } },
    'extra',
  ],
  ['nobody could be asked', dnssec, { dnssecChain: unasked }, domain, {}, 'unknown'],
  [
    'the app sends people to the login page of the site',
    subdomainConflict,
    { hostFaces: withApp({ endsAt: 'www.example.com', login: true }) },
    domain,
    {},
    'separate',
  ],
  [
    'one cookie of the network in front of both',
    subdomainConflict,
    { hostFaces: sharingCookie('__cf_bm') },
    domain,
    {},
    'separate',
  ],
  ['no host whose records were read', ttl, { hostRecordSets: [] }, domain, {}, 'unknown'],
])('%s', (_, check, facts, subject, target, expected) => {
  const { results } = judged(check, facts, subject, target)
  expect(results.map(row => row.outcome ?? row.status)).toEqual([expected])
})

it('wrong glue: the fix names the servers and the right addresses', () => {
  const delegated = {
    name: 'ns1.example.com',
    status: 'NOERROR',
    addresses: [{ name: 'ns1.example.com', address: '192.0.2.53', family: 4 }],
    glue: [{ name: 'ns1.example.com', address: '192.0.2.99', family: 4 }],
    needsGlue: true,
    cnames: [],
  }
  const [finding] = judged(nameservers, { delegation: { nameservers: [delegated] } }, domain, {}).findings
  expect(finding).toMatchObject({ outcome: 'glue-wrong', severity: 'high' })
  expect(finding?.fix).toMatchObject({
    steps: ['At the registrar of example.com, set the name servers to ns1.example.com, ns2.example.com.'],
    changes: [{ path: 'example.com/glue', value: { 'ns1.example.com': ['192.0.2.53'] } }],
  })
})

itJudges(nameservers, [
  [
    'two names that share two machines',
    'redundant',
    {
      facts: {
        nameServers: servedBy(
          ...['ns1.example.com', 'ns2.example.com'].flatMap(name => [
            server(name, '192.0.2.53'),
            server(name, '198.51.100.53'),
          ]),
        ),
      },
    },
  ],
  [
    'two names of one machine with an address of each family',
    'single',
    {
      facts: {
        nameServers: servedBy(
          ...['ns1.example.com', 'ns2.example.com'].flatMap(name => [
            server(name, '192.0.2.53'),
            server(name, '2001:db8::53', { family: 6 }),
          ]),
        ),
      },
    },
  ],
])

// One CAA record set and many hosts below it.
import { expect, it } from 'vitest'
import caa from '../../../src/checks/dns/caa.ts'
import type { AnyCheck } from '../../../src/core/check.ts'
import { observed } from '../../../src/core/fact.ts'
import { judge } from '../../../src/core/judge.ts'
import { bareTarget } from '../../../src/core/target.ts'
import { issueOf, withSet } from '../../../src/facts/dns/caa.example.ts'
import { itJudges } from '../../support/judge-example.ts'

const findings = (issuers: Record<string, string>, value: string) => {
  const sets = Object.entries(issuers).map(([host, issuer]) => ({
    host,
    found: 'example.com',
    records: [{ flags: 0, tag: 'issue', value }],
    issuer,
    wildcard: false,
  }))
  return judge({
    check: caa as unknown as AnyCheck,
    subject: { kind: 'domain', name: 'example.com' },
    facts: { caa: observed({ sets, unknown: [] }, '') },
    now: 0,
    target: bareTarget({ domain: 'example.com' }),
    options: {},
    severities: {},
  }).findings
}

it('a record that shuts one authority out is told once, with every certificate that it keeps from being renewed', () => {
  const found = findings(
    { 'example.com': "Let's Encrypt", 'www.example.com': "Let's Encrypt", 'app.example.com': 'Sectigo Limited' },
    'digicert.com',
  )
  expect(found.map(({ title }) => title)).toEqual([
    'The certificate of example.com and 1 more cannot be renewed',
    'The certificate of app.example.com cannot be renewed',
  ])
  expect(JSON.stringify(found[0]!.evidence)).toContain('certificate of www.example.com')
})

it('nobody may issue: so no authority may, known or not', () => {
  const found = findings({ 'example.com': 'House Authority', 'www.example.com': 'House Authority' }, ';')
  expect(found.map(({ outcome }) => outcome)).toEqual(['excludes-issuer'])
  expect(found[0]!.fix.changes).toMatchObject([{ kind: 'dns', action: 'remove', data: '0 issue ";"' }])
  expect(findings({ 'example.com': 'House Authority' }, 'digicert.com')).toEqual([])
})

itJudges(caa, [
  [
    'nobody may issue, whoever the authority is',
    'excludes-issuer',
    { facts: { caa: issueOf(';', 'House Authority') } },
  ],
  [
    'says where reports go, and not who may issue',
    'missing',
    { facts: { caa: withSet({ records: [{ flags: 0, tag: 'iodef', value: 'mailto:ca@example.com' }] }) } },
  ],
  ['an address where a domain belongs', 'malformed', { facts: { caa: issueOf('https://letsencrypt.org', null) } }],
])

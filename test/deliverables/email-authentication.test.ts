// email-authentication.md: several repairs of one record become one record; what strangers publish stays text; the roll-out is dated.
import { describe, expect, test } from 'vitest'
import { observed, type SavedFact } from '../../src/core/fact.ts'
import type { Finding, Report } from '../../src/core/report.ts'
import { bareTarget } from '../../src/core/target.ts'
import { emailAuthentication } from '../../src/deliverables/email-authentication.ts'
import { dmarcWith } from '../../src/facts/email/dmarc.example.ts'
import { example as soundMx } from '../../src/facts/email/mx.example.ts'
import { spfWith } from '../../src/facts/email/spf.example.ts'
import { panelName, panelOf, panelValue } from '../../src/formats/dns/panel.ts'
import { combineDmarc, combineSpf } from '../../src/formats/dns/record-combine.ts'

const domain = 'coachdash.example'
const at = '2026-11-25T00:00:00.000Z'
const fact = (name: string, value: unknown): SavedFact =>
  ({ fact: name, on: { kind: 'domain', name: domain }, is: observed(value, at) }) as SavedFact

const finding = (check: string, outcome: string, changes: Finding['fix']['changes']): Finding =>
  ({
    id: `${check}${outcome}`,
    check,
    outcome,
    stage: 'email',
    severity: 'high',
    impact: 'email',
    confidence: 'certain',
    subject: domain,
    key: null,
    title: `${check} ${outcome}`,
    why: '',
    evidence: [],
    fix: { summary: '', steps: [], changes, effortMinutes: 5 },
    references: [],
    firstSeen: null,
    suppressed: null,
  }) as Finding

const report = (findings: Finding[]): Report =>
  ({
    schemaVersion: 1,
    target: { domain, hosts: [], repo: null },
    startedAt: at,
    findings,
    checks: [],
  }) as unknown as Report

const document = (findings: Finding[], facts: SavedFact[]): string =>
  emailAuthentication({ report: report(findings), facts, target: bareTarget({ domain }), now: Date.parse(at) })[0]
    ?.content ?? ''

const was = 'v=spf1 include:gone.example include:pm.example ptr +all'
const replace = (data: string) => ({
  kind: 'dns' as const,
  action: 'replace' as const,
  name: `${domain}.`,
  type: 'TXT',
  ttl: 3600,
  data,
  was,
})

describe('the document', () => {
  const facts = [
    fact('mx', soundMx),
    fact('spf', spfWith(was)),
    fact('dmarc', dmarcWith('v=DMARC1; p=none; rua=mailto:dmarc@coachdash.example')),
    fact('dnsPanel', { nameservers: ['a.ns.cloudflare.com'], provider: 'Cloudflare' }),
  ]
  test('shows one record for several repairs of it', () => {
    const text = document(
      [
        finding('spf-includes', 'target-without-record', [replace('v=spf1 include:pm.example ptr +all')]),
        finding('spf-all', 'pass-all', [replace('v=spf1 include:gone.example include:pm.example ptr ~all')]),
        finding('spf-senders', 'uses-ptr', [replace('v=spf1 include:gone.example include:pm.example +all')]),
      ],
      facts,
    )
    expect(text).toContain('v=spf1 include:pm.example ~all\n')
    expect(text.match(/As it should be/g)).toHaveLength(1)
    expect(text).toContain('Cloudflare')
  })
  test('has the roll-out with dates and without pct', () => {
    const text = document([], facts)
    for (const date of ['reached', '2026-12-09', '2027-01-06']) expect(text).toContain(date)
    expect(text).not.toContain('pct')
    expect(text).toContain('p=reject; rua=mailto:dmarc@coachdash.example')
  })
  test('escapes what strangers publish', () => {
    const evil = 'v=spf1 | <script>alert(1)</script> ``` -all'
    const text = document(
      [finding('spf-record', 'malformed', [{ ...replace('v=spf1 -all'), was: evil }])],
      [fact('spf', spfWith(evil))],
    )
    const outside = text.replace(/(`{3,})[\s\S]*?\n\1/g, '').replace(/(`+)[^`\n][^\n]*?\1/g, '')
    expect(outside).not.toContain('<script>')
  })
})

test('a demand stands at its provider by the key of the finding, whatever its title begins with', () => {
  const demand = { ...finding('provider-requirements', 'fails', []), key: 'yahoo', title: 'Your mail lacks SPF' }
  const text = document([demand], [])
  expect(text).toContain('| Yahoo | Your mail lacks SPF |')
  expect(text).toContain('| Gmail | the records meet what it asks for |')
})

describe('repairs put together', () => {
  test('SPF: removals and additions of all, one end', () => {
    expect(combineSpf('v=spf1 a mx -all', ['v=spf1 mx -all', 'v=spf1 a mx include:pm.example -all'])).toBe(
      'v=spf1 mx include:pm.example -all',
    )
    expect(combineSpf('v=spf1 a ?all', ['v=spf1 a ~all', 'v=spf1 ip4:192.0.2.1 ?all'])).toBe(
      'v=spf1 ip4:192.0.2.1 ~all',
    )
  })
  test('DMARC: tag by tag', () => {
    expect(
      combineDmarc('v=DMARC1; p=reject; sp=none; pct=50; rua=mailto:x@gone.example', [
        'v=DMARC1; p=reject; sp=reject; rua=mailto:x@gone.example',
        'v=DMARC1; p=reject; sp=none; rua=mailto:a@coachdash.example',
      ]),
    ).toBe('v=DMARC1; p=reject; sp=reject; rua=mailto:a@coachdash.example')
  })
})

test('each provider is told its own form', () => {
  const route53 = panelOf(['ns-12.awsdns-01.org', 'ns-1536.awsdns-00.co.uk'])
  expect(route53?.name).toBe('Amazon Route 53')
  expect(panelName(route53, `_dmarc.${domain}.`, domain)).toBe('_dmarc')
  expect(panelName(route53, domain, domain)).toBe('(leave empty)')
  expect(panelValue(route53, 'TXT', 'x'.repeat(300))).toBe(`"${'x'.repeat(255)}" "${'x'.repeat(45)}"`)
  expect(panelName(panelOf(['x.ns.cloudflare.com']), domain, domain)).toBe('@')
  expect(panelOf(['ns1.coachdash.example'])).toBeNull()
})

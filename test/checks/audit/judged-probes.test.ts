// Outcomes of checks that ask a host something, beside their examples: links, logins, legal pages, certificates that were taken back.
import { describe, expect, test } from 'vitest'
import brokenLinks from '../../../src/checks/audit/broken-links.ts'
import certificate from '../../../src/checks/audit/certificate.ts'
import domainResolution from '../../../src/checks/audit/domain-resolution.ts'
import exposedFiles from '../../../src/checks/audit/exposed-files.ts'
import legalPages from '../../../src/checks/audit/legal-pages.ts'
import rateLimit from '../../../src/checks/audit/rate-limit.ts'
import { notApplicable } from '../../../src/core/fact.ts'
import { reached } from '../../../src/facts/dns/ipv6-reach.example.ts'
import { lacking } from '../../../src/facts/http/legal-links.example.ts'
import { brokenLink, refusedLink } from '../../../src/facts/http/links.example.ts'
import { tenTimes, tried } from '../../../src/facts/http/login-tries.example.ts'
import { serving } from '../../../src/facts/http/probe-paths.example.ts'
import { revoked } from '../../../src/facts/tls/revocation.example.ts'
import { judgeWith, outcomesWith } from '../../support/judge-with.ts'

const two = (states: ('answers' | 'refused')[]) => ({
  addresses: states.flatMap(state => reached(state).addresses),
})

describe('probes', () => {
  test.each<[string, unknown, object, string[]]>([
    ['a growing delay', rateLimit, { loginTries: tried(6, { milliseconds: 4000 }) }, ['limited']],
    ['the page says so', rateLimit, { loginTries: tried(5, { status: 200, saysLimit: true }) }, ['limited']],
    ['leads back each time', rateLimit, { loginTries: tenTimes({ status: 302 }) }, ['unlimited']],
    [
      'a page that did not answer',
      legalPages,
      { legalLinks: { ...lacking('terms'), unread: [{ url: 'https://www.example.com/', message: 'no answer' }] } },
      ['unknown'],
    ],
    ['two pages are missing', legalPages, { legalLinks: lacking('terms', 'contact') }, ['no-terms', 'no-contact']],
    [
      'broken links beside one that refuses',
      brokenLinks,
      { links: { links: [refusedLink(), brokenLink(), brokenLink({ purpose: 'payment' })] } },
      ['signup-or-payment-broken', 'internal-broken', 'unknown'],
    ],
    ['a certificate that was taken back', certificate, { revocation: revoked('2026-11-20T00:00:00Z') }, ['revoked']],
    ['one of two IPv6 addresses answers', domainResolution, { ipv6Reach: two(['refused', 'answers']) }, ['resolves']],
    ['neither answers', domainResolution, { ipv6Reach: two(['refused', 'refused']) }, ['ipv6-unreachable']],
    [
      'an address inside a network',
      domainResolution,
      { addresses: { addresses: [{ address: '10.0.0.1', family: 4, ttl: 60, private: true }] } },
      ['private-address'],
    ],
    ['no address', domainResolution, { addresses: { status: 'NODATA', addresses: [] } }, ['no-address']],
    [
      'a subdomain of a domain that does not exist',
      domainResolution,
      { delegation: notApplicable('example.com does not exist') },
      ['resolves'],
    ],
  ])('%s', (_, check, facts, expected) => expect(outcomesWith(check, facts)).toEqual(expected))

  test('files of one kind are one finding with all paths', () => {
    const exposed = ['/.env', '/.env.local'].flatMap(path => serving(path, 'secrets', 'a file').exposed ?? [])
    const [finding] = judgeWith(exposedFiles, { probePaths: { exposed } }).findings
    expect(finding?.title).toBe('Anyone can read the secrets in /.env')
    expect(finding?.evidence.map(({ label }) => label)).toEqual([
      'GET https://example.com/.env',
      'GET https://example.com/.env.local',
    ])
    expect(finding?.fix.changes.map(({ kind }) => kind)).toEqual(['setting', 'setting', 'manual'])
  })

  test('hosts below a domain that does not exist are skipped', () => {
    const facts = { delegation: notApplicable('example.com does not exist') }
    expect(outcomesWith(domainResolution, facts, { kind: 'host', name: 'app.example.com' })).toEqual(['skip'])
  })
})

// Outcomes of checks that ask a host something, beside their examples: links, logins, legal pages, certificates that were taken back.
import { describe, expect, test } from 'vitest'
import brokenLinks from '../../../src/checks/audit/broken-links.ts'
import certificate from '../../../src/checks/audit/certificate.ts'
import domainRegistration from '../../../src/checks/audit/domain-registration.ts'
import domainResolution from '../../../src/checks/audit/domain-resolution.ts'
import exposedFiles from '../../../src/checks/audit/exposed-files.ts'
import flow from '../../../src/checks/audit/flow.ts'
import javascriptErrors from '../../../src/checks/audit/javascript-errors.ts'
import legalPages from '../../../src/checks/audit/legal-pages.ts'
import rateLimit from '../../../src/checks/audit/rate-limit.ts'
import tlsCiphers from '../../../src/checks/audit/tls-ciphers.ts'
import tlsVersions from '../../../src/checks/audit/tls-versions.ts'
import { notApplicable } from '../../../src/core/fact.ts'
import { reached } from '../../../src/facts/dns/ipv6-reach.example.ts'
import { lacking } from '../../../src/facts/http/legal-links.example.ts'
import { brokenLink, refusedLink } from '../../../src/facts/http/links.example.ts'
import { tenTimes, tried } from '../../../src/facts/http/login-tries.example.ts'
import { serving } from '../../../src/facts/http/probe-paths.example.ts'
import { revoked } from '../../../src/facts/tls/revocation.example.ts'
import { tlsWith } from '../../../src/facts/tls/tls.example.ts'
import { judgeExample, outcomesOf } from '../../support/judge-example.ts'

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
    [
      'a link to another site',
      brokenLinks,
      { links: { links: [brokenLink({ internal: false })] } },
      ['external-broken'],
    ],
    ['no links', brokenLinks, { links: { asked: 0 } }, ['skip']],
    [
      'a Git folder',
      exposedFiles,
      { probePaths: serving('/.git/HEAD', 'repository', 'Git HEAD says "ref: refs/heads/main"') },
      ['repository-readable'],
    ],
    [
      'a console',
      exposedFiles,
      { probePaths: serving('/console', 'debug-console', 'Werkzeug console') },
      ['debug-console'],
    ],
    [
      'a folder listing',
      exposedFiles,
      { probePaths: serving('/.DS_Store', 'file', 'a macOS folder listing (.DS_Store)') },
      ['file-readable'],
    ],
    [
      'a script that is gone',
      javascriptErrors,
      { rendered: { failed: [{ url: 'https://example.com/old.js', kind: 'script', problem: 'status 404' }] } },
      ['failed-request'],
    ],
    [
      'another site is silent',
      javascriptErrors,
      { rendered: { untold: [{ url: 'https://cdn.example.net/a.js', message: 'no answer' }] } },
      ['unknown'],
    ],
    [
      'a step of a flow without an answer',
      flow,
      { flowRun: { untold: 'GET https://app.example.com/login: no answer within 5 s' } },
      ['unknown'],
    ],
    [
      'six weeks to go',
      domainRegistration,
      { registration: { expires: '2027-01-06T00:00:00.000Z' } },
      ['expires-within-60-days'],
    ],
    [
      'a domain on hold',
      domainRegistration,
      { registration: { states: ['client hold', 'client transfer prohibited'] } },
      ['on-hold'],
    ],
    ['SSL 3 did not answer in time', tlsVersions, { tls: tlsWith({ versions: { SSLv3: null } }) }, ['unknown']],
    ['RSA key exchange alone', tlsCiphers, { tls: tlsWith({ forwardSecrecy: false }) }, ['no-forward-secrecy']],
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
  ])('%s', (_, check, facts, expected) => expect(outcomesOf(check, { facts })).toEqual(expected))

  test('files of one kind are one finding with all paths', () => {
    const exposed = ['/.env', '/.env.local'].flatMap(path => serving(path, 'secrets', 'a file').exposed ?? [])
    const [finding] = judgeExample(exposedFiles, { facts: { probePaths: { exposed } } }).findings
    expect(finding?.title).toBe('Anyone can read the secrets in /.env')
    expect(finding?.evidence.map(({ label }) => label)).toEqual([
      'GET https://example.com/.env',
      'GET https://example.com/.env.local',
    ])
    expect(finding?.fix.changes.map(({ kind }) => kind)).toEqual(['setting', 'setting', 'manual'])
  })

  test('hosts below a domain that does not exist are skipped', () => {
    const facts = { delegation: notApplicable('example.com does not exist') }
    expect(outcomesOf(domainResolution, { facts, subject: { kind: 'host', name: 'app.example.com' } })).toEqual([
      'skip',
    ])
  })
})

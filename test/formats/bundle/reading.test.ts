// What is told from a bundle by rule: staging hosts, kinds of secrets, what was read, the version that mends all.
import { describe, expect, it } from 'vitest'
import {
  bundleSecretKind,
  bundleSecrets,
  type SecretInBundle,
  secretName,
} from '../../../src/formats/bundle/bundle-secrets.ts'
import { fixedInAll } from '../../../src/formats/bundle/library-versions.ts'
import { gapOf, readSummary } from '../../../src/formats/bundle/reading.ts'

const hit = (given: Partial<SecretInBundle> = {}): SecretInBundle => ({
  rule: 'openai',
  provider: 'OpenAI',
  what: 'API key',
  class: 'live',
  kind: 'token',
  confidence: 'certain',
  hash: '1a',
  url: 'https://example.com/app.js',
  source: null,
  line: 1,
  column: 2,
  variable: null,
  ...given,
})

describe('secrets in a bundle', () => {
  it.each<[string, Partial<SecretInBundle>, string | null]>([
    ['a live token', {}, 'live-secret'],
    ['a test token', { class: 'test' }, 'test-secret'],
    ['a key made for browsers', { class: 'public' }, null],
    ['a placeholder', { class: 'placeholder' }, null],
    ['a private key', { kind: 'private-key' }, 'private-key'],
    ['a key that passes row rules', { kind: 'service-role' }, 'service-role-key'],
    ['an unknown value with a telling name', { confidence: 'possible', variable: 'signingKey' }, 'suspicious'],
    ['an unknown value with a common name', { confidence: 'possible', variable: 'apiKey' }, null],
    ['an unknown value without a name', { confidence: 'possible' }, null],
  ])('%s', (_, given, expected) => expect(bundleSecretKind(hit(given))).toBe(expected))

  it('groups places of one secret, in the order of the first', () => {
    const found = bundleSecrets([hit({ class: 'public', hash: '0' }), hit(), hit({ hash: '2b' }), hit({ line: 9 })])
    expect(found.map(({ key, places }) => [key, places.map(({ line }) => line)])).toEqual([
      ['openai 1a', [1, 9]],
      ['openai 2b', [1]],
    ])
  })

  it('names what no rule knows by its variable', () => {
    expect(secretName(hit())).toBe('OpenAI API key')
    expect(secretName(hit({ rule: 'generic', variable: 'dbSecret' }))).toBe('value of dbSecret')
    expect(secretName(hit({ rule: 'generic' }))).toBe('value of a secret')
  })
})

describe('what was read', () => {
  const all = { pages: ['https://example.com/'], files: 2, bytes: 1_200, unread: [], leftOut: [] }
  it('in one line', () => expect(readSummary(all)).toBe('1 pages and 2 files, 2 kB'))
  it.each<[string, object, string | null]>([
    ['all', {}, null],
    ['a file failed', { unread: [{ url: 'u', message: 'no answer' }] }, '1 files could not be read (u: no answer)'],
    ['the budget ended', { leftOut: ['9 files'] }, 'not all was read: 9 files; audit.bundleBudget sets how much is'],
  ])('%s', (_, given, expected) => expect(gapOf({ ...all, ...given })).toBe(expected))
})

describe('the version that mends all', () => {
  it.each<[(string | null)[], string | null]>([
    [['3.5.0'], '3.5.0'],
    [['3.9.0', '3.10.0', '3.5.0'], '3.10.0'],
    [['3.5.0', null], null],
    [[], null],
  ])('%j: %s', (fixes, expected) => expect(fixedInAll(fixes.map(fixed => ({ fixed })))).toBe(expected))
})

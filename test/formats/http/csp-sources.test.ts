import { expect, it } from 'vitest'
import { enforcedPolicies } from '../../../src/formats/http/csp.ts'
import { blockingDirective, type PolicedAsset, sourceMatches } from '../../../src/formats/http/csp-sources.ts'

it.each([
  ["'self'", 'https://example.com/a.js', true],
  ["'self'", 'https://www.example.com/a.js', false],
  ["'self'", 'https://example.com:8443/a.js', false],
  ['*', 'https://a.example.net/x.js', true],
  ['https:', 'https://a.example.net/x.js', true],
  ['http:', 'https://a.example.net/x.js', true],
  ['https:', 'http://a.example.net/x.js', false],
  ['*.example.net', 'https://a.b.example.net/x.js', true],
  ['*.example.net', 'https://example.net/x.js', false],
  ['example.net', 'http://example.net/x.js', false],
  ['example.net:*', 'https://example.net:8443/x.js', true],
  ['example.net:443', 'https://example.net/x.js', true],
  ['https://example.net/js/', 'https://example.net/js/x.js', true],
  ['https://example.net/js', 'https://example.net/js/x.js', false],
  ['https://example.net/js/x.js', 'https://example.net/js/x.js?v=2', true],
  ["'unsafe-inline'", 'https://example.com/a.js', false],
])('%s matches %s: %s', (source, url, expected) =>
  expect(sourceMatches(source, url, 'https://example.com/')).toBe(expected),
)

const asset = (given: Partial<PolicedAsset> = {}): PolicedAsset => ({
  kind: 'script',
  url: 'https://example.com/a.js',
  text: '',
  nonce: '',
  integrity: '',
  ...given,
})
const inline = (given: Partial<PolicedAsset> = {}): PolicedAsset => asset({ url: null, text: 'a()', ...given })

it.each<[string, PolicedAsset, string | null]>([
  ['img-src *', asset(), null],
  ["default-src 'none'", asset(), 'default-src'],
  ["default-src 'none'; script-src 'self'", asset(), null],
  ["script-src 'self'; script-src-elem https://a.example", asset(), 'script-src-elem'],
  ["script-src 'none'", asset({ kind: 'style' }), null],
  ['style-src https://a.example', asset({ kind: 'style' }), 'style-src'],
  ["script-src 'nonce-x'", asset({ nonce: 'x' }), null],
  ["script-src 'nonce-x'", asset({ nonce: 'y' }), 'script-src'],
  ["script-src 'self' 'strict-dynamic' 'nonce-x'", asset(), 'script-src'],
  ["script-src 'sha256-abc='", asset({ integrity: 'sha256-abc=' }), null],
  ["script-src 'self'", inline(), 'script-src'],
  ["script-src 'unsafe-inline'", inline(), null],
  ["script-src 'unsafe-inline' 'nonce-x'", inline(), 'script-src'],
  ["script-src 'unsafe-inline' 'nonce-x'", inline({ nonce: 'x' }), null],
  ["script-src 'sha256-6yZ38aOJOSGsQUdmbktFPV8fbKRGXvvMCi2zq7m5NWw='", inline(), 'script-src'],
  ['sandbox allow-forms', asset(), 'sandbox'],
  ['sandbox allow-scripts', asset(), null],
])('%s: %j', (text, item, expected) =>
  expect(blockingDirective(enforcedPolicies([text], []), item, 'https://example.com/')).toBe(expected),
)

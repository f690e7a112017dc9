import { expect, it } from 'vitest'
import type { Reason } from '../../../src/core/fact.ts'
import { isDown, leadsIntoPrivateNetwork, statusVerdict } from '../../../src/formats/http/route-status.ts'

it.each<[number, string, number[] | undefined, string]>([
  [200, 'home', undefined, 'answers'],
  [304, 'home', undefined, 'answers'],
  [401, 'home', undefined, 'unexpected-status'],
  [401, 'dashboard', undefined, 'answers'],
  [403, 'api', undefined, 'answers'],
  [404, 'api', undefined, 'not-found'],
  [405, 'webhook', undefined, 'answers'],
  [502, 'webhook', undefined, 'server-error'],
  [429, 'home', undefined, 'limited'],
  [429, 'webhook', undefined, 'answers'],
  [410, 'home', undefined, 'not-found'],
  [503, 'home', [503], 'answers'],
  [200, 'home', [401], 'unexpected-status'],
  [403, 'dashboard', [200], 'unexpected-status'],
])('%i of a route of kind %s, expected %j: %s', (status, kind, expected, verdict) =>
  expect(statusVerdict(status, kind, expected)).toBe(verdict),
)

it.each<[Reason, boolean, boolean]>([
  ['refused', false, true],
  ['timeout', true, true],
  ['timeout', false, false],
  ['tls-handshake', true, true],
  ['servfail', true, false],
])('%s, others answer %s: down %s', (reason, others, expected) => expect(isDown(reason, others)).toBe(expected))

it.each([
  ['private-address', 'http://10.0.0.1/', true],
  ['private-address', 'https://example.com:8443/', false],
  ['private-address', '', true],
  ['next-hop-failed', 'http://10.0.0.1/', false],
])('%s at %s: %s', (ended, url, expected) =>
  expect(leadsIntoPrivateNetwork({ hops: [{ url: 'https://example.com/' }], ended, next: { url } })).toBe(expected),
)

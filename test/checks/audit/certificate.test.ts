// Outcomes of `certificate`, each by a chain made for it; and what must not be said of sound ones.
import { describe, expect, test } from 'vitest'
import check from '../../../src/checks/audit/certificate.ts'
import { missing, observed } from '../../../src/core/fact.ts'
import { judge } from '../../../src/core/judge.ts'
import { bareTarget } from '../../../src/core/target.ts'
import { secondAddress } from '../../../src/facts/http/address-pages.example.ts'
import type { Revocation } from '../../../src/facts/tls/revocation.ts'
import type { SeenIssuers } from '../../../src/facts/tls/seen-issuers.ts'
import { exampleSelfSigned, tlsWith } from '../../../src/facts/tls/tls.example.ts'
import type { Tls } from '../../../src/facts/tls/tls.ts'
import { itJudges } from '../../support/judge-example.ts'
import { type Made, make, makeAuthority, type Wanted } from '../../support/tls-certificates.ts'

const at = '2026-11-25T00:00:00Z'
const { root, intermediate } = makeAuthority()
const leafOf = (wanted: Partial<Wanted> = {}): Made =>
  make({ subject: 'CN=example.com', issuer: intermediate, names: ['example.com'], timestamps: 2, ...wanted })
const sound = leafOf()

const served = (chain: Made[], more: Partial<Tls> = {}): Tls => ({
  ...tlsWith({ chain: chain.map(({ der }) => der) }),
  authorities: [{ der: root.der, private: false }],
  ...more,
})

const outcomesOf = (tls: Tls, revocation?: Revocation, seen?: SeenIssuers): string[] => {
  const facts = {
    tls: observed(tls, at),
    addresses: missing('unsupported', 'not here'),
    web: missing('unsupported', 'not here'),
    addressPages: missing('unsupported', 'not here'),
    seenIssuers: seen ? observed(seen, at) : missing('unsupported', 'not here'),
    revocation: revocation ? observed(revocation, at) : missing('unsupported', 'not here'),
  }
  const subject = { kind: 'host', name: 'example.com' } as const
  const { results, findings, defect } = judge({
    check,
    subject,
    facts,
    now: Date.parse(at),
    target: bareTarget(),
    options: {},
    severities: {},
  })
  expect(defect).toBe(null)
  return findings.length
    ? findings.map(({ outcome }) => outcome).sort()
    : results.map(({ status, outcome }) => outcome ?? status)
}

const day = 86_400_000
const in5Days = Date.parse(at) + 5 * day

describe('certificate', () => {
  const other = makeAuthority('Nobody Knows')
  const self = make({ subject: 'CN=example.com', names: ['example.com'] })
  const cases: [string, Made[], string[]][] = [
    ['valid', [sound, intermediate], ['valid']],
    ['the root sent too', [sound, intermediate, root], ['valid']],
    ['expired', [leafOf({ notAfter: '2026-11-20' }), intermediate], ['expired']],
    ['not-yet-valid', [leafOf({ notBefore: '2026-11-27' }), intermediate], ['not-yet-valid']],
    ['name-mismatch', [leafOf({ names: ['*.hosting.example'] }), intermediate], ['name-mismatch']],
    ['self-signed', [self], ['self-signed']],
    ['untrusted', [leafOf({ issuer: other.intermediate }), other.intermediate, other.root], ['untrusted']],
    ['untrusted, root left out', [leafOf({ issuer: other.intermediate }), other.intermediate], ['untrusted']],
    ['incomplete-chain', [sound], ['incomplete-chain']],
    ['chain-disordered', [sound, root, intermediate], ['chain-disordered']],
    ['expires-soon', [leafOf({ notAfter: in5Days }), intermediate], ['expires-soon']],
    ['weak-key', [leafOf({ kind: 'rsa-1024' }), intermediate], ['weak-key']],
    ['unsupported-key: P-521', [leafOf({ kind: 'ec-521' }), intermediate], ['unsupported-key']],
    ['unsupported-key: Ed25519', [leafOf({ kind: 'ed25519' }), intermediate], ['unsupported-key']],
    ['unsupported-key: DSA', [leafOf({ kind: 'dsa' }), intermediate], ['unsupported-key']],
    ['P-384 and RSA of 4096 bits', [leafOf({ kind: 'ec-384' }), intermediate], ['valid']],
    ['an authority in the place of the host', [intermediate, sound, root], ['chain-disordered', 'untrusted']],
    ['weak-signature', [leafOf({ hash: 'sha1' }), intermediate], ['weak-signature']],
    ['no-transparency', [leafOf({ timestamps: 0 }), intermediate], ['no-transparency']],
    [
      'four faults at once',
      [leafOf({ notAfter: '2026-11-20', names: ['other.example'], kind: 'rsa-1024' })],
      ['expired', 'incomplete-chain', 'name-mismatch', 'weak-key'],
    ],
  ]
  test.each(cases)('%s', (_, chain, expected) => {
    expect(outcomesOf(served(chain))).toEqual(expected)
  })

  test('what another host sends explains a gap, and the name of an authority does not', () => {
    const stranger = makeAuthority('Nobody Knows')
    const { issuers, authorities } = {
      issuers: [other.intermediate.der],
      authorities: [{ der: other.root.der, private: false }],
    }
    const leaf = leafOf({ issuer: other.intermediate })
    expect(outcomesOf(served([leaf]))).toEqual(['untrusted'])
    expect(outcomesOf(served([leaf]), undefined, { issuers, authorities })).toEqual(['incomplete-chain'])
    expect(outcomesOf(served([sound, intermediate]), undefined, { issuers, authorities })).toEqual(['valid'])
    const named = makeAuthority("Let's Encrypt")
    expect(outcomesOf(served([leafOf({ issuer: named.intermediate })]))).toEqual(['untrusted'])
    const strangers = { issuers: [stranger.intermediate.der], authorities: [] }
    expect(outcomesOf(served([leaf]), undefined, strangers)).toEqual(['untrusted'])
  })

  test('certificates that browsers do not get: other clients do, and it is high at most', () => {
    const old = leafOf({ kind: 'rsa', notAfter: '2026-11-20' })
    const tls = served([sound, intermediate])
    const both = (leaf: Made): Tls => ({
      ...tls,
      endpoints: [{ ...tls.endpoints[0]!, otherKey: { chain: [leaf.der, intermediate.der], scts: 0, ocsp: null } }],
    })
    expect(outcomesOf(both(old))).toEqual(['expired'])
    expect(outcomesOf(both(leafOf({ kind: 'rsa' })))).toEqual(['valid'])
  })

  test('more certificates than Chrome reads', () => {
    const tls = served([sound, intermediate])
    const { handshake } = tls.endpoints[0]!
    if (handshake.ok) handshake.value.chainBytes = 260_000
    expect(outcomesOf(tls)).toEqual(['untrusted'])
  })

  test('the port of a route that the config names', () => {
    const tls = served([sound, intermediate])
    const late = served([leafOf({ notAfter: '2026-11-20' }), intermediate]).endpoints
    expect(outcomesOf({ ...tls, otherPorts: [{ port: 8443, endpoints: late }] })).toEqual(['expired'])
    expect(outcomesOf({ ...tls, otherPorts: [{ port: 8443, endpoints: tls.endpoints }] })).toEqual(['valid'])
  })

  test('where browsers are turned away nothing is called valid', () => {
    const tls = served([sound, intermediate])
    tls.endpoints[0]!.browsers = { chrome: false, safari: false }
    expect(outcomesOf(tls)).toEqual(['skip'])
  })

  test('a private root of the user needs no transparency', () => {
    const tls = served([leafOf({ timestamps: 0 }), intermediate], { authorities: [{ der: root.der, private: true }] })
    expect(outcomesOf(tls)).toEqual(['valid'])
  })

  test('timestamps in the handshake count', () => {
    const tls = served([leafOf({ timestamps: 0 }), intermediate])
    const { handshake } = tls.endpoints[0]!
    if (handshake.ok) handshake.value.scts = 2
    expect(outcomesOf(tls)).toEqual(['valid'])
  })

  test('revoked: of the certificate that is served alone, and unknown revocation says nothing', () => {
    const told = (leaf: string, status: 'revoked' | 'unknown'): Revocation => ({
      certificates: [{ leaf, serial: '01', status, by: 'http://crl.example/1', since: at, why: null }],
    })
    const tls = served([sound, intermediate])
    expect(outcomesOf(tls, told(sound.der, 'revoked'))).toEqual(['revoked'])
    expect(outcomesOf(tls, told(self.der, 'revoked'))).toEqual(['valid'])
    expect(outcomesOf(tls, told(sound.der, 'unknown'))).toEqual(['valid'])
  })

  const two = (first: Made[], second: Made[] | 'refused' | 'timeout' | 'unreachable', family: 4 | 6 = 6): Tls => {
    const tls = served(first)
    const [endpoint] = tls.endpoints
    const next =
      typeof second === 'string'
        ? { ...endpoint!, handshake: missing(second, `[2001:db8::1]:443 ${second}`) }
        : served(second).endpoints[0]!
    return { ...tls, endpoints: [endpoint!, { ...next, address: family === 6 ? '2001:db8::1' : '192.0.2.11', family }] }
  }

  test('addresses-differ: where a customer notices', () => {
    const expired = [leafOf({ notAfter: '2026-11-20' }), intermediate]
    expect(outcomesOf(two([sound, intermediate], expired))).toEqual(['addresses-differ', 'expired'])
    expect(outcomesOf(two([sound, intermediate], 'refused', 4))).toEqual(['addresses-differ'])
    // A family that is down as a whole is told by domain-resolution (ipv6-unreachable).
    expect(outcomesOf(two([sound, intermediate], 'refused'))).toEqual(['valid'])
    expect(outcomesOf(two([sound, intermediate], 'timeout', 4))).toEqual(['addresses-differ'])
    // A renewal under way, and what this machine's own network cannot reach, are no differences.
    expect(outcomesOf(two([sound, intermediate], [leafOf(), intermediate]))).toEqual(['valid'])
    expect(outcomesOf(two([sound, intermediate], 'unreachable'))).toEqual(['valid'])
    expect(outcomesOf(two([sound, intermediate], 'timeout'))).toEqual(['valid'])
  })

  const down = (reason: 'refused' | 'timeout' | 'unreachable' | 'tls-handshake', more: Partial<Tls> = {}): Tls => ({
    ...tlsWith({ refused: true }),
    endpoints: [
      { ...tlsWith({ refused: true }).endpoints[0]!, handshake: missing(reason, `192.0.2.10:443 ${reason}`) },
    ],
    ...more,
  })

  test('unreachable: only where it is the host, not this machine', () => {
    expect(outcomesOf(down('refused'))).toEqual(['unreachable'])
    expect(outcomesOf(down('tls-handshake'))).toEqual(['unreachable'])
    expect(outcomesOf(down('timeout', { elsewhere: ['www.example.com'] }))).toEqual(['unreachable'])
    expect(outcomesOf(down('timeout'))).toEqual(['unknown'])
    expect(outcomesOf(down('unreachable', { elsewhere: ['www.example.com'] }))).toEqual(['unknown'])
    expect(outcomesOf(down('tls-handshake', { otherClient: true }))).toEqual(['unknown'])
  })

  itJudges(check, [
    ['vouches for itself', 'self-signed', { facts: { tls: tlsWith({ chain: [exampleSelfSigned] }) } }],
    ['its second address fails', 'addresses-differ', { facts: { addressPages: secondAddress(502, 'Bad gateway') } }],
  ])
})

// Rules of a few lines: listed names, dangling leads, proxied records, renewal of signatures, lifetimes, networks, whole zones.
import { describe, expect, it } from 'vitest'
import { carriesLogin, leadFault } from '../../../src/formats/dns/dangling-leads.ts'
import { addressBytes, networkHolds, reverseName } from '../../../src/formats/dns/ip-network.ts'
import { isListed, labelBelow } from '../../../src/formats/dns/listed-names.ts'
import { exchangesOf, isProxied, isVerification, isWebName } from '../../../src/formats/dns/proxied-record.ts'
import { expectsWholeZone } from '../../../src/formats/dns/record-compare.ts'
import { isOverdue, timeLeft } from '../../../src/formats/dns/signature-renewal.ts'
import { soaText } from '../../../src/formats/dns/soa-faults.ts'
import { ttlFaults, wantedTtl } from '../../../src/formats/dns/ttl-faults.ts'

describe('isListed', () => {
  const listed = { subdomains: ['app', 'api.example.com'], hosts: { docs: 'help.example.com' }, routes: [] }
  it.each<[string, string[], boolean]>([
    ['app.example.com', [], true],
    ['api.example.com', [], true],
    ['help.example.com', [], true],
    ['old.example.com', ['common'], false],
    ['ns1.example.com', ['service'], true],
    ['s1._domainkey.example.com', [], true],
    ['mta-sts.example.com', [], true],
  ])('%s (%j): %s', (name, sources, expected) =>
    expect(isListed({ name, sources }, 'example.com', listed)).toBe(expected),
  )
  it('without a list everything is meant; a route lists its host', () => {
    const none = { subdomains: null, hosts: {}, routes: [] }
    expect(isListed({ name: 'x.example.com', sources: [] }, 'example.com', none)).toBe(true)
    const routed = { ...none, subdomains: [], routes: [{ url: 'https://x.example.com/a' }] }
    expect(isListed({ name: 'x.example.com', sources: [] }, 'example.com', routed)).toBe(true)
    expect(labelBelow('a.b.example.com', 'example.com')).toBe('a.b')
  })
})

describe('dangling leads', () => {
  const lead = { target: 't', status: 'NOERROR', service: 'S', claim: 'open' as const, page: 'other' }
  it.each([
    [{ ...lead }, null],
    [{ ...lead, status: 'NXDOMAIN' }, 'target-missing'],
    [{ ...lead, page: 'unclaimed' }, 'unclaimed'],
    [{ ...lead, status: 'unknown', page: 'unasked' }, null],
  ])('%j', (given, expected) => expect(leadFault(given)?.outcome ?? null).toBe(expected))
  it('says how a name is claimed', () => {
    expect(leadFault({ ...lead, page: 'unclaimed' })?.value).toContain('anyone can add a name')
    expect(leadFault({ ...lead, page: 'unclaimed', claim: null })?.value).toContain('asks for proof')
  })
  it.each([
    ['app.example.com', {}, true],
    ['blog.example.com', {}, false],
    ['x.example.com', { api: 'x.example.com' }, true],
    ['x.example.com', { docs: 'x.example.com' }, false],
  ])('people log in at %s (%j): %s', (name, hosts, expected) => expect(carriesLogin(name, hosts)).toBe(expected))
})

describe('proxied records', () => {
  const api = [
    { name: 'www.example.com', type: 'A', content: '192.0.2.1', proxied: true },
    { name: 'example.com', type: 'MX', content: 'Mail.example.com.', proxied: false },
  ]
  const zone = [
    { name: 'www.example.com', type: 'A', data: '192.0.2.1' },
    { name: 'app.example.com', type: 'A', data: '104.16.1.1' },
    { name: 'example.com', type: 'MX', data: '10 mx.example.net.' },
  ]
  it('by the API where there is one, else by Cloudflare’s addresses', () => {
    expect(isProxied('www.example.com', 'A', { api, zone })).toBe(true)
    expect(isProxied('www.example.com', 'AAAA', { api, zone })).toBe(false)
    expect(isProxied('www.example.com', 'A', { api: null, zone })).toBe(false)
    expect(isProxied('app.example.com', 'A', { api: null, zone })).toBe(true)
    expect(exchangesOf({ api, zone })).toEqual(['mail.example.com', 'mx.example.net'])
  })
  it.each([
    ['s1._domainkey.example.com', 'CNAME', true],
    ['_dmarc.example.com', 'A', true],
    ['em12.example.com', 'CNAME', true],
    ['em12.example.com', 'A', false],
    ['s1.example.com', 'A', false],
  ])('%s %s must be read as it stands: %s', (name, type, expected) => expect(isVerification(name, type)).toBe(expected))
  it.each([
    ['www.example.com', true],
    ['example.com', true],
    ['mail.example.com', false],
  ])('%s carries the web: %s', (name, expected) => expect(isWebName(name, 'example.com')).toBe(expected))
})

describe('renewal of signatures', () => {
  it.each([
    [899, false],
    [900, false],
    [901, true],
    [1001, true],
  ])('valid from 0 to 1000, at %i overdue: %s', (now, expected) =>
    expect(isOverdue({ inception: 0, expiration: 1000 }, now)).toBe(expected),
  )
  it.each([
    [-5, '0 hours'],
    [7200, '2 hours'],
    [172_799, '47 hours'],
    [172_800, '2 days'],
  ])('%i s are %s', (seconds, words) => expect(timeLeft(seconds)).toBe(words))
})

describe('lifetimes', () => {
  const view = (...ttls: number[]) => ({
    records: ttls.map((ttl, at) => ({ name: 'a', type: 'A', ttl, data: `192.0.2.${at}` })),
  })
  it.each([
    ['within the bounds', [view(60, 60), view(3600, 3600)], []],
    ['an hour and a second', [view(3601)], [['too-long', 300]]],
    ['a second less than a minute', [view(59)], [['too-short', 300]]],
    ['mixed', [view(600, 900)], [['inconsistent-set', 900]]],
    [
      'mixed and far too long',
      [view(300, 86_400)],
      [
        ['inconsistent-set', 3600],
        ['too-long', 300],
      ],
    ],
    ['servers that count down apart are one set each', [view(300), view(200)], []],
  ])('%s', (_, views, expected) =>
    expect(ttlFaults(views).map(fault => [fault.fault, wantedTtl(fault)])).toEqual(expected),
  )
})

describe('addresses', () => {
  it.each([
    ['192.0.2.0/24', '192.0.2.255', true],
    ['192.0.2.0/24', '192.0.3.0', false],
    ['192.0.2.1', '192.0.2.1', true],
    ['192.0.2.0/25', '192.0.2.128', false],
    ['2001:db8::/32', '2001:db8:ffff::1', true],
    ['2001:db8::/32', '192.0.2.1', false],
    ['::ffff:192.0.2.0/24', '192.0.2.7', true],
    ['none', '192.0.2.1', false],
  ])('%s holds %s: %s', (network, address, expected) => expect(networkHolds(network, address)).toBe(expected))
  it('reverse names', () => {
    expect(reverseName('192.0.2.1')).toBe('1.2.0.192.in-addr.arpa')
    expect(reverseName('2001:db8::1')).toMatch(/^1\.0\.0\.0\..*\.8\.b\.d\.0\.1\.0\.0\.2\.ip6\.arpa$/)
    expect(reverseName('x')).toBeNull()
    expect(addressBytes('x')).toBeNull()
  })
})

it.each([
  ['half of the sets', ['www.example.com CNAME'], ['www.example.com CNAME', 'x.example.com A'], true],
  ['less than half', ['www.example.com CNAME'], ['www.example.com CNAME', 'x.example.com A', 'y.example.com A'], false],
  ['as many, but others', ['a.example.com A'], ['www.example.com CNAME'], false],
  ['spelled otherwise', ['WWW.example.com. cname'], ['www.example.com CNAME'], true],
  [
    'what servers make does not count',
    ['a.example.com A'],
    ['a.example.com A', 'example.com NS', 'example.com SOA'],
    true,
  ],
])('a whole zone is expected: %s', (_, expected, sets, whole) => {
  const records = sets.map(set => ({ name: set.split(' ')[0]!, type: set.split(' ')[1]! }))
  expect(expectsWholeZone(expected, records)).toBe(whole)
})

it('an SOA record names the zone where it names no primary', () => {
  const soa = { mname: '', rname: 'h.example.com', serial: 1, refresh: 2, retry: 3, expire: 4, minimum: 5 }
  expect(soaText('example.com', soa)).toBe('example.com. h.example.com. 1 2 3 4 5')
})

// Pure judging of what servers said: CAA, name servers, timers, drift and the tables.
import { describe, expect, test } from 'vitest'
import { danglingServices } from '../../../src/data/dangling-services.ts'
import { edgeOf } from '../../../src/data/edge-ranges.ts'
import { caaAllows, caaFault, parseIssueValue } from '../../../src/formats/dns/caa.ts'
import { allInOneNetwork, networkOf, serverHealth } from '../../../src/formats/dns/name-server-faults.ts'
import { compareSets } from '../../../src/formats/dns/record-compare.ts'
import { mailboxFault, soundTimers, timerFaults } from '../../../src/formats/dns/soa-faults.ts'
import { zoneDrift } from '../../../src/formats/dns/zone-drift.ts'

const issue = (value: string, tag = 'issue', flags = 0) => ({ flags, tag, value })

describe('CAA', () => {
  test('values by the grammar of RFC 8659 and RFC 8657', () => {
    expect(parseIssueValue('letsencrypt.org; accounturi=https://a/1; validationmethods=dns-01')).toEqual({
      issuer: 'letsencrypt.org',
      parameters: { accounturi: 'https://a/1', validationmethods: 'dns-01' },
    })
    expect(parseIssueValue(';')).toEqual({ issuer: '', parameters: {} })
    expect(parseIssueValue('%%%%%')).toBeNull()
  })
  test('who may issue', () => {
    const le = ['letsencrypt.org']
    expect(caaAllows([], le, false).allowed).toBe(true)
    expect(caaAllows([issue('letsencrypt.org')], le, false).allowed).toBe(true)
    expect(caaAllows([issue('digicert.com')], le, false).allowed).toBe(false)
    expect(caaAllows([issue(';')], le, false).allowed).toBe(false)
    expect(caaAllows([issue('mailto:a@b.example', 'iodef')], le, false).allowed).toBe(true)
    expect(caaAllows([issue('letsencrypt.org'), issue(';', 'issuewild')], le, true).allowed).toBe(false)
    expect(caaAllows([issue('letsencrypt.org'), issue(';', 'issuewild')], le, false).allowed).toBe(true)
    expect(caaAllows([issue('letsencrypt.org'), issue('x', 'tbs', 128)], le, false).allowed).toBe(false)
  })
  test('what is malformed', () => {
    expect(caaFault(issue('letsencrypt.org'))).toBeNull()
    expect(caaFault(issue('https://letsencrypt.org'))).not.toBeNull()
    expect(caaFault(issue('letsencrypt'))).not.toBeNull()
    expect(caaFault(issue('a@b', 'iodef'))).not.toBeNull()
    expect(caaFault(issue('x', 'isue'))).not.toBeNull()
    expect(caaFault(issue('letsencrypt.org', 'issue', 1))).not.toBeNull()
  })
})

describe('name servers', () => {
  const answers = { state: 'answers', rcode: 'NOERROR', reason: null }
  const silent = { state: 'silent', rcode: null, reason: 'timeout' }
  const server = (name: string, address: string, udp = answers, tcp = answers) => ({
    name,
    address,
    family: 4 as const,
    inParent: true,
    inChild: true,
    udp: udp as never,
    tcp: tcp as never,
  })
  test('a name answers when one of its addresses does', () => {
    expect(
      serverHealth([server('a', '192.0.2.1'), server('a', '192.0.2.2', silent as never, silent as never)])[0]?.state,
    ).toBe('answers')
    expect(serverHealth([server('a', '192.0.2.1', answers, silent as never)])[0]?.noTcp).toBe(true)
    expect(serverHealth([server('a', '192.0.2.1', silent as never, silent as never)])[0]?.state).toBe('silent')
  })
  test('an address that is lame or silent beside one that answers is told by itself', () => {
    const lame = { state: 'lame', rcode: 'REFUSED', reason: null } as never
    const health = serverHealth([
      server('a', '192.0.2.1'),
      server('a', '192.0.2.2', lame, lame),
      server('b', '198.51.100.1'),
      server('b', '198.51.100.2', silent as never, silent as never),
    ])
    expect(health.map(each => [each.name, each.state, each.addresses.join()])).toEqual([
      ['a', 'answers', '192.0.2.1'],
      ['a', 'lame', '192.0.2.2'],
      ['b', 'answers', '198.51.100.1'],
      ['b', 'silent', '198.51.100.2'],
    ])
  })
  test('silence over IPv6 counts only where another server answers over IPv6', () => {
    const six = (name: string, address: string, said: unknown) => ({
      ...server(name, address, said as never, said as never),
      family: 6 as const,
    })
    const both = (other: unknown) =>
      serverHealth([
        server('a', '192.0.2.1'),
        six('a', '2001:db8::1', silent),
        server('b', '198.51.100.1'),
        six('b', '2001:db8::2', other),
      ]).map(each => `${each.name} ${each.state}`)
    expect(both(silent)).toEqual(['a answers', 'b answers'])
    expect(both(answers)).toEqual(['a answers', 'a silent', 'b answers'])
  })
  test('what answers over TCP alone answers nobody, unless nothing here gets through over UDP', () => {
    const only = server('a', '192.0.2.1', silent as never)
    expect(serverHealth([only, server('b', '198.51.100.1')])[0]).toMatchObject({ state: 'silent', onlyTcp: true })
    expect(serverHealth([only])[0]).toMatchObject({ state: 'answers', onlyTcp: false })
  })
  test('networks are /24 and /48', () => {
    expect(networkOf('192.0.2.77')).toBe('192.0.2.0/24')
    expect(networkOf('2001:db8:1:2::3')).toBe('2001:db8:1::/48')
    expect(networkOf('2001:db8::1')).toBe('2001:db8:0::/48')
    expect(allInOneNetwork([server('a', '192.0.2.1'), server('b', '192.0.2.2')])).toBe('192.0.2.0/24')
    expect(allInOneNetwork([server('a', '192.0.2.1'), server('b', '198.51.100.2')])).toBeNull()
    expect(allInOneNetwork([server('a', '192.0.2.1')])).toBeNull()
  })
})

describe('SOA', () => {
  const soa = { mname: 'ns1.example.com', rname: 'hostmaster.example.com', serial: 1, ...soundTimers }
  test('the timers of the large providers are sound', () => {
    for (const timers of [
      { refresh: 10_000, retry: 2400, expire: 604_800, minimum: 1800 },
      { refresh: 7200, retry: 900, expire: 1_209_600, minimum: 86_400 },
      { refresh: 21_600, retry: 3600, expire: 259_200, minimum: 300 },
      { refresh: 43_200, retry: 7200, expire: 1_209_600, minimum: 14_400 },
    ])
      expect(timerFaults({ ...soa, ...timers })).toEqual([])
  })
  test('faults', () => {
    expect(timerFaults({ ...soa, retry: 7200 })).toHaveLength(1)
    expect(timerFaults({ ...soa, minimum: 604_800 })).toHaveLength(1)
    expect(mailboxFault('hostmaster.example.com')).toBeNull()
    expect(mailboxFault('first\\.last.example.com')).toBeNull()
    expect(mailboxFault('root.localhost')).not.toBeNull()
    expect(mailboxFault('me@example.com')).not.toBeNull()
    expect(mailboxFault('')).not.toBeNull()
  })
})

describe('drift', () => {
  test('spelling is no difference', () => {
    expect(compareSets('MX', ['10 MX.example.com.'], ['10 mx.example.com'])).toEqual({ missing: [], extra: [] })
    expect(compareSets('TXT', ['"v=spf1 " "-all"'], ['v=spf1 -all'])).toEqual({ missing: [], extra: [] })
    expect(compareSets('A', ['192.0.2.1', '192.0.2.2'], ['192.0.2.2', '192.0.2.3'])).toEqual({
      missing: ['192.0.2.1'],
      extra: ['192.0.2.3'],
    })
  })
  test('the serial is no difference, a lifetime is', () => {
    const record = { name: 'example.com', type: 'A', ttl: 300, data: '192.0.2.1' }
    const soa = { name: 'example.com', type: 'SOA', ttl: 300, data: 'a b 1 2 3 4 5' }
    expect(zoneDrift([record, soa], [record, { ...soa, data: 'a b 2 2 3 4 5' }])).toEqual([])
    expect(zoneDrift([record], [{ ...record, ttl: 60 }])).toMatchObject([
      { kind: 'lifetime', was: ['300 s'], is: ['60 s'] },
    ])
  })
})

describe('tables', () => {
  test('at least forty services that host under a customer’s name, each once, with a source', () => {
    expect(danglingServices.length).toBeGreaterThanOrEqual(40)
    expect(new Set(danglingServices.map(service => service.name)).size).toBe(danglingServices.length)
    for (const service of danglingServices) expect(service.source).toMatch(/^https:\/\//)
  })
  test('edges by address, alias and header', () => {
    const none = { addresses: [], aliases: [], headers: [] }
    expect(edgeOf({ ...none, addresses: ['104.16.1.1'] })).toEqual({ name: 'Cloudflare', by: 'address' })
    expect(edgeOf({ ...none, addresses: ['2606:4700::1'] })).toEqual({ name: 'Cloudflare', by: 'address' })
    expect(edgeOf({ ...none, aliases: ['d1.cloudfront.net'] })).toEqual({ name: 'Amazon CloudFront', by: 'alias' })
    expect(edgeOf({ ...none, headers: [{ name: 'x-vercel-id', value: 'fra1::1' }] })).toEqual({
      name: 'Vercel',
      by: 'header',
    })
    expect(edgeOf({ ...none, addresses: ['192.0.2.1'], headers: [{ name: 'server', value: 'nginx' }] })).toBeNull()
  })
})

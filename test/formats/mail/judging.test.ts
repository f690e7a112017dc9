// Mail servers, parked domains, demands of mailbox providers, names and addresses of senders.
import { describe, expect, it } from 'vitest'
import { missing, observed } from '../../../src/core/fact.ts'
import { bareTarget } from '../../../src/core/target.ts'
import { dmarcWith } from '../../../src/facts/email/dmarc.example.ts'
import { hostWith } from '../../../src/facts/email/mx.example.ts'
import { nothingFound, example as selectors, selectorWith } from '../../../src/facts/email/selectors.example.ts'
import { spfWith } from '../../../src/facts/email/spf.example.ts'
import { example as tlsa } from '../../../src/facts/email/tlsa.example.ts'
import { association, certificate } from '../../../src/facts/smtp/mx-smtp.example.ts'
import { domainOfAddress, localPart } from '../../../src/formats/mail/address.ts'
import { isBimi, logoFaults, parseBimi } from '../../../src/formats/mail/bimi.ts'
import { deniesAll, ownSpfTexts, receivesNothing, sendsNothing } from '../../../src/formats/mail/direction.ts'
import { expectedSenders } from '../../../src/formats/mail/expected-senders.ts'
import { isGenericName } from '../../../src/formats/mail/generic-name.ts'
import { inWords } from '../../../src/formats/mail/in-words.ts'
import {
  mtaStsRecordFault,
  parseMtaStsPolicy,
  servedPolicyFaults,
  uncoveredHosts,
} from '../../../src/formats/mail/mta-sts.ts'
import { hasReachable, type MxHost, mxData, mxFaults, mxLines } from '../../../src/formats/mail/mx.ts'
import { lockOf, stateWithoutServers } from '../../../src/formats/mail/parked.ts'
import { lackingDemands, unansweredNames } from '../../../src/formats/mail/provider-demands.ts'
import { meantTlsRpt } from '../../../src/formats/mail/tls-rpt.ts'
import { associationOf, chainMatches, isUsable, parseTlsa, printTlsa } from '../../../src/formats/mail/tlsa.ts'

const at = '2026-11-25T00:00:00Z'
const domain = 'coachdash.example'
const host = (given: Partial<MxHost> = {}): MxHost => hostWith(given).hosts[0]!
const absent = missing('timeout', 'no answer')

describe('mxLines', () => {
  it.each([
    ['none', { nullMx: false, hosts: [] }, []],
    ['a null MX', { nullMx: true, hosts: [] }, ['0 .']],
    ['an address', { nullMx: false, hosts: [host()] }, ['10 mx.coachdash.example. → 192.0.2.25']],
    [
      'no address',
      { nullMx: false, hosts: [host({ state: 'nxdomain', addresses: [] })] },
      ['10 mx.coachdash.example. → nxdomain'],
    ],
  ])('%s', (_name, mx, lines) => expect(mxLines(mx)).toEqual(lines))
})

describe('mxFaults', () => {
  const gone = host({ exchange: 'gone.example', state: 'nxdomain', addresses: [] })
  const inside = host({ exchange: 'in.example', addresses: [{ address: '10.0.0.1', family: 4, private: true }] })
  it.each([
    ['sound', [host()], []],
    ['gone, alone', [gone], [{ kind: 'unresolvable', delayed: false }]],
    ['gone, beside a live one', [gone, host()], [{ kind: 'unresolvable', delayed: true }]],
    ['an address', [host({ state: 'is-address' })], [{ kind: 'is-address' }]],
    ['private', [inside], [{ kind: 'private', delayed: false }]],
    ['an alias', [host({ cnames: ['a.example'] })], [{ kind: 'is-cname' }]],
    ['twice', [host(), host()], [{ kind: 'duplicate' }]],
    ['unknown', [host({ state: 'unknown' })], []],
  ])('%s', (_name, hosts, faults) => {
    const found = mxFaults(hosts)
    expect(found).toHaveLength(faults.length)
    expect(found).toMatchObject(faults)
  })
  it('a server inside is not reachable', () => {
    expect(hasReachable([inside])).toBe(false)
    expect(mxData(host())).toBe('10 mx.coachdash.example.')
  })
})

describe('direction', () => {
  it.each([
    ['v=spf1 -all', {}, true],
    ['v=spf1 ~all', {}, false],
    ['v=spf1 -all', { senders: [{ name: 'A', dkim: [] }] }, false],
    ['v=spf1 ~all', { sections: { email: { sends: false } } }, true],
    ['v=spf1 -all', { sections: { email: { sends: true } } }, false],
  ])('sends nothing: %s %j', (text, target, nothing) => {
    expect(sendsNothing(bareTarget(target), spfWith(text))).toBe(nothing)
    expect(sendsNothing(bareTarget(target), observed(spfWith(text), at))).toBe(nothing)
  })
  it.each([
    [{ nullMx: true, hosts: [] }, {}, true],
    [{ nullMx: true, hosts: [1] }, {}, false],
    [{ nullMx: false, hosts: [1] }, { sections: { email: { receives: false } } }, true],
  ])('receives nothing: %j %j', (mx, target, nothing) => expect(receivesNothing(bareTarget(target), mx)).toBe(nothing))
  it('what could not be seen denies nothing', () => {
    expect(ownSpfTexts(absent)).toEqual([])
    expect(deniesAll([])).toBe(false)
    expect(deniesAll(['v=spf1 -all', 'v=spf1 -all'])).toBe(false)
  })
})

describe('domains without mail servers', () => {
  it('are locked by three records', () => {
    expect(lockOf(domain, true, ['v=spf1 -all'], dmarcWith('v=DMARC1; p=reject').walk).lacks).toEqual([])
    expect(lockOf(domain, false, [], null).lacks).toEqual(['null MX', 'SPF -all', 'DMARC reject'])
    expect(lockOf(domain, true, [], dmarcWith('v=DMARC1; p=none; rua=mailto:a@x.example').walk)).toMatchObject({
      policy: 'v=DMARC1; p=reject; rua=mailto:a@x.example',
      published: 'v=DMARC1; p=none; rua=mailto:a@x.example',
    })
  })
  const keys = observed(nothingFound, at)
  it.each([
    ['locked', true, 'v=spf1 -all', {}, keys, 'parked'],
    ['a null MX, and nobody in sight', true, undefined, {}, keys, 'parked'],
    ['a null MX, and a key', true, undefined, {}, observed(selectors, at), 'closed'],
    ['a null MX, keys unknown', true, undefined, {}, absent, 'closed'],
    ['a null MX, and SPF', true, 'v=spf1 ip4:192.0.2.1 -all', {}, keys, 'closed'],
    ['the config says so', false, 'v=spf1 ~all', { sections: { email: { receives: false } } }, keys, 'meant'],
    ['sends nothing', false, 'v=spf1 -all', {}, keys, 'parked'],
    ['forgotten', false, 'v=spf1 ~all', {}, keys, 'forgotten'],
  ])('%s', (_name, nullMx, text, target, found, state) =>
    expect(stateWithoutServers({ nullMx, hosts: [] }, bareTarget(target), observed(spfWith(text), at), found)).toBe(
      state,
    ),
  )
})

describe('demands of mailbox providers', () => {
  const records = (text?: string, dmarc?: string, found = nothingFound) => ({
    spf: spfWith(text),
    dmarc: dmarcWith(dmarc),
    selectors: found,
  })
  const unusable = { ...nothingFound, selectors: [selectorWith({ usable: false, state: 'absent' as const })] }
  it.each([
    ['SPF will do', false, records('v=spf1 -all'), []],
    ['DKIM will do', false, records(undefined, undefined, selectors), []],
    ['nothing', false, records(), ['SPF']],
    ['nothing, and a key that is not there', false, records(undefined, undefined, unusable), ['SPF', 'DKIM']],
    ['in bulk all three', true, records(undefined, undefined, unusable), ['SPF', 'DKIM', 'DMARC']],
    ['guessing in vain proves nothing', true, records('v=spf1 -all', 'v=DMARC1; p=none'), []],
    ['an ignored record is none', true, records('v=spf1 -all', 'v=DMARC1; p=block', selectors), ['DMARC']],
  ])('%s', (_name, bulk, given, lacks) => expect(lackingDemands(bulk, given)).toEqual(lacks))
  it('what did not answer may stand there', () => {
    const silent = { ...nothingFound, selectors: [selectorWith({ usable: false, state: 'unknown' as const })] }
    const spf = { names: [{ ...spfWith().names[0]!, problem: 'timeout' }] }
    const given = { ...records(undefined, undefined, silent), spf }
    expect(unansweredNames(['SPF', 'DKIM'], given)).toEqual([domain, 'pm._domainkey.coachdash.example'])
    expect(unansweredNames([], given)).toEqual([])
  })
})

describe('mta-sts', () => {
  const policy = parseMtaStsPolicy('version: STSv1\nmode: enforce\nmx: mx.coachdash.example\nmax_age: 604800\n')
  it('judges the record and the policy apart', () => {
    expect(mtaStsRecordFault(['v=STSv1; id=1'], { id: '1', faults: [] })).toBeNull()
    expect(mtaStsRecordFault(['a', 'b'], null)).toBe('the record stands more than once')
    expect(mtaStsRecordFault(['a'], null)).toContain('must begin with')
    expect(servedPolicyFaults(policy, 'text/plain; charset=utf-8')).toEqual([])
    expect(servedPolicyFaults(policy, 'text/html')).toEqual(['the policy is served as text/html, not as text/plain'])
    expect(servedPolicyFaults(null, 'text/html')).toEqual([])
    expect(uncoveredHosts(policy, ['mx.coachdash.example', 'mx2.coachdash.example'])).toEqual(['mx2.coachdash.example'])
    expect(uncoveredHosts({ ...policy, mode: 'none' }, ['mx2.coachdash.example'])).toEqual([])
  })
})

it.each([
  [null, 'v=TLSRPTv1; rua=mailto:tls-reports@coachdash.example'],
  [{ rua: ['tls@x.example'] }, 'v=TLSRPTv1; rua=mailto:tls@x.example'],
  [{ rua: ['ftp://x.example', 'https://x.example/r'] }, 'v=TLSRPTv1; rua=https://x.example/r'],
])('meantTlsRpt %j', (record, text) => expect(meantTlsRpt(record, domain)).toBe(text))

describe('tlsa', () => {
  it('reads, prints and compares records', () => {
    const [record] = tlsa.records
    expect(printTlsa(record!)).toBe(`3 1 1 ${association}`)
    expect(parseTlsa(printTlsa(record!))).toEqual(record)
    expect(associationOf(Buffer.from(certificate, 'base64'), 1, 1)).toBe(association)
    expect(chainMatches(record!, [certificate])).toBe(true)
    expect(chainMatches({ ...record!, data: 'ab' }, [certificate])).toBe(false)
    expect(isUsable({ ...record!, usage: 1 })).toBe(false)
  })
})

describe('bimi', () => {
  it.each([
    ['v=BIMI1; l=https://x.example/logo.svg', { logo: 'https://x.example/logo.svg', declined: false, faults: [] }],
    ['v=BIMI1; l=; a=', { declined: true }],
  ])('%s', (text, record) => {
    expect(isBimi(text)).toBe(true)
    expect(parseBimi(text)).toMatchObject(record)
  })
  it('a page is no logo', () => expect(logoFaults('<html></html>', 13).length).toBeGreaterThan(0))
})

describe('names and addresses', () => {
  it.each([
    ['mail.coachdash.example', false],
    ['static-192-0-2-25.isp.example', true],
    ['25.2.0.192.isp.example', true],
    ['ec2-1-2-3-4.compute-1.amazonaws.com', true],
    ['vps123.host.example', true],
    ['c0000219.host.example', true],
  ])('isGenericName %s', (name, generic) => expect(isGenericName(name, '192.0.2.25')).toBe(generic))
  it.each([
    [[], ''],
    [['a'], 'a'],
    [['a', 'b'], 'a and b'],
    [['a', 'b', 'c'], 'a, b and c'],
  ])('inWords %j', (items, words) => expect(inWords(items)).toBe(words))
  it.each([
    ['Hello <hello@Example.com>', 'example.com', 'hello'],
    ['hello@example.com', 'example.com', 'hello'],
    [undefined, null, null],
  ])('%s', (address, of, local) => expect([domainOfAddress(address), localPart(address)]).toEqual([of, local]))
  it('the senders that a flow may have', () => {
    const target = bareTarget({
      domain: 'app.example.com',
      hosts: { app: 'app.other.example' },
      senders: [{ name: 'A', dkim: [], from: 'a@mail.third.example' }],
      sections: { email: { flows: [{ name: 'reset', from: 'b@fourth.example' }] } },
    })
    expect(expectedSenders('reset', target)).toEqual(['b@fourth.example'])
    expect(expectedSenders('signup', target)).toEqual([
      'app.example.com',
      'example.com',
      'other.example',
      'mail.third.example',
    ])
  })
})

// Parsers of mail records on what the world publishes: positions, every fault at once, bounds; hostile input ends in a told fault.
import { describe, expect, test } from 'vitest'
import { keyText } from '../../../src/facts/email/dkim-key.example.ts'
import { mendDkim, parseDkimKey, selectorAt } from '../../../src/formats/dkim/dkim.ts'
import { effectivePolicies, meantDmarc, parseDmarc, rewriteDmarc } from '../../../src/formats/dmarc/dmarc.ts'
import { dmarcRollout } from '../../../src/formats/dmarc/rollout.ts'
import { walkDmarc, walkTargets } from '../../../src/formats/dmarc/tree-walk.ts'
import { parseBimi } from '../../../src/formats/mail/bimi.ts'
import { parseMtaStsPolicy, parseMtaStsRecord, policyAdvice, policyCovers } from '../../../src/formats/mail/mta-sts.ts'
import { meantTlsRpt, parseTlsRpt } from '../../../src/formats/mail/tls-rpt.ts'
import { evaluateSpf, type SpfLookup } from '../../../src/formats/spf/evaluate.ts'
import { neededTerms } from '../../../src/formats/spf/needs.ts'
import { isSpf, nearlySpf, parseSpf } from '../../../src/formats/spf/spf.ts'
import { buildSpfTree, treeLimits } from '../../../src/formats/spf/tree.ts'
import { leastTime } from '../../support/processor-time.ts'

describe('SPF records', () => {
  test('every fault is told, with its position', () => {
    const text = 'v=spf1 ipv4:192.0.2.1 a:192.0.2.2 ip4:192.0.2.300 include: all:x +all ptr/24 -all'
    const { faults, terms } = parseSpf(text)
    expect(faults.map(fault => fault.at)).toEqual([7, 24, 38, 58, 62, 73])
    for (const fault of faults) expect(fault.at).toBeLessThan(text.length)
    // What stands behind the first fault is read all the same.
    expect(terms.map(term => term.text)).toEqual(['+all', '-all'])
  })
  test('a bare carriage return, a tab and Unicode are named for what they are', () => {
    expect(parseSpf('v=spf1 a:x.example.com\rptr -all').faults[0]?.message).toMatch(/0x0d|carriage return/)
    expect(parseSpf('v=spf1 ip4:192.0.2.1\t-all').faults).toHaveLength(1)
    expect(parseSpf('v=spf1 \u00e2\u0080\u0093all').faults[0]?.message).toContain('outside ASCII')
  })
  test('10 kB and 64 kB are read within a moment', () => {
    const long = `v=spf1 ${'ip4:192.0.2.1 '.repeat(720)}-all`
    expect(long.length).toBeGreaterThan(10_000)
    expect(parseSpf(long).terms).toHaveLength(721)
    const read = (): void => {
      for (const piece of ['a/', '%{', 'ip4:', '%', 'a:'.repeat(9), `a:${'x.'.repeat(200)}`])
        parseSpf(`v=spf1 ${piece.repeat(Math.ceil(64_000 / piece.length))}`)
      parseSpf(`v=spf1 ${'x '.repeat(32_000)}`)
    }
    expect(leastTime(1500, read)).toBeLessThan(1500)
  })
  test('what nearly is a record', () => {
    expect(isSpf('v=spf1')).toBe(true)
    expect(nearlySpf('v=spf10 a')?.kind).toBe('version')
    expect(nearlySpf(' v=spf1 -all')?.kind).toBe('leading')
    expect(nearlySpf('\u00ef\u00bb\u00bfv=spf1 -all')?.kind).toBe('leading')
    expect(nearlySpf('v=spf2 include:x.example ~all')?.kind).toBe('version')
    expect(nearlySpf('google-site-verification=abc')).toBeNull()
  })
})

describe('SPF trees and evaluation', () => {
  const from =
    (records: Record<string, string>): SpfLookup =>
    async (name, type) => ({
      ok: true,
      status: records[name] ? 'NOERROR' : 'NXDOMAIN',
      records: type === 'TXT' && records[name] ? [records[name]] : [],
    })
  test('loops end: told in the tree, a permanent error to receivers', async () => {
    const lookup = from({ 'a.example': 'v=spf1 include:b.example -all', 'b.example': 'v=spf1 include:a.example -all' })
    const tree = await buildSpfTree('a.example', lookup)
    expect(tree.root.terms[0]?.node?.terms[0]?.loop).toBe(true)
    expect((await evaluateSpf({ ip: '192.0.2.1', sender: 'x@a.example', helo: 'h.example' }, lookup)).result).toBe(
      'permerror',
    )
  })
  test('an endless chain and an endless fan are cut, and said to be', async () => {
    let asked = 0
    const endless: SpfLookup = async name => {
      asked++
      return {
        ok: true,
        status: 'NOERROR',
        records: [`v=spf1 ${[1, 2, 3].map(n => `include:${n}.${name.slice(0, 60)}`).join(' ')} -all`],
      }
    }
    const tree = await buildSpfTree('x.example', endless)
    expect(tree.truncated).toBe(true)
    expect(asked).toBeLessThanOrEqual(treeLimits.records)
    expect(tree.lookups).toBeGreaterThan(10)
  })
  test('what stands behind all is neither counted nor asked', async () => {
    const tree = await buildSpfTree(
      'a.example',
      from({ 'a.example': 'v=spf1 -all include:b.example redirect=c.example' }),
    )
    expect(tree.lookups).toBe(0)
  })
  test('a failed lookup is not an empty one', async () => {
    const tree = await buildSpfTree('a.example', async (name, type) =>
      name === 'a.example' && type === 'TXT'
        ? { ok: true, status: 'NOERROR', records: ['v=spf1 include:b.example a:c.example -all'] }
        : { ok: false, message: 'timeout' },
    )
    expect(tree.root.terms[0]?.node?.status).toBe('unknown')
    expect(tree.voids).toBe(0)
    expect(tree.unknown.map(item => item.name)).toEqual(['b.example', 'c.example'])
  })
  test('exists: with every macro asks for what RFC 7208 says', async () => {
    const asked: string[] = []
    const lookup: SpfLookup = async (name, type) => {
      asked.push(`${type} ${name}`)
      if (type === 'TXT')
        return {
          ok: true,
          status: 'NOERROR',
          records: ['v=spf1 exists:%{s}.%{l}.%{o}.%{d}.%{i}.%{v}.%{h}.%{p}.%{ir}.%{l1r-}.%{d2}.x.example -all'],
        }
      return { ok: true, status: 'NXDOMAIN', records: [] }
    }
    const { result } = await evaluateSpf(
      { ip: '192.0.2.3', sender: 'strong-bad@email.example.com', helo: 'mx.example.org' },
      lookup,
    )
    expect(result).toBe('fail')
    expect(asked.at(-1)).toBe(
      'A strong-bad@email.example.com.strong-bad.email.example.com.email.example.com.192.0.2.3.in-addr.mx.example.org.unknown.3.2.0.192.strong.example.com.x.example',
    )
    // The static tree cannot know the message: it counts the term and asks nothing.
    const tree = await buildSpfTree('email.example.com', lookup)
    expect(tree.root.terms[0]).toMatchObject({ lookups: 1, target: null, voids: 0 })
  })
})

describe('DMARC records', () => {
  test('the tree walk asks at most eight names', () => {
    expect(walkTargets('a.b.c.d.e.f.g.h.i.j.mail.example.com')).toEqual([
      'a.b.c.d.e.f.g.h.i.j.mail.example.com',
      'g.h.i.j.mail.example.com',
      'h.i.j.mail.example.com',
      'i.j.mail.example.com',
      'j.mail.example.com',
      'mail.example.com',
      'example.com',
      'com',
    ])
    expect(walkTargets('example.com')).toEqual(['example.com', 'com'])
  })
  const walk = (start: string, records: Record<string, string | string[]>) =>
    walkDmarc(start, async name => ({ ok: true, records: [records[name.replace('_dmarc.', '')] ?? []].flat() }))
  test.each([
    [
      'the shortest name with a record',
      'a.mail.example.com',
      { 'mail.example.com': 'v=DMARC1; p=none', 'example.com': 'v=DMARC1; p=reject' },
      'example.com',
      'example.com',
    ],
    [
      'psd=n ends it',
      'a.mail.example.com',
      { 'mail.example.com': 'v=DMARC1; p=none; psd=n', 'example.com': 'v=DMARC1; p=reject' },
      'mail.example.com',
      'mail.example.com',
    ],
    ['one label below psd=y', 'a.mail.example.com', { com: 'v=DMARC1; p=reject; psd=y' }, 'example.com', 'com'],
    ['nothing found: the start', 'a.mail.example.com', {}, 'a.mail.example.com', null],
    [
      'several records at one name are none',
      'example.com',
      { 'example.com': ['v=DMARC1; p=none', 'v=DMARC1; p=reject'] },
      'example.com',
      null,
    ],
    [
      'psd=y at the start itself does not move it',
      'example.com',
      { 'example.com': 'v=DMARC1; p=reject; psd=y' },
      'example.com',
      'example.com',
    ],
  ])('organizational domain: %s', async (_what, start, records, organizational, at) => {
    const found = await walk(start, records as Record<string, string>)
    expect(found.organizational).toBe(organizational)
    expect(found.at).toBe(at)
  })
  test.each([
    ['v=DMARC1; p=reject', 'published', 'reject', 'reject'],
    ['v=DMARC1; p=reject; sp=none', 'published', 'reject', 'none'],
    ['v=DMARC1; p=reject; t=y', 'published', 'quarantine', 'quarantine'],
    ['v=DMARC1', 'none', 'none', 'none'],
    ['v=DMARC1; p=block; rua=mailto:a@b.example', 'none', 'none', 'none'],
    ['v=DMARC1; p=reject; sp=block', 'ignored', 'none', 'none'],
    ['v=dmarc1; p=reject', 'ignored', 'none', 'none'],
    ['p=reject; v=DMARC1', 'ignored', 'none', 'none'],
  ])('%s is %s', (text, effective, domain, subdomains) => {
    const record = parseDmarc(text)
    expect(record.effective).toBe(effective)
    expect(effectivePolicies(record)).toMatchObject({ domain, subdomains })
  })
  test('a repeated tag, an address without mailto, an unknown and a historic tag', () => {
    const record = parseDmarc('v=DMARC1; p=reject; p=none; rua=dmarc@example.com; policy=x; pct=20')
    expect(record.faults.map(fault => fault.at)).toEqual([20, 28])
    expect(record.faults[1]?.message).toContain('mailto:')
    expect(record.unknownTags).toEqual(['policy'])
    expect(record.historicTags).toEqual([{ name: 'pct', value: '20' }])
  })
  test('the roll-out is dated and has no pct', () => {
    const plan = dmarcRollout(
      parseDmarc('v=DMARC1; p=none; pct=50; rua=mailto:a@example.com'),
      'example.com',
      Date.parse('2026-11-25T00:00:00Z'),
    )
    expect(plan.map(step => [step.date, step.record])).toEqual([
      ['2026-11-25', 'v=DMARC1; p=none; rua=mailto:a@example.com'],
      ['2026-12-09', 'v=DMARC1; p=quarantine; rua=mailto:a@example.com'],
      ['2027-01-06', 'v=DMARC1; p=reject; rua=mailto:a@example.com'],
    ])
  })
})

describe('the smaller records', () => {
  test('an MTA-STS wildcard stands for one label', () => {
    const policy = parseMtaStsPolicy(
      'version: STSv1\r\nmode: enforce\r\nmx: *.example.com\r\nmx: mx.example.net\r\nmax_age: 86400\r\n',
    )
    expect(policy.faults).toEqual([])
    expect(policyCovers(policy, 'mx.example.com')).toBe(true)
    expect(policyCovers(policy, 'a.mx.example.com')).toBe(false)
    expect(policyCovers(policy, 'example.com')).toBe(false)
  })
  test('what is missing from a policy is told at once', () =>
    expect(parseMtaStsPolicy('mode: maybe\nmx mx.example.com').faults).toHaveLength(4))
  test('TLS-RPT', () => {
    expect(parseTlsRpt('v=TLSRPTv1; rua=mailto:a@example.com,https://r.example/x').faults).toEqual([])
    expect(parseTlsRpt('v=TLSRPTv1; rua=a@example.com').faults).toHaveLength(1)
    expect(parseTlsRpt('v=TLSRPTv1; rua=mailto:a@example.com?subject=tls').faults).toEqual([])
    expect(meantTlsRpt(parseTlsRpt('v=TLSRPTv1; rua=mailto:a@example.com?subject=tls'), 'x')).toContain('?subject=tls')
    expect(parseTlsRpt('v=TLSRPTv1').faults).toEqual(['rua= is missing'])
    expect(parseTlsRpt('v=TLSRPTv1; rua=mailto:a@example.com; 2.x-note=on').faults).toEqual([])
    expect(parseMtaStsRecord('v=STSv1; id=1; x-note.2=on;').faults).toEqual([])
    expect(parseBimi('v=BIMI1; l=https://example.com/l.svg; lps-next=x').faults).toEqual([])
    expect(parseDkimKey('v=DKIM1; x-note=on; p=').faults).toHaveLength(1)
  })
  test('DKIM keys that cannot be read say why', () => {
    expect(parseDkimKey('v=DKIM1; k=rsa').faults[0]?.message).toContain('p= is missing')
    expect(parseDkimKey('v=DKIM1; k=rsa; p=MIIBIjAN').faults[0]?.message).toContain('cannot be read')
    expect(parseDkimKey('v=DKIM1; k=rsa; p=MIIB"IjAN').faults[0]?.message).toContain('no base64')
    expect(parseDkimKey('v=DKIM1; k=ed25519; p=AAAA').faults[0]?.message).toContain('32 bytes')
    expect(parseDkimKey('k=rsa; v=DKIM1; p=').faults[0]?.message).toContain('first')
  })
})

describe('what SPF needs by the mail servers', () => {
  test.each([
    ['smtp.google.com', ['include:_spf.google.com']],
    ['mx.zoho.com', ['include:zohomail.com']],
    ['inbound-smtp.eu-west-1.amazonaws.com', []],
    ['mx1.improvmx.com', []],
    ['route1.mx.cloudflare.net', []],
  ])('%s', (host, terms) => expect(neededTerms('example.com', 'example.com', [], [host])).toEqual(terms))
})

describe('records as they were meant', () => {
  test.each([
    ['v=DMARC1, p=reject, rua=mailto:a@example.com', 'v=DMARC1; p=reject; rua=mailto:a@example.com'],
    ['v=DMARC1; p=reject, rua=mailto:a@example.com', 'v=DMARC1; p=reject; rua=mailto:a@example.com'],
    ['v=DMARC1 p=quarantine rua=mailto:a@example.com', 'v=DMARC1; p=quarantine; rua=mailto:a@example.com'],
    ['"v=DMARC1\\; p=reject\\; rua=a@example.com"', 'v=DMARC1; p=reject; rua=mailto:a@example.com'],
    [
      'v=DMARC1; p=reject; rua=mailto://a@example.com,mailto:b@example.com',
      'v=DMARC1; p=reject; rua=mailto:a@example.com,mailto:b@example.com',
    ],
    [
      'v=DMARC1; p=reject; rua=mailto:a@example.com,mailto:b@example.com',
      'v=DMARC1; p=reject; rua=mailto:a@example.com,mailto:b@example.com',
    ],
  ])('%s', (text, wanted) => expect(rewriteDmarc(meantDmarc(text), {})).toBe(wanted))

  test('a key with the marks of panels and copying in it is mended; a cut one is not', () => {
    const key = keyText(2048)
    expect(mendDkim(key.replace(/;/g, '\\;'))).toBe(key)
    expect(mendDkim(key.replace('v=DKIM1; ', '').concat('; v=DKIM1'))).toBe(key)
    expect(mendDkim(`${key.slice(0, 200)}" "${key.slice(200)}`)).toBe(key)
    expect(mendDkim(key.slice(0, 200))).toBeNull()
  })

  test('selectors are named bare or whole', () => {
    expect(selectorAt('PM', 'example.com')).toEqual({ selector: 'pm', domain: 'example.com', whole: false })
    expect(selectorAt('k1._domainkey', 'example.com')).toEqual({ selector: 'k1', domain: 'example.com', whole: false })
    expect(selectorAt('k1._domainkey.mg.example.com.', 'example.com')).toEqual({
      selector: 'k1',
      domain: 'mg.example.com',
      whole: true,
    })
  })

  test('the roll-out of a subdomain leaves the policy of its parent alone', () => {
    const parent = parseDmarc('v=DMARC1; p=reject; sp=none; rua=mailto:a@example.com')
    const plan = dmarcRollout(parent, 'app.example.com', Date.parse('2026-11-25T00:00:00Z'), true, 'subdomain')
    expect(plan.map(step => step.record)).toEqual([
      'v=DMARC1; p=reject; sp=none; rua=mailto:a@example.com',
      'v=DMARC1; p=reject; sp=quarantine; rua=mailto:a@example.com',
      'v=DMARC1; p=reject; sp=reject; rua=mailto:a@example.com',
    ])
  })
})

describe('grammar as the standards have it', () => {
  test.each([
    ['V=DMARC1; p=reject', true],
    ['v = DMARC1; p=reject', true],
    ['v=dmarc1; p=reject', false],
    [' v=DMARC1; p=reject', false],
  ])('%s is a DMARC record: %s', (text, is) => expect(parseDmarc(text).isDmarc).toBe(is))
  test('an address with a subject is one to report to', () => {
    const record = parseDmarc('v=DMARC1; p=none; rua=mailto:a@example.com?subject=dmarc!10m')
    expect(record.faults).toEqual([])
    expect(record.rua).toMatchObject([{ valid: true, domain: 'example.com' }])
  })
  test('a policy that is kept for a short time is sound, with advice', () => {
    const policy = parseMtaStsPolicy('version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 3600\n')
    expect(policy.faults).toEqual([])
    expect(policyAdvice(policy)).toContain('3600 seconds')
    expect(policyAdvice({ ...policy, maxAge: 604_800 })).toBeNull()
  })
  test.each([
    ['v=BIMI1; l=https://a.example/l.svg; a=; avp=brand', [], false],
    ['v=BIMI1; l=https://a.example/l.svg; avp=personal', [], false],
    ['v=BIMI1; avp=personal', [], true],
    ['v=BIMI1; l=; a=; avp=personal', [], true],
    ['v=BIMI1; l=https://a.example/l.svg; avp=mine', ['avp= must be brand or personal'], false],
    ['v=BIMI1; a=', ['l= is missing'], false],
  ])('%s', (text, faults, declined) => expect(parseBimi(text)).toMatchObject({ faults, declined }))
})

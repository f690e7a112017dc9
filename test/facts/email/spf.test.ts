// What the SPF record of a name was meant to be: collected with its tree, repaired, and evaluated again for every sender.
import { describe, expect, test } from 'vitest'
import { missing, observed } from '../../../src/core/fact.ts'
import { bareTarget, type TargetSender } from '../../../src/core/target.ts'
import type { CollectContext } from '../../../src/facts/definition.ts'
import spfFact from '../../../src/facts/email/spf.ts'
import { evaluateSpf, type SpfLookup } from '../../../src/formats/spf/evaluate.ts'
import type { SpfOfName } from '../../../src/formats/spf/names.ts'
import { wantedSpf } from '../../../src/formats/spf/wanted.ts'

const domain = 'coachdash.example'
const at = '2026-11-25T00:00:00Z'
const many = Array.from({ length: 13 }, (_, n) => n)

const elsewhere: Record<string, string[]> = {
  ...Object.fromEntries(many.map(n => [`s${n}.example TXT`, [`v=spf1 ip4:198.51.100.${n} -all`]])),
  'big.example TXT': ['v=spf1 include:s10.example include:s11.example include:s12.example ~all'],
  'voids.example TXT': ['v=spf1 ip4:203.0.113.9 a:gone1.example a:gone2.example exists:gone3.example ~all'],
  'empty.example TXT': ['v=spf1 a:gone1.example a:gone2.example a:gone3.example -all'],
  'open.example TXT': ['v=spf1 include:wide.example -all'],
  'wide.example TXT': ['v=spf1 all'],
  'wide.own.example TXT': [`v=spf1 a ${many.map(n => `include:s${n}.example`).join(' ')} -all`],
  'wide.own.example A': ['203.0.113.77'],
  'twelve.example MX': Array.from({ length: 12 }, (_, n) => `10 m${n}.example`),
  ...Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`m${n}.example A`, [`203.0.113.${n}`]])),
}

const zoneOf = (texts: string[]): Record<string, string[]> => ({ ...elsewhere, [`${domain} TXT`]: texts })

const read = async (texts: string[], senders: Partial<TargetSender>[] = []): Promise<SpfOfName> => {
  const zone = zoneOf(texts)
  const lookup = async (name: string, type: string) => {
    const data = zone[`${name} ${type}`] ?? []
    const records = data.map(text => ({ name, type, ttl: 60, data: text, fields: {} }))
    const known = data.length > 0 || Object.keys(zone).some(key => key.startsWith(`${name} `))
    return observed({ status: known ? (data.length ? 'NOERROR' : 'NODATA') : 'NXDOMAIN', records, cnames: [] }, at)
  }
  const target = bareTarget({ domain, senders: senders.map(sender => ({ name: 'Own', dkim: [], ...sender })) })
  const context = { net: { dns: { lookup } }, target, now: () => at, need: async () => missing('internal', '') }
  const fact = await spfFact.collect({ kind: 'domain', name: domain }, context as unknown as CollectContext)
  if (!fact.ok) throw new Error(fact.message)
  return fact.value.names[0] as SpfOfName
}

const repaired = async (texts: string[], senders: Partial<TargetSender>[] = []) => {
  const item = await read(texts, senders)
  const target = bareTarget({ domain, senders: senders.map(sender => ({ name: 'Own', dkim: [], ...sender })) })
  return wantedSpf(item, domain, target, null)
}

const resultOf = async (record: string, ip: string): Promise<string> => {
  const zone = zoneOf([record])
  const lookup: SpfLookup = async (name, type) => {
    const data = zone[`${name} ${type}`] ?? []
    const records = type === 'MX' ? data.map(text => text.split(' ')[1] as string) : data
    return { ok: true, status: data.length ? 'NOERROR' : 'NXDOMAIN', records }
  }
  return (await evaluateSpf({ ip, sender: `a@${domain}`, helo: domain }, lookup)).result
}

test('a modifier that bears the name of a mechanism is read over', async () => {
  const item = await read(['v=spf1 ip4=192.0.2.1 include=s1.example all=no -all'])
  expect(item.tree?.lookups).toBe(0)
  expect(item.repaired?.root.text).toBe('v=spf1 ip4:192.0.2.1 include:s1.example -all')
})

describe('one repair mends everything', () => {
  test('a fault, thirteen lookups, a repeat, ptr and +all; every sender passes, nobody else does', async () => {
    const includes = many.map(n => `include:s${n}.example`).join(' ')
    const wanted = await repaired([`v=spf1 ipv4:192.0.2.7 ${includes} include:s3.example ptr +all`])
    for (const ip of ['192.0.2.7', ...many.map(n => `198.51.100.${n}`)])
      expect(await resultOf(wanted?.record ?? '', ip), `${ip} in ${wanted?.record}`).toBe('pass')
    expect(await resultOf(wanted?.record ?? '', '192.0.2.99')).toBe('softfail')
  })

  test('a sender that is put in is counted: the record stays within ten lookups', async () => {
    const text = `v=spf1 ${many
      .slice(0, 8)
      .map(n => `include:s${n}.example`)
      .join(' ')} -all`
    const wanted = await repaired(
      [text],
      [{ spf: 'big.example' }, ...many.slice(0, 8).map(n => ({ spf: `s${n}.example` }))],
    )
    expect(wanted?.fit.fits).toBe(true)
    for (const ip of many.map(n => `198.51.100.${n}`).filter(ip => !/\.[89]$/.test(ip)))
      expect(await resultOf(wanted?.record ?? '', ip), `${ip} in ${wanted?.record}`).toBe('pass')
  })

  test.each([
    ['v=spf1 include:s1.exampleinclude:s2.example ~all', 'v=spf1 include:s1.example include:s2.example ~all'],
    ['v=spf1 include:s1.example~all', 'v=spf1 include:s1.example ~all'],
    ['v=spf1 include:s1.exampleip4:192.0.2.1-all', 'v=spf1 include:s1.example ip4:192.0.2.1 -all'],
    ['v=spf1 redirect=gone.example', 'v=spf1 ~all'],
    ['v=spf1 -all include:s1.example', 'v=spf1 include:s1.example -all'],
    ['v=spf1 redirect=s1.example ?all', 'v=spf1 include:s1.example ~all'],
    ['v=spf1 include:empty.example include:s1.example -all', 'v=spf1 include:s1.example -all'],
    ['v=spf1 include:open.example include:s1.example -all', 'v=spf1 include:s1.example -all'],
    [' v=spf1 include:s1.example ?all', 'v=spf1 include:s1.example ~all'],
  ])('%j', async (text, record) => {
    expect((await repaired([text]))?.record).toBe(record)
  })

  test('an include with empty names that a sender needs gives way to its networks', async () => {
    const wanted = await repaired(['v=spf1 include:voids.example -all'], [{ spf: 'voids.example' }])
    expect(await resultOf('v=spf1 include:voids.example -all', '203.0.113.200')).toBe('permerror')
    expect(wanted?.fit.voids).toBeLessThanOrEqual(2)
    expect(await resultOf(wanted?.record ?? '', '203.0.113.9')).toBe('pass')
  })

  test('mx with twelve servers becomes their addresses', async () => {
    const wanted = await repaired(['v=spf1 mx:twelve.example -all'])
    expect(await resultOf(wanted?.record ?? '', '203.0.113.11')).toBe('pass')
    expect(wanted?.record).not.toContain('mx')
  })

  test('several records, each with senders of its own, become one within the limit', async () => {
    const half = (from: number, to: number): string =>
      `v=spf1 ${many
        .slice(from, to)
        .map(n => `include:s${n}.example`)
        .join(' ')} -all`
    const wanted = await repaired([half(0, 7), half(7, 13)])
    for (const n of many) expect(await resultOf(wanted?.record ?? '', `198.51.100.${n}`)).toBe('pass')
  })
})

test('a redirect that leads over the limit is written out and made fewer', async () => {
  const wanted = await repaired(['v=spf1 ip4:192.0.2.1 redirect=wide.own.example'])
  expect(wanted?.record).not.toContain('redirect')
  expect(wanted?.fit.fits).toBe(true)
  for (const ip of ['192.0.2.1', '203.0.113.77', ...many.map(n => `198.51.100.${n}`)])
    expect(await resultOf(wanted?.record ?? '', ip), `${ip} in ${wanted?.record}`).toBe('pass')
  expect(await resultOf(wanted?.record ?? '', '192.0.2.99')).toBe('fail')
})

test('a sender that is put in stays, whether its record is there yet or not; a dead include that stood there goes', async () => {
  const sender = [{ spf: 'soon.example' }]
  expect((await repaired(['v=spf1 -all'], sender))?.record).toBe('v=spf1 include:soon.example -all')
  expect((await repaired([], sender))?.record).toBe('v=spf1 include:soon.example ~all')
  expect(
    (await repaired(['v=spf1 include:soon.example include:s1.example -all'], [...sender, { spf: 's1.example' }]))
      ?.record,
  ).toBe('v=spf1 include:s1.example -all')
})

test('a sender that only a far too wide network lets send is put in when that network goes', async () => {
  expect(
    (await repaired(['v=spf1 ip4:0.0.0.0/0 -all'], [{ spf: 's1.example' }, { ips: ['192.0.2.0/28'] }]))?.record,
  ).toBe('v=spf1 include:s1.example ip4:192.0.2.0/28 -all')
  expect((await repaired(['v=spf1 ip4:192.0.2.0/28 -all'], [{ ips: ['192.0.2.0/24'] }]))?.record).toBe(
    'v=spf1 ip4:192.0.2.0/28 ip4:192.0.2.0/24 -all',
  )
})

test('an include whose networks are all written out is there', async () => {
  const sender = [{ spf: 'big.example' }]
  expect((await read(['v=spf1 ip4:198.51.100.0/24 -all'], sender)).covered).toEqual(['include:big.example'])
  expect((await read(['v=spf1 ip4:198.51.100.10 ip4:198.51.100.11 -all'], sender)).covered).toEqual([])
})

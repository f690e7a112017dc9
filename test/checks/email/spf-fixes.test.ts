// Every SPF fix, evaluated again: the new record is well-formed, within ten lookups, and still passes each sender that it shall pass.
import { describe, expect, test } from 'vitest'
import { evaluateSpf, type SpfLookup } from '../../../src/formats/spf/evaluate.ts'
import { fitSpf, mendSpf, splitSpf } from '../../../src/formats/spf/repair.ts'
import { addToSpf, mergeSpf, parseSpf } from '../../../src/formats/spf/spf.ts'
import { buildSpfTree } from '../../../src/formats/spf/tree.ts'

const world: Record<string, string[]> = {
  'google.example': ['v=spf1 include:n1.google.example include:n2.google.example include:n3.google.example ~all'],
  'n1.google.example': ['v=spf1 ip4:198.51.100.0/26 ~all'],
  'n2.google.example': ['v=spf1 ip6:2001:db8:1::/64 ~all'],
  'n3.google.example': ['v=spf1 ip4:198.51.100.64/26 ~all'],
  'pm.example': ['v=spf1 ip4:203.0.113.0/26 ~all'],
  'shop.example': [
    'v=spf1 include:s1.shop.example include:s2.shop.example include:s3.shop.example include:s4.shop.example ~all',
  ],
  ...Object.fromEntries([1, 2, 3, 4].map(n => [`s${n}.shop.example`, [`v=spf1 ip4:203.0.113.${64 + n} ~all`]])),
}
const lookupWith =
  (own: string): SpfLookup =>
  async (name, type) => {
    const texts = name === 'coachdash.example' ? [own] : (world[name] ?? [])
    if (type === 'A')
      return { ok: true, status: 'NOERROR', records: name === 'web.coachdash.example' ? ['192.0.2.10'] : [] }
    return { ok: true, status: texts.length ? 'NOERROR' : 'NXDOMAIN', records: type === 'TXT' ? texts : [] }
  }
const resultOf = async (record: string, ip: string) =>
  (await evaluateSpf({ ip, sender: 'a@coachdash.example', helo: 'mail.coachdash.example' }, lookupWith(record))).result

describe('a record over the limit', () => {
  const text =
    'v=spf1 a:web.coachdash.example include:google.example include:shop.example include:pm.example include:gone.example include:pm.example ptr -all'
  test('is brought under it, and every sender that stays still passes', async () => {
    expect(await resultOf(text, '203.0.113.1')).toBe('permerror')
    const tree = await buildSpfTree('coachdash.example', lookupWith(text))
    expect(tree.lookups).toBeGreaterThan(10)
    const fit = fitSpf(tree, { limit: 10, keep: () => true, droppable: () => null })
    expect(fit.fits).toBe(true)
    expect((await buildSpfTree('coachdash.example', lookupWith(fit.record))).lookups).toBeLessThanOrEqual(10)
    for (const ip of [
      '192.0.2.10',
      '198.51.100.1',
      '198.51.100.65',
      '203.0.113.1',
      '203.0.113.65',
      '203.0.113.68',
      '2001:db8:1::5',
    ])
      expect(await resultOf(fit.record, ip), `${ip} in ${fit.record}`).toBe('pass')
    expect(await resultOf(fit.record, '192.0.2.99')).toBe('fail')
  })
  test('loses what the caller knows to be needless first', async () => {
    const tree = await buildSpfTree('coachdash.example', lookupWith(text))
    const fit = fitSpf(tree, {
      limit: 8,
      keep: name => name !== 'shop.example',
      droppable: name => (name === 'shop.example' ? 'nobody uses it' : null),
    })
    expect(fit.record).not.toContain('shop.example')
    expect(fit.flattened).toBe(false)
    expect(await resultOf(fit.record, '203.0.113.1')).toBe('pass')
  })
})

describe('two records', () => {
  test('are put together, doubled terms once, the softer end kept', async () => {
    const merged = mergeSpf([
      'v=spf1 include:pm.example ip4:192.0.2.1 ~all',
      'v=spf1 +include:pm.example ip4:192.0.2.1/32 ip4:192.0.2.2 -all',
    ])
    expect(merged).toBe('v=spf1 include:pm.example ip4:192.0.2.1 ip4:192.0.2.2 ~all')
    expect(await resultOf(merged, '192.0.2.2')).toBe('pass')
  })
  test('stay strict where each is', () =>
    expect(mergeSpf(['v=spf1 ip4:192.0.2.1 -all', 'v=spf1 ip4:192.0.2.2 -all'])).toBe(
      'v=spf1 ip4:192.0.2.1 ip4:192.0.2.2 -all',
    ))
  test('a redirect beside another record becomes an include', () =>
    expect(mergeSpf(['v=spf1 redirect=pm.example', 'v=spf1 ip4:192.0.2.1 -all'])).toBe(
      'v=spf1 ip4:192.0.2.1 include:pm.example ~all',
    ))
})

describe('mending', () => {
  test.each([
    ['v=spf1 ipv4:192.0.2.1 -all', 'v=spf1 ip4:192.0.2.1 -all'],
    ['v=spf1 a:192.0.2.1 -all', 'v=spf1 ip4:192.0.2.1 -all'],
    ['v=spf1 include=pm.example -all', 'v=spf1 include:pm.example -all'],
    ['v=spf1\tip4:192.0.2.1\r\n -all', 'v=spf1 ip4:192.0.2.1 -all'],
    [' "v=spf1 ip4:192.0.2.1 -all"', 'v=spf1 ip4:192.0.2.1 -all'],
    ['v=spf1 redirect:pm.example', 'v=spf1 redirect=pm.example'],
    ['v=spf1, ip4:192.0.2.1, -all', 'v=spf1 ip4:192.0.2.1 -all'],
    ['v=spf1 ip4:192.0.2.1 \u00e2\u0080\u0093all', 'v=spf1 ip4:192.0.2.1 -all'],
    ['v=spf1 ip4:192.0.2.1 \u00a0all.', 'v=spf1 ip4:192.0.2.1 ~all'],
    ['v=spf1 nonsense ip4:192.0.2.1', 'v=spf1 ip4:192.0.2.1 ~all'],
  ])('%j', (broken, wanted) => {
    const mended = mendSpf(broken)
    expect(mended).toBe(wanted)
    expect(parseSpf(mended).faults).toEqual([])
  })
})

test('a sender is added before the end, once', () => {
  expect(addToSpf('v=spf1 ip4:192.0.2.1 -all', ['include:pm.example'])).toBe(
    'v=spf1 ip4:192.0.2.1 include:pm.example -all',
  )
  expect(addToSpf('v=spf1 include:pm.example -all', ['include:pm.example'])).toBe('v=spf1 include:pm.example -all')
  expect(addToSpf('v=spf1 redirect=pm.example', ['ip4:192.0.2.1'])).toBe('v=spf1 ip4:192.0.2.1 redirect=pm.example')
})

test('a record too long for one packet is cut in several that say the same', async () => {
  const text = `v=spf1 include:pm.example ${Array.from({ length: 40 }, (_, at) => `ip4:192.0.2.${at}`).join(' ')} -all`
  const split = splitSpf(text, 'coachdash.example')
  expect(split).not.toBeNull()
  expect(split?.parts.map(part => part.name)).toEqual(['_spf.coachdash.example', '_spf2.coachdash.example'])
  for (const part of split?.parts ?? []) {
    expect(part.text.length).toBeLessThanOrEqual(450)
    world[part.name] = [part.text]
  }
  expect(await resultOf(split?.root ?? '', '192.0.2.39')).toBe('pass')
  expect(await resultOf(split?.root ?? '', '203.0.113.1')).toBe('pass')
  expect(await resultOf(split?.root ?? '', '192.0.2.200')).toBe('fail')
})

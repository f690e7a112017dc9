// Which certificates in use could not be issued again, and which records do not mean what they look like.
import { describe, expect, it } from 'vitest'
import {
  authoritiesInUse,
  type CaaSetLike,
  caaText,
  isOwnName,
  malformedRecords,
  refusals,
} from '../../../src/formats/dns/caa-renewal.ts'

const set = (value: string, more: Partial<CaaSetLike> & { tag?: string; flags?: number } = {}): CaaSetLike => ({
  host: 'example.com',
  found: 'example.com',
  records: [{ flags: more.flags ?? 0, tag: more.tag ?? 'issue', value }],
  issuer: "Let's Encrypt",
  wildcard: false,
  ...more,
})

describe('refusals', () => {
  it.each<[string, CaaSetLike, { wanted: string[]; remove: string[] } | null]>([
    ['named', set('letsencrypt.org'), null],
    ['another is named', set('digicert.com'), { wanted: ['0 issue "letsencrypt.org"'], remove: [] }],
    [
      'a wildcard that only issuewild decides',
      set(';', { tag: 'issuewild', wildcard: true }),
      { wanted: ['0 issuewild "letsencrypt.org"'], remove: [] },
    ],
    [
      'a critical record that nobody knows',
      set('x', { tag: 'tbs', flags: 128 }),
      { wanted: ['0 issue "letsencrypt.org"'], remove: ['128 tbs "x"'] },
    ],
    ['nobody may, the authority not known', set(';', { issuer: 'House' }), { wanted: [], remove: ['0 issue ";"'] }],
    ['another is named, the authority not known', set('digicert.com', { issuer: 'House' }), null],
    ['no records at all', set('digicert.com', { found: null }), null],
    ['no certificate in use', set('digicert.com', { issuer: null }), null],
  ])('%s', (_, given, expected) => {
    expect(refusals([given]).map(({ wanted, remove }) => ({ wanted, remove }))).toEqual(expected ? [expected] : [])
  })

  it('hosts that one record set decides for are one refusal', () => {
    const [refusal, ...others] = refusals(['example.com', 'www.example.com'].map(host => set('digicert.com', { host })))
    expect(others).toEqual([])
    expect(refusal?.certificates.map(each => each.host)).toEqual(['example.com', 'www.example.com'])
  })
})

it('a malformed record is told once for all hosts that share it', () => {
  const sets = ['example.com', 'www.example.com'].map(host => set('https://letsencrypt.org', { host }))
  expect(malformedRecords(sets).map(({ name, record }) => [name, record])).toEqual([
    ['example.com', '0 issue "https://letsencrypt.org"'],
  ])
})

it('authorities in use are those whose domain is known, each once', () => {
  const sets = [set('x'), set('x', { host: 'a' }), set('x', { issuer: 'House' }), set('x', { issuer: null })]
  expect(authoritiesInUse(sets).map(each => each.name)).toEqual(["Let's Encrypt"])
})

it.each([
  ['example.com', 'example.com', true],
  ['app.example.com', 'example.com', true],
  ['com', 'example.com', true],
  ['host.example.net', 'example.com', false],
])('records at %s are %s’s own: %s', (name, domain, own) => expect(isOwnName(name, domain)).toBe(own))

it('a record in presentation format', () =>
  expect(caaText({ flags: 128, tag: 'issue', value: 'a.example' })).toBe('128 issue "a.example"'))

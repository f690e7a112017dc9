import { expect, it } from 'vitest'
import { transparencyNamesIn } from '../../../src/formats/dns/transparency.ts'

it.each<[string, unknown, string[] | null]>([
  [
    'crt.sh',
    [{ name_value: 'app.example.com\n*.example.com', common_name: 'App.example.com' }],
    ['*.example.com', 'app.example.com'],
  ],
  ['Cert Spotter', [{ id: '1', dns_names: ['b.example.com', 'a.example.com'] }], ['a.example.com', 'b.example.com']],
  ['no certificate', [], []],
  ['rows of another shape', [null, 'x', { dns_names: [1, {}] }, { name_value: 7 }], []],
  ['an error', { code: 'rate_limited' }, null],
])('names in the answer of %s', (_, body, expected) =>
  expect(transparencyNamesIn(JSON.stringify(body))).toEqual(expected),
)

it('a page in the place of an answer', () => expect(transparencyNamesIn('<html>502')).toBe(null))

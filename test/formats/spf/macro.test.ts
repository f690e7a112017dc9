// Macros of RFC 7208 §7.4, its own examples among them.
import { expect, it } from 'vitest'
import { expandMacros, fitName, isQueryable, parseMacroString } from '../../../src/formats/spf/macro.ts'

const values = {
  s: 'strong-bad@email.example.com',
  l: 'strong-bad',
  o: 'email.example.com',
  d: 'email.example.com',
  i: '192.0.2.3',
  h: 'mail.example.com',
  v: 'in-addr',
  c: '192.0.2.3',
  r: 'mx.example.org',
  t: '0',
  p: async () => 'mx.example.org',
}

it.each([
  ['%{s}', 'strong-bad@email.example.com'],
  ['%{o}', 'email.example.com'],
  ['%{d4}', 'email.example.com'],
  ['%{d2}', 'example.com'],
  ['%{d1}', 'com'],
  ['%{dr}', 'com.example.email'],
  ['%{d2r}', 'example.email'],
  ['%{l-}', 'strong.bad'],
  ['%{lr-}', 'bad.strong'],
  ['%{ir}.%{v}._spf.%{d2}', '3.2.0.192.in-addr._spf.example.com'],
  ['%%-%_', '%- '],
])('%s', async (text, expanded) => {
  const { parts, fault } = parseMacroString(text, 'domain')
  expect(fault).toBeNull()
  expect(await expandMacros(parts, values)).toBe(expanded)
})

it.each(['%{', '%{z}', '%x', '%'])('%s is no macro', text =>
  expect(parseMacroString(text, 'domain').fault).not.toBeNull(),
)

it('a name too long loses labels from the left', () => {
  const long = `${'a'.repeat(60)}.`.repeat(5)
  expect(fitName(`${long}example.com`).length).toBeLessThanOrEqual(253)
  expect(fitName(`${long}example.com`).endsWith('example.com')).toBe(true)
  expect(isQueryable('a..b')).toBe(false)
  expect(isQueryable('example.com')).toBe(true)
})

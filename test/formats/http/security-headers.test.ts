import { expect, it } from 'vitest'
import { contradictingHeaders, firstWord } from '../../../src/formats/http/security-headers.ts'

const lines = (name: string, ...values: string[]) => ({
  headers: values.map((value): [string, string] => [name, value]),
})

it.each([
  ['x-frame-options', ['DENY', 'SAMEORIGIN'], ['deny', 'sameorigin']],
  ['x-frame-options', ['DENY, SAMEORIGIN'], ['deny', 'sameorigin']],
  ['x-frame-options', ['DENY', 'deny'], null],
  ['referrer-policy', ['no-referrer, origin'], null],
  ['referrer-policy', ['no-referrer', 'origin'], ['no-referrer', 'origin']],
  ['x-content-type-options', ['nosniff', 'nosniff'], null],
  ['server', ['a', 'b'], null],
])('%s %j contradicts itself: %j', (name, values, expected) =>
  expect(contradictingHeaders(lines(name, ...values))).toEqual(expected ? [{ name, values: expected }] : []),
)

it.each([
  [[], ''],
  [[' NoSniff '], 'nosniff'],
  [['nosniff, x'], 'nosniff'],
  [['x', 'nosniff'], 'x'],
])('the first word of %j is %j', (values, word) => expect(firstWord(values)).toBe(word))

// JSON with comments and trailing commas, and what is none.
import { describe, expect, it } from 'vitest'
import { parseJsonc } from '../../../src/formats/repo/jsonc.ts'

describe('parseJsonc', () => {
  it.each<[string, unknown]>([
    ['{ // a\n "url": "http://x", /* b */ "list": [1,], }', { url: 'http://x', list: [1] }],
    ['{"a": "/* no comment */, }"}', { a: '/* no comment */, }' }],
    ['\ufeff{"a": 1,\n// last\n}', { a: 1 }],
    ['["a\\"//b", 2]', ['a"//b', 2]],
    ['// alone\n12', 12],
  ])('%j', (text, value) => {
    expect(parseJsonc(text)).toEqual(value)
  })

  it('keeps __proto__ a field', () => {
    const value = parseJsonc('{"__proto__": {"shared": true}}') as Record<string, unknown>
    expect(Object.keys(value)).toEqual(['__proto__'])
    expect(value['shared']).toBeUndefined()
  })

  it.each(['', '{"a": 1', '[1,,2]', '{"a" 1}', 'tru e', '{"a": "x\ny"}', '/* open', '"\\q"', '{a: 1}'])(
    '%j is none',
    text => {
      expect(() => parseJsonc(text)).toThrow(SyntaxError)
    },
  )

  it('bounds no depth', () => {
    expect(() => parseJsonc('['.repeat(100_000) + ']'.repeat(100_000))).not.toThrow()
  })
})

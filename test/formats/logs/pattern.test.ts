// Patterns of a config match the lines that RegExp would match, in time linear in the line.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compilePattern } from '../../../src/formats/logs/pattern.ts'

const matches = (pattern: string, line: string): boolean => {
  const compiled = compilePattern(pattern)
  if ('problem' in compiled) throw new Error(`${pattern}: ${compiled.problem}`)
  return compiled.pattern.test(line)
}

describe('a pattern of a config', () => {
  it.each([
    ['level":50|ERROR', '{"level":50}', true],
    ['level":50|ERROR', '{"level":30}', false],
    ['^ERROR', 'an ERROR', false],
    ['\\berror\\b', 'terrors', false],
    ['\\berror\\b', 'an error.', true],
    ['(?i)error', 'ErRoR', true],
    ['status=5\\d{2}$', 'GET / status=503', true],
    ['status=5\\d{2}$', 'status=5034', false],
    ['[^\\w\\s]{3,}', 'a ?! b', false],
    ['a{2,3}b', 'xaaab', true],
    ['(?<name>fatal|panic):', 'go panic: nil', true],
    ['', '', true],
    ['ungültig', 'Wert ungültig', true],
    ['\\u00fc', 'ü', true],
    ['(?:)+x', 'x', true],
    ['{', 'a {', true],
  ])('%s on %j', (pattern, line, expected) => {
    expect(matches(pattern, line)).toBe(expected)
  })

  it.each([
    ['(?=a)', 'look-around'],
    ['(a)\\1', 'back-references'],
    ['(a', 'not closed'],
    ['a)', 'has no ('],
    ['[a', 'not closed'],
    ['*a', 'nothing to repeat'],
    ['a**', 'follow each other'],
    ['a{3,1}', 'backwards'],
    ['(a{90}){90}', 'too large'],
    ['a{5000}', '100 times'],
    ['('.repeat(100), 'groups'],
    ['a\\', 'backslash'],
    ['[z-a]', 'backwards'],
  ])('%s is refused', (pattern, why) => {
    expect(compilePattern(pattern)).toEqual({ problem: expect.stringContaining(why) })
  })

  const piece = fc.oneof(
    fc.constantFrom('a', 'b', 'c', '.', '\\d', '\\w', '\\s', '\\W', '[ab]', '[^a]', '[a-c1]', '\\.', '1', ' '),
    fc.constantFrom('^', '$', '\\b', '\\B'),
  )
  const { pattern } = fc.letrec(tie => ({
    pattern: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      piece,
      fc.array(tie('pattern'), { minLength: 1, maxLength: 3 }).map(parts => parts.join('')),
      fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => `(?:${a}|${b})`),
      fc
        .tuple(tie('pattern'), fc.constantFrom('*', '+', '?', '{2}', '{0,2}', '{1,}', '*?'))
        .map(([part, times]) => `(?:${part})${times}`),
    ),
  }))

  it('says what RegExp says', () => {
    fc.assert(
      fc.property(
        pattern,
        fc.string({ unit: fc.constantFrom('a', 'b', 'c', '1', ' ', '.', '\n', 'ü'), maxLength: 12 }),
        (source, line) => {
          expect(matches(source as string, line)).toBe(new RegExp(source as string).test(line))
        },
      ),
      { numRuns: 3_000 },
    )
  })

  it.each(['(a+)+$', '(a|a)*b', '(a*)*b', 'a*a*a*a*a*b', '(?:a|aa)+$', '(.*)(.*)(.*)x', '(a|b)*a(a|b){50}z'])(
    '%s takes a line of a million signs in linear time',
    source => {
      const begun = process.cpuUsage()
      expect(matches(source, `${'a'.repeat(1_000_000)}!`)).toBe(false)
      expect(process.cpuUsage(begun).user / 1000).toBeLessThan(2_000)
    },
  )
})

import { describe, expect, it } from 'vitest'
import { matchesGlob, simpleRegExp, takesName } from '../../src/formats/glob.ts'

describe('matchesGlob', () => {
  it.each([
    ['main', 'main', true],
    ['main', 'main2', false],
    ['release/*', 'release/1', true],
    ['release/*', 'release/1/2', false],
    ['release/**', 'release/1/2', true],
    ['**', 'a/b', true],
    ['**/a', 'a', true],
    ['**/a', 'x/y/a', true],
    ['**/a', 'xa', false],
    ['a/**/b', 'a/b', true],
    ['a/**/b', 'a/x/y/b', true],
    ['a/**/b', 'a/xb', false],
    ['*.md', 'README.md', true],
    ['*.md', 'docs/README.md', false],
    ['v?.?', 'v1.2', true],
    ['v?', 'v/', false],
    ['node_modules', 'node_modules', true],
    ['node_modules/**', 'node_modules/a/b.js', true],
    ['a.b', 'axb', false],
    ['\\*', '*', true],
    ['\\*', 'a', false],
  ])('%s takes %s: %s', (pattern, text, expected) => expect(matchesGlob(pattern, text)).toBe(expected))

  it('answers at once, whatever the pattern', () => {
    const begun = process.cpuUsage()
    expect(matchesGlob(`${'*a'.repeat(200)}b`, 'a'.repeat(4000))).toBe(false)
    expect(matchesGlob(`${'**/'.repeat(150)}b`, 'a/'.repeat(2000))).toBe(false)
    expect(matchesGlob('*'.repeat(1000), 'a')).toBe(false)
    const { user, system } = process.cpuUsage(begun)
    expect((user + system) / 1000).toBeLessThan(5000)
  })
})

describe('expressions of strangers', () => {
  it.each(['^main$', '^v\\d+\\.\\d+$', '^(main|master)$', '^release-.*$'])('%s is tried', source =>
    expect(simpleRegExp(source)).not.toBeNull(),
  )
  it.each(['^(a+)+$', '(a|aa)*b', '(.*)*', 'a*a*a*a*b', '(a{1,9}){9}', '(?=a)b', '(a)\\1', '(', 'a'.repeat(300)])(
    '%s is not',
    source => expect(simpleRegExp(source)).toBeNull(),
  )
  it('takes a name', () => {
    expect(takesName('^release-.*$', 'release-1')).toBe(true)
    expect(takesName('^release-.*$', 'main')).toBe(false)
    expect(takesName('.*', 'a'.repeat(1000))).toBe(false)
  })
})

// Which folders hold what is not shipped: one table, and what each reader leaves out of it.
import { describe, expect, it } from 'vitest'
import { isRecord } from '../../src/formats/is-record.ts'
import { isAside, isAsideOrManual, isNoCode, isNoPackage, isUnshipped, liesIn } from '../../src/formats/shipped.ts'

/** Path → of aside, unshipped, aside or manual, no package, no code: those that hold. */
const cases: [string, string][] = [
  ['src/server.ts', ''],
  ['app/api/route.ts', ''],
  ['examples', ''],
  ['contest/a.ts', ''],
  ['latest/a.ts', ''],
  ['node_modules/x/a.js', 'aside unshipped manual package code'],
  ['vendor/a.rb', 'aside unshipped manual package code'],
  ['packages/a/fixtures/b.json', 'aside unshipped manual package code'],
  ['testdata/a.sql', 'aside unshipped manual package code'],
  ['examples/next/package.json', 'aside unshipped manual package code'],
  ['demo/package.json', 'aside unshipped manual package code'],
  ['templates/app/package.json', 'aside unshipped manual package'],
  ['test/a.test.ts', 'unshipped package code'],
  ['spec/models/a_spec.rb', 'unshipped package code'],
  ['e2e/package.json', 'unshipped package code'],
  ['docs/.nvmrc', 'manual package code'],
  ['dist/server.js', 'code'],
  ['.github/workflows/ci.yml', 'package code'],
  ['Tests/a.php', ''],
]

describe('folders that are not shipped', () => {
  it.each(cases)('%s: %s', (path, expected) => {
    const held = [
      ['aside', isAside],
      ['unshipped', isUnshipped],
      ['manual', isAsideOrManual],
      ['package', isNoPackage],
      ['code', isNoCode],
    ] as const
    expect(held.flatMap(([name, test]) => (test(path) ? [name] : [])).join(' ')).toBe(expected)
  })

  it('takes names as they are written unless any case is asked for', () => {
    expect(liesIn(['tests'], { anyCase: true })('Tests/a.php')).toBe(true)
    expect(liesIn(['testSupport'])('vcr_cassettes/a.yml')).toBe(true)
    expect(liesIn(['testSupport'])('test-data/a.json')).toBe(true)
    expect(liesIn(['builds'])('tests/a')).toBe(false)
  })
})

describe('isRecord', () => {
  it.each([
    [{}, true],
    [{ a: 1 }, true],
    [[], false],
    [null, false],
    ['a', false],
    [undefined, false],
  ])('%o: %s', (value, expected) => {
    expect(isRecord(value)).toBe(expected)
  })
})

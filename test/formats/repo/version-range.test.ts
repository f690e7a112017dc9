import { describe, expect, it } from 'vitest'
import { cvssScore } from '../../../src/formats/repo/cvss.ts'
import { readPins } from '../../../src/formats/repo/version-pins.ts'
import {
  compareVersions,
  highest,
  lowest,
  parseRange,
  parseVersion,
  type RangeDialect,
  rangesMeet,
  satisfies,
} from '../../../src/formats/repo/version-range.ts'

const within = (version: string, range: string, dialect: RangeDialect = 'npm'): boolean =>
  satisfies(parseVersion(version)!, parseRange(range, dialect)!)

describe('version ranges', () => {
  it.each<[string, string, RangeDialect, boolean]>([
    ['1.2.3', '^1.2.0', 'npm', true],
    ['2.0.0', '^1.2.0', 'npm', false],
    ['0.2.9', '^0.2.3', 'npm', true],
    ['0.3.0', '^0.2.3', 'npm', false],
    ['1.2.9', '~1.2.3', 'npm', true],
    ['1.3.0', '~1.2.3', 'npm', false],
    ['1.9.0', '1.x', 'npm', true],
    ['20.11.1', '20', 'npm', true],
    ['2.5.0', '1 || >=2.4 <3', 'npm', true],
    ['1.5.0', '1.2 - 1.6', 'npm', true],
    ['0.0.9', '^0.0', 'npm', true],
    ['0.1.0', '^0.0', 'npm', false],
    ['0.0.3', '^0.0.3', 'npm', true],
    ['0.0.4', '^0.0.3', 'npm', false],
    ['0.9.0', '^0', 'npm', true],
    ['1.0.0', '^0', 'npm', false],
    ['1.0.0-rc.10', '>=1.0.0-rc.9', 'npm', true],
    ['1.0.0-rc.9', '>=1.0.0-rc.10', 'npm', false],
    ['2.0.0-rc.1', '^1.2.0', 'npm', false],
    ['1.6.9', '1.2 - 1.6', 'npm', true],
    ['4.2.7', '>=4.2,<5', 'npm', true],
    ['5.0.0', '>=4.2,<5', 'npm', false],
    ['0.0.9', '^0.0', 'composer', true],
    ['0.1.0', '^0.0', 'composer', false],
    ['0.0.4', '^0.0.3', 'composer', false],
    ['5.0rc10', '>5.0rc9', 'python', true],
    ['1.0.0', '>1', 'npm', false],
    ['2.0.0', '>1', 'npm', true],
    ['3.3.9', '~> 3.3', 'ruby', true],
    ['4.0.0', '~> 3.3', 'ruby', false],
    ['3.3.9', '~> 3.3.1', 'ruby', true],
    ['3.4.0', '~> 3.3.1', 'ruby', false],
    ['3.13.1', '>=3.12,<3.14', 'python', true],
    ['3.14.0', '>=3.12,<3.14', 'python', false],
    ['3.12.4', '~=3.12.1', 'python', true],
    ['5.2.0', '!=5.2.0,>=5', 'python', false],
    ['1.9.0.post1', '~1.9.0', 'npm', true],
    ['1.9.0.post1', '>=1.9,<2', 'python', true],
    ['8.4.1', '^8.1|^9.0', 'composer', true],
    ['8.4.1', '~8.1', 'composer', true],
    ['9.0.0', '~8.1', 'composer', false],
    ['0.12.1-alpha', '^0.12.1@alpha', 'composer', true],
    ['2.0.0-beta1', '<2.0', 'composer', false],
    ['1.2.0-RC1', '>=1.2', 'composer', true],
    ['1.2.0-RC1', '1.2.0', 'composer', false],
  ])('%s in %s (%s): %s', (version, range, dialect, inside) => {
    expect(within(version, range, dialect)).toBe(inside)
  })

  it('knows what is no range, where ranges meet, and where they begin and end', () => {
    for (const text of ['workspace:*', 'github:a/b', 'next', 'file:../x', 'x'.repeat(600)])
      expect(parseRange(text)).toBeNull()
    expect(rangesMeet(parseRange('>=18')!, parseRange('^20')!)).toBe(true)
    expect(rangesMeet(parseRange('<20')!, parseRange('^20')!)).toBe(false)
    expect(lowest(parseRange('^20 || ^18')!)).toMatchObject({ major: 18 })
    expect(highest(parseRange('>=18')!)).toBeNull()
  })
})

describe('versions', () => {
  it.each<[string, string, number]>([
    ['1.2.3', '1.2.3', 0],
    ['1.2.3', '1.2.4', -1],
    ['1.10.0', '1.9.0', 1],
    ['1.0.0-rc.9', '1.0.0-rc.10', -1],
    ['1.0.0-rc.10', '1.0.0', -1],
    ['1.0.0-alpha.1', '1.0.0-alpha.beta', -1],
    ['1.0.0-beta.11', '1.0.0-beta.2', 1],
    ['1.0.0-1', '1.0.0-beta', -1],
    ['5.0rc9', '5.0rc10', -1],
    ['8.0.0.beta2', '8.0.0.rc1', -1],
  ])('%s against %s: %s', (a, b, order) => {
    expect(compareVersions(parseVersion(a)!, parseVersion(b)!)).toBe(order)
    expect(compareVersions(parseVersion(b)!, parseVersion(a)!)).toBe(order === 0 ? 0 : -order)
  })
})

describe('version pins', () => {
  const pins = (file: string, text: string) =>
    readPins(file, text).map(({ runtime, line, values, role }) => `${runtime} ${line} ${values.join('|')} ${role}`)
  it('are read from version files, manifests, pipelines and platform files', () => {
    expect(pins('.nvmrc', 'v22.11.0\n')).toEqual(['node 1 v22.11.0 pin'].map(text => text.replace('v22', '22')))
    expect(pins('.tool-versions', 'nodejs 22.1.0\nruby 3.4.1\nterraform 1\n')).toEqual([
      'node 1 22.1.0 pin',
      'ruby 2 3.4.1 pin',
    ])
    expect(pins('.mise.toml', '[tools]\nnode = "24"\npython = "3.13"\n')).toEqual([
      'node 2 24 pin',
      'python 3 3.13 pin',
    ])
    expect(pins('package.json', '{\n  "engines": { "node": ">=22" }\n}')).toEqual(['node 2 >=22 range'])
    expect(pins('pyproject.toml', '[project]\nrequires-python = ">=3.12"\n')).toEqual(['python 2 >=3.12 range'])
    expect(pins('runtime.txt', 'python-3.12.4\n')).toEqual(['python 1 3.12.4 pin'])
    expect(pins('Gemfile', 'source "x"\nruby "3.4.1"\n')).toEqual(['ruby 2 3.4.1 pin'])
    expect(pins('go.mod', 'module x\n\ngo 1.26\n')).toEqual(['go 3 1.26 minimum'])
    expect(pins('composer.json', '{"require":{"php":"^8.4"}}')).toEqual(['php 1 ^8.4 range'])
    expect(pins('app.yaml', 'runtime: python313\n')).toEqual(['python 1 3.13 pin'])
    expect(pins('render.yaml', 'envVars:\n  - key: NODE_VERSION\n    value: 22.1.0\n')).toEqual(['node 2 22.1.0 pin'])
    expect(
      pins(
        '.github/workflows/ci.yml',
        'a:\n  node-version: [22, 24]\n  python-version: "3.13"\n  node-version: ${{ matrix.node }}\n  image: node:24-alpine\n',
      ),
    ).toEqual(['node 2 22|24 pipeline', 'python 3 3.13 pipeline', 'node 5 24 pipeline'])
    expect(pins('package.json', '{ broken')).toEqual([])
  })
})

describe('CVSS', () => {
  it.each<[string, number | null]>([
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', 9.8],
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H', 10],
    ['CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N', 6.1],
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H', 7.5],
    ['CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:N/I:N/A:N', 0],
    ['CVSS:4.0/AV:N', null],
    ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', 9.3],
    ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H', 10],
    ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:U', 9.3],
    ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:H/SC:N/SI:N/SA:N', 8.7],
    ['CVSS:4.0/AV:L/AC:H/AT:N/PR:H/UI:A/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N', 0],
    ['CVSS:4.0/AV:Q/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', null],
    ['CVSS:5.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', null],
    ['AV:N/AC:L/Au:N/C:P/I:P/A:P', 7.5],
    [`CVSS:4.0/${'AV:N/'.repeat(1000)}`, null],
    ['nonsense', null],
  ])('%s → %s', (vector, score) => {
    expect(cvssScore(vector)).toBe(score)
  })
})

import { describe, expect, it } from 'vitest'
import { classifyValue, environmentOf, isEnvironmentFile, parseDotenv } from '../../../src/formats/repo/dotenv.ts'
import { makeUp } from '../../support/made-up-secrets.ts'
import { processorTime } from '../../support/processor-time.ts'

describe('files that name variables', () => {
  it.each(['.env.example', 'env.sample', '.backend_env.example', 'shop-env.dist', '.env.example.docker'])('%s', name =>
    expect(isEnvironmentFile(name)).toBe(true),
  )
  it.each(['environment.example', 'env.ts', 'env.example.ts'])('not %s', name =>
    expect(isEnvironmentFile(name)).toBe(false),
  )
})

describe('parseDotenv', () => {
  it.each<[string, string, [string, string][]]>([
    [
      'plain',
      'A=1\nB = two words \n',
      [
        ['A', '1'],
        ['B', 'two words'],
      ],
    ],
    [
      'export and colon',
      'export A=1\nB: 2\n',
      [
        ['A', '1'],
        ['B', '2'],
      ],
    ],
    [
      'quotes of every kind',
      `A="x y"\nB='a"b'\nC=\`it's\`\n`,
      [
        ['A', 'x y'],
        ['B', 'a"b'],
        ['C', "it's"],
      ],
    ],
    [
      'escapes in double quotes alone',
      'A="a\\nb\\"c"\nB=\'a\\nb\'',
      [
        ['A', 'a\nb"c'],
        ['B', 'a\\nb'],
      ],
    ],
    [
      'a backslash before the closing quote, which protects it in double quotes alone',
      'A=\'C:\\dir\\\'\nB=`a\\`\nC="a\\"\nD=2"\nE=3',
      [
        ['A', 'C:\\dir\\'],
        ['B', 'a\\'],
        ['C', 'a"\nD=2'],
        ['E', '3'],
      ],
    ],
    [
      'values over several lines',
      'A="-----BEGIN\nline\n-----END"\nB=2',
      [
        ['A', '-----BEGIN\nline\n-----END'],
        ['B', '2'],
      ],
    ],
    [
      'comments',
      '# note\nA=1 # why\nB=a#b\nC="x # y" # z\n',
      [
        ['A', '1'],
        ['B', 'a#b'],
        ['C', 'x # y'],
      ],
    ],
    [
      'empty values',
      'A=\nB=""\nC= # none\n',
      [
        ['A', ''],
        ['B', ''],
        ['C', ''],
      ],
    ],
    [
      'equals signs and spaces within',
      'A=a=b==\nB=postgres://u:p@h/d?x=1',
      [
        ['A', 'a=b=='],
        ['B', 'postgres://u:p@h/d?x=1'],
      ],
    ],
    [
      'Windows line ends and a byte order mark',
      '\ufeffA=1\r\nB=2\r\n',
      [
        ['A', '1'],
        ['B', '2'],
      ],
    ],
    [
      'a doubled name',
      'A=1\nA=2',
      [
        ['A', '1'],
        ['A', '2'],
      ],
    ],
    [
      'a commented variable',
      '# A=1\n#STRIPE_KEY=\n# see docs: x=1',
      [
        ['A', '1'],
        ['STRIPE_KEY', ''],
      ],
    ],
  ])('%s', (_, text, expected) => {
    expect(parseDotenv(text).entries.map(entry => [entry.name, entry.value])).toEqual(expected)
  })

  it('counts lines through values of several lines, and tells references', () => {
    const { entries } = parseDotenv('A="1\n2\n3"\n\nB=$A\nC=\'$A\'\n')
    expect(entries.map(entry => [entry.name, entry.line, entry.reference])).toEqual([
      ['A', 1, false],
      ['B', 5, true],
      ['C', 6, false],
    ])
  })

  it('tells what it cannot read and goes on', () => {
    const { entries, problems } = parseDotenv('just text\nA="open\nB=2\n<<<<<<< HEAD\n')
    expect(entries.map(entry => entry.name)).toEqual(['A', 'B'])
    expect(problems).toEqual([
      { line: 1, what: 'is no NAME=value' },
      { line: 2, what: 'A opens a quote that nothing closes' },
      { line: 4, what: 'is no NAME=value' },
    ])
  })

  it('is not slowed by a hostile file', () => {
    const started = processorTime()
    parseDotenv(`A="${'\\'.repeat(300_000)}`)
    parseDotenv('A="\n'.repeat(20_000))
    parseDotenv(' '.repeat(300_000))
    expect(processorTime() - started).toBeLessThan(2000)
  })
})

describe('classifyValue', () => {
  it.each<[string, string, string]>([
    ['STRIPE_SECRET_KEY', 'sk_~live_{A24}', 'secret'],
    ['STRIPE_SECRET_KEY', 'sk_~test_{A24}', 'test-secret'],
    ['NEXT_PUBLIC_STRIPE_KEY', 'pk_~live_{A24}', 'public'],
    ['DB_PASSWORD', 'postgres', 'placeholder'],
    ['DB_PASSWORD', 'Wintermute{d4}!x', 'secret'],
    ['JWT_SECRET', '{A40}', 'secret'],
    ['JWT_SECRET', '', 'placeholder'],
    ['JWT_SECRET', 'encrypted:{A60}', 'encrypted'],
    ['SESSION_SECRET', 'correct horse battery', 'unclear'],
    ['PORT', '3000', 'plain'],
    ['TOKEN_TTL', '15m', 'plain'],
    ['APP_URL', 'https://shop.test', 'plain'],
  ])('%s=%s is %s', (name, template, expected) => {
    expect(classifyValue(name, makeUp(template)).class).toBe(expected)
  })
})

describe('isEnvironmentFile', () => {
  it.each([
    ['.env', true],
    ['.env.example', true],
    ['server.env.example', true],
    ['env.example', true],
    ['env-example-relational', true],
    ['env.example.ts', false],
    ['environment.yml', false],
    ['env-example.md', false],
  ])('%s', (name, expected) => {
    expect(isEnvironmentFile(name)).toBe(expected)
  })
})

describe('environmentOf', () => {
  it.each([
    ['.env', 'default'],
    ['.env.local', 'development'],
    ['.env.production', 'production'],
    ['.env.production.local', 'production'],
    ['apps/web/.env.staging', 'preview'],
    ['.env.test', 'test'],
    ['.env.example', 'example'],
    ['.env.production.example', 'example'],
    ['prod.env', 'production'],
    ['.dev.vars', 'development'],
    ['.env-dist', 'example'],
  ])('%s → %s', (path, expected) => {
    expect(environmentOf(path)).toBe(expected)
  })
})

describe('references', () => {
  it.each([
    ["A='$HOME'", false],
    ["A='${HOME}/x'", false],
    ['A="$HOME"', true],
    ['A=`${HOME}`', true],
    ['A=$HOME', true],
    ['A=5$', false],
  ])('%s: %s', (text, expected) => {
    expect(parseDotenv(text).entries[0]!.reference).toBe(expected)
  })
})

// Rules over variables and their values: what is written down, what two environments may not share, what a public name may hold.
import { describe, expect, it } from 'vitest'
import { environmentEntry } from '../../../src/facts/repo/env-entry.ts'
import { aroundLine } from '../../../src/formats/patch.ts'
import {
  exampleLines,
  examplePatch,
  inventoryOf,
  isDemanded,
  listed,
  type NamedFile,
  type NamedUsage,
  placeOf,
} from '../../../src/formats/repo/env-inventory.ts'
import { debugs, guards, isDevelopment, localFault, valuesIn } from '../../../src/formats/repo/env-separation.ts'
import { bareReads, switchedOff, zodModule } from '../../../src/formats/repo/env-validation.ts'
import { soundsSecret } from '../../../src/formats/repo/public-names.ts'

const variable = (name: string, given: Partial<NamedUsage['variables'][number]> = {}) => ({
  name,
  reads: [{ path: 'src/a.ts', line: 2, test: false, hasDefault: false, strict: false }],
  browser: false,
  required: true,
  schema: null,
  platform: false,
  ...given,
})
const file = (path: string, environment: string, names: string[], given: Partial<NamedFile> = {}): NamedFile => ({
  path,
  environment,
  tracked: environment === 'example',
  encrypted: false,
  entries: names.map((name, at) => ({ name, line: at + 1, class: 'secret', commented: false, empty: false })),
  ...given,
})
const usage = (given: Partial<NamedUsage> = {}): NamedUsage => ({
  variables: [variable('KEY'), variable('URL')],
  settings: [],
  complete: [],
  mentioned: [],
  explained: [],
  dynamic: 0,
  ...given,
})
const names = (variables: readonly { name: string }[]): string[] => variables.map(({ name }) => name)

describe('inventoryOf', () => {
  it.each<[string, NamedFile[], Partial<NamedUsage>, { missing?: string[]; undocumented?: string[]; idle?: string[] }]>(
    [
      ['an example file that names all', [file('.env.example', 'example', ['KEY', 'URL'])], {}, {}],
      ['one name too few', [file('.env.example', 'example', ['KEY'])], {}, { undocumented: ['URL'] }],
      ['one name too many', [file('.env.example', 'example', ['KEY', 'URL', 'OLD'])], {}, { idle: ['OLD'] }],
      [
        'a name too many, but reads with names of their own making',
        [file('.env.example', 'example', ['KEY', 'URL', 'OLD'])],
        { dynamic: 6 },
        {},
      ],
      ['explained in the README', [], { explained: ['KEY', 'URL'] }, {}],
      [
        'set in the pipeline alone',
        [],
        { settings: [{ name: 'KEY', file: 'ci', environment: 'ci', kind: 'ci' }] },
        { undocumented: ['KEY', 'URL'] },
      ],
      [
        'set for development, not for production',
        [file('.env', 'default', ['KEY', 'URL']), file('.env.production', 'production', ['URL'])],
        { explained: ['KEY', 'URL'] },
        { missing: ['KEY'] },
      ],
      [
        'a file that knows fewer than half of what is needed',
        [file('.env', 'default', ['KEY', 'URL']), file('.env.production', 'production', ['OTHER'])],
        { explained: ['KEY', 'URL'] },
        {},
      ],
      [
        'an encrypted file for production: nobody can tell what it sets',
        [file('.env', 'default', ['KEY', 'URL']), file('.env.production', 'production', ['URL'], { encrypted: true })],
        { explained: ['KEY', 'URL'] },
        {},
      ],
      ['set by a platform', [], { variables: [variable('PORT', { platform: true })] }, {}],
      [
        'read by tests alone',
        [],
        {
          variables: [variable('X', { reads: [{ path: 'a', line: 1, test: true, hasDefault: false, strict: false }] })],
        },
        {},
      ],
    ],
  )('%s', (_name, files, given, expected) => {
    const found = inventoryOf(files, usage(given))
    expect(names(found.missing)).toEqual(expected.missing ?? [])
    expect(names(found.undocumented)).toEqual(expected.undocumented ?? [])
    expect(found.idle.flatMap(one => one.names)).toEqual(expected.idle ?? [])
  })

  it('says where a variable stands, and what to write down', () => {
    expect(
      placeOf(
        variable('A', {
          reads: [
            { path: 't', line: 1, test: true, hasDefault: false, strict: false },
            { path: 's', line: 2, test: false, hasDefault: false, strict: false },
          ],
        }),
      ),
    ).toMatchObject({ path: 's' })
    expect(placeOf(variable('A', { reads: [], schema: { path: 'env.ts', line: 4 } }))).toMatchObject({ path: 'env.ts' })
    expect(placeOf(variable('A', { reads: [] }))).toBeNull()
    expect(exampleLines([variable('A'), variable('B', { required: false })])).toBe('A=\n# B=')
    expect(examplePatch('.env.example', aroundLine('X=\nY=\nZ=\n', 3), [variable('A')])).toBe(
      '--- a/.env.example\n+++ b/.env.example\n@@ -1,3 +1,4 @@\n X=\n Y=\n Z=\n+A=\n',
    )
    expect(listed(['A', 'B'])).toBe('A, B')
    expect(listed(['A', 'B', 'C'])).toBe('A, B and 1 more')
  })
})

describe('values of an environment', () => {
  it.each([
    ['DEBUG', true, null, true],
    ['DEBUG', false, null, false],
    ['APP_DEBUG', true, null, true],
    ['NODE_ENV', false, 'development', true],
    ['NODE_ENV', false, 'production', false],
    ['RAILS_ENV', false, 'dev', true],
    ['LOG_LEVEL', false, 'debug', false],
  ])('%s, on %s, %s: debug %s', (name, on, word, expected) => {
    expect(debugs({ name, on, word })).toBe(expected)
  })

  it('takes a listening address for none, and a hash of a plain value for no secret', () => {
    expect(['HOST', 'API_BIND_ADDR', 'ALLOWED_HOSTS'].map(name => localFault(name, null))).toEqual([null, null, null])
    expect(['API_HOST', 'DATABASE_URL'].map(name => localFault(name, 'platform'))).toEqual(['certain', 'certain'])
    expect(guards({ class: 'secret', hash: 'a' })).toBe(true)
    expect(guards({ class: 'unclear', hash: 'a' })).toBe(true)
    expect(guards({ class: 'test-secret', hash: 'a' })).toBe(false)
    expect(guards({ class: 'secret', hash: null })).toBe(false)
    expect([isDevelopment('default', false), isDevelopment('default', true), isDevelopment('test', true)]).toEqual([
      true,
      false,
      true,
    ])
  })

  it('leaves out comments, pipelines, and settings without a value', () => {
    const entry = { name: 'A', line: 3, class: 'secret', hash: 'a', commented: false, on: false, word: null }
    const files = [
      { path: '.env', environment: 'production', tracked: false, entries: [entry, { ...entry, commented: true }] },
    ]
    const at = { file: 'fly.toml', line: 9, environment: 'production', entry }
    const settings = [
      { ...at, kind: 'platform' },
      { ...at, kind: 'ci' },
      { ...at, kind: 'platform', entry: null },
    ]
    expect(valuesIn(files, settings, () => true).map(({ file, line }) => `${file}:${line}`)).toEqual([
      '.env:3',
      'fly.toml:9',
    ])
  })
})

describe('soundsSecret', () => {
  it.each([
    ['OPENAI_API_KEY', true],
    ['STRIPE_SECRET_KEY', true],
    ['DATABASE_URL', true],
    ['SUPABASE_SERVICE_ROLE_KEY', true],
    ['SUPABASE_ANON_KEY', false],
    ['STRIPE_PUBLISHABLE_KEY', false],
    ['RECAPTCHA_SITE_KEY', false],
    ['API_URL', false],
    ['FIREBASE_DATABASE_URL', false],
    ['GOOGLE_CLIENT_ID', false],
  ])('%s: %s', (name, expected) => {
    expect(soundsSecret(name)).toBe(expected)
  })
})

describe('schemas over the environment', () => {
  const schema = (when: string | null, by = 'SKIP') => ({
    tool: 'zod',
    path: 'env.ts',
    line: 1,
    count: 3,
    skipped: when === null ? null : { when, by, line: 2 },
  })
  const set = (given = {}) => ({
    name: 'SKIP',
    file: 'fly.toml',
    line: 4,
    environment: 'production',
    kind: 'platform',
    entry: null,
    ...given,
  })
  it.each([
    ['a schema that holds', [schema(null)], [set()], false],
    ['one that is always off', [schema('always')], [], true],
    ['one that a variable switches off, which production sets', [schema('variable')], [set()], true],
    ['one whose variable nobody sets', [schema('variable')], [], false],
    ['one whose variable the pipeline sets', [schema('variable')], [set({ kind: 'ci' })], false],
    ['one whose variable is off', [schema('variable')], [set({ entry: { on: false } })], false],
    ['the second of two', [schema(null), schema('condition')], [], true],
  ])('%s', (_name, schemas, settings, expected) => {
    expect(switchedOff(schemas, settings) !== null).toBe(expected)
  })

  it('counts reads that raise, in languages where they do', () => {
    const read = (path: string, given = {}) => ({ path, strict: true, test: false, hasDefault: false, ...given })
    expect(
      bareReads([
        { reads: [read('a.py'), read('b.ts'), read('c.py', { test: true }), read('d.rb', { strict: false })] },
      ]),
    ).toEqual({
      count: 3,
      strict: 1,
      typescript: true,
    })
    expect(zodModule(['A'])).toContain('    A: z.string().min(1),\n  })\n  .parse(process.env)')
  })
})

describe('an address of this machine', () => {
  it('is none among others that are let in', () => {
    const local = (value: string) => environmentEntry({ name: 'ALLOWED_ORIGINS', value, line: 1 }).local
    expect(local('http://localhost:3000')).toBe(true)
    expect(local('http://localhost:3000,http://127.0.0.1:3000')).toBe(true)
    expect(local('https://app.shop.test,http://localhost:3000')).toBe(false)
  })
})

describe('localFault', () => {
  it.each<[string, string | null, ReturnType<typeof localFault>]>([
    ['NEXT_PUBLIC_API_URL', null, 'certain'],
    ['APP_URL', null, 'certain'],
    ['OAUTH_CALLBACK_URL', 'platform', 'certain'],
    ['APP_URL', 'dockerfile', 'possible'],
    ['DATABASE_URL', null, 'likely'],
    ['REDIS_HOST', 'dockerfile', 'possible'],
    ['GOTENBERG_URL', null, 'possible'],
    ['GOTENBERG_URL', 'platform', 'likely'],
    ['INTERNAL_APP_URL', 'platform', null],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', null, null],
  ])('%s in %s', (name, kind, expected) => {
    expect(localFault(name, kind)).toBe(expected)
  })
})

describe('isDemanded', () => {
  const read = { path: 'a.ts', line: 1, test: false, hasDefault: false, strict: true }
  it.each([
    ['a read that raises', { reads: [read] }, true],
    ['a read that gives nothing back', { reads: [{ ...read, strict: false }] }, false],
    ['a read that raises, with a default', { reads: [{ ...read, hasDefault: true }], required: false }, false],
    ['a read of a test', { reads: [{ ...read, test: true }] }, false],
    ['a schema that demands it', { reads: [], schema: { path: 'env.ts', line: 1 } }, true],
    ['a schema that does without', { reads: [], schema: { path: 'env.ts', line: 1 }, required: false }, false],
  ])('%s', (_what, given, expected) => {
    expect(isDemanded(variable('KEY', given))).toBe(expected)
  })
})

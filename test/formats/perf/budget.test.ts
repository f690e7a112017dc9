// Baselines and budgets, tokens of sessions, smells of load, and the walk of many: rules by tables.
import { describe, expect, test } from 'vitest'
import {
  budgetRows,
  firstLoadRows,
  isBroken,
  type JudgedRoute,
  pageRows,
  readPerfBaseline,
} from '../../../src/formats/perf/budget.ts'
import { broken, isLimiterAlone, slowed } from '../../../src/formats/perf/crowd-verdict.ts'
import { smellOf } from '../../../src/formats/perf/load-smell.ts'
import { seeded, shuffled } from '../../../src/formats/perf/seeded.ts'
import { tokenIn } from '../../../src/formats/perf/session-token.ts'

const route = (low: number, high: number | null, given: Partial<JudgedRoute> = {}): JudgedRoute => ({
  url: 'https://example.com/clients',
  targetMs: 800,
  count: 66,
  failed: 0,
  p50: low,
  p95: low + 5,
  interval: { low, high },
  verdict: 'within',
  failsOften: false,
  untold: null,
  ...given,
})

const baseline = (low: number, high: number | null) => ({
  schemaVersion: 1 as const,
  of: 'perf' as const,
  domain: 'example.com',
  at: '',
  routes: [route(low, high)],
})

describe('intervals beside a baseline', () => {
  test.each<[string, JudgedRoute, ReturnType<typeof baseline> | null, string, boolean]>([
    ['they overlap', route(100, 160), baseline(90, 120), 'kept', false],
    ['they part upwards', route(130, 160), baseline(90, 120), 'slower', true],
    ['they touch', route(120, 160), baseline(90, 120), 'kept', false],
    ['they part downwards', route(40, 80), baseline(90, 120), 'faster', false],
    ['the baseline had no upper end', route(400, 500), baseline(90, null), 'kept', false],
    ['no baseline', route(100, 160), null, 'new', false],
    ['over its target', route(900, null, { verdict: 'over' }), baseline(90, 120), 'over-budget', true],
    ['fails', route(100, 160, { failsOften: true }), baseline(90, 120), 'fails', true],
    ['too few samples', route(100, null, { verdict: 'open' }), baseline(90, 120), 'not-told', false],
    [
      'too few samples, and slower all the same',
      route(300, null, { verdict: 'open' }),
      baseline(90, 120),
      'slower',
      true,
    ],
  ])('%s', (_, now, before, state, isBad) => {
    const [row] = budgetRows([now], before)
    expect(row!.state).toBe(state)
    expect(isBroken(row!)).toBe(isBad)
  })

  test('what stands in the baseline and was not measured is not told', () => {
    expect(budgetRows([], baseline(90, 120)).map(({ state }) => state)).toEqual(['not-told'])
  })

  test('pages by their own budgets', () => {
    const cost = {
      lcp: 2600,
      requests: [
        { kind: 'script', bytes: 300_000 },
        { kind: 'image', bytes: 10_000 },
      ],
    }
    const rows = pageRows('https://example.com/', cost, { lcp: 2500, totalJs: 400_000, images: 5_000, requests: 2 })
    expect(rows.map(({ state }) => state)).toEqual(['over-budget', 'kept', 'over-budget', 'kept'])
    expect(pageRows('https://example.com/', cost, {})).toEqual([])
  })

  test.each([null, 3, [], {}, { of: 'perf' }, { of: 'perf', domain: 'a', schemaVersion: 1, routes: [{}] }])(
    'no baseline: %j',
    value => {
      expect(typeof readPerfBaseline(value)).toBe('string')
    },
  )
})

test.each([
  ['{"token":"a"}', undefined, 'a'],
  ['{"data":{"accessToken":"b"}}', undefined, 'b'],
  ['{"access_token":"c","token":""}', undefined, 'c'],
  ['{"a":{"b":{"token":"deep"}}}', undefined, null],
  ['{"a":{"b":{"token":"deep"}}}', 'a.b.token', 'deep'],
  ['{"list":[{"jwt":"x"}]}', 'list.0.jwt', 'x'],
  ['{"token":5}', undefined, null],
  ['{"token":"a"}', 'other', null],
  ['{"token":"a"}', '__proto__.token', null],
  ['<html>', undefined, null],
])('the token in %s at %s', (json, path, token) => {
  expect(tokenIn(json, path)).toBe(token)
})

test.each([
  [500, 'FATAL: remaining connection slots are reserved', null, 'pool'],
  [503, 'Timed out fetching a new connection from the connection pool', null, 'pool'],
  [503, 'busy', null, 'platform'],
  [429, 'too many connections', null, 'limiter'],
  [500, 'oops', null, 'server'],
  [0, '', 'app.example.com:443 refuses connections', 'refused'],
  [0, '', 'app.example.com:443 accepts connections and does not answer', 'waits'],
  [200, 'an article about too many connections', null, null],
] as const)('%i %s %s smells of %s', (status, body, message, smell) => {
  expect(smellOf({ status, body, message })).toBe(smell)
})

describe('many beside one', () => {
  const tally = (given: object = {}) => ({
    count: 60,
    failed: 0,
    p95: 100,
    firstFailureAt: null as number | null,
    smells: [] as [string, number][],
    ...given,
  })
  const step = (one: object, crowd: object, targetMs: number | null = null) => ({
    of: 'route' as const,
    targetMs,
    one: tally(one),
    crowd: tally(crowd),
  })

  test('the first step that breaks comes first, and what fails for one is not the load’s doing', () => {
    const late = step({}, { failed: 9, firstFailureAt: 900 })
    const early = step({}, { failed: 2, firstFailureAt: 300 })
    expect(broken([late, early, step({ failed: 1 }, { failed: 60, firstFailureAt: 1 })])).toEqual([early, late])
  })

  test.each([
    ['over its target', step({}, { p95: 900 }, 800), true],
    ['over it for one as well', step({ p95: 850 }, { p95: 900 }, 800), false],
    ['three times and 300 ms slower', step({ p95: 150 }, { p95: 460 }), true],
    ['three times slower and quick all the same', step({ p95: 20 }, { p95: 200 }), false],
    ['slower by much and not by three times', step({ p95: 900 }, { p95: 1900 }), false],
    ['failing', step({}, { p95: 5000, failed: 3 }, 800), false],
  ])('slow: %s', (_, one, isSlow) => {
    expect(slowed([one]).length > 0).toBe(isSlow)
  })

  test('a limiter alone', () => {
    expect(isLimiterAlone([step({}, { failed: 3, smells: [['limiter', 3]] })])).toBe(true)
    expect(
      isLimiterAlone([
        step(
          {},
          {
            failed: 3,
            smells: [
              ['limiter', 2],
              ['pool', 1],
            ],
          },
        ),
      ]),
    ).toBe(false)
  })
})

test('an order that is another one, and the same each time', () => {
  const list = [1, 2, 3, 4, 5, 6, 7, 8]
  expect(shuffled(list, seeded(1))).toEqual(shuffled(list, seeded(1)))
  expect([...shuffled(list, seeded(1))].sort((a, b) => a - b)).toEqual(list)
  expect(shuffled(list, seeded(1))).not.toEqual(list)
})

describe('first loads beside their baseline and budget', () => {
  const before = { '': 100_000, 'https://example.com/': 50_000 }
  test.each([
    ['as heavy as before', { '': 105_000 }, { '': 100_000 }, undefined, ['kept']],
    ['a tenth and ten kilobytes more', { '': 111_000 }, { '': 100_000 }, undefined, ['heavier']],
    ['a tenth more of little', { '': 15_000 }, { '': 10_000 }, undefined, ['kept']],
    ['ten kilobytes more of much', { '': 1_050_000 }, { '': 1_000_000 }, undefined, ['kept']],
    ['over its budget, baseline or not', { 'apps/web': 210_000 }, {}, 200_000, ['over-budget']],
    ['within it', { 'apps/web': 190_000 }, {}, 200_000, ['kept']],
    ['without a baseline and a budget there is nothing to hold it to', { '': 900_000 }, {}, undefined, []],
    ['what was not built now is not told', { '': 100_000 }, before, undefined, ['kept', 'not-told']],
    ['what was not looked at is no row', null, before, 200_000, []],
  ] as const)('%s', (_, now, kept, budget, states) => {
    expect(firstLoadRows(now, kept, budget).map(({ state }) => state)).toEqual(states)
  })

  test('heavier breaks the run', () => {
    expect(isBroken({ state: 'heavier' })).toBe(true)
  })

  test('a baseline whose first load is no number is refused', () => {
    const baseline = {
      schemaVersion: 1,
      of: 'perf',
      domain: 'example.com',
      at: '',
      routes: [],
      firstLoadJs: { '': 'x' },
    }
    expect(readPerfBaseline(baseline)).toBe('a first load in it is no number of bytes')
  })
})

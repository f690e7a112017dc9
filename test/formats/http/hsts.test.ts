import { describe, expect, it } from 'vitest'
import { parseHsts, spanOf } from '../../../src/formats/http/hsts.ts'

describe('parseHsts', () => {
  it.each([
    ['max-age=31536000; includeSubDomains; preload', 31_536_000, true, true, []],
    ['MAX-AGE="600"', 600, false, false, []],
    ['max-age=1;;', 1, false, false, []],
    ['includeSubDomains', null, true, false, ['max-age is missing']],
    ['max-age=one', null, false, false, ['max-age is "one", not a number of seconds']],
    ['max-age', null, false, false, ['max-age is "", not a number of seconds']],
    ['max-age=1; max-age=2', 2, false, false, ['max-age stands twice']],
    [
      'max-age=1, includeSubDomains',
      null,
      false,
      false,
      ['"max-age=1, includeSubDomains" is no directive', 'max-age is missing'],
    ],
  ])('%s', (value, maxAge, includeSubDomains, preload, faults) =>
    expect(parseHsts(value)).toEqual({ maxAge, includeSubDomains, preload, faults }),
  )
})

it.each([
  [3599, 'hours'],
  [86_400, '1 day'],
  [31_536_000, '365 days'],
])('spanOf %i', (seconds, words) => expect(spanOf(seconds)).toBe(words))

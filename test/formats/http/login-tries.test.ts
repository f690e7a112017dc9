import { expect, it } from 'vitest'
import { judgeTries, type LoginTry } from '../../../src/formats/http/login-tries.ts'

const tries = (statuses: number[], given: Partial<LoginTry> = {}): LoginTry[] =>
  statuses.map(status => ({ status, milliseconds: 50, retryAfter: false, saysLimit: false, ...given }))
const ten = (status: number): number[] => Array(10).fill(status)

it.each<[string, LoginTry[], ReturnType<typeof judgeTries>]>([
  ['none', [], 'not-judged'],
  ['ten refusals of a password', tries(ten(401)), 'unlimited'],
  ['ten pages that come back', tries(ten(200)), 'unlimited'],
  ['four refusals', tries(ten(401).slice(6)), 'not-judged'],
  ['a 429 at the end', tries([...ten(401), 429]), 'limited'],
  ['a locked account', tries([401, 423]), 'limited'],
  ['a Retry-After', tries([401], { retryAfter: true }), 'limited'],
  ['words of a limit', tries([401], { saysLimit: true }), 'limited'],
  ['a refusal that was none at first', tries([...ten(200), 403]), 'limited'],
  ['refused from the first on', tries(ten(403)), 'not-judged'],
  ['failing', tries(ten(500)), 'not-judged'],
  ['a growing delay', [...tries([401]), ...tries([401], { milliseconds: 2000 })], 'limited'],
  ['slow from the first on', tries(ten(401), { milliseconds: 2000 }), 'unlimited'],
])('%s', (_name, given, verdict) => expect(judgeTries(given)).toBe(verdict))

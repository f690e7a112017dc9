// What caches of delivery networks say of their answers.
import { expect, test } from 'vitest'
import { type CdnState, cdnWord } from '../../../src/formats/http/cdn-words.ts'

const cases: [name: string, value: string, state: CdnState][] = [
  ['cf-cache-status', 'HIT', 'hit'],
  ['cf-cache-status', 'STALE', 'hit'],
  ['cf-cache-status', 'DYNAMIC', 'miss'],
  ['cf-cache-status', 'BYPASS', 'bypass'],
  ['x-vercel-cache', 'PRERENDER', 'hit'],
  ['x-vercel-cache', 'MISS', 'miss'],
  ['x-cache', 'Hit from cloudfront', 'hit'],
  ['x-cache', 'RefreshHit from cloudfront', 'hit'],
  ['x-cache', 'Miss from cloudfront', 'miss'],
  ['x-cache', 'MISS, HIT', 'hit'],
  ['x-cache', 'PASS', 'bypass'],
  ['cdn-cache', 'HIT', 'hit'],
  ['fly-cache-status', 'MISS', 'miss'],
  ['cache-status', '"Netlify Edge"; hit', 'hit'],
  ['cache-status', '"Netlify Edge"; fwd=miss, "Netlify Durable"; hit; ttl=10', 'hit'],
  ['cache-status', '"Netlify Edge"; fwd=bypass', 'bypass'],
  ['age', '12', 'hit'],
  ['age', '0', null],
  ['content-type', 'hit', null],
  ['x-cache', 'sunshine', null],
]
test.each(cases)('%s: %s', (name, value, state) => {
  expect(cdnWord({ headers: [[name, value]] }).state).toBe(state)
})

// Key pages and what they say to search engines, for the examples of checks.
import type { KeyPageRobots } from './key-page-robots.ts'

/** A page of prices that may be shown. */
export const example: KeyPageRobots = [{ url: 'https://example.com/pricing', barriers: [] }]

/** The same with noindex left over. */
export const hiddenPrices: KeyPageRobots = [
  { url: 'https://example.com/pricing', barriers: [{ how: 'meta', value: 'noindex' }] },
]

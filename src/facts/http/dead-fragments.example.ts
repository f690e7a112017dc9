// Links to parts of pages that are not there, for the examples of checks.
import type { DeadFragments } from './dead-fragments.ts'

/** Every part is there. */
export const example: DeadFragments = []

/** The prices have moved to a page of their own, the menu still leads to where they were. */
export const lostPrices: DeadFragments = [{ url: 'https://example.com/', fragment: 'pricing', text: 'Pricing' }]

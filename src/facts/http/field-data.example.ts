// No key is given: what most configs have.
import type { FieldData } from './field-data.ts'

export const example: FieldData = { page: null, why: 'no key is given (perf.crux)', asked: false }

/** What three quarters of the visitors met, at most. */
export const field = (lcp: number): FieldData => ({
  page: { of: 'url', lcp, cls: 0.02, inp: 120 },
  why: '',
  asked: true,
})

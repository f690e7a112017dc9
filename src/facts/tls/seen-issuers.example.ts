// Issuers that other hosts send, for the examples of checks: none.
import type { SeenIssuers } from './seen-issuers.ts'

export const example: SeenIssuers = { issuers: [], authorities: [] }

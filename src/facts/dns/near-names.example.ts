// The domain exists: nothing near was asked.
import type { NearNames } from './near-names.ts'

export const example: NearNames = { exists: [] }

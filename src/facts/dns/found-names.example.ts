// One name below the domain that was found.
import type { FoundName, FoundNames } from './found-names.ts'

/** A name with an address, found by this source. */
export const foundBy = (source: string, name: string): FoundName => ({
  name,
  sources: [source],
  cname: null,
  addresses: ['203.0.113.10'],
  exists: true,
})

export const example: FoundNames = { names: [foundBy('common', 'app.example.com')], unasked: [] }

// Every vector of publicsuffix.org through our function; a leading dot is refused with a reason.
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { registrable, registrableDomain } from '../../../src/formats/dns/registrable-domain.ts'

const path = new URL('../../../../shared/data/psl/test_psl.txt', import.meta.url)
const there = existsSync(path)
const vectors = there
  ? [...readFileSync(path, 'utf8').matchAll(/^checkPublicSuffix\((null|'([^']*)'), (null|'([^']*)')\);/gm)].map(
      ([, , name, , domain]) => [name ?? null, domain ?? null] as const,
    )
  : []

describe.skipIf(!there)('the vectors of the Public Suffix List (skipped where ../shared/data is not there)', () => {
  test('are all read', () => expect(vectors).toHaveLength(78))
  test.each(vectors)('%s → %s', (name, domain) => {
    const read = registrable(name)
    expect(read.domain).toBe(domain)
    if (name?.startsWith('.')) expect(read.refused).toContain('dot')
    else if (name !== null) expect(read.refused).toBeNull()
  })
})

test('a trailing dot and an address', () => {
  expect(registrableDomain('www.example.co.uk.')).toBe('example.co.uk')
  expect(registrable('192.0.2.1').refused).toContain('address')
  expect(registrable('a..example.com').refused).toContain('empty label')
})

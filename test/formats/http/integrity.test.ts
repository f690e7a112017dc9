// Integrity attributes as browsers read them (W3C Subresource Integrity §3.3).
import { expect, it } from 'vitest'
import { digestsOf, fitsIntegrity, isMalformedIntegrity } from '../../../src/formats/http/asset-use.ts'

const digests = digestsOf(Buffer.from('alert(1)'))
const { sha256, sha384, sha512 } = digests
const url = sha384!.replaceAll('+', '-').replaceAll('/', '_')

it.each<[written: string, malformed: boolean, fits: boolean]>([
  ['', false, true],
  ['  ', false, true],
  [`sha256-${sha256}`, false, true],
  [`sha384-${sha384}`, false, true],
  [`sha512-${sha512}`, false, true],
  [`sha384-${url}`, false, true],
  [`sha384-${sha384}?ct=application/javascript`, false, true],
  [`sha384-AAAA sha384-${sha384}`, false, true],
  [`sha256-${sha256} sha512-AAAA`, false, false],
  [`sha1-AAAA sha384-${sha384}`, false, true],
  ['sha384-abc', false, false],
  ['sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=', true, true],
  ['md5-abc', true, true],
  ['true', true, true],
  [`sha384 ${sha384}`, true, true],
  [`sha384:${sha384}`, true, true],
  ['“sha384-', true, true],
  [sha384!, true, true],
])('%j: malformed %s, fits %s', (written, malformed, fits) => {
  expect(isMalformedIntegrity(written)).toBe(malformed)
  expect(fitsIntegrity(written, digests)).toBe(fits)
})

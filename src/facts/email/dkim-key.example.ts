// A sound DKIM key and makers of other ones. The keys were made for this purpose; their private halves were thrown away.
import { parseDkimKey } from '../../formats/dkim/dkim.ts'
import type { DkimKeyAt } from './dkim-key.ts'

/** DER of an RSA public key with a modulus of that many bits: only its length matters here. */
const rsaBase64 = (bits: number): string => {
  const length = (size: number): number[] =>
    size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 255]
  const wrap = (tag: number, content: number[]): number[] => [tag, ...length(content.length), ...content]
  const modulus = wrap(2, [0, 0x80, ...Array.from({ length: bits / 8 - 2 }, (_, at) => (at * 7 + 1) & 255), 0x01])
  const key = wrap(0x30, [...modulus, ...wrap(2, [1, 0, 1])])
  const algorithm = wrap(0x30, [...wrap(6, [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01]), 5, 0])
  return Buffer.from(wrap(0x30, [...algorithm, ...wrap(3, [0, ...key])])).toString('base64')
}

/** A well-formed key record of that strength, with more tags before `p=` where given. */
export const keyText = (bits: number, tags = ''): string => `v=DKIM1; k=rsa; ${tags}p=${rsaBase64(bits)}`

/** The fact for pm._domainkey.coachdash.example, configured; without a record when `text` is not given. */
export const keyWith = (text?: string, more: Partial<DkimKeyAt> = {}): DkimKeyAt => ({
  name: 'pm._domainkey.coachdash.example',
  configured: true,
  why: 'configured for Postmark',
  exists: text !== undefined,
  cnames: [],
  texts: text === undefined ? [] : [text],
  strings: 1,
  keys: text === undefined ? 0 : 1,
  key: text === undefined ? null : parseDkimKey(text),
  stray: null,
  wildcard: false,
  ...more,
})

/** An RSA key of 2048 bits that a configured sender signs with. */
export const example: DkimKeyAt = keyWith(keyText(2048))

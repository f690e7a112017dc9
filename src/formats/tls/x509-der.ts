// A reader for DER (X.690) as certificates, CRLs and OCSP responses use it: views into the bytes, never a copy, never past the end.

/** One element. `tag` is its whole identifier octet (`0x30` SEQUENCE, `0xa0` context 0 constructed); `whole` includes the header. */
export type Der = { tag: number; content: Buffer; whole: Buffer }

/** The element at `offset`. Throws RangeError on a length that does not fit, an indefinite one (not DER) or a multi-byte tag. */
export const derAt = (bytes: Buffer, offset = 0): Der => {
  const tag = bytes[offset]
  let length = bytes[offset + 1]
  if (tag === undefined || length === undefined) throw new RangeError('DER ends before its element does')
  if ((tag & 0x1f) === 0x1f) throw new RangeError('DER with a multi-byte tag')
  let start = offset + 2
  if (length >= 0x80) {
    const size = length & 0x7f
    if (size === 0 || size > 4 || start + size > bytes.length)
      throw new RangeError('DER with a length that does not fit')
    length = bytes.readUIntBE(start, size)
    start += size
  }
  if (start + length > bytes.length) throw new RangeError('DER ends before its element does')
  return { tag, content: bytes.subarray(start, start + length), whole: bytes.subarray(offset, start + length) }
}

/** The elements inside a constructed one, at most `most` of them. */
export const derChildren = (bytes: Buffer, most = 10_000): Der[] => {
  const children: Der[] = []
  for (let at = 0; at < bytes.length && children.length < most; ) {
    const child = derAt(bytes, at)
    children.push(child)
    at += child.whole.length
  }
  return children
}

/** Dotted form of an OBJECT IDENTIFIER's content. */
export const derOid = (content: Buffer): string => {
  const parts: number[] = []
  let value = 0
  for (const byte of content.subarray(0, 64)) {
    value = value * 128 + (byte & 0x7f)
    if (byte & 0x80) continue
    if (parts.length === 0) {
      const first = Math.min(2, Math.floor(value / 40))
      parts.push(first, value - first * 40)
    } else parts.push(value)
    value = 0
  }
  return parts.join('.')
}

/** UTCTime or GeneralizedTime as milliseconds since the epoch; NaN where it is neither (RFC 5280 §4.1.2.5). */
export const derTime = ({ tag, content }: Der): number => {
  const text = content.toString('latin1')
  const match =
    tag === 0x17
      ? /^(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})?Z$/.exec(text)
      : tag === 0x18
        ? /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(?:\.\d+)?Z$/.exec(text)
        : null
  if (!match) return Number.NaN
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = match.slice(1).map(part => Number(part ?? 0))
  // RFC 5280 §4.1.2.5.1: two digits from 50 on are the last century's.
  const full = tag === 0x17 ? (year < 50 ? 2000 + year : 1900 + year) : year
  return Date.UTC(full, month - 1, day, hour, minute, second)
}

/** Text of a string type: UTF-8, BMPString, or latin1 for the older ones. */
export const derText = ({ tag, content }: Der): string => {
  if (tag === 0x1e)
    return Buffer.from(content.subarray(0, content.length & ~1))
      .swap16()
      .toString('utf16le')
  return content.toString(tag === 0x0c ? 'utf8' : 'latin1')
}

/** Bits that are set in a BIT STRING's content, by number from the left (RFC 5280 names them so). */
export const derBits = (content: Buffer): number[] => {
  const bits: number[] = []
  for (let at = 0; at < Math.min(content.length - 1, 4) * 8; at++)
    if (content[1 + (at >> 3)]! & (0x80 >> (at & 7))) bits.push(at)
  return bits
}

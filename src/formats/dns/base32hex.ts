// base32hex without padding (RFC 4648 §7), in lower case, as NSEC3 names carry it.

const digits = '0123456789abcdefghijklmnopqrstuv'

/** Bytes of a text in either case; none where it holds something else. */
export const fromBase32hex = (text: string): Buffer => {
  let bits = 0
  let value = 0
  const bytes: number[] = []
  for (const digit of text.toLowerCase()) {
    const at = digits.indexOf(digit)
    if (at < 0) return Buffer.alloc(0)
    value = ((value << 5) | at) & 0xfff
    bits += 5
    if (bits >= 8) {
      bits -= 8
      bytes.push((value >> bits) & 255)
    }
  }
  return Buffer.from(bytes)
}

export const toBase32hex = (bytes: Uint8Array): string => {
  let bits = 0
  let value = 0
  let text = ''
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xffff
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += digits[(value >> bits) & 31]
    }
  }
  return bits ? text + digits[(value << (5 - bits)) & 31] : text
}

// Addresses as bytes, networks, and the names of reverse DNS. IPv4-mapped IPv6 addresses count as IPv4 (RFC 7208 §5).
import ipaddr from 'ipaddr.js'

/** Bytes of an address: 4 or 16. Null when it is none. */
export const addressBytes = (address: string): number[] | null =>
  ipaddr.isValid(address) ? ipaddr.process(address).toByteArray() : null

/** True when both addresses are of one family and agree in the first `prefix` bits. */
export const samePrefix = (a: readonly number[], b: readonly number[], prefix: number): boolean => {
  if (a.length !== b.length) return false
  const whole = prefix >> 3
  for (let at = 0; at < whole; at++) if (a[at] !== b[at]) return false
  const bits = prefix & 7
  if (bits === 0) return true
  const mask = (0xff << (8 - bits)) & 0xff
  return ((a[whole] as number) & mask) === ((b[whole] as number) & mask)
}

/** True when `network` (`192.0.2.0/24`, or one address) contains `address`. */
export const networkHolds = (network: string, address: string): boolean => {
  const [base = '', length] = network.split('/')
  const bytes = addressBytes(base)
  const of = addressBytes(address)
  if (!bytes || !of) return false
  return samePrefix(bytes, of, length === undefined ? bytes.length * 8 : Number(length))
}

/** Nibbles or octets in the order of reverse DNS, without the suffix: `4.3.2.1`. Null when it is no address. */
export const reverseLabels = (address: string): string | null => {
  const bytes = addressBytes(address)
  if (!bytes) return null
  return bytes.length === 4
    ? [...bytes].reverse().join('.')
    : bytes
        .map(byte => byte.toString(16).padStart(2, '0'))
        .join('')
        .split('')
        .reverse()
        .join('.')
}

/** The name under in-addr.arpa or ip6.arpa. Null when it is no address. */
export const reverseName = (address: string): string | null => {
  const labels = reverseLabels(address)
  return labels && `${labels}.${addressBytes(address)?.length === 4 ? 'in-addr' : 'ip6'}.arpa`
}

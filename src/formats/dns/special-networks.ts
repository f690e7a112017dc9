// Networks whose addresses never reach another company's server: private, loopback, link-local, shared, multicast, reserved
// (RFC 6890). Those of documentation are left out: examples are written with them.
import { addressBytes, samePrefix } from './ip-network.ts'

const ranges: readonly (readonly [base: string, prefix: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['224.0.0.0', 3],
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
]

/** True for a network (`10.0.0.0/8`, or one address) that lies wholly in such a range. */
export const isUnreachableNetwork = (network: string): boolean => {
  const [base = '', length] = network.split('/')
  const bytes = addressBytes(base)
  if (!bytes) return false
  const prefix = length === undefined ? bytes.length * 8 : Number(length)
  return ranges.some(([start, wide]) => prefix >= wide && samePrefix(addressBytes(start) ?? [], bytes, wide))
}

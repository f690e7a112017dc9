// Addresses of a host for the examples of checks.
import type { Addresses, HostAddress } from './addresses.ts'

/** One public IPv4 address, no alias. */
export const example: Addresses = {
  status: 'NOERROR',
  cnames: [],
  addresses: [{ address: '93.184.215.14', family: 4, ttl: 300, private: false }],
}

/** An IPv6 address of the host, public unless given otherwise. */
export const ipv6 = (given: Partial<HostAddress> = {}): HostAddress => ({
  address: '2606:2800:21f:cb07::1',
  family: 6,
  ttl: 300,
  private: false,
  ...given,
})

/** No answer of either family: the name does not exist, or has no address. */
export const absent = (status: 'NXDOMAIN' | 'NODATA'): Addresses => ({ status, cnames: [], addresses: [] })

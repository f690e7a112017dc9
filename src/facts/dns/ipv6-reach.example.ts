// What answers at a host's IPv6 addresses, for the examples of checks.
import type { Ipv6Reach } from './ipv6-reach.ts'

/** One address in this state. */
export const reached = (state: Ipv6Reach['addresses'][number]['state']): Ipv6Reach => ({
  addresses: [{ address: '2606:2800:21f:cb07::1', state }],
})

/** One address that answers. */
export const example: Ipv6Reach = reached('answers')

// Which addresses the public internet reaches (IANA special-purpose address registries, RFC 6890).
import ipaddr from 'ipaddr.js'

/** True for every address that is not global unicast: private, loopback, link-local, documentation, CGNAT, multicast, reserved. */
export const isPrivateAddress = (address: string): boolean => {
  if (!ipaddr.isValid(address)) return false
  return ipaddr.process(address).range() !== 'unicast'
}

/** True for an address of this machine itself. */
export const isLoopback = (address: string): boolean => {
  if (!ipaddr.isValid(address)) return false
  return ipaddr.process(address).range() === 'loopback'
}

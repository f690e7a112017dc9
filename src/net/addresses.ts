// Which addresses the public internet reaches (IANA special-purpose address registries, RFC 6890).
import ipaddr from 'ipaddr.js'

/** True for every address that is not global unicast: private, loopback, link-local, documentation, CGNAT, multicast, reserved. */
export const isPrivateAddress = (address: string): boolean => {
  if (!ipaddr.isValid(address)) return false
  return ipaddr.process(address).range() !== 'unicast'
}

/** Where clouds tell a machine its own secrets, outside of the link-local networks (Alibaba Cloud, Amazon over IPv6). */
const metadata = new Set(['100.100.100.200', 'fd00:ec2::254'])

/** True for addresses of the link itself, where clouds tell a machine its own secrets: no product is served there. */
export const isLinkLocal = (address: string): boolean => {
  const bare = address.replace(/^\[|\]$/g, '')
  if (!ipaddr.isValid(bare)) return false
  const parsed = ipaddr.process(bare)
  return parsed.range() === 'linkLocal' || metadata.has(parsed.toString())
}

/** True for an address of this machine itself. */
export const isLoopback = (address: string): boolean => {
  if (!ipaddr.isValid(address)) return false
  return ipaddr.process(address).range() === 'loopback'
}

const documentation = ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '2001:db8::/32', '3fff::/20'].map(network =>
  ipaddr.parseCIDR(network),
)

/** True for addresses that stand for others in documents and made-up worlds (RFC 5737, 3849, 9637). */
export const isDocumentationAddress = (address: string): boolean => {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.process(address)
  return documentation.some(([network, bits]) => network.kind() === parsed.kind() && parsed.match(network, bits))
}

// Names that hosting companies give to addresses.
import { addressBytes } from '../dns/ip-network.ts'

/** True for names that hosting companies make: the address stands in them, or words that say so. */
export const isGenericName = (name: string, address: string): boolean => {
  const bytes = addressBytes(address)
  if (bytes?.length === 4) {
    const shapes = [bytes, [...bytes].reverse()].flatMap(list => [
      list.join('-'),
      list.join('.'),
      list.join('_'),
      list.map(byte => String(byte).padStart(3, '0')).join('-'),
      list.map(byte => String(byte).padStart(3, '0')).join(''),
      list.map(byte => byte.toString(16).padStart(2, '0')).join(''),
    ])
    if (shapes.some(shape => name.includes(shape))) return true
  }
  return (
    /(^|[.-])(static|dynamic|dyn|dhcp|pool|dsl|adsl|cable|broadband|ppp|cust|customer|unassigned|vps\d*|rev|reverse)([.-]|\d)/.test(
      name,
    ) ||
    /(amazonaws\.com|compute\.internal|bc\.googleusercontent\.com|ip\.linodeusercontent\.com|cloudapp\.azure\.com)$/.test(
      name,
    )
  )
}

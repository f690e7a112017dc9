// Mail addresses as configs and records write them.

/** What stands in the last pair of angle brackets, else the whole. */
export const bareAddress = (address: string): string => {
  const close = address.lastIndexOf('>')
  const open = close < 0 ? -1 : address.lastIndexOf('<', close)
  return open < 0 ? address : address.slice(open + 1, close)
}

/** The domain of an address, of `Name <address>`, or of a bare domain; null when there is none. */
export const domainOfAddress = (address: string | undefined | null): string | null => {
  if (!address) return null
  const domain = bareAddress(address).split('@').at(-1)?.trim().toLowerCase().replace(/\.$/, '')
  return domain?.includes('.') ? domain : null
}

/** The part before the @, lower case; null when there is none. */
export const localPart = (address: string | undefined | null): string | null => {
  const plain = bareAddress(address ?? '').trim()
  return plain.includes('@') ? plain.slice(0, plain.lastIndexOf('@')).toLowerCase() : null
}

// Mail addresses as configs and records write them.

/** The domain of an address, of `Name <address>`, or of a bare domain; null when there is none. */
export const domainOfAddress = (address: string | undefined | null): string | null => {
  if (!address) return null
  const domain = address
    .replace(/^.*<([^>]*)>.*$/, '$1')
    .split('@')
    .at(-1)
    ?.trim()
    .toLowerCase()
    .replace(/\.$/, '')
  return domain?.includes('.') ? domain : null
}

/** The part before the @, lower case; null when there is none. */
export const localPart = (address: string | undefined | null): string | null => {
  const plain = address?.replace(/^.*<([^>]*)>.*$/, '$1').trim() ?? ''
  return plain.includes('@') ? plain.slice(0, plain.lastIndexOf('@')).toLowerCase() : null
}

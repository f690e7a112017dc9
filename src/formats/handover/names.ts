// Whether two people mean the same company: `Namecheap`, `NameCheap, Inc.`; `AWS`, `Amazon Route 53`.

const others: readonly (readonly string[])[] = [
  ['aws', 'amazon', 'route53', 'cloudfront'],
  ['google', 'gcp', 'googlecloud', 'firebase'],
  ['squarespace', 'googledomains'],
  ['microsoft', 'azure', 'office365', 'microsoft365', 'outlook'],
  ['tucows', 'hover', 'enom'],
  ['ovh', 'ovhcloud'],
  ['ionos', '1und1', '1and1'],
  ['digitalocean', 'do'],
  ['fly', 'flyio'],
]

const noise =
  /\b(?:inc|llc|ltd|gmbh|sas|ag|bv|corp|co|limited|registrar|registrations?|technologies|domains?|s\.?a\.?|com|io|dns|cloud|hosting|platform)\b/gi

const plain = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[.,]/g, ' ')
    .replace(noise, ' ')
    .replace(/[^a-z0-9]+/g, '')

const groupOf = (name: string): number =>
  others.findIndex(group => group.some(word => name === word || name.startsWith(word)))

/** True where both name one company, by any of its usual names. */
export const sameCompany = (a: string, b: string): boolean => {
  const [one, other] = [plain(a), plain(b)]
  if (one === '' || other === '') return true
  const [short, long] = one.length <= other.length ? [one, other] : [other, one]
  if (short.length >= 3 && long.includes(short)) return true
  const group = groupOf(one)
  return group >= 0 && group === groupOf(other)
}

/** An address as its mailbox: without case, without what stands behind a plus. */
export const mailboxOf = (address: string): string => {
  const at = address.lastIndexOf('@')
  if (at < 0) return address.trim().toLowerCase()
  return `${address.slice(0, at).replace(/\+.*$/, '')}${address.slice(at)}`.trim().toLowerCase()
}

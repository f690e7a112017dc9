// The registrable domain by the Public Suffix List (tldts, private section included): what a registrar sold.
import { parse } from 'tldts'

export type Registrable = {
  /** `example.co.uk`; null when the name is a public suffix itself, or was refused. */
  domain: string | null
  /** The public suffix below which it was registered. */
  suffix: string | null
  /** Why the name was not looked at; null when it was. */
  refused: string | null
}

const refuse = (refused: string): Registrable => ({ domain: null, suffix: null, refused })

/** Splits a name by the Public Suffix List. Case and a trailing dot do not matter; a leading dot, an empty label or an address is refused, with the reason. */
export const registrable = (name: string | null): Registrable => {
  if (name === null || name.trim() === '') return refuse('there is no name')
  const clean = name.trim().toLowerCase().replace(/\.$/, '')
  if (clean.startsWith('.')) return refuse(`"${name}" begins with a dot, so its first label is empty`)
  if (clean.includes('..')) return refuse(`"${name}" has an empty label`)
  if (clean.length > 253) return refuse('the name is longer than 253 characters')
  const parsed = parse(clean, { allowPrivateDomains: true, extractHostname: false, validateHostname: false })
  if (parsed.isIp) return refuse(`"${name}" is an address`)
  return { domain: parsed.domain, suffix: parsed.publicSuffix, refused: null }
}

/** Whether a name stands below a suffix that the list has: `node.js` does not. */
export const hasKnownSuffix = (name: string): boolean => {
  const { isIcann, isPrivate } = parse(name, { allowPrivateDomains: true, extractHostname: false })
  return isIcann === true || isPrivate === true
}

/** The registrable domain, or null when there is none. */
export const registrableDomain = (name: string | null): string | null => registrable(name).domain

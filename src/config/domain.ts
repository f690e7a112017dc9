// The domain that the user gave: accepted as it is, or refused in one sentence that says what to write instead.
import { domainToASCII, domainToUnicode } from 'node:url'
import ipaddr from 'ipaddr.js'
import { parse } from 'tldts'
import { UsageError } from './errors.ts'

/**
 * Checks a domain of the command line or the config. Returns it in lower case. Throws UsageError for a URL, a path, a port, a trailing
 * dot, Unicode (its A-label is given, RFC 5890), broken punycode, an IP address, a public suffix, and what is no name at all.
 */
export const checkDomain = (given: string): string => {
  const text = given.trim()
  const refuse = (why: string, instead?: string): never => {
    throw new UsageError(`"${printable(given)}" is not a domain: ${why}${instead ? `; write ${instead}` : ''}.`)
  }
  if (text === '') refuse('it is empty', 'one such as example.com')
  if (text.length > 2000) refuse('it is longer than any domain')
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
    const host = URL.canParse(text) ? new URL(text).hostname : ''
    refuse('it is a URL', host && !/^[\d.:[\]]+$/.test(host) ? host : 'the name alone, such as example.com')
  }
  if (text.includes('@')) refuse('it is an e-mail address', text.split('@').at(-1))
  if (/[?#]/.test(text)) refuse('it holds what belongs to a page', text.split(/[/?#]/)[0] || undefined)
  if (text.includes('/')) refuse('it has a path', text.split('/')[0] || undefined)
  if (ipaddr.isValid(text.replace(/^\[|\]$/g, '')))
    refuse('it is an IP address, and certificates, mail and customers go by names', 'the name, such as example.com')
  if (/:\d*$/.test(text)) refuse('it has a port', text.replace(/:\d*$/, ''))
  if (text.endsWith('.')) refuse('it ends with a dot', text.replace(/\.+$/, ''))
  if (/[^\u0020-\u007e]/.test(text)) {
    const ascii = domainToASCII(text)
    refuse('it is written in Unicode, which DNS does not carry', ascii || 'its ASCII form, which begins with xn--')
  }
  const name = text.toLowerCase()
  if (/\s/.test(name)) refuse('it holds a blank')
  if (name.includes('*')) refuse('it holds a wildcard', name.replace(/^\*\./, ''))
  if (name.includes('..') || name.startsWith('.')) refuse('a label between its dots is empty')
  if (name.length > 253) refuse(`it is ${name.length} characters long, and DNS stops at 253`)
  const labels = name.split('.')
  const bad = labels.find(label => !/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(label))
  if (bad !== undefined) refuse(`"${printable(bad)}" may hold letters, digits and inner hyphens alone`)
  const long = labels.find(label => label.length > 63)
  if (long) refuse('a label is longer than 63 characters')
  if (labels.some(label => label.startsWith('xn--'))) {
    const unicode = domainToUnicode(name)
    // What does not decode comes back as it was.
    if (unicode === '' || unicode.split('.').some(label => label.startsWith('xn--')) || domainToASCII(unicode) !== name)
      refuse('its punycode (xn--…) does not decode to a name')
  }
  // Both halves of the list: registries (co.uk) and companies under whose names others publish (github.io).
  const known = [false, true].map(allowPrivateDomains => parse(name, { allowPrivateDomains }))
  const isSuffix = known.some(item => item.publicSuffix === name && (item.isIcann || item.isPrivate))
  if (labels.length === 1 && !isSuffix) refuse('it has no dot', `the whole name, such as ${name}.com`)
  if (isSuffix || known[0]?.publicSuffix === name)
    refuse(
      'it is a public suffix under which others register their names',
      `the name that is yours, such as example.${name}`,
    )
  return name
}

/**
 * The name that is plainly meant by what somebody typed: the host of a URL, what follows the @ of an address, the name without path,
 * port, wildcard or final dot, Unicode in its A-label (RFC 5890). What holds no name is returned as it is, for `checkDomain` to refuse.
 */
export const meantDomain = (given: string): string => {
  const text = given.trim()
  if (text.length > 2000) return text
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : null
  const host = url
    ? URL.canParse(url)
      ? new URL(url).hostname
      : text
    : text.replace(/^mailto:/i, '').split(/[/?#]/)[0]!
  const name = host.split('@').at(-1)!.replace(/^\*\./, '')
  // An IPv6 address has colons of its own.
  const bare = (/:.*:/.test(name) ? name : name.replace(/:\d*$/, '')).replace(/\.+$/, '')
  if (bare === '') return text
  return /[^\u0020-\u007e]/.test(bare) ? domainToASCII(bare) || text : bare
}

const printable = (text: string): string =>
  text.slice(0, 100).replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '�')

// Where things are reached: `--connect-to` rules, `--resolver` endpoints, and the system's name servers.
import { getServers } from 'node:dns'
import { isIP } from 'node:net'
import { isDocumentationAddress, isLoopback, isPrivateAddress } from './addresses.ts'
import type { ConnectRule, ResolverEndpoint } from './network.ts'

/** Splits at colons outside of square brackets. */
const splitFields = (text: string): string[] => {
  const fields: string[] = []
  let field = ''
  let inBrackets = false
  for (const char of text) {
    if (char === '[') inBrackets = true
    if (char === ']') inBrackets = false
    if (char === ':' && !inBrackets) {
      fields.push(field)
      field = ''
    } else field += char
  }
  fields.push(field)
  return fields
}

/** Host without brackets and trailing dot, lower case; IPv6 in Node's own spelling when `URL` knows it. */
export const normalHost = (host: string): string => {
  const bare = host.replace(/^\[(.*)\]$/, '$1').toLowerCase()
  if (isIP(bare) === 6) return new URL(`http://[${bare.replace(/%.*$/, '')}]`).hostname.slice(1, -1)
  return bare.replace(/\.$/, '')
}

const parsePort = (text: string, whole: string): number | null => {
  if (text === '') return null
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (!(port >= 1 && port <= 65_535)) throw new Error(`"${text}" in "${whole}" is not a port (1 to 65535)`)
  return port
}

const parseHost = (text: string, whole: string): string => {
  if (text.includes('[') || text.includes(']')) {
    const inside = /^\[(.*)\]$/.exec(text)?.[1]
    if (inside === undefined || isIP(inside) !== 6)
      throw new Error(`"${text}" in "${whole}" is not an IPv6 address in brackets`)
  } else if (/[\s/]/.test(text)) throw new Error(`"${text}" in "${whole}" is neither a host name nor an address`)
  return normalHost(text)
}

/** Parses `host:port:address:port` (as curl's --connect-to; IPv6 in brackets, any field may be empty). Throws with one clear sentence. */
export const parseConnectTo = (text: string): ConnectRule => {
  const fields = splitFields(text)
  if (fields.length !== 4) {
    const hint = fields.length > 4 ? '; IPv6 addresses stand in brackets' : ''
    throw new Error(`"${text}" is not host:port:address:port (it has ${fields.length} of 4 fields${hint})`)
  }
  const [host = '', port = '', toHost = '', toPort = ''] = fields
  return {
    host: parseHost(host, text),
    port: parsePort(port, text),
    toHost: parseHost(toHost, text),
    toPort: parsePort(toPort, text),
  }
}

/** The first rule that holds for one of `names` (a host name, its address, or both) and `port`; the rules' order decides. */
export const matchRule = (
  rules: readonly ConnectRule[],
  names: readonly string[],
  port: number,
): ConnectRule | undefined => {
  const wanted = names.map(normalHost)
  return rules.find(
    rule => (rule.port === null || rule.port === port) && (rule.host === '' || wanted.includes(normalHost(rule.host))),
  )
}

/**
 * True when the rule takes it upon itself that `address` is reached: it names the host or the address, or it leads everything
 * to another host. A rule for everything does not make a private address public (a redirect to 169.254.169.254 stays one),
 * unless that address is where it leads.
 */
export const leadsElsewhere = (rule: ConnectRule, address: string): boolean => {
  if (rule.host !== '' || rule.toHost === '') return rule.host !== ''
  const here = normalHost(address)
  const there = normalHost(rule.toHost)
  return !isPrivateAddress(here) || isDocumentationAddress(here) || here === there || (isLocal(here) && isLocal(there))
}

/** True for localhost and names below it. */
export const isLocalName = (host: string): boolean => /(^|\.)localhost$/.test(host)

const isLocal = (host: string): boolean => isLocalName(host) || isLoopback(host)

/** `1.2.3.4:53`, `[::1]:53`. */
export const hostPort = (host: string, port: number): string =>
  isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`

const expected =
  'expected an address such as 1.1.1.1, 127.0.0.1:5353 or [::1]:53, tls://9.9.9.9, or https://host/dns-query'

/** Host and port out of `1.2.3.4`, `1.2.3.4:53`, `::1`, `[::1]:53`, `host:853`. */
const splitHostPort = (text: string, defaultPort: number, whole: string): { host: string; port: number } => {
  if (isIP(text)) return { host: normalHost(text), port: defaultPort }
  const fields = splitFields(text)
  if (fields.length > 2 || !fields[0]) throw new Error(`"${whole}" is not a resolver: ${expected}`)
  return { host: parseHost(fields[0], whole), port: parsePort(fields[1] ?? '', whole) ?? defaultPort }
}

/** Parses what --resolver takes. Throws with one clear sentence. */
export const parseResolver = (text: string): ResolverEndpoint => {
  if (/^https:\/\//i.test(text)) {
    if (!URL.canParse(text)) throw new Error(`"${text}" is not a URL: ${expected}`)
    return { protocol: 'https', url: new URL(text).href }
  }
  if (/^tls:\/\//i.test(text)) {
    const { host, port } = splitHostPort(text.slice('tls://'.length).replace(/\/$/, ''), 853, text)
    return { protocol: 'tls', host, port, servername: host }
  }
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]
  if (scheme) throw new Error(`"${text}" is not a resolver (${scheme}:// is not known): ${expected}`)
  const { host, port } = splitHostPort(text, 53, text)
  if (!isIP(host)) throw new Error(`"${text}" is not a resolver (a name server is given by its address): ${expected}`)
  return { protocol: 'udp', host, port }
}

/** The system's name servers, in its order; the loopback address when it names none (as libc does). */
export const systemResolvers = (): ResolverEndpoint[] => {
  const servers = getServers().map(parseResolver)
  return servers.length ? servers : [{ protocol: 'udp', host: '127.0.0.1', port: 53 }]
}

/** How messages name a resolver: `127.0.0.1:53`, `tls://9.9.9.9:853`, its URL. */
export const resolverLabel = (endpoint: ResolverEndpoint): string =>
  endpoint.protocol === 'https'
    ? endpoint.url
    : `${endpoint.protocol === 'tls' ? 'tls://' : ''}${hostPort(endpoint.host, endpoint.port)}`

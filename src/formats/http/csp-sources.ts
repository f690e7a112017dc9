// Whether a page's own policies let a script or a stylesheet of it through (CSP Level 3 §6.7.2): nonces, hashes, 'strict-dynamic', hosts.
import { createHash } from 'node:crypto'
import type { CspPolicy } from './csp.ts'

/** One script or style as the page has it: `url` is null for what stands in the page; `text` is then its text. */
export type PolicedAsset = {
  kind: 'script' | 'module' | 'style'
  url: string | null
  text: string
  nonce: string
  integrity: string
}

const defaultPorts: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443', 'ws:': '80', 'wss:': '443' }

/** A scheme of a policy also lets the same scheme with encryption through (CSP3 §6.7.2.9). */
const schemeFits = (wanted: string, url: URL): boolean =>
  url.protocol === wanted ||
  (wanted === 'http:' && url.protocol === 'https:') ||
  (wanted === 'ws:' && url.protocol === 'wss:')

const hostFits = (wanted: string, host: string): boolean =>
  wanted === '*' || (wanted.startsWith('*.') ? host.endsWith(wanted.slice(1)) : host === wanted)

const portFits = (wanted: string | undefined, url: URL): boolean => {
  const port = url.port || (defaultPorts[url.protocol] ?? '')
  if (wanted === '*') return true
  if (wanted === undefined) return url.port === ''
  return wanted === port || (wanted === '80' && port === '443')
}

const hostSource = /^(?:([a-z][a-z0-9+.-]*:)\/\/)?(\*|(?:\*\.)?[\w-]+(?:\.[\w-]+)*)(?::(\d+|\*))?(\/[^?#]*)?$/i

/** Whether a source expression of a policy of the page at `self` matches a URL. */
export const sourceMatches = (source: string, target: string, self: string): boolean => {
  const url = new URL(target)
  const own = new URL(self)
  const word = source.toLowerCase()
  if (word === "'self'")
    return (
      url.origin === own.origin ||
      (url.hostname === own.hostname && schemeFits(own.protocol, url) && url.port === own.port)
    )
  if (word === '*') return /^(?:https?|wss?):$/.test(url.protocol) || url.protocol === own.protocol
  if (/^[a-z][a-z0-9+.-]*:$/.test(word)) return schemeFits(word, url)
  const match = hostSource.exec(source)
  if (!match) return false
  const [, scheme, host = '', port, path] = match
  if (!(scheme ? schemeFits(scheme.toLowerCase(), url) : schemeFits(own.protocol, url))) return false
  if (!hostFits(host.toLowerCase(), url.hostname) || !portFits(port, url)) return false
  if (!path) return true
  return path.endsWith('/') ? url.pathname.startsWith(path) : url.pathname === path
}

const directives = {
  script: ['script-src-elem', 'script-src', 'default-src'],
  module: ['script-src-elem', 'script-src', 'default-src'],
  style: ['style-src-elem', 'style-src', 'default-src'],
} as const

const hashesOf = (sources: readonly string[]): string[] =>
  sources.filter(source => /^'sha(?:256|384|512)-/i.test(source)).map(source => source.slice(1, -1))

const sameHash = (a: string, b: string): boolean =>
  a.replaceAll('-', '+').replaceAll('_', '/').replace(/^sha/i, 'sha') ===
  b.replaceAll('-', '+').replaceAll('_', '/').replace(/^sha/i, 'sha')

const allowsInlineText = (sources: readonly string[], asset: PolicedAsset): boolean => {
  const words = sources.map(source => source.toLowerCase())
  const isGuarded =
    words.some(word => /^'(?:nonce|sha(?:256|384|512))-/.test(word)) ||
    (asset.kind !== 'style' && words.includes("'strict-dynamic'"))
  if (words.includes("'unsafe-inline'") && !isGuarded) return true
  return hashesOf(sources).some(hash => {
    const algorithm = hash.split('-')[0]!.toLowerCase()
    return sameHash(hash, `${algorithm}-${createHash(algorithm).update(asset.text).digest('base64')}`)
  })
}

const allowsUrl = (sources: readonly string[], asset: PolicedAsset, url: string, self: string): boolean => {
  const hashes = hashesOf(sources)
  const pins = asset.integrity.split(/\s+/).filter(Boolean)
  if (asset.kind !== 'style' && pins.length && pins.every(pin => hashes.some(hash => sameHash(hash, pin)))) return true
  if (asset.kind !== 'style' && sources.some(source => source.toLowerCase() === "'strict-dynamic'")) return false
  return sources.some(source => sourceMatches(source, url, self))
}

/** The directive of the first policy that keeps this script or style from the page at `self`; null when all let it through. */
export const blockingDirective = (policies: readonly CspPolicy[], asset: PolicedAsset, self: string): string | null => {
  for (const { directives: given } of policies) {
    const sandbox = given['sandbox']
    if (sandbox && asset.kind !== 'style' && !sandbox.some(word => word.toLowerCase() === 'allow-scripts'))
      return 'sandbox'
    const name = directives[asset.kind].find(key => given[key] !== undefined)
    if (!name) continue
    const sources = given[name]!
    if (asset.nonce && sources.includes(`'nonce-${asset.nonce}'`)) continue
    const allowed = asset.url === null ? allowsInlineText(sources, asset) : allowsUrl(sources, asset, asset.url, self)
    if (!allowed) return name
  }
  return null
}

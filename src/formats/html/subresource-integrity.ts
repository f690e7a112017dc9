// Scripts of other sites that could be pinned by their checksum (W3C Subresource Integrity) and are not.
import { registrableDomain } from '../dns/registrable-domain.ts'
import { isMalformedIntegrity } from '../http/asset-use.ts'
import type { HtmlPage, HtmlResource } from './html.ts'

/** Servers of published files: what stands behind an address with a version there never changes. */
const fileHosts =
  /^(cdn\.jsdelivr\.net|(www\.)?unpkg\.com|cdnjs\.cloudflare\.com|ajax\.googleapis\.com|ajax\.aspnetcdn\.com|code\.jquery\.com|(maxcdn|stackpath|netdna)\.bootstrapcdn\.com|cdn\.statically\.io|esm\.sh|cdn\.skypack\.dev|yastatic\.net|lib\.baomitu\.com|cdn\.bootcdn\.net|cdn\.bootcss\.com|cdn\.staticfile\.(org|net)|polyfill\.io|cdn\.polyfill\.io|rawgit\.com|cdn\.rawgit\.com)$/i

const isUnpinned = (resource: HtmlResource, home: string | null): boolean => {
  if (resource.kind !== 'script' || resource.integrity.trim() !== '') return false
  const url = new URL(resource.url)
  if (!/^https?:$/.test(url.protocol) || registrableDomain(url.hostname) === home) return false
  return url.protocol === 'http:' || fileHosts.test(url.hostname)
}

/**
 * URLs of scripts from public file servers, or over plain HTTP, without an integrity attribute; sorted, each once. Services
 * that change their script at will (payment, analytics) cannot be pinned and are left out.
 */
export const unpinnedScripts = (page: HtmlPage): string[] => {
  const home = registrableDomain(new URL(page.url).hostname)
  return [...new Set(page.resources.filter(item => isUnpinned(item, home)).map(item => item.url))].sort()
}

/** URLs of scripts and stylesheets whose integrity attribute holds nothing that browsers read; sorted, each once. */
export const malformedPins = (page: HtmlPage): string[] => {
  const pinned = page.resources.filter(item => item.kind === 'script' || item.kind === 'stylesheet')
  return [...new Set(pinned.filter(item => isMalformedIntegrity(item.integrity)).map(item => item.url))].sort()
}

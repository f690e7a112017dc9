// Whether an address record or alias stands behind Cloudflare's proxy, and what it is for: the API's view where there is one, else
// the addresses that the zone gives.
import { isCloudflare } from '../../data/edge-ranges.ts'

type ApiRecord = { name: string; type: string; content: string; proxied: boolean }
type ZoneRecord = { name: string; type: string; data: string }

/** Records by the API, null where it was not read, and as the zone's servers have them. */
export type RecordViews = { api: readonly ApiRecord[] | null; zone: readonly ZoneRecord[] }

/** `www.example.com A` behind the proxy: by the API's own word, or by an address of Cloudflare's. */
export const isProxied = (name: string, type: string, { api, zone }: RecordViews): boolean =>
  api
    ? api.some(record => record.name === name && record.type === type && record.proxied)
    : zone.some(record => record.name === name && ['A', 'AAAA'].includes(record.type) && isCloudflare(record.data))

/** Names that others must read as they stand: of keys and proofs, and those that mail services ask an alias for. */
export const isVerification = (name: string, type: string): boolean =>
  /(^|\.)_/.test(name) || (type === 'CNAME' && /^(em\d+|bounces?|pm-bounces|autodiscover)\./.test(name))

/** Names of the mail servers by the MX records of both views, in lower case without the trailing dot. */
export const exchangesOf = ({ api, zone }: RecordViews): string[] =>
  [
    ...(api ?? []).filter(record => record.type === 'MX').map(record => record.content),
    ...zone.filter(record => record.type === 'MX').map(record => record.data.split(' ')[1] ?? ''),
  ].map(name => name.replace(/\.$/, '').toLowerCase())

/** Names that by habit carry the product's web: these belong behind the proxy. */
export const isWebName = (name: string, domain: string | undefined): boolean =>
  /^(www|app|api|dashboard|portal)\./.test(name) || name === domain

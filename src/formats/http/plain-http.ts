// What becomes of a visitor who comes over http:// (RFC 6797 §7.2): to HTTPS on the same host, at once and for good.
import { isHtml, readHtml } from '../html/html.ts'
import { type Headers, headerValue } from './headers.ts'

export type PlainHttpHop = { url: string; status: number; headers: Headers; body: string }
export type PlainHttpWalk = { hops: readonly PlainHttpHop[]; ended: string; next?: { url: string } | undefined }

export type PlainHttpFault = 'serves-plain-http' | 'insecure-hop' | 'to-other-host-first' | 'temporary'

/** Where the first answer leads; undefined when it leads nowhere. */
export const firstTarget = ({ hops, next }: PlainHttpWalk): string | undefined => hops[1]?.url ?? next?.url

/** Whether the first answer sends the visitor on. */
export const sendsOn = (walk: PlainHttpWalk): boolean => {
  const { status } = walk.hops[0]!
  return status >= 300 && status < 400 && firstTarget(walk) !== undefined
}

/** Whether something can be typed into what was served: a page with a form, or anything that is no page. */
export const isEntered = (hop: PlainHttpHop): boolean =>
  isHtml(headerValue(hop, 'content-type')) ? readHtml(hop.body, hop.url).forms.length > 0 : true

/** Faults of a walk that begins at `http://host/`, worst first; empty when it leads to HTTPS as it should. */
export const plainHttpFaults = (walk: PlainHttpWalk, host: string): PlainHttpFault[] => {
  if (!sendsOn(walk)) return ['serves-plain-http']
  const { hops, ended, next } = walk
  const target = firstTarget(walk)!
  const later = [...hops.slice(1).map(hop => hop.url), ...(next && ended !== 'answer' ? [next.url] : [])]
  const isInsecure = (url: string): boolean => url.startsWith('http:')
  if (later.length && later.every(isInsecure) && ended === 'answer') return ['serves-plain-http']
  return [
    ...(later.some(isInsecure) ? (['insecure-hop'] as const) : []),
    ...(target.startsWith('https:') && new URL(target).hostname !== host ? (['to-other-host-first'] as const) : []),
    ...([302, 303, 307].includes(hops[0]!.status) ? (['temporary'] as const) : []),
  ]
}

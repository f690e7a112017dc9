// What becomes of a visitor who comes over http:// (RFC 6797 §7.2): to HTTPS on the same host, at once and for good.
import { isHtml, readHtml } from '../html/html.ts'
import { isPage } from '../html/page-kind.ts'
import { botWall } from './bot-wall.ts'
import { readCookies, sessionCookies } from './cookie.ts'
import { type Headers, headerValue, headerValues } from './headers.ts'

export type PlainHttpHop = { url: string; status: number; headers: Headers; body: string }
export type PlainHttpWalk = {
  hops: readonly PlainHttpHop[]
  ended: string
  next?: { url: string; why: string; missing?: { reason: string } | undefined } | undefined
}

export type PlainHttpFault = 'serves-plain-http' | 'dead-end' | 'insecure-hop' | 'to-other-host-first' | 'temporary'

/** Where the first answer leads; undefined when it leads nowhere. */
export const firstTarget = ({ hops, next }: PlainHttpWalk): string | undefined => hops[1]?.url ?? next?.url

/** Whether the first answer sends the visitor on. */
export const sendsOn = (walk: PlainHttpWalk): boolean => {
  const { status } = walk.hops[0]!
  return status >= 300 && status < 400 && firstTarget(walk) !== undefined
}

/** Cookies of what stands before the product: its answers say nothing of the product's own. */
const edgeCookies = /^(__cf|_cf|cf_|aws(alb|elb)|arraffinity|incap_ses|visid_incap|nlbi_|ak_bmsc|bm_)/i

/** What only the program behind a path says of a request for it: another method, another type, other data. */
const ofProgram: readonly number[] = [405, 415, 422]

/** Whether an answer of 4xx or 5xx asks for a password, for another request or hands out a cookie, as the product itself would. */
const servesBehindStatus = (hop: PlainHttpHop, kind: string): boolean =>
  hop.status === 401 ||
  (ofProgram.includes(hop.status) && (kind === 'webhook' || kind === 'api')) ||
  (botWall(hop) === null &&
    readCookies(headerValues(hop, 'set-cookie'), 0).some(({ name, removed }) => !removed && !edgeCookies.test(name)))

/** Whether the answer shows that nothing is offered over plain HTTP: a refusal that asks for nothing. */
export const isClosedDoor = (hop: PlainHttpHop, kind = 'home'): boolean =>
  hop.status >= 400 && !servesBehindStatus(hop, kind)

/** Whether whoever comes over plain HTTP is refused where a page stands behind HTTPS. An interface for programs is right to do so. */
export const refusesVisitors = ({ hops }: PlainHttpWalk, secure: PlainHttpHop): boolean =>
  isPage(secure) && secure.status < 400 && hops.length > 0 && botWall(hops[0]!) === null

/** Kinds of routes that programs send keys or data to. */
const takesData: readonly string[] = ['home', 'api', 'webhook', 'auth', 'signup', 'dashboard', 'payment']

/** Whether something that matters travels with what was served: a password, a session, a form, data of a program. */
export const isEntered = (hop: PlainHttpHop, kind = 'home'): boolean => {
  if (hop.status === 401 || sessionCookies([hop], 0).length > 0) return true
  return isHtml(headerValue(hop, 'content-type'))
    ? readHtml(hop.body, hop.url).forms.length > 0
    : takesData.includes(kind)
}

/** Reasons for which nothing answers there for anybody; a name that does not exist is `unsupported`. */
export const certainFailures: readonly string[] = ['refused', 'tls-handshake', 'malformed', 'unsupported']

/** Whether an address is the host's own front door over HTTPS, whose failures are the certificate's. */
const isOwnHttps = (url: string, host: string): boolean => {
  if (!URL.canParse(url)) return false
  const { protocol, hostname, port } = new URL(url)
  const bare = (name: string): string => name.replace(/^www\./, '')
  return protocol === 'https:' && port === '' && bare(hostname) === bare(host)
}

/**
 * Whether the redirects end where nothing answers: a port that does not speak HTTPS, a host that is not there, an address that browsers
 * cannot read, somebody's private network. `null`: it could not be told.
 */
export const isDeadEnd = ({ hops, ended, next }: PlainHttpWalk, host: string): boolean | null => {
  if (ended === 'bad-location') return true
  if (!next || isOwnHttps(next.url, host)) return false
  const own = URL.canParse(hops[0]!.url) && URL.canParse(next.url) ? new URL(next.url).hostname === host : false
  if (ended === 'private-address') return !own
  if (ended !== 'next-hop-failed') return false
  return certainFailures.includes(next.missing?.reason ?? '') ? true : null
}

/** Faults of a walk that begins at `http://host/…`, worst first; empty when it leads to HTTPS as it should. */
export const plainHttpFaults = (walk: PlainHttpWalk, host: string, kind = 'home'): PlainHttpFault[] => {
  const { hops, ended, next } = walk
  if (isDeadEnd(walk, host)) return ['dead-end']
  if (!sendsOn(walk)) return isClosedDoor(hops[0]!, kind) ? [] : ['serves-plain-http']
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

/**
 * Where a walk whose first answer rightly leads to HTTPS on the same host goes wrong: the address whose answer leads on to one
 * without encryption or to one that does not answer, and that one. Null where the first answer itself is wrong.
 */
export const laterFault = ({ hops, next }: PlainHttpWalk, host: string): { from: string; to: string } | null => {
  const way = [...hops.map(({ url }) => url), ...(next ? [next.url] : [])]
  const [, target] = way
  if (
    target === undefined ||
    !target.startsWith('https:') ||
    !URL.canParse(target) ||
    new URL(target).hostname !== host
  )
    return null
  const wrong = way.findIndex((url, at) => at > 1 && (url.startsWith('http:') || url === next?.url))
  return wrong < 0 ? null : { from: way[wrong - 1]!, to: way[wrong]! }
}

/** A walk with the kind of the route that it began at; the front page is `home`. */
export type Walked = { walk: PlainHttpWalk; kind: string }

const order: readonly PlainHttpFault[] = [
  'serves-plain-http',
  'dead-end',
  'insecure-hop',
  'to-other-host-first',
  'temporary',
]

/** Each fault once, with the walks that have it; `isMild`: nothing that matters travels on any of them. */
export const plainHttpFindings = (
  walks: readonly Walked[],
  host: string,
): { outcome: PlainHttpFault; at: PlainHttpWalk[]; isMild: boolean }[] => {
  const faulty = walks.map(walked => ({ ...walked, faults: plainHttpFaults(walked.walk, host, walked.kind) }))
  return order.flatMap(outcome => {
    const having = faulty.filter(({ faults }) => faults.includes(outcome))
    if (!having.length) return []
    const isMild =
      outcome === 'serves-plain-http' &&
      having.every(({ walk, kind }) => !sendsOn(walk) && !isEntered(walk.hops[0]!, kind))
    return [{ outcome, at: having.map(({ walk }) => walk), isMild }]
  })
}

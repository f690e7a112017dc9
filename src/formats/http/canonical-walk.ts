// Which spelling of a site is the one, and what happens to those who come by another: judged over walks taken hop by hop.
import { registrableDomain } from '../dns/registrable-domain.ts'

type Hop = { url: string; status: number; location: string | null; secure: boolean | null }
type Spelling = {
  start: string
  scheme: 'http' | 'https'
  which: 'apex' | 'www'
  deep: boolean
  ended: string
  hops: Hop[]
  refresh: string | null
  next: { url: string; why: string; reason: string | null } | null
}
type Walk = {
  apex: string
  www: string
  exists: { apex: boolean | null; www: boolean | null }
  spellings: Spelling[]
  tags: { page: string; canonical: string }[]
}

export type CanonicalFault = {
  outcome:
    | 'both-serve'
    | 'loop'
    | 'chain'
    | 'path-lost'
    | 'query-lost'
    | 'temporary'
    | 'certificate-before-redirect'
    | 'www-missing'
    | 'apex-missing'
    | 'canonical-tag-disagrees'
  key: string
  start: string
  trail: string
}

/** The walk in one line: `http://example.com/ → 301 https://example.com/ → 200`. */
export const trailOf = (spelling: Spelling): string =>
  spelling.hops.length
    ? `${spelling.hops.map(hop => `${hop.url} → ${hop.status}`).join(' ')}${spelling.next ? ` → ${spelling.next.url} (${spelling.next.why})` : ''}`
    : `${spelling.start}: ${spelling.next?.why ?? 'no answer'}`

const originOf = (url: string): string => (URL.canParse(url) ? new URL(url).origin : '')
const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).hostname : '')

/**
 * The origin that all spellings should lead to: the given one; else where https of the apex ends, www if the apex does
 * not answer. Null when nothing answers.
 */
export const canonicalOrigin = (walk: Walk, given: string | null): string | null => {
  if (given) return originOf(given)
  const answered = walk.spellings.filter(spelling => !spelling.deep && spelling.ended === 'answer')
  const sound = answered.filter(spelling => (spelling.hops.at(-1)?.status ?? 500) < 400)
  // A page that is not there is nobody's home while another one is.
  const fronts = sound.length ? sound : answered
  const serving = (which: 'apex' | 'www') =>
    fronts.find(spelling => spelling.which === which && spelling.scheme === 'https') ??
    fronts.find(spelling => spelling.which === which)
  const ends = [serving('apex'), serving('www')].flatMap(spelling =>
    spelling?.hops.at(-1) ? [originOf(spelling.hops.at(-1)!.url)] : [],
  )
  const [first, second] = ends
  // Everything goes in circles: the apex over https stands for the address that is meant.
  if (first === undefined)
    return walk.spellings.some(spelling => spelling.hops.length > 0) ? `https://${walk.apex}` : null
  // Both serve: the pages' own canonical tags decide, where they agree.
  if (second !== undefined && first !== second) {
    const named = new Set(walk.tags.map(tag => originOf(tag.canonical)))
    const only = named.size === 1 ? [...named][0]! : null
    if (only && ends.includes(only)) return only
  }
  return first
}

const samePlace = (a: string, b: string): boolean => {
  const [x, y] = [new URL(a), new URL(b)]
  const trim = (path: string) => path.replace(/\/+$/, '').toLowerCase()
  return trim(x.pathname).endsWith(trim(y.pathname))
}

/** Whether a host answers over http, though it refuses https. */
const speaks = (walk: Walk, which: Spelling['which']): boolean =>
  walk.spellings.some(spelling => spelling.which === which && spelling.scheme === 'http' && spelling.hops.length > 0)

/** A spelling that has an address and no page: it says that there is nothing (404, 410), or refuses both ports. */
const leadsNowhere = (walk: Walk, spelling: Spelling): boolean => {
  const last = spelling.hops.at(-1)
  if (spelling.ended === 'failed') return spelling.next?.reason === 'refused' && !speaks(walk, spelling.which)
  return (
    spelling.ended === 'answer' &&
    hostOf(last?.url ?? '') === hostOf(spelling.start) &&
    [404, 410].includes(last?.status ?? 0)
  )
}

/** An answer that says neither that the site is here nor that it is elsewhere: refused to us, or out of order. */
const isInconclusive = (spelling: Spelling, home: string): boolean => {
  const last = spelling.hops.at(-1)
  return (
    !spelling.deep &&
    spelling.scheme === 'https' &&
    spelling.ended === 'answer' &&
    last !== undefined &&
    hostOf(spelling.start) !== home &&
    hostOf(last.url) === hostOf(spelling.start) &&
    last.status >= 300 &&
    ![404, 410].includes(last.status)
  )
}

/** A spelling that could not be walked. A handshake that failed and a refused connection are answers: these are judged. */
const isUnanswered = ({ deep, scheme, ended, next }: Spelling): boolean =>
  !deep &&
  scheme === 'https' &&
  (ended === 'failed' || ended === 'next-hop-failed') &&
  next?.reason !== 'tls-handshake' &&
  !(ended === 'failed' && next?.reason === 'refused')

/** Front pages over https of which it is not known where they lead: silence is no verdict. */
export const unknownSpellings = (walk: Walk, origin: string): Spelling[] =>
  walk.spellings.filter(spelling => isUnanswered(spelling) || isInconclusive(spelling, hostOf(origin)))

/** Which spelling has no address although people type it. Nobody types www before a name below the registrable domain. */
export const spellingWithoutAddress = ({ exists, apex }: Walk): 'www' | 'apex' | null => {
  if (exists.www === false && registrableDomain(apex) === apex) return 'www'
  return exists.apex === false ? 'apex' : null
}

/** Everything that is wrong with the walks, given the canonical origin. */
export const canonicalFaults = (walk: Walk, origin: string): CanonicalFault[] => {
  const faults: CanonicalFault[] = []
  const add = (outcome: CanonicalFault['outcome'], spelling: Spelling, key: string) => {
    if (!faults.some(fault => fault.outcome === outcome && fault.key === key))
      faults.push({ outcome, key, start: spelling.start, trail: trailOf(spelling) })
  }
  const home = hostOf(origin)
  for (const spelling of walk.spellings) {
    const { hops, which, start } = spelling
    const host = which === 'apex' ? walk.apex : walk.www
    if (spelling.ended === 'loop' || spelling.ended === 'too-many-redirects') add('loop', spelling, 'loop')
    // A visitor sees the certificate before the redirect. The canonical host's own certificate is another check's business.
    const untrusted =
      spelling.ended === 'failed'
        ? // An old protocol is the business of tls-versions.
          (spelling.next?.reason === 'tls-handshake' && !/PROTOCOL/.test(spelling.next.why)) ||
          (spelling.next?.reason === 'refused' && speaks(walk, which))
        : hops[0]?.secure === false
    if (spelling.scheme === 'https' && !spelling.deep && host !== home && leadsNowhere(walk, spelling))
      add(which === 'www' ? 'www-missing' : 'apex-missing', spelling, host)
    if (spelling.scheme === 'https' && host !== home && untrusted) add('certificate-before-redirect', spelling, host)
    const last = hops.at(-1)
    if (spelling.ended !== 'answer' || !last) continue
    const ownHost = hostOf(last.url) === host
    const elsewhere = spelling.refresh !== null && hostOf(spelling.refresh) !== host
    if (!spelling.deep && host !== home && ownHost && last.status >= 200 && last.status < 300)
      add(elsewhere ? 'temporary' : 'both-serve', spelling, host)
    const arrival = hops.findIndex(hop => originOf(hop.url) === origin)
    const toCanonical = arrival > 0 ? hops.slice(0, arrival) : []
    if (!spelling.deep && arrival > 2) add('chain', spelling, host)
    const temporary = toCanonical.find(hop => [302, 303, 307].includes(hop.status))
    if (!spelling.deep && temporary) add('temporary', spelling, hostOf(temporary.url))
    if (spelling.deep && arrival > 0) {
      const reached = hops[arrival]!.url
      if (!samePlace(reached, start)) add('path-lost', spelling, host)
      else if (
        ![...new URL(start).searchParams].every(([name, value]) => new URL(reached).searchParams.get(name) === value)
      )
        add('query-lost', spelling, host)
    }
  }
  for (const tag of walk.tags.filter(item => originOf(item.page) === origin && originOf(item.canonical) !== origin)) {
    faults.push({
      outcome: 'canonical-tag-disagrees',
      key: tag.canonical,
      start: tag.page,
      trail: `${tag.page} names ${tag.canonical}`,
    })
  }
  return faults
}

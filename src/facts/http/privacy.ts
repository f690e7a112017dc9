// Whether a cache in between mixes customers up: a route asked with its session (where the config gives one), then without, and once past any
// cache; and the cookies that two anonymous visitors get. No body is kept, and of cookies a digest.
import { createHash } from 'node:crypto'
import { type Missing, observed, type Subject } from '../../core/fact.ts'
import { cachingOf } from '../../formats/http/cache-control.ts'
import { cdnWord, ownCookies } from '../../formats/http/cdn-words.ts'
import { isSessionValue, likeness } from '../../formats/http/private-answer.ts'
import type { HttpHop } from '../../net/network.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'
import { routeHeaders } from './fetch.ts'
import { configuredRoute, sessionOf } from './session.ts'

export type PrivateLook = {
  url: string
  status: number
  headers: [string, string][]
  /** Cookies of the product; `session`: the value looks like one that is made for each visitor. */
  cookies: { name: string; digest: string; session: boolean }[]
}

export type Privacy = {
  /** With the session that the config gives; null where it gives none. */
  own: PrivateLook | null
  /** Without it, in the order asked. */
  anonymous: PrivateLook[]
  /** How much of the anonymous answer is the customer's own, 0 to 1. */
  shared: number
  /** Without it and past any cache, and how much of that is the customer's own; null where it need not be asked. */
  past: { status: number; shared: number } | null
}

const kept = new Set([
  'cache-control',
  'expires',
  'date',
  'age',
  'vary',
  'etag',
  'last-modified',
  'via',
  'server',
  'x-cache',
  'x-vercel-cache',
  'cf-cache-status',
  'cdn-cache',
  'cdn-cache-control',
  'cache-status',
  'fly-cache-status',
  'surrogate-control',
  'location',
  'content-type',
])

const lookOf = (hop: HttpHop): PrivateLook => ({
  url: hop.url,
  status: hop.status,
  headers: hop.headers.filter(([name]) => kept.has(name)),
  cookies: ownCookies(hop).map(({ name, value }) => ({
    name,
    digest: createHash('sha256').update(value).digest('hex').slice(0, 16),
    session: isSessionValue(value),
  })),
})

const askPlain = async (context: CollectContext, url: string): Promise<HttpHop | null> => {
  const answer = await context.net.http({ url })
  return answer.ok ? (answer.value.hops[0] ?? null) : null
}

/** The route as the customer gets it whose session the config gives: by headers, or by a flow that it is asked after. Null without one. */
const asCustomer = async (
  context: CollectContext,
  subject: Subject,
  first: HttpHop,
): Promise<HttpHop | Missing | null> => {
  const route = configuredRoute(context, subject.name)
  if (route?.after === undefined) {
    const isOwn = new URL(first.url).origin === new URL(subject.name).origin
    return routeHeaders(context, subject.name) !== undefined && isOwn ? first : null
  }
  const session = await sessionOf(context, route)
  if ('ok' in session) return session
  const { cookies } = session
  const answer = await context.net.http({ url: route.url, cookies, headers: { ...route.headers, ...session.headers } })
  return answer.ok ? (answer.value.hops[0] ?? null) : answer
}

/** The same address with something behind it that no cache has seen. */
const pastCaches = (url: string, now: string): string => {
  const asked = new URL(url)
  asked.searchParams.set('launch-ready', now.replace(/\D/g, ''))
  return asked.href
}

const nobody: Privacy = { own: null, anonymous: [], shared: 0, past: null }

/** Whether what one visitor got may be given to the next. */
const mayBeShared = (hop: HttpHop): boolean => cdnWord(hop).state === 'hit' || (cachingOf(hop).sharedSeconds ?? 0) > 0

const fact: FactDefinition<Privacy> = {
  on: 'route',
  async collect(subject, context) {
    const page = await context.need('page', subject)
    if (!page.ok) return page
    const first = page.value.hops.at(-1)!
    const signedIn = await asCustomer(context, subject, first)
    if (signedIn !== null && 'ok' in signedIn) return signedIn
    if (signedIn === null) {
      const look = lookOf(first)
      if (!look.cookies.some(({ session }) => session) || !mayBeShared(first))
        return observed({ ...nobody, anonymous: [look] }, context.now())
      const second = await askPlain(context, first.url)
      return observed({ ...nobody, anonymous: [look, ...(second ? [lookOf(second)] : [])] }, context.now())
    }
    const own = lookOf(signedIn)
    const hop = signedIn.status === 200 ? await askPlain(context, signedIn.url) : null
    if (!hop) return observed({ ...nobody, own }, context.now())
    const shared = hop.status === 200 ? likeness(signedIn.body, hop.body) : 0
    const past = shared > 0.9 ? await askPlain(context, pastCaches(signedIn.url, context.now())) : null
    return observed(
      {
        own,
        anonymous: [lookOf(hop)],
        shared,
        past: past && { status: past.status, shared: past.status === 200 ? likeness(signedIn.body, past.body) : 0 },
      },
      context.now(),
    )
  },
}
export default fact

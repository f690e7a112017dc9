// A route timed on an open schedule, as many times as it takes to say whether it is quick enough. Kept polite: all routes of a host share
// `perf.rate`.
import { type Fact, type Missing, missing, notApplicable, observed, type Subject } from '../../core/fact.ts'
import { cdnWord } from '../../formats/http/cdn-words.ts'
import { medianOf } from '../../formats/http/latency.ts'
import { cachedTargetMs, targetOf } from '../../formats/perf/route-target.ts'
import type { HttpHop } from '../../net/network.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'
import { routeHeaders } from './fetch.ts'
import { createOpenSchedule, type OpenSchedule } from './open-schedule.ts'
import { type Asking, askTimed, type Sample, type Sampled, sampleRoute } from './route-sampler.ts'
import { configuredRoute, sessionOf } from './session.ts'

export type RouteTimings = Sampled & {
  /** Where it is asked: where its redirects lead. */
  url: string
  targetMs: number
  /** Why this target: the config's own, a read that is cached, or what the route is for. */
  targetBy: 'config' | 'cached' | 'hit' | 'kind'
  sampling: { least: number; most: number; rate: number }
  /** A failed request counts as one that waited so long. */
  failedMs: number
  /** Turns that passed unused on this host, because as many requests as may be were under way. */
  missed: number
  /** The first answer of the run, connection apart, in milliseconds; null where there was none. */
  firstMs: number | null
  /** The first answer after a pause of so long, asked for where the first of the run was slow. */
  afterPause: { pauseMs: number; ms: number } | null
  /** The flow whose session was sent; null without one. */
  after: string | null
}

type Settled = { asking: Asking; firstMs: number | null; isHit: boolean; after: string | null }

const inFlight = 6
/** A first answer is slow from here on, and where it takes so many times the median. */
const slowFirstMs = 1000
const slowFirstFactor = 3

const ownTime = ({ timing }: HttpHop): number => (timing.firstByte ?? 0) + (timing.download ?? 0)

const isOfProduct = (url: string, subject: Subject, { target }: CollectContext): boolean => {
  const { hostname } = new URL(url)
  const { domain } = target
  return (
    hostname === new URL(subject.name).hostname ||
    (domain !== null && (hostname === domain || hostname.endsWith(`.${domain}`))) ||
    Object.values(target.hosts).includes(hostname)
  )
}

const endsElsewhere = (url: string): Missing =>
  notApplicable(`it leads to ${new URL(url).host}, which is no host of the product`)

/** A stream of events has no last byte to wait for. */
const isStream = (hop: HttpHop): boolean =>
  hop.headers.some(([name, value]) => name === 'content-type' && /^text\/event-stream/i.test(value))

/** With the session of a flow: asked as the signed-in customer would. */
const settleSignedIn = async (subject: Subject, context: CollectContext, after: string): Promise<Settled | Missing> => {
  const route = configuredRoute(context, subject.name)!
  const session = await sessionOf(context, route)
  if ('ok' in session) return session
  const headers = { ...route.headers, ...session.headers }
  const answer = await context.net.http({ url: subject.name, follow: 10, cookies: session.cookies, headers })
  if (!answer.ok) return answer
  const { hops, ended, next } = answer.value
  const last = hops.at(-1)!
  if (ended !== 'answer') return missing('unsupported', next?.why ?? 'its redirects lead to no page')
  if (!isOfProduct(last.url, subject, context)) return endsElsewhere(last.url)
  const { pathname, origin } = new URL(last.url)
  const refused =
    last.status === 401 || last.status === 403 || (hops.length > 1 && /log-?in|sign-?in|auth/i.test(pathname))
  if (refused)
    return missing(
      'unsupported',
      `the session of flow "${after}" does not open it: ${hops.length > 1 ? `it leads to ${origin}${pathname}` : `status ${last.status}`}`,
    )
  if (isStream(last)) return notApplicable('it sends a stream of events, which has no end to wait for')
  // A session goes to where it was made for; what redirects elsewhere is asked with cookies alone, which know their hosts.
  const own = new URL(last.url).origin === new URL(subject.name).origin ? headers : {}
  return {
    asking: { url: last.url, headers: own, cookies: session.cookies },
    firstMs: ownTime(last),
    isHit: cdnWord(last).state === 'hit',
    after,
  }
}

const settle = async (subject: Subject, context: CollectContext): Promise<Settled | Missing> => {
  const after = configuredRoute(context, subject.name)?.after
  if (after !== undefined) return settleSignedIn(subject, context, after)
  const page = await context.need('page', subject)
  if (!page.ok) return page
  const { hops, ended, next } = page.value
  if (ended !== 'answer')
    return missing('unsupported', next?.why ?? 'its redirects lead to no page', { because: next?.why })
  const last = hops.at(-1)!
  if (!isOfProduct(last.url, subject, context)) return endsElsewhere(last.url)
  if (isStream(last)) return notApplicable('it sends a stream of events, which has no end to wait for')
  const isSame = new URL(last.url).origin === new URL(subject.name).origin
  const headers = isSame ? { ...routeHeaders(context, subject.name) } : {}
  return {
    asking: { url: last.url, headers, cookies: null },
    firstMs: ownTime(last),
    isHit: cdnWord(last).state === 'hit',
    after: null,
  }
}

/** Whether another route is this very page: then that one is measured. */
const isJudgedAsAnother = async (url: string, subject: Subject, context: CollectContext): Promise<boolean> =>
  url !== subject.name &&
  configuredRoute(context, subject.name)?.p95 === undefined &&
  (await context.subjects('route')).some(route => route.name === url)

const dead = (why: Missing): Sample => ({
  at: 0,
  ms: 0,
  sentMs: 0,
  phases: { dns: null, tcp: null, tls: null, firstByte: null, download: null },
  status: 0,
  failed: why.message,
})

type Timing = Pick<CollectContext, 'net' | 'signal' | 'timeoutMs'> & { schedule: OpenSchedule }

/** Where the first answer of the run was slow and the others are not: whether it is so again after a pause. */
const afterPause = async (
  timing: Timing,
  asking: Asking,
  { samples, firstMs }: Pick<RouteTimings, 'samples' | 'firstMs'>,
  pauseMs: number,
): Promise<RouteTimings['afterPause']> => {
  const median = medianOf(samples.filter(({ failed }) => failed === null).map(({ sentMs }) => sentMs))
  if (firstMs === null || samples.length < 5 || firstMs <= Math.max(slowFirstMs, slowFirstFactor * median)) return null
  if (pauseMs <= 0) return null
  await timing.schedule.quiet()
  await timing.net.options.clock.sleep(pauseMs, timing.signal)
  if (timing.signal.aborted) return null
  const answer = await askTimed(timing, asking)
  return 'hop' in answer ? { pauseMs, ms: Math.round(ownTime(answer.hop)) } : null
}

const scheduleOf = (context: CollectContext, url: string, rate: number): OpenSchedule => {
  const { host } = new URL(url)
  const { clock } = context.net.options
  return context.once(`http/route-timings ${host}`, () =>
    createOpenSchedule({ clock, rate, inFlight: Math.max(inFlight, Math.ceil(rate)), signal: context.signal }),
  )
}

const usual = { rate: 2, samples: { least: 5, most: 200 }, coldPause: 60_000 }

const fact: FactDefinition<RouteTimings> = {
  on: 'route',
  // As long as its requests take, all routes of a host one after another.
  deadlines: 2000,
  async collect(subject, context): Promise<Fact<RouteTimings>> {
    const kind = subject.details?.['kind']
    if (kind === 'webhook') return notApplicable('a webhook is asked with POST alone, by whoever sends events')
    const { rate, samples: bounds, coldPause } = { ...usual, ...context.config.perf }
    const route = configuredRoute(context, subject.name)
    const settled = await settle(subject, context)
    // Whoever is to be called late must have the time to be so.
    const failedMs = Math.max(context.timeoutMs, 3 * (route?.p95 ?? 0))
    const given = { kind, p95: route?.p95, cached: route?.cached === true }
    const common = { sampling: { ...bounds, rate }, failedMs, after: route?.after ?? null, afterPause: null, missed: 0 }
    if ('ok' in settled) {
      // Twice looked at and no answer, while others answer: that is how it fails for everybody.
      if (
        route?.after !== undefined ||
        (settled.reason !== 'timeout' && settled.reason !== 'refused') ||
        settled.because
      )
        return settled
      const stopped = { kind: 'failing', why: settled.message } as const
      const targetMs = targetOf({ ...given, isHit: false })
      const none = { samples: [dead(settled)], spoiled: 0, limited: 0, stopped, firstMs: null }
      return observed({ ...common, ...none, url: subject.name, targetMs, targetBy: 'kind' }, context.now())
    }
    const { asking, firstMs, isHit } = settled
    if (await isJudgedAsAnother(asking.url, subject, context))
      return notApplicable(`it leads to ${asking.url}, which is measured by itself`)
    const targetMs = targetOf({ ...given, isHit })
    const targetBy =
      given.p95 !== undefined
        ? 'config'
        : given.cached
          ? 'cached'
          : isHit && targetMs === cachedTargetMs
            ? 'hit'
            : 'kind'
    const timing = { ...context, timeoutMs: failedMs, schedule: scheduleOf(context, asking.url, rate) }
    const expected = route?.expectStatus === undefined ? undefined : [route.expectStatus].flat()
    const sampled = await sampleRoute(timing, asking, { ...bounds, targetMs, failedMs, kind, expected })
    const stopped =
      sampled.stopped?.kind === 'failing' ? await weighed(context, asking, sampled.stopped) : sampled.stopped
    const cold = stopped ? null : await afterPause(timing, asking, { ...sampled, firstMs }, coldPause)
    const missed = timing.schedule.missed()
    return observed(
      { ...common, ...sampled, stopped, url: asking.url, targetMs, targetBy, firstMs, afterPause: cold, missed },
      context.now(),
    )
  },
}
export default fact

/** Silence in a row: whether it is theirs. The usual way of asking looks twice, and at others beside. */
const weighed = async (
  { net }: CollectContext,
  { url, headers, cookies }: Asking,
  stopped: NonNullable<Sampled['stopped']>,
): Promise<NonNullable<Sampled['stopped']>> => {
  const again = await net.http({ url, headers, ...(cookies ? { cookies } : {}) })
  return !again.ok && (again.reason === 'unproven' || again.reason === 'internal')
    ? { kind: 'ours', why: again.message }
    : stopped
}

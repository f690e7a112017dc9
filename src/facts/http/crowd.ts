// Customers who come at once: each with a session of their own walks the flows and routes of the config, with pauses as people make them;
// before them one does the same alone. Only where it is asked for.
import type { Config } from '../../config/schema.ts'
import { wasStarved } from '../../core/clock.ts'
import { notApplicable, observed } from '../../core/fact.ts'
import { statusVerdict } from '../../formats/http/route-status.ts'
import { isUntold } from '../../formats/perf/crowd-verdict.ts'
import { type Smell, smellOf } from '../../formats/perf/load-smell.ts'
import { quantileOf } from '../../formats/perf/p95.ts'
import { targetOf } from '../../formats/perf/route-target.ts'
import { seeded } from '../../formats/perf/seeded.ts'
import type { HttpRequest, Network } from '../../net/network.ts'
import { isAsked, notAsked } from '../asked.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'
import { type Walked, walkFlow } from './flow-run.ts'
import { sessionAfter } from './session.ts'

/** What became of one step, for one group. Times in milliseconds. */
export type Tally = {
  count: number
  failed: number
  /** Failures without an answer, in a wait in which this machine gave us too few turns to hear one: they prove nothing. */
  unheard?: number
  p50: number
  p95: number
  /** Why it failed, and how often. */
  failures: [string, number][]
  smells: [Smell, number][]
  /** When it failed first, since the group began; null where it did not. */
  firstFailureAt: number | null
}

/** A step in the words of the flow, or a route. */
export type CrowdStep = {
  step: string
  of: 'sign-in' | 'flow' | 'route'
  targetMs: number | null
  one: Tally
  crowd: Tally
}

export type Crowd = {
  users: number
  walks: number
  /** Requests in all, of the many. */
  requests: number
  steps: CrowdStep[]
  /** Why the many were sent home early; null where they walked to the end. */
  stopped: string | null
  /** This machine gave the many no turn in a good part of their time: what they waited is not the product's alone. */
  starved?: boolean
}

type Did = {
  step: string
  of: CrowdStep['of']
  targetMs: number | null
  at: number
  ms: number
  failed: string | null
  isHeard: boolean
  smell: Smell | null
}

const walks = 3
/** Times that the many are sent where this machine was too busy to say whose waiting it was. */
const mostCrowds = 3
/** Failures in a row, whoever meets them, after which nobody is sent any more. */
const mostInRow = 30

type Route = Config['routes'][number]
type Flow = NonNullable<Config['flows']>[number]

/** What one group does, and what it met. */
type Group = {
  context: CollectContext
  flows: readonly Flow[]
  routes: readonly Route[]
  began: number
  did: Did[]
  failedInRow: number
  stopped: string | null
}

const keep = (group: Group, did: Omit<Did, 'at'>): void => {
  group.did.push({ ...did, at: group.context.net.options.clock.attended() - group.began })
  group.failedInRow = did.failed === null ? 0 : group.failedInRow + 1
  if (group.failedInRow >= mostInRow) group.stopped ??= `${mostInRow} requests in a row failed`
}

const isOver = ({ context, stopped }: Group): boolean => stopped !== null || context.signal.aborted

/** Pauses between two clicks of this customer. */
const pauseOf = ({ context }: Group, customer: number): (() => Promise<void>) => {
  const random = seeded(customer + 1)
  const { least = 1000, most = 3000 } = context.config.perf?.think ?? {}
  return () => context.net.options.clock.sleep(least + random() * Math.max(0, most - least), context.signal)
}

/** The way out as one customer has it: no queue of ours, no second look; it says what the last answer smelt of. */
const customersNet = ({
  context,
}: Group): { net: Network; last(): { smell: Smell | null; message: string | null } } => {
  let smell: Smell | null = null
  let message: string | null = null
  const http = async (request: HttpRequest) => {
    const answer = await context.net.http({
      ...request,
      timed: true,
      timeoutMs: request.timeoutMs ?? context.timeoutMs,
    })
    const hop = answer.ok ? answer.value.hops.at(-1) : undefined
    message = answer.ok ? (answer.value.next?.why ?? null) : answer.message
    smell = smellOf({ status: hop?.status ?? 0, body: hop?.body ?? '', message: answer.ok ? null : answer.message })
    return answer
  }
  return { net: { ...context.net, http }, last: () => ({ smell, message }) }
}

const walkOneFlow = async (group: Group, flow: Flow, pause: () => Promise<void>): Promise<Walked> => {
  const { net, last } = customersNet(group)
  const of = flow.kind === 'login' ? 'sign-in' : 'flow'
  const { clock } = net.options
  let began = clock.attended()
  return walkFlow(flow, net, {
    beforeStep: async () => {
      await pause()
      began = clock.attended()
    },
    onStep: ({ what, status, problem, milliseconds }) => {
      const { smell, message } = last()
      const failed = problem ?? (status === 0 ? (message ?? 'no answer') : null)
      const ms = milliseconds || clock.attended() - began
      keep(group, {
        step: `${flow.name}: ${what}`,
        of,
        targetMs: null,
        ms,
        failed,
        isHeard: status > 0 || !wasStarved(clock, began),
        smell: failed === null ? null : smell,
      })
    },
  })
}

const askRoute = async (group: Group, route: Route, walked: ReadonlyMap<string, Walked>): Promise<void> => {
  const { net, last } = customersNet(group)
  const { clock } = net.options
  const session = route.after === undefined ? null : walked.get(route.after)
  const given = session ? sessionAfter(session, route) : null
  // Whose sign-in failed cannot go on; that is told at the sign-in.
  if (session === undefined || (given && 'ok' in given)) return
  const began = clock.attended()
  const answer = await net.http({
    url: route.url,
    follow: 5,
    headers: { ...route.headers, ...given?.headers },
    ...(given ? { cookies: given.cookies } : {}),
  })
  const ms = clock.attended() - began
  const { smell, message } = last()
  const status = answer.ok ? answer.value.hops.at(-1)!.status : 0
  const expected = route.expectStatus === undefined ? undefined : [route.expectStatus].flat()
  const isGood = status > 0 && statusVerdict(status, route.kind, expected) === 'answers'
  const failed = isGood ? null : status > 0 ? `status ${status}` : (message ?? 'no answer')
  const targetMs = targetOf({ kind: route.kind, p95: route.p95, cached: route.cached === true, isHit: false })
  keep(group, {
    step: `GET ${new URL(route.url).origin}${new URL(route.url).pathname}`,
    of: 'route',
    targetMs,
    ms,
    failed,
    isHeard: status > 0 || !wasStarved(clock, began),
    smell: failed === null ? null : smell,
  })
}

const walk = async (group: Group, customer: number): Promise<void> => {
  const pause = pauseOf(group, customer)
  for (let nth = 0; nth < walks && !isOver(group); nth++) {
    const walked = new Map<string, Walked>()
    for (const flow of group.flows) {
      if (isOver(group)) return
      const done = await walkOneFlow(group, flow, pause)
      const isWhole = done.untold === null && done.steps.every(({ problem }) => problem === null)
      if (isWhole) walked.set(flow.name, done)
    }
    for (const route of group.routes) {
      if (isOver(group)) return
      await pause()
      await askRoute(group, route, walked)
    }
  }
}

/** The part without turns from which on the times of many say more of this machine than of the product: the many share one processor here. */
const mostStalled = 1 / 5

const counted = <K extends string>(list: readonly K[]): [K, number][] =>
  [...new Set(list)]
    .map((item): [K, number] => [item, list.filter(other => other === item).length])
    .sort((a, b) => b[1] - a[1])

const tallyOf = (did: readonly Did[]): Tally => {
  const failed = did.filter(one => one.failed !== null)
  const times = did.map(({ ms }) => ms)
  return {
    count: did.length,
    failed: failed.length,
    unheard: failed.filter(({ isHeard }) => !isHeard).length,
    p50: Math.round(quantileOf(times, 0.5)),
    p95: Math.round(quantileOf(times, 0.95)),
    failures: counted(failed.map(one => one.failed!)).slice(0, 5),
    smells: counted(failed.flatMap(({ smell }) => (smell === null ? [] : [smell]))),
    firstFailureAt: failed.length ? Math.round(Math.min(...failed.map(({ at }) => at))) : null,
  }
}

const stepsOf = (one: Group, many: Group): CrowdStep[] => {
  const all = [...one.did, ...many.did]
  return [...new Set(all.map(({ step }) => step))].map(step => {
    const { of, targetMs } = all.find(did => did.step === step)!
    const own = (group: Group): Did[] => group.did.filter(did => did.step === step)
    return { step, of, targetMs, one: tallyOf(own(one)), crowd: tallyOf(own(many)) }
  })
}

const fact: FactDefinition<Crowd> = {
  on: 'domain',
  // As long as people take who make pauses.
  deadlines: 2000,
  async collect({ name: domain }, context) {
    const { config, net, signal } = context
    const users = config.perf?.users
    if (users === undefined) return notApplicable('perf.users is not configured; launch-ready perf users asks for it')
    if (!isAsked(config.domain, context.target.domain)) return notApplicable(notAsked(config.domain))
    const flows = (config.flows ?? []).filter(flow => !flow.browser)
    const routes = config.routes.filter(route => route.kind !== 'webhook')
    if (flows.length + routes.length === 0)
      return notApplicable(`the config names no flow and no route of ${domain} to walk`)
    const groupOf = (): Group => ({
      context,
      flows,
      routes,
      began: net.options.clock.attended(),
      did: [],
      failedInRow: 0,
      stopped: null,
    })
    const one = groupOf()
    await walk(one, 0)
    const rampUp = config.perf?.rampUp ?? 10_000
    for (let nth = 1; ; nth++) {
      const many = groupOf()
      await Promise.all(
        Array.from({ length: users }, async (_, customer) => {
          await net.options.clock.sleep((customer * rampUp) / users, signal)
          await walk(many, customer + 1)
        }),
      )
      const steps = stepsOf(one, many)
      const starved = wasStarved(net.options.clock, many.began, mostStalled)
      if (nth < mostCrowds && isUntold(steps, starved) && !signal.aborted) continue
      return observed({ users, walks, requests: many.did.length, steps, stopped: many.stopped, starved }, context.now())
    }
  },
}
export default fact

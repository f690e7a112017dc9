// Asks one route again and again on the schedule of its host until its 95th percentile can be told, and says why it stopped otherwise.

import { wasStarved } from '../../core/clock.ts'
import { bareUrl } from '../../formats/http/bare-url.ts'
import { statusVerdict } from '../../formats/http/route-status.ts'
import { type Boundaries, boundariesFor } from '../../formats/perf/boundaries.ts'
import { firstVerdict, rowOf } from '../../formats/perf/p95.ts'
import type { Cookies } from '../../net/cookies.ts'
import { type HttpHop, headerOf, type Network, type Timing } from '../../net/network.ts'
import type { OpenSchedule } from './open-schedule.ts'

/** One timed request. Times in milliseconds. */
export type Sample = {
  /** When it was due, since the first. */
  at: number
  /** From when it was due to the last byte: what a customer waits who comes at that moment. */
  ms: number
  /** From when it was really sent. */
  sentMs: number
  phases: Omit<Timing, 'total'>
  /** 0 where nothing was answered. */
  status: number
  /** Why it counts as failed: no answer, or a status that the route does not expect. Null where it does not. */
  failed: string | null
}

/** Why sampling ended before anything could be said; `ours`: the reason may be on our side. */
export type Stopped = {
  kind: 'redirect' | 'limited' | 'endless' | 'failing' | 'interrupted' | 'ours'
  why: string
}

/** `failedMs`: how long a customer counts as waiting whose request fails. */
export type Sampling = {
  least: number
  most: number
  targetMs: number
  failedMs: number
  kind: unknown
  expected?: readonly number[] | undefined
}

export type Sampled = { samples: Sample[]; spoiled: number; limited: number; stopped: Stopped | null }

export type Asking = { url: string; headers: Record<string, string>; cookies: Cookies | null }

type Context = { net: Network; schedule: OpenSchedule; signal: AbortSignal; timeoutMs: number }

const noPhases: Sample['phases'] = { dns: null, tcp: null, tls: null, firstByte: null, download: null }
const redirects = new Set([301, 302, 303, 307, 308])
/** Failures, or refusals to be asked so often, in a row: then it is left alone. */
const mostInRow = 5
const mostLimits = 3
/** A pause that is asked for and longer than this is not waited for. */
const longestPauseMs = 30_000
const usualPauseMs = 2_000
/** Requests after which no more is asked only to tell "over" from "over twice". */
const enoughForTwice = 12

/** Milliseconds that a Retry-After asks for; null where it says nothing that can be read. */
export const retryAfterMs = (value: string | null, now: number): number | null => {
  if (value === null) return null
  if (/^\s*\d{1,9}\s*$/.test(value)) return Number(value) * 1000
  const date = Date.parse(value)
  return Number.isNaN(date) ? null : Math.max(0, date - now)
}

/** One request, at once, within the deadline whatever it waits for. */
export const askTimed = async (
  { net, timeoutMs }: Pick<Context, 'net' | 'timeoutMs'>,
  { url, headers, cookies }: Asking,
): Promise<{ hop: HttpHop } | { problem: string }> => {
  const { clock } = net.options
  let cancel = (): void => {}
  const late = new Promise<{ late: true }>(resolve => {
    cancel = clock.after(timeoutMs + 50, () => resolve({ late: true }))
  })
  const asked = net.http({ url, method: 'GET', headers, timed: true, timeoutMs, ...(cookies ? { cookies } : {}) })
  const answer = await Promise.race([asked, late])
  cancel()
  if ('late' in answer) return { problem: `no answer within ${timeoutMs / 1000} s` }
  if (!answer.ok) return { problem: answer.message }
  return { hop: answer.value.hops.at(-1)! }
}

const wayOut = (hop: HttpHop): string | null => {
  const location = redirects.has(hop.status) ? headerOf(hop, 'location') : null
  return location !== null && URL.canParse(location, hop.url) ? new URL(location, hop.url).href : null
}

const rounded = (ms: number): number => Math.round(ms * 100) / 100

/** Why a status counts as failed; null where the route expects it. */
const unexpected = (hop: HttpHop, { kind, expected }: Sampling): string | null =>
  statusVerdict(hop.status, kind, expected) === 'answers' ? null : `status ${hop.status}`

/** A request of the row: null while it is under way; `left out` where it says nothing of the route. */
type Slot = { is: Sample | null | 'left out' }

/** Sampling under way. */
type State = {
  context: Context
  asking: Asking
  sampling: Sampling
  boundaries: Boundaries
  slots: Slot[]
  sampled: Omit<Sampled, 'samples'>
  firstDue: number | null
  sent: number
  underWay: number
  failedInRow: number
  /** Requests in a row without an answer that we could not have heard. */
  unheardInRow: number
  over: boolean
  end(): void
}

/** What has been answered without a gap: later requests may have been answered sooner. */
const answered = ({ slots }: Pick<State, 'slots'>): Sample[] => {
  const row: Sample[] = []
  for (const { is } of slots) {
    if (is === null) break
    if (is !== 'left out') row.push(is)
  }
  return row
}

/** Whether the row says all that it is going to say. */
const isDone = (state: State): boolean => {
  const { sampling, boundaries, sent } = state
  const { targetMs, most } = sampling
  const row = rowOf(answered(state), sampling.failedMs)
  const { verdict } = firstVerdict(row, targetMs, boundaries)
  if (verdict === 'within') return true
  if (verdict === 'open') return row.length >= most || sent >= 2 * most
  const isFar = row.filter(({ ms }) => ms > 2 * targetMs).length * 2 >= row.length
  return !isFar || row.length >= enoughForTwice || firstVerdict(row, 2 * targetMs, boundaries).verdict === 'over'
}

const stop = (state: State, stopped: Stopped): void => {
  state.sampled.stopped ??= stopped
  state.end()
}

/** The host limits us: what it asks for is honoured, and after a few times it is left alone. */
const heedLimit = (state: State, hop: HttpHop): void => {
  const { context, sampled } = state
  const { clock } = context.net.options
  sampled.limited += 1
  const pause = retryAfterMs(headerOf(hop, 'retry-after'), clock.now()) ?? usualPauseMs * 2 ** (sampled.limited - 1)
  if (sampled.limited < mostLimits && pause <= longestPauseMs) {
    context.schedule.pauseUntil(clock.attended() + pause)
    return
  }
  const asks = pause > longestPauseMs ? ` and asks for a pause of ${Math.round(pause / 1000)} s` : ''
  stop(state, { kind: 'limited', why: `it limits requests from here (429)${asks}` })
}

/** What ends the sampling or leaves this answer out of the row; false where it counts. */
const isLeftOut = (state: State, hop: HttpHop | null): boolean => {
  const away = hop ? wayOut(hop) : null
  if (hop?.status === 429) heedLimit(state, hop)
  else if (away !== null)
    stop(state, { kind: 'redirect', why: `after ${answered(state).length} answers it redirects to ${bareUrl(away)}` })
  else if (hop?.truncated)
    stop(state, { kind: 'endless', why: 'its answer does not end: more than 5 MB, and no end in sight' })
  else return false
  return true
}

/** One turn of the schedule. */
const take = async (state: State, due: number): Promise<void> => {
  const { context, sampling, sampled } = state
  const { clock } = context.net.options
  if (state.over || answered(state).length + state.underWay >= sampling.most) return
  state.firstDue ??= due
  const slot: Slot = { is: null }
  state.slots.push(slot)
  // At the first request the connection is opened and what is loaded once is loaded.
  const isWarmUp = state.sent === 0
  state.sent += 1
  state.underWay += 1
  const began = clock.attended()
  const answer = await askTimed(context, state.asking)
  const ended = clock.attended()
  state.underWay -= 1
  const hop = 'hop' in answer ? answer.hop : null
  const failed = 'problem' in answer ? answer.problem : unexpected(answer.hop, sampling)
  const ms = ended - due
  // What we could not attend to may have been the server's time or ours: where it decides, the request is left out.
  // So is one without an answer in a wait in which this machine gave us too few turns to hear one.
  const isSpoiled =
    hop === null
      ? wasStarved(clock, began)
      : failed === null && ms <= sampling.targetMs && ms + clock.stalledSince(due) > sampling.targetMs
  if (isSpoiled && !isWarmUp) sampled.spoiled += 1
  state.unheardInRow = isSpoiled && hop === null ? state.unheardInRow + 1 : 0
  if (isSpoiled || isLeftOut(state, hop) || (isWarmUp && failed === null)) slot.is = 'left out'
  else {
    const { total: _, ...phases } = hop?.timing ?? { ...noPhases, total: 0 }
    const times = { at: rounded(due - state.firstDue), ms: rounded(ms), sentMs: rounded(ended - began) }
    slot.is = { ...times, phases, status: hop?.status ?? 0, failed }
    state.failedInRow = failed === null ? 0 : state.failedInRow + 1
  }
  if (state.over) return state.end()
  if (state.unheardInRow >= mostInRow)
    return stop(state, { kind: 'ours', why: 'this machine was too busy to hear answers' })
  if (state.failedInRow >= mostInRow)
    return stop(state, { kind: 'failing', why: `${state.failedInRow} requests in a row failed: ${failed}` })
  if (isDone(state)) state.end()
}

/** Samples until the verdict stands, or nothing more is to be learnt. */
export const sampleRoute = (context: Context, asking: Asking, sampling: Sampling): Promise<Sampled> =>
  new Promise(resolve => {
    const state: State = {
      context,
      asking,
      sampling,
      boundaries: boundariesFor(sampling),
      slots: [],
      sampled: { spoiled: 0, limited: 0, stopped: null },
      firstDue: null,
      sent: 0,
      underWay: 0,
      failedInRow: 0,
      unheardInRow: 0,
      over: false,
      end() {
        state.over = true
        place.leave()
        context.signal.removeEventListener('abort', onAbort)
        if (state.underWay > 0) return
        const samples = state.slots.map(({ is }) => is).filter(is => is !== null && is !== 'left out')
        resolve({ ...state.sampled, samples })
      },
    }
    const place = context.schedule.join({ take: due => take(state, due) })
    const onAbort = (): void => stop(state, { kind: 'interrupted', why: 'interrupted' })
    context.signal.addEventListener('abort', onAbort, { once: true })
    if (context.signal.aborted) onAbort()
  })

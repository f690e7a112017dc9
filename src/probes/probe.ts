// One look at one thing: what a probe is asked and what it says. Probes keep nothing between two looks.
import type { Cause } from '../core/cause.ts'
import { type Evidence, httpEvidence, textEvidence } from '../core/evidence.ts'
import type { Missing, Reason } from '../core/fact.ts'
import { createCookies } from '../net/cookies.ts'
import type { HttpHop, HttpRequest, Network } from '../net/network.ts'

/** `unknown`: nothing says that the thing is broken, and it could not be looked at (a timeout, a limit of requests). */
export type ProbeState = 'ok' | 'failed' | 'unknown'

export type ProbeResult = {
  state: ProbeState
  /** What was seen, on one line; parts of it may come from strangers. */
  detail: string
  /** Milliseconds of the network's phases; null where nothing answered. */
  latencyMs: number | null
  evidence: Evidence[]
  /** A fault that another look would only find again. */
  final?: true
  /** Why there was nothing to see, and what lies behind it. */
  reason?: Reason
  cause?: Cause
  /** The address that answered. */
  address?: string
}

type Seen = { latencyMs?: number | null; evidence?: Evidence[]; address?: string }

const result = (
  state: ProbeState,
  detail: string,
  { latencyMs = null, evidence = [], address }: Seen,
): ProbeResult => ({
  ...(address === undefined ? {} : { address }),
  state,
  detail,
  latencyMs: latencyMs === null ? null : Math.round(latencyMs * 100) / 100,
  evidence: evidence.length ? evidence : [textEvidence('seen', detail)],
})

export const ok = (detail: string, seen: Seen = {}): ProbeResult => result('ok', detail, seen)
export const failed = (detail: string, seen: Seen = {}): ProbeResult => result('failed', detail, seen)
export const unknown = (detail: string, seen: Seen = {}): ProbeResult => result('unknown', detail, seen)

/** Reasons that are the product's own doing: it answered, and not as it should. */
const ownFaults = new Set<Reason>(['refused', 'tls-handshake', 'http-status', 'malformed', 'too-large', 'forbidden'])

/** Why there was nothing to see; a name that does not exist is a failure too. */
export const ofMissing = ({
  reason,
  message,
  because,
  cause,
}: Pick<Missing, 'reason' | 'message' | 'because' | 'cause'>): ProbeResult => ({
  ...(ownFaults.has(reason) || because !== undefined ? failed(message) : unknown(message)),
  reason,
  ...(cause ? { cause } : {}),
})

/** Bytes of a page that are read: marks of versions and forms stand early. */
const maxBytes = 2 << 20

export type Answer = { hop: HttpHop; latencyMs: number }

/** `200 in 31 ms`. */
export const within = ({ status, timing }: Pick<HttpHop, 'status' | 'timing'>): string =>
  `${status} in ${Math.round(timing.total)} ms`

/** What an answer is evidence of. */
export const seenIn = ({ hop, latencyMs }: Answer): Required<Seen> => ({
  latencyMs,
  address: hop.address,
  evidence: [httpEvidence(hop.url, within(hop), { status: hop.status })],
})

/** The last answer of an exchange on a connection of its own, the certificate verified; or why there is none. */
export const answerOf = async (net: Network, request: HttpRequest): Promise<Answer | ProbeResult> => {
  const exchange = await net.http({ verify: 'strict', maxBytes, fresh: true, cookies: createCookies(), ...request })
  if (!exchange.ok) return ofMissing(exchange)
  const { ended, hops, next } = exchange.value
  const hop = hops.at(-1)
  if (!hop) return unknown('no answer')
  const answer = { hop, latencyMs: hops.reduce((sum, { timing }) => sum + timing.total, 0) }
  if (ended === 'answer') return answer
  if (ended === 'too-many-redirects') {
    if ((request.follow ?? 0) === 0) return answer
    return failed(`more than ${request.follow} redirects, the last to ${next?.url ?? '?'}`, seenIn(answer))
  }
  const detail = `${ended}: ${next?.url ?? hop.url}${next?.missing ? ` (${next.missing.message})` : ''}`
  const {
    evidence: _,
    detail: __,
    latencyMs: ___,
    ...why
  } = next?.missing ? ofMissing(next.missing as Missing) : failed(detail)
  return { ...failed(detail, seenIn(answer)), ...why }
}

export const isResult = (given: Answer | ProbeResult): given is ProbeResult => 'state' in given

/** An answer that is not as expected; one that limits requests says nothing about the product. */
export const unexpected = (detail: string, answer: Answer): ProbeResult =>
  answer.hop.status === 429 ? unknown(detail, seenIn(answer)) : failed(detail, seenIn(answer))

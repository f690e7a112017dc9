// What the status of a key route means, by what the route is for.
import type { Reason } from '../../core/fact.ts'

/** Whether a route that gave no answer is down for everybody: it refuses, or it is silent while other hosts answer. */
export const isDown = (reason: Reason, othersAnswer: boolean): boolean =>
  reason === 'refused' || ((reason === 'timeout' || reason === 'tls-handshake') && othersAnswer)

/** The same of a route whose server completes handshakes: it is there, and gives no answer that a browser could show. */
export const isMute = (reason: Reason): boolean =>
  ['refused', 'tls-handshake', 'unreachable', 'malformed', 'timeout'].includes(reason)

/** The same host at another port: its address was reached here by --connect-to, so it is no private network. */
const isSameHost = (a: string, b: string): boolean =>
  URL.canParse(a) && URL.canParse(b) && new URL(a).hostname === new URL(b).hostname

/** Whether the redirects end at a private address of another host. */
export const leadsIntoPrivateNetwork = (walk: {
  hops: readonly { url: string }[]
  ended: string
  next?: { url: string } | undefined
}): boolean => walk.ended === 'private-address' && !isSameHost(walk.next?.url ?? '', walk.hops.at(-1)?.url ?? '')

/** A dashboard and an API may refuse a stranger; a webhook is made for POST, so what a GET gets there says little. */
const mayAnswer = (kind: unknown, status: number): boolean =>
  kind === 'webhook' ? status < 500 : (kind === 'dashboard' || kind === 'api') && (status === 401 || status === 403)

export type StatusVerdict = 'answers' | 'limited' | 'server-error' | 'not-found' | 'unexpected-status'

/** Judges the status where a route ends; `expected` is what the config names (`routes[].expectStatus`). */
export const statusVerdict = (status: number, kind: unknown, expected?: readonly number[]): StatusVerdict => {
  const isExpected = expected ? expected.includes(status) : status < 300 || status === 304 || mayAnswer(kind, status)
  if (isExpected) return 'answers'
  if (status === 429) return 'limited'
  if (status >= 500) return 'server-error'
  return status === 404 || status === 410 ? 'not-found' : 'unexpected-status'
}

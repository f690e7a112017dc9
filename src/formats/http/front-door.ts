// Which side of a host's front door is judged: HTTPS, or plain HTTP where that is all there is.
import type { Fact } from '../../core/fact.ts'

type Exchange = { hops: { url: string }[]; ended: string; next?: { url: string } | undefined }

/**
 * The side that customers get. Where HTTPS gave no answer and plain HTTP only leads there, nothing was seen of the host: that is why
 * HTTPS is missing, not an answer of plain HTTP's.
 */
export const frontDoor = <E extends Exchange>(web: { https: Fact<E>; http: Fact<E> }): Fact<E> => {
  if (web.https.ok || !web.http.ok) return web.https
  const { hops, ended, next } = web.http.value
  const own = new URL(hops[0]!.url).hostname
  const leadsBack = ended === 'next-hop-failed' && next && URL.canParse(next.url) && new URL(next.url).hostname === own
  return leadsBack ? web.https : web.http
}

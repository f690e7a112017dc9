// What a running product shows of itself, for drills: which commit it says it is, and whether it is another copy than before.
import { type HttpHop, headerOf, type Network } from '../net/network.ts'
import { answerOf, isResult } from './probe.ts'
import { longestSearched, type VersionPlace, versionAt } from './version.ts'

export type MarkerRequest = VersionPlace & { url: string }

export type Marker = {
  /** The commit or version; null where none was found. */
  version: string | null
  /** What changes with each deploy even of the same commit: deployment ids, build times. */
  copy: string
  status: number
  /** The beginning of the page. */
  body: string
}

/** The version at the place that is named; else what looks like a commit. */
const versionIn = (hop: HttpHop, place: VersionPlace): string | null =>
  place.header || place.json || place.pattern
    ? versionAt(hop, place)
    : (/\b[0-9a-f]{7,40}\b/.exec(hop.body.slice(0, longestSearched))?.[0] ?? null)

const copies = ['x-vercel-deployment-url', 'x-deployment-id', 'x-build', 'last-modified', 'etag']

/** Looks once; null with why where nothing answered. */
export const readMarker = async (request: MarkerRequest, net: Network): Promise<Marker | string> => {
  const answer = await answerOf(net, { url: request.url, follow: 3 })
  if (isResult(answer)) return answer.detail
  const { hop } = answer
  const copy = [...copies.map(name => headerOf(hop, name) ?? ''), request.json ? hop.body.slice(0, 2000) : ''].join(
    '\n',
  )
  return { version: versionIn(hop, request), copy, status: hop.status, body: hop.body.slice(0, longestSearched) }
}

// What a running product shows of itself, for drills: which commit it says it is, and whether it is another copy than before.

import { isRecord } from '../formats/is-record.ts'
import { type HttpHop, headerOf, type Network } from '../net/network.ts'
import { answerOf, isResult } from './probe.ts'
import { longestSearched, type VersionPlace, versionAt } from './version.ts'

export type MarkerRequest = VersionPlace & { url: string }

export type Marker = {
  /** The commit or version; null where none was found. */
  version: string | null
  /** What may tell one copy of the same commit from another: deployment ids, build times. */
  signs: Readonly<Record<string, string>>
  status: number
  /** The beginning of the page. */
  body: string
}

/** The version at the place that is named; else what looks like a commit. */
const versionIn = (hop: HttpHop, place: VersionPlace): string | null =>
  place.header || place.json || place.pattern
    ? versionAt(hop, place)
    : (/\b[0-9a-f]{7,40}\b/.exec(hop.body.slice(0, longestSearched))?.[0] ?? null)

const signHeaders = ['x-vercel-deployment-url', 'x-deployment-id', 'x-build', 'last-modified', 'etag']

/** The fields of a page of JSON that hold one value each. */
const jsonSigns = (body: string): [string, string][] => {
  try {
    const page: unknown = JSON.parse(body)
    return isRecord(page)
      ? Object.entries(page).flatMap(([name, value]): [string, string][] =>
          value === null || typeof value === 'object' ? [] : [[`json ${name}`, String(value)]],
        )
      : []
  } catch {
    return []
  }
}

/** Looks once; null with why where nothing answered. */
export const readMarker = async (request: MarkerRequest, net: Network): Promise<Marker | string> => {
  const answer = await answerOf(net, { url: request.url, follow: 3 })
  if (isResult(answer)) return answer.detail
  const { hop } = answer
  const body = hop.body.slice(0, longestSearched)
  const headers = signHeaders.map((name): [string, string] => [name, headerOf(hop, name) ?? ''])
  const signs = Object.fromEntries([...headers, ...(request.json ? jsonSigns(body) : [])])
  return { version: versionIn(hop, request), signs, status: hop.status, body }
}

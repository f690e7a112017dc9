// What a running product shows of itself, for drills: which commit it says it is, and whether it is another copy than before.
import { simpleRegExp } from '../formats/glob.ts'
import { type HttpHop, headerOf, type Network } from '../net/network.ts'
import { answerOf, isResult } from './probe.ts'

export type MarkerRequest = {
  url: string
  header?: string | undefined
  json?: string | undefined
  pattern?: string | undefined
}

export type Marker = {
  /** The commit or version; null where none was found. */
  version: string | null
  /** What changes with each deploy even of the same commit: deployment ids, build times. */
  copy: string
  status: number
  /** The beginning of the page. */
  body: string
}

const atPath = (body: string, path: string): string | null => {
  try {
    let value: unknown = JSON.parse(body)
    for (const key of path.split('.'))
      value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined
    return typeof value === 'string' || typeof value === 'number' ? String(value) : null
  } catch {
    return null
  }
}

const longestSearched = 50_000

const versionIn = (hop: HttpHop, { header, json, pattern }: MarkerRequest): string | null => {
  if (header) return headerOf(hop, header)
  if (json) return atPath(hop.body, json)
  const body = hop.body.slice(0, longestSearched)
  if (pattern) return simpleRegExp(pattern)?.exec(body)?.[1] ?? null
  return /\b[0-9a-f]{7,40}\b/.exec(body)?.[0] ?? null
}

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

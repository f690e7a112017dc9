// Which commit the running product says that it is.
import { simpleRegExp } from '../formats/glob.ts'
import { type HttpHop, headerOf, type Network } from '../net/network.ts'
import { answerOf, isResult, ok, type ProbeResult, seenIn, unexpected, within } from './probe.ts'

/** Where an answer states a version: a header, a path into JSON (`build.commit`), or a pattern's first group. */
export type VersionPlace = { header?: string | undefined; json?: string | undefined; pattern?: string | undefined }

/** `commit` is the one that was deployed; it may stand anywhere where no place is named. */
export type VersionRequest = VersionPlace & { url: string; commit: string }

/** What stands at `build.commit` of a JSON answer. */
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

/** Whether two spellings of a commit are one: short and long, at least seven characters. */
export const sameCommit = (a: string, b: string): boolean => {
  const [one, other] = [a.trim().toLowerCase(), b.trim().toLowerCase()]
  return (
    one === other ||
    (Math.min(one.length, other.length) >= 7 &&
      /^[0-9a-f]+$/.test(one + other) &&
      (one.startsWith(other) || other.startsWith(one)))
  )
}

/** Characters of an answer that a pattern is tried on. */
export const longestSearched = 50_000

/** The version at its place; null where nothing stands there, or no place is named. */
export const versionAt = (hop: HttpHop, { header, json, pattern }: VersionPlace): string | null => {
  if (header) return headerOf(hop, header)
  if (json) return atPath(hop.body, json)
  return pattern ? (simpleRegExp(pattern)?.exec(hop.body.slice(0, longestSearched))?.[1] ?? null) : null
}

export const probeVersion = async (request: VersionRequest, net: Network): Promise<ProbeResult> => {
  const { url, commit, header, json, pattern } = request
  const short = commit.slice(0, 12)
  const answer = await answerOf(net, { url, follow: 3 })
  if (isResult(answer)) return answer
  const { hop } = answer
  if (hop.status !== 200) return unexpected(within(hop), answer)
  if (!header && !json && !pattern)
    return hop.body.includes(commit) || hop.body.includes(short)
      ? ok(`holds ${short}`, seenIn(answer))
      : unexpected(`the answer lacks ${short}: the version before may still be running`, answer)
  const found = versionAt(hop, request)
  if (found === null) return unexpected(`no version at ${header ?? json ?? pattern}`, answer)
  return sameCommit(found, commit)
    ? ok(`runs ${found.slice(0, 12)}`, seenIn(answer))
    : unexpected(`runs ${found.slice(0, 40)}, deployed was ${short}`, answer)
}

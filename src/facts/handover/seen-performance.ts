// The performance baseline of the repository, in short.
import type { Production } from '../../formats/handover/production.ts'
import { isRecord } from '../../formats/is-record.ts'
import { withoutSecrets } from '../../formats/monitor/section.ts'
import { createReader } from '../repo/read.ts'

const file = 'launch-ready.perf.json'
const most = 50

/** What `launch-ready perf baseline` wrote. */
export const seenPerformance = (repo: string | null): Production['performance'] => {
  const source = repo === null ? null : createReader(repo).maybe(file, { maxBytes: 1 << 20, whole: true })
  if (source === null) return null
  try {
    const value: unknown = JSON.parse(source)
    const { at, routes } = isRecord(value) ? value : {}
    return {
      file,
      recorded: typeof at === 'string' ? at.slice(0, 10) : null,
      routes: (Array.isArray(routes) ? routes.filter(isRecord) : [])
        .slice(0, most)
        .flatMap(({ url, p95 }) =>
          typeof url === 'string' ? [{ url: withoutSecrets(url), p95: typeof p95 === 'number' ? p95 : null }] : [],
        ),
    }
  } catch {
    return { file, recorded: null, routes: [] }
  }
}

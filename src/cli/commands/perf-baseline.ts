// `perf baseline`: measures, and writes the intervals into a file for `perf budget` to compare with.
import { UsageError } from '../../config/errors.ts'
import { bytesInWords } from '../../formats/http/compressed.ts'
import type { PerfBaseline } from '../../formats/perf/budget.ts'
import { intervalInWords, waitInWords } from '../../formats/perf/route-words.ts'
import type { Call } from '../call.ts'
import { exitCodes } from '../exit-code.ts'
import { obstacle, writeText } from '../reports.ts'
import { measure, settlePerf, usualFile } from './perf-measured.ts'

/** Exit code 0; 3 when nothing could be measured: then nothing is written. */
export const run = async (call: Call): Promise<number> => {
  const { io } = call
  const file = call.action.file ?? usualFile
  const why = obstacle(file, io.cwd)
  if (why) throw new UsageError(`--file ${file}: ${why}.`)
  const { domain, settled } = await settlePerf(call)
  const { routes, firstLoadJs, result, mask } = await measure(call, settled)
  if (result.report.interrupted) return exitCodes.interrupted
  const measured = routes.filter(({ count }) => count > 0)
  for (const { url, untold } of routes) if (untold !== null) io.err(`${mask.text(`not measured: ${url}: ${untold}`)}\n`)
  if (measured.length === 0) {
    io.err('nothing could be measured; no baseline was written.\n')
    return exitCodes.couldNotTell
  }
  const baseline: PerfBaseline = {
    schemaVersion: 1,
    of: 'perf',
    domain,
    at: new Date(result.startedAt).toISOString(),
    routes: measured
      .map(({ url, targetMs, count, failed, p50, p95, interval }) => ({
        url,
        targetMs,
        count,
        failed,
        p50,
        p95,
        interval,
      }))
      .sort((a, b) => (a.url < b.url ? -1 : 1)),
    ...(firstLoadJs && Object.keys(firstLoadJs).length ? { firstLoadJs } : {}),
  }
  writeText(io, file, mask.text(`${JSON.stringify(baseline, null, 2)}\n`))
  for (const { url, p95, interval } of baseline.routes)
    io.out(mask.text(`  ${url}  95th percentile ${waitInWords(p95)} (${intervalInWords(interval)})\n`))
  for (const [what, bytes] of Object.entries(baseline.firstLoadJs ?? {}))
    io.out(mask.text(`  ${what || 'the built package'}  ${bytesInWords(bytes)} of scripts first\n`))
  io.out(
    `Wrote ${file}: ${baseline.routes.length} routes of ${domain}. Keep it in the repository; in CI: launch-ready perf budget\n`,
  )
  return exitCodes.ok
}

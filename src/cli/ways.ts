// What a run of the command line is given of the outside: the network, the clock, what our own watcher keeps, and who follows the run.
import { dirname, resolve } from 'node:path'
import type { AnyCheck } from '../core/check.ts'
import type { Judged } from '../core/judge.ts'
import type { MonitorReading } from '../formats/monitor/reading.ts'
import type { Mask } from '../run/mask.ts'
import type { RunRequest, RunWays } from '../run/request.ts'
import type { Call } from './call.ts'
import { createProgress } from './progress.ts'

/** What our own watcher keeps, where the config has a monitor section and there is a store. */
const readMonitor = async (request: RunRequest, io: Call['io']): Promise<MonitorReading | null> => {
  const { monitor } = request.config.config
  if (!monitor) return null
  const { readStore } = await import('../monitor/reading.ts')
  // Beside the config, as whoever watches has it.
  const { path } = request.config
  return readStore(monitor.store, { cwd: path === null ? io.cwd : dirname(resolve(io.cwd, path)), clock: io.clock })
}

/** The ways of one run, and `end` to take its progress off the screen; `mask` goes over what is announced. */
export const waysOf = (
  { io, network, version, look }: Call,
  request: RunRequest,
  mask: Mask,
): { ways: RunWays; end: () => void } => {
  const progress = createProgress(io, look, request.domain ?? request.repo ?? '')
  return {
    end: progress.end,
    ways: {
      network,
      clock: io.clock,
      env: io.env,
      signal: io.signal,
      version,
      readMonitor: () => readMonitor(request, io),
      announce: line => progress.say(mask.text(line)),
      planned: (count: number) => {
        io.onPlanned?.()
        progress.planned(count)
      },
      judged: (judged: Judged, check: AnyCheck) => {
        io.onJudged?.(judged)
        progress.judged(judged, check)
      },
      awaiting: progress.awaiting,
      salvaged: io.salvaged,
      passedOver: io.passedOver ?? [],
    },
  }
}

// Runs the real program in a world of the lab, as a user would: command line in, JSON out.
import type { Report } from '../../src/core/report.ts'
import type { RunningWorld } from '../../src/lab/start.ts'
import { main } from '../../src/main.ts'
import { systemClock } from '../../src/net/clock.ts'

export type AuditRun = { exit: number; report: Report; err: string; milliseconds: number }

/** `launch-ready audit <domain> --json` in the world, or the stage that it names. Throws where the program prints no report. */
export const auditWorld = async (running: RunningWorld, more: readonly string[] = []): Promise<AuditRun> => {
  let out = ''
  let err = ''
  const { domain } = running.world
  const start = performance.now()
  const exit = await main([running.world.stage, ...(domain ? [domain] : []), ...running.args(), '--json', ...more], {
    out: text => {
      out += text
    },
    err: text => {
      err += text
    },
    stdin: async () => '',
    env: {},
    cwd: running.cwd,
    columns: null,
    errIsTerminal: false,
    interactive: false,
    signal: new AbortController().signal,
    clock: { ...systemClock, now: () => running.now?.getTime() ?? Date.now() },
  })
  const milliseconds = performance.now() - start
  let report: Report
  try {
    report = JSON.parse(out) as Report
  } catch {
    throw new Error(`no report (exit ${exit}):\n${err}\n${out.slice(0, 2000)}`)
  }
  return { exit, report, err, milliseconds }
}

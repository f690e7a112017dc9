// Runs the real program in a world of the lab, as a user would: command line in, JSON out.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadConfig } from '../../src/config/load.ts'
import { monitorSection } from '../../src/config/sections/monitor.ts'
import type { Report } from '../../src/core/report.ts'
import type { RunningWorld } from '../../src/lab/start.ts'
import { makeStore, type Watched } from '../../src/monitor/made-store.ts'
import { systemClock } from '../../src/net/clock.ts'
import { runProgram } from './run-program.ts'

export type AuditRun = { exit: number; report: Report; err: string; milliseconds: number }

const instantOf = (running: RunningWorld): number => running.now?.getTime() ?? Date.now()

/** The store of a watcher that the world tells of. */
const prepareStore = async (running: RunningWorld): Promise<void> => {
  const { watched } = running.world
  if (watched === undefined) return
  const { config } = await loadConfig(join(running.cwd, 'launch-ready.config.yaml'), variablesOf(running))
  const section = config.monitor ?? monitorSection.parse({})
  await makeStore(watched as Watched, { config, section, cwd: running.cwd, now: instantOf(running) })
}

/** Who follows a fix that names a variable of the environment has set it. */
const variablesOf = (running: RunningWorld): Record<string, string> => {
  const path = join(running.cwd, 'launch-ready.config.yaml')
  const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
  return Object.fromEntries(
    Array.from(text.matchAll(/\$\{(\w+)\}/g), ([, name]) => [name!, `https://hooks.example/${name!.toLowerCase()}`]),
  )
}

/** `launch-ready audit <domain> --json` in the world, or the stage that it names. Throws where the program prints no report. */
export const auditWorld = async (
  running: RunningWorld,
  more: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<AuditRun> => {
  const { domain } = running.world
  await prepareStore(running)
  const start = performance.now()
  const words = [running.world.stage, ...(domain ? [domain] : []), ...running.args(), '--json', ...more]
  const { exit, out, err } = await runProgram(words, {
    cwd: running.cwd,
    env: { ...variablesOf(running), ...env },
    clock: { ...systemClock, now: () => instantOf(running) },
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

// Runs the program in a world of the lab whose repository is the working directory, as somebody at its terminal would.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RunningWorld } from '../../src/lab/start.ts'
import { systemClock } from '../../src/net/clock.ts'
import { type Ran, runProgram } from './run-program.ts'

/** `launch-ready <words>` in the world. */
export const runIn = (
  running: RunningWorld,
  words: readonly string[],
  env: Record<string, string> = {},
  interactive = false,
): Promise<Ran> =>
  runProgram([...words, ...running.args()], {
    cwd: running.cwd,
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', CHROME_PATH: '/nonexistent/chromium', ...env },
    interactive,
    clock: { ...systemClock, now: () => running.now?.getTime() ?? Date.now() },
  })

/** A file of the repository; null where it is not there. */
export const fileIn = ({ cwd }: RunningWorld, path: string): string | null =>
  existsSync(join(cwd, path)) ? readFileSync(join(cwd, path), 'utf8') : null

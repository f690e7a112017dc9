// Runs the program in a world of the lab whose repository is the working directory, as somebody at its terminal would.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RunningWorld } from '../../src/lab/start.ts'
import { main } from '../../src/main.ts'
import { systemClock } from '../../src/net/clock.ts'

export type Ran = { exit: number; out: string; err: string }

/** `launch-ready <words>` in the world. */
export const runIn = async (
  running: RunningWorld,
  words: readonly string[],
  env: Record<string, string> = {},
  interactive = false,
): Promise<Ran> => {
  let out = ''
  let err = ''
  const exit = await main([...words, ...running.args()], {
    out: text => {
      out += text
    },
    err: text => {
      err += text
    },
    stdin: async () => '',
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', CHROME_PATH: '/nonexistent/chromium', ...env },
    cwd: running.cwd,
    columns: null,
    errIsTerminal: false,
    interactive,
    signal: new AbortController().signal,
    clock: { ...systemClock, now: () => running.now?.getTime() ?? Date.now() },
  })
  return { exit, out, err }
}

/** A file of the repository; null where it is not there. */
export const fileIn = ({ cwd }: RunningWorld, path: string): string | null =>
  existsSync(join(cwd, path)) ? readFileSync(join(cwd, path), 'utf8') : null

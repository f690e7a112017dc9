// The program as a test calls it without a terminal: its words, a folder, what comes in; what it writes is given back.
import type { Clock } from '../../src/core/clock.ts'
import { main } from '../../src/main.ts'
import { systemClock } from '../../src/net/clock.ts'

export type Ran = { exit: number; out: string; err: string }

type Surroundings = {
  cwd: string
  stdin?: string
  env?: Record<string, string | undefined>
  interactive?: boolean
  signal?: AbortSignal
  clock?: Clock
}

export const runProgram = async (
  words: readonly string[],
  {
    cwd,
    stdin = '',
    env = {},
    interactive = false,
    signal = new AbortController().signal,
    clock = systemClock,
  }: Surroundings,
): Promise<Ran> => {
  let [out, err] = ['', '']
  const exit = await main([...words], {
    out: text => {
      out += text
    },
    err: text => {
      err += text
    },
    stdin: async () => stdin,
    env,
    cwd,
    columns: null,
    errIsTerminal: false,
    interactive,
    signal,
    clock,
  })
  return { exit, out, err }
}

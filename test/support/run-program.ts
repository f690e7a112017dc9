// The program as a test calls it without a terminal: its words, a folder, what comes in; what it writes is given back.
import type { Io } from '../../src/cli/io.ts'
import { main } from '../../src/main.ts'
import { systemClock } from '../../src/net/clock.ts'

export type Ran = { exit: number; out: string; err: string }

type Surroundings = Partial<Omit<Io, 'stdin'>> & { cwd: string; stdin?: string }

/** The outside of a program that nobody watches, and what it says there; whatever is not given is silent or empty. */
export const hearing = ({ stdin = '', ...more }: Surroundings): { io: Io; said: { out: string; err: string } } => {
  const said = { out: '', err: '' }
  const io: Io = {
    out: text => {
      said.out += text
    },
    err: text => {
      said.err += text
    },
    stdin: async () => stdin,
    env: {},
    columns: null,
    errIsTerminal: false,
    interactive: false,
    signal: new AbortController().signal,
    clock: systemClock,
    ...more,
  }
  return { io, said }
}

export const runProgram = async (words: readonly string[], surroundings: Surroundings): Promise<Ran> => {
  const { io, said } = hearing(surroundings)
  return { exit: await main([...words], io), ...said }
}

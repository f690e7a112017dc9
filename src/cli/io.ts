// The outside of the program: streams, environment, working directory, interruption. Tests hand in their own.

import type { Clock } from '../core/clock.ts'
import type { Judged } from '../core/judge.ts'

export type Io = {
  out: (text: string) => void
  err: (text: string) => void
  /** All of standard input, as text. */
  stdin: () => Promise<string>
  /** Standard input as bytes, no more than the first `most`; without it, its text is taken. */
  stdinBytes?: (most: number) => Promise<Buffer>
  /** Standard input as it comes. */
  stdinStream?: () => AsyncIterable<Uint8Array>
  /** The next piece of standard input as it comes, null at its end. */
  stdinPiece?: () => Promise<Uint8Array | null>
  /** Bytes to standard output, which are given away; resolves when more can be taken. */
  write?: (bytes: Uint8Array) => Promise<void>
  env: Readonly<Record<string, string | undefined>>
  cwd: string
  /** Columns of the terminal on standard output, null when it is none. */
  columns: number | null
  /** Whether standard error is a terminal. */
  errIsTerminal: boolean
  /** Standard error as a stream, where there is one: a progress display draws on it. */
  errStream?: NodeJS.WriteStream
  /** Whether a person can be asked. */
  interactive: boolean
  signal: AbortSignal
  clock: Clock
  /** Told what a run judges, so that it is not lost where the run has to be ended; a run begins with `onPlanned`. */
  onPlanned?: () => void
  onJudged?: (judged: Judged) => void
  /** What such a run had judged: it is reported, and nothing more is looked at. */
  salvaged?: Judged[] | null
  /** Files that are passed over because reading them did not end. */
  passedOver?: readonly string[]
}

/** Columns of the terminal on standard error: its own, for the other stream may be piped; null where its width is not known. */
export const errColumns = ({ errStream, columns }: Pick<Io, 'errStream' | 'columns'>): number | null =>
  errStream?.columns || columns

// The only place that knows all parts. `main` is the program; `start` hooks it to the process.
import { readFileSync } from 'node:fs'
import { describeDefect } from './cli/defect.ts'
import { exitCodes } from './cli/exit-code.ts'
import type { Io } from './cli/io.ts'

/** Version of the package. */
export const packageVersion = (): string =>
  (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }).version

/** Runs the program with the words after its name. Never throws, never exits; resolves to the exit code. */
export const main = async (argv: readonly string[], io: Io): Promise<number> => {
  const { runProgram } = await import('./cli/program.ts')
  return runProgram(argv, io, packageVersion())
}

/** Runs the program on this process: its arguments, streams, signals and exit code. */
export const start = async (): Promise<void> => {
  const abort = new AbortController()
  let interrupts = 0
  const interrupt = (): void => {
    interrupts++
    abort.abort()
    // A second Ctrl-C does not wait for the report.
    if (interrupts > 1) process.exit(130)
  }
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)
  // What was thrown where nobody catches is a defect of ours, and is told as one.
  process.on('uncaughtException', error => {
    process.stderr.write(describeDefect(error, process.argv))
    process.exit(exitCodes.defect)
  })
  // Node would warn that FORCE_COLOR wins; with us NO_COLOR does.
  if (process.env['NO_COLOR']) delete process.env['FORCE_COLOR']
  let heard = true
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // The reader of the pipe has gone (`| head`): it is told nothing more, and the exit code still says how it ended.
    if (error.code !== 'EPIPE') throw error
    heard = false
  })
  const io: Io = {
    out: text => {
      if (heard) process.stdout.write(text)
    },
    err: text => {
      const { stderr } = process
      if (stderr.listenerCount('error') === 0) stderr.on('error', () => {})
      stderr.write(text)
    },
    stdin: async () => {
      const chunks: Buffer[] = []
      for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
      return Buffer.concat(chunks).toString('utf8')
    },
    stdinBytes: async most => {
      const chunks: Buffer[] = []
      let size = 0
      for await (const chunk of process.stdin) {
        chunks.push(chunk as Buffer)
        size += (chunk as Buffer).length
        if (size >= most) break
      }
      return Buffer.concat(chunks).subarray(0, most)
    },
    env: process.env,
    cwd: process.cwd(),
    // Asked for when needed: each of these streams costs milliseconds of start-up.
    get columns() {
      return process.stdout.isTTY ? process.stdout.columns : null
    },
    get errIsTerminal() {
      return process.stderr.isTTY === true
    },
    get interactive() {
      return process.stdin.isTTY === true && process.stdout.isTTY === true && !process.env['CI']
    },
    signal: abort.signal,
    elapsed: () => performance.now(),
    now: () => Date.now(),
  }
  process.exitCode = await main(process.argv.slice(2), io)
  // Whatever still holds the process (a socket that does not close) must not keep the user waiting.
  setTimeout(() => process.exit(), 2000).unref()
}

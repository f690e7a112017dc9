// The only place that knows all parts. `main` is the program; `start` hooks it to the process.
import { readFileSync } from 'node:fs'
import { describeDefect } from './cli/defect.ts'
import { exitCodes } from './cli/exit-code.ts'
import { errColumns, type Io } from './cli/io.ts'
import { systemClock } from './net/clock.ts'

/** Version of the package. */
export const packageVersion = (): string =>
  (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }).version

/** Runs the program with the words after its name. Never throws, never exits; resolves to the exit code. */
export const main = async (argv: readonly string[], io: Io): Promise<number> => {
  const { runProgram } = await import('./cli/program.ts')
  return runProgram(argv, io, packageVersion())
}

/** Interrupts: the first asks the run to end, a second does not wait for its report. */
const listenForInterrupts = (): AbortSignal => {
  const abort = new AbortController()
  let interrupts = 0
  const interrupt = (): void => {
    interrupts++
    abort.abort()
    if (interrupts > 1) process.exit(exitCodes.interrupted)
  }
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)
  return abort.signal
}

/** What was thrown where nobody catches is a defect of ours: it is stated as one, once, and the run goes on to its report. */
const listenForDefects = (): { seen: boolean } => {
  const defect = { seen: false }
  process.on('uncaughtException', error => {
    if (!defect.seen) process.stderr.write(describeDefect(error, process.argv))
    defect.seen = true
    // What waits for something that will not come any more must not end as a success.
    process.exitCode = exitCodes.defect
  })
  return defect
}

/** Writes to standard output until its reader has gone (`| head`); the exit code still says how it ended. */
const createOut = (): Io['out'] => {
  let isRead = true
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    const isNews = isRead && error.code !== 'EPIPE'
    isRead = false
    if (isNews) throw error
  })
  return text => {
    if (isRead) process.stdout.write(text)
  }
}

/** Writes bytes to standard output and waits while its reader is slower; a reader that has gone takes no more. */
const createWrite = (): NonNullable<Io['write']> => {
  let isRead = true
  let listens = false
  /** Ends the wait for the piece that was written last. */
  let end = (): void => {}
  const listen = (): void => {
    listens = true
    process.stdout.on('drain', () => end())
    process.stdout.on('error', () => {
      isRead = false
      end()
    })
  }
  return bytes =>
    new Promise(done => {
      if (!isRead) return done()
      if (!listens) listen()
      end = done
      if (process.stdout.write(bytes)) done()
    })
}

/** All of standard input, or no more than its first `most` bytes. */
const readInput = async (most = Number.POSITIVE_INFINITY): Promise<Buffer> => {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of process.stdin) {
    chunks.push(chunk as Buffer)
    size += (chunk as Buffer).length
    if (size >= most) break
  }
  return Buffer.concat(chunks).subarray(0, most)
}

/** Standard input, a piece each time. */
const createPieces = (): NonNullable<Io['stdinPiece']> => {
  let pieces: AsyncIterator<Buffer> | undefined
  return async () => {
    pieces ??= process.stdin[Symbol.asyncIterator]() as AsyncIterator<Buffer>
    const { value, done } = await pieces.next()
    return done ? null : value
  }
}

/** The outside as this process has it. */
const processIo = (signal: AbortSignal): Io => ({
  out: createOut(),
  err: text => {
    const { stderr } = process
    if (stderr.listenerCount('error') === 0) stderr.on('error', () => {})
    stderr.write(text)
  },
  stdin: async () => (await readInput()).toString('utf8'),
  stdinBytes: readInput,
  stdinStream: () => process.stdin as AsyncIterable<Uint8Array>,
  stdinPiece: createPieces(),
  write: createWrite(),
  env: process.env,
  cwd: process.cwd(),
  // Asked for when needed: each of these streams costs milliseconds of start-up.
  get columns() {
    // A terminal that does not know its width says 0.
    return process.stdout.isTTY ? process.stdout.columns || null : null
  },
  get errIsTerminal() {
    return process.stderr.isTTY === true
  },
  get errStream() {
    return process.stderr
  },
  get interactive() {
    return process.stdin.isTTY === true && process.stdout.isTTY === true && !process.env['CI']
  },
  signal,
  clock: systemClock,
})

/** Commands that read what strangers wrote: they run in a thread that can be ended, while this one hears signals. */
const held = new Set(['audit', 'dns', 'email', 'deploy', 'perf', 'monitor', 'handover', 'demo'])

/** Those of them that ask the person at the terminal. */
const asking = new Set(['handover write', 'handover drill'])

/** Whether these words run in a thread of their own. Help has nothing to read, and who asks a person needs the terminal itself. */
const isHeld = (argv: readonly string[], io: Io): boolean => {
  const [command = '', action] = argv
  if (argv.some(word => word === '--help' || word === '-h')) return false
  if (io.interactive && asking.has(`${command} ${action}`)) return false
  // `launch-ready example.com` audits.
  return held.has(command) || (!command.startsWith('-') && /[.@]|:\/\//.test(command))
}

/** Resolves when both streams have taken what was written to them, or take nothing any more. */
const written = (): Promise<unknown> =>
  Promise.all([process.stdout, process.stderr].map(stream => new Promise<void>(done => stream.write('', () => done()))))

const startHeld = async (argv: readonly string[], io: Io): Promise<number> => {
  const { holdRun } = await import('./cli/hold.ts')
  const { columns, errIsTerminal, interactive } = io
  const env = { ...process.env }
  try {
    const wide = errIsTerminal ? errColumns(io) : null
    const given = { argv, version: packageVersion(), env, columns, errColumns: wide, errIsTerminal, interactive }
    return await holdRun(given, io)
  } catch (error) {
    io.err(describeDefect(error, argv))
    return exitCodes.defect
  }
}

/** Runs the program on this process: its arguments, streams, signals and exit code. */
export const start = async (): Promise<void> => {
  const signal = listenForInterrupts()
  const defect = listenForDefects()
  // Node would warn that FORCE_COLOR wins; with us NO_COLOR does.
  if (process.env['NO_COLOR']) delete process.env['FORCE_COLOR']
  const argv = process.argv.slice(2)
  const io = processIo(signal)
  const isInThread = isHeld(argv, io)
  const code = isInThread ? await startHeld(argv, io) : await main(argv, io)
  process.exitCode = defect.seen ? exitCodes.defect : code
  if (isInThread) await written()
  // It ends by itself where nothing holds it: `process.exit` waits for V8's own threads, and for ever for one of them that waits for this
  // one (https://github.com/nodejs/node/issues/54918). Whatever still holds it (a socket or an input that does not close) must not keep
  // the user waiting; a thread that has ended holds nothing.
  setTimeout(() => process.exit(), isInThread ? 100 : 2000).unref()
}

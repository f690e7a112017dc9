// The thread of a held run (hold.ts): the program as it is, with an outside made of messages.
import { clearLine, cursorTo, moveCursor } from 'node:readline'
import { Writable } from 'node:stream'
import { parentPort, workerData } from 'node:worker_threads'
import { systemClock } from '../net/clock.ts'
import { describeDefect } from './defect.ts'
import { exitCodes } from './exit-code.ts'
import type { FromRun, Held, ToRun } from './hold.ts'
import type { Io } from './io.ts'

const held = workerData as Held
const port = parentPort!
const tell = (message: FromRun): void => port.postMessage(message)
const abort = new AbortController()
let giveInput = (_: Uint8Array): void => {}

port.on('message', (message: ToRun) => {
  if (message.is === 'abort') abort.abort()
  else if (message.is === 'stdin') giveInput(message.bytes)
  else tell({ is: 'alive' })
})

/** Standard error of the other thread, as a stream that a progress display can draw on. */
const errStream = (): NodeJS.WriteStream => {
  const stream = new Writable({
    write: (chunk, _, done) => {
      tell({ is: 'err', text: String(chunk) })
      done()
    },
  }) as unknown as NodeJS.WriteStream
  return Object.assign(stream, {
    isTTY: true,
    columns: held.columns ?? 80,
    clearLine: (direction: -1 | 0 | 1) => clearLine(stream, direction),
    cursorTo: (x: number, y?: number) => cursorTo(stream, x, y),
    moveCursor: (x: number, y: number) => moveCursor(stream, x, y),
  })
}

const readInput = (most: number): Promise<Buffer> =>
  new Promise(resolve => {
    giveInput = bytes => resolve(Buffer.from(bytes))
    tell({ is: 'stdin', most })
  })

const io: Io = {
  out: text => tell({ is: 'out', text }),
  err: text => tell({ is: 'err', text }),
  stdin: async () => (await readInput(Number.POSITIVE_INFINITY)).toString('utf8'),
  stdinBytes: readInput,
  env: held.env,
  cwd: process.cwd(),
  columns: held.columns,
  errIsTerminal: held.errIsTerminal,
  ...(held.errIsTerminal ? { errStream: errStream() } : {}),
  interactive: held.interactive,
  signal: abort.signal,
  clock: systemClock,
  salvaged: held.salvaged,
  passedOver: held.readings.passedOver,
  onPlanned: () => tell({ is: 'planned' }),
  onJudged: judged => tell({ is: 'judged', judged }),
}

let isDefect = false
process.on('uncaughtException', error => {
  if (!isDefect) io.err(describeDefect(error, held.argv))
  isDefect = true
})
if (held.salvaged) abort.abort()
const { runProgram } = await import('./program.ts')
const code = await runProgram(held.argv, io, held.version)
tell({ is: 'done', code: isDefect ? exitCodes.defect : code })

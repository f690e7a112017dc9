// The thread of a held run (hold.ts): the program as it is, with an outside made of messages.
import { enableCompileCache, flushCompileCache } from 'node:module'
import { clearLine, cursorTo, moveCursor } from 'node:readline'
import { Writable } from 'node:stream'
import { parentPort, workerData } from 'node:worker_threads'
import type { Judged } from '../core/judge.ts'
import { systemClock } from '../net/clock.ts'
import { describeDefect } from './defect.ts'
import { exitCodes } from './exit-code.ts'
import type { FromRun, Held, ToRun } from './hold.ts'
import type { Io } from './io.ts'

const held = workerData as Held
const port = parentPort!
const tell = (message: FromRun): void => port.postMessage(message)
const abort = new AbortController()
// Another thread's code is not cached because the first one's is.
enableCompileCache()
let giveInput = (_: Uint8Array): void => {}
let givePiece = (_: Uint8Array | null): void => {}
let goOn = (): void => {}
let giveJudged = (_: Judged[]): void => {}

port.on('message', (message: ToRun) => {
  if (message.is === 'abort') abort.abort()
  else if (message.is === 'stdin') giveInput(message.bytes)
  else if (message.is === 'chunk') givePiece(message.bytes)
  else if (message.is === 'written') goOn()
  else if (message.is === 'salvage') giveJudged(message.judged)
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
    columns: held.errColumns ?? 80,
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

const readPieces = async function* (): AsyncGenerator<Uint8Array> {
  for (;;) {
    const piece = await new Promise<Uint8Array | null>(resolve => {
      givePiece = resolve
      tell({ is: 'more' })
    })
    if (piece === null) return
    yield piece
  }
}

/** Memory that holds nothing but these bytes: it can be handed over as it is. */
const ownMemory = ({ buffer, byteLength }: Uint8Array): ArrayBuffer[] =>
  buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : []

const write = (bytes: Uint8Array): Promise<void> =>
  new Promise(resolve => {
    goOn = resolve
    port.postMessage({ is: 'write', bytes } satisfies FromRun, ownMemory(bytes))
  })

const io: Io = {
  out: text => tell({ is: 'out', text }),
  err: text => tell({ is: 'err', text }),
  stdin: async () => (await readInput(Number.POSITIVE_INFINITY)).toString('utf8'),
  stdinBytes: readInput,
  stdinStream: readPieces,
  write,
  env: held.env,
  cwd: process.cwd(),
  columns: held.columns,
  errIsTerminal: held.errIsTerminal,
  ...(held.errIsTerminal ? { errStream: errStream() } : {}),
  interactive: held.interactive,
  signal: abort.signal,
  clock: systemClock,
  passedOver: held.readings.passedOver,
  onPlanned: () => tell({ is: 'planned' }),
  onJudged: judged => tell({ is: 'judged', judged }),
}

let isDefect = false
process.on('uncaughtException', error => {
  if (!isDefect) io.err(describeDefect(error, held.argv))
  isDefect = true
})
if (held.isSalvage) {
  abort.abort()
  const judged = new Promise<Judged[]>(resolve => {
    giveJudged = resolve
  })
  // What the report takes is loaded while the other thread may still answer.
  await import('./commands/stage.ts')
  io.salvaged = await judged
}
const { runProgram } = await import('./program.ts')
const code = await runProgram(held.argv, io, held.version)
tell({ is: 'done', code: isDefect ? exitCodes.defect : code })
flushCompileCache()

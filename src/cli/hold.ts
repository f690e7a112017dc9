// Holds a run in a thread of its own, so that this one always hears: signals, and a reader that never ends. A run that does not answer is
// ended, and reported with what was judged until then.
import { Worker } from 'node:worker_threads'
import { clean } from '../core/clean.ts'
import type { Judged } from '../core/judge.ts'
import { noteBytes, noted, type Readings } from '../facts/repo/held.ts'
import { exitCodes } from './exit-code.ts'
import type { Io } from './io.ts'

/** What the thread of the run is given. */
export type Held = {
  argv: readonly string[]
  version: string
  env: Io['env']
  columns: number | null
  errIsTerminal: boolean
  interactive: boolean
  /** What was judged in a run that had to be ended: it is reported, and nothing more is looked at. */
  salvaged: Judged[] | null
  /** The file that is read at a moment, and files on which a reader did not end. */
  readings: Readings
}

export type FromRun =
  | { is: 'out'; text: string }
  | { is: 'err'; text: string }
  | { is: 'stdin'; most: number }
  | { is: 'planned' }
  | { is: 'judged'; judged: Judged }
  | { is: 'alive' }
  | { is: 'done'; code: number }

export type ToRun = { is: 'abort' | 'ping' } | { is: 'stdin'; bytes: Uint8Array }

export type Bounds = {
  /** Milliseconds in which a run that shall end must say that it lives, and those for the report of one that did not. */
  answerMs: number
  salvageMs: number
  /** Milliseconds of processor time after which a run that says nothing is taken for one that never ends. */
  mostWorkMs: number
}

const bounds: Bounds = { answerMs: 350, salvageMs: 4_000, mostWorkMs: 60_000 }

/** Why a run was ended from outside. */
type End = 'interrupted' | 'silent' | 'broken'

type Watched = {
  ended: Promise<{ code: number } | { end: End; error?: unknown }>
  judged: Judged[]
}

/** Starts the thread and follows it until it ends, or has to be ended. */
const watch = (held: Held, io: Io, { answerMs, mostWorkMs }: Bounds): Watched => {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const home = import.meta.url.replace(/\/chunks\/[^/]+$/, '/')
  const worker = new Worker(new URL(`./worker.${extension}`, home), { workerData: held, stdin: false })
  const send = (message: ToRun): void => worker.postMessage(message)
  let judged: Judged[] = []
  let workAtAnswer = process.cpuUsage()
  let isAsked = false
  let isEnding = false
  let answerTimer: NodeJS.Timeout | undefined
  const ended = new Promise<{ code: number } | { end: End; error?: unknown }>(resolve => {
    const endRun = (how: { code: number } | { end: End; error?: unknown }): void => {
      if (isEnding) return
      isEnding = true
      clearInterval(heart)
      clearTimeout(answerTimer)
      io.signal.removeEventListener('abort', onAbort)
      void worker.terminate().then(() => resolve(how))
    }
    /** It lives as long as it answers; when it has to end, at once. */
    const ask = (): void => {
      send({ is: 'ping' })
      clearTimeout(answerTimer)
      answerTimer = setTimeout(() => endRun({ end: 'interrupted' }), answerMs)
    }
    const onAbort = (): void => {
      send({ is: 'abort' })
      ask()
    }
    const heart = setInterval(() => {
      const { user, system } = process.cpuUsage(workAtAnswer)
      if (isAsked && (user + system) / 1000 > mostWorkMs) return endRun({ end: 'silent' })
      if (isAsked) return
      isAsked = true
      send({ is: 'ping' })
    }, 500)
    const onAlive = (): void => {
      isAsked = false
      workAtAnswer = process.cpuUsage()
      if (!io.signal.aborted) return
      clearTimeout(answerTimer)
      answerTimer = setTimeout(ask, answerMs / 2)
    }
    worker.on('message', (message: FromRun) => {
      if (message.is === 'out') io.out(message.text)
      else if (message.is === 'err') io.err(message.text)
      else if (message.is === 'planned') judged = []
      else if (message.is === 'judged') judged.push(message.judged)
      else if (message.is === 'alive') onAlive()
      else if (message.is === 'done') endRun({ code: message.code })
      else
        void (io.stdinBytes?.(message.most) ?? Promise.resolve(Buffer.alloc(0))).then(bytes =>
          send({ is: 'stdin', bytes }),
        )
    })
    worker.on('error', error => endRun({ end: 'broken', error }))
    worker.on('exit', () => endRun({ end: 'broken' }))
    if (io.signal.aborted) onAbort()
    else io.signal.addEventListener('abort', onAbort, { once: true })
  })
  return {
    ended,
    get judged() {
      return judged
    },
  }
}

const endless = (what: string): string =>
  `launch-ready: ${what} kept it busy without an end, which is a defect of the tool.`

/** Files that a run may do without because reading them did not end. */
const mostPassedOver = 3

/** Whether a run may begin anew: it has sent nothing but questions. */
const mayBeginAnew = (argv: readonly string[]): boolean =>
  (argv[0] === 'deploy' || argv[0] === 'audit') && !argv.includes('--active')

/** Reports what was judged in a run that had to be ended. */
const salvage = async (held: Held, judged: Judged[], io: Io, limits: Bounds): Promise<void> => {
  if (judged.length === 0) return
  const rest = watch({ ...held, salvaged: judged }, { ...io, signal: new AbortController().signal }, limits)
  await Promise.race([rest.ended, new Promise(resolve => setTimeout(resolve, limits.salvageMs).unref())])
}

/** Runs the words in a thread that can be ended at any time; resolves to the exit code. */
export const holdRun = async (
  given: Omit<Held, 'salvaged' | 'readings'>,
  io: Io,
  within: Partial<Bounds> = {},
): Promise<number> => {
  const limits = { ...bounds, ...within }
  const passedOver: string[] = []
  for (;;) {
    const note = new SharedArrayBuffer(2 + noteBytes)
    const held: Held = { ...given, salvaged: null, readings: { note, passedOver } }
    const run = watch(held, io, limits)
    const how = await run.ended
    if ('code' in how) return how.code
    if (given.errIsTerminal) io.err('\u001b[?25h')
    if (how.end === 'interrupted') {
      io.err('launch-ready: interrupted; what was judged so far follows.\n')
      await salvage(held, run.judged, io, limits)
      return exitCodes.interrupted
    }
    if (
      how.end === 'broken' &&
      how.error !== undefined &&
      !/OUT_OF_MEMORY/.test(String((how.error as { code?: string }).code))
    )
      throw how.error
    const file = noted(note)
    if (file !== null && passedOver.length < mostPassedOver && mayBeginAnew(given.argv)) {
      passedOver.push(file)
      io.err(`${endless(`reading ${clean(file, 200)}`)} It begins anew without that file.\n`)
      continue
    }
    io.err(`${endless('something of what was read')} What was judged before follows.\n`)
    await salvage(held, run.judged, io, limits)
    return exitCodes.defect
  }
}

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
  /** Of the terminal on standard error. */
  errColumns: number | null
  errIsTerminal: boolean
  interactive: boolean
  /** Waits for what was judged in a run that had to be ended: that is reported, and nothing more is looked at. */
  isSalvage: boolean
  /** The file that is read at a moment, and files on which a reader did not end. */
  readings: Readings
}

export type FromRun =
  | { is: 'out'; text: string }
  | { is: 'err'; text: string }
  | { is: 'stdin'; most: number }
  | { is: 'more' }
  | { is: 'write'; bytes: Uint8Array }
  | { is: 'planned' }
  | { is: 'judged'; judged: Judged }
  | { is: 'alive' }
  | { is: 'done'; code: number }

export type ToRun =
  | { is: 'abort' | 'ping' | 'written' }
  | { is: 'stdin'; bytes: Uint8Array }
  | { is: 'chunk'; bytes: Uint8Array | null }
  | { is: 'salvage'; judged: Judged[] }

export type Bounds = {
  /**
   * Milliseconds in which a run that shall end must say that it lives, those after which the signal is answered in its place and the
   * thread is made ready that reports, and those of processor time and of the clock for that report: a busy machine takes none away.
   */
  answerMs: number
  readyMs: number
  salvageMs: number
  mostSalvageMs: number
  /** Milliseconds of processor time after which a run that says nothing is taken for one that never ends. */
  mostWorkMs: number
}

/** Milliseconds of processor time without an answer, after which a thread that reports is made ready: it costs as much as half a run. */
const deafWorkMs = 2_000

const bounds: Bounds = { answerMs: 300, readyMs: 60, salvageMs: 4_000, mostSalvageMs: 30_000, mostWorkMs: 60_000 }

/** Why a run was ended from outside. */
type End = 'interrupted' | 'silent' | 'broken'
type Ended = { code: number } | { end: End; error?: unknown }

/**
 * Megabytes for what a run has just made, a third of them for each of the three parts that V8 keeps: half of what it takes by itself. What
 * is read of the world is large and short of life, and most of it lay there dead.
 */
const maxYoungGenerationSizeMb = 24

const startThread = (held: Held): Worker => {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const home = import.meta.url.replace(/\/chunks\/[^/]+$/, '/')
  return new Worker(new URL(`./worker.${extension}`, home), {
    workerData: held,
    stdin: false,
    resourceLimits: { maxYoungGenerationSizeMb },
    // A thread runs a file: what says how text was handed to the program is not for it.
    execArgv: process.execArgv.filter(flag => !/^(?:--(?:input-type|eval|print)\b|-[ep]$)/.test(flag)),
  })
}

/** Gives the thread what it asks for of the outside, and the outside what it says. Pieces go one by one: nobody runs ahead of anybody. */
const serve = (message: FromRun, io: Io, send: (message: ToRun) => void): void => {
  if (message.is === 'out') io.out(message.text)
  else if (message.is === 'err') io.err(message.text)
  else if (message.is === 'write') void io.write?.(message.bytes).then(() => send({ is: 'written' }))
  else if (message.is === 'more')
    void io.stdinPiece?.().then(
      bytes => send({ is: 'chunk', bytes }),
      () => send({ is: 'chunk', bytes: null }),
    )
  else if (message.is === 'stdin')
    void (io.stdinBytes?.(message.most) ?? Promise.resolve(Buffer.alloc(0))).then(bytes => send({ is: 'stdin', bytes }))
}

const lookMs = 100

/** Calls back when this process has worked for so long, or so much time has passed; returns what ends the waiting. */
const afterWork = (workMs: number, mostMs: number, run: () => void): (() => void) => {
  const begun = process.cpuUsage()
  let passedMs = 0
  const timer = setInterval(() => {
    passedMs += lookMs
    const { user, system } = process.cpuUsage(begun)
    if ((user + system) / 1000 <= workMs && passedMs <= mostMs) return
    clearInterval(timer)
    run()
  }, lookMs)
  return () => clearInterval(timer)
}

/** A thread that reports what was judged in another one, made ready while that one may still answer. */
const createSalvage = (held: Held, io: Io, { salvageMs, mostSalvageMs }: Bounds) => {
  const silent = { ...held, isSalvage: true }
  let thread: Worker | undefined
  const start = (): Worker => {
    thread ??= startThread(silent).on('error', () => {})
    return thread
  }
  return {
    ready: () => void start(),
    drop: () => void thread?.terminate(),
    /** Null where the run had not begun to look: there is nothing to report. */
    report: (judged: Judged[] | null): Promise<void> =>
      new Promise(resolve => {
        if (judged === null) return resolve()
        const worker = start()
        const end = (): void => {
          stop()
          resolve()
        }
        const stop = afterWork(salvageMs, mostSalvageMs, end)
        worker.on('message', (message: FromRun) => {
          if (message.is === 'done') end()
          else serve(message, io, answer => worker.postMessage(answer))
        })
        worker.on('error', end)
        worker.on('exit', end)
        worker.postMessage({ is: 'salvage', judged } satisfies ToRun)
      }),
  }
}

type Watched = { ended: Promise<Ended>; judged: Judged[] | null }

/** What is done while a run does not answer: `deaf` once it has begun to judge, `silent` when a signal should have been answered by now. */
type Unanswered = { deaf: () => void; silent: () => void }

/** Starts the thread and follows it until it ends, or has to be ended. */
const watch = (
  held: Held,
  io: Io,
  { answerMs, readyMs, mostWorkMs }: Bounds,
  { deaf, silent }: Unanswered,
): Watched => {
  const worker = startThread(held)
  const send = (message: ToRun): void => worker.postMessage(message)
  let judged: Judged[] | null = null
  let workAtAnswer = process.cpuUsage()
  let isAsked = false
  let isEnding = false
  let timers: NodeJS.Timeout[] = []
  const again = (...next: [milliseconds: number, run: () => void][]): void => {
    for (const timer of timers) clearTimeout(timer)
    timers = next.map(([milliseconds, run]) => setTimeout(run, milliseconds))
  }
  const ended = new Promise<Ended>(resolve => {
    const endRun = (how: Ended): void => {
      if (isEnding) return
      isEnding = true
      clearInterval(heart)
      again()
      io.signal.removeEventListener('abort', onAbort)
      const gone = worker.terminate()
      // One that has ended by itself writes nothing more.
      if ('code' in how) resolve(how)
      else void gone.then(() => resolve(how))
    }
    /** It lives as long as it answers; when it has to end, at once. */
    const ask = (): void => {
      send({ is: 'ping' })
      again([readyMs, silent], [answerMs, () => endRun({ end: 'interrupted' })])
    }
    const onAbort = (): void => {
      send({ is: 'abort' })
      ask()
    }
    const heart = setInterval(() => {
      const { user, system } = process.cpuUsage(workAtAnswer)
      if (isAsked && (user + system) / 1000 > mostWorkMs) return endRun({ end: 'silent' })
      if (isAsked) {
        if (judged !== null && (user + system) / 1000 > deafWorkMs) deaf()
        return
      }
      isAsked = true
      send({ is: 'ping' })
    }, 500)
    const onAlive = (): void => {
      isAsked = false
      workAtAnswer = process.cpuUsage()
      if (io.signal.aborted) again([answerMs / 2, ask])
    }
    worker.on('message', (message: FromRun) => {
      if (isEnding) return
      if (message.is === 'planned') judged = []
      else if (message.is === 'judged') judged?.push(message.judged)
      else if (message.is === 'alive') onAlive()
      else if (message.is === 'done') endRun({ code: message.code })
      else serve(message, io, send)
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

/** Runs the words in a thread that can be ended at any time; resolves to the exit code. */
export const holdRun = async (
  given: Omit<Held, 'isSalvage' | 'readings'>,
  io: Io,
  within: Partial<Bounds> = {},
): Promise<number> => {
  const limits = { ...bounds, ...within }
  const passedOver: string[] = []
  for (;;) {
    const note = new SharedArrayBuffer(2 + noteBytes)
    const held: Held = { ...given, isSalvage: false, readings: { note, passedOver } }
    const salvage = createSalvage(held, io, limits)
    // Said before anything is waited for: a thread takes its time to go.
    let isAnswered = false
    const answer = (): void => {
      if (!isAnswered) io.err('launch-ready: interrupted; what was judged so far follows.\n')
      isAnswered = true
    }
    const silent = (): void => {
      answer()
      salvage.ready()
    }
    const run = watch(held, io, limits, { deaf: salvage.ready, silent })
    const how = await run.ended
    if ('code' in how) {
      salvage.drop()
      return how.code
    }
    if (given.errIsTerminal) io.err('\u001b[?25h')
    if (how.end === 'interrupted') {
      answer()
      await salvage.report(run.judged)
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
      salvage.drop()
      io.err(`${endless(`reading ${clean(file, 200)}`)} It begins anew without that file.\n`)
      continue
    }
    io.err(`${endless('something of what was read')} What was judged before follows.\n`)
    await salvage.report(run.judged)
    return exitCodes.defect
  }
}

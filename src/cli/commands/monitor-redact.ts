// `launch-ready monitor redact`: a log in, the same log out without secrets and personal data; or the rules as code for a logger.
import { createHmac, randomBytes } from 'node:crypto'
import {
  closeSync,
  createReadStream,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join, resolve } from 'node:path'
import { UsageError } from '../../config/errors.ts'
import { createRedactor } from '../../formats/logs/redact.ts'
import type { Call } from '../call.ts'
import { exitCodes } from '../exit-code.ts'
import type { Io } from '../io.ts'

const keyVariable = 'LAUNCH_READY_HASH_KEY'

/** Why a key that lies there is not ours: a link, a key that others may read (git checks out no other), or none at all. */
const distrust = (folder: string, file: string): string | null => {
  const at = [folder, file].map(path => lstatSync(path, { throwIfNoEntry: false }))
  if (at.some(one => one?.isSymbolicLink())) return 'it is a link'
  const [, kept] = at
  if (!kept) return null
  if (!kept.isFile() || kept.size > 200) return 'it is no key'
  if (process.platform !== 'win32' && (kept.mode & 0o077) !== 0) return 'others may read it'
  return /^[0-9a-f]{64}\s*$/.test(readFileSync(file, 'utf8')) ? null : 'it is no key'
}

/** The key of the pseudonyms: of the environment, else of a file that is made once and that nobody else may read. */
const hashKeyOf = (io: Io): string => {
  const given = io.env[keyVariable]
  if (given) return given
  const folder = join(io.cwd, '.launch-ready')
  const file = join(folder, 'redact.key')
  try {
    const why = distrust(folder, file)
    if (why) {
      io.err(
        `The key in ${file} is not used: ${why}. Remove it, or set ${keyVariable}; until then pseudonyms are the same within this run alone.\n`,
      )
      return randomBytes(32).toString('hex')
    }
    if (existsSync(file)) return readFileSync(file, 'utf8').trim()
    mkdirSync(folder, { recursive: true })
    const key = randomBytes(32).toString('hex')
    writeFileSync(file, `${key}\n`, { mode: 0o600, flag: 'wx' })
    if (!existsSync(join(folder, '.gitignore'))) writeFileSync(join(folder, '.gitignore'), '*\n')
    return key
  } catch {
    io.err(
      `No key can be kept in ${folder}: pseudonyms are the same within this run alone. Set ${keyVariable} to keep them.\n`,
    )
    return randomBytes(32).toString('hex')
  }
}

/** Bytes that are read of a file at once. */
const blockSize = 1 << 20

/** A file block by block, each read into the same memory: what was handed over before is gone. */
const blocksOf = function* (path: string): Generator<Uint8Array> {
  const file = openSync(path, 'r')
  try {
    const block = Buffer.allocUnsafeSlow(blockSize)
    for (;;) {
      const size = readSync(file, block)
      if (size === 0) return
      yield block.subarray(0, size)
    }
  } finally {
    closeSync(file)
  }
}

/** The bytes of a file, or of standard input. */
const inputOf = (operand: string, io: Io): AsyncIterable<Uint8Array> | Iterable<Uint8Array> => {
  if (operand === '-') return io.stdinStream?.() ?? once(io)
  const path = resolve(io.cwd, operand)
  const about = statSync(path, { throwIfNoEntry: false })
  if (!about) throw new UsageError(`${operand} cannot be read: there is no such file.`)
  if (about.isDirectory()) throw new UsageError(`${operand} is a directory; name the log in it.`)
  // Only a file is there at once: one that is made while it is read would keep everything waiting.
  return about.isFile() ? blocksOf(path) : createReadStream(path, { highWaterMark: 256 << 10 })
}

const once = async function* (io: Io): AsyncIterable<Uint8Array> {
  yield Buffer.from(await io.stdin())
}

/** Pieces of the input until the run is interrupted, also while it waits for one. */
const untilAborted = async function* (
  input: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const pieces = Symbol.asyncIterator in input ? input[Symbol.asyncIterator]() : input[Symbol.iterator]()
  let stop = (): void => {}
  const onAbort = (): void => stop()
  signal.addEventListener('abort', onAbort)
  try {
    while (!signal.aborted) {
      const next = await new Promise<IteratorResult<Uint8Array> | null>((done, fail) => {
        stop = () => done(null)
        Promise.resolve(pieces.next()).then(done, fail)
      })
      if (next === null || next.done) return
      yield next.value
    }
  } finally {
    signal.removeEventListener('abort', onAbort)
    // One that waits for its next piece would not end before it comes.
    if (!signal.aborted || Symbol.iterator in input) await pieces.return?.()
  }
}

/** The rules as code of a logger. */
const writeCode = async ({ io, faults, out }: Call, target: string): Promise<number> => {
  const [{ redactionCode, redactionTargets }, { writeText }] = await Promise.all([
    import('../../formats/logs/code.ts'),
    import('../reports.ts'),
  ])
  const code = redactionCode(target)
  if (!code) faults.add(`--as ${target}: expected ${redactionTargets.join(', ')}.`)
  faults.throwIfAny()
  for (const { path, content } of code!) {
    if (out === undefined) io.out(code!.length > 1 ? `# ${path}\n${content}\n` : content)
    else writeText(io, join(out, path), content)
  }
  return exitCodes.ok
}

export const run = async (call: Call): Promise<number> => {
  const { io, operands, action } = call
  if (action.as !== undefined) return writeCode(call, action.as)
  const inputs = (operands.length ? operands : ['-']).map(operand => inputOf(operand, io))
  const hashKey = action.hash
    ? createHmac('sha256', hashKeyOf(io)).update('launch-ready redact').digest('hex')
    : undefined
  let waits: Promise<void> | undefined
  let parts: Uint8Array[] = []
  /** Hands over what there is, once what was handed over before is written: meanwhile the next is looked at. */
  const flush = async (): Promise<void> => {
    const bytes = parts.length === 1 ? parts[0]! : Buffer.concat(parts)
    parts = []
    // Nothing is read ahead of a reader that is slower than we are.
    await waits
    if (bytes.length === 0) return
    if (io.write) waits = io.write(bytes)
    else io.out(Buffer.from(bytes).toString('utf8'))
  }
  for (const input of inputs) {
    const options = { ip: action.ipAddresses, ...(hashKey === undefined ? {} : { hashKey }) }
    const redactor = createRedactor(options, bytes => parts.push(bytes))
    for await (const chunk of untilAborted(input, io.signal)) {
      redactor.push(chunk)
      await flush()
    }
    if (io.signal.aborted) return exitCodes.interrupted
    redactor.end()
    await flush()
  }
  await waits
  return exitCodes.ok
}

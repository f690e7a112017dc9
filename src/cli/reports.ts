// Which reports are asked for, and where they go.
import { randomBytes } from 'node:crypto'
import {
  accessSync,
  appendFileSync,
  closeSync,
  constants,
  existsSync,
  openSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { nearest, UsageError } from '../config/errors.ts'
import { shownFrom, wayWithin } from '../core/paths.ts'
import type { Report } from '../core/report.ts'
import type { ReportOptions } from '../report/options.ts'
import { writeWhole } from '../report/shared/write-whole.ts'
import type { Mask } from '../run/mask.ts'
import type { Call, Look } from './call.ts'
import type { Io } from './io.ts'

export const reportFormats = [
  'terminal',
  'markdown',
  'html',
  'pdf',
  'json',
  'sarif',
  'junit',
  'github',
  'gitlab',
  'csv',
] as const
export type ReportFormat = (typeof reportFormats)[number]

/** `file` null: standard output. */
export type ReportRequest = { format: ReportFormat; file: string | null }

/** `--report`, `--json` → requests. The terminal report goes to standard output unless another one does. Throws UsageError. */
export const parseReports = (
  { reports, json }: Pick<Call, 'reports' | 'json'>,
  formats: readonly ReportFormat[] = reportFormats,
): ReportRequest[] => {
  const requests = [...reports, ...(json ? ['json'] : [])].map((text): ReportRequest => {
    const [name, ...rest] = text.split(':')
    const file = rest.length ? rest.join(':') : null
    if (!(formats as readonly string[]).includes(name!)) {
      const near = nearest(name!, formats)
      throw new UsageError(
        `--report ${text}: there is no format "${name}"${formats === reportFormats ? '' : ' here'}${near ? `; did you mean ${near}?` : `; expected ${formats.join(', ')}.`}`,
      )
    }
    if (file === '') throw new UsageError(`--report ${text}: the file's name is missing after the colon.`)
    if (name === 'pdf' && file === null) throw new UsageError('--report pdf: name a file: --report pdf:report.pdf.')
    return { format: name as ReportFormat, file }
  })
  const unique = requests.filter(
    (request, at) => requests.findIndex(other => other.format === request.format && other.file === request.file) === at,
  )
  const toOutput = unique.filter(request => request.file === null)
  if (toOutput.length > 1)
    throw new UsageError(
      `only one report can go to standard output, not ${toOutput.map(request => request.format).join(' and ')}; give the others a file: --report ${toOutput[1]!.format}:<file>.`,
    )
  return toOutput.length ? unique : [{ format: 'terminal', file: null }, ...unique]
}

/** Whether standard output gets colours: --no-color, NO_COLOR, FORCE_COLOR, then whether it is a terminal. */
export const wantsColor = (io: Io, look: Pick<Look, 'color'>): boolean => {
  if (!look.color || (io.env['NO_COLOR'] ?? '') !== '') return false
  const force = io.env['FORCE_COLOR']
  if (force !== undefined) return force !== '0' && force !== 'false'
  return io.columns !== null && io.env['TERM'] !== 'dumb'
}

/** Why nothing can be written there, or null: what can be known before the run, so that no work is lost to a typing error. */
export const obstacle = (file: string, cwd: string): string | null => {
  const at = resolve(cwd, file)
  let folder = dirname(at)
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder)
  const shown = shownFrom(cwd, folder)
  if (existsSync(at)) {
    if (statSync(at).isDirectory()) return 'it is a directory; name a file in it'
    if (!mayWrite(at)) return 'cannot be written: permission is denied'
    // Devices and pipes are written to as they are.
    if (isAlwaysFull(at)) return 'it is a device that is always full'
    if (!statSync(at).isFile()) return null
  }
  if (leaves(cwd, folder)) return `${shown} is a link that leads out of here; name the folder itself`
  if (!statSync(folder).isDirectory()) return `cannot be written: ${shown} is a file, not a directory`
  if (!mayWrite(folder)) return `cannot be written: permission is denied in ${shown}`
  const why = tryMaking(folder)
  return why === null ? null : `cannot be written: ${shown} takes no new file (${why})`
}

/** /dev/full of Linux: every write to it fails, as on a full disk. */
const isAlwaysFull = (path: string): boolean => {
  const { rdev } = statSync(path)
  return statSync(path).isCharacterDevice() && rdev === 0x107
}

/** Makes a file in the folder and takes it away: permissions alone do not tell of /proc, or of a disk that is read only. */
const tryMaking = (folder: string): string | null => {
  const probe = join(folder, `.launch-ready-${randomBytes(6).toString('hex')}.tmp`)
  try {
    closeSync(openSync(probe, 'wx'))
    rmSync(probe, { force: true })
    return null
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? (error as Error).message
  }
}

/** Whether a folder that is written below the working directory is elsewhere in truth: a stranger's repository may hold such links. */
const leaves = (cwd: string, folder: string): boolean =>
  wayWithin(cwd, folder) !== null && wayWithin(realpathSync(cwd), realpathSync(folder)) === null

const mayWrite = (path: string): boolean => {
  try {
    accessSync(path, constants.W_OK)
    return true
  } catch {
    return false
  }
}

/** Writes a file that the user named, with its folders: whole, or not at all. Throws UsageError. */
export const writeText = (io: Io, path: string, content: string | Uint8Array, mode?: number): void => {
  try {
    writeWhole(resolve(io.cwd, path), content, mode)
  } catch (error) {
    throw new UsageError(`${path}: cannot be written: ${(error as Error).message}.`)
  }
}

/** One sentence for each report that could not be written, before anything is run. */
export const checkTargets = async (requests: readonly ReportRequest[], io: Io): Promise<string[]> => {
  const faults: string[] = []
  const taken = new Map<string, ReportFormat>()
  for (const { format, file } of requests) {
    if (file === null) continue
    const at = resolve(io.cwd, file)
    const other = taken.get(at)
    if (other) faults.push(`--report ${format}:${file}: ${other} goes to the same file; name another.`)
    taken.set(at, format)
    const why = obstacle(file, io.cwd)
    if (why) faults.push(`--report ${format}:${file}: ${why}.`)
  }
  if (requests.some(({ format }) => format === 'pdf')) {
    const { findPrinter, noBrowser } = await import('../report/pdf.ts')
    if ((await findPrinter(io.env)) === null) faults.push(noBrowser)
  }
  return faults
}

type Outside = {
  io: Io
  look: Look
  mask: Mask
  write: (path: string, text: string) => void
}

/** Appends to the job's summary of GitHub Actions, where there is one. */
const appendSummary = (io: Io, text: string): void => {
  const summary = io.env['GITHUB_STEP_SUMMARY']
  if (!summary) return
  try {
    appendFileSync(resolve(io.cwd, summary), text)
  } catch (error) {
    throw new UsageError(`GITHUB_STEP_SUMMARY: the summary cannot be written: ${(error as Error).message}.`)
  }
}

/** Writes every report that was asked for. One that fails keeps no other from being written; then it throws UsageError. */
export const writeReports = async (
  requests: readonly ReportRequest[],
  given: Report,
  givenOptions: ReportOptions,
  outside: Outside,
): Promise<void> => {
  const { reporters } = await import('../report/formats.ts')
  const { io, mask } = outside
  const report = mask.all(given)
  const { former, mailReports, waterfalls } = givenOptions
  const reportOptions = { ...givenOptions, ...mask.all({ former, mailReports, waterfalls }) }
  const one = async ({ format, file }: ReportRequest): Promise<void> => {
    if (format === 'pdf') {
      const { writePdf } = await import('../report/pdf.ts')
      const [, appendix] = await writePdf(report, reportOptions, file!, { io, scrub: mask.text })
      if (appendix) io.err(`${file}: what is told in full stands in ${appendix}\n`)
      return
    }
    const reporter = await reporters[format]()
    const color = format === 'terminal' && file === null && wantsColor(io, outside.look)
    // What follows a report ends on the screen alone.
    const endsLater = givenOptions.endsLater === true && file === null
    const text = mask.text(reporter(report, { ...reportOptions, color, endsLater }))
    if (file !== null) outside.write(file, text)
    else if (io.env['GITHUB_ACTIONS'] !== 'true' || format === 'github') io.out(text)
    else io.out((await import('../report/github.ts')).forLog(text, format))
    if (format === 'github') {
      const { jobSummary } = await import('../report/github.ts')
      appendSummary(io, mask.text(jobSummary(report, reportOptions)))
    }
  }
  const failed: Error[] = []
  for (const request of requests) {
    try {
      await one(request)
    } catch (error) {
      failed.push(error as Error)
    }
  }
  const defect = failed.find(({ name }) => name !== 'UsageError')
  if (defect) throw defect
  if (failed.length) throw new UsageError(failed.map(({ message }) => message).join('\n'))
}

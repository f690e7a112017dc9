// Which reports are asked for, and where they go.
import { appendFileSync } from 'node:fs'
import { nearest, UsageError } from '../config/errors.ts'
import type { Report } from '../core/report.ts'
import type { ReportOptions } from '../report/options.ts'
import type { Io } from './io.ts'
import type { RunOptions } from './options.ts'

export const reportFormats = ['terminal', 'markdown', 'html', 'pdf', 'json', 'sarif', 'junit', 'github', 'csv'] as const
export type ReportFormat = (typeof reportFormats)[number]

/** `file` null: standard output. */
export type ReportRequest = { format: ReportFormat; file: string | null }

/** `--report`, `--json` → requests. The terminal report goes to standard output unless another one does. Throws UsageError. */
export const parseReports = (options: Pick<RunOptions, 'report' | 'json'>): ReportRequest[] => {
  const requests = [...(options.report ?? []), ...(options.json ? ['json'] : [])].map((text): ReportRequest => {
    const [name, ...rest] = text.split(':')
    const file = rest.length ? rest.join(':') : null
    if (!(reportFormats as readonly string[]).includes(name!)) {
      const near = nearest(name!, reportFormats)
      throw new UsageError(
        `--report ${text}: there is no format "${name}"${near ? `; did you mean ${near}?` : `; expected ${reportFormats.join(', ')}`}.`,
      )
    }
    if (file === '') throw new UsageError(`--report ${text}: the file's name is missing after the colon.`)
    if (name === 'pdf' && file === null) throw new UsageError('--report pdf: name a file: --report pdf:report.pdf.')
    return { format: name as ReportFormat, file }
  })
  const toOutput = requests.filter(request => request.file === null)
  if (toOutput.length > 1)
    throw new UsageError(
      `only one report can go to standard output, not ${toOutput.map(request => request.format).join(' and ')}; give the others a file: --report ${toOutput[1]!.format}:<file>.`,
    )
  return toOutput.length ? requests : [{ format: 'terminal', file: null }, ...requests]
}

/** Whether standard output gets colours: --no-color, NO_COLOR, FORCE_COLOR, then whether it is a terminal. */
export const wantsColor = (io: Io, options: { color?: boolean }): boolean => {
  if (options.color === false || (io.env['NO_COLOR'] ?? '') !== '') return false
  const force = io.env['FORCE_COLOR']
  if (force !== undefined) return force !== '0' && force !== 'false'
  return io.columns !== null && io.env['TERM'] !== 'dumb'
}

type Outside = {
  io: Io
  options: RunOptions
  scrub: (text: string) => string
  write: (path: string, text: string) => void
}

/** Writes every report that was asked for. */
export const writeReports = async (
  requests: readonly ReportRequest[],
  report: Report,
  reportOptions: ReportOptions,
  outside: Outside,
): Promise<void> => {
  const { reporters } = await import('../report/formats.ts')
  for (const { format, file } of requests) {
    if (format === 'pdf') {
      const { writePdf } = await import('../report/pdf.ts')
      await writePdf(report, reportOptions, file!, outside)
      continue
    }
    const reporter = await reporters[format]()
    const color = format === 'terminal' && file === null && wantsColor(outside.io, outside.options)
    const text = outside.scrub(reporter(report, { ...reportOptions, color }))
    const summary = outside.io.env['GITHUB_STEP_SUMMARY']
    if (format === 'github' && summary) {
      const { jobSummary } = await import('../report/github.ts')
      appendFileSync(summary, outside.scrub(jobSummary(report, reportOptions)))
    }
    if (file === null) outside.io.out(text)
    else outside.write(file, text)
  }
}

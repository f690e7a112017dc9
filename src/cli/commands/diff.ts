// `diff <old.json> <new.json>`: what changed between two reports. Exit 1 when something at blocker severity is new.
import { nearest, UsageError } from '../../config/errors.ts'
import { diffReports } from '../../core/diff.ts'
import { printDiff } from '../../report/diff.ts'
import { exitCodes } from '../exit-code.ts'
import type { Io } from '../io.ts'
import { wantsColor } from '../reports.ts'
import { readReport } from '../settings.ts'

const formats = ['terminal', 'markdown', 'json'] as const

export const run = async (operands: string[], options: Record<string, unknown>, io: Io): Promise<number> => {
  const format = options['json'] ? 'json' : String(options['report'] ?? 'terminal')
  if (!(formats as readonly string[]).includes(format)) {
    const near = nearest(format, formats)
    throw new UsageError(`--report ${format}: expected ${formats.join(', ')}${near ? `; did you mean ${near}?` : ''}.`)
  }
  const before = readReport(operands[0]!, io)
  const after = readReport(operands[1]!, io)
  if (before.target.domain !== after.target.domain)
    throw new UsageError(
      `${operands[0]} is of ${before.target.domain ?? 'a repository'} and ${operands[1]} of ${after.target.domain ?? 'a repository'}: only reports of one target can be compared.`,
    )
  const diff = diffReports(before, after)
  io.out(
    printDiff(diff, format as (typeof formats)[number], {
      width: io.columns ?? 80,
      color: wantsColor(io, options as { color?: boolean }),
    }),
  )
  return diff.new.some(finding => finding.severity === 'blocker' && !finding.suppressed)
    ? exitCodes.found
    : exitCodes.ok
}

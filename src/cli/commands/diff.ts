// `diff <old.json> <new.json>`: what changed between two reports. Exit 1 when something at blocker severity is new.
import { UsageError } from '../../config/errors.ts'
import { diffReports } from '../../core/diff.ts'
import { printDiff } from '../../report/diff.ts'
import type { Call } from '../call.ts'
import { exitCodes } from '../exit-code.ts'
import { checkTargets, parseReports, wantsColor, writeText } from '../reports.ts'
import { readReport } from '../settings.ts'

const formats = ['terminal', 'markdown', 'json'] as const
type Format = (typeof formats)[number]

export const run = async (call: Call): Promise<number> => {
  const { faults, io, operands } = call
  const requests = faults.try(() => parseReports(call, formats), [])
  for (const fault of await checkTargets(requests, io)) faults.add(fault)
  const [before, after] = operands.map(path => faults.try(() => readReport(path, io), null))
  faults.throwIfAny()
  if (before!.target.domain !== after!.target.domain)
    throw new UsageError(
      `${operands[0]} is of ${before!.target.domain ?? 'a repository'} and ${operands[1]} of ${after!.target.domain ?? 'a repository'}: only reports of one target can be compared.`,
    )
  const diff = diffReports(before!, after!)
  for (const { format, file } of requests) {
    const color = file === null && wantsColor(io, call.look)
    const text = printDiff(diff, format as Format, { width: io.columns ?? 80, color })
    if (file === null) io.out(text)
    else writeText(io, file, text)
  }
  return diff.new.some(finding => finding.severity === 'blocker' && !finding.suppressed)
    ? exitCodes.found
    : exitCodes.ok
}

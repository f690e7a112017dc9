// `perf budget`: measures and compares, intervals with intervals; exit 1 when they part or a budget is broken, whatever --fail-on says.
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { readUserJson } from '../../config/user-file.ts'
import { type BudgetRow, budgetRows, firstLoadRows, isBroken } from '../../formats/perf/budget.ts'
import { type BudgetTable, printBudget } from '../../report/budget.ts'
import type { Call } from '../call.ts'
import { exitCodes } from '../exit-code.ts'
import { writeText } from '../reports.ts'
import { checkedBaseline, type Measured, measure, settlePerf, usualFile } from './perf-measured.ts'

/** The baseline's content, before anything is measured; null where there is none and none was named. */
const readBaseline = ({ io, action }: Call): { path: string; value: unknown } | null => {
  const path = action.file ?? usualFile
  if (action.file === undefined && !existsSync(resolve(io.cwd, path))) {
    io.err(`no ${usualFile} here: only budgets are judged; launch-ready perf baseline writes one.\n`)
    return null
  }
  return { path, value: readUserJson(path, io.cwd, 'baseline of perf') }
}

const rowOfFinding = ({ subject, title, evidence }: Measured['overBudget'][number]): BudgetRow => ({
  what: subject,
  state: 'over-budget',
  before: '',
  now: evidence[0]?.value ?? '',
  budget: '',
  why: title,
})

/** Exit code 1 when a budget is broken, 3 when none is and something could not be told. */
export const run = async (call: Call): Promise<number> => {
  const { io, version } = call
  const given = readBaseline(call)
  const { domain, settled } = await settlePerf(call)
  // What is wrong with the file is said before a minute of measuring.
  const baseline = given && checkedBaseline(given.value, given.path, domain)
  const { result, mask, routes, pages, firstLoadJs, overBudget } = await measure(call, settled)
  if (result.report.interrupted) return exitCodes.interrupted
  const budget = settled.request.config.config.perf?.budgets?.firstLoadJs
  const rows = [
    ...budgetRows(routes, baseline),
    ...pages,
    ...firstLoadRows(firstLoadJs, baseline?.firstLoadJs ?? {}, budget),
    ...overBudget.map(rowOfFinding),
  ].sort((a, b) => Number(isBroken(b)) - Number(isBroken(a)))
  const table: BudgetTable = {
    domain,
    version,
    baseline: given?.path ?? null,
    at: new Date(result.startedAt).toISOString(),
    rows: rows.map(row => ({ ...row, broken: isBroken(row) })),
  }
  for (const { format, file } of settled.reports) {
    if (format === 'pdf') {
      const { printPdf } = await import('../../report/pdf.ts')
      await printPdf(printBudget('html', table), file!, { io, scrub: mask.text })
      continue
    }
    const text = mask.text(printBudget(format, table))
    if (file === null) io.out(text)
    else writeText(io, file, text)
  }
  if (rows.some(isBroken)) return exitCodes.found
  return rows.length === 0 || rows.some(({ state }) => state === 'not-told') ? exitCodes.couldNotTell : exitCodes.ok
}

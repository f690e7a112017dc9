// `checks [stage]`: every check with its title and outcomes.
import { checks } from '../../checks/index.generated.ts'
import { nearest, UsageError } from '../../config/errors.ts'
import { kindsOf } from '../../core/check.ts'
import { stages } from '../../core/stage.ts'
import { lines } from '../../report/shared/terminal-finding.ts'
import { pad } from '../../report/shared/width.ts'
import type { Call } from '../call.ts'
import { exitCodes } from '../exit-code.ts'

export const run = async ({ operands, json, io }: Call): Promise<number> => {
  const stage = operands[0]
  if (stage !== undefined && !(stages as readonly string[]).includes(stage)) {
    const near = nearest(stage, stages)
    throw new UsageError(
      `there is no stage "${stage}"${near ? `; did you mean ${near}?` : `; expected ${stages.join(', ')}`}`,
    )
  }
  const shown = checks.filter(check => stage === undefined || check.stage === stage)
  if (json) {
    const rows = shown.map(check => ({
      id: check.id,
      stage: check.stage,
      on: kindsOf(check),
      title: check.title,
      impact: check.impact.journey,
      active: check.active === true,
      outcomes: Object.fromEntries(
        Object.entries(check.outcomes).map(([key, spec]) => [key, spec.status === 'pass' ? 'pass' : spec.severity]),
      ),
    }))
    io.out(`${JSON.stringify(rows, null, 2)}\n`)
    return exitCodes.ok
  }
  const idColumn = Math.max(...shown.map(({ id }) => id.length))
  const width = io.columns ?? Number.POSITIVE_INFINITY
  for (const name of stages) {
    const ofStage = shown.filter(check => check.stage === name)
    if (ofStage.length === 0) continue
    io.out(`\n  ${name}\n`)
    for (const check of ofStage) io.out(`${lines(check.title, width, `  ${pad(check.id, idColumn)} `).join('\n')}\n`)
  }
  io.out(`\n  ${shown.length} checks. One in full: launch-ready explain <check>\n`)
  return exitCodes.ok
}

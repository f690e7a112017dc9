// `explain <check>`: the check's page, offline.
import { checks } from '../../checks/index.generated.ts'
import { samples } from '../../checks/samples.generated.ts'
import { nearest, UsageError } from '../../config/errors.ts'
import { type AnyCheck, kindsOf } from '../../core/check.ts'
import { handChecks } from '../../data/by-hand.ts'
import { examples as soundFacts } from '../../facts/examples.generated.ts'
import { type PageOutcome, pageOf } from '../../report/check-page.ts'
import { wrap } from '../../report/shared/width.ts'
import type { Call } from '../call.ts'
import { exitCodes } from '../exit-code.ts'

/** Finds a check by id. Throws UsageError with the nearest id. */
export const findCheck = (id: string): AnyCheck => {
  const check = checks.find(item => item.id === id)
  if (check) return check
  const near = nearest(
    id,
    checks.map(item => item.id),
  )
  throw new UsageError(
    `there is no check "${id}"${near ? `; did you mean ${near}?` : '; `launch-ready checks` lists them'}`,
  )
}

const printed = (check: AnyCheck, width: number): string => {
  const page = pageOf(check, { sound: soundFacts, recorded: samples, hands: handChecks })
  const paragraph = (text: string, indent = '', hang = indent): string[] =>
    wrap(text, width - Math.max(indent.length, hang.length)).map((line, at) => `  ${at ? hang : indent}${line}`)
  const steps = (fix: NonNullable<PageOutcome['fix']>): string[] => [
    ...paragraph(fix.summary, '    fix: ', '         '),
    ...fix.steps.filter(step => step !== fix.summary).flatMap(step => paragraph(step, '       - ', '         ')),
    ...fix.ways.flatMap(({ at, text }) => paragraph(`${at}: ${text}`, '       · ', '         ')),
  ]
  const toldAt = (fix: PageOutcome['fix']): string | undefined =>
    page.outcomes.find(other => JSON.stringify(other.fix) === JSON.stringify(fix))?.key
  const outcome = ({ key, severity, title, why, fix }: PageOutcome): string[] => [
    `  ${key.padEnd(28)} ${severity}`,
    ...paragraph(title, '    '),
    ...(why ? paragraph(why, '    ') : []),
    // The same steps are told once.
    ...(!fix ? [] : toldAt(fix) === key ? steps(fix) : paragraph(`as for ${toldAt(fix)}`, '    fix: ', '         ')),
    '',
  ]
  const lines = [
    '',
    `  ${check.id}    ${check.title}`,
    `  stage ${check.stage}, judged for each ${kindsOf(check).join(' and ')}, breaks ${check.impact.journey}`,
    '',
    ...paragraph(check.impact.owner),
    '',
    ...paragraph(check.why),
    '',
    '  OUTCOMES, each with an example',
    '',
    ...page.outcomes.flatMap(outcome),
    '  BY HAND',
    ...page.byHand.flatMap(line => paragraph(line, '', '  ')),
    '',
    ...(check.active ? ['  Runs only with --active, because it sends more than a look.', ''] : []),
    ...(check.references.length ? ['  SOURCES', ...check.references.map((url: string) => `  ${url}`), ''] : []),
  ]
  return `${lines.join('\n')}\n`
}

export const run = async ({ operands, io }: Call): Promise<number> => {
  const check = findCheck(operands[0]!)
  io.out(printed(check, Math.min(100, Math.max(60, io.columns ?? 80)) - 2))
  return exitCodes.ok
}

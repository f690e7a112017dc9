// `explain <check>`: the check's page, offline.
import { checks } from '../../checks/index.generated.ts'
import { nearest, UsageError } from '../../config/errors.ts'
import { type AnyCheck, kindsOf, type OutcomeSpec } from '../../core/check.ts'
import { exampleFacts } from '../../core/example.ts'
import { judge } from '../../core/judge.ts'
import { bareTarget } from '../../core/target.ts'
import { examples as soundFacts } from '../../facts/examples.generated.ts'
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

const usualInstant = '2026-11-25T00:00:00Z'

/** How the fix of an outcome reads, from an example that reaches it; nothing where no example does. */
const fixOf = (check: AnyCheck, outcome: string): string[] => {
  const example = check.examples.find(({ expect }) => expect === outcome)
  if (!example) return []
  const at = example.now ?? usualInstant
  const { findings } = judge({
    check,
    subject: example.subject ?? { kind: kindsOf(check)[0]!, name: 'example.com' },
    facts: exampleFacts(check, example, soundFacts, at),
    now: Date.parse(at),
    target: bareTarget({ domain: 'example.com', ...example.target }),
    options: example.options ?? {},
    severities: {},
  })
  return findings.filter(finding => finding.outcome === outcome).map(({ fix }) => fix.summary)
}

export const run = async ({ operands, io }: Call): Promise<number> => {
  const check = findCheck(operands[0]!)
  const width = Math.min(100, Math.max(60, io.columns ?? 80)) - 2
  const paragraph = (text: string, indent = ''): string =>
    wrap(text, width - indent.length)
      .map(line => `  ${indent}${line}`)
      .join('\n')
  const lines = [
    '',
    `  ${check.id}    ${check.title}`,
    `  stage ${check.stage}, judged for each ${kindsOf(check).join(' and ')}, breaks ${check.impact.journey}`,
    '',
    paragraph(check.impact.owner),
    '',
    paragraph(check.why),
    '',
    '  OUTCOMES',
  ]
  for (const [key, spec] of Object.entries(check.outcomes as Record<string, OutcomeSpec<unknown>>)) {
    lines.push(`  ${key.padEnd(28)} ${spec.status === 'pass' ? 'passes' : spec.severity}`)
    lines.push(paragraph(spec.title, '    '))
    if (spec.status === 'fail')
      for (const fix of fixOf(check, key).slice(0, 1)) lines.push(paragraph(`fix: ${fix}`, '    '))
  }
  lines.push('', ...(check.active ? ['  Runs only with --active, because it sends more than a look.', ''] : []))
  if (check.references.length) lines.push('  SOURCES', ...check.references.map((url: string) => `  ${url}`), '')
  io.out(`${lines.join('\n')}\n`)
  return exitCodes.ok
}

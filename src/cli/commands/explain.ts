// `explain <check>`: the check's page, offline.
import { checks } from '../../checks/index.generated.ts'
import { nearest, UsageError } from '../../config/errors.ts'
import { type AnyCheck, type FailOutcome, kindsOf, type OutcomeSpec } from '../../core/check.ts'
import { wrap } from '../../report/shared/width.ts'
import { exitCodes } from '../exit-code.ts'
import type { Io } from '../io.ts'

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

/** How the fix of an outcome reads, from an example that reaches it; null where no example does. */
const fixOf = (check: AnyCheck, key: string, spec: FailOutcome<unknown>): string[] => {
  const example = check.examples.find((item: { expect: string }) => item.expect === key)
  if (!example) return []
  try {
    const facts = Object.fromEntries(Object.entries(example.facts as Record<string, unknown>))
    const subject = example.subject ?? { kind: kindsOf(check)[0]!, name: 'example.com' }
    const judgement = check.judge(facts as never, {
      now: Date.parse(example.now ?? '2026-11-25T00:00:00Z'),
      subject,
      target: {
        domain: 'example.com',
        canonical: null,
        hosts: {},
        routes: [],
        senders: [],
        expectedRecords: {},
        subdomains: null,
        repo: null,
        active: false,
        suppress: [],
        sections: {},
        ...example.target,
      },
      options: example.options ?? {},
    })
    const items = (Array.isArray(judgement) ? judgement : [judgement]) as { outcome?: string; data?: unknown }[]
    const item = items.find(entry => entry.outcome === key)
    return item ? [spec.fix(item.data, subject).summary] : []
  } catch {
    return []
  }
}

export const run = async (operands: string[], _options: Record<string, unknown>, io: Io): Promise<number> => {
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
    if (spec.status === 'fail') for (const fix of fixOf(check, key, spec)) lines.push(paragraph(`fix: ${fix}`, '    '))
  }
  lines.push('', ...(check.active ? ['  Runs only with --active, because it sends more than a look.', ''] : []))
  if (check.references.length) lines.push('  SOURCES', ...check.references.map((url: string) => `  ${url}`), '')
  io.out(`${lines.join('\n')}\n`)
  return exitCodes.ok
}

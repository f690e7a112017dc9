// Judges one check on a repository made for a test: collects what it needs, judges through the engine, so that titles and fixes are built.
import type { AnyCheck } from '../../src/core/check.ts'
import type { Fact } from '../../src/core/fact.ts'
import { judge } from '../../src/core/judge.ts'
import type { Finding } from '../../src/core/report.ts'
import { bareTarget } from '../../src/core/target.ts'
import type { FactDefinition } from '../../src/facts/definition.ts'
import { collectFact, repoSubject } from './repo.ts'

/** `outcomes`: keys of what failed, or the one pass, or `skip: reason`, `unknown: reason`. */
export type Verdict = { outcomes: string[]; findings: Finding[] }

/** Judges from facts that are there already. */
export const judgeFacts = (
  check: AnyCheck,
  facts: Record<string, Fact<unknown>>,
  sections: Record<string, unknown> = {},
): Verdict => {
  const judged = judge({
    check,
    subject: repoSubject('/repo'),
    facts,
    now: Date.UTC(2026, 10, 25),
    target: bareTarget({ sections }),
    options: {},
    severities: {},
  })
  if (judged.defect) throw new Error(judged.defect)
  const rows = judged.results.filter(result => result.status !== 'fail')
  const outcomes = [
    ...judged.findings.map(finding => finding.outcome),
    ...rows.map(result => (result.status === 'pass' ? result.outcome! : `${result.status}: ${result.reason}`)),
  ]
  return { outcomes, findings: judged.findings }
}

/** Collects with the given collectors and judges. */
export const judgeRepo = async (
  check: AnyCheck,
  root: string,
  collectors: Readonly<Record<string, FactDefinition<unknown>>>,
  more: Parameters<typeof collectFact>[3] & { sections?: Record<string, unknown> } = {},
): Promise<Verdict> => {
  const facts: Record<string, Fact<unknown>> = {}
  for (const name of [...check.needs, ...(check.wants ?? [])])
    facts[name] = await collectFact(root, collectors, name, more)
  return judgeFacts(check, facts, more.sections)
}

// Judges a check over the sound facts, but for what is given, as its examples are judged.
import type { AnyCheck } from '../../src/core/check.ts'
import { exampleFacts } from '../../src/core/example.ts'
import type { Subject } from '../../src/core/fact.ts'
import { type Judged, judge } from '../../src/core/judge.ts'
import { bareTarget } from '../../src/core/target.ts'
import { examples } from '../../src/facts/examples.generated.ts'

const at = '2026-11-25T00:00:00Z'

/** `facts` as in a check's example: what differs from the sound ones. */
export const judgeWith = (
  check: unknown,
  facts: object,
  subject: Subject = { kind: 'host', name: 'example.com' },
): Judged => {
  const judged = judge({
    check: check as AnyCheck,
    subject,
    facts: exampleFacts(check as AnyCheck, { name: 'test', facts, expect: 'unknown' }, examples, at),
    now: Date.parse(at),
    target: bareTarget({ domain: 'example.com' }),
    options: {},
    severities: {},
  })
  if (judged.defect) throw new Error(judged.defect)
  return judged
}

/** Outcomes of the findings in their order, else the outcome or status of each row. */
export const outcomesWith = (check: unknown, facts: object, subject?: Subject): string[] => {
  const { findings, results } = judgeWith(check, facts, subject)
  const unknowns = results.filter(({ status }) => status === 'unknown').map(({ status }) => status)
  return findings.length
    ? [...findings.map(({ outcome }) => outcome), ...unknowns]
    : results.map(({ outcome, status }) => outcome ?? status)
}

// Judges one check as its examples are judged: facts that are not named are the sound ones.
import { expect, it } from 'vitest'
import type { AnyCheck } from '../../src/core/check.ts'
import { exampleFacts } from '../../src/core/example.ts'
import type { Subject } from '../../src/core/fact.ts'
import { type Judged, judge } from '../../src/core/judge.ts'
import { bareTarget, type Target } from '../../src/core/target.ts'
import { examples } from '../../src/facts/examples.generated.ts'

/** `facts` as in an example of a check. */
export type Given = { facts?: object; subject?: Subject; target?: Partial<Target> }

const at = '2026-11-25T00:00:00Z'
const domain = 'example.com'

/** What judging by a check (`given`, of whatever data) gives; throws where the check itself fails. */
export const judgeExample = (given: unknown, { facts = {}, subject, target }: Given): Judged => {
  const check = given as AnyCheck
  const isRoute = check.on === 'route'
  const judged = judge({
    check,
    subject: subject ?? { kind: isRoute ? 'route' : 'host', name: isRoute ? `https://${domain}/` : domain },
    facts: exampleFacts(check, { name: '', facts, expect: '' } as AnyCheck['examples'][number], examples, at),
    now: Date.parse(at),
    target: bareTarget({ domain, ...target }),
    options: {},
    severities: {},
  })
  if (judged.defect) throw new Error(judged.defect)
  return judged
}

/** Keys of the bad outcomes with `unknown` behind them for each row that could not be told, else of each row: its good outcome, `skip`, `unknown`. */
export const outcomesOf = (check: unknown, given: Given): string[] => {
  const { results, findings } = judgeExample(check, given)
  const rows = results.map(({ status, outcome }) => (status === 'pass' ? outcome! : status))
  const unknowns = rows.filter(row => row === 'unknown')
  return findings.length ? [...findings.map(finding => finding.outcome), ...unknowns] : rows
}

/** One test for each case: its name, the outcomes expected, and what is given. */
export const itJudges = (
  check: unknown,
  cases: readonly (readonly [name: string, expected: string | string[], given: Given])[],
): void => {
  it.each(cases)('%s: %s', (_name, expected, given) => expect(outcomesOf(check, given)).toEqual([expected].flat()))
}

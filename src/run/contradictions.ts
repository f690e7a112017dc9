// Where what people say and what was seen part, by the facts of a run: what the report and the document list.
import type { SavedFact } from '../core/fact.ts'
import type { Report } from '../core/report.ts'
import type { Facts } from '../facts/index.generated.ts'
import { contradictionsOf } from '../formats/handover/contradictions.ts'

const valueIn = <N extends keyof Facts>(facts: readonly SavedFact[], name: N): Facts[N] | null => {
  const found = facts.find(({ fact }) => fact === name)?.is
  return found?.ok ? (found.value as Facts[N]) : null
}

/** The contradictions; nothing where nobody said anything, or production was not looked at. */
export const contradictionsIn = (facts: readonly SavedFact[], now: number): Pick<Report, 'contradictions'> => {
  const answers = valueIn(facts, 'handoverAnswers')
  const production = valueIn(facts, 'production')
  if (!answers?.given || !production) return {}
  return {
    contradictions: contradictionsOf({
      production,
      handover: answers.handover,
      drills: answers.drills,
      now,
      links: valueIn(facts, 'handoverLinks')?.links ?? [],
      contacts: valueIn(facts, 'handoverContacts')?.contacts ?? [],
    }),
  }
}

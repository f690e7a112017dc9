// What people say, held against what was seen: one rule each, pure over answers and facts. A rule speaks only where both are there.
import { rulesOfPeople } from './contradictions-people.ts'
import { rulesOfPlaces } from './contradictions-places.ts'
import type { Contradiction, Rule, Told } from './told.ts'

export type { Contradiction, SeenForAnswers, Told } from './told.ts'

/** Every rule, by the id that its contradictions begin with. */
export const contradictionRules: Readonly<Record<string, Rule>> = { ...rulesOfPeople, ...rulesOfPlaces }

/** Everything in which what people say and what was seen part, in the order of its id. */
export const contradictionsOf = (told: Told): Contradiction[] =>
  Object.values(contradictionRules)
    .flatMap(rule => rule(told))
    .filter(({ id }, at, all) => all.findIndex(other => other.id === id) === at)
    .sort((a, b) => (a.id < b.id ? -1 : 1))

// Everything that a run knows to be a secret: what leaves it is masked by this, whatever it is.
import type { SavedFact } from '../core/fact.ts'
import { randomNamesIn } from '../formats/secrets/random-names.ts'
import { secretsIn } from './mask.ts'

/** Facts of what people wrote: of the repository, and what the monitor and the handover make of it and of the config. */
const isOfPeople = ({ fact, on }: SavedFact): boolean =>
  on.kind === 'repo' || on.kind === 'channel' || /^(?:production|watching|handover)/.test(fact)

/** Names as random as keys in the repository and the config. What anybody can read of the domain is no secret. */
const namesIn = (facts: readonly SavedFact[], config: unknown): string[] => {
  const written = facts.flatMap(item => (isOfPeople(item) && item.is.ok ? [item.is.value] : []))
  const found = randomNamesIn([...written, config])
  if (found.length === 0) return []
  const open = JSON.stringify(facts.filter(item => !isOfPeople(item)))
  return found.filter(word => !open.includes(word))
}

/** Values that the config took from the environment, what the rules of providers find, and names as random as keys. */
export const knownSecrets = (
  { secrets, config }: { secrets: readonly string[]; config: unknown },
  facts: readonly SavedFact[],
): string[] => [...secrets, ...secretsIn(facts), ...namesIn(facts, config)]

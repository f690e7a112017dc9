// What a rule of contradictions is handed, and what it says.
import type { Production } from './production.ts'
import type { DrillRecord, Handover } from './schema.ts'

export type Contradiction = {
  /** `rule` or `rule:what`, stable. */
  id: string
  said: string
  seen: string
  /** Where it was said: a path in the answers, or a file with its line. */
  place: string
}

export type SeenForAnswers = {
  links: readonly { what: string; url: string; state: string; title: string | null }[]
  contacts: readonly { what: string; email: string; state: string; detail: string }[]
}

export type Told = {
  production: Production
  handover: Handover
  drills: readonly DrillRecord[]
  now: number
} & SeenForAnswers

export type Rule = (told: Told) => Contradiction[]

export const dayMs = 86_400_000
export const one = (found: Contradiction | false | null | undefined): Contradiction[] => (found ? [found] : [])
/** Names with commas, each once. */
export const listed = (names: readonly (string | null)[]): string => [...new Set(names.filter(Boolean))].join(', ')

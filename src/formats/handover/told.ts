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
  /** Where what was seen is the answer itself: the key that takes it, and what it held. */
  set?: { path: string; value: string; was: string }
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

/** The key of an answer, and what takes its place where one thing alone was seen. */
export const answered = (path: string, was: string, seen: readonly string[]): Pick<Contradiction, 'place' | 'set'> => ({
  place: path,
  ...(new Set(seen).size === 1 ? { set: { path, value: seen[0]!, was } } : {}),
})

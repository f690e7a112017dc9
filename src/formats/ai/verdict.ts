// What the probes of one kind prove together.
import type { ProbeKind, ProbeVerdict } from './probes.ts'

type Result = { kind: ProbeKind; family: string; verdict: ProbeVerdict; why: string }

export type Verdict<R extends Result> = {
  /** Probes of this kind that were run. */
  total: number
  /** Those of which the answer could be judged. */
  answered: R[]
  leaks: R[]
  obeys: R[]
  /** Families of the answered ones. */
  families: number
  /** Why the rest proves nothing, where it is more than half; null otherwise. */
  unsure: string | null
}

/** Sorts results by verdict. Cannot tell is never fine: more than half of the probes unanswered prove nothing. */
export const verdictOf = <R extends Result>(results: readonly R[], kind: ProbeKind): Verdict<R> => {
  const own = results.filter(result => result.kind === kind)
  const answered = own.filter(({ verdict }) => verdict !== 'cannot-tell')
  const silent = own.find(({ verdict }) => verdict === 'cannot-tell')
  const open = own.length - answered.length
  return {
    total: own.length,
    answered,
    leaks: answered.filter(({ verdict }) => verdict === 'leaks'),
    obeys: answered.filter(({ verdict }) => verdict === 'obeys'),
    families: new Set(answered.map(({ family }) => family)).size,
    unsure: open > own.length / 2 ? `cannot-tell: ${open} of ${own.length} probes told nothing (${silent?.why})` : null,
  }
}

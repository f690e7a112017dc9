// All changes of a report as one plan (CONTRACT.md): each change once, composed where several findings touch one place, ordered by what
// must come first. Contradictions cannot arise: of two changes that exclude each other the costlier finding's stands, and the other
// finding waits for the next run.
import type { Change } from '../fix.ts'
import { manual } from '../fixes.ts'
import type { Finding } from '../report.ts'
import { type Asked, compose } from './compose.ts'
import { ordered } from './order.ts'
import { placeOf } from './places.ts'

/**
 * One step. `findings` are ids; `changes` are done in their order. `notBefore` is a day (`2026-12-13`) for a step that needs
 * a wait; `why` says what the step waits for or what it rests on, null where nothing does.
 */
export type PlanStep = {
  number: number
  findings: string[]
  changes: Change[]
  notBefore: string | null
  why: string | null
}

export type FixPlan = { steps: PlanStep[] }

type Bundle = { findings: Finding[]; changes: Change[] }

const day = 86_400_000

/** Findings that share a place, directly or through others, belong together; order of the findings is kept. */
const bundled = (findings: readonly Finding[]): Finding[][] => {
  const parent = findings.map((_, index) => index)
  const root = (index: number): number => (parent[index] === index ? index : root(parent[index]!))
  const first = new Map<string, number>()
  for (const [index, finding] of findings.entries())
    for (const change of finding.fix.changes) {
      const place = placeOf(change)
      const known = first.get(place)
      if (known === undefined) first.set(place, index)
      else {
        const [a, b] = [root(known), root(index)]
        parent[Math.max(a, b)] = Math.min(a, b)
      }
    }
  return [...Map.groupBy(findings.keys(), root).values()].map(indexes => indexes.map(index => findings[index]!))
}

/** The changes of several places in the order in which they can be made. */
const inOrder = (places: readonly Change[][]): Change[] => ordered(places).flatMap(({ index }) => places[index]!)

/** The changes of findings that belong together, and those findings for which nothing is left to do but to look again. */
const composed = (findings: readonly Finding[]): { bundle: Bundle; left: Finding[] } => {
  let kept = [...findings]
  for (;;) {
    const asked: Asked[] = kept.flatMap(finding => finding.fix.changes.map(change => ({ change, finding: finding.id })))
    const places = Map.groupBy(asked, ({ change }) => placeOf(change))
    const results = [...places.values()].map(compose)
    const left = new Set(results.flatMap(result => result.left))
    // Whoever cannot have one of its changes has none: half a fix is none. The others are composed anew without it.
    if (left.size === 0)
      return {
        bundle: { findings: kept, changes: inOrder(results.map(({ changes }) => changes)) },
        left: findings.filter(finding => !kept.includes(finding)),
      }
    kept = kept.filter(({ id }) => !left.has(id))
  }
}

/** A finding whose change excludes that of a costlier one: it is judged anew after that one. */
const again = (finding: Finding): Bundle => ({
  findings: [finding],
  changes: [
    manual(`Run the audit again for ${finding.check} of ${finding.subject}: an earlier step changes the same place`),
  ],
})

const isPossible = ({ confidence }: Finding): number => (confidence === 'possible' ? 1 : 0)

/** Steps that only time allows: after so many days, behind everything that can be done today. */
const laterSteps = (findings: readonly Finding[], now: number): Omit<PlanStep, 'number'>[] => {
  const seen = new Set<string>()
  return findings
    .flatMap(finding => (finding.fix.later ?? []).map(step => ({ finding, ...step })))
    .sort((a, b) => a.afterDays - b.afterDays)
    .filter(({ changes, afterDays }) => {
      const key = JSON.stringify([afterDays, changes])
      return seen.has(key) ? false : seen.add(key)
    })
    .map(({ finding, changes, afterDays, why }) => ({
      findings: [finding.id],
      changes,
      notBefore: new Date(now + afterDays * day).toISOString().slice(0, 10),
      why,
    }))
}

/**
 * The plan over the findings of a report that count (nothing suppressed). `findings` are ranked by cost, as the report ranks
 * them; `now` is in milliseconds since the epoch. What is only possible stands at the end.
 */
export const planFixes = (findings: readonly Finding[], now: number): FixPlan => {
  const open = findings.filter(({ suppressed }) => !suppressed).sort((a, b) => isPossible(a) - isPossible(b))
  const parts = bundled(open).map(composed)
  const bundles = [...parts.map(({ bundle }) => bundle), ...parts.flatMap(({ left }) => left.map(again))]
  const order = ordered(bundles.map(({ changes }) => changes))
  const position = new Map(order.map(({ index }, at) => [index, at + 1]))
  const today = order.map(({ index, after }) => ({
    findings: bundles[index]!.findings.map(({ id }) => id),
    changes: bundles[index]!.changes,
    notBefore: null,
    why: after ? `After step ${position.get(after.index)}: ${after.why}.` : null,
  }))
  return { steps: [...today, ...laterSteps(open, now)].map((step, at) => ({ number: at + 1, ...step })) }
}

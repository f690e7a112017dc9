// What a walk of many says beside the same walk by one.
import { failsOften } from './error-share.ts'

type Tally = {
  count: number
  failed: number
  unheard?: number
  p95: number
  firstFailureAt: number | null
  smells: readonly (readonly [string, number])[]
}
type Step = { of: 'sign-in' | 'flow' | 'route'; targetMs: number | null; one: Tally; crowd: Tally }

/** Slower than for one: so many times, and by so much. */
const slowFactor = 3
const slowByMs = 300

/** Steps that fail for many and not for one, the first that broke before the others. */
export const broken = <S extends Step>(steps: readonly S[]): S[] =>
  steps
    .filter(({ one, crowd }) => one.failed === 0 && crowd.failed > 0)
    .sort((a, b) => (a.crowd.firstFailureAt ?? 0) - (b.crowd.firstFailureAt ?? 0))

/** Steps that stand but keep many waiting: over the target that they keep for one, or far slower than for one. */
export const slowed = <S extends Step>(steps: readonly S[]): S[] =>
  steps.filter(({ targetMs, one, crowd }) => {
    if (crowd.failed > 0 || crowd.count === 0 || one.count === 0) return false
    if (targetMs !== null && one.p95 <= targetMs && crowd.p95 > targetMs) return true
    return crowd.p95 > slowFactor * one.p95 && crowd.p95 - one.p95 > slowByMs
  })

/** Those of them that fail also where this machine could hear answers. */
export const heard = <S extends Step>(steps: readonly S[]): S[] =>
  steps.filter(({ crowd }) => crowd.failed > (crowd.unheard ?? 0))

/** Whether something stays open because this machine had too few turns: how long the many waited, or whether they were answered. */
export const isUntold = (steps: readonly Step[], starved = false): boolean =>
  (starved && slowed(steps).length > 0) || heard(broken(steps)).length < broken(steps).length

/** Whether so many failed that it is no chance. */
export const isOften = (steps: readonly Step[]): boolean =>
  failsOften(
    steps.reduce((sum, { crowd }) => sum + crowd.failed, 0),
    steps.reduce((sum, { crowd }) => sum + crowd.count, 0),
  )

/** Whether a limiter of requests alone is what they met: customers do not all come from one address. */
export const isLimiterAlone = (steps: readonly Step[]): boolean =>
  steps.every(({ crowd }) => crowd.failed > 0 && crowd.smells.length === 1 && crowd.smells[0]![0] === 'limiter')

// A customer who gets all the way.
import { type StepSeen, type WalkStep, walkSteps } from '../../formats/handover/customer-walk.ts'
import type { CustomerWalk } from './customer-walk.ts'

/** A walk whose steps differ in this. */
export const walking = (given: Partial<Record<WalkStep, StepSeen['state']>> = {}): CustomerWalk => ({
  steps: walkSteps.map(step => {
    const state = given[step] ?? 'walked'
    const title = state === 'broken' ? `The page for "${step}" answers with an error` : `flow of ${step}`
    return {
      step,
      state,
      by: state === 'untried' ? [] : [{ title, finding: state === 'broken' ? '0f0f0f0f0f0f' : null }],
    }
  }),
})

export const example: CustomerWalk = walking()

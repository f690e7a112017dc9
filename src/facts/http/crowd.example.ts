// Twenty customers at once, for the examples of checks.
import type { Crowd, CrowdStep, Tally } from './crowd.ts'

export const tally = (given: Partial<Tally> = {}): Tally => ({
  count: 60,
  failed: 0,
  p50: 80,
  p95: 120,
  failures: [],
  smells: [],
  firstFailureAt: null,
  ...given,
})

const step = (name: string, of: CrowdStep['of'], targetMs: number | null): CrowdStep => ({
  step: name,
  of,
  targetMs,
  one: tally({ count: 3 }),
  crowd: tally(),
})

export const signIn = step('log in: POST https://example.com/session (email, password)', 'sign-in', null)
export const clients = step('GET https://example.com/clients', 'route', 800)

/** All stand it. */
export const example: Crowd = { users: 20, walks: 3, requests: 120, steps: [signIn, clients], stopped: null }

/** The pool of connections is used up. */
export const full = tally({ failed: 24, failures: [['status 500', 24]], smells: [['pool', 24]], firstFailureAt: 4200 })

// A flow as it was walked, for the examples of checks.
import type { FlowRun, FlowStep } from './flow-run.ts'

/** A step that went well. */
export const flowStep = (given: Partial<FlowStep> = {}): FlowStep => ({
  what: 'GET https://app.example.com/login',
  status: 200,
  milliseconds: 120,
  problem: null,
  words: '',
  ...given,
})

/** Logging in, in two steps that go well. */
export const example: FlowRun = {
  kind: 'login',
  steps: [flowStep(), flowStep({ what: 'POST https://app.example.com/session (email, password)' })],
  planned: 2,
  totalMs: 240,
  slowMs: 10_000,
  untold: null,
  screenshot: null,
}

// A product that calls a language model behind a session, bounded, with evals in its pipeline, for the examples of checks.
import type { AiUse, GuardedCall } from './ai-use.ts'

/** A guarded call in a route. */
export const guardedCall = (given: Partial<GuardedCall> = {}): GuardedCall => ({
  path: 'app/api/chat/route.ts',
  line: 8,
  handler: true,
  browser: false,
  browserKey: null,
  authentication: true,
  rateLimit: true,
  tokenLimit: true,
  spendLimit: false,
  tools: true,
  toolsBounded: true,
  toolsDangerous: false,
  handlers: ['app/api/chat/route.ts'],
  direct: true,
  mayAsk: false,
  assumed: false,
  ownKey: true,
  brought: false,
  ...given,
})

export const example: AiUse = {
  packages: [{ name: 'openai', manifest: 'package.json' }],
  calls: [guardedCall()],
  evals: { files: ['evals/answers.eval.ts'], packages: ['evalite'], ci: '.github/workflows/ci.yml' },
}

/** The sound product with a call that deviates. */
export const calling = (given: Partial<GuardedCall>): AiUse => ({ ...example, calls: [guardedCall(given)] })

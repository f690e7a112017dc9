// Answers to foreign origins for the examples of checks.
import type { CorsAnswer, CorsProbe } from './cors-probe.ts'

/** Another site, and the origin of a sandboxed frame. */
export const foreign = 'https://launch-ready.invalid'
export const opaque = 'null'

/** What the route answers to this origin. */
export const answer = (origin: string, allowOrigin: string | null, allowCredentials = false): CorsAnswer => ({
  origin,
  status: 200,
  allowOrigin,
  allowCredentials,
})

/** A route that lets no other site read. */
export const example: CorsProbe = {
  url: 'https://example.com/',
  answers: [answer(foreign, null), answer(opaque, null)],
  unanswered: [],
}

/** The same with these answers. */
export const answers = (...given: CorsAnswer[]): Partial<CorsProbe> => ({ answers: given })

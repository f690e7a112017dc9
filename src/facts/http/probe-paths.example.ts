// What a host answered for files that must never be served, for the examples of checks.
import type { ProbePaths } from './probe-paths.ts'

/** Fifty paths, none of which is served. */
export const example: ProbePaths = {
  scheme: 'https',
  asked: 50,
  exposed: [],
  unanswered: [],
  sameAs: null,
  blank: null,
}

/** One path that is served, with what its content proves. */
export const serving = (
  path: string,
  kind: ProbePaths['exposed'][number]['exposure']['kind'],
  proof: string,
): Partial<ProbePaths> => ({
  exposed: [{ path, url: `https://example.com${path}`, status: 200, exposure: { kind, proof } }],
})

// A built front end with a budget, and what deviates from it, for the examples of checks.
import type { BuiltPackage, FirstLoadFact } from './first-load.ts'

export const built = (bytes: number): BuiltPackage => ({
  path: '',
  tool: 'next',
  from: '.next/build-manifest.json',
  files: [{ path: '.next/static/chunks/main.js', bytes }],
  bytes,
})

/** One package that weighs so much. */
export const weighing = (bytes: number, given: Partial<FirstLoadFact> = {}): FirstLoadFact => ({
  packages: [{ path: '', framework: 'next', manifest: 'package.json', built: built(bytes) }],
  budgets: [{ tool: 'size-limit', file: 'package.json', path: '', bytes: 200_000 }],
  before: {},
  ...given,
})

export const example: FirstLoadFact = weighing(120_000)

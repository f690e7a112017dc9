// A command line or config that is wrong: one clear sentence each; nothing is run (exit 2).

/** Thrown for what the user gave wrongly. `message` says what, where, what was expected and what to do; one line a fault. */
export class UsageError extends Error {
  override name = 'UsageError'
}

export { nearestWord as nearest } from '../formats/nearest.ts'

// One test of the core's own; readers of files have theirs in formats/is-record.ts, which the core may not import.

/** Whether a value is an object with keys: no array, no null. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

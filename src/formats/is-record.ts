// One test that several readers of JSON, YAML and TOML need.

/** Whether a parsed value is an object with keys: no array, no null. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

// The token that a flow's last JSON answer gives, for routes that are asked with it.

const usual = ['token', 'access_token', 'accessToken', 'jwt']

const record = (value: unknown): Record<string, unknown> | null =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : null

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

const usualIn = (value: unknown): string | null => {
  const known = record(value)
  if (!known) return null
  for (const key of usual) if (Object.hasOwn(known, key) && textOf(known[key])) return textOf(known[key])
  return null
}

/** The token in a JSON text: at `path` (`data.token`), else under a usual name, at most one level deep. Null where there is none. */
export const tokenIn = (json: string, path?: string): string | null => {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    return null
  }
  if (path === undefined) {
    const inner = Object.values(record(value) ?? {}).map(usualIn)
    return usualIn(value) ?? inner.find(token => token !== null) ?? null
  }
  for (const key of path.split('.')) {
    const at = Array.isArray(value) ? Object.fromEntries(value.entries()) : record(value)
    value = at && Object.hasOwn(at, key) ? at[key] : undefined
  }
  return textOf(value)
}

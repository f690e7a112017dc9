// Every text in a parsed value, however deep it stands.

/** The texts of a JSON value, of its lists and of its objects. */
export const textsIn = (value: unknown): string[] =>
  typeof value === 'string' ? [value] : value && typeof value === 'object' ? Object.values(value).flatMap(textsIn) : []

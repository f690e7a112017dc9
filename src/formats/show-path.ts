// A place in a parsed file as people write it.

/** `['routes', 0, 'url']` → `routes[0].url`; empty for the whole. */
export const showPath = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text ? `${text}.${String(part)}` : String(part)),
    '',
  )

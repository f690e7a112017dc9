// How quickly a route must answer, by what it is for (95th percentile, milliseconds).

/** A read that a cache answers. */
export const cachedTargetMs = 300

const byKind: Record<string, number> = { auth: 500, signup: 500 }
const otherwise = 800

/** Pages that a content delivery network may answer. */
const pages: readonly unknown[] = ['home', 'pricing', 'page']

/** What a route is judged against. `given` is the config's own. */
export const targetOf = (route: { kind: unknown; p95?: number | undefined; cached: boolean; isHit: boolean }): number =>
  route.p95 ??
  (route.cached || (route.isHit && pages.includes(route.kind))
    ? cachedTargetMs
    : (byKind[String(route.kind)] ?? otherwise))

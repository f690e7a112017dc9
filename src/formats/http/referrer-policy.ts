// Referrer-Policy as browsers read it (W3C Referrer Policy §8.1): the last value of the list that they know counts.

const policies = [
  'no-referrer',
  'no-referrer-when-downgrade',
  'same-origin',
  'origin',
  'strict-origin',
  'origin-when-cross-origin',
  'strict-origin-when-cross-origin',
  'unsafe-url',
] as const

export type ReferrerPolicy = (typeof policies)[number]

/** The policy in force, null when no value is known (browsers then use strict-origin-when-cross-origin). */
export const referrerPolicy = (values: readonly string[]): ReferrerPolicy | null =>
  values
    .flatMap(value => value.split(','))
    .map(token => token.trim().toLowerCase())
    .filter((token): token is ReferrerPolicy => (policies as readonly string[]).includes(token))
    .at(-1) ?? null

const legacy: ReadonlyMap<string, ReferrerPolicy> = new Map([
  ['never', 'no-referrer'],
  ['default', 'strict-origin-when-cross-origin'],
  ['always', 'unsafe-url'],
  ['origin-when-crossorigin', 'origin-when-cross-origin'],
])

/** The same for `<meta name="referrer">`, which also knows four older words (HTML Standard §4.2.5.1). */
export const metaReferrerPolicy = (content: string): ReferrerPolicy | null =>
  legacy.get(content.trim().toLowerCase()) ?? referrerPolicy([content])

/** Whether other sites learn the whole address of the page, with what stands in its path and query. */
export const leaksAddress = (policy: ReferrerPolicy): boolean =>
  policy === 'unsafe-url' || policy === 'no-referrer-when-downgrade'

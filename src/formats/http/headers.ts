// Reads headers of an answer. Names stand in lower case, in the order in which they came.

export type Headers = readonly (readonly [name: string, value: string])[]

/** All values of a header (`name` in lower case), in order. */
export const headerValues = (answer: { headers: Headers }, name: string): string[] =>
  answer.headers.filter(([key]) => key === name).map(([, value]) => value)

/** The first value of a header; null when it was not sent. */
export const headerValue = (answer: { headers: Headers }, name: string): string | null =>
  answer.headers.find(([key]) => key === name)?.[1] ?? null

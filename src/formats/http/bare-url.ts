// A URL as it may be told: queries and fragments hold tokens.

/** Scheme, host and path of an absolute URL. Throws a TypeError where it is none. */
export const bareUrl = (url: string): string => `${new URL(url).origin}${new URL(url).pathname}`

// Routes of customers, for the examples of checks.
import type { Privacy, PrivateLook } from './privacy.ts'

const url = 'https://example.com/dashboard'

/** An answer with these headers. */
export const look = (headers: [string, string][] = [], given: Partial<PrivateLook> = {}): PrivateLook => ({
  url,
  status: 200,
  headers,
  cookies: [],
  ...given,
})

/** A customer's own answer with this Cache-Control. */
export const ownSaying = (value: string, given: Partial<Privacy> = {}): Privacy => ({
  own: look(value ? [['cache-control', value]] : []),
  anonymous: [look([['location', '/login']], { status: 302 })],
  shared: 0,
  past: null,
  ...given,
})

/** Two visitors without a session who get such cookies, from a cache or not. */
export const visitors = (first: string, second: string, headers: [string, string][]): Privacy => ({
  own: null,
  anonymous: [first, second].map(digest => look(headers, { cookies: [{ name: 'sid', digest, session: true }] })),
  shared: 0,
  past: null,
})

export const example: Privacy = ownSaying('private, no-store')

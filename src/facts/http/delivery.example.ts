// Hosts that deliver well, and those that deviate, for the examples of checks.
import type { Delivered, Delivery, StaticFile } from './delivery.ts'

const compressed: [string, string][] = [
  ['content-encoding', 'br'],
  ['vary', 'accept-encoding'],
]

/** A page of 20 kB, compressed by Brotli unless given otherwise. */
export const deliveredPage = (given: Partial<Delivered> = {}): Delivered => ({
  url: 'https://example.com/',
  status: 200,
  headers: [['content-type', 'text/html'], ['cache-control', 'public, max-age=0, must-revalidate'], ...compressed],
  encodedBytes: 5000,
  decodedBytes: 20_000,
  ...given,
})

/** A script whose name changes with its content, kept for a year and answered from the cache at the edge. */
export const staticFile = (given: Partial<StaticFile> = {}): StaticFile => ({
  url: 'https://example.com/assets/index-DkX9a1Bq.js',
  kind: 'script',
  status: 200,
  headers: [
    ['content-type', 'text/javascript'],
    ['cache-control', 'public, max-age=31536000, immutable'],
    ['etag', '"5f3e"'],
    ['cf-cache-status', 'HIT'],
    ...compressed,
  ],
  encodedBytes: 40_000,
  decodedBytes: 140_000,
  conditional: { status: 304, headers: [['cf-cache-status', 'HIT']] },
  again: null,
  ...given,
})

/** One file with these headers, in the place of its own, under this name. */
export const fileSending = (headers: [string, string][], given: Partial<StaticFile> = {}): Delivery => ({
  pages: [deliveredPage()],
  files: [staticFile({ headers: [['content-type', 'text/javascript'], ...headers], conditional: null, ...given })],
  firstLoad: [],
})

/** A page and a script in these codings; '' is none. */
export const codings = (page: string, file: string): Delivery => {
  const headers = (type: string, coding: string): [string, string][] => [
    ['content-type', type],
    ...(coding ? [['content-encoding', coding] satisfies [string, string]] : []),
  ]
  return {
    pages: [deliveredPage({ headers: headers('text/html', page), ...(page ? {} : { encodedBytes: 20_000 }) })],
    files: [staticFile({ headers: headers('text/javascript', file), ...(file ? {} : { encodedBytes: 140_000 }) })],
    firstLoad: [],
  }
}

export const plainName = { url: 'https://example.com/app.js' }

export const example: Delivery = { pages: [deliveredPage()], files: [staticFile()], firstLoad: [] }

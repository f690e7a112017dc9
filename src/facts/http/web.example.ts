// Literal facts for the examples of checks that look at web answers.
import { type Fact, missing, observed } from '../../core/fact.ts'
import type { HttpExchange, HttpHop } from '../../net/network.ts'
import type { Web } from './web.ts'

const at = '2026-11-25T00:00:00Z'

/** One answer: 200 text/html over HTTP/1.1 unless given otherwise. */
export const hop = (url: string, given: Partial<HttpHop> = {}): HttpHop => ({
  url,
  method: 'GET',
  status: 200,
  httpVersion: '1.1',
  headers: [['content-type', 'text/html; charset=utf-8']],
  body: '<!doctype html><title>CoachDash</title><h1>Coaching, in one place</h1>',
  encodedBytes: 70,
  decodedBytes: 70,
  truncated: false,
  address: '203.0.113.10',
  tls: url.startsWith('https:') ? { version: 'TLSv1.3', authorized: true, error: null, alpn: 'http/1.1' } : null,
  timing: { dns: 1, tcp: 1, tls: 1, firstByte: 5, download: 1, total: 9 },
  ...given,
})

/** An answer that redirects. */
export const redirect = (url: string, location: string, status = 301): HttpHop =>
  hop(url, { status, headers: [['location', location]], body: '' })

/** A walk over these hops. */
export const exchange = (...hops: HttpHop[]): HttpExchange => ({ hops, ended: 'answer' })

/** The same as an observed fact. */
export const walked = (...hops: HttpHop[]): Fact<HttpExchange> => observed(exchange(...hops), at)

/** A port that refuses. */
export const refused: Fact<HttpExchange> = missing('refused', 'example.com:80 refuses connections')

/** The front door: sound on both ports unless given otherwise. */
export const door = (given: { https?: Fact<HttpExchange>; http?: Fact<HttpExchange> } = {}) => ({
  https: given.https ?? walked(hop('https://example.com/')),
  http: given.http ?? walked(redirect('http://example.com/', 'https://example.com/', 308), hop('https://example.com/')),
})

const front = 'https://example.com/'

/** The headers that browsers want. */
export const soundHeaders: [string, string][] = [
  ['content-type', 'text/html; charset=utf-8'],
  ['strict-transport-security', 'max-age=31536000; includeSubDomains'],
  ['content-security-policy', "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"],
  ['x-content-type-options', 'nosniff'],
  ['referrer-policy', 'strict-origin-when-cross-origin'],
]

const doorWith = (headers: [string, string][]): Web => door({ https: walked(hop(front, { headers })) })

/** A host that answers over HTTPS with the headers that browsers want, and sends visitors there from HTTP. */
export const example: Web = doorWith(soundHeaders)

/** The sound host without this header. */
export const without = (name: string): Web => doorWith(soundHeaders.filter(([header]) => header !== name))

/** The sound host with this header in the place of its own. */
export const sending = (name: string, value: string): Web =>
  doorWith([...soundHeaders.filter(([header]) => header !== name), [name, value]])

/** A host whose front page is sent with these headers alone, beside its type. */
export const sendingOnly = (...headers: [string, string][]): Web =>
  doorWith([['content-type', 'text/html'], ...headers])

/** A host whose front page is this HTML, with these headers beside its type. */
export const showing = (body: string, headers: [string, string][] = [], url = front): Web =>
  door({ https: walked(hop(url, { body, headers: [['content-type', 'text/html'], ...headers] })) })

/** A host that answers in JSON. */
export const jsonService: Web = door({
  https: walked(hop(front, { headers: [['content-type', 'application/json']], body: '{}' })),
})

/** A host that only leads to www. */
export const leadsToWww: Web = door({
  https: walked(redirect(front, 'https://www.example.com/'), hop('https://www.example.com/')),
})

/** The sound host, whose port 80 answers so. */
export const plainHttp = (...hops: HttpHop[]): Web => door({ http: walked(...hops) })

/** The sound host, whose port 80 leads there, to a page that answers. */
export const httpLeadsTo = (to: string, status = 301): Web =>
  plainHttp(redirect('http://example.com/', to, status), hop(to))

/** The sound host, whose port 80 leads to HTTPS at port 80, where nothing speaks it. */
export const leadsNowhere: Web = door({
  http: observed(
    {
      hops: [redirect('http://example.com/', 'https://example.com:80/')],
      ended: 'next-hop-failed',
      next: {
        url: 'https://example.com:80/',
        why: 'the TLS handshake with example.com:80 failed',
        missing: { reason: 'tls-handshake', message: 'the TLS handshake with example.com:80 failed' },
      },
    },
    at,
  ),
})

/** The sound host with this header on the redirect from HTTP alone. */
export const overHttp = (name: string, value: string): Web =>
  door({
    https: without(name).https,
    http: walked(
      hop('http://example.com/', {
        status: 301,
        headers: [
          ['location', front],
          [name, value],
        ],
      }),
      hop(front),
    ),
  })

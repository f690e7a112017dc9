// A route's page for the examples of checks.
import type { Subject } from '../../core/fact.ts'
import type { RouteKind } from '../../core/target.ts'
import type { Page } from './page.ts'
import { exchange, hop, redirect, soundHeaders } from './web.example.ts'

const front = 'https://example.com/'

/** A page that fits a phone, sent with the headers that browsers want. */
export const example: Page = exchange(
  hop(front, {
    headers: soundHeaders,
    body: '<!doctype html><html lang="en"><head><title>CoachDash</title><meta name="viewport" content="width=device-width, initial-scale=1"></head><body><h1>Coaching, in one place</h1><a href="/pricing">Pricing</a><script src="/app.js"></script></body></html>',
  }),
)

/** A page of this HTML, with these headers beside its type. */
export const showing = (body: string, headers: [string, string][] = [], url = front): Page =>
  exchange(hop(url, { body, headers: [['content-type', 'text/html'], ...headers] }))

/** A page sent with these headers alone, beside its type. */
export const sendingOnly = (...headers: [string, string][]): Page =>
  exchange(hop(front, { headers: [['content-type', 'text/html'], ...headers] }))

/** An answer in JSON. */
export const json = (value: unknown, status = 200, url = front): Page =>
  exchange(hop(url, { status, headers: [['content-type', 'application/json']], body: JSON.stringify(value) }))

/** A page that answers with this status. */
export const answering = (status: number): Page => exchange(hop(front, { status }))

/** A redirect to a page that answers. */
export const leadingTo = (to: string): Page => exchange(redirect(front, to, 302), hop(to))

/** A route of this kind; it bears its kind's name where none is given. */
export const route = (kind: RouteKind, name: string = kind, url = front): Subject => ({
  kind: 'route',
  name: url,
  details: { kind, name },
})

/** A page that redirects to itself. */
export const circle: Page = {
  hops: [redirect(front, front)],
  ended: 'loop',
  next: { url: front, why: 'it was visited before' },
}

/** A redirect into a private network. */
export const leadingInside: Page = {
  hops: [redirect(front, 'http://169.254.169.254/')],
  ended: 'private-address',
  next: { url: 'http://169.254.169.254/', why: '169.254.169.254 is a private address' },
}

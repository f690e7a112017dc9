// Where a page's links lead, for the examples of checks.
import type { Links, PageLink } from './links.ts'

/** A link of the product's own site to a page that is gone. */
export const brokenLink = (given: Partial<PageLink> = {}): PageLink => ({
  url: 'https://example.com/team',
  text: 'Team',
  internal: true,
  purpose: null,
  state: 'broken',
  status: 404,
  message: 'status 404',
  ...given,
})

/** A link to another site that refuses programs. */
export const refusedLink = (given: Partial<PageLink> = {}): PageLink =>
  brokenLink({
    url: 'https://www.example.net/in/coach',
    internal: false,
    state: 'untold',
    status: 403,
    message: 'status 403',
    ...given,
  })

/** Twelve links, all of which answer. */
export const example: Links = { asked: 12, leftOut: 0, links: [] }

// A name below the domain that is an alias to a hosting service, where it is claimed.
import type { Dangling, Lead } from './dangling.ts'

const alias: Lead = {
  via: 'CNAME',
  target: 'someone.github.io',
  status: 'NOERROR',
  service: 'GitHub Pages',
  claim: 'open',
  page: 'other',
}

export const example: Dangling = { name: 'blog.example.com', leads: [alias], delegation: null }

/** The alias with this change. */
export const leading = (change: Partial<Lead>): Dangling => ({ ...example, leads: [{ ...alias, ...change }] })

// Where a site keeps its legal pages, for the examples of checks.
import type { LegalLinks } from './legal-links.ts'

/** Privacy policy, terms and a mail link on the front page. */
export const example: LegalLinks = {
  pages: ['https://example.com/'],
  found: {
    privacy: 'https://example.com/privacy',
    terms: 'https://example.com/terms',
    contact: 'mailto:hello@example.com',
  },
  drawnByScripts: false,
  unread: [],
}

/** The sound site without these. */
export const lacking = (...kinds: (keyof LegalLinks['found'])[]): Pick<LegalLinks, 'found'> => ({
  found: { ...example.found, ...Object.fromEntries(kinds.map(kind => [kind, null])) },
})

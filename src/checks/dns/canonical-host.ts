// One address: every spelling of it (http, https, with and without www, any path) ends at the same place in one step.
import { blocker, defineCheck, high, low, medium, pass, skip, unknown } from '../../core/check.ts'
import { httpEvidence, textEvidence } from '../../core/evidence.ts'
import { bothAnswer } from '../../facts/dns/canonical-walk.example.ts'
import {
  canonicalFaults,
  canonicalOrigin,
  spellingWithoutAddress,
  trailOf,
  unknownSpellings,
} from '../../formats/http/canonical-walk.ts'
import {
  canonicalTagFix,
  certificateFix,
  missingHostFix,
  redirectFix,
  redirectLoopFix,
  type SpellingData,
} from './fixes.ts'

export default defineCheck<SpellingData>()({
  id: 'canonical-host',
  stage: 'dns',
  on: 'domain',
  title: 'Every spelling of the address leads to one place',
  why: 'http and https, apex and www, the front page and a deep link with a query are walked hop by hop. Each spelling must end at one origin in at most two permanent steps that keep path and query; certificates count before redirects, because a browser checks them first.',
  impact: {
    journey: 'visit',
    owner: 'People who type your address another way see an error, lose their login, or split your search ranking.',
  },
  needs: ['canonicalWalk'],
  signals: {
    'duplicate-pages': ['both-serve', 'canonical-tag-disagrees'],
    'certificate-warnings': ['loop', 'chain', 'certificate-before-redirect'],
    'links-break': ['path-lost', 'query-lost', 'apex-missing', 'www-missing'],
  },
  outcomes: {
    'both-serve': high('{host} serves a second copy of the site', redirectFix, {
      why: 'Search engines see two sites, and who is logged in at one is not at the other.',
    }),
    'www-missing': medium('{host} cannot be opened; people still type it', missingHostFix, {
      why: 'People who type www see an error of their browser.',
    }),
    'apex-missing': blocker('{host} cannot be opened, only www works', missingHostFix, {
      why: 'People who type the name without www see an error of their browser.',
    }),
    loop: blocker('{host} redirects in circles', redirectLoopFix, { why: 'Browsers give up with an error.' }),
    chain: medium('{host} takes three or more redirects', redirectFix, {
      why: 'Each hop costs time and is one more thing that can fail.',
    }),
    'path-lost': high('Deep links to {host} end on the wrong page', redirectFix, {
      why: 'Links in mails, advertisements and search results miss the page that they mean.',
    }),
    'query-lost': medium('Links to {host} lose their parameters', redirectFix, {
      why: 'Campaigns are not counted, and links that carry a token do not work.',
    }),
    temporary: low('{host} redirects as if for today only', redirectFix, {
      why: 'Search engines keep the old address in their results.',
    }),
    'certificate-before-redirect': blocker('https://{host} warns before it redirects', certificateFix, {
      why: 'Visitors see a full-page security warning before they can be redirected.',
    }),
    'canonical-tag-disagrees': medium('The page names another address as the real one', canonicalTagFix, {
      why: 'Search engines may list the other address in the place of this one.',
    }),
    one: pass('All spellings lead to {origin}'),
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc9110#section-15.4',
    'https://www.rfc-editor.org/rfc/rfc6596',
    'https://developers.google.com/search/docs/crawling-indexing/consolidate-duplicate-urls',
  ],
  judge: ({ canonicalWalk: walk }, { target }) => {
    if (walk.exists.apex === false && walk.exists.www === false)
      return skip('neither the domain nor its www has an address')
    const origin = canonicalOrigin(walk, target.canonical)
    if (origin === null) return unknown('no spelling of the address gave an answer', 'blocker')
    const found = canonicalFaults(walk, origin).map(({ outcome, key, start, trail }) => {
      const host = outcome === 'temporary' ? key : new URL(start).hostname
      return { outcome, key, data: { host, origin, start }, evidence: [httpEvidence(start, trail)] }
    })
    const lacking = spellingWithoutAddress(walk)
    const absent = (lacking ? [lacking] : []).map(which => {
      const host = walk[which]
      const data: SpellingData = { host, origin, start: host, ...(which === 'www' ? { alias: walk.apex } : {}) }
      return { outcome: `${which}-missing` as const, data, evidence: [textEvidence(host, 'no address')] }
    })
    const open = unknownSpellings(walk, origin).map(spelling => unknown(trailOf(spelling), 'high'))
    if (found.length || absent.length || open.length) return [...absent, ...found, ...open]
    const fronts = walk.spellings.filter(spelling => !spelling.deep)
    const evidence = fronts.map(spelling => httpEvidence(spelling.start, trailOf(spelling)))
    return { outcome: 'one', data: { host: walk.apex, origin, start: origin }, evidence }
  },
  examples: [
    { name: 'www redirects to the apex', facts: {}, expect: 'one' },
    { name: 'both answer', facts: { canonicalWalk: bothAnswer }, expect: 'both-serve' },
  ],
})

// Search engines may show the site, and only the site.
import { defineCheck, high, medium, pass, skip, type Unknown, unknown } from '../../core/check.ts'
import { type Evidence, httpEvidence } from '../../core/evidence.ts'
import { causeOf, type Missing, type Subject } from '../../core/fact.ts'
import type { Severity } from '../../core/severity.ts'
import type { Target } from '../../core/target.ts'
import { hiddenPrices } from '../../facts/http/key-page-robots.example.ts'
import type { KeyPageRobots } from '../../facts/http/key-page-robots.ts'
import { sending } from '../../facts/http/web.example.ts'
import { passwordForms } from '../../formats/html/login-form.ts'
import { indexBarriers } from '../../formats/http/robots.ts'
import { isStagingHost } from '../../formats/http/staging-host.ts'
import { type IndexingData as Data, indexingFix } from './host-fixes.ts'
import { frontPage, type ServedPage } from './served-page.ts'

/** Why nobody looks for this page in a search engine; null when somebody does. */
const whyNotSought = ({ name, details }: Subject, { domain, hosts }: Target, page: ServedPage): string | null => {
  const isSite =
    name === domain || name === `www.${domain}` || name === hosts['marketing'] || details?.['role'] === 'marketing'
  if (!isSite) return `${name} is not what people search for`
  return passwordForms(page.html).length ? 'the front page is a login, which need not be found' : null
}

const unseen = (robots: Missing, couldBe: Severity): Unknown => ({
  unknown: `robots.txt: ${robots.message}`,
  couldBe,
  cause: causeOf(robots),
})

type Hidden = { outcome: 'noindex' | 'robots-blocks-all'; key: string; data: Data; evidence: Evidence[] }

/** Key pages that stay out; what the front page forbids for all is one fault. */
const hiddenPages = (pages: KeyPageRobots, { host, url }: Data, front: readonly Hidden[]): Hidden[] =>
  pages
    .filter(page => page.url !== url)
    .flatMap(page =>
      page.barriers
        .filter(({ how }) => !front.some(({ data }) => data.how === how))
        .map(({ how, value }) => ({
          outcome: 'noindex' as const,
          key: `${how} ${new URL(page.url).pathname}`,
          data: { host, how, url: page.url },
          evidence: [httpEvidence(page.url, value.slice(0, 300), how === 'x-robots-tag' ? { header: how } : {})],
        })),
    )

export default defineCheck<Data>()({
  id: 'search-indexing',
  stage: 'audit',
  on: 'host',
  title: 'Search engines may show the site, and nothing else',
  why: 'A noindex or a robots.txt that blocks everything, left over from building, keeps the site out of every search result. A staging host without one competes with it. The front page’s X-Robots-Tag and meta element and robots.txt (RFC 9309) are judged on the hosts that customers should find, and the same of their key pages; an app behind a login may stay out.',
  impact: { journey: 'visit', owner: 'Nobody finds you through a search engine.' },
  needs: ['web'],
  wants: ['robots', 'keyPageRobots'],
  outcomes: {
    noindex: high('{host} asks search engines to leave it out', indexingFix.noindex),
    'robots-blocks-all': high('The robots.txt of {host} shuts search engines out', indexingFix['robots-blocks-all']),
    'staging-indexable': medium('Search engines may show {host} beside your site', indexingFix['staging-indexable'], {
      why: 'Customers who land on an unfinished copy sign up there, or lose trust.',
    }),
    open: pass('Search engines see of {host} what they should'),
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc9309',
    'https://developers.google.com/search/docs/crawling-indexing/robots-meta-tag',
  ],
  judge: ({ web, robots, keyPageRobots }, { subject, target, now }) => {
    const host = subject.name
    const front = frontPage(web, host, 'high')
    if (!('page' in front)) return front
    const { page } = front
    const { url } = page
    const barriers = indexBarriers(page.headers, page.html, robots.ok ? robots.value.text : '', now)
    const seen = (how: string, value: string) =>
      httpEvidence(
        how === 'robots.txt' && robots.ok ? robots.value.url : url,
        value.slice(0, 300),
        how === 'x-robots-tag' ? { header: how } : {},
      )
    const data = (how = ''): Data => ({ host, how, url })
    const faults = barriers.map(
      ({ how, value }): Hidden => ({
        outcome: how === 'robots.txt' ? 'robots-blocks-all' : 'noindex',
        key: how,
        data: data(how),
        evidence: [seen(how, value)],
      }),
    )
    if (isStagingHost(host)) {
      if (faults.length) return { outcome: 'open', data: data(), evidence: faults.flatMap(fault => fault.evidence) }
      if (!robots.ok) return unseen(robots, 'medium')
      return { outcome: 'staging-indexable', data: data(), evidence: [seen('', 'answers everyone, without noindex')] }
    }
    const reason = whyNotSought(subject, target, page)
    if (reason) return skip(reason)
    faults.push(...hiddenPages(keyPageRobots.ok ? keyPageRobots.value : [], data(), faults))
    if (faults.length) return faults
    if (!robots.ok) return unseen(robots, 'high')
    if (robots.value.status >= 500) return unknown(`robots.txt: ${robots.value.status}`, 'high')
    return { outcome: 'open', data: data(), evidence: [seen('', 'no noindex, and robots.txt lets Googlebot in')] }
  },
  examples: [
    { name: 'open to all', facts: {}, expect: 'open' },
    { name: 'noindex on the page of prices', facts: { keyPageRobots: hiddenPrices }, expect: 'noindex' },
    { name: 'noindex in the header', facts: { web: sending('x-robots-tag', 'noindex, nofollow') }, expect: 'noindex' },
  ],
})

// Search engines may show the site, and only the site.
import { defineCheck } from '../../core/check.ts'
import { observed, type Subject } from '../../core/fact.ts'
import type { Change, Fix } from '../../core/fix.ts'
import type { Target } from '../../core/target.ts'
import { door, hop, redirect, walked } from '../../facts/http/web.example.ts'
import { headerForbidsIndex, mayFetch, metaForbidsIndex, parseRobots } from '../../formats/http/robots.ts'
import { frontPage, type ServedPage, valuesOf } from './served-page.ts'

type Data = { host: string; how: string; url: string }

const fixing =
  (summary: string, change: (data: Data) => Change, step: string) =>
  (data: Data): Fix => ({
    summary,
    steps: [step, 'Ask for the page again in Google Search Console: URL inspection, request indexing.'],
    changes: [change(data)],
    effortMinutes: 10,
  })

const openRobots = 'User-agent: *\nAllow: /\n'

/** Labels of hosts that are for the team: `staging.example.com`, `pr-12-web.example.com`. */
const isStaging = (host: string): boolean =>
  /^([a-z0-9-]+-)?(staging|stage|stg|dev|develop|development|test|testing|qa|uat|preview|sandbox|preprod|pre-prod)(-[a-z0-9-]+)?\.|^pr-?\d+[.-]/.test(
    host,
  )

/** Why nobody looks for this page in a search engine; null when somebody does. */
const whyNotSought = (subject: Subject, target: Target, page: ServedPage): string | null => {
  const { name } = subject
  const isSite =
    name === target.domain ||
    name === `www.${target.domain}` ||
    name === target.hosts['marketing'] ||
    subject.details?.['role'] === 'marketing'
  if (!isSite) return `${name} is not what people search for`
  return page.html.forms.some(form => form.inputs.some(input => input.type === 'password'))
    ? 'the front page is a login, which need not be found'
    : null
}

const at = '2026-11-25T00:00:00Z'
const robots = (text: string, status = 200) => observed({ url: 'https://example.com/robots.txt', status, text }, at)
const site = (role: string, name = 'example.com') => ({ kind: 'host' as const, name, details: { role } })
const sending = (value: string, url = 'https://example.com/') =>
  door({
    https: walked(
      hop(url, {
        headers: [
          ['content-type', 'text/html'],
          ['x-robots-tag', value],
        ],
      }),
    ),
  })

export default defineCheck<Data>()({
  id: 'search-indexing',
  stage: 'audit',
  on: 'host',
  title: 'Search engines may show the site, and nothing else',
  why: 'A noindex or a robots.txt that blocks everything, left over from building, keeps the site out of every search result. A staging host without one competes with it. The front page’s X-Robots-Tag and meta element and robots.txt (RFC 9309) are judged on the hosts that customers should find; an app behind a login may stay out.',
  impact: { journey: 'visit', owner: 'Nobody finds you through a search engine.' },
  needs: ['web'],
  wants: ['robots'],
  outcomes: {
    noindex: {
      status: 'fail',
      severity: 'high',
      title: '{host} asks search engines to leave it out',
      fix: data =>
        fixing(
          'Take noindex away',
          ({ host, how, url }) =>
            how === 'x-robots-tag'
              ? { kind: 'http-header', action: 'remove', host, name: 'x-robots-tag' }
              : { kind: 'manual', step: `Remove the noindex meta element from the HTML of ${url}.` },
          'Find where noindex is set: a setting of the site builder ("hide from search engines"), the framework’s metadata, or the web server.',
        )(data),
    },
    'robots-blocks-all': {
      status: 'fail',
      severity: 'high',
      title: 'The robots.txt of {host} shuts search engines out',
      fix: fixing(
        'Let robots.txt allow everything',
        ({ host }) => ({
          kind: 'setting',
          provider: 'web-server',
          path: `${host}/robots.txt`,
          value: { body: openRobots },
        }),
        'Replace "Disallow: /" in robots.txt by "Allow: /".',
      ),
    },
    'staging-indexable': {
      status: 'fail',
      severity: 'medium',
      title: 'Search engines may show {host} beside your site',
      why: 'Customers who land on an unfinished copy sign up there, or lose trust.',
      fix: fixing(
        'Keep the copy out of search engines, better behind a password',
        ({ host }) => ({ kind: 'http-header', action: 'set', host, name: 'x-robots-tag', value: 'noindex' }),
        'Put a password before the copy, or send X-Robots-Tag: noindex on every answer of it.',
      ),
    },
    open: { status: 'pass', title: 'Search engines see of {host} what they should' },
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc9309',
    'https://developers.google.com/search/docs/crawling-indexing/robots-meta-tag',
  ],
  judge: ({ web, robots }, { subject, target }) => {
    const front = frontPage(web, subject.name, 'high')
    if (!('page' in front)) return front
    const { page } = front
    const host = subject.name
    const tags = valuesOf(page, 'x-robots-tag')
    const byHeader = headerForbidsIndex(tags)
    const byMeta = metaForbidsIndex(page.html.metas)
    const data = (how = ''): Data => ({ host, how, url: page.url })
    const isBlocked = robots.ok && !mayFetch(parseRobots(robots.value.text), 'googlebot', new URL(page.url).pathname)
    if (isStaging(host)) {
      const evidence = [{ label: page.url, value: 'answers everyone, without noindex' }]
      const isHidden = byHeader || byMeta || isBlocked
      if (!isHidden && !robots.ok) return { unknown: `robots.txt: ${robots.message}`, couldBe: 'medium' }
      return { outcome: isHidden ? 'open' : 'staging-indexable', data: data(), evidence: isHidden ? [] : evidence }
    }
    const reason = whyNotSought(subject, target, page)
    if (reason) return { skip: reason }
    const found = (outcome: 'noindex' | 'robots-blocks-all', how: string, label: string, value: string) => ({
      outcome,
      key: how,
      data: data(how),
      evidence: [{ label, value: value.slice(0, 300) }],
    })
    const faults = [
      ...(byHeader ? [found('noindex', 'x-robots-tag', 'x-robots-tag', tags.join(', '))] : []),
      ...(byMeta ? [found('noindex', 'meta', page.url, '<meta name="robots" content="noindex">')] : []),
      ...(isBlocked && robots.ok
        ? [found('robots-blocks-all', 'robots.txt', robots.value.url, robots.value.text)]
        : []),
    ]
    if (faults.length) return faults
    if (!robots.ok || robots.value.status >= 500)
      return { unknown: `robots.txt: ${robots.ok ? robots.value.status : robots.message}`, couldBe: 'high' }
    return { outcome: 'open', data: data(), evidence: [] }
  },
  examples: [
    {
      name: 'open to all',
      subject: site('apex'),
      facts: { web: door(), robots: robots('User-agent: *\nAllow: /\nDisallow: /admin') },
      expect: 'open',
    },
    { name: 'no robots.txt', subject: site('www'), facts: { web: door(), robots: robots('', 404) }, expect: 'open' },
    {
      name: 'only others are shut out',
      subject: site('apex'),
      facts: { web: sending('otherbot: noindex'), robots: robots('User-agent: GPTBot\nDisallow: /') },
      expect: 'open',
    },
    {
      name: 'noindex in the header',
      subject: site('apex'),
      facts: { web: sending('noindex, nofollow'), robots: robots('') },
      expect: 'noindex',
    },
    {
      name: 'noindex in the page',
      subject: site('marketing'),
      facts: {
        web: door({ https: walked(hop('https://example.com/', { body: '<meta name="robots" content="noindex">' })) }),
        robots: robots(''),
      },
      expect: 'noindex',
    },
    {
      name: 'everything is shut',
      subject: site('apex'),
      facts: { web: door(), robots: robots('# building\nuser-agent: *\ndisallow: /') },
      expect: 'robots-blocks-all',
    },
    {
      name: 'a copy for the team',
      subject: site('other', 'staging.example.com'),
      facts: { web: door({ https: walked(hop('https://staging.example.com/')) }), robots: robots('', 404) },
      expect: 'staging-indexable',
    },
    {
      name: 'a copy that hides',
      subject: site('other', 'staging.example.com'),
      facts: {
        web: door({ https: walked(hop('https://staging.example.com/')) }),
        robots: robots('User-agent: *\nDisallow: /'),
      },
      expect: 'open',
    },
    {
      name: 'an app',
      subject: site('app', 'app.example.com'),
      facts: { web: sending('noindex', 'https://app.example.com/'), robots: robots('') },
      expect: 'skip',
    },
    { name: 'robots.txt does not answer', subject: site('apex'), facts: { web: door() }, expect: 'unknown' },
    {
      name: 'robots.txt fails',
      subject: site('apex'),
      facts: { web: door(), robots: robots('', 503) },
      expect: 'unknown',
    },
    {
      name: 'leads elsewhere',
      subject: site('apex'),
      facts: {
        web: door({
          https: walked(redirect('https://example.com/', 'https://www.example.com/'), hop('https://www.example.com/')),
        }),
      },
      expect: 'skip',
    },
  ],
})

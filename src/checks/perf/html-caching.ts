// A deploy reaches whoever opens the page: browsers ask for HTML again.
import { blocker, defineCheck, low, pass } from '../../core/check.ts'
import { httpEvidence } from '../../core/evidence.ts'
import { sendingOnly } from '../../facts/http/page.example.ts'
import { cachingOf, spanInWords } from '../../formats/http/cache-control.ts'
import { routeName, routePage } from '../audit/served-page.ts'
import { askAgainForPage, type KeptPage } from './delivery-fixes.ts'

/** Longer than this a browser shows yesterday's page, and no deploy reaches it. */
const hour = 3600

export default defineCheck<KeptPage>()({
  id: 'html-caching',
  stage: 'perf',
  on: 'route',
  title: 'A new version of a page reaches everybody at once',
  why: 'What a browser may keep without asking (max-age, Expires, immutable) it shows until that time is over, whatever was deployed meanwhile. `no-cache` or `max-age=0` with an ETag costs one short question. What caches in between may keep (s-maxage, CDN-Cache-Control) is not counted: a deploy empties them.',
  impact: { journey: 'operate', owner: 'Visitors go on seeing the old page after you changed it.' },
  needs: ['page'],
  outcomes: {
    stuck: blocker('Browsers keep {page} for {span}: no fix reaches them', askAgainForPage),
    'no-directive': low('Browsers guess how long to keep {page}', askAgainForPage, {
      why: 'Each browser decides for itself how long it shows the old page after you changed it.',
    }),
    revalidated: pass('Browsers ask for {page} again'),
  },
  references: ['https://www.rfc-editor.org/rfc/rfc9111#section-4.2', 'https://www.rfc-editor.org/rfc/rfc8246'],
  judge: ({ page: exchange }, { subject, target: { domain } }) => {
    const judgeable = routePage(exchange, domain)
    if (!('page' in judgeable)) return judgeable
    const { url, headers } = judgeable.page
    const { written, browserSeconds, immutable } = cachingOf({ headers })
    const expires = headers.find(([name]) => name === 'expires')?.[1]
    const evidence = [
      httpEvidence(url, written || (expires ? `Expires: ${expires}` : 'no Cache-Control, no Expires'), {
        header: 'cache-control',
      }),
    ]
    const data = { page: `the ${routeName(subject)} page`, url, span: spanInWords(browserSeconds ?? 0) }
    if (browserSeconds !== null && (browserSeconds > hour || (immutable && browserSeconds > 0)))
      return { outcome: 'stuck', data, evidence }
    return { outcome: browserSeconds === null && written === '' ? 'no-directive' : 'revalidated', data, evidence }
  },
  examples: [
    {
      name: 'asked for again',
      facts: { page: sendingOnly(['cache-control', 'public, max-age=0, must-revalidate']) },
      expect: 'revalidated',
    },
    {
      name: 'the network may keep it',
      facts: { page: sendingOnly(['cache-control', 's-maxage=86400, stale-while-revalidate']) },
      expect: 'revalidated',
    },
    { name: 'a day', facts: { page: sendingOnly(['cache-control', 'public, max-age=86400']) }, expect: 'stuck' },
    { name: 'nothing', facts: {}, expect: 'no-directive' },
  ],
})

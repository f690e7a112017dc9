// The page does not wait for other people's servers.

import { defineCheck, low, medium, pass } from '../../core/check.ts'
import { httpEvidence } from '../../core/evidence.ts'
import { pageRequest, speed } from '../../facts/browser/page-speed.example.ts'
import { bytesInWords } from '../../formats/http/compressed.ts'
import { waitInWords } from '../../formats/perf/route-words.ts'
import { routeName } from '../audit/served-page.ts'
import { afterFirstWords, fewerOthers, type Others } from './page-fixes.ts'

/** Sites of others that a page may ask before it is worth a word. */
const few = 8

const other = (site: string, given: Parameters<typeof pageRequest>[0] = {}) =>
  pageRequest({ url: `https://${site}/tag.js`, kind: 'script', third: site, ...given })

export default defineCheck<Others>()({
  id: 'third-parties',
  stage: 'perf',
  on: 'route',
  measured: true,
  title: 'The page does not wait for servers of others',
  why: 'A script or style of another site that blocks drawing makes that site’s slowness and outages yours. Seen in the browser: which requests go to other registrable domains, and which of them hold up the first paint (renderBlockingStatus).',
  impact: { journey: 'visit', owner: 'When a server of somebody else is slow, your page shows nothing meanwhile.' },
  needs: ['pageSpeed'],
  outcomes: {
    blocking: medium('{page} shows nothing until {sites} answers', afterFirstWords),
    many: low('{page} loads files of {count} other sites', fewerOthers, {
      why: 'Each of them costs time while the page loads, and sees who visits it.',
    }),
    few: pass('{page} waits for nobody else'),
  },
  references: ['https://web.dev/articles/efficiently-load-third-party-javascript'],
  judge: ({ pageSpeed: { url, median } }, { subject }) => {
    const others = median.requests.filter(({ third }) => third !== null)
    const sites = [...new Set(others.map(({ third }) => third!))].sort()
    const blocking = others.filter(request => request.blocking)
    const data = {
      page: `The ${routeName(subject)} page`,
      count: String(sites.length),
      sites: (blocking.length ? [...new Set(blocking.map(({ third }) => third!))] : sites).slice(0, 2).join(', '),
      first: blocking[0]?.url ?? others[0]?.url ?? '',
    }
    const rows = (list: typeof others) =>
      list
        .slice(0, 8)
        .map(item =>
          httpEvidence(
            item.url,
            `${item.kind}, ${bytesInWords(item.bytes)}, there after ${waitInWords(item.end ?? 0)}`,
          ),
        )
    const found = [
      ...(blocking.length ? [{ outcome: 'blocking' as const, data, evidence: rows(blocking) }] : []),
      ...(sites.length > few
        ? [{ outcome: 'many' as const, data: { ...data, sites: sites.join(', ') }, evidence: rows(others) }]
        : []),
    ]
    const none = [httpEvidence(url, sites.length ? sites.join(', ') : 'asks nobody else', { label: 'other sites' })]
    return found.length ? found : { outcome: 'few', data, evidence: none }
  },
  examples: [
    { name: 'nobody else', facts: {}, expect: 'few' },
    {
      name: 'a script that holds it up',
      facts: { pageSpeed: speed({ requests: [pageRequest(), other('tags.example', { blocking: true })] }) },
      expect: 'blocking',
    },
    {
      name: 'nine trackers',
      facts: {
        pageSpeed: speed({
          requests: [pageRequest(), ...'abcdefghi'.split('').map(letter => other(`${letter}.example`))],
        }),
      },
      expect: 'many',
    },
  ],
})

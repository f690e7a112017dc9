// The page fits a phone, and can be enlarged there.
import { defineCheck, low, medium, pass, skip } from '../../core/check.ts'
import { httpEvidence } from '../../core/evidence.ts'
import type { Fix } from '../../core/fix.ts'
import { manualFix } from '../../core/fixes.ts'
import { showing } from '../../facts/http/page.example.ts'
import { parseViewport } from '../../formats/html/viewport.ts'
import { routeName, routePage } from './served-page.ts'

type Data = { route: string; url: string; value: string }

const element = '<meta name="viewport" content="width=device-width, initial-scale=1">'

const oneElement = ({ url }: Data): Fix =>
  manualFix(
    'Give the page one viewport element, without limits on zooming',
    [`In the head of ${url}, let this be the only viewport element: ${element}`],
    10,
  )

export default defineCheck<Data>()({
  id: 'mobile-viewport',
  stage: 'audit',
  on: 'route',
  title: 'The page fits a phone',
  why: 'Without a viewport element phones lay the page out as on a desktop and shrink it; with user-scalable=no or a maximum-scale below 2 people who see badly cannot enlarge it on Android (WCAG 2.2, 1.4.4).',
  impact: { journey: 'visit', owner: 'On a phone the page is too small to read, or cannot be enlarged.' },
  needs: ['page'],
  outcomes: {
    missing: medium('On a phone the {route} page is shrunk to fit', oneElement, {
      why: 'On a phone the text is too small to read without enlarging it.',
    }),
    'zoom-disabled': low('Nobody can enlarge the {route} page on a phone', oneElement, {
      why: 'People who see badly cannot enlarge the page on their phone.',
    }),
    set: pass('The {route} page fits a phone'),
  },
  references: [
    'https://developer.mozilla.org/docs/Web/HTML/Reference/Elements/meta/name/viewport',
    'https://www.w3.org/WAI/WCAG22/Understanding/resize-text.html',
  ],
  judge: ({ page: served }, { subject, target }) => {
    const ended = routePage(served, target.domain)
    if (!('page' in ended)) return ended
    const { html, body, url } = ended.page
    // A page that refreshes to another one at once, or hardly anything, is nothing that people read.
    if (html.metas.some(meta => meta.httpEquiv && meta.name === 'refresh' && /url\s*=/i.test(meta.content)))
      return skip('the page leads on to another by itself')
    if (body.trim() === '') return skip('the page is empty')
    // Browsers take the last one.
    const last = html.metas.filter(meta => meta.name === 'viewport' && !meta.httpEquiv).at(-1)
    const value = last?.content ?? ''
    const { fits, forbidsZoom } = parseViewport(value)
    const data: Data = { route: routeName(subject), url: subject.name, value }
    if (!fits) {
      const evidence = [httpEvidence(url, last ? `viewport: ${value}` : 'no viewport element')]
      return { outcome: 'missing', data, evidence }
    }
    const evidence = [httpEvidence(url, value, { label: 'viewport' })]
    return { outcome: forbidsZoom ? 'zoom-disabled' : 'set', data, evidence }
  },
  examples: [
    { name: 'fits', facts: {}, expect: 'set' },
    { name: 'none', facts: { page: showing('<title>Hello</title>') }, expect: 'missing' },
    {
      name: 'no zoom',
      facts: { page: showing('<meta name="viewport" content="width=device-width, user-scalable=no">') },
      expect: 'zoom-disabled',
    },
  ],
})

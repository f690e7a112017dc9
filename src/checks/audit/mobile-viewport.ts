// The page fits a phone, and can be enlarged there.
import { defineCheck } from '../../core/check.ts'
import type { Fix } from '../../core/fix.ts'
import { exchange, hop } from '../../facts/http/web.example.ts'
import { routePage } from './served-page.ts'

type Data = { route: string; url: string; value: string }

const element = '<meta name="viewport" content="width=device-width, initial-scale=1">'

const fix = (data: Data): Fix => ({
  summary: 'Give the page one viewport element, without limits on zooming',
  steps: [`In the head of ${data.url}, let this be the only viewport element: ${element}`],
  changes: [{ kind: 'manual', step: `In the head of ${data.url}, let this be the only viewport element: ${element}` }],
  effortMinutes: 10,
})

/** Properties of a viewport as browsers read them: separated by commas, semicolons or blanks. */
const properties = (content: string): Map<string, string> =>
  new Map(
    content
      .toLowerCase()
      .replace(/\s*=\s*/g, '=')
      .split(/[,;\s]+/)
      .map(part => part.split('='))
      .map(([name = '', value = '']) => [name, value]),
  )

const forbidsZoom = (given: Map<string, string>): boolean => {
  const scalable = given.get('user-scalable')
  const largest = Number(given.get('maximum-scale') ?? 'NaN')
  return scalable === 'no' || scalable === '0' || (largest >= 0 && largest < 2)
}

const page = (head: string) =>
  exchange(hop('https://example.com/', { body: `<!doctype html><html><head>${head}</head><p>Hello` }))

export default defineCheck<Data>()({
  id: 'mobile-viewport',
  stage: 'audit',
  on: 'route',
  title: 'The page fits a phone',
  why: 'Without a viewport element phones lay the page out as on a desktop and shrink it; with user-scalable=no or a maximum-scale below 2 people who see badly cannot enlarge it on Android (WCAG 2.2, 1.4.4).',
  impact: { journey: 'visit', owner: 'On a phone the page is too small to read, or cannot be enlarged.' },
  needs: ['page'],
  outcomes: {
    missing: { status: 'fail', severity: 'medium', title: 'On a phone the {route} page is shrunk to fit', fix },
    'zoom-disabled': { status: 'fail', severity: 'low', title: 'Nobody can enlarge the {route} page on a phone', fix },
    set: { status: 'pass', title: 'The {route} page fits a phone' },
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
      return { skip: 'the page leads on to another by itself' }
    if (body.trim() === '') return { skip: 'the page is empty' }
    const viewports = html.metas.filter(meta => meta.name === 'viewport' && !meta.httpEquiv)
    const value = viewports.at(-1)?.content ?? ''
    const given = properties(value)
    const data: Data = {
      route: String(subject.details?.['name'] ?? subject.details?.['kind'] ?? 'key'),
      url: subject.name,
      value,
    }
    if (!given.has('width') && !given.has('initial-scale'))
      return {
        outcome: 'missing',
        data,
        evidence: [{ label: url, value: viewports.length ? `viewport: ${value}` : 'no viewport element' }],
      }
    const evidence = [{ label: 'viewport', value }]
    return { outcome: forbidsZoom(given) ? 'zoom-disabled' : 'set', data, evidence }
  },
  examples: [
    { name: 'fits', facts: { page: page(element) }, expect: 'set' },
    {
      name: 'an old way to write it',
      facts: {
        page: page('<meta name="viewport" content="width = device-width; initial-scale = 1.0; maximum-scale=5">'),
      },
      expect: 'set',
    },
    { name: 'none', facts: { page: page('<title>Hello</title>') }, expect: 'missing' },
    { name: 'empty', facts: { page: page('<meta name="viewport" content="">') }, expect: 'missing' },
    {
      name: 'no zoom',
      facts: { page: page('<meta name="viewport" content="width=device-width, user-scalable=no">') },
      expect: 'zoom-disabled',
    },
    {
      name: 'hardly any zoom',
      facts: { page: page('<meta name="viewport" content="width=device-width,maximum-scale=1.0">') },
      expect: 'zoom-disabled',
    },
    { name: 'leads on', facts: { page: page('<meta http-equiv="refresh" content="0; url=/start">') }, expect: 'skip' },
    {
      name: 'no page',
      facts: { page: exchange(hop('https://example.com/', { headers: [['content-type', 'application/json']] })) },
      expect: 'skip',
    },
  ],
})

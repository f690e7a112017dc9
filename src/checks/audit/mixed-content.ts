// A secure page loads nothing without encryption.
import { defineCheck } from '../../core/check.ts'
import { observed } from '../../core/fact.ts'
import type { Fix } from '../../core/fix.ts'
import { exchange, hop } from '../../facts/http/web.example.ts'
import { isHtml, readHtml } from '../../formats/html/html.ts'
import { mixedContent } from '../../formats/html/mixed-content.ts'

type Data = { url: string; first: string; count: number; urls: string[] }

const fix = (data: Data): Fix => ({
  summary: 'Ask for these over https://',
  steps: data.urls
    .slice(0, 10)
    .map(
      url => `Replace ${url} by ${url.replace(/^http:/, 'https:')} (or a path of your own site), then reload the page.`,
    ),
  changes: data.urls.slice(0, 10).map(url => ({
    kind: 'manual' as const,
    step: `In the source of ${data.url}, replace ${url} by ${url.replace(/^http:/, 'https:')}.`,
  })),
  effortMinutes: 15,
})

const headerValues = (hop: { headers: [string, string][] }, name: string): string[] =>
  hop.headers.filter(([key]) => key === name).map(([, value]) => value)

export default defineCheck<Data>()({
  id: 'mixed-content',
  stage: 'audit',
  on: 'route',
  title: 'A secure page loads nothing without encryption',
  why: 'Browsers block scripts, styles, frames and requests that an HTTPS page asks for over http://, so the page breaks; images lose the padlock; a form that posts to http:// sends what was typed in the clear. upgrade-insecure-requests hides it where the other side has HTTPS. With a browser (audit.browser), what the page’s scripts ask for counts too.',
  impact: { journey: 'trust', owner: 'Parts of the page do not load, or what customers type travels in the clear.' },
  needs: ['page'],
  wants: ['styles', 'rendered'],
  signals: ['signup-unreliable'],
  outcomes: {
    active: {
      status: 'fail',
      severity: 'blocker',
      title: 'Browsers block {count} of what this page needs to run',
      fix,
    },
    'form-action': {
      status: 'fail',
      severity: 'blocker',
      title: 'A form of this page sends what is typed without encryption',
      fix,
    },
    passive: {
      status: 'fail',
      severity: 'medium',
      title: 'Images of this page load without encryption ({count})',
      fix,
    },
    upgraded: {
      status: 'fail',
      severity: 'low',
      title: 'Only upgrade-insecure-requests saves what this page loads',
      fix,
    },
    none: { status: 'pass', title: 'Nothing on this page loads without encryption' },
  },
  references: ['https://www.w3.org/TR/mixed-content/', 'https://developer.mozilla.org/docs/Web/Security/Mixed_content'],
  judge: ({ page, styles, rendered }, { subject }) => {
    const last = page.hops.at(-1)!
    if (!last.url.startsWith('https:')) return { skip: 'the page itself is not served over HTTPS' }
    if (!isHtml(headerValues(last, 'content-type')[0] ?? null)) return { skip: 'not an HTML page' }
    const html = readHtml(last.body, last.url)
    const served = mixedContent(html, styles.ok ? styles.value.sheets : [])
    // What scripts add while the page runs; the browser names it without its query.
    const found = [
      ...served,
      ...(rendered.ok ? rendered.value.insecure : []).filter(
        item => !served.some(other => other.kind === item.kind && other.url.split(/[?#]/)[0] === item.url),
      ),
    ]
    const dataOf = (items: typeof found): Data => ({
      url: subject.name,
      first: items[0]?.url ?? '',
      count: items.length,
      urls: items.map(item => item.url),
    })
    const evidenceOf = (items: typeof found) =>
      items.slice(0, 5).map(item => ({ label: item.element, value: item.url }))
    const policies = [
      ...headerValues(last, 'content-security-policy'),
      ...html.metas.filter(meta => meta.httpEquiv && meta.name === 'content-security-policy').map(meta => meta.content),
    ]
    if (found.length && policies.some(policy => /(^|;)\s*upgrade-insecure-requests\b/i.test(policy)))
      return { outcome: 'upgraded', data: dataOf(found), evidence: evidenceOf(found) }
    const outcomes = { active: 'active', form: 'form-action', passive: 'passive' } as const
    const faults = (['active', 'form', 'passive'] as const).flatMap(kind => {
      const items = found.filter(item => item.kind === kind)
      return items.length ? [{ outcome: outcomes[kind], data: dataOf(items), evidence: evidenceOf(items) }] : []
    })
    if (faults.length) return faults
    const unread = styles.ok ? styles.value.unread : []
    if (unread[0])
      return { unknown: `a stylesheet could not be read: ${unread[0].url}: ${unread[0].message}`, couldBe: 'medium' }
    return { outcome: 'none', data: dataOf([]), evidence: [] }
  },
  examples: [
    {
      name: 'nothing insecure',
      facts: {
        page: exchange(
          hop('https://example.com/', {
            body: '<img src="https://cdn.example.com/a.png"><a href="http://example.org/">link</a>',
          }),
        ),
        styles: observed({ sheets: [], unread: [] }, '2026-11-25T00:00:00Z'),
      },
      expect: 'none',
    },
    {
      name: 'a script',
      facts: {
        page: exchange(hop('https://example.com/', { body: '<script src="http://cdn.example.com/a.js"></script>' })),
      },
      expect: 'active',
    },
    {
      name: 'a form',
      facts: {
        page: exchange(
          hop('https://example.com/', {
            body: '<form action="http://example.com/login" method="post"><input type="password"></form>',
          }),
        ),
      },
      expect: 'form-action',
    },
    {
      name: 'an image',
      facts: {
        page: exchange(hop('https://example.com/', { body: '<img srcset="http://cdn.example.com/a.png 2x">' })),
      },
      expect: 'passive',
    },
    {
      name: 'a script that adds one while the page runs',
      facts: {
        page: exchange(hop('https://example.com/', { body: '<script src="/a.js"></script>' })),
        rendered: observed(
          {
            url: 'https://example.com/',
            uncaught: [],
            failed: [],
            blocked: [],
            insecure: [{ kind: 'active' as const, element: 'xmlhttprequest', url: 'http://api.example.com/plans' }],
            withheld: 0,
            untold: [],
          },
          '2026-11-25T00:00:00Z',
        ),
      },
      expect: 'active',
    },
    {
      name: 'saved by the policy',
      facts: {
        page: exchange(
          hop('https://example.com/', {
            body: '<script src="http://cdn.example.com/a.js"></script>',
            headers: [
              ['content-type', 'text/html'],
              ['content-security-policy', 'upgrade-insecure-requests'],
            ],
          }),
        ),
      },
      expect: 'upgraded',
    },
    {
      name: 'a stylesheet that could not be read',
      facts: {
        page: exchange(hop('https://example.com/', { body: '<p>fine</p>' })),
        styles: observed(
          { sheets: [], unread: [{ url: 'https://cdn.example.com/a.css', message: 'no answer' }] },
          '2026-11-25T00:00:00Z',
        ),
      },
      expect: 'unknown',
    },
    {
      name: 'an insecure background in a stylesheet',
      facts: {
        page: exchange(hop('https://example.com/', { body: '<p>fine</p>' })),
        styles: observed(
          {
            sheets: [{ url: 'https://example.com/a.css', text: 'body{background:url(http://cdn.example.com/b.png)}' }],
            unread: [],
          },
          '2026-11-25T00:00:00Z',
        ),
      },
      expect: 'passive',
    },
    {
      name: 'not a page',
      facts: { page: exchange(hop('https://example.com/', { headers: [['content-type', 'application/json']] })) },
      expect: 'skip',
    },
  ],
})

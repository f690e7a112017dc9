// A secure page loads nothing without encryption.
import { blocker, defineCheck, low, medium, pass, skip, unknown } from '../../core/check.ts'
import { httpEvidence } from '../../core/evidence.ts'
import { showing } from '../../facts/http/page.example.ts'
import { sentOn } from '../../facts/http/redirected-loads.example.ts'
import { readHtml } from '../../formats/html/html.ts'
import { type MixedResource, mixedContent, withRequested } from '../../formats/html/mixed-content.ts'
import { isPage } from '../../formats/html/page-kind.ts'
import { metaPolicies, upgradesInsecure } from '../../formats/http/csp.ts'
import { headerValues } from '../../formats/http/headers.ts'
import { type MixedData as Data, useHttps } from './transit-fixes.ts'

/** A file that is asked for over https:// and redirected, or that a module imports: blocked all the same. */
const loadedOnTheWay = (url: string): MixedResource => ({ kind: 'active', element: 'loaded on the way', url })

const outcomeOf = { active: 'active', form: 'form-action', passive: 'passive' } as const

export default defineCheck<Data>()({
  id: 'mixed-content',
  stage: 'audit',
  on: 'route',
  title: 'A secure page loads nothing without encryption',
  why: 'Browsers block scripts, styles, frames and requests that an HTTPS page asks for over http://, so the page breaks; images lose the padlock; a form that posts to http:// sends what was typed in the clear. upgrade-insecure-requests hides it where the other side has HTTPS. With a browser (audit.browser), what the page’s scripts ask for counts too.',
  impact: { journey: 'trust', owner: 'Parts of the page do not load, or what customers type travels in the clear.' },
  needs: ['page'],
  wants: ['pageLife', 'redirectedLoads', 'styles', 'rendered'],
  signals: { 'signup-unreliable': ['active', 'form-action'], 'data-exposed': ['form-action'] },
  outcomes: {
    active: blocker('Browsers block {count} files that this page needs', useHttps, {
      why: 'Parts of the page do not load, and what needs them does not work.',
    }),
    'form-action': blocker('A form of this page sends what is typed without encryption', useHttps, {
      why: 'What customers type into it can be read and changed on the way.',
    }),
    passive: medium('Images of this page load without encryption ({count})', useHttps, {
      why: 'Browsers ask for these images over HTTPS or not at all; where they load in the clear, others can see and exchange them.',
    }),
    upgraded: low('Only upgrade-insecure-requests saves what this page loads', useHttps, {
      why: 'The page works today; without that directive these parts would be blocked.',
    }),
    none: pass('Nothing on this page loads without encryption'),
  },
  references: ['https://www.w3.org/TR/mixed-content/', 'https://developer.mozilla.org/docs/Web/Security/Mixed_content'],
  judge: ({ page, pageLife, redirectedLoads, styles, rendered }, { subject }) => {
    const last = page.hops.at(-1)!
    if (!last.url.startsWith('https:')) return skip('the page itself is not served over HTTPS')
    if (!isPage(last)) return skip('not an HTML page')
    const html = readHtml(last.body, last.url)
    const found = withRequested(mixedContent(html, styles.ok ? styles.value.sheets : []), [
      ...(rendered.ok ? rendered.value.insecure : []),
      ...(pageLife.ok ? pageLife.value.insecure : []).map(loadedOnTheWay),
      ...(redirectedLoads.ok ? redirectedLoads.value.redirected : []),
    ])
    const about = (items: readonly MixedResource[]) => {
      const urls = items.map(item => item.url)
      return {
        data: { url: subject.name, first: urls[0] ?? '', count: urls.length, urls },
        evidence: items.slice(0, 5).map(item => httpEvidence(last.url, item.url, { label: item.element })),
      }
    }
    const policies = [...headerValues(last, 'content-security-policy'), ...metaPolicies(html)]
    if (found.length && upgradesInsecure(policies)) return { outcome: 'upgraded', ...about(found) }
    const faults = (['active', 'form', 'passive'] as const).flatMap(kind => {
      const items = found.filter(item => item.kind === kind)
      const isLesser = kind === 'active' && items.every(item => item.lesser)
      return items.length
        ? [{ outcome: outcomeOf[kind], ...about(items), ...(isLesser ? { severity: 'high' as const } : {}) }]
        : []
    })
    if (faults.length) return faults
    const unread = styles.ok ? styles.value.unread[0] : undefined
    if (unread) return unknown(`a stylesheet could not be read: ${unread.url}: ${unread.message}`, 'medium')
    return {
      outcome: 'none',
      data: about([]).data,
      evidence: [httpEvidence(last.url, 'asks for nothing over http://')],
    }
  },
  examples: [
    { name: 'nothing insecure', facts: {}, expect: 'none' },
    {
      name: 'a script',
      facts: { page: showing('<script src="http://cdn.example.com/a.js"></script>') },
      expect: 'active',
    },
    { name: 'a picture that is redirected', facts: { redirectedLoads: sentOn }, expect: 'passive' },
    { name: 'an image', facts: { page: showing('<img src="http://cdn.example.com/a.png">') }, expect: 'passive' },
  ],
})

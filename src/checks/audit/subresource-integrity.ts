// Scripts from other people's servers are pinned to what was tested.
import { defineCheck } from '../../core/check.ts'
import type { Fix } from '../../core/fix.ts'
import { exchange, hop } from '../../facts/http/web.example.ts'
import { registrableDomain } from '../../formats/dns/registrable-domain.ts'
import type { HtmlResource } from '../../formats/html/html.ts'
import { routePage } from './served-page.ts'

type Data = { url: string; script: string; count: number; scripts: string[] }

const fix = (data: Data): Fix => {
  const steps = data.scripts
    .slice(0, 10)
    .map(
      script =>
        `On ${data.url}, load ${script} from your own host, or over https with its version in the address and integrity="sha384-…" crossorigin="anonymous" (openssl dgst -sha384 -binary file | base64).`,
    )
  return {
    summary: 'Serve these scripts yourself, or pin them by their checksum',
    steps,
    changes: steps.map(step => ({ kind: 'manual' as const, step })),
    effortMinutes: 20,
  }
}

/** Servers of published files: what stands behind an address with a version there never changes. */
const fileHosts =
  /^(cdn\.jsdelivr\.net|(www\.)?unpkg\.com|cdnjs\.cloudflare\.com|ajax\.googleapis\.com|ajax\.aspnetcdn\.com|code\.jquery\.com|(maxcdn|stackpath|netdna)\.bootstrapcdn\.com|cdn\.statically\.io|esm\.sh|cdn\.skypack\.dev|yastatic\.net|lib\.baomitu\.com|cdn\.bootcdn\.net|cdn\.bootcss\.com|cdn\.staticfile\.(org|net)|polyfill\.io|cdn\.polyfill\.io|rawgit\.com|cdn\.rawgit\.com)$/i

/** Scripts of another site that could be pinned: services that change their script at will (payment, analytics) cannot. */
const unpinned = (resource: HtmlResource, home: string | null): boolean => {
  if (resource.kind !== 'script' || resource.integrity.trim() !== '') return false
  const url = new URL(resource.url)
  if (!/^https?:$/.test(url.protocol) || registrableDomain(url.hostname) === home) return false
  return url.protocol === 'http:' || fileHosts.test(url.hostname)
}

const page = (body: string) => exchange(hop('https://example.com/', { body }))

export default defineCheck<Data>()({
  id: 'subresource-integrity',
  stage: 'audit',
  on: 'route',
  title: 'Scripts from public servers are pinned',
  why: 'A script runs with all rights of the page. From a public file server it may be exchanged without you noticing, as happened with polyfill.io in 2024; an integrity attribute lets browsers refuse anything but the tested file. Scripts of services that change at will (payment, analytics) cannot be pinned and are not held against the page, unless they come without encryption.',
  impact: { journey: 'trust', owner: 'Whoever takes over a public file server acts in the name of your customers.' },
  needs: ['page'],
  outcomes: {
    'third-party-script-unpinned': {
      status: 'fail',
      severity: 'low',
      title: 'Scripts of others run here without a check ({count})',
      fix,
    },
    pinned: { status: 'pass', title: 'Scripts from public servers are pinned' },
  },
  references: ['https://www.w3.org/TR/SRI/', 'https://developer.mozilla.org/docs/Web/Security/Subresource_Integrity'],
  judge: ({ page: served }, { subject, target }) => {
    const ended = routePage(served, target.domain)
    if (!('page' in ended)) return ended
    const { html, host } = ended.page
    if (!html.resources.some(item => item.kind === 'script')) return { skip: 'the page loads no script' }
    const home = registrableDomain(host)
    const scripts = [...new Set(html.resources.filter(item => unpinned(item, home)).map(item => item.url))].sort()
    const data: Data = { url: subject.name, script: scripts[0] ?? '', count: scripts.length, scripts }
    if (scripts.length === 0) return { outcome: 'pinned', data, evidence: [] }
    return {
      outcome: 'third-party-script-unpinned',
      data,
      severity: scripts.some(url => url.startsWith('http:')) ? 'high' : 'low',
      evidence: scripts.slice(0, 5).map(value => ({ label: 'script', value })),
    }
  },
  examples: [
    {
      name: 'pinned',
      facts: {
        page: page(
          '<script src="https://cdn.jsdelivr.net/npm/alpinejs@3.14.1/dist/cdn.min.js" integrity="sha384-abc" crossorigin></script>',
        ),
      },
      expect: 'pinned',
    },
    {
      name: 'a service that changes at will',
      facts: { page: page('<script src="https://js.stripe.com/v3/"></script>') },
      expect: 'pinned',
    },
    {
      name: 'its own',
      facts: { page: page('<script src="https://static.example.com/app.js"></script>') },
      expect: 'pinned',
    },
    {
      name: 'not pinned',
      facts: { page: page('<script src="https://unpkg.com/htmx.org@2.0.0"></script>') },
      expect: 'third-party-script-unpinned',
    },
    {
      name: 'without encryption',
      facts: { page: page('<script src="http://widget.example.org/chat.js"></script>') },
      expect: 'third-party-script-unpinned',
    },
    { name: 'no script', facts: { page: page('<p>Hello</p>') }, expect: 'skip' },
  ],
})

// Scripts from other people's servers are pinned to what was tested.
import { defineCheck, low, pass, skip } from '../../core/check.ts'
import { httpEvidence } from '../../core/evidence.ts'
import type { Fix } from '../../core/fix.ts'
import { manualFix } from '../../core/fixes.ts'
import { showing } from '../../facts/http/page.example.ts'
import { unpinnedScripts } from '../../formats/html/subresource-integrity.ts'
import { routePage } from './served-page.ts'

type Data = { url: string; script: string; count: number; scripts: string[] }

const pin = ({ url, scripts }: Data): Fix =>
  manualFix(
    'Serve these scripts yourself, or pin them by their checksum',
    scripts
      .slice(0, 10)
      .map(
        script =>
          `On ${url}, load ${script} from your own host, or over https with its version in the address and integrity="sha384-…" crossorigin="anonymous" (openssl dgst -sha384 -binary file | base64).`,
      ),
    20,
  )

export default defineCheck<Data>()({
  id: 'subresource-integrity',
  stage: 'audit',
  on: 'route',
  title: 'Scripts from public servers are pinned',
  why: 'A script runs with all rights of the page. From a public file server it may be exchanged without you noticing, as happened with polyfill.io in 2024; an integrity attribute lets browsers refuse anything but the tested file. Scripts of services that change at will (payment, analytics) cannot be pinned and are not held against the page, unless they come without encryption.',
  impact: { journey: 'trust', owner: 'Whoever takes over a public file server acts in the name of your customers.' },
  needs: ['page'],
  outcomes: {
    'third-party-script-unpinned': low('Scripts of others run here without a check ({count})', pin),
    pinned: pass('Scripts from public servers are pinned'),
  },
  references: ['https://www.w3.org/TR/SRI/', 'https://developer.mozilla.org/docs/Web/Security/Subresource_Integrity'],
  judge: ({ page: served }, { subject, target }) => {
    const ended = routePage(served, target.domain)
    if (!('page' in ended)) return ended
    const { html, url } = ended.page
    const loaded = html.resources.filter(item => item.kind === 'script').map(item => item.url)
    if (loaded.length === 0) return skip('the page loads no script')
    const scripts = unpinnedScripts(html)
    const data: Data = { url: subject.name, script: scripts[0] ?? '', count: scripts.length, scripts }
    const shown = (list: readonly string[]) =>
      list.slice(0, 5).map(value => httpEvidence(url, value, { label: 'script' }))
    if (scripts.length === 0) return { outcome: 'pinned', data, evidence: shown(loaded) }
    return {
      outcome: 'third-party-script-unpinned',
      data,
      severity: scripts.some(script => script.startsWith('http:')) ? 'high' : 'low',
      evidence: shown(scripts),
    }
  },
  examples: [
    { name: 'its own', facts: {}, expect: 'pinned' },
    {
      name: 'pinned',
      facts: {
        page: showing(
          '<script src="https://cdn.jsdelivr.net/npm/alpinejs@3.14.1/dist/cdn.min.js" integrity="sha384-abc" crossorigin></script>',
        ),
      },
      expect: 'pinned',
    },
    {
      name: 'not pinned',
      facts: { page: showing('<script src="https://unpkg.com/htmx.org@2.0.0"></script>') },
      expect: 'third-party-script-unpinned',
    },
  ],
})

// Scripts from other people's servers are pinned to what was tested.
import { blocker, defineCheck, low, medium, type OutcomeHolds, pass, skip, unknown } from '../../core/check.ts'
import { httpEvidence } from '../../core/evidence.ts'
import type { Fix } from '../../core/fix.ts'
import { manualFix } from '../../core/fixes.ts'
import { showing } from '../../facts/http/page.example.ts'
import { malformedPins, unpinnedScripts } from '../../formats/html/subresource-integrity.ts'
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

const repin = ({ url, scripts }: Data): Fix =>
  manualFix(
    'Pin the file that is served, or take the attribute away',
    scripts
      .slice(0, 10)
      .map(
        script =>
          `On ${url}, give ${script} the checksum of what is served now: integrity="sha384-$(curl -s ${script} | openssl dgst -sha384 -binary | base64)", and crossorigin="anonymous" where it comes from another host. Where something rewrites it on the way (minifying at the edge) switch that off.`,
      ),
    15,
  )

export default defineCheck<Data>()({
  id: 'subresource-integrity',
  stage: 'audit',
  on: 'route',
  title: 'Scripts from public servers are pinned',
  why: 'A script runs with all rights of the page. From a public file server it may be exchanged without you noticing, as happened with polyfill.io in 2024; an integrity attribute lets browsers refuse anything but the tested file. Scripts of services that change at will (payment, analytics) cannot be pinned and are not held against the page, unless they come without encryption.',
  impact: { journey: 'trust', owner: 'Whoever takes over a public file server acts in the name of your customers.' },
  needs: ['page'],
  wants: ['pageLife'],
  outcomes: {
    mismatch: blocker('Browsers refuse files that this page pins by checksum ({count})', repin),
    malformed: medium('Checksums of this page are not readable, so unchecked ({count})', repin),
    'third-party-script-unpinned': low('Scripts of others run here without a check ({count})', pin),
    pinned: pass('Scripts from public servers are pinned'),
  },
  references: ['https://www.w3.org/TR/SRI/', 'https://developer.mozilla.org/docs/Web/Security/Subresource_Integrity'],
  judge: ({ page: served, pageLife }, { subject, target }) => {
    const ended = routePage(served, target.domain)
    if (!('page' in ended)) return ended
    const { html, url } = ended.page
    const loaded = html.resources.filter(item => item.kind === 'script').map(item => item.url)
    const refused = pageLife.ok ? pageLife.value.refused : []
    const malformed = malformedPins(html)
    if (loaded.length + refused.length + malformed.length === 0) return skip('the page loads no script')
    const about = (scripts: string[]) => ({
      data: { url: subject.name, script: scripts[0] ?? '', count: scripts.length, scripts },
      evidence: scripts.slice(0, 5).map(value => httpEvidence(url, value, { label: 'script' })),
    })
    const faults: OutcomeHolds<'mismatch' | 'malformed' | 'third-party-script-unpinned', Data>[] = []
    if (refused.length)
      faults.push({
        outcome: 'mismatch',
        ...about(refused.map(file => file.url)),
        evidence: refused.slice(0, 5).map(file => httpEvidence(file.url, file.words)),
      })
    if (malformed.length) faults.push({ outcome: 'malformed', ...about(malformed) })
    const scripts = unpinnedScripts(html)
    const severity = scripts.some(script => script.startsWith('http:')) ? 'high' : 'low'
    if (scripts.length) faults.push({ outcome: 'third-party-script-unpinned', ...about(scripts), severity })
    if (faults.length) return faults
    const isPinned = html.resources.some(item => item.integrity.trim() !== '')
    if (isPinned && !pageLife.ok) return unknown(`what is pinned was not read: ${pageLife.message}`, 'blocker')
    return { outcome: 'pinned', ...about(loaded) }
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
    {
      name: 'not what was pinned',
      facts: { pageLife: { refused: [{ url: 'https://example.com/app.js', words: 'other bytes' }] } },
      expect: 'mismatch',
    },
    {
      name: 'unreadable',
      facts: { page: showing('<script src="/app.js" integrity="md5-abc"></script>') },
      expect: 'malformed',
    },
  ],
})

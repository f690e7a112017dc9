// The pages call no address of a developer's machine.
import { blocker, defineCheck, pass, skip, unknown } from '../../core/check.ts'
import { httpEvidence, textEvidence } from '../../core/evidence.ts'
import type { Fix } from '../../core/fix.ts'
import { fix, manual } from '../../core/fixes.ts'
import { localEndpoint } from '../../facts/http/bundles.example.ts'
import { endpointFault } from '../../formats/bundle/development-endpoints.ts'
import { gapOf, readSummary } from '../../formats/bundle/reading.ts'
import { isTrialHost } from '../../formats/http/staging-host.ts'

type Data = { host: string; endpoint: string; url: string; count: number; urls: string[] }

const callProduction = ({ endpoint, urls }: Data): Fix =>
  fix(
    'Build with the address of the production server',
    urls.map(url => manual(`Replace ${endpoint} in ${url} by the address of the production server and build again.`)),
    [
      `Find where the source names ${endpoint}; it is mostly the fallback for an environment variable that the build did not get.`,
      'Set that variable in the production environment of the platform that builds the site, and make the build fail when it is missing.',
      'Deploy anew, then sign up once from a phone on a mobile network.',
    ],
    30,
  )

export default defineCheck<Data>()({
  id: 'development-endpoint',
  stage: 'audit',
  on: 'host',
  title: 'The pages call no address of a developer’s machine',
  why: 'An address like http://localhost:3000, a tunnel or a preview deployment gets into production when a variable is not set in the build. It works for the developer and for nobody else. Only literals that are called, or that are the one value of a setting, count; defaults inside libraries do not.',
  impact: { journey: 'signup', owner: 'Forms and buttons work on your machine and fail for every customer.' },
  needs: ['bundles'],
  signals: ['signup-unreliable'],
  outcomes: {
    present: blocker('Customers cannot reach {endpoint}', callProduction),
    none: pass('Pages call production addresses alone'),
  },
  references: ['https://vite.dev/guide/env-and-mode', 'https://nextjs.org/docs/app/guides/environment-variables'],
  judge: ({ bundles }, { subject: { name: host } }) => {
    if (isTrialHost(host)) return skip('a host made for trying things out')
    const byEndpoint = Map.groupBy(bundles.endpoints, item => item.endpoint)
    const found = [...byEndpoint.keys()].sort().slice(0, 10)
    if (found.length)
      return found.map(name => {
        const used = byEndpoint.get(name)!
        const urls = used.slice(0, 5).map(item => item.url)
        const endpoint = name.length > 46 ? `${name.slice(0, 45)}…` : name
        return {
          outcome: 'present' as const,
          data: { host, endpoint, url: urls[0]!, count: used.length, urls },
          evidence: used.slice(0, 5).map(item => httpEvidence(item.url, `${name} ${endpointFault[item.kind]}`)),
          key: name,
        }
      })
    const gap = gapOf(bundles)
    if (gap) return unknown(gap, 'blocker')
    return {
      outcome: 'none',
      data: { host, endpoint: '', url: '', count: 0, urls: [] },
      evidence: [textEvidence('read', readSummary(bundles))],
    }
  },
  examples: [
    { name: 'none', facts: {}, expect: 'none' },
    { name: 'the developer’s machine', facts: { bundles: { endpoints: [localEndpoint()] } }, expect: 'present' },
    {
      name: 'a staging host',
      subject: { kind: 'host', name: 'app.staging.example.com' },
      facts: { bundles: { endpoints: [localEndpoint({ kind: 'preview' })] } },
      expect: 'skip',
    },
  ],
})

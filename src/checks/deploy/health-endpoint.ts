// There is a route that says whether the program is well, for the platform, the monitor and the smoke test.
import { defineCheck, medium, pass, skip } from '../../core/check.ts'
import { textEvidence } from '../../core/evidence.ts'
import { fix, manual, writeFile } from '../../core/fixes.ts'
import { frameworks, type HealthRoute, healthRouteIn, healthRouteOf } from '../../data/frameworks.ts'
import type { CodePlace } from '../../facts/repo/code-signs.ts'
import { examplePackage, framework } from '../../facts/repo/stack.example.ts'
import { evidenceOf } from './places.ts'

type Data = HealthRoute & { framework: string }

const pagesRoute = {
  file: 'pages/api/health.ts',
  content: 'export default function handler(_request: unknown, response: any) {\n  response.json({ ok: true })\n}\n',
}

/** Next.js looks into one folder of routes: an `app` beside `src/app` would hide the whole product. */
const nextRoute = (route: HealthRoute, folders: readonly string[], within: (path: string) => string): HealthRoute => {
  if (folders.includes(within('app'))) return route
  if (folders.includes(within('src/app'))) return { ...route, file: `src/${route.file}` }
  if (folders.includes(within('src/pages'))) return { ...route, ...pagesRoute, file: `src/${pagesRoute.file}` }
  return folders.includes(within('pages')) ? { ...route, ...pagesRoute } : route
}

const signs = (health: CodePlace[]) => ({ health, synchronises: [], migratesAtStart: [], lockTimeout: [], files: 12 })

export default defineCheck<Data>()({
  id: 'health-endpoint',
  stage: 'deploy',
  on: 'repo',
  title: 'A route says whether the program is well',
  why: 'The platform asks it before it sends traffic, the monitor asks it every minute, the smoke test asks it after a deploy. The homepage is no substitute: it may be cached, or be fine while the database is not.',
  impact: { journey: 'operate', owner: 'Nothing can tell a broken release from a working one but your customers.' },
  needs: ['codeSigns', 'stack', 'deployment'],
  checklist: { section: 'release', order: 1, line: 'A route says whether the program is well' },
  outcomes: {
    none: medium('No route says whether the {framework} app is well', ({ file, content, whole }) =>
      fix(
        'Add a health route that asks the database.',
        // Where the route goes in an existing file only its owner can say.
        [whole ? writeFile(file, content) : manual(`Add a health route to ${file}`)],
        [
          whole ? `Write ${file}.` : `Add this to ${file}: \`${content.trim()}\``,
          'Let it answer 503 when the database does not answer within two seconds.',
          'Name it in the platform’s health check and in `deploy.smoke.health`.',
        ],
        20,
      ),
    ),
    present: pass('A route says whether the program is well'),
  },
  references: [
    'https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/',
    'https://api.rubyonrails.org/classes/Rails/HealthController.html',
  ],
  judge({ codeSigns, stack, deployment }) {
    const served = stack.packages.flatMap(entry =>
      entry.framework !== null && !frameworks[entry.framework]?.isStatic
        ? [{ ...entry, framework: entry.framework }]
        : [],
    )
    const places = [...codeSigns.health, ...deployment.healthChecks.filter(({ text }) => text.startsWith('/'))]
    const [standing] = codeSigns.serves ?? []
    const go = standing && stack.packages.find(({ language }) => language === 'go')
    const entry =
      served.find(one => healthRouteOf(one.framework)) ??
      served[0] ??
      (go ? { ...go, framework: 'net/http' } : undefined)
    if (!entry) return skip('no server here: files need no health route')
    const route = healthRouteOf(entry.framework) ?? healthRouteIn(entry.language)
    const within = (path: string): string => (entry.path && !path.startsWith('the ') ? `${entry.path}/${path}` : path)
    const named = entry.framework === 'next' ? nextRoute(route, codeSigns.routeFolders ?? [], within) : route
    const file = entry.framework === 'net/http' && standing ? standing.file : within(named.file)
    const data: Data = { ...named, file, framework: entry.framework }
    if (codeSigns.health.length) return { outcome: 'present', data, evidence: evidenceOf(places) }
    const looked = `${codeSigns.files} code files; looked for /health, /healthz, /up, /livez, /readyz, /ping, /status and the like`
    return { outcome: 'none', data, evidence: [textEvidence('read', looked)] }
  },
  examples: [
    {
      name: 'a route',
      facts: {
        codeSigns: signs([{ file: 'server.js', line: 9, text: "app.get('/health'" }]),
        stack: framework('express'),
      },
      expect: 'present',
    },
    { name: 'none', facts: { codeSigns: signs([]) }, expect: 'none' },
    {
      name: 'a server of Go alone',
      facts: {
        codeSigns: { ...signs([]), serves: [{ file: 'main.go', line: 9, text: 'http.ListenAndServe(addr, mux)' }] },
        stack: { packages: [examplePackage({ language: 'go', framework: null, manifest: 'go.mod' })] },
      },
      expect: 'none',
    },
    { name: 'files alone', facts: { codeSigns: signs([]), stack: framework('vite') }, expect: 'skip' },
  ],
})

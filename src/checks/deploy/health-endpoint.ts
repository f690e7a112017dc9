// There is a route that says whether the program is well, for the platform, the monitor and the smoke test.
import { defineCheck, skip } from '../../core/check.ts'
import type { Stack } from '../../facts/repo/stack.ts'
import { evidenceOf, exampleDeployment, type Place } from './places.ts'

type Data = { places: Place[]; framework: string; file: string; content: string }

/** What a health route looks like in each framework: it asks the database, and answers nothing else. */
const routes: Readonly<Record<string, { file: string; content: string }>> = {
  next: {
    file: 'app/api/health/route.ts',
    content:
      "export const dynamic = 'force-dynamic'\n\nexport async function GET() {\n  // Ask the database here: await db.execute('select 1')\n  return Response.json({ ok: true, commit: process.env.VERCEL_GIT_COMMIT_SHA ?? null })\n}\n",
  },
  nuxt: { file: 'server/api/health.get.ts', content: 'export default defineEventHandler(() => ({ ok: true }))\n' },
  sveltekit: {
    file: 'src/routes/health/+server.ts',
    content: "import { json } from '@sveltejs/kit'\n\nexport const GET = () => json({ ok: true })\n",
  },
  remix: { file: 'app/routes/health.tsx', content: 'export const loader = () => Response.json({ ok: true })\n' },
  express: {
    file: 'routes/health.js',
    content: "app.get('/health', (_request, response) => response.json({ ok: true }))\n",
  },
  fastify: { file: 'routes/health.js', content: "app.get('/health', async () => ({ ok: true }))\n" },
  hono: { file: 'src/health.ts', content: "app.get('/health', context => context.json({ ok: true }))\n" },
  nest: {
    file: 'src/health.controller.ts',
    content:
      "@Controller('health')\nexport class HealthController {\n  @Get()\n  check() {\n    return { ok: true }\n  }\n}\n",
  },
  rails: { file: 'config/routes.rb', content: 'get "up" => "rails/health#show", as: :rails_health_check\n' },
  django: { file: 'project/urls.py', content: 'path("health/", lambda request: JsonResponse({"ok": True})),\n' },
  flask: { file: 'app.py', content: '@app.get("/health")\ndef health():\n    return {"ok": True}\n' },
  fastapi: { file: 'main.py', content: '@app.get("/health")\ndef health():\n    return {"ok": True}\n' },
  laravel: { file: 'bootstrap/app.php', content: "->withRouting(health: '/up')\n" },
  go: {
    file: 'main.go',
    content:
      'mux.HandleFunc("GET /health", func(w http.ResponseWriter, r *http.Request) { w.Write([]byte(`{"ok":true}`)) })\n',
  },
}
/** Frameworks that only make files. */
const staticOnly = new Set([
  'vite',
  'astro',
  'gatsby',
  'eleventy',
  'docusaurus',
  'vitepress',
  'create-react-app',
  'vue-cli',
  'angular',
  'jekyll',
  'expo',
])
const signs = (health: Place[]) => ({ health, synchronises: [], migratesAtStart: [], lockTimeout: [], files: 12 })
const stackOf = (framework: string): Stack => ({
  packages: [
    {
      path: '',
      name: 'shop',
      language: 'javascript',
      framework,
      packageManager: 'npm',
      manifest: 'package.json',
      lockfiles: [],
      scripts: {},
      dependencies: {},
      devDependencies: {},
      platforms: [],
      orms: [],
      databases: [],
      workspaceRoot: false,
    },
  ],
  platforms: [],
  ci: [],
  containers: [],
  orms: [],
  databases: [],
  languages: ['javascript'],
  monorepo: false,
  unreadable: [],
})

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
    none: {
      status: 'fail',
      severity: 'medium',
      title: 'No route says whether the {framework} app is well',
      fix: ({ file, content }) => ({
        summary: 'Add a health route that asks the database.',
        steps: [
          `Add this to ${file}.`,
          'Let it answer 503 when the database does not answer within two seconds.',
          'Name it in the platform’s health check and in `deploy.smoke.health`.',
        ],
        changes: [
          {
            kind: 'file',
            path: file,
            action: /^(?:app|server|src|routes)\//.test(file) ? 'write' : 'patch',
            ...(/^(?:app|server|src|routes)\//.test(file) ? { content } : { patch: content.replace(/^/gm, '+') }),
          },
        ],
        effortMinutes: 20,
      }),
    },
    present: { status: 'pass', title: 'A route says whether the program is well' },
  },
  references: [
    'https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/',
    'https://api.rubyonrails.org/classes/Rails/HealthController.html',
  ],
  judge({ codeSigns, stack, deployment }) {
    const served = stack.packages.filter(({ framework }) => framework !== null && !staticOnly.has(framework))
    const places = [...codeSigns.health, ...deployment.healthChecks.filter(({ text }) => text.startsWith('/'))]
    if (served.length === 0) return skip('no server here: files need no health route')
    const entry = served.find(({ framework }) => routes[framework!]) ?? served[0]!
    const route = routes[entry.framework!] ?? routes[entry.language === 'go' ? 'go' : 'express']!
    const data: Data = {
      places,
      framework: entry.framework!,
      file: entry.path ? `${entry.path}/${route.file}` : route.file,
      content: route.content,
    }
    return codeSigns.health.length
      ? { outcome: 'present', data, evidence: evidenceOf(places) }
      : {
          outcome: 'none',
          data,
          evidence: [
            {
              label: 'read',
              value: `${codeSigns.files} code files; looked for /health, /healthz, /up, /livez, /readyz, /ping, /status and the like`,
            },
          ],
        }
  },
  examples: [
    {
      name: 'a route',
      facts: {
        codeSigns: signs([{ file: 'server.js', line: 9, text: "app.get('/health'" }]),
        stack: stackOf('express'),
        deployment: exampleDeployment(),
      },
      expect: 'present',
    },
    {
      name: 'none',
      facts: { codeSigns: signs([]), stack: stackOf('next'), deployment: exampleDeployment() },
      expect: 'none',
    },
    {
      name: 'files alone',
      facts: { codeSigns: signs([]), stack: stackOf('vite'), deployment: exampleDeployment() },
      expect: 'skip',
    },
  ],
})

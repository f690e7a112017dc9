// Frameworks: what makes and starts them in production, and how a health route is written in each. From their own documentation,
// November 2026.

export type Framework = {
  /** The command that builds what production runs; absent where it runs as it is written. */
  build?: string
  /** The command that starts a server that needs no build. */
  start?: string
  /** It only makes files: nothing of it answers requests. */
  isStatic?: boolean
  /** Its server also runs as it is written, by a loader. */
  runsAsWritten?: boolean
}

export const frameworks: Readonly<Record<string, Framework>> = {
  next: { build: 'next build' },
  nuxt: { build: 'nuxt build' },
  sveltekit: { build: 'vite build' },
  astro: { build: 'astro build', isStatic: true },
  remix: { build: 'remix vite:build' },
  'react-router': { build: 'react-router build' },
  'tanstack-start': { build: 'vite build' },
  'solid-start': { build: 'vinxi build' },
  qwik: { build: 'qwik build' },
  gatsby: { build: 'gatsby build', isStatic: true },
  angular: { build: 'ng build', isStatic: true },
  nest: { build: 'nest build', runsAsWritten: true },
  'create-react-app': { build: 'react-scripts build', isStatic: true },
  'vue-cli': { build: 'vue-cli-service build', isStatic: true },
  vite: { build: 'vite build', isStatic: true },
  eleventy: { build: 'eleventy', isStatic: true },
  docusaurus: { build: 'docusaurus build', isStatic: true },
  vitepress: { build: 'vitepress build', isStatic: true },
  adonis: { build: 'node ace build', runsAsWritten: true },
  jekyll: { isStatic: true },
  expo: { isStatic: true },
  express: { start: 'node server.js' },
  fastify: { start: 'node server.js' },
  hono: { start: 'node server.js' },
  koa: { start: 'node server.js' },
  hapi: { start: 'node server.js' },
  elysia: { start: 'bun run src/index.ts' },
  django: { start: 'gunicorn project.wsgi' },
  flask: { start: "gunicorn 'app:create_app()'" },
  fastapi: { start: 'fastapi run' },
  starlette: { start: 'uvicorn app:app' },
  litestar: { start: 'litestar run' },
  sanic: { start: 'sanic app' },
  tornado: { start: 'python app.py' },
  aiohttp: { start: 'python app.py' },
  streamlit: { start: 'streamlit run app.py' },
  rails: { start: 'bin/rails server' },
  sinatra: { start: 'rackup' },
  hanami: { start: 'hanami server' },
  gin: { start: 'go build' },
  echo: { start: 'go build' },
  fiber: { start: 'go build' },
  chi: { start: 'go build' },
  phoenix: { start: 'mix release' },
}

/** A health route: its file, and what is written there. `whole`: the file holds nothing else. */
export type HealthRoute = { file: string; content: string; whole: boolean }

const whole = (file: string, content: string): HealthRoute => ({ file, content, whole: true })
const within = (file: string, content: string): HealthRoute => ({ file, content, whole: false })

const python = '@app.get("/health")\ndef health():\n    return {"ok": True}\n'

const healthRoutes: Readonly<Record<string, HealthRoute>> = {
  next: whole(
    'app/api/health/route.ts',
    "export const dynamic = 'force-dynamic'\n\nexport async function GET() {\n  // Ask the database here: await db.execute('select 1')\n  return Response.json({ ok: true, commit: process.env.VERCEL_GIT_COMMIT_SHA ?? null })\n}\n",
  ),
  nuxt: whole('server/api/health.get.ts', 'export default defineEventHandler(() => ({ ok: true }))\n'),
  sveltekit: whole(
    'src/routes/health/+server.ts',
    "import { json } from '@sveltejs/kit'\n\nexport const GET = () => json({ ok: true })\n",
  ),
  remix: whole('app/routes/health.tsx', 'export const loader = () => Response.json({ ok: true })\n'),
  express: within(
    'the file that makes the app',
    "app.get('/health', (_request, response) => response.json({ ok: true }))\n",
  ),
  fastify: within('the file that makes the app', "app.get('/health', async () => ({ ok: true }))\n"),
  hono: within('the file that makes the app', "app.get('/health', context => context.json({ ok: true }))\n"),
  nest: within(
    'src/health.controller.ts, and name it under controllers of the module',
    "@Controller('health')\nexport class HealthController {\n  @Get()\n  check() {\n    return { ok: true }\n  }\n}\n",
  ),
  rails: within('config/routes.rb', 'get "up" => "rails/health#show", as: :rails_health_check\n'),
  django: within('project/urls.py', 'path("health/", lambda request: JsonResponse({"ok": True})),\n'),
  flask: within('app.py', python),
  fastapi: within('main.py', python),
  laravel: within('bootstrap/app.php', "->withRouting(health: '/up')\n"),
  go: within(
    'main.go',
    'mux.HandleFunc("GET /health", func(w http.ResponseWriter, r *http.Request) { w.Write([]byte(`{"ok":true}`)) })\n',
  ),
}

/** How a health route is written in a framework; null where that is not known. */
export const healthRouteOf = (framework: string): HealthRoute | null => healthRoutes[framework] ?? null

/** How a health route is written in a language, for a framework that is not known: Go's standard library, else Express. */
export const healthRouteIn = (language: string): HealthRoute => healthRoutes[language === 'go' ? 'go' : 'express']!

/** Dependency → framework, by language; the one that serves stands first. */
export const frameworkDependencies: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  javascript: [
    ['next', 'next'],
    ['nuxt', 'nuxt'],
    ['nuxt3', 'nuxt'],
    ['@sveltejs/kit', 'sveltekit'],
    ['astro', 'astro'],
    ['@remix-run/react', 'remix'],
    ['@remix-run/node', 'remix'],
    ['@react-router/dev', 'react-router'],
    ['@tanstack/react-start', 'tanstack-start'],
    ['@solidjs/start', 'solid-start'],
    ['@builder.io/qwik-city', 'qwik'],
    ['gatsby', 'gatsby'],
    ['@angular/core', 'angular'],
    ['@nestjs/core', 'nest'],
    ['fastify', 'fastify'],
    ['hono', 'hono'],
    ['express', 'express'],
    ['koa', 'koa'],
    ['@hapi/hapi', 'hapi'],
    ['elysia', 'elysia'],
    ['@adonisjs/core', 'adonis'],
    ['expo', 'expo'],
    ['react-scripts', 'create-react-app'],
    ['@vue/cli-service', 'vue-cli'],
    ['@11ty/eleventy', 'eleventy'],
    ['@docusaurus/core', 'docusaurus'],
    ['vitepress', 'vitepress'],
    ['vite', 'vite'],
  ],
  python: [
    ['django', 'django'],
    ['fastapi', 'fastapi'],
    ['flask', 'flask'],
    ['starlette', 'starlette'],
    ['litestar', 'litestar'],
    ['sanic', 'sanic'],
    ['tornado', 'tornado'],
    ['aiohttp', 'aiohttp'],
    ['streamlit', 'streamlit'],
  ],
  ruby: [
    ['rails', 'rails'],
    ['hanami', 'hanami'],
    ['sinatra', 'sinatra'],
    ['jekyll', 'jekyll'],
  ],
  php: [
    ['laravel/framework', 'laravel'],
    ['symfony/framework-bundle', 'symfony'],
    ['slim/slim', 'slim'],
    ['codeigniter4/framework', 'codeigniter'],
  ],
  go: [
    ['github.com/gin-gonic/gin', 'gin'],
    ['github.com/labstack/echo', 'echo'],
    ['github.com/gofiber/fiber', 'fiber'],
    ['github.com/go-chi/chi', 'chi'],
  ],
  elixir: [['phoenix', 'phoenix']],
  rust: [
    ['axum', 'axum'],
    ['actix-web', 'actix'],
    ['rocket', 'rocket'],
  ],
}

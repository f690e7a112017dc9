// Where one looks and what one types at a platform once the product runs there: dashboard, logs, variables, a deploy by hand. From the
// platforms' own documentation, November 2026.

export type PlatformOperations = {
  dashboard: string
  status: string
  /** Commands that can be typed as they stand, from the repository's folder. */
  logs: string
  variables: string
  setVariable: string
  deploy: string
}

/** By the name of data/platforms.ts. */
export const platformOperations: Readonly<Record<string, PlatformOperations>> = {
  vercel: {
    dashboard: 'https://vercel.com/dashboard',
    status: 'https://www.vercel-status.com',
    logs: 'vercel logs',
    variables: 'vercel env ls production',
    setVariable: 'vercel env add <NAME> production',
    deploy: 'vercel deploy --prod',
  },
  netlify: {
    dashboard: 'https://app.netlify.com',
    status: 'https://www.netlifystatus.com',
    logs: 'netlify logs:deploy',
    variables: 'netlify env:list',
    setVariable: 'netlify env:set <NAME>',
    deploy: 'netlify deploy --prod',
  },
  fly: {
    dashboard: 'https://fly.io/dashboard',
    status: 'https://status.flyio.net',
    logs: 'fly logs',
    variables: 'fly secrets list',
    setVariable: 'fly secrets import',
    deploy: 'fly deploy',
  },
  render: {
    dashboard: 'https://dashboard.render.com',
    status: 'https://status.render.com',
    logs: 'render logs',
    variables: 'render services',
    setVariable: 'Dashboard → the service → Environment',
    deploy: 'render deploys create',
  },
  railway: {
    dashboard: 'https://railway.com/dashboard',
    status: 'https://status.railway.com',
    logs: 'railway logs',
    variables: 'railway variables',
    setVariable: 'railway variables --set <NAME>=<value>',
    deploy: 'railway up',
  },
  heroku: {
    dashboard: 'https://dashboard.heroku.com',
    status: 'https://status.heroku.com',
    logs: 'heroku logs --tail',
    variables: 'heroku config --json',
    setVariable: 'heroku config:set <NAME>=<value>',
    deploy: 'git push heroku HEAD:main',
  },
  cloudflare: {
    dashboard: 'https://dash.cloudflare.com',
    status: 'https://www.cloudflarestatus.com',
    logs: 'npx wrangler tail',
    variables: 'npx wrangler secret list',
    setVariable: 'npx wrangler secret put <NAME>',
    deploy: 'npx wrangler deploy',
  },
  kamal: {
    dashboard: '',
    status: '',
    logs: 'kamal app logs',
    variables: 'kamal secrets print',
    setVariable: '.kamal/secrets, then kamal env push',
    deploy: 'kamal deploy',
  },
  docker: {
    dashboard: '',
    status: '',
    logs: 'docker compose logs --tail 200',
    variables: 'docker compose config --environment',
    setVariable: 'the .env file beside the compose file, then docker compose up -d',
    deploy: 'docker compose up -d --build',
  },
}

const labels: readonly [RegExp, string][] = [
  [/vercel/i, 'vercel'],
  [/netlify/i, 'netlify'],
  [/fly\.?io|^fly$/i, 'fly'],
  [/render/i, 'render'],
  [/railway/i, 'railway'],
  [/heroku/i, 'heroku'],
  [/cloudflare (?:pages|workers)/i, 'cloudflare'],
]

/** Operations of a platform by its name or label. */
export const operationsOf = (name: string): PlatformOperations | null =>
  platformOperations[name] ?? platformOperations[labels.find(([pattern]) => pattern.test(name))?.[1] ?? ''] ?? null

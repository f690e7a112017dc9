// Where one looks and what one types at a platform once the product runs there: dashboard, logs, variables, a deploy by hand. From the
// platforms' own documentation, November 2026.
import { platformNamed } from './platforms.ts'

export type PlatformOperations = {
  dashboard: string
  status: string
  /** Commands that can be typed as they stand, from the repository's folder; what is clicked or written begins with a capital letter. */
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
    variables: 'Dashboard → the service → Environment',
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
  digitalocean: {
    dashboard: 'https://cloud.digitalocean.com/apps',
    status: 'https://status.digitalocean.com',
    logs: 'doctl apps logs <app-id> --type run --tail 200',
    variables: 'doctl apps spec get <app-id>',
    setVariable: 'Dashboard → the app → Settings → Environment Variables',
    deploy: 'doctl apps create-deployment <app-id>',
  },
  ecs: {
    dashboard: 'https://console.aws.amazon.com/ecs',
    status: 'https://health.aws.amazon.com/health/status',
    logs: 'aws logs tail <log-group> --since 1h',
    variables: 'aws ecs describe-task-definition --task-definition <family>',
    setVariable: 'A new revision of the task definition',
    deploy: 'aws ecs update-service --cluster <cluster> --service <service> --force-new-deployment',
  },
  'cloud-run': {
    dashboard: 'https://console.cloud.google.com/run',
    status: 'https://status.cloud.google.com',
    logs: 'gcloud run services logs read <service> --limit 200',
    variables: 'gcloud run services describe <service>',
    setVariable: 'gcloud run services update <service> --update-env-vars <NAME>=<value>',
    deploy: 'gcloud run deploy <service> --source .',
  },
  'app-engine': {
    dashboard: 'https://console.cloud.google.com/appengine',
    status: 'https://status.cloud.google.com',
    logs: 'gcloud app logs tail',
    variables: 'gcloud app versions describe <version> --service default',
    setVariable: 'Under env_variables in app.yaml',
    deploy: 'gcloud app deploy',
  },
  kubernetes: {
    dashboard: '',
    status: '',
    logs: 'kubectl logs deployment/<name> --tail 200',
    variables: 'kubectl get secrets',
    setVariable: 'kubectl create secret generic <secret> --from-env-file <file> --dry-run=client -o yaml',
    deploy: 'kubectl rollout restart deployment/<name>',
  },
  kamal: {
    dashboard: '',
    status: '',
    logs: 'kamal app logs',
    variables: 'kamal secrets print',
    setVariable: 'The line in .kamal/secrets, then kamal deploy',
    deploy: 'kamal deploy',
  },
  docker: {
    dashboard: '',
    status: '',
    logs: 'docker compose logs --tail 200',
    variables: 'docker compose config --environment',
    setVariable: 'The .env file beside the compose file, then docker compose up -d',
    deploy: 'docker compose up -d --build',
  },
}

/** Operations of a platform by its name or label. */
export const operationsOf = (name: string): PlatformOperations | null =>
  platformOperations[platformNamed(name) ?? ''] ?? null

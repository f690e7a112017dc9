// Hosting platforms and what else brings a program to where customers are: the files and packages that show them, whether they deploy by
// themselves, the variables that they set, the commands that deploy to them, and how each goes back to an earlier release. From their own
// documentation, November 2026.

/** How a platform goes back to an earlier release, and how it treats what a deploy leaves behind. */
export type RollbackWay = {
  /** Steps a person takes, in order; `{service}` and the like are theirs to fill. */
  steps: readonly string[]
  command: string | null
  /** Whether environment variables go back with the release. */
  environment: 'with-release' | 'stays' | 'unknown'
  /** Releases are kept as they were built: going back builds nothing. */
  immutable: boolean
  /** What cannot be gone back from this way. */
  limits: string
  source: string
}

export type Platform = {
  label: string
  /** Paths that show it. */
  files?: RegExp
  /** Packages that only make sense there. */
  dependencies?: RegExp
  /** It builds and deploys what is pushed, without a pipeline of ours. */
  deploysPushes?: true
  /** It starts what is deployed without being told how in the repository. */
  startsByItself?: true
  /** It runs the script `start` where nothing else says how the program is started. */
  runsStartScript?: true
  /** It runs or builds programs wherever that is: no host of its own. */
  runner?: true
  /** It brings programs to servers that are rented elsewhere, or to the stores of phones: no place in which they run. */
  tool?: true
  /** Variables that it sets. */
  variables?: RegExp
  /** The variable in which it says which release runs. */
  release?: string
  rollback?: RollbackWay
}

/** By name; the first whose files match a path is the one that the path shows. */
export const platforms: Readonly<Record<string, Platform>> = {
  vercel: {
    label: 'Vercel',
    files: /(?:^|\/)vercel\.json$/,
    dependencies:
      /^@vercel\/(?:analytics|speed-insights|blob|kv|postgres|edge-config|og|functions|otel|config)$|^@sveltejs\/adapter-vercel$|^@astrojs\/vercel$/,
    deploysPushes: true,
    variables: /^(?:NEXT_PUBLIC_)?VERCEL(?:_|$)/,
    release: 'VERCEL_GIT_COMMIT_SHA',
    rollback: {
      command: 'vercel rollback <deployment-url>',
      immutable: true,
      environment: 'with-release',
      steps: [
        'Find the last good deployment: `vercel ls --prod`, or Deployments in the dashboard.',
        'Run `vercel rollback <deployment-url>`, or choose Instant Rollback there.',
        'Automatic promotion of new deployments is off after that: run `vercel promote <url>` to take a fixed one.',
      ],
      limits: 'Environment variables and cron jobs are those of the old deployment.',
      source: 'https://vercel.com/docs/instant-rollback',
    },
  },
  netlify: {
    label: 'Netlify',
    files: /(?:^|\/)netlify\.toml$/,
    dependencies: /^@netlify\/|^@sveltejs\/adapter-netlify$|^@astrojs\/netlify$/,
    deploysPushes: true,
    variables: /^NETLIFY/,
    rollback: {
      command: null,
      immutable: true,
      environment: 'with-release',
      steps: [
        'Open Deploys, choose the last good one, press “Publish deploy”.',
        'Press “Lock to stop auto publishing” until the fix is in.',
      ],
      limits: 'Functions go back with the deploy; environment variables read at run time do not.',
      source: 'https://docs.netlify.com/deploy/manage-deploys/manage-deploys-overview/',
    },
  },
  fly: {
    label: 'Fly.io',
    files: /(?:^|\/)fly(?:\.[\w-]+)?\.toml$/,
    startsByItself: true,
    variables: /^FLY_/,
    release: 'FLY_IMAGE_REF',
    rollback: {
      command: 'fly deploy --image <registry.fly.io/app:deployment-…>',
      immutable: true,
      environment: 'stays',
      steps: [
        'List releases with their images: `fly releases --image`.',
        'Deploy the image of the last good one: `fly deploy --image <image>`.',
        'Watch it: `fly status` and `fly logs`.',
      ],
      limits: 'Secrets and volumes stay as they are; the release_command of the old image runs again.',
      source: 'https://fly.io/docs/flyctl/releases/',
    },
  },
  render: {
    label: 'Render',
    files: /(?:^|\/)render\.ya?ml$/,
    deploysPushes: true,
    runsStartScript: true,
    variables: /^RENDER(?:_|$)/,
    release: 'RENDER_GIT_COMMIT',
    rollback: {
      command: null,
      immutable: true,
      environment: 'stays',
      steps: [
        'Open the service, Events, choose the last good deploy, press “Rollback”.',
        'Auto-deploy is off after that: turn it on again with the fix.',
      ],
      limits: 'Environment variables are today’s; disks and databases do not go back.',
      source: 'https://render.com/docs/rollbacks',
    },
  },
  railway: {
    label: 'Railway',
    files: /(?:^|\/)railway\.(?:json|toml)$/,
    deploysPushes: true,
    runsStartScript: true,
    variables: /^RAILWAY_/,
    release: 'RAILWAY_GIT_COMMIT_SHA',
    rollback: {
      command: null,
      immutable: true,
      environment: 'with-release',
      steps: ['Open the service, Deployments, the three dots of the last good one, “Rollback”.'],
      limits: 'Only while the image is kept (by plan); variables are those of that deployment.',
      source: 'https://docs.railway.com/reference/deployments',
    },
  },
  heroku: {
    label: 'Heroku',
    files: /(?:^|\/)(?:Procfile|heroku\.yml)$/,
    runsStartScript: true,
    variables: /^HEROKU_/,
    rollback: {
      command: 'heroku rollback v<number>',
      immutable: true,
      environment: 'with-release',
      steps: ['List releases: `heroku releases`.', 'Go back: `heroku rollback v<number>`.'],
      limits: 'Config vars go back with the release; add-ons and the database do not. The release phase does not run.',
      source: 'https://devcenter.heroku.com/articles/releases#rollback',
    },
  },
  digitalocean: {
    label: 'DigitalOcean App Platform',
    files: /(?:^|\/)\.do\/app\.ya?ml$/,
    deploysPushes: true,
    runsStartScript: true,
    rollback: {
      command: 'doctl apps create-deployment <app-id>',
      immutable: true,
      environment: 'with-release',
      steps: [
        'Open Activity, choose the last good deployment, press “Rollback”.',
        'Commit the rollback there, or revert the bad commit.',
      ],
      limits: 'Databases do not go back; ten deployments are kept.',
      source: 'https://docs.digitalocean.com/products/app-platform/how-to/manage-deployments/',
    },
  },
  kamal: {
    label: 'Kamal',
    tool: true,
    files: /(?:^|\/)config\/deploy(?:\.\w+)?\.ya?ml$/,
    startsByItself: true,
    rollback: {
      command: 'kamal rollback <version>',
      immutable: true,
      environment: 'stays',
      steps: [
        'List the versions that are still on the servers: `kamal app containers`.',
        'Go back: `kamal rollback <version>`.',
      ],
      limits: 'Only to containers that were not pruned (five by default); secrets are today’s.',
      source: 'https://kamal-deploy.org/docs/commands/rollback/',
    },
  },
  cloudflare: {
    label: 'Cloudflare Workers',
    files: /(?:^|\/)wrangler\.(?:toml|jsonc?)$/,
    dependencies:
      /^@opennextjs\/cloudflare$|^@cloudflare\/(?:next-on-pages|workers-types|vite-plugin)$|^@sveltejs\/adapter-cloudflare$|^@astrojs\/cloudflare$/,
    startsByItself: true,
    variables: /^CF_PAGES/,
    rollback: {
      command: 'wrangler rollback <version-id>',
      immutable: true,
      environment: 'with-release',
      steps: ['List versions: `wrangler deployments list`.', 'Go back: `wrangler rollback <version-id>`.'],
      limits: 'KV, D1, R2 and Durable Objects do not go back; not across a Durable Object migration.',
      source: 'https://developers.cloudflare.com/workers/configuration/versions-and-deployments/rollbacks/',
    },
  },
  'cloudflare-pages': {
    label: 'Cloudflare Pages',
    deploysPushes: true,
  },
  'app-engine': {
    label: 'App Engine',
    files: /(?:^|\/)app\.yaml$/,
    startsByItself: true,
    variables: /^(?:GAE_|GOOGLE_CLOUD_PROJECT$)/,
    rollback: {
      command: 'gcloud app services set-traffic default --splits <version>=1',
      immutable: true,
      environment: 'with-release',
      steps: [
        'List versions: `gcloud app versions list`.',
        'Send traffic back: `gcloud app services set-traffic default --splits <version>=1`.',
      ],
      limits: 'Datastore and Cloud SQL do not go back.',
      source: 'https://cloud.google.com/appengine/docs/standard/migrating-traffic',
    },
  },
  amplify: {
    label: 'AWS Amplify',
    files: /(?:^|\/)amplify\.yml$/,
    deploysPushes: true,
    rollback: {
      command: null,
      immutable: true,
      environment: 'stays',
      steps: ['Open the branch, choose the last good build, press “Redeploy this version”.'],
      limits: 'It builds again from that commit.',
      source: 'https://docs.aws.amazon.com/amplify/latest/userguide/',
    },
  },
  'app-runner': {
    label: 'AWS App Runner',
    files: /(?:^|\/)apprunner\.yaml$/,
    deploysPushes: true,
    rollback: {
      command: null,
      immutable: false,
      environment: 'stays',
      steps: ['Point the service at the image tag of the last good version and deploy.'],
      limits: 'There is no rollback of its own.',
      source: 'https://docs.aws.amazon.com/apprunner/latest/dg/manage-deploy.html',
    },
  },
  ecs: {
    label: 'Amazon ECS',
    rollback: {
      command: 'aws ecs update-service --cluster <cluster> --service <service> --task-definition <family>:<revision>',
      immutable: true,
      environment: 'with-release',
      steps: [
        'List the revisions of the task: `aws ecs list-task-definitions --family-prefix <family> --sort DESC`.',
        'Go back: `aws ecs update-service --cluster <cluster> --service <service> --task-definition <family>:<revision>`.',
        'Watch: `aws ecs wait services-stable --cluster <cluster> --services <service>`.',
      ],
      limits: 'Only to an image that has a tag of its own; what a task reads from Secrets Manager is today’s.',
      source: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/update-service-console-v2.html',
    },
  },
  'cloud-run': {
    label: 'Google Cloud Run',
    rollback: {
      command: 'gcloud run services update-traffic <service> --to-revisions <revision>=100',
      immutable: true,
      environment: 'with-release',
      steps: [
        'List the revisions: `gcloud run revisions list --service <service>`.',
        'Send traffic back: `gcloud run services update-traffic <service> --to-revisions <revision>=100`.',
        'Later, send it to the newest again: `gcloud run services update-traffic <service> --to-latest`.',
      ],
      limits: 'Databases do not go back; secrets that are read as `latest` are today’s.',
      source: 'https://cloud.google.com/run/docs/rollouts-rollbacks-traffic-migration',
    },
  },
  serverless: {
    label: 'Serverless Framework',
    tool: true,
    files: /(?:^|\/)serverless\.ya?ml$/,
    startsByItself: true,
    variables: /^(?:AWS_LAMBDA|AWS_EXECUTION|AWS_REGION$|AWS_DEFAULT_REGION$|LAMBDA_)/,
  },
  sst: {
    label: 'SST',
    tool: true,
    files: /(?:^|\/)sst\.config\.[mc]?ts$/,
    startsByItself: true,
  },
  firebase: {
    label: 'Firebase Hosting',
    files: /(?:^|\/)firebase\.json$/,
    startsByItself: true,
    rollback: {
      command: 'firebase hosting:clone <site>:@<version> <site>:live',
      immutable: true,
      environment: 'stays',
      steps: ['Open Hosting, Release history, the three dots of the last good one, “Rollback”.'],
      limits: 'Functions and Firestore rules do not go back.',
      source: 'https://firebase.google.com/docs/hosting/manage-hosting-resources',
    },
  },
  eas: {
    label: 'Expo Application Services',
    tool: true,
    files: /(?:^|\/)eas\.json$/,
    startsByItself: true,
    variables: /^EAS_/,
    rollback: {
      command: 'eas update:rollback',
      immutable: true,
      environment: 'with-release',
      steps: [
        'List the updates of the channel: `eas update:list --branch production`.',
        'Go back: `eas update:rollback`, and choose the update before.',
        'A build that is already in the stores is replaced by a new one: halt its phased release there.',
      ],
      limits: 'Only the JavaScript of an update goes back; native code goes out with a new build and a review.',
      source: 'https://docs.expo.dev/eas-update/rollbacks/',
    },
  },
  'platform-sh': {
    label: 'Platform.sh',
    files: /(?:^|\/)\.platform\.app\.yaml$/,
    deploysPushes: true,
  },
  zeabur: {
    label: 'Zeabur',
    deploysPushes: true,
    runsStartScript: true,
  },
  koyeb: {
    label: 'Koyeb',
    deploysPushes: true,
    runsStartScript: true,
  },
  caprover: {
    label: 'CapRover',
    tool: true,
    files: /(?:^|\/)captain-definition$/,
  },
  deployer: {
    label: 'Deployer',
    tool: true,
    files: /(?:^|\/)(?:deployer|deploy)\.php$/,
    rollback: {
      command: 'dep rollback',
      immutable: true,
      environment: 'stays',
      steps: ['Run `dep rollback`.'],
      limits: 'The shared .env and the database stay.',
      source: 'https://deployer.org/docs/8.x/recipe/deploy/rollback',
    },
  },
  capistrano: {
    label: 'Capistrano',
    tool: true,
    files: /(?:^|\/)config\/deploy\.rb$/,
    startsByItself: true,
    rollback: {
      command: 'cap production deploy:rollback',
      immutable: true,
      environment: 'stays',
      steps: ['Run `cap production deploy:rollback`.'],
      limits: 'Linked files and the database stay.',
      source: 'https://capistranorb.com/documentation/getting-started/rollbacks/',
    },
  },
  nixpacks: {
    label: 'Nixpacks',
    files: /(?:^|\/)nixpacks\.toml$/,
    runner: true,
  },
  compose: {
    label: 'Docker Compose',
    files: /(?:^|\/)(?:docker-)?compose\.(?:prod|production|deploy)\.ya?ml$/,
    runner: true,
  },
  systemd: {
    label: 'systemd',
    files: /(?:^|\/)[\w@.-]+\.service$/,
    runner: true,
  },
  pm2: {
    label: 'PM2',
    files: /(?:^|\/)(?:ecosystem|pm2)(?:\.config)?\.(?:c?js|mjs|json)$/,
    runner: true,
  },
  kubernetes: {
    label: 'Kubernetes',
    files: /(?:^|\/)(?:k8s|kubernetes|kube|manifests|helm|charts?)\/.+\.ya?ml$/,
    startsByItself: true,
    runner: true,
    variables: /^KUBERNETES_/,
    rollback: {
      command: 'kubectl rollout undo deployment/<name>',
      // What it keeps are manifests: a tag that is overwritten brings the new image back.
      immutable: false,
      environment: 'stays',
      steps: [
        'See the revisions: `kubectl rollout history deployment/<name>`.',
        'Go back: `kubectl rollout undo deployment/<name>`.',
        'Watch: `kubectl rollout status deployment/<name>`.',
      ],
      limits: 'ConfigMaps, Secrets and volumes do not go back.',
      source: 'https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-back-a-deployment',
    },
  },
  terraform: {
    label: 'Terraform',
    files: /\.tf$/,
    runner: true,
  },
  docker: {
    label: 'Docker',
    runner: true,
    rollback: {
      command: 'IMAGE_TAG=<last good tag> docker compose up -d',
      immutable: true,
      environment: 'stays',
      steps: [
        'Find the tag of the last good image in the registry.',
        'Start it: `IMAGE_TAG=<tag> docker compose up -d`.',
        'Check that it answers.',
      ],
      limits: 'Only where every release has a tag of its own; volumes stay.',
      source: 'https://docs.docker.com/reference/cli/docker/compose/up/',
    },
  },
}

const entries = Object.entries(platforms)

/** The platform that a file shows, by its path from the root; null where it shows none. */
export const platformOfFile = (path: string): string | null =>
  entries.find(([, { files }]) => files?.test(path))?.[0] ?? null

/** The platform that a dependency only makes sense on; null where it could be anywhere. */
export const platformOfDependency = (name: string): string | null =>
  entries.find(([, { dependencies }]) => dependencies?.test(name))?.[0] ?? null

const byCommand: readonly (readonly [string, RegExp])[] = [
  ['vercel', /\b(?:vercel|api\.vercel\.com)\b/i],
  ['netlify', /\b(?:netlify|ntl)\b/i],
  ['fly', /\bfly(?:ctl)?\b/i],
  ['railway', /\brailway\b/i],
  ['render', /\brender(?:\.com|[-_ ]deploy)\b|RENDER_DEPLOY/i],
  ['heroku', /\bheroku\b/i],
  ['digitalocean', /\bdoctl\b|digitalocean\/app_action/i],
  ['kamal', /\bkamal\b/i],
  ['cloudflare', /\b(?:wrangler|opennextjs-cloudflare|pages-action)\b/i],
  ['app-engine', /\bgcloud app\b|deploy-appengine/i],
  ['ecs', /\baws ecs\b|\bamazon-ecs-/i],
  ['cloud-run', /\bgcloud run\b|deploy-cloudrun/i],
  ['kubernetes', /\b(?:kubectl|helm|helmfile|k8s-deploy)\b/i],
  ['firebase', /\bfirebase\b/i],
  ['eas', /\beas(?:-cli)?\b/i],
  ['deployer', /\bdep deploy\b|deployphp\/action/i],
  ['capistrano', /\bcap \S+ deploy\b/i],
]

/** The platform that a deploy command or action is for; null where it could be any. */
export const platformOfCommand = (text: string): string | null =>
  byCommand.find(([, pattern]) => pattern.test(text))?.[0] ?? null

/** The platform that a label or a person means: `Fly`, `fly.io`, `Heroku (EU)`; null where the table has none of that name. */
export const platformNamed = (label: string): string | null => {
  if (platforms[label]) return label
  const words = label.toLowerCase()
  return (
    entries.find(([, item]) => words.includes(item.label.toLowerCase()))?.[0] ??
    entries.find(([name]) => new RegExp(`(?:^|[^a-z])${name}(?:[^a-z]|$)`).test(words))?.[0] ??
    null
  )
}

/** Whether a variable is one that a platform sets. */
export const isSetByPlatform = (name: string): boolean => entries.some(([, { variables }]) => variables?.test(name))

/** Platforms that can go back to an earlier release, with their way. */
export const rollbackWays: Readonly<Record<string, RollbackWay & { label: string }>> = Object.fromEntries(
  entries.flatMap(([name, { label, rollback }]) => (rollback ? [[name, { label, ...rollback }]] : [])),
)

// How each hosting platform goes back to an earlier release, and how it treats what a deploy leaves behind. From the platforms' own
// documentation, November 2026.

export type RollbackWay = {
  label: string
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

export const rollbackWays: Readonly<Record<string, RollbackWay>> = {
  vercel: {
    label: 'Vercel',
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
  netlify: {
    label: 'Netlify',
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
  fly: {
    label: 'Fly.io',
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
  render: {
    label: 'Render',
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
  railway: {
    label: 'Railway',
    command: null,
    immutable: true,
    environment: 'with-release',
    steps: ['Open the service, Deployments, the three dots of the last good one, “Rollback”.'],
    limits: 'Only while the image is kept (by plan); variables are those of that deployment.',
    source: 'https://docs.railway.com/reference/deployments',
  },
  heroku: {
    label: 'Heroku',
    command: 'heroku rollback v<number>',
    immutable: true,
    environment: 'with-release',
    steps: ['List releases: `heroku releases`.', 'Go back: `heroku rollback v<number>`.'],
    limits: 'Config vars go back with the release; add-ons and the database do not. The release phase does not run.',
    source: 'https://devcenter.heroku.com/articles/releases#rollback',
  },
  cloudflare: {
    label: 'Cloudflare Workers',
    command: 'wrangler rollback <version-id>',
    immutable: true,
    environment: 'with-release',
    steps: ['List versions: `wrangler deployments list`.', 'Go back: `wrangler rollback <version-id>`.'],
    limits: 'KV, D1, R2 and Durable Objects do not go back; not across a Durable Object migration.',
    source: 'https://developers.cloudflare.com/workers/configuration/versions-and-deployments/rollbacks/',
  },
  kamal: {
    label: 'Kamal',
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
  capistrano: {
    label: 'Capistrano',
    command: 'cap production deploy:rollback',
    immutable: true,
    environment: 'stays',
    steps: ['Run `cap production deploy:rollback`.'],
    limits: 'Linked files and the database stay.',
    source: 'https://capistranorb.com/documentation/getting-started/rollbacks/',
  },
  deployer: {
    label: 'Deployer',
    command: 'dep rollback',
    immutable: true,
    environment: 'stays',
    steps: ['Run `dep rollback`.'],
    limits: 'The shared .env and the database stay.',
    source: 'https://deployer.org/docs/8.x/recipe/deploy/rollback',
  },
  kubernetes: {
    label: 'Kubernetes',
    command: 'kubectl rollout undo deployment/<name>',
    immutable: true,
    environment: 'stays',
    steps: [
      'See the revisions: `kubectl rollout history deployment/<name>`.',
      'Go back: `kubectl rollout undo deployment/<name>`.',
      'Watch: `kubectl rollout status deployment/<name>`.',
    ],
    limits: 'ConfigMaps, Secrets and volumes do not go back.',
    source: 'https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-back-a-deployment',
  },
  digitalocean: {
    label: 'DigitalOcean App Platform',
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
  'app-engine': {
    label: 'App Engine',
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
  firebase: {
    label: 'Firebase Hosting',
    command: 'firebase hosting:clone <site>:@<version> <site>:live',
    immutable: true,
    environment: 'stays',
    steps: ['Open Hosting, Release history, the three dots of the last good one, “Rollback”.'],
    limits: 'Functions and Firestore rules do not go back.',
    source: 'https://firebase.google.com/docs/hosting/manage-hosting-resources',
  },
  amplify: {
    label: 'AWS Amplify',
    command: null,
    immutable: true,
    environment: 'stays',
    steps: ['Open the branch, choose the last good build, press “Redeploy this version”.'],
    limits: 'It builds again from that commit.',
    source: 'https://docs.aws.amazon.com/amplify/latest/userguide/',
  },
  'app-runner': {
    label: 'AWS App Runner',
    command: null,
    immutable: false,
    environment: 'stays',
    steps: ['Point the service at the image tag of the last good version and deploy.'],
    limits: 'There is no rollback of its own.',
    source: 'https://docs.aws.amazon.com/apprunner/latest/dg/manage-deploy.html',
  },
  docker: {
    label: 'Docker',
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
}

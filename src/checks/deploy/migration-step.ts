// Migrations run once per deploy, before the new code gets traffic.

import { defineCheck, skip } from '../../core/check.ts'
import type { Containers } from '../../facts/repo/containers.ts'
import type { Deployment } from '../../facts/repo/deployment.ts'
import type { Migrations } from '../../facts/repo/migrations.ts'
import type { Pipelines } from '../../facts/repo/pipelines.ts'
import {
  deployJobs,
  evidenceOf,
  exampleCommand,
  exampleContainers,
  exampleDeployment,
  exampleJob,
  examplePipelines,
  exampleWorkflow,
  filesIn,
  jobsBefore,
  type Place,
  stepsAt,
  withoutMigrations,
} from './places.ts'

type Data = { places: Place[]; files: string; command: string; platform: string }

const commands: Readonly<Record<string, string>> = {
  prisma: 'npx prisma migrate deploy',
  drizzle: 'npx drizzle-kit migrate',
  knex: 'npx knex migrate:latest',
  sequelize: 'npx sequelize-cli db:migrate',
  typeorm: 'npx typeorm migration:run -d dist/data-source.js',
  rails: 'bin/rails db:migrate',
  django: 'python manage.py migrate --no-input',
  laravel: 'php artisan migrate --force',
  alembic: 'alembic upgrade head',
  supabase: 'supabase db push',
  goose: 'goose up',
  dbmate: 'dbmate up',
  'golang-migrate': 'migrate -path migrations -database "$DATABASE_URL" up',
  flyway: 'flyway migrate',
  sql: 'psql "$DATABASE_URL" -f migrations/…',
}
/** Where each platform runs a command once, before traffic. */
const releases: Readonly<Record<string, string>> = {
  fly: '[deploy] release_command in fly.toml',
  heroku: 'a `release:` line in the Procfile',
  render: 'preDeployCommand in render.yaml',
  railway: 'preDeployCommand in railway.json',
  digitalocean: 'a job of kind PRE_DEPLOY in .do/app.yaml',
  kamal: 'the hook .kamal/hooks/pre-deploy',
  vercel: 'the build command (`<migrate> && next build`)',
  netlify: 'the build command',
}
const migrations = (orm: 'prisma' | 'django', dialect: 'postgresql' | 'sqlite' = 'postgresql'): Migrations => ({
  since: { by: 'newest', ref: '' },
  notes: [],
  sets: [
    {
      folder: 'migrations',
      orm,
      dialect,
      count: 3,
      unreleased: [],
      hazards: [],
      unread: [],
      edited: [],
      outOfOrder: [],
      diverged: [],
    },
  ],
})
const noSigns = { health: [], synchronises: [], migratesAtStart: [], lockTimeout: [], files: 1 }
const pipeline = (...kinds: ('migrate' | 'deploy')[]) =>
  examplePipelines({
    pipelines: [
      exampleWorkflow([
        exampleJob(
          'deploy',
          kinds.map((kind, index) =>
            exampleCommand(kind, 20 + index, kind === 'deploy' ? 'vercel deploy --prod' : 'npx prisma migrate deploy'),
          ),
        ),
      ]),
    ],
  })

type Order = { early: Place[]; late: Place[] }

const migrationsIn = (file: string, commands: readonly { kind: string; line: number; text: string }[]): Place[] =>
  commands.filter(({ kind }) => kind === 'migrate').map(({ line, text }) => ({ file, line, text }))

/** Index of the command by which new code starts to answer: a restart on the server, else what deploys. Files that are only copied answer nothing. */
const goesLiveAt = (commands: readonly { kind: string; text: string }[]): number => {
  const live = commands.findIndex(
    ({ kind, text }) => kind === 'restart' || (kind === 'deploy' && !/^(?:rsync|scp)\b|scp-action/.test(text)),
  )
  return live < 0 ? commands.findIndex(({ kind }) => kind === 'deploy') : live
}

/** Migrations of pipelines, before and after the deploy that they belong to. */
const orderInPipelines = (pipelines: Pipelines): Order => {
  const [early, late]: [Place[], Place[]] = [[], []]
  const jobs = deployJobs(pipelines)
  for (const { pipeline: at, job } of jobs) {
    const live = goesLiveAt(job.commands)
    early.push(...migrationsIn(at.file, job.commands.slice(0, live)))
    late.push(...migrationsIn(at.file, job.commands.slice(live)))
    for (const other of at.jobs.filter(one => one.id !== job.id && !one.deploys)) {
      // A job that tests migrates a database of its own.
      const ownDatabase = other.commands.some(({ kind }) => kind === 'test')
      if (!ownDatabase && jobsBefore(at, job).some(({ id }) => id === other.id))
        early.push(...migrationsIn(at.file, other.commands))
      else if (jobsBefore(at, other).some(({ id }) => id === job.id))
        late.push(...migrationsIn(at.file, other.commands))
    }
  }
  // Where a platform deploys by itself, a pipeline of pushes that migrates does so beside it.
  if (jobs.length === 0)
    for (const at of pipelines.pipelines.filter(({ triggers }) => triggers.push || triggers.deployment))
      for (const { commands } of at.jobs.filter(job => !job.commands.some(({ kind }) => kind === 'test')))
        (at.triggers.deployment ? late : early).push(...migrationsIn(at.file, commands))
  return { early, late }
}

/** Migrations that platforms run around a release, and those in scripts that they run to build. */
const orderOnPlatforms = (deployment: Deployment): Order => {
  const of = (phases: readonly string[]): Place[] =>
    deployment.commands
      .filter(({ phase }) => phases.includes(phase))
      .flatMap(({ file, line, commands }) =>
        migrationsIn(
          file,
          commands.map(command => ({ ...command, line })),
        ),
      )
  return { early: of(['release', 'build']), late: of(['after']) }
}

/** Migrations that run when an instance starts. */
const atStart = (containers: Containers, deployment: Deployment): Place[] => [
  ...containers.containers.flatMap(({ file, commands }) =>
    migrationsIn(
      file,
      commands.filter(({ phase }) => phase === 'start'),
    ),
  ),
  ...deployment.commands
    .filter(({ phase }) => phase === 'start')
    .flatMap(({ file, line, commands }) =>
      migrationsIn(
        file,
        commands.map(command => ({ ...command, line })),
      ),
    ),
]

export default defineCheck<Data>()({
  id: 'migration-step',
  stage: 'deploy',
  on: 'repo',
  title: 'Every deploy runs the migrations once, before new code gets traffic',
  why: 'Code that is live before its migration asks for columns that are not there. Migrations that every instance runs when it starts race each other: Django and Laravel take no lock, Rails and Knex let the second one fail, Prisma gives up after ten seconds. Looked for in pipelines, release commands of platforms, images, start and build scripts, and the code.',
  impact: { journey: 'operate', owner: 'A deploy shows errors to customers until somebody runs a command by hand.' },
  needs: ['migrations', 'pipelines', 'deployment', 'containers', 'codeSigns'],
  actions: ['deploy migrations'],
  signals: ['deploys-by-hand', 'bad-deploy'],
  checklist: { section: 'database', order: 3, line: 'Migrations run once per deploy, before traffic' },
  outcomes: {
    'not-in-deploy': {
      status: 'fail',
      severity: 'high',
      title: 'No deploy runs the migrations: that is done by hand',
      fix: ({ command, platform }) => ({
        summary: 'Run them in the deploy, before traffic.',
        steps: [
          `Put \`${command}\` into ${releases[platform] ?? 'a step of the deploy job, before the step that deploys'}.`,
        ],
        changes: [
          {
            kind: 'manual',
            step: `Put \`${command}\` into ${releases[platform] ?? 'the deploy job, before the step that deploys'}`,
          },
        ],
        effortMinutes: 20,
      }),
    },
    'after-traffic': {
      status: 'fail',
      severity: 'medium',
      title: 'New code is live before its migrations: {files}',
      fix: ({ places, platform }) => ({
        summary: 'Migrate first, then deploy.',
        steps: [
          ...stepsAt(
            places,
            ({ text }) =>
              `move \`${text}\` before the step that deploys${releases[platform] ? `, or into ${releases[platform]}` : ''}.`,
          ),
          'Migrations then have to suit the code before, too: see migration-hazard.',
        ],
        changes: places.map(({ file, line, text }) => ({
          kind: 'manual' as const,
          step: `${file}:${line}: move \`${text}\` before the deploy`,
        })),
        effortMinutes: 15,
      }),
    },
    'in-every-instance': {
      status: 'fail',
      severity: 'medium',
      title: 'Every instance migrates when it starts, and they race: {files}',
      fix: ({ places, command, platform }) => ({
        summary: 'Migrate once per deploy.',
        steps: [
          ...stepsAt(places, ({ text }) => `take \`${text}\` out of the start.`),
          `Put \`${command}\` into ${releases[platform] ?? 'a step of the deploy job, before the step that deploys'}.`,
        ],
        changes: places.map(({ file, line, text }) => ({
          kind: 'manual' as const,
          step: `${file}:${line}: take \`${text}\` out of the start; run it in ${releases[platform] ?? 'the deploy job'}`,
        })),
        effortMinutes: 20,
      }),
    },
    ordered: { status: 'pass', title: 'Migrations run once per deploy, before traffic' },
  },
  references: [
    'https://fly.io/docs/reference/configuration/#run-one-off-commands-before-releasing-a-deployment',
    'https://devcenter.heroku.com/articles/release-phase',
    'https://www.prisma.io/docs/orm/prisma-client/deployment/deploy-database-changes-with-prisma-migrate',
  ],
  judge({ migrations, pipelines, deployment, containers, codeSigns }) {
    const set = migrations.sets[0]
    if (!set) return skip(withoutMigrations(migrations))
    const [inPipelines, onPlatforms] = [orderInPipelines(pipelines), orderOnPlatforms(deployment)]
    const early = [...inPipelines.early, ...onPlatforms.early]
    const late = [...inPipelines.late, ...onPlatforms.late]
    const started = [...atStart(containers, deployment), ...codeSigns.migratesAtStart]
    const command = commands[set.orm] ?? 'the migrate command'
    const platform = deployment.platforms.find(({ name }) => releases[name])?.name ?? ''
    const data = (places: Place[]): Data => ({ places, files: filesIn(places), command, platform })
    // SQLite lives in one instance, and one instance does not race.
    const alone = set.dialect === 'sqlite' || deployment.instances === 1
    const holds = [
      ...(started.length && !alone
        ? [{ outcome: 'in-every-instance' as const, data: data(started), evidence: evidenceOf(started) }]
        : []),
      ...(late.length && early.length === 0
        ? [{ outcome: 'after-traffic' as const, data: data(late), evidence: evidenceOf(late) }]
        : []),
    ]
    if (holds.length) return holds
    const before = [...early, ...started]
    if (before.length) return { outcome: 'ordered', data: data(before), evidence: evidenceOf(before) }
    const looked = `${set.count} migrations (${set.orm}); looked for \`${command}\` in pipelines, release commands, images and scripts`
    return { outcome: 'not-in-deploy', data: data([]), evidence: [{ label: set.folder, value: looked }] }
  },
  examples: [
    {
      name: 'before the deploy',
      facts: {
        migrations: migrations('prisma'),
        pipelines: pipeline('migrate', 'deploy'),
        deployment: exampleDeployment(),
        containers: { containers: [] },
        codeSigns: noSigns,
      },
      expect: 'ordered',
    },
    {
      name: 'nowhere',
      facts: {
        migrations: migrations('prisma'),
        pipelines: pipeline('deploy'),
        deployment: exampleDeployment(),
        containers: { containers: [] },
        codeSigns: noSigns,
      },
      expect: 'not-in-deploy',
    },
    {
      name: 'after the deploy',
      facts: {
        migrations: migrations('prisma'),
        pipelines: pipeline('deploy', 'migrate'),
        deployment: exampleDeployment(),
        containers: { containers: [] },
        codeSigns: noSigns,
      },
      expect: 'after-traffic',
    },
    {
      name: 'in the entry point',
      facts: {
        migrations: migrations('django'),
        pipelines: pipeline('deploy'),
        deployment: exampleDeployment(),
        containers: exampleContainers({
          commands: [
            {
              kind: 'migrate',
              text: 'python manage.py migrate',
              line: 14,
              phase: 'start',
              manager: null,
              frozen: null,
              instead: null,
            },
          ],
        }),
        codeSigns: noSigns,
      },
      expect: 'in-every-instance',
    },
  ],
})

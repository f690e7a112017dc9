// The history of migrations is one line that is only added to, and it makes exactly the schema that the code expects.

import { defineCheck, skip, unknown } from '../../core/check.ts'
import type { Containers } from '../../facts/repo/containers.ts'
import type { Deployment } from '../../facts/repo/deployment.ts'
import type { MigrationSet, Migrations } from '../../facts/repo/migrations.ts'
import type { Pipelines } from '../../facts/repo/pipelines.ts'
import {
  deployJobs,
  evidenceOf,
  exampleContainers,
  exampleDeployment,
  examplePipelines,
  filesIn,
  type Place,
  stepsAt,
  withoutMigrations,
} from './places.ts'

type Data = { places: Place[]; files: string; since: string; orm: string; what: string }

const set = (more: Partial<MigrationSet> = {}): Migrations => ({
  since: { by: 'tag', ref: 'v1.2.0' },
  notes: [],
  sets: [
    {
      folder: 'prisma/migrations',
      orm: 'prisma',
      dialect: 'postgresql',
      count: 3,
      unreleased: [],
      hazards: [],
      unread: [],
      edited: [],
      outOfOrder: [],
      diverged: [],
      ...more,
    },
  ],
})
const place = (text: string): Place => ({ file: 'prisma/migrations/20260101_init/migration.sql', line: 1, text })
const noSigns = { health: [], synchronises: [], migratesAtStart: [], lockTimeout: [], files: 1 }

/** The command that writes the migration which is missing. */
const writes: Readonly<Record<string, string>> = {
  prisma: 'npx prisma migrate dev --name catch-up',
  rails: 'bin/rails db:migrate',
  drizzle: 'npx drizzle-kit generate',
  django: 'python manage.py makemigrations',
  alembic: 'alembic revision --autogenerate -m catch-up',
}
/** The command that puts two ends together. */
const merges: Readonly<Record<string, string>> = {
  django: 'python manage.py makemigrations --merge',
  alembic: 'alembic merge heads -m merge',
}
/** What runs migrations in place of a push. */
const applies: Readonly<Record<string, string>> = {
  prisma: 'npx prisma migrate deploy',
  drizzle: 'npx drizzle-kit migrate',
  rails: 'bin/rails db:migrate',
  typeorm: 'npx typeorm migration:run',
  laravel: 'php artisan migrate --force',
}

/** Places where the schema is pushed into a database that customers use. */
const pushesOf = (
  pipelines: Pipelines,
  containers: Containers,
  deployment: Deployment,
  synchronises: readonly Place[],
): Place[] => {
  const pushing = (file: string, commands: readonly { kind: string; line: number; text: string }[]): Place[] =>
    commands.filter(({ kind }) => kind === 'push-schema').map(({ line, text }) => ({ file, line, text }))
  return [
    ...deployJobs(pipelines).flatMap(({ pipeline, job }) => pushing(pipeline.file, job.commands)),
    ...containers.containers.flatMap(({ file, commands }) =>
      pushing(
        file,
        commands.filter(({ phase }) => phase === 'start'),
      ),
    ),
    ...deployment.commands.flatMap(({ file, line, commands }) =>
      pushing(
        file,
        commands.map(command => ({ ...command, line })),
      ),
    ),
    ...synchronises,
  ]
}

const ormOf = (text: string): string => (/prisma/.test(text) ? 'prisma' : /drizzle/.test(text) ? 'drizzle' : 'typeorm')

export default defineCheck<Data>()({
  id: 'migration-history',
  stage: 'deploy',
  on: 'repo',
  title: 'Migrations are only added, in order, and make the expected schema',
  why: 'A migration that already ran in production never runs again: editing it makes production and every new database differ. One that is inserted before released ones is skipped by some tools and run late by others. Pushing a schema leaves no record and drops columns without asking. Judged against the last tag or deployed branch, and against schema.prisma, schema.rb and the journal of Drizzle.',
  impact: {
    journey: 'operate',
    owner: 'Production and every copy of it drift apart, until a deploy or a restore fails.',
  },
  needs: ['migrations', 'codeSigns', 'pipelines', 'containers', 'deployment'],
  actions: ['deploy migrations'],
  signals: ['patched-by-hand'],
  checklist: { section: 'database', order: 2, line: 'Migrations are only added, in order' },
  outcomes: {
    'push-in-production': {
      status: 'fail',
      severity: 'high',
      impact: 'data',
      title: 'The schema is pushed into production, without migrations',
      why: 'A push drops columns and tables that the code no longer names, with what customers entered.',
      fix: ({ places, orm }) => ({
        summary: 'Run migrations instead.',
        steps: stepsAt(places, ({ text }) =>
          /synchronize|sync\(|create_all|AutoMigrate/.test(text)
            ? `turn it off (\`${text}\`) and write migrations.`
            : `write \`${applies[orm] ?? 'the migrate command'}\` instead of \`${text}\`.`,
        ),
        changes: places.map(({ file, line, text }) => ({
          kind: 'manual' as const,
          step: `${file}:${line}: replace \`${text}\` by migrations`,
        })),
        effortMinutes: 60,
      }),
    },
    'edited-after-release': {
      status: 'fail',
      severity: 'high',
      title: 'A migration was changed after {since}: {files}',
      fix: ({ places, since }) => ({
        summary: 'Put it back, and write the change as a new migration.',
        steps: [
          ...stepsAt(places, () => `put it back: \`git checkout ${since} -- <file>\`.`),
          'Write the change as a new migration.',
        ],
        changes: places.map(({ file }) => ({ kind: 'command' as const, run: `git checkout ${since} -- ${file}` })),
        effortMinutes: 20,
      }),
    },
    'diverged-from-schema': {
      status: 'fail',
      severity: 'high',
      title: 'Migrations do not make what the code expects: {files}',
      fix: ({ places, orm }) => ({
        summary: 'Write the migration that is missing.',
        steps: [
          `Run \`${writes[orm] ?? 'the tool’s generate command'}\` against a scratch database, and commit what it writes.`,
          ...stepsAt(places, ({ text }) => text),
        ],
        changes: [{ kind: 'command', run: writes[orm] ?? 'npx prisma migrate dev --name catch-up' }],
        effortMinutes: 20,
      }),
    },
    'out-of-order': {
      status: 'fail',
      severity: 'medium',
      title: 'Migrations are not in one line: {files}',
      fix: ({ places, orm }) => ({
        summary: merges[orm] ? 'Merge the ends.' : 'Number the new migration behind the released ones.',
        steps: [
          ...(merges[orm]
            ? [`Run \`${merges[orm]}\`.`]
            : ['Rename it so that it comes last, and run the tests on an empty database.']),
          ...stepsAt(places, ({ text }) => text),
        ],
        changes: merges[orm]
          ? [{ kind: 'command', run: merges[orm]! }]
          : places.map(({ file }) => ({ kind: 'manual' as const, step: `Rename ${file} so that it comes last` })),
        effortMinutes: 15,
      }),
    },
    linear: { status: 'pass', title: 'Migrations are one line that is only added to' },
  },
  references: [
    'https://www.prisma.io/docs/orm/prisma-migrate/workflows/troubleshooting',
    'https://www.prisma.io/docs/orm/reference/prisma-cli-reference#db-push',
    'https://docs.djangoproject.com/en/stable/topics/migrations/#version-control',
  ],
  judge({ migrations, codeSigns, pipelines, containers, deployment }) {
    const { sets, since, cut } = migrations
    const pushed = pushesOf(pipelines, containers, deployment, codeSigns.synchronises)
    if (sets.length === 0 && pushed.length === 0) return skip(withoutMigrations(migrations))
    const orm = sets[0]?.orm ?? ormOf(pushed[0]!.text)
    const data = (places: Place[], of: string): Data => ({
      places,
      files: filesIn(places),
      since: since.ref,
      orm: of,
      what: places[0]?.text ?? '',
    })
    const from = (pick: (one: MigrationSet) => Place[]) => ({
      places: sets.flatMap(pick),
      of: sets.find(one => pick(one).length > 0)?.orm ?? orm,
    })
    const kinds = [
      ['push-in-production', { places: pushed, of: orm }],
      ['edited-after-release', from(({ edited }) => edited)],
      ['diverged-from-schema', from(({ diverged }) => diverged)],
      ['out-of-order', from(({ outOfOrder }) => outOfOrder)],
    ] as const
    const holds = kinds
      .filter(([, { places }]) => places.length > 0)
      .map(([outcome, { places, of }]) => ({ outcome, data: data(places, of), evidence: evidenceOf(places) }))
    if (holds.length) return holds
    if (cut)
      return unknown(
        'this clone is shallow, so nobody can tell which migrations are released: git fetch --unshallow --tags (fetch-depth: 0 in CI)',
        'high',
      )
    return {
      outcome: 'linear',
      data: data([], orm),
      evidence: sets.map(({ folder, count }) => ({ label: folder, value: `${count} migrations` })),
    }
  },
  examples: [
    {
      name: 'one line',
      facts: {
        migrations: set(),
        codeSigns: noSigns,
        pipelines: examplePipelines(),
        containers: { containers: [] },
        deployment: exampleDeployment(),
      },
      expect: 'linear',
    },
    {
      name: 'edited',
      facts: {
        migrations: set({ edited: [place('changed since v1.2.0')] }),
        codeSigns: noSigns,
        pipelines: examplePipelines(),
        containers: { containers: [] },
        deployment: exampleDeployment(),
      },
      expect: 'edited-after-release',
    },
    {
      name: 'inserted before',
      facts: {
        migrations: set({ outOfOrder: [place('comes before 20260301_b, which is released')] }),
        codeSigns: noSigns,
        pipelines: examplePipelines(),
        containers: { containers: [] },
        deployment: exampleDeployment(),
      },
      expect: 'out-of-order',
    },
    {
      name: 'a column without a migration',
      facts: {
        migrations: set({
          diverged: [{ file: 'prisma/schema.prisma', line: 14, text: 'column User.plan: no migration makes it' }],
        }),
        codeSigns: noSigns,
        pipelines: examplePipelines(),
        containers: { containers: [] },
        deployment: exampleDeployment(),
      },
      expect: 'diverged-from-schema',
    },
    {
      name: 'pushed at start',
      facts: {
        migrations: set(),
        codeSigns: noSigns,
        pipelines: examplePipelines(),
        containers: exampleContainers({
          commands: [
            {
              kind: 'push-schema',
              text: 'npx prisma db push',
              line: 12,
              phase: 'start',
              manager: null,
              frozen: null,
              instead: null,
            },
          ],
        }),
        deployment: exampleDeployment(),
      },
      expect: 'push-in-production',
    },
  ],
})

// The database can be brought back, and somebody has done it.

import { defineCheck, skip } from '../../core/check.ts'
import type { Backups } from '../../facts/repo/backups.ts'
import type { Deployment } from '../../facts/repo/deployment.ts'
import type { Migrations } from '../../facts/repo/migrations.ts'
import type { Pipelines } from '../../facts/repo/pipelines.ts'
import type { Stack } from '../../facts/repo/stack.ts'
import { evidenceOf, exampleDeployment, examplePipelines, jobsOf, type Place } from './places.ts'

type Data = { places: Place[]; database: string; dump: string; restore: string; file: string }

const commands: Readonly<Record<string, { dump: string; restore: string }>> = {
  postgresql: {
    dump: 'pg_dump --format=custom --file=backup.dump "$DATABASE_URL"',
    restore: 'pg_restore --clean --if-exists --dbname="$SCRATCH_DATABASE_URL" backup.dump',
  },
  mysql: {
    dump: 'mysqldump --single-transaction --result-file=backup.sql "$DATABASE"',
    restore: 'mysql "$SCRATCH_DATABASE" < backup.sql',
  },
  sqlite: { dump: 'sqlite3 app.db ".backup backup.db"', restore: 'sqlite3 backup.db "PRAGMA integrity_check"' },
  mongodb: {
    dump: 'mongodump --uri "$MONGODB_URI" --archive=backup.archive',
    restore: 'mongorestore --uri "$SCRATCH_URI" --archive=backup.archive',
  },
}
const stackWith = (...databases: string[]): Stack => ({
  packages: [],
  platforms: [],
  ci: [],
  containers: [],
  orms: [],
  databases,
  languages: [],
  monorepo: false,
  unreadable: [],
})
const noMigrations: Migrations = { sets: [], since: { by: 'none', ref: '' }, notes: [] }
const document = (topic: 'backup' | 'restore', rehearsed: string | null) => ({
  file: 'docs/backup.md',
  line: 1,
  topic,
  text: '# Backup',
  rehearsed,
})

/** Everything that says the database is backed up. */
const signsOf = (
  backups: Backups,
  pipelines: Pipelines,
  deployment: Deployment,
  documents: Deployment['documents'],
): Place[] => [
  ...backups.found,
  ...jobsOf(pipelines)
    .filter(({ pipeline, job }) => pipeline.triggers.schedule && /backup|dump/i.test(`${pipeline.name} ${job.id}`))
    .map(({ pipeline, job }) => ({ file: pipeline.file, line: job.line, text: job.id })),
  ...deployment.scripts
    .filter(({ does }) => does === 'backup')
    .map(({ file, line, name }) => ({ file, line, text: name })),
  ...documents.map(({ file, line, text }) => ({ file, line, text })),
]

const looked = {
  label: 'looked for',
  value: 'backup scripts, scheduled dumps, Litestream, WAL-G, pgBackRest, restic, documents',
}

export default defineCheck<Data>()({
  id: 'backup',
  stage: 'deploy',
  on: 'repo',
  title: 'The database is backed up, and a restore was tried',
  why: 'A backup that was never restored is a hope. Looked for in scripts, scheduled pipelines, configuration (Litestream, WAL-G, pgBackRest, restic) and documents; a dated restore has to be written down, because the repository is where the next person looks.',
  impact: { journey: 'data', owner: 'If the database is lost, so is everything your customers entrusted to you.' },
  needs: ['stack', 'deployment', 'pipelines', 'backups', 'migrations'],
  checklist: { section: 'database', order: 4, line: 'The database is backed up, and a restore was tried' },
  outcomes: {
    'none-found': {
      status: 'fail',
      severity: 'high',
      title: 'Nothing says that the {database} database is backed up',
      fix: ({ dump, restore }) => ({
        summary: 'Turn backups on, and write down where they are.',
        steps: [
          'Turn on automatic backups where the database runs; daily, kept for at least seven days, in another account or region.',
          `Or schedule \`${dump}\` and copy the file away.`,
          'Write docs/backup.md: what, how often, where, who can reach it.',
          `Restore one into a scratch database (\`${restore}\`) and write the date down.`,
        ],
        changes: [
          {
            kind: 'file',
            path: 'docs/backup.md',
            action: 'write',
            content: `# Backup and restore\n\nWhat is backed up, how often, how long it is kept, where, and who can reach it: …\n\n## Restore\n\n1. \`${restore}\`\n2. Compare the number of users and payments with production.\n\nRestore tested on: (date)\n`,
          },
        ],
        effortMinutes: 60,
      }),
    },
    'restore-never-tested': {
      status: 'fail',
      severity: 'medium',
      title: 'Nobody has written down a restore that worked',
      fix: ({ restore, file }) => ({
        summary: 'Restore once into a scratch database.',
        steps: [
          `Run \`${restore}\` with the newest backup.`,
          'Count users and payments there and compare with production.',
          `Write \`Restore tested on: <date>\` into ${file}.`,
        ],
        changes: [
          { kind: 'manual', step: `Restore a backup, then write "Restore tested on: YYYY-MM-DD" into ${file}` },
        ],
        effortMinutes: 45,
      }),
    },
    restorable: { status: 'pass', title: 'The database is backed up, and a restore was tried' },
  },
  references: ['https://www.postgresql.org/docs/current/backup.html', 'https://litestream.io/how-it-works/'],
  judge({ stack, deployment, pipelines, backups, migrations }) {
    const database =
      stack.databases.find(name => commands[name]) ??
      migrations.sets.find(({ dialect }) => dialect !== null)?.dialect ??
      // Migrations whose SQL could be any database's are there for one all the same.
      (migrations.sets.length ? 'postgresql' : undefined)
    if (!database)
      return skip(
        stack.databases.length
          ? `${stack.databases.join(', ')} holds nothing that has to be restored`
          : 'no database in this repository',
      )
    const documents = deployment.documents.filter(({ topic }) => topic === 'backup' || topic === 'restore')
    const places = signsOf(backups, pipelines, deployment, documents)
    const data: Data = { places, database, ...commands[database]!, file: documents[0]?.file ?? 'docs/backup.md' }
    if (places.length === 0)
      return {
        outcome: 'none-found',
        data,
        evidence: [{ label: 'database', value: stack.databases.join(', ') || database }, looked],
      }
    const tested = documents.find(({ rehearsed }) => rehearsed !== null)
    if (!tested) return { outcome: 'restore-never-tested', data, evidence: evidenceOf(places) }
    return {
      outcome: 'restorable',
      data,
      evidence: [{ label: `${tested.file}:${tested.line}`, value: `restore tested ${tested.rehearsed}` }],
    }
  },
  examples: [
    {
      name: 'dated restore',
      facts: {
        stack: stackWith('postgresql'),
        pipelines: examplePipelines(),
        backups: { found: [] },
        migrations: noMigrations,
        deployment: exampleDeployment({ documents: [document('backup', '2026-10-12')] }),
      },
      expect: 'restorable',
    },
    {
      name: 'nothing',
      facts: {
        stack: stackWith('postgresql'),
        pipelines: examplePipelines(),
        backups: { found: [] },
        migrations: noMigrations,
        deployment: exampleDeployment(),
      },
      expect: 'none-found',
    },
    {
      name: 'backups, no restore',
      facts: {
        stack: stackWith('sqlite'),
        pipelines: examplePipelines(),
        backups: { found: [{ file: 'litestream.yml', line: 1, text: 'Litestream' }] },
        migrations: noMigrations,
        deployment: exampleDeployment(),
      },
      expect: 'restore-never-tested',
    },
  ],
})

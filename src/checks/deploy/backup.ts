// The database can be brought back, and somebody has done it.

import { ask, defineCheck, high, medium, pass, skip } from '../../core/check.ts'
import { fileEvidence, textEvidence } from '../../core/evidence.ts'
import { fix, manual, writeFile } from '../../core/fixes.ts'
import { databaseDumps } from '../../data/database-dumps.ts'
import { exampleDocument, noDeployment } from '../../facts/repo/deployment.example.ts'
import type { Deployment } from '../../facts/repo/deployment.ts'
import { saysNone } from '../../formats/handover/names.ts'
import { productionOf } from '../../formats/repo/production.ts'
import { jobsOf } from '../../formats/workflow/jobs.ts'
import type { Pipelines, Place } from '../../formats/workflow/seen.ts'
import { evidenceOf } from './places.ts'

type Data = { places: Place[]; database: string; dump: string; restore: string; file: string }

/** Scheduled jobs and scripts that are named for a backup. */
const scheduled = (pipelines: Pipelines): Place[] =>
  jobsOf(pipelines)
    .filter(({ pipeline, job }) => pipeline.triggers.schedule && /backup|dump/i.test(`${pipeline.name} ${job.id}`))
    .map(({ pipeline, job }) => ({ file: pipeline.file, line: job.line, text: job.id }))
const scripted = (deployment: Deployment): Place[] =>
  deployment.scripts.filter(({ does }) => does === 'backup').map(({ file, line, name }) => ({ file, line, text: name }))

/** What people said in the config. */
type Answers = { backup?: string; restored?: string; by?: string }

const question = (database: string) => ({
  id: 'database-backup',
  text: `What backs up the ${database} database, how often and where to?`,
  answer: 'deploy.backup',
})
const said = (key: string, value: string) => textEvidence('config', `deploy.${key}: ${value}`)

const noMigrations = { sets: [], since: { by: 'none' as const, ref: '' }, notes: [] }

export default defineCheck<Data>()({
  id: 'backup',
  stage: 'deploy',
  on: 'repo',
  title: 'The database is backed up, and a restore was tried',
  why: 'A backup that was never restored is a hope. Looked for in scripts, scheduled pipelines, configuration (Litestream, WAL-G, pgBackRest, restic) and documents; a dated restore has to be written down, because the repository is where the next person looks. Where it holds nothing, the backups of a managed database cannot be seen: then the check asks, and the config keeps the answer.',
  impact: { journey: 'data', owner: 'If the database is lost, so is everything your customers entrusted to you.' },
  needs: ['stack', 'deployment', 'pipelines', 'backups', 'migrations'],
  checklist: { section: 'database', order: 4, line: 'The database is backed up, and a restore was tried' },
  outcomes: {
    'none-found': high('The {database} database is not backed up', ({ dump, restore }) => {
      const text = `# Backup and restore\n\nWhat is backed up, how often, how long it is kept, where, and who can reach it: …\n\n## Restore\n\n1. \`${restore}\`\n2. Compare the number of users and payments with production.\n\nRestore tested on: (date)\n`
      const steps = [
        'Turn on automatic backups where the database runs; daily, kept for at least seven days, in another account or region.',
        `Or schedule \`${dump}\` and copy the file away.`,
        'Write docs/backup.md: what, how often, where, who can reach it.',
        `Restore one into a scratch database (\`${restore}\`) and write the date down.`,
      ]
      return fix('Turn backups on, and write down where they are.', [writeFile('docs/backup.md', text)], steps, 60)
    }),
    'restore-never-tested': medium(
      'Nobody has written down a restore that worked',
      ({ restore, file }) => {
        const steps = [
          `Run \`${restore}\` with the newest backup.`,
          'Count users and payments there and compare with production.',
          `Write \`Restore tested on: <date>\` into ${file}.`,
        ]
        const change = manual(`Restore a backup, then write "Restore tested on: YYYY-MM-DD" into ${file}`)
        return fix('Restore once into a scratch database.', [change], steps, 45)
      },
      { why: 'Many a backup turns out to be empty or incomplete on the day that it is needed.' },
    ),
    restorable: pass('The database is backed up, and a restore was tried'),
  },
  references: ['https://www.postgresql.org/docs/current/backup.html', 'https://litestream.io/how-it-works/'],
  judge({ stack, deployment, pipelines, backups, migrations }, { target }) {
    const database =
      stack.databases.find(name => databaseDumps[name]) ??
      migrations.sets.find(({ dialect }) => dialect !== null)?.dialect ??
      // Migrations whose SQL could be any database's are there for one all the same.
      (migrations.sets.length ? 'postgresql' : undefined)
    const named = stack.databases.join(', ')
    if (!database)
      return skip(named ? `${named} holds nothing that has to be restored` : 'no database in this repository')
    const documents = deployment.documents.filter(({ topic }) => topic === 'backup' || topic === 'restore')
    // Who speaks of a backup in passing makes none.
    const written = documents
      .filter(({ topic, how, rehearsed }) => (topic === 'backup' && how) || rehearsed !== null)
      .map(({ file, line, text }) => ({ file, line, text }))
    const places = [...backups.found, ...scheduled(pipelines), ...scripted(deployment), ...written]
    const data = { places, database, ...databaseDumps[database]!, file: documents[0]?.file ?? 'docs/backup.md' }
    const { backup, restored, by } = (target.sections['deploy'] ?? {}) as Answers
    if (backup !== undefined && saysNone(backup))
      return { outcome: 'none-found', data, evidence: [said('backup', backup)] }
    if (places.length === 0 && backup === undefined) {
      if (by === 'users') return skip('each user runs it, with a database of their own')
      return ask(question(database), 'A repository does not show the backups of the database that runs')
    }
    if (restored) return { outcome: 'restorable', data, evidence: [said('restored', restored)] }
    const tested = documents.find(({ rehearsed }) => rehearsed !== null)
    const seen = [...evidenceOf(places), ...(backup === undefined ? [] : [said('backup', backup)])]
    // Where others run the product, its databases are theirs, and so is a restore.
    const isTheirs = productionOf({ pipelines, deployment }, by) === 'others'
    const severity = isTheirs ? { severity: 'low' as const } : {}
    if (!tested) return { outcome: 'restore-never-tested', data, evidence: seen, ...severity }
    const evidence = [fileEvidence(tested.file, tested.line, `restore tested ${tested.rehearsed}`)]
    return { outcome: 'restorable', data, evidence }
  },
  examples: [
    { name: 'dated restore', facts: { migrations: noMigrations }, expect: 'restorable' },
    {
      name: 'nothing',
      facts: { migrations: noMigrations, backups: { found: [] }, deployment: noDeployment },
      expect: 'unknown',
    },
    {
      name: 'the config says that there are none',
      facts: { migrations: noMigrations, backups: { found: [] }, deployment: noDeployment },
      target: { sections: { deploy: { backup: 'none' } } },
      expect: 'none-found',
    },
    {
      name: 'backups, no restore',
      facts: { migrations: noMigrations, deployment: { documents: [exampleDocument('backup', null)] } },
      expect: 'restore-never-tested',
    },
  ],
})

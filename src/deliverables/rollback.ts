// rollback.md: how a release of this repository is taken back, step by step for its platform, and what its migrations forbid.
import { rollbackWays } from '../data/platforms.ts'
import { deployedTo } from '../formats/workflow/jobs.ts'
import { escapeMarkdown, markdownCode } from '../report/shared/escape.ts'
import { type DeliverableInput, type Document, factOf } from './deliverable.ts'

type Facts = DeliverableInput['facts']

/** The way back of the platform that the config names, that the pipeline deploys to, that has a file here; `docker` for images of one's own; null when nothing is known. */
const wayOf = (facts: Facts, named: readonly (string | undefined)[]): (typeof rollbackWays)[string] | null => {
  const [deployment, pipelines] = [factOf(facts, 'deployment'), factOf(facts, 'pipelines')]
  const candidates = [
    ...named,
    ...(pipelines?.ok ? deployedTo(pipelines.value) : []),
    ...(deployment?.ok ? deployment.value.platforms.map(({ name }) => name) : []),
  ]
  const platform = candidates.find(name => name !== undefined && rollbackWays[name])
  if (platform) return rollbackWays[platform]!
  const containers = factOf(facts, 'containers')
  return containers?.ok && containers.value.containers.length ? rollbackWays['docker']! : null
}

/** How each tool takes one migration back, and what that does. */
const backwards: Readonly<Record<string, string>> = {
  prisma:
    'Prisma has no way down: write the reverse by hand, and mark the failed one with `npx prisma migrate resolve --rolled-back <name>`.',
  drizzle: 'Drizzle has no way down: write the reverse as a new migration.',
  knex: '`npx knex migrate:down` takes back one migration.',
  sequelize: '`npx sequelize-cli db:migrate:undo` takes back one migration.',
  typeorm: '`npx typeorm migration:revert -d <data source>` takes back one migration.',
  rails: '`bin/rails db:rollback STEP=1` takes back one migration; only with the code that holds it.',
  django: '`python manage.py migrate <app> <the migration before>` goes back to it; only with the code that holds it.',
  laravel: '`php artisan migrate:rollback --step=1` takes back one migration.',
  alembic: '`alembic downgrade -1` takes back one migration.',
  goose: '`goose down` takes back one migration.',
  dbmate: '`dbmate rollback` takes back one migration.',
  'golang-migrate': '`migrate … down 1` takes back one migration.',
  flyway: 'Flyway undoes only with paid editions: write the reverse as a new migration.',
  supabase: 'Supabase has no way down: write the reverse as a new migration.',
  sql: 'Write the reverse by hand.',
}

/** Why the release before does not run after such a migration. */
const forbids: Readonly<Record<string, string>> = {
  'drops-data': 'the release before asks for it, and the data is gone: only a backup brings it back',
  renames: 'the release before asks for the old name: rename it back first',
  'type-change': 'the release before may not understand the new type: change it back first',
  'not-null-on-existing': 'the release before gives no value: drop NOT NULL or set a default first',
  'enum-change': 'the release before writes a value that is gone: add it again first',
  'rewrites-table': 'a failed rewrite leaves nothing behind in PostgreSQL; wait until its lock is gone',
  'backfill-with-ddl': 'rows filled before the failure stay filled in MySQL',
}

const migrationPart = (facts: Facts): string[] => {
  const migrations = factOf(facts, 'migrations')
  if (!migrations?.ok || migrations.value.sets.length === 0) return []
  const lines = [
    '## What the migrations forbid',
    '',
    'A rollback takes back the code, never the database. The release before has to run on today’s schema; where it does not, this comes first:',
    '',
  ]
  const blocking = migrations.value.sets.flatMap(({ hazards }) => hazards.filter(({ hazard }) => forbids[hazard]))
  if (blocking.length === 0)
    lines.push('- Nothing in the migrations that are not released yet keeps the release before from running.')
  for (const { hazard, file, line, table, column } of blocking.slice(0, 20))
    lines.push(
      `- ${markdownCode(`${file}:${line}`)} ${table ? `(${markdownCode(column ? `${table}.${column}` : table)}) ` : ''}${hazard}: ${forbids[hazard]}.`,
    )
  lines.push('')
  for (const orm of [...new Set(migrations.value.sets.map(one => one.orm))])
    lines.push(`- ${orm}: ${backwards[orm] ?? backwards['sql']}`)
  lines.push(
    '- Never take a migration back while the code that needs it is running: code first, then the migration, and only when it stands in the way.',
    '',
  )
  return lines
}

type Place = { file: string; line: number }
type Way = (typeof rollbackWays)[string]

const placesOf = (list: readonly Place[]): string =>
  list
    .slice(0, 4)
    .map(({ file, line }) => markdownCode(`${file}:${line}`))
    .join(', ')

/** What the repository itself brings for a rollback: scripts that do it, documents that say how. */
const ownMeans = (facts: Facts): { scripts: Place[]; written: (Place & { rehearsed: string | null })[] } => {
  const deployment = factOf(facts, 'deployment')
  if (!deployment?.ok) return { scripts: [], written: [] }
  return {
    scripts: deployment.value.scripts.filter(({ does }) => does === 'rollback'),
    written: deployment.value.documents.filter(({ topic }) => topic === 'rollback'),
  }
}

const nothingKnown =
  'Nothing in the repository says how a release is taken back. Decide it today: keep every release as it was built, under the commit it came from, and write the command that starts the one before here.'

const numberedSteps = (steps: readonly string[]): string[] => steps.map((step, at) => `${at + 1}. ${step}`)

/** The steps of the platform, with what the repository has for it. */
const wayLines = (way: Way, { scripts, written }: ReturnType<typeof ownMeans>): string[] => {
  const own = [
    ...(scripts.length ? [`made for it ${placesOf(scripts)}`] : []),
    ...(written.length ? [`written down in ${placesOf(written)}`] : []),
  ]
  const environment =
    way.environment === 'with-release'
      ? 'those of the old release come back with it; a secret that was rotated since is the old one again, so set it anew'
      : 'they stay as they are today; see whether the old code knows them all'
  return [
    `## How: ${way.label}`,
    '',
    ...numberedSteps(way.steps),
    '',
    ...(way.command ? ['```sh', way.command, '```', ''] : []),
    ...(own.length ? [`In this repository: ${own.join('; ')}.`, ''] : []),
    `What does not go back: ${way.limits}`,
    `Environment variables: ${environment}.`,
    `Source: ${way.source}`,
    '',
  ]
}

/** Where no platform is known: what the repository has by itself. */
const ownLines = ({ scripts, written }: ReturnType<typeof ownMeans>): string[] => {
  const own = [
    ...(scripts.length ? [`Run ${placesOf(scripts)} where it is made to run; its first lines say how.`] : []),
    ...(written.length ? [`The way is written down: ${placesOf(written)}.`] : []),
  ]
  return own.length
    ? ['## How: as this repository has it', '', ...numberedSteps(own), '']
    : ['## How', '', ...numberedSteps([nothingKnown]), '']
}

/** One document for the repository. */
export const rollbackDocument = ({ facts, target, now }: DeliverableInput): Document[] => {
  const section = target.sections['deploy'] as { rollback?: string; by?: string; smoke?: boolean } | undefined
  const way = wayOf(facts, [section?.rollback, section?.by])
  const means = ownMeans(facts)
  const rehearsed = means.written.find(one => one.rehearsed !== null)
  const lines = [
    `# Rollback${target.domain ? `: ${escapeMarkdown(target.domain)}` : ''}`,
    '',
    `For whoever is there when a release is broken. Written by \`launch-ready deploy\` on ${new Date(now).toISOString().slice(0, 10)} from what stands in the repository; it overwrites this file.`,
    '',
    '## When',
    '',
    '- Sign-up, login or payment does not work, or more errors than before: take it back, at once. Searching for the cause comes after.',
    '- Something looks odd, customers can work: repair it with a new release.',
    '',
    ...(way ? wayLines(way, means) : ownLines(means)),
    ...migrationPart(facts),
    '## Check that it worked',
    '',
    `1. \`launch-ready deploy smoke --commit <commit of the old release>\`${section?.smoke ? '' : ' (configure it once: `deploy.smoke`)'}.`,
    '2. Sign up, log in, open the dashboard, once by hand.',
    '3. Look at the payment provider’s webhook deliveries: those that failed meanwhile can be sent again.',
    '4. Tell customers who were hit, and write down what happened.',
    '',
    '## Rehearsal',
    '',
    rehearsed
      ? `Rehearsed on: ${escapeMarkdown(rehearsed.rehearsed ?? '')} (${markdownCode(`${rehearsed.file}:${rehearsed.line}`)})`
      : 'Not rehearsed yet. Do it on a quiet day, note how long it took, and write `Rehearsed on:` with the date into a document that stays, such as docs/rollback.md.',
  ]
  return [{ path: 'rollback.md', content: `${lines.join('\n').trimEnd()}\n` }]
}

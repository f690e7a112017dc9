// The history of migrations is one line that is only added to, and it makes exactly the schema that the code expects.
import { defineCheck, high, medium, pass, skip, unknown } from '../../core/check.ts'
import { type Evidence, fileEvidence } from '../../core/evidence.ts'
import type { Confidence } from '../../core/severity.ts'
import { deployedBy } from '../../core/target.ts'
import { migrationSet } from '../../facts/repo/migrations.example.ts'
import type { MigrationSet } from '../../facts/repo/migrations.ts'
import { ormOfPush } from '../../formats/migrations/tool-commands.ts'
import { bringInOrder, type InHistory, migrateInstead, putBack, shallowClone, writeMissing } from './migration-fixes.ts'
import { isApplied, schemaPushes } from './migration-places.ts'
import {
  assuming,
  evidenceOf,
  exampleContainers,
  exampleDeployment,
  examplePipelines,
  filesIn,
  noMigrations,
  othersUnread,
  type Place,
} from './places.ts'

/** Nothing pushes a schema. */
const quiet = { pipelines: examplePipelines(), containers: exampleContainers(), deployment: exampleDeployment() }
const placed = (text: string): Place => ({ file: 'prisma/migrations/20260101_init/migration.sql', line: 1, text })

/** Who ran it has the same tables; only what it does with rows differs in databases made later. */
const ofRows = <F extends object>(one: F) => ({ ...one, key: 'rows', severity: 'medium' as const })

const asUnused = <F extends { evidence: Evidence[] }>(one: F) => assuming(one, 'that anything runs these migrations')

/** A later migration may bring the databases along that ran what stood there before. */
const asEdit = <F extends { evidence: Evidence[] }>(one: F) =>
  assuming(one, 'whether another migration brings older databases along')

/** Nothing says what is released: what lay there for a month ran somewhere, as far as anybody can tell. */
const asGuess = <F extends { data: InHistory }>(one: F) => {
  const [first] = one.data.places as MigrationSet['edited']
  const data = { ...one.data, since: first?.before ?? one.data.since }
  return { ...one, key: 'old', confidence: 'possible' as const, data }
}

export default defineCheck<InHistory>()({
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
    'push-in-production': high('The schema is pushed into production, without migrations', migrateInstead, {
      impact: 'data',
      why: 'A push drops columns and tables that the code no longer names, with what customers entered.',
    }),
    'edited-after-release': high('A migration was changed after {since}: {files}', putBack),
    'diverged-from-schema': high('Migrations do not make what the code expects: {files}', writeMissing, {
      why: 'The code asks for tables or columns that the migrations do not make.',
    }),
    'out-of-order': medium('Migrations are not in one line: {files}', bringInOrder, {
      why: 'Some tools skip or refuse a migration that comes in between.',
    }),
    linear: pass('Migrations are one line that is only added to'),
  },
  references: [
    'https://www.prisma.io/docs/orm/prisma-migrate/workflows/troubleshooting',
    'https://www.prisma.io/docs/orm/reference/prisma-cli-reference#db-push',
    'https://docs.djangoproject.com/en/stable/topics/migrations/#version-control',
  ],
  judge(facts, { target }) {
    const { migrations } = facts
    const { sets, since, cut } = migrations
    const { pushed, sureness, byHand, adding } = schemaPushes(facts, deployedBy(target))
    const all = [...pushed, ...byHand, ...adding]
    if (sets.length === 0 && all.length === 0)
      return migrations.others ? unknown(othersUnread(migrations), 'high') : skip(noMigrations)
    const orm = sets[0]?.orm ?? ormOfPush(all[0]!.text)
    const at = <K extends string>(outcome: K, places: Place[], tool: string, confidence: Confidence = 'certain') => {
      const data = { places, files: filesIn(places), since: since.ref, orm: tool }
      return places.length ? [{ outcome, data, evidence: evidenceOf(places), confidence }] : []
    }
    const inSets = <K extends string>(outcome: K, pick: (one: MigrationSet) => Place[]) =>
      at(outcome, sets.flatMap(pick), sets.find(one => pick(one).length > 0)?.orm ?? orm)
    const found = [
      ...at('push-in-production', pushed, ormOfPush(pushed[0]?.text ?? ''), sureness),
      // A script is there: what somebody runs it against, the repository does not show.
      ...at('push-in-production', byHand, orm, 'possible').map(one => assuming(one, 'a deploy that runs it')),
      ...at('push-in-production', adding, orm, 'possible'),
      ...inSets('edited-after-release', ({ edited }) => edited.filter(one => !one.before && !one.rows)).map(asEdit),
      ...inSets('edited-after-release', ({ edited }) => edited.filter(one => !one.before && one.rows)).map(ofRows),
      ...inSets('edited-after-release', ({ edited }) => edited.filter(one => one.before && !one.rows)).map(asGuess),
      ...inSets('diverged-from-schema', ({ diverged }) => diverged).map(one =>
        isApplied(facts) ? one : asUnused(one),
      ),
      ...inSets('out-of-order', ({ outOfOrder }) => outOfOrder),
    ]
    if (found.length) return found
    if (cut) return unknown(shallowClone, 'high')
    const evidence = sets.map(({ folder, count }) => fileEvidence(folder, undefined, `${count} migrations`))
    return { outcome: 'linear', data: { places: [], files: '', since: since.ref, orm }, evidence }
  },
  examples: [
    { name: 'one line', facts: quiet, expect: 'linear' },
    {
      name: 'edited',
      facts: { ...quiet, migrations: migrationSet({ edited: [placed('changed since v1.2.0')] }) },
      expect: 'edited-after-release',
    },
    {
      name: 'inserted before',
      facts: {
        ...quiet,
        migrations: migrationSet({ outOfOrder: [placed('comes before 20260301_b, which is released')] }),
      },
      expect: 'out-of-order',
    },
    {
      name: 'a column without a migration',
      facts: { ...quiet, migrations: migrationSet({ diverged: [placed('column User.plan: no migration makes it')] }) },
      expect: 'diverged-from-schema',
    },
    {
      name: 'synchronised when the code starts',
      facts: {
        ...quiet,
        codeSigns: { synchronises: [{ file: 'src/db.ts', line: 7, text: ['synchronize', 'true'].join(': ') }] },
      },
      expect: 'push-in-production',
    },
  ],
})

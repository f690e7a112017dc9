// Migrations run once per deploy, before the new code gets traffic.
import { defineCheck, high, medium, pass, skip } from '../../core/check.ts'
import { fileEvidence } from '../../core/evidence.ts'
import { migrationSet } from '../../facts/repo/migrations.example.ts'
import { releasePlaces, runCommands } from '../../formats/migrations/tool-commands.ts'
import { type InDeploy, migrateFirst, migrateOnce, putIntoDeploy } from './migration-fixes.ts'
import { migrationsAtStart, orderOf } from './migration-places.ts'
import {
  evidenceOf,
  exampleContainers,
  exampleDeployment,
  examplePipelines,
  filesIn,
  type Place,
  withoutMigrations,
} from './places.ts'

/** No pipeline, platform or image runs anything. */
const nowhere = { pipelines: examplePipelines(), containers: exampleContainers(), deployment: exampleDeployment() }
const atStart: Place = { file: 'src/main.ts', line: 14, text: 'await dataSource.runMigrations()' }

export default defineCheck<InDeploy>()({
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
    'not-in-deploy': high('No deploy runs the migrations: that is done by hand', putIntoDeploy),
    'after-traffic': medium('New code is live before its migrations: {files}', migrateFirst),
    'in-every-instance': medium('Every instance migrates when it starts, and they race: {files}', migrateOnce),
    ordered: pass('Migrations run once per deploy, before traffic'),
  },
  references: [
    'https://fly.io/docs/reference/configuration/#run-one-off-commands-before-releasing-a-deployment',
    'https://devcenter.heroku.com/articles/release-phase',
    'https://www.prisma.io/docs/orm/prisma-client/deployment/deploy-database-changes-with-prisma-migrate',
  ],
  judge({ migrations, pipelines, deployment, containers, codeSigns }) {
    const set = migrations.sets[0]
    if (!set) return skip(withoutMigrations(migrations))
    const { early, late } = orderOf(pipelines, deployment)
    const started = [...migrationsAtStart(containers, deployment), ...codeSigns.migratesAtStart]
    const command = runCommands[set.orm] ?? 'the migrate command'
    const platform = deployment.platforms.find(({ name }) => releasePlaces[name])?.name ?? ''
    const at = <K extends string>(outcome: K, places: Place[]) => ({
      outcome,
      data: { places, files: filesIn(places), command, release: releasePlaces[platform] ?? '' },
      evidence: evidenceOf(places),
    })
    // SQLite lives in one instance, and one instance does not race.
    const alone = set.dialect === 'sqlite' || deployment.instances === 1
    const found = [
      ...(started.length && !alone ? [at('in-every-instance', started)] : []),
      ...(late.length && early.length === 0 ? [at('after-traffic', late)] : []),
    ]
    if (found.length) return found
    const before = [...early, ...started]
    if (before.length) return at('ordered', before)
    const looked = `${set.count} migrations (${set.orm}); looked for \`${command}\` in pipelines, release commands, images and scripts`
    return { ...at('not-in-deploy', []), evidence: [fileEvidence(set.folder, undefined, looked)] }
  },
  examples: [
    {
      name: 'one instance with SQLite migrates when it starts',
      facts: { ...nowhere, migrations: migrationSet({ dialect: 'sqlite' }), codeSigns: { migratesAtStart: [atStart] } },
      expect: 'ordered',
    },
    { name: 'nowhere', facts: nowhere, expect: 'not-in-deploy' },
    {
      name: 'when the code starts',
      facts: { ...nowhere, codeSigns: { migratesAtStart: [atStart] } },
      expect: 'in-every-instance',
    },
  ],
})

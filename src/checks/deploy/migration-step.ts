// Migrations run once per deploy, before the new code gets traffic.
import { ask, defineCheck, high, medium, pass, type Question, skip, unknown } from '../../core/check.ts'
import { fileEvidence } from '../../core/evidence.ts'
import { deployedBy } from '../../core/target.ts'
import { migrationSet } from '../../facts/repo/migrations.example.ts'
import { showsRelease } from '../../formats/migrations/release-seen.ts'
import { releasePlaces, runCommands } from '../../formats/migrations/tool-commands.ts'
import { type Production, productionOf } from '../../formats/repo/production.ts'
import { type InDeploy, migrateFirst, migrateOnce, putIntoDeploy } from './migration-fixes.ts'
import { onceEach, pushesOf, runsOf } from './migration-places.ts'
import {
  assuming,
  deployJobs,
  evidenceOf,
  exampleContainers,
  exampleDeployment,
  examplePipelines,
  filesIn,
  noMigrations,
  othersUnread,
  type Place,
  unshown,
} from './places.ts'

/** No pipeline, platform or image runs anything. */
const nowhere = { pipelines: examplePipelines(), containers: exampleContainers(), deployment: exampleDeployment() }
const atStart: Place = { file: 'src/main.ts', line: 14, text: 'await dataSource.runMigrations()' }

/** Asked where the repository does not show it. */
const whoMigrates: Question = {
  id: 'who-migrates',
  text: 'What runs the migrations when a new version is deployed?',
  answer: 'deploy.migrations',
}

/** What nothing here shows, where no deploy is seen to run them: what is not seen may be run all the same. */
const unseenRun = ({ orm }: { orm: string }, production: Production): string =>
  production === 'others'
    ? unshown.others
    : orm === 'supabase'
      ? 'that Supabase does not run them itself, where it is connected to the repository'
      : 'that no hook of a platform, no script on the server and nobody by hand runs them'

const whyAsked = (by: Place | undefined, deploys: boolean): string => {
  if (by) return `${by.file}:${by.line} runs them, and nothing here shows when`
  return deploys ? 'what the deploy calls is not in the repository' : 'the repository does not show how it is deployed'
}

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
    'not-in-deploy': high('No deploy that is seen here runs the migrations', putIntoDeploy, {
      why: 'Unless somebody runs them by hand in time, customers meet errors after a deploy that needs them.',
    }),
    'after-traffic': medium('New code is live before its migrations: {files}', migrateFirst, {
      why: 'Until the migrations have run, customers meet errors.',
    }),
    'in-every-instance': medium('Every instance migrates when it starts, and they race: {files}', migrateOnce, {
      why: 'Two at once can fail or leave the schema half changed.',
    }),
    ordered: pass('Migrations run once per deploy, before traffic'),
  },
  references: [
    'https://fly.io/docs/reference/configuration/#run-one-off-commands-before-releasing-a-deployment',
    'https://devcenter.heroku.com/articles/release-phase',
    'https://www.prisma.io/docs/orm/prisma-client/deployment/deploy-database-changes-with-prisma-migrate',
  ],
  judge(facts, { target }) {
    const { migrations, pipelines, deployment } = facts
    const production = productionOf(facts, deployedBy(target))
    const { sets } = migrations
    if (sets.length === 0) return migrations.others ? unknown(othersUnread(migrations), 'high') : skip(noMigrations)
    const [pushed] = pushesOf(pipelines, facts.containers, deployment)
    if (pushed) return skip(`the schema is pushed instead (${pushed.file}:${pushed.line}): see migration-history`)
    const platform = deployment.platforms.find(({ name }) => releasePlaces[name])?.name ?? ''
    // Each tool has its own command; the folders of one tool are run together.
    const tools = [...new Map(sets.map(set => [set.orm, set])).values()]
    const found = tools.map(set => {
      const { early, late, started, elsewhere } = runsOf(set.orm, facts)
      const command = runCommands[set.orm] ?? 'the migrate command'
      const at = <K extends string>(outcome: K, places: Place[]) => ({
        outcome,
        data: { places, files: filesIn(places), command, release: releasePlaces[platform] ?? '' },
        evidence: evidenceOf(places),
        ...(tools.length > 1 ? { key: set.orm } : {}),
      })
      // SQLite lives in one instance, and one instance does not race; Ecto locks its table of migrations, and the others wait.
      const alone = set.dialect === 'sqlite' || set.orm === 'ecto' || deployment.instances === 1
      // On a host of one's own one instance starts: it may race where somebody runs several.
      if (started.length && !alone)
        return { ...at('in-every-instance', started), ...(production === 'others' ? { severity: 'low' as const } : {}) }
      if (late.length && early.length === 0) return at('after-traffic', late)
      if (early.length || started.length) return at('ordered', [...early, ...started])
      const looked = `${set.count} migrations (${set.orm}); looked for \`${command}\` in pipelines, release commands, images and scripts`
      const evidence = [fileEvidence(set.folder, undefined, looked)]
      if (showsRelease(set.orm, pipelines, deployment.platforms) && elsewhere.length === 0)
        return assuming({ ...at('not-in-deploy', []), evidence }, unseenRun(set, production))
      const why = whyAsked(elsewhere[0], deployJobs(pipelines).length > 0)
      return { ...ask(whoMigrates, `${why} (${set.folder}, ${set.orm})`), key: set.orm }
    })
    const bad = found.filter(one => !('outcome' in one) || one.outcome !== 'ordered')
    return bad.length ? onceEach(bad) : found[0]!
  },
  examples: [
    {
      name: 'one instance with SQLite migrates when it starts',
      facts: { ...nowhere, migrations: migrationSet({ dialect: 'sqlite' }), codeSigns: { migratesAtStart: [atStart] } },
      expect: 'ordered',
    },
    {
      name: 'Ecto lets the others wait when an instance starts',
      facts: { ...nowhere, migrations: migrationSet({ orm: 'ecto' }), codeSigns: { migratesAtStart: [atStart] } },
      expect: 'ordered',
    },
    {
      name: 'a platform is known, and runs nothing',
      facts: {
        ...nowhere,
        deployment: exampleDeployment({ platforms: [{ name: 'fly', file: 'fly.toml', byPush: false }] }),
      },
      expect: 'not-in-deploy',
    },
    { name: 'nothing shows how it is deployed', facts: nowhere, expect: 'unknown' },
    {
      name: 'when the code starts',
      facts: { ...nowhere, codeSigns: { migratesAtStart: [atStart] } },
      expect: 'in-every-instance',
    },
  ],
})

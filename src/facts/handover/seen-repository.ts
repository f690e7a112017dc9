// How the repository reaches production and comes back from it, in short.
import { basename } from 'node:path'
import { writtenPath } from '../../core/paths.ts'
import { platformOfCommand, platforms } from '../../data/platforms.ts'
import type { SeenDeploy, SeenRepository, SeenVariable } from '../../formats/handover/production.ts'
import type { Handover } from '../../formats/handover/schema.ts'
import { folderOf } from '../../formats/repo/paths.ts'
import { holdsLogin, isSecretName } from '../../formats/secrets/names.ts'
import { deployJobs, isRehearsal, type JobSeen, takesBack } from '../../formats/workflow/jobs.ts'
import type { CollectContext } from '../definition.ts'
import type { Facts } from '../index.generated.ts'

/** Hazards after which the release before does not run. */
const forbidding: Readonly<Record<string, string>> = {
  'drops-data': 'the release before asks for what is gone; only a backup brings it back',
  renames: 'the release before asks for the old name: rename it back first',
  'type-change': 'the release before may not understand the new type: change it back first',
  'not-null-on-existing': 'the release before gives no value: drop NOT NULL first',
  'enum-change': 'the release before writes a value that is gone: add it again first',
}

const whenOf = ({ pipeline: { triggers }, job }: JobSeen): string => {
  const ways = [
    ...(triggers.push && !job.manual ? [`push to ${triggers.branches?.join(', ') || 'any branch'}`] : []),
    ...(triggers.tags ? ['a new tag'] : []),
    ...(triggers.release ? ['a published release'] : []),
    ...(triggers.after.length ? [`after ${triggers.after.join(', ')}`] : []),
    ...(triggers.manual || job.manual ? ['by hand'] : []),
  ]
  return ways.join(', or ') || 'when another workflow calls it'
}

const seenDeploy = (one: JobSeen): SeenDeploy => {
  const { pipeline, job } = one
  const deploy = job.commands.find(({ kind }) => kind === 'deploy')
  return {
    file: pipeline.file,
    line: deploy?.line ?? job.line,
    job: job.id,
    name: pipeline.name,
    provider: pipeline.provider,
    when: whenOf(one),
    branches: pipeline.triggers.push ? (pipeline.triggers.branches ?? []) : [],
    commands: [
      ...new Set(job.commands.flatMap(({ kind, text }) => (kind === 'deploy' || kind === 'migrate' ? [text] : []))),
    ],
    platform:
      job.commands.flatMap(({ kind, text }) => (kind === 'deploy' ? (platformOfCommand(text) ?? []) : []))[0] ?? null,
    rehearsal: isRehearsal(one),
  }
}

const variablesOf = (usage: Facts['envUsage'] | null, files: Facts['envFiles'] | null): SeenVariable[] => {
  const setIn = (name: string): string[] => [
    ...(files?.files ?? []).filter(({ entries }) => entries.some(item => item.name === name)).map(({ path }) => path),
    ...(usage?.settings ?? []).filter(item => item.name === name).map(({ file }) => file),
  ]
  return (usage?.variables ?? [])
    .filter(({ reads, schema }) => schema !== null || reads.some(({ test }) => !test))
    .map(({ name, required }) => ({
      name,
      required,
      secret: isSecretName(name) || holdsLogin(name),
      setIn: [...new Set(setIn(name))].sort(),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .slice(0, 200)
}

/** Names of variables that the repository sets somewhere, and of secrets that its pipelines hand to commands. */
const setNames = (
  usage: Facts['envUsage'] | null,
  files: Facts['envFiles'] | null,
  jobs: readonly JobSeen[],
): string[] => {
  const texts = jobs.flatMap(({ job }) => job.commands.map(({ text }) => text))
  const names = [
    ...(files?.files ?? []).flatMap(({ entries }) => entries.map(({ name }) => name)),
    ...(usage?.settings ?? []).map(({ name }) => name),
    ...texts.flatMap(text => [...text.matchAll(/\bsecrets\.(\w{1,100})/g)].map(([, name]) => name!)),
  ]
  return [...new Set(names)].sort().slice(0, 1000)
}

const paymentOf = (stack: Facts['stack'] | null): string | null => {
  const names = (stack?.packages ?? []).flatMap(({ dependencies }) => Object.keys(dependencies))
  const known: [string, RegExp][] = [
    ['Stripe', /(?:^|[@/])stripe(?:$|[-/])/],
    ['Paddle', /paddle/],
    ['Lemon Squeezy', /lemonsqueezy/],
    ['PayPal', /paypal/],
    ['Mollie', /mollie/],
    ['Braintree', /braintree/],
  ]
  return known.find(([, pattern]) => names.some(name => pattern.test(name)))?.[0] ?? null
}

/** What one types to run a script of package.json, a target of a Makefile, or a program of the repository. */
const typed = (file: string, name: string): string => {
  const folder = folderOf(file)
  if (/(?:^|\/)package\.json$/.test(file)) return `npm${folder ? ` --prefix ${folder}` : ''} run ${name}`
  return /(?:^|\/)Makefile$/.test(file) ? `make${folder ? ` -C ${folder}` : ''} ${name}` : `./${file}`
}

/** Answers that may name a document of the repository. */
const namedIn = (handover: Handover, files: ReadonlySet<string>): SeenRepository['named'] => {
  const answers: [string, string | undefined][] = [
    ['deploy.how', handover.deploy?.how],
    ['rollback', handover.rollback],
    ['restore', handover.restore],
    ['keyRotation', handover.keyRotation],
  ]
  return answers.flatMap(([answer, text]) => {
    const path = /^\.?\/?([\w./-]{1,200}\.(?:md|mdx|rst|txt|adoc|sh|py))(?:#.*)?$/.exec(
      writtenPath(text?.trim() ?? ''),
    )?.[1]
    return path ? [{ answer, path, exists: files.has(path) }] : []
  })
}

const factsOfRepository = async (context: CollectContext) => {
  const [history, deployment, pipelines, migrations, usage, files, backups, ledger, stack, containers, secrets] =
    await Promise.all([
      context.need('repoHistory'),
      context.need('deployment'),
      context.need('pipelines'),
      context.need('migrations'),
      context.need('envUsage'),
      context.need('envFiles'),
      context.need('backups'),
      context.need('secretLedger'),
      context.need('stack'),
      context.need('containers'),
      context.need('secretsTree'),
    ])
  return { history, deployment, pipelines, migrations, usage, files, backups, ledger, stack, containers, secrets }
}

export const seenRepository = async (context: CollectContext): Promise<SeenRepository | null> => {
  if (context.target.repo === null) return null
  const tree = await context.need('tree')
  if (!tree.ok) return null
  const facts = await factsOfRepository(context)
  const { history, deployment, pipelines, migrations, usage, files, backups, ledger, stack, containers, secrets } =
    facts
  const answers = await context.need('handoverAnswers')
  const seen = deployment.ok ? deployment.value : null
  const jobs = pipelines.ok ? deployJobs(pipelines.value) : []
  const sets = migrations.ok ? migrations.value.sets : []
  return {
    name: basename(tree.value.root),
    remote: history.ok ? history.value.remote : null,
    clone: history.ok ? history.value.clone : null,
    defaultBranch: (pipelines.ok ? pipelines.value.defaultBranch : null) ?? tree.value.defaultBranch,
    branches: history.ok ? history.value.branches : [],
    people: history.ok ? history.value.people : [],
    platforms: (seen?.platforms ?? []).map(({ name, file, byPush }) => ({
      name,
      label: platforms[name]?.label ?? name,
      file,
      byPush,
    })),
    // What reaches customers comes first.
    deploys: jobs
      .filter(one => !takesBack(one))
      .map(seenDeploy)
      .sort((a, b) => Number(a.rehearsal) - Number(b.rehearsal)),
    backJobs: [...new Map(jobs.filter(takesBack).map(one => [one.pipeline.file, seenDeploy(one)])).values()],
    scripts: (seen?.scripts ?? []).map(({ file, line, name, does }) => ({
      file,
      line,
      name,
      does,
      run: typed(file, name),
    })),
    documents: (seen?.documents ?? [])
      .filter(({ file, how }) => how && !file.startsWith('launch-ready/'))
      .map(({ file, line, topic, rehearsed }) => ({ file, line, topic, rehearsed })),
    container: containers.ok ? (containers.value.containers[0]?.file ?? null) : null,
    forbids: sets
      .flatMap(({ hazards }) => hazards)
      .flatMap(({ hazard, file, line }) =>
        forbidding[hazard] ? [{ file, line, hazard, what: forbidding[hazard] }] : [],
      )
      .slice(0, 40),
    migrationTools: [...new Set(sets.map(({ orm }) => orm))].sort(),
    databases: stack.ok ? stack.value.databases : [],
    variables: variablesOf(usage.ok ? usage.value : null, files.ok ? files.value : null),
    setNames: setNames(usage.ok ? usage.value : null, files.ok ? files.value : null, jobs),
    health: (seen?.healthChecks ?? []).slice(0, 20),
    backups: backups.ok ? backups.value.found : [],
    rotations: ledger.ok
      ? ledger.value.rotations.map(({ name, rotated, by, expires }) => ({ name, rotated, by, expires }))
      : [],
    tags: history.ok ? history.value.tags : [],
    references: history.ok ? history.value.references : [],
    payment: paymentOf(stack.ok ? stack.value : null),
    exposed: secrets.ok
      ? [...new Set(secrets.value.secrets.map(({ provider, what }) => `${provider} ${what}`))].sort()
      : [],
    named: answers.ok ? namedIn(answers.value.handover, new Set(tree.value.files.map(({ path }) => path))) : [],
  }
}

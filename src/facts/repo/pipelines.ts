// The pipelines of the repository's CI, and what their jobs do: install, build, test, migrate, deploy, look afterwards. Read, never run.

import { observed } from '../../core/fact.ts'
import { maskSecret } from '../../core/redact.ts'
import { actionKinds } from '../../data/actions.ts'
import { ciProviderOf, isUnreadCi } from '../../data/ci-systems.ts'
import { frameworks } from '../../data/frameworks.ts'
import { fileName } from '../../formats/repo/paths.ts'
import { liesIn } from '../../formats/shipped.ts'
import { type Command, commandsOf, type ScriptWorld } from '../../formats/workflow/commands.ts'
import { commandPatch } from '../../formats/workflow/edit.ts'
import { type Job, type Pipeline, type Step, type Triggers, takesBranch } from '../../formats/workflow/model.ts'
import { namedLooks } from '../../formats/workflow/named-looks.ts'
import { actionFaults, type Handed, handedOn, safetyFaults } from '../../formats/workflow/safety.ts'
import type { PipelineCommand, PipelineJob, PipelineSeen, Pipelines } from '../../formats/workflow/seen.ts'
import { staysHere } from '../../formats/workflow/stays-here.ts'
import { parseCompositeAction, parseWorkflow } from '../../formats/workflow/workflow.ts'
import type { FactDefinition } from '../definition.ts'
import type { RepoReader } from './read.ts'
import { filesOf, readerOf, worldOf } from './script-world.ts'

export type { PipelineCommand, PipelineJob, PipelineSeen, Pipelines } from '../../formats/workflow/seen.ts'

/** Long runs of letters and digits in a command may be a key that somebody pasted there. */
export const maskCommand = (text: string): string =>
  text.replace(/(?<![\w/.@-])(?=[\w+=-]*\d)(?=[\w+=-]*[A-Za-z])[\w+=-]{24,}(?![\w/.-])/g, found => maskSecret(found))

/** Tags of an input, one a line or with commas. An expression alone (`steps.meta.outputs.tags`) gives tags of its own for each build. */
const tagsOf = (input: string): string[] =>
  input
    .replace(/\$\{\{[^}]{0,500}\}\}/g, 'expression')
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(tag => (tag === 'expression' ? 'image:expression' : tag))

const tagsIn = (text: string): string[] => [
  ...[...text.matchAll(/(?:^|\s)(?:-t|--tag)[=\s]+["']?(\S+?)["']?(?=\s|$)/g)].map(match => match[1]!),
  ...[...text.matchAll(/\bdocker push\s+["']?(\S+?)["']?(?=\s|$|;|&)/g)].map(match => match[1]!),
]

type Known = {
  commands: PipelineCommand[]
  imageTags: string[]
  /** Of a workflow that is called: where it deploys to, and whether two runs of it cannot overlap. */
  environment?: string | null
  concurrency?: boolean
}

/** Steps of a composite action of the repository, by its `uses`; empty where it is none. */
type ActionSteps = (uses: string) => Step[]

const uncertain = { manager: null, frozen: null, instead: null } as const

/** What a ready-made step does: a composite action of the repository, a script on a server, an action that is known. */
const commandsOfAction = (
  job: Job,
  { uses, line, mayFail, with: inputs }: Step & { uses: string },
  step: number,
  world: ScriptWorld,
  actionSteps: ActionSteps,
): Known => {
  // A composite action of the repository does what its steps do.
  const composite = uses.startsWith('./') ? actionSteps(uses) : []
  const inner: Known = composite.length
    ? commandsOfJob({ ...job, steps: composite }, world, () => [])
    : { commands: [], imageTags: [] }
  const composed = inner.commands.map(command => ({
    ...command,
    line,
    step,
    text: `${uses} → ${command.text}`,
    mayFail: mayFail || command.mayFail,
  }))
  // A script that a step runs on the server belongs to what the step does; the step ends when the script does.
  const script = inputs['script'] ?? inputs['inline'] ?? inputs['commands'] ?? inputs['COMMAND'] ?? ''
  const remote = commandsOf(/ssh/i.test(uses) ? script : '', world, { remote: true })
    .filter(({ kind }) => /^(?:migrate|push-schema|restart)$/.test(kind))
    .map(command => seen({ ...command, offset: 0 }, line, step, mayFail, null))
  // What a secret or a setting holds, nobody reads here.
  const isHidden = /ssh/i.test(uses) && /^\s*\$\{\{[^}]{1,200}\}\}\s*$/.test(script)
  const known = actionKinds(uses, inputs).map(({ kind, frozen }) => ({
    ...uncertain,
    kind,
    line,
    step,
    text: isHidden ? `${uses} → ${script.trim()}` : uses,
    mayFail,
    frozen: frozen ?? null,
  }))
  const built = /build-push-action/.test(uses) ? tagsOf(inputs['tags'] ?? '') : []
  return { commands: [...composed, ...remote, ...known], imageTags: [...inner.imageTags, ...built] }
}

/** What the script of a step does. */
const commandsOfScript = (job: Job, step: Step & { run: string }, index: number, world: ScriptWorld): Known => {
  const { run, runLine, mayFail, folder, env, name, condition } = step
  const options = { inCi: true, folder: folder.replace(/^\.\//, ''), env: { ...job.env, ...env } }
  const read = commandsOf(run, world, options)
  // Of another language only what looks at the product is known by its words.
  const found = step.isProgram ? read.filter(({ kind }) => kind === 'smoke') : read
  // A step that calls itself a smoke test is one, whatever it runs.
  if (
    /\bsmoke\b|health ?check|post-deploy (?:check|test)/i.test(name ?? '') &&
    !found.some(({ kind }) => kind === 'smoke')
  )
    found.push({ kind: 'smoke', offset: 0, text: name!, failureIgnored: false, via: [] })
  return {
    commands: found
      .filter(one => one.kind !== 'deploy' || !staysHere(one.text, job, { ...job.env, ...env }))
      .map(command => seen(command, runLine, index, mayFail, condition)),
    imageTags: /\b(?:docker|podman|buildx)\b/.test(run) ? tagsIn(run) : [],
  }
}

const commandsOfJob = (job: Job, world: ScriptWorld, actionSteps: ActionSteps): Known => {
  const all = job.steps.flatMap((step, index): Known[] => {
    const { uses, run } = step
    return [
      ...(uses === null ? [] : [commandsOfAction(job, { ...step, uses }, index, world, actionSteps)]),
      ...(run === null ? [] : [commandsOfScript(job, { ...step, run }, index, world)]),
    ]
  })
  const found = all.flatMap(({ commands }) => commands)
  return {
    commands: [...found, ...namedLooks(job, found)],
    imageTags: [...new Set(all.flatMap(({ imageTags }) => imageTags))],
  }
}

const seen = (
  command: Command,
  runLine: number,
  step: number,
  mayFail: boolean,
  condition: string | null,
): PipelineCommand => ({
  kind: command.kind,
  line: runLine + command.offset,
  step,
  text: maskCommand(command.text),
  // `if: always()` on a look that comes after does not hide its failure; `failure()` runs it only then.
  mayFail:
    mayFail ||
    command.failureIgnored ||
    (command.kind === 'smoke' && condition !== null && /^\W*failure\(\)/.test(condition)),
  manager: command.manager ?? null,
  frozen: command.frozen ?? null,
  instead: command.instead ?? null,
})

/** Whether a pipeline's runs reach production: not for pull requests or schedules alone. */
const toProduction = (triggers: Triggers): boolean =>
  triggers.push ||
  triggers.tags ||
  triggers.manual ||
  triggers.release ||
  triggers.deployment ||
  triggers.after.length > 0 ||
  triggers.called

const preview = /preview|staging|stage|develop|dev|test|qa|review/i

/** Names of workflows and jobs that deploy something beside the product: manuals, catalogues of components, previews. */
const beside =
  /(?:^|[^a-z])(?:docs?|documentation|blog|storybook|chromatic|previews?|playground|demo|examples?|e2e|pr|coverage|report|screenshots?|playwright|cypress|benchmarks?|gh-?pages|github-?pages|preprod|maintenance|marketing|landing-?page|helm-?charts?|stag(?:e|ing))(?:[^a-z]|$)/i

/** A command for the folder or the package of what is written about the product. */
const ofManual =
  /\bapps\/docs\b|\bdocs\/|\s(?:-F|--filter|-w|--workspace|workspace|--cwd|-C)[= ](?:@[\w-]+\/)?docs(?= |$)/
const isManual = liesIn(['documentation', 'manuals', 'examples'])

/** Whether a job deploys something beside the product, by what starts it, its names, its folder, and its commands. `isServed`: the product is more than pages. */
const isBeside = (
  { file, name, triggers }: Pipeline,
  job: Job,
  commands: readonly PipelineCommand[],
  isServed: boolean,
): boolean => {
  const deploys = commands.filter(({ kind }) => kind === 'deploy')
  const toPages = deploys.every(({ text }) => /gh-pages|deploy-pages|github-pages/i.test(text))
  const names = [fileName(file), name, job.id, ...job.steps.map(({ folder }) => folder)]
  // A workflow starts for a change of its own file too.
  const changed = (triggers.paths ?? []).filter(path => !path.startsWith('!') && !path.startsWith('.github/'))
  return (
    (changed.length > 0 && changed.every(isManual)) ||
    (toPages && isServed) ||
    names.some(one => beside.test(one)) ||
    deploys.every(({ text }) => ofManual.test(text))
  )
}

/** Languages in which pages alone are not written: what such a repository publishes as pages is its manual or its interface's description. */
const serverLanguages: ReadonlySet<string> = new Set(['php', 'ruby', 'python', 'go', 'elixir', 'java', 'rust'])

/** The repository as the pipelines see it. */
type Run = {
  reader: RepoReader
  world: ScriptWorld
  files: ReadonlySet<string>
  defaultBranch: string
  isServed: boolean
}

/** Pipelines of one file; where it cannot be read, why. `taken` gathers the files that it includes. */
const readFile = (
  { reader, files }: Run,
  path: string,
  taken: Set<string>,
): { pipelines: Pipeline[]; problem: Pipelines['problems'][number] | null } => {
  const provider = ciProviderOf(path)
  if (!provider) return { pipelines: [], problem: null }
  const read = reader.text(path, { maxBytes: 512 << 10, whole: true })
  if (!read.ok) {
    const why = read.why === 'too-large' ? 'it is larger than 512 kB' : `it could not be read (${read.why})`
    return { pipelines: [], problem: { file: path, line: 1, text: why } }
  }
  const { pipelines, problem } = parseWorkflow(provider, path, read.text, included => {
    if (!files.has(included)) return null
    taken.add(included)
    return reader.maybe(included, { maxBytes: 512 << 10 })
  })
  return { pipelines, problem: problem && { file: path, ...problem } }
}

/** Every pipeline file but those that others include, with the files of systems that are not read. */
const readAll = (run: Run): Pick<Pipelines, 'problems' | 'others'> & { read: Pipeline[] } => {
  const all = { read: [] as Pipeline[], problems: [] as Pipelines['problems'], others: [] as string[] }
  const taken = new Set<string>()
  for (const path of run.files) {
    if (taken.has(path)) continue
    if (isUnreadCi(path)) all.others.push(path)
    if (all.read.length > 400) continue
    const { pipelines, problem } = readFile(run, path, taken)
    if (problem) all.problems.push(problem)
    all.read.push(...pipelines)
  }
  return all
}

/** Whether a job runs on pushes to the default branch, or on pull requests. */
const reachesMain = ({ triggers }: Pipeline, { branches }: Job, defaultBranch: string): boolean =>
  (triggers.push &&
    takesBranch(triggers.branches, defaultBranch) &&
    (branches === null || takesBranch(branches, defaultBranch))) ||
  triggers.pullRequest ||
  triggers.pullRequestTarget

/** Whether pull requests start a job's deploy too: nothing that this system writes asks what started it. GitHub's alone are told. */
const startsOnPulls = (
  { provider, triggers, jobs }: Pipeline,
  job: Job,
  commands: readonly PipelineCommand[],
): boolean => {
  if (provider !== 'github' || !triggers.pullRequest || job.manual) return false
  const deploys = commands.filter(({ kind }) => kind === 'deploy')
  const needed = job.needs.map(id => jobs.find(one => one.id === id))
  return (
    [job, ...needed].every(one => one?.condition === null) &&
    deploys.every(
      ({ step, text }) => job.steps[step]?.condition === null && !/github\.(?:ref|event|head_ref)/i.test(text),
    )
  )
}

/** `${{ inputs.environment }}` by what the caller hands in. */
const withInputs = (text: string | null, inputs: Record<string, string> = {}): string | null =>
  text?.replace(/\$\{\{\s{0,8}inputs\.([\w-]{1,80})\s{0,8}\}\}/g, (whole, name: string) => inputs[name] ?? whole) ??
  null

/** A reusable workflow or an orb's job stands for what it does. */
const calledBy = (job: Job & { uses: string }, read: readonly Pipeline[], run: Run, depth: number): Known => {
  if (job.uses.startsWith('./') && depth < 4) {
    const called = read.find(({ file }) => `./${file}` === job.uses || job.uses.endsWith(`/${file}`))
    const inner = called ? jobsOf(called, read, run, depth + 1) : []
    return {
      commands: inner.flatMap(({ commands }) => commands.map(command => ({ ...command, line: job.line }))),
      imageTags: inner.flatMap(({ imageTags }) => imageTags),
      environment: withInputs(inner.find(one => one.environment !== null)?.environment ?? null, job.with),
      concurrency: called?.concurrency === true || inner.some(one => one.concurrency),
    }
  }
  const commands = actionKinds(job.uses, {}).map(({ kind, frozen }) => ({
    ...uncertain,
    kind,
    line: job.line,
    step: 0,
    text: job.uses,
    mayFail: false,
    frozen: frozen ?? null,
  }))
  return { commands, imageTags: [] }
}

const stepsOfAction = ({ reader, files }: Run, uses: string): Step[] => {
  const folder = uses.replace(/^\.\//, '').replace(/\/$/, '')
  const path = [`${folder}/action.yml`, `${folder}/action.yaml`].find(name => files.has(name))
  return path ? parseCompositeAction(reader.maybe(path, { maxBytes: 256 << 10 }) ?? '') : []
}

const jobsOf = (pipeline: Pipeline, read: readonly Pipeline[], run: Run, depth = 0): PipelineJob[] => {
  const source = run.reader.maybe(pipeline.file, { maxBytes: 512 << 10 }) ?? ''
  return pipeline.jobs.map(job => {
    const own = commandsOfJob(job, run.world, uses => stepsOfAction(run, uses))
    const { id, line, needs, environment, concurrency, image, mayFail, manual, uses, edit } = job
    const called: Known = uses ? calledBy({ ...job, uses }, read, run, depth) : { commands: [], imageTags: [] }
    const written = own.commands.map(command => ({ ...command, ...commandPatch(pipeline.file, source, command) }))
    const commands = [...written, ...called.commands]
    const target = environment ?? called.environment ?? null
    const isPreview = preview.test(target ?? '') && !/prod/i.test(target ?? '')
    const isDeploy = commands.some(({ kind }) => kind === 'deploy')
    return {
      ...{ id, line, needs, image, mayFail, manual, uses },
      environment: target,
      concurrency: concurrency || called.concurrency === true,
      ...(job.runsAnyway ? { runsAnyway: true as const } : {}),
      ...(edit ? { edit } : {}),
      ...(job.branches ? { branches: job.branches } : {}),
      commands,
      deploys:
        isDeploy &&
        toProduction(pipeline.triggers) &&
        !job.pullRequestOnly &&
        !isPreview &&
        !isBeside(pipeline, job, commands, run.isServed),
      onMain: reachesMain(pipeline, job, run.defaultBranch),
      ...(isDeploy && startsOnPulls(pipeline, job, commands) ? { onPulls: true as const } : {}),
      imageTags: [...own.imageTags, ...called.imageTags],
    }
  })
}

const actionFile = /^(?:\.github\/(?:.*\/)?)?action\.ya?ml$/

/** Inputs of a file of the repository, or of the action in its folder, that pipelines hand a stranger's words. */
const inputsOf = (handed: readonly Handed[], file: string): Set<string> =>
  new Set(
    handed
      .filter(({ to }) => to === file || file === `${to}/action.yml` || file === `${to}/action.yaml`)
      .map(({ input }) => input),
  )

/** Events of the pipelines that use the composite action of a file. */
const eventsOf = (file: string, all: readonly Pipeline[]): string[] => {
  const folder = file.replace(/\/?action\.ya?ml$/, '')
  const isIt = (uses: string | null): boolean => uses?.slice(2).replace(/\/$/, '') === folder
  const using = all.filter(({ jobs }) =>
    jobs.some(({ steps }) => steps.some(({ uses }) => uses?.startsWith('./') && isIt(uses))),
  )
  return [...new Set(using.flatMap(({ triggers }) => triggers.events))]
}

/** Faults of the repository's own composite actions. */
const actionSafety = (
  { reader, files }: Run,
  handed: readonly Handed[],
  all: readonly Pipeline[],
): Pipelines['safety'] =>
  [...files]
    .filter(name => actionFile.test(name))
    .slice(0, 100)
    .flatMap(path =>
      actionFaults(
        path,
        parseCompositeAction(reader.maybe(path, { maxBytes: 256 << 10 }) ?? ''),
        inputsOf(handed, path),
        eventsOf(path, all),
      ),
    )
    .map(fault => ({ ...fault, deploys: false }))

/** Whether a pipeline starts only behind others of the repository, and none of them runs for a pull request. */
const followsOwnRuns = ({ triggers }: Pipeline, all: readonly Pipeline[]): boolean => {
  const { events, after } = triggers
  if (events.some(event => ['pull_request_target', 'issue_comment'].includes(event))) return false
  const before = after.map(name => all.find(one => one.name === name))
  return before.length > 0 && before.every(one => one !== undefined && !one.triggers.pullRequest)
}

const fact: FactDefinition<Pipelines> = {
  on: 'repo',
  deadlines: 6,
  async collect(_subject, context) {
    const [tree, stack] = await Promise.all([context.need('tree'), context.need('stack')])
    if (!tree.ok) return tree
    const defaultBranch = tree.value.defaultBranch ?? 'main'
    const run: Run = {
      reader: readerOf(context, tree.value),
      world: worldOf(context, tree.value),
      files: new Set(filesOf(tree.value)),
      defaultBranch,
      isServed:
        stack.ok &&
        stack.value.packages.some(({ framework, language }) =>
          framework === null ? serverLanguages.has(language) : !frameworks[framework]?.isStatic,
        ),
    }
    const { read, problems, others } = readAll(run)
    const providers = [...new Set(read.map(({ provider }) => provider))].sort()
    const pipelines: PipelineSeen[] = []
    const safety: Pipelines['safety'] = []
    const handed = read.flatMap(handedOn)
    for (const pipeline of read) {
      const { provider, file, name, triggers, concurrency, includes } = pipeline
      const jobs = jobsOf(pipeline, read, run)
      pipelines.push({ provider, file, name, triggers, concurrency, includes, jobs })
      for (const fault of safetyFaults({ ...pipeline, handed: inputsOf(handed, file) }))
        if (!(fault.fault === 'pull-request-target' && followsOwnRuns(pipeline, read)))
          safety.push({ ...fault, deploys: jobs.some(job => job.id === fault.job && job.deploys) })
    }
    if (providers.includes('github')) safety.push(...actionSafety(run, handed, read))
    return observed({ providers, pipelines, problems, others, safety, defaultBranch }, context.now())
  },
}
export default fact

// Bitbucket Pipelines, CircleCI, Azure Pipelines and Buildkite, each by its own reference, read into the common shape.
import {
  blankJob,
  blankStep,
  isRecord,
  type Job,
  list,
  noTriggers,
  type Pipeline,
  record,
  type Step,
  type Triggers,
  text,
  textMap,
  texts,
  workflowBounds,
} from './model.ts'
import type { YamlFile, YamlPath } from './yaml-lines.ts'

const pipeline = (
  provider: Pipeline['provider'],
  file: string,
  name: string,
  triggers: Triggers,
  jobs: Job[],
): Pipeline => ({
  provider,
  file,
  name,
  triggers,
  concurrency: false,
  permissions: null,
  env: {},
  jobs: jobs.slice(0, workflowBounds.jobs),
  includes: [],
})

const scripts = (yaml: YamlFile, at: YamlPath, value: unknown): Step[] =>
  list(value)
    .slice(0, workflowBounds.steps)
    .map((item, index) => {
      const line = yaml.textLineOf([...at, index])
      const pipe = isRecord(item) ? text(item['pipe']) : null
      return {
        ...blankStep(line),
        run: pipe ? null : text(item),
        uses: pipe,
        with: isRecord(item) ? textMap(item['variables']) : {},
        runLine: line,
      }
    })

type BitbucketRead = { yaml: YamlFile; jobs: Job[]; previous: string[] }

const bitbucketJob = (
  yaml: YamlFile,
  at: YamlPath,
  step: Record<string, unknown>,
  id: string,
  needs: string[],
): Job => {
  const environment = text(step['deployment'])
  return {
    ...blankJob(id, yaml.lineOf(at)),
    name: text(step['name']),
    needs,
    steps: [
      ...scripts(yaml, [...at, 'script'], step['script']),
      ...scripts(yaml, [...at, 'after-script'], step['after-script']).map(one => ({ ...one, mayFail: true })),
    ],
    environment,
    // Bitbucket runs one deployment per environment at a time.
    concurrency: environment !== null,
    image: isRecord(step['image']) ? text(step['image']['name']) : text(step['image']),
    manual: step['trigger'] === 'manual',
    mayFail: text(step['on-fail']) === 'ignore' || record(step['on-fail'])['strategy'] === 'ignore',
  }
}

const bitbucketStage = (read: BitbucketRead, stage: Record<string, unknown>, path: YamlPath): void => {
  bitbucketSteps(read, stage['steps'], [...path, 'steps'], false)
  const environment = text(stage['deployment'])
  if (environment)
    for (const job of read.jobs.slice(-list(stage['steps']).length))
      Object.assign(job, { environment, concurrency: true })
}

/** Steps one after another, or beside each other where they stand in `parallel`. */
const bitbucketSteps = (read: BitbucketRead, items: unknown, path: YamlPath, together: boolean): void => {
  const names: string[] = []
  for (const [index, item] of list(items).entries()) {
    const { parallel, stage, step } = record(item)
    const at = [...path, index]
    if (parallel !== undefined) {
      const isMap = isRecord(parallel)
      bitbucketSteps(read, isMap ? parallel['steps'] : parallel, [...at, 'parallel', ...(isMap ? ['steps'] : [])], true)
    } else if (isRecord(stage)) bitbucketStage(read, stage, [...at, 'stage'])
    else if (step !== undefined) {
      const id = `${text(record(step)['name']) ?? 'step'} ${read.jobs.length + 1}`
      read.jobs.push(bitbucketJob(read.yaml, [...at, 'step'], record(step), id, read.previous))
      names.push(id)
      if (!together) read.previous = [id]
    }
  }
  if (together && names.length) read.previous = names
}

const bitbucketTriggers: Readonly<Record<string, (name: string) => Partial<Triggers>>> = {
  branches: branch => ({ push: true, branches: [branch.replace(/^\{(.*)\}$/, '$1')] }),
  'pull-requests': () => ({ pullRequest: true }),
  tags: () => ({ tags: true }),
  custom: () => ({ manual: true }),
}

/** https://support.atlassian.com/bitbucket-cloud/docs/bitbucket-pipelines-configuration-reference/ : one pipeline per trigger; steps run one after another. */
export const readBitbucket = (file: string, yaml: YamlFile): Pipeline[] => {
  const pipelines = record(record(yaml.value)['pipelines'])
  const read = (name: string, triggers: Partial<Triggers>, at: YamlPath, value: unknown): Pipeline[] => {
    const state: BitbucketRead = { yaml, jobs: [], previous: [] }
    bitbucketSteps(state, value, at, false)
    return state.jobs.length ? [pipeline('bitbucket', file, name, { ...noTriggers, ...triggers }, state.jobs)] : []
  }
  return [
    ...read('default', { push: true }, ['pipelines', 'default'], pipelines['default']),
    ...Object.entries(bitbucketTriggers).flatMap(([key, triggersOf]) =>
      Object.entries(record(pipelines[key])).flatMap(([name, value]) =>
        read(name, triggersOf(name), ['pipelines', key, name], value),
      ),
    ),
  ]
}

type CircleFile = { yaml: YamlFile; jobs: Record<string, unknown>; commands: Record<string, unknown> }

const circleRun = (yaml: YamlFile, at: YamlPath, body: unknown): Step => {
  const given = record(body)
  return {
    ...blankStep(yaml.lineOf(at)),
    name: text(given['name']),
    run: text(body) ?? text(given['command']),
    runLine: yaml.textLineOf([...at, 'run', ...(isRecord(body) ? ['command'] : [])]),
    env: textMap(given['environment']),
    condition: text(given['when']),
    folder: text(given['working_directory'])?.replace(/^~\/project\/?/, '') ?? '',
  }
}

/** Steps of a job; commands of the file are followed five deep. */
const circleSteps = (circle: CircleFile, items: unknown, at: YamlPath, depth: number): Step[] =>
  list(items)
    .slice(0, workflowBounds.steps)
    .flatMap((item, index): Step[] => {
      const path = [...at, index]
      const name = text(item) ?? Object.keys(record(item))[0] ?? ''
      const body = record(item)[name]
      if (name === 'run') return [circleRun(circle.yaml, path, body)]
      if (name === 'when' || name === 'unless')
        return circleSteps(circle, record(body)['steps'], [...path, name, 'steps'], depth + 1)
      const command = circle.commands[name]
      if (isRecord(command) && depth < 5)
        return circleSteps(circle, command['steps'], ['commands', name, 'steps'], depth + 1)
      return [{ ...blankStep(circle.yaml.lineOf(path)), uses: name, with: textMap(body) }]
    })

/** A job and the name by which the file knows it. */
type CircleJob = { key: string; job: Job }

/** A job as a workflow names it: one of the file, one of an orb, or an approval. */
const circleJob = (circle: CircleFile, item: unknown, at: YamlPath): CircleJob => {
  const { yaml, jobs } = circle
  const key = text(item) ?? Object.keys(record(item))[0] ?? ''
  const given = record(record(item)[key])
  const id = text(given['name']) ?? key
  if (given['type'] === 'approval')
    return { key, job: { ...blankJob(id, yaml.lineOf(at)), needs: texts(given['requires']), manual: true } }
  const isOwn = jobs[key] !== undefined
  const definition = record(jobs[key])
  const { only } = record(record(given['filters'])['branches'])
  const job = {
    ...blankJob(id, yaml.lineOf(isOwn ? ['jobs', key] : at)),
    needs: list(given['requires']).flatMap(need => text(need) ?? Object.keys(record(need))),
    steps: circleSteps(circle, definition['steps'], ['jobs', key, 'steps'], 0),
    environment: texts(given['context'])[0] ?? null,
    concurrency: given['serial-group'] !== undefined,
    env: textMap(definition['environment']),
    uses: isOwn ? null : key,
    image: text(record(list(definition['docker'])[0])['image']),
    branches: only === undefined ? null : texts(only),
  }
  return { key, job }
}

/** The jobs that `requires` means: by the name that the workflow gives them, else by that of the job, which stands for all of its matrix. */
const namedBy = (need: string, jobs: readonly CircleJob[]): string[] => {
  if (jobs.some(({ job }) => job.id === need)) return [need]
  const meant = jobs.filter(({ key }) => key === need)
  return meant.length ? meant.map(({ job }) => job.id) : [need]
}

/** https://circleci.com/docs/configuration-reference/ : a pipeline per workflow; commands of the file are followed, orbs are named. */
export const readCircle = (file: string, yaml: YamlFile): Pipeline[] => {
  const root = record(yaml.value)
  const circle: CircleFile = { yaml, jobs: record(root['jobs']), commands: record(root['commands']) }
  const build = circle.jobs['build'] === undefined ? {} : { build: { jobs: ['build'] } }
  const workflows = isRecord(root['workflows']) ? root['workflows'] : build
  return Object.entries(workflows).flatMap(([name, value]) => {
    if (!isRecord(value)) return []
    const read = list(value['jobs']).map((item, index) => circleJob(circle, item, ['workflows', name, 'jobs', index]))
    const jobs = read.map(({ job }) => ({ ...job, needs: job.needs.flatMap(need => namedBy(need, read)) }))
    const schedule = list(value['triggers']).some(trigger => isRecord(record(trigger)['schedule']))
    // Limited to branches where each of its jobs is; approvals wait for the jobs around them.
    const isLimited = jobs.length > 0 && jobs.every(job => job.branches !== null || job.manual)
    const limited = jobs.findLast(job => job.branches !== null)?.branches ?? null
    const triggers = { ...noTriggers, push: !schedule, schedule, branches: isLimited ? limited : null }
    return [pipeline('circleci', file, name, triggers, jobs)]
  })
}

type AzureRead = { yaml: YamlFile; root: Record<string, unknown>; jobs: Job[]; includes: string[] }

const azureSteps = (yaml: YamlFile, items: unknown, at: YamlPath): Step[] =>
  list(items)
    .slice(0, workflowBounds.steps)
    .map((item, index) => {
      const step = record(item)
      const key = ['script', 'bash', 'pwsh', 'powershell'].find(name => step[name] !== undefined)
      const inputs = textMap(step['inputs'])
      const inline = inputs['script'] === undefined ? 'inlineScript' : 'script'
      return {
        ...blankStep(yaml.lineOf([...at, index])),
        name: text(step['displayName']),
        run: key ? text(step[key]) : (inputs[inline] ?? null),
        runLine: yaml.textLineOf([...at, index, ...(key ? [key] : ['inputs', inline])]),
        uses: text(step['task']) ?? text(step['template']),
        with: inputs,
        env: textMap(step['env']),
        condition: text(step['condition']),
        mayFail: step['continueOnError'] === true,
        folder: text(step['workingDirectory']) ?? '',
      }
    })

/** A job, or a deployment job with the steps of its strategy. */
const azureJob = ({ yaml, root }: AzureRead, job: Record<string, unknown>, path: YamlPath, id: string): Job => {
  const strategy = record(job['strategy'])
  const mode = Object.keys(strategy).find(key => ['runOnce', 'rolling', 'canary'].includes(key))
  const deploy = mode ? record(record(strategy[mode])['deploy']) : {}
  const environment = isRecord(job['environment']) ? text(job['environment']['name']) : text(job['environment'])
  return {
    ...blankJob(id, yaml.lineOf(path)),
    name: text(job['displayName']),
    needs: texts(job['dependsOn']),
    steps: mode
      ? azureSteps(yaml, deploy['steps'], [...path, 'strategy', mode, 'deploy', 'steps'])
      : azureSteps(yaml, job['steps'], [...path, 'steps']),
    environment: environment?.split('.')[0] ?? null,
    concurrency: root['lockBehavior'] === 'sequential' || job['lockBehavior'] === 'sequential',
    condition: text(job['condition']),
    branches: azureBranches(text(job['condition'])),
    mayFail: job['continueOnError'] === true,
    image: isRecord(job['container']) ? text(job['container']['image']) : text(job['container']),
  }
}

/** Jobs of a stage or of the file; their ids. */
const azureJobs = (read: AzureRead, items: unknown, at: YamlPath, stageNeeds: string[]): string[] =>
  list(items).map((item, index) => {
    const given = record(item)
    const template = text(given['template'])
    if (template) read.includes.push(template)
    const id = text(given['job']) ?? text(given['deployment']) ?? template ?? `job ${read.jobs.length + 1}`
    const job = azureJob(read, given, [...at, index], id)
    read.jobs.push({ ...job, needs: [...job.needs, ...stageNeeds] })
    return id
  })

/** Branches that a condition names; none where it asks for a tag; null where it tells nothing. */
const azureBranches = (condition: string | null): string[] | null => {
  if (condition === null || /\b(?:ne|not|notIn)\(/i.test(condition)) return null
  if (condition.includes('refs/tags/')) return []
  const named = [...condition.matchAll(/refs\/heads\/([\w./-]{1,200})/g)].map(match => match[1]!)
  return named.length ? named : null
}

/** Stages wait for the one before, unless they say what they depend on. */
const azureStages = (read: AzureRead): void => {
  const idsOf = new Map<string, string[]>()
  let previous: string[] = []
  for (const [index, item] of list(read.root['stages']).entries()) {
    const stage = record(item)
    if (text(stage['template'])) read.includes.push(text(stage['template'])!)
    const needs =
      stage['dependsOn'] === undefined ? previous : texts(stage['dependsOn']).flatMap(on => idsOf.get(on) ?? [])
    const ids = azureJobs(read, stage['jobs'], ['stages', index, 'jobs'], needs)
    const own = read.jobs.filter(job => ids.includes(job.id))
    if (stage['lockBehavior'] === 'sequential') for (const job of own) job.concurrency = true
    const branches = azureBranches(text(stage['condition']))
    for (const job of own) job.branches ??= branches
    idsOf.set(text(stage['stage']) ?? `stage ${index + 1}`, ids)
    previous = ids
  }
}

const azureTriggers = ({ trigger, pr, schedules }: Record<string, unknown>): Triggers => {
  const included = isRecord(trigger) ? record(trigger['branches'])['include'] : trigger
  const branches = included === undefined ? null : texts(included)
  return {
    ...noTriggers,
    push: trigger !== 'none',
    branches: trigger === 'none' ? [] : branches,
    pullRequest: pr !== undefined && pr !== 'none',
    schedule: schedules !== undefined,
  }
}

/** https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/ : stages, jobs, deployment jobs and bare steps. */
export const readAzure = (file: string, yaml: YamlFile): Pipeline[] => {
  const root = record(yaml.value)
  const read: AzureRead = { yaml, root, jobs: [], includes: [] }
  if (root['stages'] !== undefined) azureStages(read)
  else if (root['jobs'] !== undefined) azureJobs(read, root['jobs'], ['jobs'], [])
  else if (root['steps'] !== undefined)
    read.jobs.push({ ...blankJob('steps', yaml.lineOf(['steps'])), steps: azureSteps(yaml, root['steps'], ['steps']) })
  if (read.jobs.length === 0) return []
  const whole = pipeline('azure', file, text(root['name']) ?? file, azureTriggers(root), read.jobs)
  return [{ ...whole, includes: read.includes }]
}

/** `barrier`: the jobs that everything further down waits for; `isBlocked`: a person has to let it go on. */
type BuildkiteRead = { yaml: YamlFile; jobs: Job[]; barrier: string[]; isBlocked: boolean }

const buildkiteBranches = (step: Record<string, unknown>): string[] | null => {
  const named = text(step['branches'])
  const asked = /build\.branch\s*==\s*"([^"]+)"/.exec(text(step['if']) ?? '')?.[1]
  return named ? named.split(/\s+/) : asked === undefined ? null : [asked]
}

const buildkiteJob = (
  { yaml, jobs, barrier, isBlocked }: BuildkiteRead,
  step: Record<string, unknown>,
  path: YamlPath,
): Job => {
  const key = step['command'] !== undefined ? 'command' : 'commands'
  const id = text(step['key']) ?? text(step['label']) ?? text(step['name']) ?? `step ${jobs.length + 1}`
  const plugins = list(step['plugins']).flatMap(plugin => text(plugin) ?? Object.keys(record(plugin)))
  const needs = list(step['depends_on']).flatMap(need => text(need) ?? text(record(need)['step']) ?? [])
  return {
    ...blankJob(id, yaml.lineOf(path)),
    name: text(step['label']) ?? text(step['name']),
    needs: step['depends_on'] === undefined ? barrier : needs,
    steps: [
      ...texts(step[key]).map((run, order) => {
        const line = yaml.textLineOf([...path, key, ...(Array.isArray(step[key]) ? [order] : [])])
        return { ...blankStep(line), run, runLine: line }
      }),
      ...plugins.map(uses => ({ ...blankStep(yaml.lineOf([...path, 'plugins'])), uses })),
    ],
    concurrency: step['concurrency'] !== undefined && step['concurrency_group'] !== undefined,
    env: textMap(step['env']),
    condition: text(step['if']),
    uses: text(step['trigger']),
    mayFail: step['soft_fail'] === true,
    manual: isBlocked,
    branches: buildkiteBranches(step),
  }
}

const buildkiteSteps = (read: BuildkiteRead, items: unknown, at: YamlPath): void => {
  for (const [index, item] of list(items).entries()) {
    const path = [...at, index]
    const step = record(item)
    if (item === 'wait' || 'wait' in step || 'block' in step || 'input' in step) {
      read.barrier = read.jobs.map(({ id }) => id)
      read.isBlocked ||= 'block' in step
    } else if ('group' in step) buildkiteSteps(read, step['steps'], [...path, 'steps'])
    else read.jobs.push(buildkiteJob(read, step, path))
  }
}

/** https://buildkite.com/docs/pipelines/configure/step-types : a `wait` or `block` makes later steps depend on all before. */
export const readBuildkite = (file: string, yaml: YamlFile): Pipeline[] => {
  const root = isRecord(yaml.value) ? yaml.value : { steps: yaml.value }
  const read: BuildkiteRead = { yaml, jobs: [], barrier: [], isBlocked: false }
  buildkiteSteps(read, root['steps'], ['steps'])
  if (read.jobs.length === 0) return []
  const triggers = { ...noTriggers, push: true, pullRequest: true }
  const whole = pipeline('buildkite', file, file.slice(file.lastIndexOf('/') + 1), triggers, read.jobs)
  return [{ ...whole, env: textMap(root['env']) }]
}

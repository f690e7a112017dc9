// GitLab CI (https://docs.gitlab.com/ci/yaml/): stages give the order where a job says no `needs`; `extends`, `default` and hidden jobs are
// resolved within the file; what it includes from elsewhere is named.
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
import type { YamlFile } from './yaml-lines.ts'

const keywords = new Set([
  'stages',
  'variables',
  'default',
  'include',
  'workflow',
  'image',
  'services',
  'cache',
  'before_script',
  'after_script',
  'spec',
  'pages:deploy',
])

/** A job with what it extends laid under it; bounded against circles. */
const extended = (root: Record<string, unknown>, job: Record<string, unknown>, depth = 0): Record<string, unknown> =>
  depth > 10
    ? job
    : Object.assign({}, ...texts(job['extends']).map(name => extended(root, record(root[name]), depth + 1)), job)

const branchesOf = (
  job: Record<string, unknown>,
): { branches: string[] | null; pullRequestOnly: boolean; manual: boolean } => {
  const rules = list(job['rules']).map(record)
  const conditions = rules.filter(rule => rule['when'] !== 'never').map(rule => text(rule['if']) ?? '')
  const only = texts(isRecord(job['only']) ? job['only']['refs'] : job['only'])
  const named = conditions.flatMap(condition =>
    [...condition.matchAll(/\$CI_COMMIT_(?:BRANCH|REF_NAME)\s*==\s*"([^"]+)"/g)].map(match => match[1]!),
  )
  const standard = conditions.some(condition =>
    /\$CI_COMMIT_(?:BRANCH|REF_NAME)\s*==\s*\$CI_DEFAULT_BRANCH/.test(condition),
  )
  const requests = conditions.some(condition => /merge_request/.test(condition)) || only.includes('merge_requests')
  const branches = only.length
    ? only.filter(ref => !['merge_requests', 'tags', 'schedules', 'web', 'pushes'].includes(ref))
    : named.length || standard
      ? [...named, ...(standard ? ['main', 'master'] : [])]
      : null
  return {
    branches: branches?.length ? branches.flatMap(ref => (ref === 'branches' ? ['**'] : [ref])) : requests ? [] : null,
    pullRequestOnly: requests && !branches?.length && conditions.every(condition => /merge_request/.test(condition)),
    manual:
      job['when'] === 'manual' ||
      (rules.length > 0 && rules.filter(rule => rule['when'] !== 'never').every(rule => rule['when'] === 'manual')),
  }
}

/** What a file includes: as it is named, and its value where it could be read. */
type Included = { item: unknown; value: Record<string, unknown> | null }

type GitlabFile = {
  yaml: YamlFile
  /** What the file says itself, and that with what it includes laid under it. */
  own: Record<string, unknown>
  root: Record<string, unknown>
  defaults: Record<string, unknown>
}

type ScriptName = 'before_script' | 'script' | 'after_script'

/** Steps of one of a job's scripts, found in the job, in what it extends, or in the defaults. */
const stepsOf = (
  { yaml, own, root, defaults }: GitlabFile,
  id: string,
  job: Record<string, unknown>,
  name: ScriptName,
  line: number,
): Step[] => {
  const isOwn = record(root[id])[name] !== undefined && own[id] !== undefined
  const source = job[name] ?? defaults[name] ?? root[name]
  return texts(source).map((run, index) => {
    const begins = isOwn ? yaml.textLineOf([id, name, index]) : line
    return { ...blankStep(begins), name, run, runLine: begins, mayFail: name === 'after_script' }
  })
}

type StagedJob = Job & { stage: string; ownNeeds: boolean }

const readJob = (gitlab: GitlabFile, id: string, job: Record<string, unknown>): StagedJob => {
  const { yaml, own, root, defaults } = gitlab
  const line = own[id] === undefined ? yaml.lineOf(['include']) : yaml.lineOf([id])
  const { environment, image, trigger, allow_failure: allowed } = job
  return {
    ...blankJob(id, line),
    ...branchesOf(job),
    stage: text(job['stage']) ?? 'test',
    ownNeeds: job['needs'] !== undefined,
    needs: list(job['needs'] ?? job['dependencies']).flatMap(need => text(need) ?? text(record(need)['job']) ?? []),
    steps: (['before_script', 'script', 'after_script'] as const)
      .flatMap(name => stepsOf(gitlab, id, job, name, line))
      .slice(0, workflowBounds.steps),
    environment: isRecord(environment) ? text(environment['name']) : text(environment),
    concurrency: job['resource_group'] !== undefined,
    env: textMap(job['variables']),
    uses: isRecord(trigger) ? (text(trigger['include']) ?? 'trigger') : null,
    image: isRecord(image) ? text(image['name']) : (text(image) ?? text(defaults['image']) ?? text(root['image'])),
    mayFail: allowed === true || (isRecord(allowed) && allowed['exit_codes'] !== undefined),
  }
}

const readJobs = (gitlab: GitlabFile): StagedJob[] =>
  Object.entries(gitlab.root)
    .flatMap(([id, value]) => {
      if (keywords.has(id) || id.startsWith('.') || !isRecord(value)) return []
      const job = extended(gitlab.root, value)
      const runs = job['script'] !== undefined || job['trigger'] !== undefined || job['run'] !== undefined
      return runs ? [{ id, job }] : []
    })
    .slice(0, workflowBounds.jobs)
    .map(({ id, job }) => readJob(gitlab, id, job))

/** Without `needs`, a job waits for every job of the stages before. */
const staged = (jobs: readonly StagedJob[], root: Record<string, unknown>): Job[] => {
  const named = texts(root['stages'])
  const stages = ['.pre', ...(named.length ? named : ['build', 'test', 'deploy']), '.post']
  return jobs.map(({ stage, ownNeeds, ...job }) => ({
    ...job,
    needs: ownNeeds
      ? job.needs
      : jobs.filter(other => stages.indexOf(other.stage) < stages.indexOf(stage)).map(({ id }) => id),
  }))
}

const conditionsOf = (rules: unknown): string[] => list(rules).map(rule => text(record(rule)['if']) ?? '')

const triggersOf = (root: Record<string, unknown>, jobs: readonly Job[]): Triggers => {
  const workflow = conditionsOf(record(root['workflow'])['rules'])
  const isLimited =
    workflow.length > 0 &&
    !workflow.some(condition => condition === '' || /\$CI_COMMIT_(?:BRANCH|REF_NAME|TAG)/.test(condition))
  const all = [...workflow, ...jobs.flatMap(({ id }) => conditionsOf(record(root[id])['rules']))]
  return {
    ...noTriggers,
    push: !isLimited,
    tags: !isLimited,
    pullRequest: all.some(condition => /merge_request/.test(condition)),
  }
}

const nameOf = (item: unknown): string => {
  const { local, template, project, remote } = record(item)
  return text(item) ?? text(local) ?? text(template) ?? text(project) ?? text(remote) ?? 'a component'
}

/** The one pipeline of `.gitlab-ci.yml`. */
export const readGitlab = (
  file: string,
  yaml: YamlFile,
  included: (path: string) => unknown = () => null,
): Pipeline[] => {
  const own = record(yaml.value)
  const taken: Included[] = list(own['include']).map(item => {
    const local = text(item) ?? text(record(item)['local'])
    const value = local === null || /^https?:|[*]/.test(local) ? null : included(local.replace(/^\.?\//, ''))
    return { item, value: isRecord(value) ? value : null }
  })
  // What is included is laid under what the file says itself.
  const root: Record<string, unknown> = Object.assign({}, ...taken.map(({ value }) => value ?? {}), own)
  const jobs = staged(readJobs({ yaml, own, root, defaults: record(root['default']) }), root)
  if (jobs.length === 0 && root['include'] === undefined) return []
  return [
    {
      provider: 'gitlab',
      file,
      name: '.gitlab-ci.yml',
      triggers: triggersOf(root, jobs),
      concurrency: false,
      permissions: null,
      env: textMap(root['variables']),
      jobs,
      includes: taken.filter(({ value }) => value === null).map(({ item }) => nameOf(item)),
    },
  ]
}

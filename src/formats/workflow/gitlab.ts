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

/** The one pipeline of `.gitlab-ci.yml`. */
export const readGitlab = (
  file: string,
  yaml: YamlFile,
  included: (path: string) => unknown = () => null,
): Pipeline[] => {
  const own = record(yaml.value)
  const taken = list(own['include']).map(item => {
    const local = text(item) ?? text(record(item)['local'])
    const value = local === null || /^https?:|[*]/.test(local) ? null : included(local.replace(/^\.?\//, ''))
    return { item, value: isRecord(value) ? value : null }
  })
  // What is included is laid under what the file says itself.
  const root: Record<string, unknown> = Object.assign({}, ...taken.map(({ value }) => value ?? {}), own)
  const defaults = record(root['default'])
  const stages = [
    '.pre',
    ...(texts(root['stages']).length ? texts(root['stages']) : ['build', 'test', 'deploy']),
    '.post',
  ]
  const jobs: (Job & { stage: string; ownNeeds: boolean })[] = []
  for (const [id, value] of Object.entries(root)) {
    if (keywords.has(id) || id.startsWith('.') || !isRecord(value) || jobs.length >= workflowBounds.jobs) continue
    const job = extended(root, value)
    if (job['script'] === undefined && job['trigger'] === undefined && job['run'] === undefined) continue
    const line = own[id] === undefined ? yaml.lineOf(['include']) : yaml.lineOf([id])
    const step = (name: 'before_script' | 'script' | 'after_script', source: unknown, at: string | null) =>
      texts(source).map((run, index) => {
        const begins = at === null || own[at] === undefined ? line : yaml.textLineOf([at, name, index])
        return { ...blankStep(begins), name, run, runLine: begins, mayFail: name === 'after_script' }
      })
    const from = (name: string): { source: unknown; at: string | null } =>
      value[name] !== undefined
        ? { source: value[name], at: id }
        : job[name] !== undefined
          ? { source: job[name], at: null }
          : { source: defaults[name] ?? root[name], at: null }
    const [first, script, last] = [from('before_script'), from('script'), from('after_script')]
    const environment = isRecord(job['environment']) ? text(job['environment']['name']) : text(job['environment'])
    const needs = job['needs'] ?? (job['dependencies'] as unknown)
    jobs.push({
      ...blankJob(id, line),
      ...branchesOf(job),
      stage: text(job['stage']) ?? 'test',
      ownNeeds: job['needs'] !== undefined,
      needs: list(needs).flatMap(need => text(need) ?? text(record(need)['job']) ?? []),
      steps: [
        ...step('before_script', first.source, first.at),
        ...step('script', script.source, script.at),
        ...step('after_script', last.source, last.at),
      ].slice(0, workflowBounds.steps),
      environment,
      concurrency: job['resource_group'] !== undefined,
      env: textMap(job['variables']),
      uses: isRecord(job['trigger']) ? (text(job['trigger']['include']) ?? 'trigger') : null,
      image: isRecord(job['image'])
        ? text(job['image']['name'])
        : (text(job['image']) ?? text(defaults['image']) ?? text(root['image'])),
      mayFail:
        job['allow_failure'] === true ||
        (isRecord(job['allow_failure']) && job['allow_failure']['exit_codes'] !== undefined),
    })
  }
  if (jobs.length === 0 && root['include'] === undefined) return []
  // Without `needs`, a job waits for every job of the stages before.
  for (const job of jobs)
    if (!job.ownNeeds)
      job.needs = jobs.filter(other => stages.indexOf(other.stage) < stages.indexOf(job.stage)).map(({ id }) => id)
  const workflow = list(record(root['workflow'])['rules'])
    .map(record)
    .map(rule => text(rule['if']) ?? '')
  const limited =
    workflow.length > 0 &&
    !workflow.some(condition => condition === '' || /\$CI_COMMIT_(?:BRANCH|REF_NAME|TAG)/.test(condition))
  return [
    {
      provider: 'gitlab',
      file,
      name: '.gitlab-ci.yml',
      triggers: {
        ...noTriggers,
        push: !limited,
        tags: !limited,
        pullRequest:
          workflow.some(condition => /merge_request/.test(condition)) ||
          jobs.some(job =>
            list(record(root[job.id])['rules']).some(rule => /merge_request/.test(text(record(rule)['if']) ?? '')),
          ),
      },
      concurrency: false,
      permissions: null,
      env: textMap(root['variables']),
      jobs: jobs.map(({ stage: _stage, ownNeeds: _own, ...job }) => job),
      includes: taken
        .filter(({ value }) => value === null)
        .map(
          ({ item }) =>
            text(item) ??
            text(record(item)['local']) ??
            text(record(item)['template']) ??
            text(record(item)['project']) ??
            text(record(item)['remote']) ??
            'a component',
        ),
    },
  ]
}

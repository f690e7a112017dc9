// GitHub Actions workflows (https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax), also as Forgejo and Gitea read them.
import { fileName } from '../repo/paths.ts'
import { plainSpot } from '../secrets/around.ts'
import {
  blankJob,
  blankStep,
  isRecord,
  type Job,
  list,
  noTriggers,
  type Permissions,
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

/** What is done to a pull request by those alone who may write; its author opens, closes and adds to it. */
const byInsiders = new Set(
  'labeled unlabeled assigned unassigned milestoned demilestoned review_requested review_request_removed enqueued dequeued locked unlocked'.split(
    ' ',
  ),
)
const isByInsiders = (target: unknown): boolean => {
  const types = texts(record(target)['types'])
  return types.length > 0 && types.every(type => byInsiders.has(type))
}

const triggersOf = (value: unknown): Triggers => {
  const events: Record<string, unknown> = isRecord(value)
    ? value
    : Object.fromEntries(texts(value).map(name => [name, null]))
  const push = record(events['push'])
  const after = record(events['workflow_run'])
  // What starts when another has run starts for the branches of that run.
  const given = 'push' in events ? push['branches'] : after['branches']
  const branches = given === undefined ? null : texts(given)
  const excluded = texts(push['branches-ignore']).map(pattern => `!${pattern}`)
  return {
    ...noTriggers,
    // `push: { tags: … }` alone does not run for branches.
    push: 'push' in events && !(push['tags'] !== undefined && branches === null && excluded.length === 0),
    paths: push['paths'] === undefined ? null : texts(push['paths']),
    branches: excluded.length ? ['**', ...excluded] : branches,
    tags: 'push' in events && (push['tags'] !== undefined || branches === null),
    pullRequest: 'pull_request' in events || 'merge_group' in events,
    pullRequestTarget: 'pull_request_target' in events,
    ...(isByInsiders(events['pull_request_target']) ? { targetByInsiders: true as const } : {}),
    after: texts(after['workflows']),
    schedule: 'schedule' in events,
    manual: 'workflow_dispatch' in events,
    deployment: 'deployment_status' in events || 'repository_dispatch' in events,
    release: 'release' in events,
    called: 'workflow_call' in events,
    events: Object.keys(events),
  }
}

const permissionsOf = (value: unknown): Permissions =>
  value === 'write-all' || value === 'read-all' ? value : isRecord(value) ? textMap(value) : null

/** Programs that a step may name in the place of a shell, and that read another language. */
const languages = /^(?:python[\d.]*|node|deno|bun|ruby|perl|php|Rscript|julia)\b/

const stepsOf = (yaml: YamlFile, at: YamlPath, value: unknown, folder: string): Step[] =>
  list(value)
    .slice(0, workflowBounds.steps)
    .map((item, index) => {
      const step = record(item)
      const path = [...at, index]
      return {
        ...blankStep(yaml.lineOf(path)),
        runLine: yaml.textLineOf([...path, 'run']),
        name: text(step['name']),
        id: text(step['id']),
        uses: text(step['uses']),
        run: text(step['run']),
        ...(languages.test(text(step['shell']) ?? '') ? { isProgram: true } : {}),
        with: textMap(step['with']),
        env: textMap(step['env']),
        condition: text(step['if']),
        mayFail: step['continue-on-error'] === true || text(step['continue-on-error'])?.includes('true') === true,
        folder: text(step['working-directory']) ?? folder,
      }
    })

const mostValues = 12

/** A line of a script once for each value of the matrix that it names: `pnpm ${{ matrix.task }}` runs every task. */
const inMatrix = (script: string | null, matrix: Record<string, unknown>): string | null =>
  script?.replace(
    /^[^\n]{0,300}\$\{\{\s{0,4}matrix\.([\w-]{1,60})\s{0,4}\}\}[^\n\\]{0,300}$/gm,
    (line, name: string) => {
      const added = list(matrix['include']).map(one => record(one)[name])
      const values = texts([matrix[name] ?? [], added]).slice(0, mostValues)
      const place = new RegExp(`\\$\\{\\{\\s*matrix\\.${name}\\s*\\}\\}`, 'g')
      return values.length ? values.map(value => line.trim().replace(place, () => value)).join(' && ') : line
    },
  ) ?? null

/** A value that a matrix of one value gives: what it is chosen by stands there. */
const inMatrixOfOne = (value: string | null, matrix: Record<string, unknown>): string | null => {
  const name = /^\$\{\{\s{0,8}matrix\.([\w-]{1,60})\s{0,8}\}\}$/.exec(value?.trim() ?? '')?.[1]
  const [only, ...others] = name === undefined ? [] : texts(matrix[name])
  return only !== undefined && others.length === 0 ? only : value
}

const folderOfDefaults = (value: unknown): string => text(record(record(value)['run'])['working-directory']) ?? ''

/** A condition that holds for pull requests alone. */
const pullRequestOnly = (condition: string | null): boolean =>
  condition !== null && /github\.event_name\s*==\s*'pull_request'/.test(condition) && !/\|\|/.test(condition)

/** A condition that holds whatever became of the jobs before, and asks for none of their results. */
const runsAnyway = (condition: string | null): boolean =>
  condition !== null &&
  /\balways\(\)|!\s*cancelled\(\)/.test(condition) &&
  !/\bneeds\b|\bsuccess\(\)|!\s*failure\(\)/.test(condition)

/** A condition that never holds: what stands under it was switched off. */
const isOff = (condition: string | null): boolean =>
  condition !== null && /^\s*(?:\$\{\{)?\s*false\s*(?:\}\})?\s*$/.test(condition)

/** Where a diff may put lines into a job; nothing where a secret stands around it. */
const editOf = (file: string, yaml: YamlFile, id: string, condition: string | null): Pick<Job, 'edit'> => {
  const keys = plainSpot(file, yaml.endOf(['jobs', id]))
  const steps = plainSpot(file, yaml.endOf(['jobs', id, 'steps']))
  return keys ? { edit: { keys, steps, isConditional: condition !== null } } : {}
}

const jobOf = (file: string, yaml: YamlFile, id: string, value: unknown, folder: string): Job => {
  const job = record(value)
  const condition = text(job['if'])
  const matrix = record(record(job['strategy'])['matrix'])
  const environment = inMatrixOfOne(
    isRecord(job['environment']) ? text(job['environment']['name']) : text(job['environment']),
    matrix,
  )
  return {
    ...blankJob(id, yaml.lineOf(['jobs', id])),
    ...editOf(file, yaml, id, condition),
    name: text(job['name']),
    needs: texts(job['needs']),
    steps: isOff(condition)
      ? []
      : stepsOf(yaml, ['jobs', id, 'steps'], job['steps'], folderOfDefaults(job['defaults']) || folder)
          .filter(step => !isOff(step.condition))
          .map(step => ({ ...step, run: inMatrix(step.run, matrix) })),
    environment,
    concurrency: job['concurrency'] !== undefined,
    permissions: permissionsOf(job['permissions']),
    env: textMap(job['env']),
    outputs: textMap(job['outputs']),
    with: textMap(job['with']),
    condition,
    uses: isOff(condition) ? null : text(job['uses']),
    image: isRecord(job['container']) ? text(job['container']['image']) : text(job['container']),
    mayFail: job['continue-on-error'] === true,
    branches:
      condition &&
      /github\.ref(?:_name)?\s*==\s*'(?:refs\/heads\/)?([\w./-]+)'/.test(condition) &&
      !condition.includes('||')
        ? [/github\.ref(?:_name)?\s*==\s*'(?:refs\/heads\/)?([\w./-]+)'/.exec(condition)![1]!]
        : null,
    pullRequestOnly: pullRequestOnly(condition),
    ...(runsAnyway(condition) ? { runsAnyway: true as const } : {}),
  }
}

/** Steps of a composite action (`action.yml` of the repository); none for actions in JavaScript or a container. */
export const compositeSteps = (yaml: YamlFile): Step[] =>
  stepsOf(yaml, ['runs', 'steps'], record(record(yaml.value)['runs'])['steps'], '')

/** The one pipeline of a workflow file. */
export const readGithub = (file: string, yaml: YamlFile): Pipeline[] => {
  const root = record(yaml.value)
  if (!isRecord(root['jobs'])) return []
  const folder = folderOfDefaults(root['defaults'])
  return [
    {
      provider: 'github',
      file,
      name: text(root['name']) ?? fileName(file),
      triggers: triggersOf(root['on'] ?? root['true']),
      concurrency: root['concurrency'] !== undefined,
      permissions: permissionsOf(root['permissions']),
      env: textMap(root['env']),
      jobs: Object.entries(root['jobs'])
        .slice(0, workflowBounds.jobs)
        .map(([id, job]) => jobOf(file, yaml, id, job, folder)),
      includes: [],
    },
  ]
}

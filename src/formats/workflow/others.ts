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

/** https://support.atlassian.com/bitbucket-cloud/docs/bitbucket-pipelines-configuration-reference/ : one pipeline per trigger; steps run one after another. */
export const readBitbucket = (file: string, yaml: YamlFile): Pipeline[] => {
  const pipelines = record(record(yaml.value)['pipelines'])
  const found: Pipeline[] = []
  const read = (name: string, triggers: Triggers, at: YamlPath, value: unknown): void => {
    const jobs: Job[] = []
    let previous: string[] = []
    const stepsIn = (items: unknown, path: YamlPath, together: boolean): void => {
      const names: string[] = []
      for (const [index, item] of list(items).entries()) {
        const entry = record(item)
        if (entry['parallel'] !== undefined) {
          const inner = isRecord(entry['parallel']) ? entry['parallel']['steps'] : entry['parallel']
          stepsIn(inner, [...path, index, 'parallel', ...(isRecord(entry['parallel']) ? ['steps'] : [])], true)
          continue
        }
        if (isRecord(entry['stage'])) {
          stepsIn(entry['stage']['steps'], [...path, index, 'stage', 'steps'], false)
          if (text(entry['stage']['deployment']))
            for (const job of jobs.slice(-list(entry['stage']['steps']).length))
              Object.assign(job, { environment: text(entry['stage']['deployment']), concurrency: true })
          continue
        }
        const step = record(entry['step'])
        if (entry['step'] === undefined) continue
        const own = [...path, index, 'step']
        const id = `${text(step['name']) ?? 'step'} ${jobs.length + 1}`
        const environment = text(step['deployment'])
        jobs.push({
          ...blankJob(id, yaml.lineOf(own)),
          name: text(step['name']),
          needs: together ? previous : previous.slice(),
          steps: [
            ...scripts(yaml, [...own, 'script'], step['script']),
            ...scripts(yaml, [...own, 'after-script'], step['after-script']).map(one => ({ ...one, mayFail: true })),
          ],
          environment,
          // Bitbucket runs one deployment per environment at a time.
          concurrency: environment !== null,
          image: isRecord(step['image']) ? text(step['image']['name']) : text(step['image']),
          manual: step['trigger'] === 'manual',
          mayFail: text(step['on-fail']) === 'ignore' || record(step['on-fail'])['strategy'] === 'ignore',
        })
        names.push(id)
        if (!together) previous = [id]
      }
      if (together && names.length) previous = names
    }
    stepsIn(value, at, false)
    if (jobs.length) found.push(pipeline('bitbucket', file, name, triggers, jobs))
  }
  read('default', { ...noTriggers, push: true }, ['pipelines', 'default'], pipelines['default'])
  for (const [branch, value] of Object.entries(record(pipelines['branches'])))
    read(
      branch,
      { ...noTriggers, push: true, branches: [branch.replace(/^\{(.*)\}$/, '$1')] },
      ['pipelines', 'branches', branch],
      value,
    )
  for (const [name, value] of Object.entries(record(pipelines['pull-requests'])))
    read(name, { ...noTriggers, pullRequest: true }, ['pipelines', 'pull-requests', name], value)
  for (const [name, value] of Object.entries(record(pipelines['tags'])))
    read(name, { ...noTriggers, tags: true }, ['pipelines', 'tags', name], value)
  for (const [name, value] of Object.entries(record(pipelines['custom'])))
    read(name, { ...noTriggers, manual: true }, ['pipelines', 'custom', name], value)
  return found
}

/** https://circleci.com/docs/configuration-reference/ : a pipeline per workflow; commands of the file are followed, orbs are named. */
export const readCircle = (file: string, yaml: YamlFile): Pipeline[] => {
  const root = record(yaml.value)
  const definitions = record(root['jobs'])
  const commands = record(root['commands'])
  const stepsOf = (items: unknown, at: YamlPath, depth: number): Step[] =>
    list(items)
      .slice(0, workflowBounds.steps)
      .flatMap((item, index): Step[] => {
        const line = yaml.lineOf([...at, index])
        const name = text(item) ?? Object.keys(record(item))[0] ?? ''
        const body = record(item)[name]
        if (name === 'run') {
          const run = text(body) ?? text(record(body)['command'])
          const runLine = isRecord(body)
            ? yaml.textLineOf([...at, index, 'run', 'command'])
            : yaml.textLineOf([...at, index, 'run'])
          return [
            {
              ...blankStep(line),
              name: text(record(body)['name']),
              run,
              runLine,
              env: textMap(record(body)['environment']),
              condition: text(record(body)['when']),
              folder: text(record(body)['working_directory'])?.replace(/^~\/project\/?/, '') ?? '',
            },
          ]
        }
        if (name === 'when' || name === 'unless')
          return stepsOf(record(body)['steps'], [...at, index, name, 'steps'], depth + 1)
        if (isRecord(commands[name]) && depth < 5)
          return stepsOf(record(commands[name])['steps'], ['commands', name, 'steps'], depth + 1)
        return [{ ...blankStep(line), uses: name, with: textMap(body) }]
      })
  const found: Pipeline[] = []
  const workflows = isRecord(root['workflows'])
    ? root['workflows']
    : definitions['build'] !== undefined
      ? { build: { jobs: ['build'] } }
      : {}
  for (const [name, value] of Object.entries(workflows)) {
    if (!isRecord(value)) continue
    const jobs: Job[] = []
    let limited: string[] | null = null
    for (const [index, item] of list(value['jobs']).entries()) {
      const key = text(item) ?? Object.keys(record(item))[0] ?? ''
      const given = record(record(item)[key])
      if (given['type'] === 'approval') {
        jobs.push({
          ...blankJob(text(given['name']) ?? key, yaml.lineOf(['workflows', name, 'jobs', index])),
          needs: texts(given['requires']),
          manual: true,
        })
        continue
      }
      const definition = record(definitions[key])
      const branches = record(record(given['filters'])['branches'])
      const only = branches['only'] === undefined ? null : texts(branches['only'])
      limited = only ?? limited
      jobs.push({
        ...blankJob(
          text(given['name']) ?? key,
          definitions[key] === undefined ? yaml.lineOf(['workflows', name, 'jobs', index]) : yaml.lineOf(['jobs', key]),
        ),
        needs: list(given['requires']).flatMap(need => text(need) ?? Object.keys(record(need))),
        steps: stepsOf(definition['steps'], ['jobs', key, 'steps'], 0),
        environment: texts(given['context'])[0] ?? null,
        concurrency: given['serial-group'] !== undefined,
        env: textMap(definition['environment']),
        uses: definitions[key] === undefined ? key : null,
        image: text(record(list(definition['docker'])[0])['image']),
        branches: only,
      })
    }
    const schedule = list(value['triggers']).some(trigger => isRecord(record(trigger)['schedule']))
    found.push(
      pipeline(
        'circleci',
        file,
        name,
        {
          ...noTriggers,
          push: !schedule,
          schedule,
          pullRequest: false,
          branches: jobs.length > 0 && jobs.every(job => job.branches !== null || job.manual) ? limited : null,
        },
        jobs,
      ),
    )
  }
  return found
}

/** https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/ : stages, jobs, deployment jobs and bare steps. */
export const readAzure = (file: string, yaml: YamlFile): Pipeline[] => {
  const root = record(yaml.value)
  const jobs: Job[] = []
  const includes: string[] = []
  const stepsOf = (items: unknown, at: YamlPath): Step[] =>
    list(items)
      .slice(0, workflowBounds.steps)
      .map((item, index) => {
        const step = record(item)
        const key = ['script', 'bash', 'pwsh', 'powershell'].find(name => step[name] !== undefined)
        const inputs = textMap(step['inputs'])
        const inline = inputs['script'] ?? inputs['inlineScript'] ?? null
        return {
          ...blankStep(yaml.lineOf([...at, index])),
          name: text(step['displayName']),
          run: key ? text(step[key]) : inline,
          runLine: key
            ? yaml.textLineOf([...at, index, key])
            : yaml.textLineOf([...at, index, 'inputs', inputs['script'] === undefined ? 'inlineScript' : 'script']),
          uses: text(step['task']) ?? text(step['template']),
          with: inputs,
          env: textMap(step['env']),
          condition: text(step['condition']),
          mayFail: step['continueOnError'] === true,
          folder: text(step['workingDirectory']) ?? '',
        }
      })
  const jobsOf = (items: unknown, at: YamlPath, stageNeeds: string[]): string[] =>
    list(items).flatMap((item, index) => {
      const job = record(item)
      const path = [...at, index]
      if (text(job['template'])) includes.push(text(job['template'])!)
      const id = text(job['job']) ?? text(job['deployment']) ?? text(job['template']) ?? `job ${jobs.length + 1}`
      const strategy = record(job['strategy'])
      const mode = Object.keys(strategy).find(key => ['runOnce', 'rolling', 'canary'].includes(key))
      const deploy = mode ? record(record(strategy[mode])['deploy']) : {}
      const environment = isRecord(job['environment']) ? text(job['environment']['name']) : text(job['environment'])
      jobs.push({
        ...blankJob(id, yaml.lineOf(path)),
        name: text(job['displayName']),
        needs: [...texts(job['dependsOn']), ...stageNeeds],
        steps: mode
          ? stepsOf(deploy['steps'], [...path, 'strategy', mode, 'deploy', 'steps'])
          : stepsOf(job['steps'], [...path, 'steps']),
        environment: environment?.split('.')[0] ?? null,
        concurrency: root['lockBehavior'] === 'sequential' || job['lockBehavior'] === 'sequential',
        condition: text(job['condition']),
        mayFail: job['continueOnError'] === true,
        image: isRecord(job['container']) ? text(job['container']['image']) : text(job['container']),
      })
      return [id]
    })
  if (root['stages'] !== undefined) {
    const idsOf = new Map<string, string[]>()
    let previous: string[] = []
    for (const [index, item] of list(root['stages']).entries()) {
      const stage = record(item)
      if (text(stage['template'])) includes.push(text(stage['template'])!)
      const name = text(stage['stage']) ?? `stage ${index + 1}`
      const needs =
        stage['dependsOn'] === undefined ? previous : texts(stage['dependsOn']).flatMap(on => idsOf.get(on) ?? [])
      const ids = jobsOf(stage['jobs'], ['stages', index, 'jobs'], needs)
      if (stage['lockBehavior'] === 'sequential')
        for (const job of jobs) if (ids.includes(job.id)) job.concurrency = true
      idsOf.set(name, ids)
      previous = ids
    }
  } else if (root['jobs'] !== undefined) jobsOf(root['jobs'], ['jobs'], [])
  else if (root['steps'] !== undefined)
    jobs.push({ ...blankJob('steps', yaml.lineOf(['steps'])), steps: stepsOf(root['steps'], ['steps']) })
  if (jobs.length === 0) return []
  const trigger = root['trigger']
  const included = isRecord(trigger) ? record(trigger['branches'])['include'] : trigger
  const branches = included === undefined ? null : texts(included)
  return [
    {
      ...pipeline(
        'azure',
        file,
        text(root['name']) ?? file,
        {
          ...noTriggers,
          push: trigger !== 'none',
          branches: trigger === 'none' ? [] : branches,
          pullRequest: root['pr'] !== undefined && root['pr'] !== 'none',
          schedule: root['schedules'] !== undefined,
        },
        jobs,
      ),
      includes,
    },
  ]
}

/** https://buildkite.com/docs/pipelines/configure/step-types : a `wait` or `block` makes later steps depend on all before. */
export const readBuildkite = (file: string, yaml: YamlFile): Pipeline[] => {
  const root = isRecord(yaml.value) ? yaml.value : { steps: yaml.value }
  const jobs: Job[] = []
  let barrier: string[] = []
  let blocked = false
  const read = (items: unknown, at: YamlPath): void => {
    for (const [index, item] of list(items).entries()) {
      const path = [...at, index]
      const step = record(item)
      if (item === 'wait' || 'wait' in step || 'block' in step || 'input' in step) {
        barrier = jobs.map(({ id }) => id)
        blocked ||= 'block' in step
        continue
      }
      if ('group' in step) {
        read(step['steps'], [...path, 'steps'])
        continue
      }
      const key = step['command'] !== undefined ? 'command' : 'commands'
      const commands = texts(step[key])
      const id = text(step['key']) ?? text(step['label']) ?? text(step['name']) ?? `step ${jobs.length + 1}`
      const plugins = list(step['plugins']).flatMap(plugin => text(plugin) ?? Object.keys(record(plugin)))
      jobs.push({
        ...blankJob(id, yaml.lineOf(path)),
        name: text(step['label']) ?? text(step['name']),
        needs:
          step['depends_on'] === undefined
            ? barrier
            : list(step['depends_on']).flatMap(need => text(need) ?? text(record(need)['step']) ?? []),
        steps: [
          ...commands.map((run, order) => {
            const line = Array.isArray(step[key])
              ? yaml.textLineOf([...path, key, order])
              : yaml.textLineOf([...path, key])
            return { ...blankStep(line), run, runLine: line }
          }),
          ...plugins.map(uses => ({ ...blankStep(yaml.lineOf([...path, 'plugins'])), uses })),
        ],
        environment: null,
        concurrency: step['concurrency'] !== undefined && step['concurrency_group'] !== undefined,
        env: textMap(step['env']),
        condition: text(step['if']),
        uses: text(step['trigger']),
        mayFail: step['soft_fail'] === true,
        manual: blocked,
        branches: text(step['branches'])
          ? text(step['branches'])!.split(/\s+/)
          : /build\.branch\s*==\s*"([^"]+)"/.test(text(step['if']) ?? '')
            ? [/build\.branch\s*==\s*"([^"]+)"/.exec(text(step['if'])!)![1]!]
            : null,
      })
    }
  }
  read(root['steps'], ['steps'])
  return jobs.length
    ? [
        {
          ...pipeline(
            'buildkite',
            file,
            file.slice(file.lastIndexOf('/') + 1),
            { ...noTriggers, push: true, pullRequest: true },
            jobs,
          ),
          env: textMap(root['env']),
        },
      ]
    : []
}

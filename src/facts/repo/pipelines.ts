// The pipelines of the repository's CI, and what their jobs do: install, build, test, migrate, deploy, look afterwards. Read, never run.

import { observed } from '../../core/fact.ts'
import { maskSecret } from '../../core/redact.ts'
import { actionKinds } from '../../data/actions.ts'
import { ciProviderOf, isUnreadCi } from '../../data/ci-systems.ts'
import { type Command, commandsOf, type ScriptWorld } from '../../formats/workflow/commands.ts'
import { type Job, type Pipeline, type Step, type Triggers, takesBranch } from '../../formats/workflow/model.ts'
import { actionFaults, safetyFaults } from '../../formats/workflow/safety.ts'
import type { PipelineCommand, PipelineJob, Pipelines } from '../../formats/workflow/seen.ts'
import { parseCompositeAction, parseWorkflow } from '../../formats/workflow/workflow.ts'
import type { FactDefinition } from '../definition.ts'
import { filesOf, readerOf, worldOf } from './script-world.ts'

export type { PipelineCommand, PipelineJob, PipelineSeen, Pipelines } from '../../formats/workflow/seen.ts'

/** Long runs of letters and digits in a command may be a key that somebody pasted there. */
export const maskCommand = (text: string): string =>
  text.replace(/(?<![\w/.@-])(?=[\w+=-]*\d)(?=[\w+=-]*[A-Za-z])[\w+=-]{24,}(?![\w/.-])/g, found => maskSecret(found))

/** Tags of an input, one a line or with commas. An expression alone (`steps.meta.outputs.tags`) gives tags of its own for each build. */
const tagsOf = (input: string): string[] =>
  input
    .replace(/\$\{\{[^}]*\}\}/g, 'expression')
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(tag => (tag === 'expression' ? 'image:expression' : tag))

const tagsIn = (text: string): string[] => [
  ...[...text.matchAll(/(?:^|\s)(?:-t|--tag)[=\s]+["']?(\S+?)["']?(?=\s|$)/g)].map(match => match[1]!),
  ...[...text.matchAll(/\bdocker push\s+["']?(\S+?)["']?(?=\s|$|;|&)/g)].map(match => match[1]!),
]

const commandsOfJob = (
  job: Job,
  world: ScriptWorld,
  actionSteps: (uses: string) => Step[],
): { commands: PipelineCommand[]; imageTags: string[] } => {
  const commands: PipelineCommand[] = []
  const imageTags: string[] = []
  for (const [
    step,
    { uses, run, runLine, line, mayFail, folder, env, with: inputs, name, condition },
  ] of job.steps.entries()) {
    if (uses !== null) {
      // A composite action of the repository does what its steps do.
      const composite = uses.startsWith('./') ? actionSteps(uses) : []
      const inner = composite.length ? commandsOfJob({ ...job, steps: composite }, world, () => []) : null
      if (inner) {
        commands.push(
          ...inner.commands.map(command => ({
            ...command,
            line,
            step,
            text: `${uses} → ${command.text}`,
            mayFail: mayFail || command.mayFail,
          })),
        )
        imageTags.push(...inner.imageTags)
      }
      // A script that a step runs on the server belongs to what the step does; the step ends when the script does.
      const remote = /ssh/i.test(uses)
        ? (inputs['script'] ?? inputs['inline'] ?? inputs['commands'] ?? inputs['COMMAND'] ?? '')
        : ''
      for (const command of commandsOf(remote, world, { remote: true }))
        if (/^(?:migrate|push-schema|restart)$/.test(command.kind))
          commands.push(seen({ ...command, offset: 0 }, line, step, mayFail, null))
      for (const { kind, frozen } of actionKinds(uses, inputs))
        commands.push({ kind, line, step, text: uses, mayFail, manager: null, frozen: frozen ?? null, instead: null })
      if (/build-push-action/.test(uses)) imageTags.push(...tagsOf(inputs['tags'] ?? ''))
    }
    if (run === null) continue
    imageTags.push(...(/\b(?:docker|podman|buildx)\b/.test(run) ? tagsIn(run) : []))
    const found = commandsOf(run, world, {
      inCi: true,
      folder: folder.replace(/^\.\//, ''),
      env: { ...job.env, ...env },
    })
    // A step that calls itself a smoke test is one, whatever it runs.
    if (
      /\bsmoke\b|health ?check|post-deploy (?:check|test)/i.test(name ?? '') &&
      !found.some(({ kind }) => kind === 'smoke')
    )
      found.push({ kind: 'smoke', offset: 0, text: name!, failureIgnored: false, via: [] })
    for (const command of found) commands.push(seen(command, runLine, step, mayFail, condition))
  }
  return { commands, imageTags: [...new Set(imageTags)] }
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

const fact: FactDefinition<Pipelines> = {
  on: 'repo',
  deadlines: 6,
  async collect(_subject, context) {
    const tree = await context.need('tree')
    if (!tree.ok) return tree
    const reader = readerOf(tree.value)
    const world = worldOf(tree.value)
    const defaultBranch = tree.value.defaultBranch ?? 'main'
    const result: Pipelines = { providers: [], pipelines: [], problems: [], others: [], safety: [], defaultBranch }
    const read: Pipeline[] = []
    const files = new Set(filesOf(tree.value))
    const taken = new Set<string>()
    const actionSteps = (uses: string): Step[] => {
      const folder = uses.replace(/^\.\//, '').replace(/\/$/, '')
      const path = [`${folder}/action.yml`, `${folder}/action.yaml`].find(candidate => files.has(candidate))
      return path ? parseCompositeAction(reader.maybe(path, { maxBytes: 256 << 10 }) ?? '') : []
    }
    for (const path of files) {
      if (taken.has(path)) continue
      if (isUnreadCi(path)) result.others.push(path)
      const provider = ciProviderOf(path)
      if (!provider || read.length > 400) continue
      const text = reader.text(path, { maxBytes: 512 << 10, whole: true })
      if (!text.ok) {
        result.problems.push({
          file: path,
          line: 1,
          text: text.why === 'too-large' ? 'it is larger than 512 kB' : `it could not be read (${text.why})`,
        })
        continue
      }
      const parsed = parseWorkflow(provider, path, text.text, included => {
        if (files.has(included)) taken.add(included)
        return files.has(included) ? reader.maybe(included, { maxBytes: 512 << 10 }) : null
      })
      if (parsed.problem) result.problems.push({ file: path, ...parsed.problem })
      read.push(...parsed.pipelines)
    }
    result.providers = [...new Set(read.map(({ provider }) => provider))].sort()
    const jobsOf = (pipeline: Pipeline, depth: number): PipelineJob[] =>
      pipeline.jobs.map(job => {
        const { commands, imageTags } = commandsOfJob(job, world, actionSteps)
        // A reusable workflow or an orb's job stands for what it does.
        if (job.uses?.startsWith('./') && depth < 4) {
          const called = read.find(({ file }) => `./${file}` === job.uses || job.uses!.endsWith(`/${file}`))
          for (const inner of called ? jobsOf(called, depth + 1) : []) {
            commands.push(...inner.commands.map(command => ({ ...command, line: job.line })))
            imageTags.push(...inner.imageTags)
          }
        } else if (job.uses)
          for (const { kind, frozen } of actionKinds(job.uses, {}))
            commands.push({
              kind,
              line: job.line,
              step: 0,
              text: job.uses,
              mayFail: false,
              manager: null,
              frozen: frozen ?? null,
              instead: null,
            })
        const reaches =
          (pipeline.triggers.push &&
            takesBranch(pipeline.triggers.branches, defaultBranch) &&
            (job.branches === null || takesBranch(job.branches, defaultBranch))) ||
          pipeline.triggers.pullRequest ||
          pipeline.triggers.pullRequestTarget
        const previewOnly = preview.test(job.environment ?? '') && !/prod/i.test(job.environment ?? '')
        return {
          id: job.id,
          line: job.line,
          needs: job.needs,
          environment: job.environment,
          concurrency: job.concurrency,
          image: job.image,
          mayFail: job.mayFail,
          manual: job.manual,
          uses: job.uses,
          commands,
          deploys:
            commands.some(({ kind }) => kind === 'deploy') &&
            toProduction(pipeline.triggers) &&
            !job.pullRequestOnly &&
            !previewOnly,
          onMain: reaches,
          imageTags,
        }
      })
    for (const pipeline of read) {
      const { provider, file, name, triggers, concurrency, includes } = pipeline
      const jobs = jobsOf(pipeline, 0)
      result.pipelines.push({ provider, file, name, triggers, concurrency, includes, jobs })
      for (const fault of safetyFaults(pipeline))
        result.safety.push({ ...fault, deploys: jobs.some(job => job.id === fault.job && job.deploys) })
    }
    if (result.providers.includes('github'))
      for (const path of [...files]
        .filter(name => /^(?:\.github\/(?:.*\/)?)?action\.ya?ml$/.test(name))
        .slice(0, 100)) {
        const steps = parseCompositeAction(reader.maybe(path, { maxBytes: 256 << 10 }) ?? '')
        result.safety.push(...actionFaults(path, steps).map(fault => ({ ...fault, deploys: false })))
      }
    return observed(result, context.now())
  },
}
export default fact

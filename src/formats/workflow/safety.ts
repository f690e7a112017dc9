// What makes a pipeline dangerous by itself: text from strangers in scripts, code of strangers beside secrets, moving references, secrets printed.

import { publicPrefixOf } from '../../data/public-prefixes.ts'
import { blankJob, type Job, noTriggers, type Pipeline, type Step } from './model.ts'
import { type ShellCommand, splitShell } from './shell.ts'
import { isForStrangers, isGated, isPinned, reachOfText, withoutSecrets } from './stranger-reach.ts'
import { codeOf, insiderExpressions, type Tainted, taintedAt, taintedExpressions, taintedFor } from './untrusted.ts'

/** Worst first. */
export const safetyFaultKinds = [
  'script-injection',
  'pull-request-target',
  'secret-echoed',
  'write-all',
  'unpinned-action',
] as const

export type SafetyFault = {
  fault: (typeof safetyFaultKinds)[number]
  file: string
  line: number
  job: string
  /** The expression, reference or command at fault; secrets by name alone. */
  what: string
  /** A value that the log shows as asterisks; or whose text it is: of a run without secrets and rights (a plain pull_request), nobody's, for no event of the pipeline has it, one's with rights, or one's whom the pipeline asks who he is. */
  reach?: 'harmless' | 'never' | 'insider' | 'gated' | 'masked'
}

/** Azure's macros are pasted into the script before the shell sees it. */
const untrustedAzure = /\$\((?:Build\.SourceVersionMessage|System\.PullRequest\.SourceBranch)\)/

const lineWithin = (text: string, index: number): number => text.slice(0, index).split('\n').length - 1

/** The job, what stands in it before a step, and the jobs that it waits for. */
const gatesOf = ({ jobs }: Pipeline, job: Job, step: Step) =>
  [job, ...jobs.filter(({ id }) => job.needs.includes(id))].map(({ id, condition, environment, steps }) => ({
    condition: id === job.id ? `${condition ?? ''} ${step.condition ?? ''}` : condition,
    environment,
    texts: (id === job.id ? steps.slice(0, steps.indexOf(step)) : steps).flatMap(one => [
      one.uses ?? '',
      one.run ?? '',
      ...Object.values(one.with),
    ]),
  }))

/** An environment guards what is deployed, and is no answer to who wrote the text. */
const asksWho = (pipeline: Pipeline, job: Job, step: Step): boolean =>
  isGated(gatesOf(pipeline, job, step).map(gate => ({ ...gate, environment: null })))

/** A workflow or an action of the repository, and an input of it that is handed a stranger's words. */
export type Handed = { to: string; input: string }

/** What a pipeline hands on of strangers who gain something by it: the script that it goes into may stand in another file. */
export const handedOn = (pipeline: Pipeline): Handed[] => {
  const own = (uses: string | null): string | null => /^\.\/(.{1,300}?)\/?$/.exec(uses ?? '')?.[1] ?? null
  const inputsOf = (to: string, given: Readonly<Record<string, string>>, tainted: Tainted): Handed[] =>
    Object.entries(given).flatMap(([input, value]) =>
      taintedExpressions(value, tainted).some(({ text }) => !reachOfText(text, pipeline.triggers.events).reach)
        ? [{ to, input }]
        : [],
    )
  return pipeline.jobs
    .filter(({ condition }) => isForStrangers(condition))
    .flatMap(job => {
      const called = own(job.uses)
      const tainted = taintedAt(pipeline, job)
      const steps = job.steps.flatMap((step, at) => {
        const to = own(step.uses)
        if (to === null || !isForStrangers(step.condition) || asksWho(pipeline, job, step)) return []
        return inputsOf(to, step.with, tainted[at]!)
      })
      return [...steps, ...(called ? inputsOf(called, job.with ?? {}, taintedFor(pipeline, job)) : [])]
    })
}

/** Whether nobody but those who may write starts a run with secrets: it is for them to read first what they start. */
const isAllowedByInsiders = ({ triggers: { events, targetByInsiders } }: Pipeline): boolean =>
  targetByInsiders === true && !events.includes('workflow_run') && !events.includes('issue_comment')

const injections = (pipeline: Pipeline, job: Job, step: Step, tainted: Tainted): SafetyFault[] => {
  const at = step.run === null ? step.line : step.runLine
  const fault = (script: string, index: number, what: string): SafetyFault => ({
    fault: 'script-injection',
    file: pipeline.file,
    line: at + lineWithin(script, index),
    job: job.id,
    what,
  })
  const isAsked = asksWho(pipeline, job, step) || isAllowedByInsiders(pipeline)
  if (pipeline.provider === 'github')
    return codeOf(step).flatMap(script => [
      ...taintedExpressions(script, tainted)
        .filter(({ text }) => !isPinned(text, [job.condition, step.condition]))
        .map(({ index, text }) => ({
          ...fault(script, index, text),
          ...(isAsked ? { reach: 'gated' as const } : {}),
          ...reachOfText(text, pipeline.triggers.events),
        })),
      ...insiderExpressions(script).map(({ index, text }) => ({
        ...fault(script, index, text),
        reach: 'insider' as const,
      })),
    ])
  const match = pipeline.provider === 'azure' ? untrustedAzure.exec(step.run ?? '') : null
  return match ? [fault(step.run ?? '', match.index, match[0])] : []
}

const headCode =
  /github\.event\.pull_request\.(?:head\.(?:sha|ref)|number|merge_commit_sha)|github\.head_ref|refs\/pull\/|github\.event\.workflow_run\.head_(?:sha|branch|commit)|github\.event\.issue\.number/

/** Inputs of actions that name where something is run or built. */
const runsFrom = /director|context|cwd|folder|path|file|script|entry|project/i

/** Whether steps run anything in a folder, or by its files: what they only read or copy out of it is no code. */
const runsIn = (folder: string, steps: readonly Step[]): boolean => {
  const name = folder.replace(/^\.\//, '').replace(/\/+$/, '')
  if (name === '' || name === '.' || name.includes('${')) return true
  const inside = (path: string): boolean => `${path.replace(/^\.\//, '')}/`.startsWith(`${name}/`)
  const copies = /^(?:rsync|cp|mv|cat|diff|ls|grep|head|wc|sha256sum)$/
  return steps.some(
    ({ folder: at, uses, run, with: inputs }) =>
      inside(at) ||
      (uses !== null &&
        (inside(uses) || Object.entries(inputs).some(([key, value]) => runsFrom.test(key) && inside(value)))) ||
      splitShell(run ?? '').some(
        ({ words }) => !copies.test(words[0] ?? '') && words.some(word => inside(word.replace(/^-{1,2}\w[\w-]*=/, ''))),
      ),
  )
}

/** Commands that do what files of the folder say: its scripts, its settings, its dependencies. */
const doesAsFilesSay =
  /^(?:(?:\.{1,2}|scripts?|bin|tools|ci)\/\S+|npm|npx|pnpm|yarn|bunx?|corepack|node|deno|tsx|turbo|nx|lerna|make|just|task|rake|bundle|ruby|rails|python[\d.]*|pip[\d.]*|uv|poetry|tox|nox|pytest|hatch|pdm|php|composer|artisan|go|cargo|mix|gradle|mvn|sbt|dotnet|swift|flutter|dart|(?:ba|z)?sh|source|pre-commit|\.)$/
/** Actions that build or test what lies there; those of the folder itself. */
const actsOnFiles = /^\.{1,2}\/|cypress-io\/|npm-install|setup-ruby|pre-commit|gradle|goreleaser|build|deploy|test/i

/** Whether steps run what was checked out; what only reads, compares or labels it lets nobody's code in. An image is built apart from the secrets. */
const runsCode = (steps: readonly Step[]): boolean =>
  steps.some(
    ({ uses, run }) =>
      (uses !== null && actsOnFiles.test(uses) && !/^docker\//.test(uses)) ||
      splitShell(run ?? '').some(
        ({ words }) =>
          doesAsFilesSay.test(words[0] ?? '') &&
          !words.includes('--ignore-scripts') &&
          !/^-{1,2}v(?:ersion)?$/.test(words[1] ?? ''),
      ),
  )

/** A run with the base repository's secrets that checks out what a stranger sent. */
const strangersCode = (pipeline: Pipeline, job: Job, step: Step): SafetyFault[] => {
  const { pullRequestTarget, events } = pipeline.triggers
  if (!pullRequestTarget && !events.includes('workflow_run') && !events.includes('issue_comment')) return []
  const checkout =
    /^actions\/checkout(?:@|$)/.test(step.uses ?? '') &&
    (headCode.test(step.with['ref'] ?? '') || /head\.repo/.test(step.with['repository'] ?? ''))
  const byHand = /gh pr checkout|git fetch origin (?:"|')?(?:\+)?(?:refs\/)?pull\//.test(step.run ?? '')
  if (!checkout && !byHand) return []
  const keeping = withoutSecrets(pullRequestTarget ? [...events, 'pull_request_target'] : events)
  if (![job.condition, step.condition].every(one => isForStrangers(one, keeping))) return []
  const folder = step.with['path']
  const after = job.steps.slice(job.steps.indexOf(step) + (checkout ? 1 : 0))
  const isKept = (checkout && folder !== undefined && !runsIn(folder, after)) || !runsCode(after)
  const isAsked = isAllowedByInsiders(pipeline) || isGated(gatesOf(pipeline, job, step))
  return [
    {
      fault: 'pull-request-target',
      file: pipeline.file,
      line: step.line,
      job: job.id,
      what: checkout ? `checkout of ${step.with['ref'] ?? step.with['repository']}` : 'checkout of the pull request',
      ...(isKept ? { reach: 'harmless' as const } : isAsked ? { reach: 'gated' as const } : {}),
    },
  ]
}

const unpinned = (pipeline: Pipeline, job: Job, uses: string | null, line: number): SafetyFault[] => {
  if (pipeline.provider !== 'github' || uses === null || /^[.$]\//.test(uses) || uses.includes('${{')) return []
  if (uses.startsWith('docker://'))
    return /@sha256:[0-9a-f]{64}$/.test(uses)
      ? []
      : [{ fault: 'unpinned-action', file: pipeline.file, line, job: job.id, what: uses }]
  if (/^(?:actions|github)\//.test(uses) || /@[0-9a-f]{40}$/.test(uses)) return []
  return [{ fault: 'unpinned-action', file: pipeline.file, line, job: job.id, what: uses }]
}

const secretName =
  /(?:^|_)(?:TOKEN|SECRET|PASSWORD|PASSWD|PRIVATE_KEY|API_?KEY|ACCESS_KEY|CREDENTIALS?|DATABASE_URL|AUTH|PASSPHRASE)(?:_|$)/i
const publicName =
  /PUBLIC|PUBLISHABLE|_(?:ID|NAME|LENGTH|FILE|FILENAME|PATH|DIR|FOLDER|ENABLED|TYPE|COUNT)$|_EXPIRES|SECRET_KEY_BASE_DUMMY/i

/** What every visitor is given, or no secret by its name. */
const isPublicName = (name: string): boolean => publicName.test(name) || publicPrefixOf(name) !== null

/** A part of a secret that is JSON: only the whole is masked (https://docs.github.com/actions/reference/security/secure-use). */
const partOfSecret = /fromJSON\(\s*secrets\.([\w-]+)\s*\)\s*[.[]/i

/** Values that the service cannot mask in the log, for it knows the whole secret alone. */
const unmasked = (pipeline: Pipeline, job: Job, step: Step): SafetyFault[] =>
  [step.run ?? '', ...Object.values(step.env), ...Object.values(step.with)].flatMap(value => {
    const name = partOfSecret.exec(value)?.[1]
    const what = `a part of secrets.${name}, which is not masked`
    return name ? [{ fault: 'secret-echoed', file: pipeline.file, line: step.line, job: job.id, what }] : []
  })

/** Commands that write what they are given in another form, which no log masks, and whether the last one writes into the log. */
const rewrites = /^(?:base64|base32|xxd|od|hexdump|rev|tr|sed|fold|gzip|openssl)$/

const rewrittenInLog = (commands: readonly ShellCommand[], at: number): boolean => {
  let last = at
  while (commands[last]?.piped && last + 1 < commands.length) last++
  const through = commands.slice(at + 1, last + 1)
  return (
    through.length > 0 &&
    through.every(({ words }) => rewrites.test(words[0] ?? '')) &&
    !/>|-d\b|--decode|-D\b/.test(through.map(({ text }) => text).join(' '))
  )
}

/** Variables that a service sets by itself. */
const ofService = /^(?:CI|GITLAB|CIRCLE|BITBUCKET|BUILDKITE|DRONE|SYSTEM|BUILD|AGENT)_/

/** Whether scripts of a pipeline use a secret that its makers gave it. */
const usesOwnSecret = ({ jobs }: Pipeline): boolean =>
  jobs.some(({ steps }) =>
    steps.some(({ run }) =>
      [...(run ?? '').matchAll(/\$\{?(\w{1,100})/g)].some(
        ([, name]) => secretName.test(name!) && !isPublicName(name!) && !ofService.test(name!),
      ),
    ),
  )

/** How GitHub and Azure are told to show asterisks in place of a value. */
const keepsOutOfLog = /::add-mask::|##vso\[task\.(?:setsecret|setvariable\b[^\]]{0,200}issecret=true)/i

/** Names of secrets that a command prints into the log. */
const printed = (pipeline: Pipeline, job: Job, step: Step): SafetyFault[] => {
  if (step.run === null) return []
  const secrets = new Map<string, string>()
  for (const env of [pipeline.env, job.env, step.env]) {
    for (const [name, value] of Object.entries(env)) {
      const secret = /\$\{\{\s*secrets\.(\w+)/.exec(value)?.[1]
      if (secret && !isPublicName(secret)) secrets.set(name, secret)
    }
  }
  // What the service itself hands in it masks; a secret of the makers’ is one that they marked to be masked, or not.
  const everyVariable = (fault: SafetyFault): SafetyFault =>
    secrets.size || usesOwnSecret(pipeline) ? fault : { ...fault, reach: 'masked' }
  return splitShell(step.run).flatMap((command, position, commands): SafetyFault[] => {
    const [name = '', ...rest] = command.words
    const at = (what: string): SafetyFault => ({
      fault: 'secret-echoed',
      file: pipeline.file,
      line: step.runLine + command.offset,
      job: job.id,
      what,
      // GitHub knows each secret of a run, and shows asterisks in its place; not so what is made of it.
      ...(pipeline.provider === 'github' && !command.piped ? { reach: 'masked' as const } : {}),
    })
    if ((command.piped && !rewrittenInLog(commands, position)) || command.intoFile) return []
    if (
      /^(?:printenv|env)$/.test(name) &&
      (rest.length === 0 || (name === 'printenv' && secretName.test(rest[0] ?? '')))
    )
      return secrets.size || pipeline.provider !== 'github'
        ? [everyVariable(at(`${command.text}: every variable`))]
        : []
    if (!/^(?:echo|printf|print|Write-Host)$/.test(name)) return []
    if (keepsOutOfLog.test(command.text)) return []
    const shown = rest.join(' ')
    const direct = [...shown.matchAll(/\$\{\{\s*secrets\.(\w+)\s*\}\}/g)].find(([, one]) => !isPublicName(one!))?.[1]
    if (direct) return [at(`echo of secrets.${direct}`)]
    for (const match of shown.matchAll(/\$\{?(\w+)(\}|:|\b)/g)) {
      const variable = match[1]!
      // `${#TOKEN}` and `${TOKEN:+set}` say whether it is there, not what it is.
      if (shown.slice(match.index).startsWith(`\${${variable}:+`)) continue
      if (secrets.has(variable)) return [at(`echo of $${variable} (secrets.${secrets.get(variable)})`)]
      if (pipeline.provider !== 'github' && secretName.test(variable) && !isPublicName(variable))
        return [at(`echo of $${variable}`)]
    }
    return []
  })
}

/** Every fault of a pipeline, in the order of the file. */
export const safetyFaults = (pipeline: Pipeline): SafetyFault[] => {
  const found: SafetyFault[] = []
  if (pipeline.permissions === 'write-all')
    found.push({ fault: 'write-all', file: pipeline.file, line: 1, job: '', what: 'permissions: write-all' })
  for (const job of pipeline.jobs) {
    if (job.permissions === 'write-all')
      found.push({
        fault: 'write-all',
        file: pipeline.file,
        line: job.line,
        job: job.id,
        what: 'permissions: write-all',
      })
    found.push(...unpinned(pipeline, job, job.uses, job.line))
    const tainted = taintedAt(pipeline, job)
    for (const [index, step] of job.steps.entries()) {
      found.push(
        ...injections(pipeline, job, step, tainted[index]!),
        ...strangersCode(pipeline, job, step),
        ...unpinned(pipeline, job, step.uses, step.line),
        ...printed(pipeline, job, step),
        ...unmasked(pipeline, job, step),
      )
    }
  }
  return found
}

/**
 * Faults of a composite action: its scripts get the event of whoever uses it, and the inputs that are handed in. `events` are those of the
 * pipelines that use it. Where nobody is seen to, whose events it gets is not known either.
 */
export const actionFaults = (
  file: string,
  steps: Step[],
  handed?: ReadonlySet<string>,
  events: string[] = [],
): SafetyFault[] => {
  const job: Job = { ...blankJob(file, 1), steps }
  const isUnseen = events.length === 0 && !handed?.size
  return safetyFaults({
    provider: 'github',
    file,
    name: file,
    triggers: { ...noTriggers, events },
    concurrency: false,
    permissions: null,
    env: {},
    jobs: [job],
    includes: [],
    ...(handed ? { handed } : {}),
  }).map(fault =>
    isUnseen && fault.fault === 'script-injection' && !fault.reach ? { ...fault, reach: 'gated' } : fault,
  )
}

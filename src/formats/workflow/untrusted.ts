// Text that somebody without write access decides, and how it comes into the code of a step: straight, out of a whole object, through a
// variable, through the output of a step before. GitHub's expressions are read as far as their value goes: a comparison is true or false.
import type { Job, Pipeline, Step } from './model.ts'

/** Values of the event that a stranger writes (https://docs.github.com/actions/reference/security/secure-use). */
const text =
  /\bgithub\.(?:head_ref|event\.(?:(?:issue|discussion|changes\.new_(?:issue|discussion))\.(?:title|body)|changes\.(?:title|body)\.from|pull_request\.(?:title|body|head\.(?:ref|label|user\.(?:name|email|bio|company|location)|repo\.(?:default_branch|description|homepage)))|comment\.(?:body|path|diff_hunk)|answer\.body|review\.body|review_comment\.body|pages\b[^\s}]*(?:page_name|title|summary)|(?:head_commit|commits(?:\.[\w*]+|\[[^\]]*\]))\.(?:message|(?:author|committer)\.(?:email|name))|workflow_run\.(?:head_branch|display_title|head_commit\.(?:message|(?:author|committer)\.(?:email|name))|head_repository\.(?:description|default_branch|homepage))|client_payload\b|inputs\.[\w-]+))\b/
/**
 * Words of those who have rights in the repository: names of labels and milestones are given to what a stranger sent by nobody else. Logins,
 * numbers, hashes and names of repositories hold nothing that a shell would take for code.
 */
const insiders =
  /\bgithub\.event\.(?:(?:issue|pull_request|discussion|merge_group)\.(?:labels|milestone)\b|label\.(?:name|description)\b|milestone\.(?:title|description)\b)/
/** An object of the event as a whole holds all of them. */
const wholeObject =
  /\btoJSON\(\s*github(?:\.event(?:\.(?:issue|pull_request(?:\.head)?|comment|review|discussion|head_commit|commits|workflow_run))?)?\s*\)/i
/** Of who starts a run by hand, or from another repository with a token: who may write. */
const byWriters = /\bgithub\.event\.(?:inputs|client_payload)\b/
/** Actions that hand on names of branches and files as they are, and which of their outputs hold them. */
const passesOn: readonly [RegExp, RegExp][] = [
  [/^(?:tj-actions\/branch-names|xt0rtnad0\/branch-name)(?:[@/]|$)/i, /./],
  [/^tj-actions\/changed-files(?:[@/]|$)/i, /files?$/],
  [/^dorny\/paths-filter(?:[@/]|$)/i, /_files$/],
  [/^(?:jitterbit\/get-changed-files|trilom\/file-changes-action)(?:[@/]|$)/i, /./],
]
/** Where a script of JavaScript reads the same. */
const payload =
  /\bpayload\.(?:issue|pull_request|comment|review|discussion)\??\.(?:title|body|head\??\.(?:ref|label))|\bpayload\.(?:head_commit|commits)\b|\bcontext\.payload\s*[;)}]/

/** `github['event'].issue["title"]` → `github.event.issue.title`. */
const plain = (expression: string): string =>
  expression.replace(/\[\s*(["'])([\w-]+)\1\s*\]/g, '.$2').replace(/\s*\.\s*/g, '.')

/** The parts of an expression that may become its value: `a != '' && a || 'none'` → `a`, `'none'`. */
const values = (expression: string): string[] =>
  expression
    .split(/&&|\|\|/)
    .map(part => part.trim().replace(/^[(!\s]+/, ''))
    .filter(part => !/^(?:contains|startsWith|endsWith|hashFiles|always|success|failure)\s*\(/i.test(part))
    .filter(part => !/[=!]=|[<>]/.test(part))

const expressions = /\$\{\{([\s\S]{0,1000}?)\}\}/g

/** Which variables, outputs of steps and outputs of the jobs before hold a stranger's text, where a step stands. */
export type Tainted = {
  env: ReadonlySet<string>
  outputs: ReadonlyMap<string, RegExp>
  jobs: ReadonlyMap<string, RegExp>
}

/** The outputs that an expression names by `of`, a step or a job. */
const heldBy = (expression: string, of: RegExp, outputs: ReadonlyMap<string, RegExp>): boolean => {
  const [, name, output] = of.exec(expression) ?? []
  const held = name === undefined ? undefined : outputs.get(name)
  return held !== undefined && (output === undefined || held.test(output))
}
const ofStep = /\bsteps\.([\w-]+)\.outputs\b(?:\.([\w-]+))?/
const ofJob = /\bneeds\.([\w-]+)\.outputs\b(?:\.([\w-]+))?/

const isTainted = (expression: string, { env, outputs, jobs }: Tainted): boolean =>
  values(plain(expression)).some(part => {
    if (text.test(part) ? !byWriters.test(part) : wholeObject.test(part)) return true
    const variable = /\benv\.([\w-]+)/.exec(part)?.[1]
    if (variable !== undefined && env.has(variable)) return true
    return heldBy(part, ofStep, outputs) || heldBy(part, ofJob, jobs)
  })

/** Expressions in a text that put a stranger's words into it, each with where it begins. */
export const taintedExpressions = (script: string, tainted: Tainted): { index: number; text: string }[] =>
  [...script.matchAll(expressions)]
    .filter(match => isTainted(match[1]!, tainted))
    .map(match => ({ index: match.index, text: `\${{ ${match[1]!.trim().slice(0, 80)} }}` }))

/** Expressions that put words of those with rights into a script, and a stranger's not. */
export const insiderExpressions = (script: string): { index: number; text: string }[] =>
  [...script.matchAll(expressions)]
    .filter(match => values(plain(match[1]!)).some(part => insiders.test(part)) && !isTainted(match[1]!, nothing))
    .map(match => ({ index: match.index, text: `\${{ ${match[1]!.trim().slice(0, 80)} }}` }))

const nothing: Tainted = { env: new Set(), outputs: new Map(), jobs: new Map() }

/** Names of variables whose value holds a stranger's words. */
const taintedNames = (env: Readonly<Record<string, string>>, tainted: Tainted): string[] =>
  Object.entries(env).flatMap(([name, value]) => (taintedExpressions(value, tainted).length ? [name] : []))

const anyOf = (names: readonly string[]): RegExp | null =>
  names.length ? new RegExp(`^(?:${names.map(name => name.replace(/[^\w-]/g, '')).join('|')})$`) : null

/** Outputs of a script of JavaScript whose value comes out of the event: straight, or through a variable. */
const scriptOutputs = (script: string): RegExp | null => {
  if (!payload.test(script)) return null
  const held = new Set<string>()
  for (const [, name, value] of script.matchAll(/\b(?:const|let|var)\s+\{?\s*(\w+)[^=\n]{0,80}=([^\n]{0,500})/g))
    if (
      payload.test(value!) ||
      [...held].some(one => new RegExp(`\\b${one}\\b(?!\\.(?:includes|startsWith|length))`).test(value!))
    )
      held.add(name!)
  const isHeld = (value: string): boolean =>
    payload.test(value) || [...value.matchAll(/\b\w+\b/g)].some(([word]) => held.has(word))
  const set = [...script.matchAll(/setOutput\(\s*["'`]([\w-]+)["'`]\s*,([^\n]{0,500})/g)]
  return anyOf([
    ...set.filter(match => isHeld(match[2]!)).map(match => match[1]!),
    ...([...script.matchAll(/\breturn\b([^\n]{0,500})/g)].some(match => isHeld(match[1]!)) ? ['result'] : []),
  ])
}

/** Which outputs of a step hold a stranger's words; null for none. */
const handsOn = (step: Step, tainted: Tainted): RegExp | null => {
  const passing = passesOn.find(([action]) => action.test(step.uses ?? ''))
  if (passing) return passing[1]
  if (/^actions\/github-script(?:@|$)/i.test(step.uses ?? '')) return scriptOutputs(step.with['script'] ?? '')
  const written = (step.run ?? '').split('\n').filter(line => /GITHUB_OUTPUT|::set-output/.test(line))
  const isTaken = written.some(
    line =>
      taintedExpressions(line, tainted).length > 0 ||
      [...line.matchAll(/\$\{?(\w+)/g)].some(([, name]) => tainted.env.has(name!)),
  )
  return isTaken ? /./ : null
}

/** Jobs one after the other whose outputs are followed. */
const mostJobs = 3

/** Which outputs of the jobs that a job needs hold a stranger's words. */
const jobsBefore = (pipeline: Pipeline, job: Job, left: number): Map<string, RegExp> => {
  const found = new Map<string, RegExp>()
  if (left === 0) return found
  for (const before of pipeline.jobs.filter(({ id, outputs }) => outputs && job.needs.includes(id))) {
    const { after } = taintOf(pipeline, before, left - 1)
    const values = Object.entries(before.outputs ?? {})
    const held = anyOf(values.flatMap(([name, value]) => (taintedExpressions(value, after).length ? [name] : [])))
    if (held) found.set(before.id, held)
  }
  return found
}

/** What is tainted at each step of a job, in the order of its steps, and behind the last. */
const taintOf = (pipeline: Pipeline, job: Job, left: number): { at: Tainted[]; after: Tainted } => {
  const jobs = jobsBefore(pipeline, job, left)
  // The nearest definition of a variable counts: step, job, workflow.
  const outer = { ...pipeline.env, ...job.env }
  const shared = new Set(taintedNames(outer, { ...nothing, jobs }))
  const outputs = new Map<string, RegExp>()
  const at = job.steps.map(step => {
    const before = { env: shared, outputs: new Map(outputs), jobs }
    const own = taintedNames(step.env, before)
    const here = { ...before, env: new Set([...[...shared].filter(name => !(name in step.env)), ...own]) }
    const held = step.id ? handsOn(step, here) : null
    if (step.id && held) outputs.set(step.id, held)
    return here
  })
  return { at, after: { env: shared, outputs, jobs } }
}

/** What is tainted at each step of a job, in the order of its steps. */
export const taintedAt = (pipeline: Pipeline, job: Job): Tainted[] => taintOf(pipeline, job, mostJobs).at

/** Inputs of actions that are run as code. */
const codeInputs: readonly [RegExp, readonly string[]][] = [
  [/^actions\/github-script(?:@|$)/i, ['script']],
  [/^azure\/(?:cli|powershell)(?:@|$)/i, ['inlineScript']],
  [/^(?:addnab|mathew-fleisch|maus007)\/docker-run-action(?:@|$)/i, ['run', 'options']],
  [/^appleboy\/ssh-action(?:@|$)/i, ['script']],
  [
    /^(?:reactivecircus\/android-emulator-runner|nick-fields\/retry|nick-invision\/retry)(?:@|$)/i,
    ['script', 'command'],
  ],
  [/^mikefarah\/yq(?:@|$)/i, ['cmd']],
  [/^(?:cross-rs|cloudposse\/github-action-\w+|jannekem\/run-python-script-action)(?:@|$)/i, ['script']],
  [
    /^(?:amadevus\/pwsh-script|devcontainers\/ci|gradle\/gradle-build-action)(?:@|$)/i,
    ['script', 'runCmd', 'arguments'],
  ],
]

/** Code that a step runs: its script, and inputs of its action that are one. */
export const codeOf = ({ uses, run, with: given }: Step): string[] => {
  if (run !== null) return [run]
  const inputs = codeInputs.find(([action]) => action.test(uses ?? ''))?.[1] ?? []
  return inputs.flatMap(input => given[input] ?? [])
}

// Plans a run: which checks judge what, and everything that is wrong with the request before anything is looked at.
import { checks as allChecks } from '../checks/index.generated.ts'
import { nearest, UsageError } from '../config/errors.ts'
import type { LoadedConfig } from '../config/load.ts'
import type { Config } from '../config/schema.ts'
import { type AnyCheck, kindsOf } from '../core/check.ts'
import type { SubjectKind } from '../core/fact.ts'
import { planChecks } from '../core/plan.ts'
import { stages } from '../core/stage.ts'
import { bareTarget, type Target } from '../core/target.ts'
import { isAsked } from '../facts/asked.ts'
import { announce, secretsInWords } from './announce.ts'
import type { RunRequest } from './request.ts'
import { targetOf } from './target.ts'

export type Plan = {
  checks: AnyCheck[]
  /** Ids of the checks that the report is of, where others are judged too; null where it is of all. */
  reported: ReadonlySet<string> | null
  target: Target
  config: Config
  /** What the run will send beyond a look, a line each. */
  sends: string[]
}

/** `faults` are what the request has wrong, `lacks` what it does not say and must; `plan` holds where both are empty. */
export type Preparation = { plan: Plan; faults: string[]; lacks: string | null }

const ids = allChecks.map(check => check.id)

const hint = (word: string, candidates: readonly string[]): string => {
  const near = nearest(word, candidates)
  return near ? `; did you mean "${near}"?` : '.'
}

const badOutcomes = (check: AnyCheck): string[] =>
  Object.keys(check.outcomes).filter(key => check.outcomes[key]!.status === 'fail')

const unmatchedFault = (word: string): string => {
  if (/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(word))
    return `--only/--skip ${word}: names no check; a domain stands before these options: launch-ready audit ${word} --only …`
  const near = nearest(word, [...ids, ...stages])
  return `--only/--skip ${word}: names no check, glob or stage; ${near ? `did you mean "${near}"? ` : ''}\`launch-ready checks\` lists them.`
}

const severityFaults = ({ config, path }: LoadedConfig): string[] =>
  Object.entries(config.checks).flatMap(([id, settings]) => {
    const check = allChecks.find(item => item.id === id)
    if (!check) return [`${path}: checks.${id}: there is no such check${hint(id, ids)}`]
    return Object.keys(settings.severity ?? {})
      .filter(outcome => check.outcomes[outcome]?.status !== 'fail')
      .map(
        outcome =>
          `${path}: checks.${id}.severity.${outcome}: ${id} has no such bad outcome${hint(outcome, Object.keys(check.outcomes))}`,
      )
  })

const suppressionFaults = ({ config, path }: LoadedConfig): string[] =>
  config.suppress.flatMap((item, at) => {
    const check = allChecks.find(other => other.id === item.check)
    if (!check) return [`${path}: suppress[${at}].check: there is no check "${item.check}"${hint(item.check, ids)}`]
    if (item.outcome === undefined || check.outcomes[item.outcome]?.status === 'fail') return []
    return [
      `${path}: suppress[${at}].outcome: ${item.check} has no bad outcome "${item.outcome}"${hint(item.outcome, badOutcomes(check))}`,
    ]
  })

/** More requests a second than a polite visitor makes are asked for twice. */
const politeRate = 10

const perfFaults = ({ stage, config: { config, path }, active }: RunRequest): string[] => {
  if (stage !== 'perf') return []
  const { rate = 0 } = config.perf ?? {}
  const flows = config.flows?.map(flow => flow.name) ?? []
  return [
    ...(rate > politeRate && !active
      ? [`${path}: perf.rate: ${rate} requests a second to one host need --active; without it at most ${politeRate}.`]
      : []),
    ...config.routes.flatMap(({ after }, at) =>
      after === undefined || flows.includes(after)
        ? []
        : [`${path}: routes[${at}].after: there is no flow "${after}"${hint(after, flows)}`],
    ),
  ]
}

const lackOf = ({ stage, domain, repo, saved, messages }: RunRequest): string | null => {
  if (stage === 'deploy')
    return repo === null
      ? 'deploy needs a repository: run it inside one, or name its directory: launch-ready deploy path/to/repo.'
      : null
  // A repository alone is enough: what needs a domain is skipped.
  if (['audit', 'perf', 'monitor'].includes(stage) && domain === null && repo !== null) return null
  return domain === null && !saved && !messages
    ? `${stage} needs a domain: launch-ready ${stage} example.com, or "domain: example.com" in the config.`
    : null
}

const ofMessages: readonly SubjectKind[] = ['message', 'config']

const targetOfRequest = ({ saved, config, domain, repo, active, messages }: RunRequest): Target => {
  const given = { domain, repo, active: active === true }
  if (saved) return bareTarget({ ...saved.target, suppress: targetOf(config.config, given).suppress })
  return targetOf(config.config, { ...given, messages: messages ? [...messages.keys()] : undefined })
}

/** A run of `monitor` or `handover` asks people what it cannot see; every other one only reads what they said. */
const targetFor = (request: RunRequest): Target => {
  const target = targetOfRequest(request)
  const { stage } = request
  if (stage !== 'monitor' && stage !== 'handover') return target
  const asked = { asked: true, ...(stage === 'handover' ? { writing: request.writing === true } : {}) }
  const section = (target.sections[stage] ?? {}) as object
  return { ...target, sections: { ...target.sections, [stage]: { ...section, ...asked } } }
}

/** Checks that are judged beside those of the report: the walk of a first customer goes over all of them. */
const beside = (candidates: readonly AnyCheck[], reported: readonly AnyCheck[], request: RunRequest): AnyCheck[] => {
  const isWanted =
    request.whole === true || reported.some(({ needs }) => (needs as readonly string[]).includes('customerWalk'))
  if (request.stage !== 'handover' || !isWanted) return []
  const selection = { only: [], skip: [], active: request.active === true }
  return planChecks(candidates, { stage: 'audit', ...selection }).checks.filter(check => !reported.includes(check))
}

/** What a run sends, in words. Nothing is sent for another domain than the config's own, nor for messages and saved facts. */
const sendsOf = (checks: readonly AnyCheck[], target: Target, request: RunRequest): string[] => {
  const { config } = request.config
  if (request.saved) return []
  const isOwn = !request.messages && isAsked(config.domain, target.domain)
  const sends = announce(checks, isOwn ? config : { ...config, flows: [], email: undefined }, target.active)
  return isOwn ? [...sends, ...secretsInWords(request.config.sends)] : sends
}

/** Plans the run. Pure. */
export const prepare = (request: RunRequest): Preparation => {
  const { stage, messages, config } = request
  const candidates = messages
    ? allChecks.filter(check => kindsOf(check).some(kind => ofMessages.includes(kind)))
    : allChecks
  const { checks, unmatched } = planChecks(candidates, {
    stage,
    only: request.only ?? [],
    skip: request.skip ?? [],
    active: request.active === true,
  })
  const faults = unmatched.map(unmatchedFault)
  if (unmatched.length === 0 && checks.length === 0)
    faults.push(`--only and --skip leave no check of ${stage}; \`launch-ready checks ${stage}\` lists them.`)
  faults.push(...severityFaults(config), ...suppressionFaults(config), ...perfFaults(request))
  const target = targetFor(request)
  const others = faults.length ? [] : beside(candidates, checks, request)
  const all = [...checks, ...others]
  return {
    faults,
    lacks: lackOf(request),
    plan: {
      checks: all,
      reported: others.length ? new Set(checks.map(({ id }) => id)) : null,
      target,
      config: config.config,
      sends: sendsOf(all, target, request),
    },
  }
}

/** The plan. Throws UsageError with everything that is wrong, one a line. */
export const planOf = (request: RunRequest): Plan => {
  const { faults, lacks, plan } = prepare(request)
  const wrong = faults.length ? faults : lacks === null ? [] : [lacks]
  if (wrong.length) throw new UsageError(wrong.join('\n'))
  return plan
}

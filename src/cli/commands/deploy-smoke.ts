// `launch-ready deploy smoke`: asks the running product, after a deploy, whether a customer can use it. Exit 1 takes the release back.
import { UsageError } from '../../config/errors.ts'
import type { Config } from '../../config/schema.ts'
import { duration } from '../../config/values.ts'
import { gitCommit } from '../../facts/repo/git.ts'
import { createNetwork } from '../../net/create-network.ts'
import { repeatUntilOk } from '../../probes/repeat.ts'
import { printJson, printJunit, printText, type SmokeResult } from '../../report/smoke.ts'
import { createMask } from '../../run/mask.ts'
import type { Call } from '../call.ts'
import { exitCodes } from '../exit-code.ts'
import type { Faults } from '../faults.ts'
import { writeText } from '../reports.ts'
import { settleConfig } from '../settings.ts'
import { deployedCommit, smokeSteps } from '../smoke-steps.ts'

const readDuration = (text: string | undefined, name: string, fallback: number, faults: Faults): number => {
  if (text === undefined) return fallback
  const parsed = duration.safeParse(text)
  if (!parsed.success) faults.add(`${name} ${text}: ${parsed.error.issues[0]!.message}.`)
  return parsed.success ? parsed.data : fallback
}

type Smoke = NonNullable<NonNullable<Config['deploy']>['smoke']>
type Steps = ReturnType<typeof smokeSteps>
type Results = SmokeResult[]
type Request = { format: 'terminal' | 'json' | 'junit'; file: string | null }

/** `--report terminal|json|junit[:file]`, and `--json`. */
const requestsOf = ({ reports, json, faults }: Call): Request[] =>
  [...reports, ...(json ? ['json'] : [])].map(text => {
    const [format = '', ...rest] = text.split(':')
    if (!/^(?:terminal|json|junit)$/.test(format))
      faults.add(`--report ${text}: expected terminal, json or junit, with a file behind a colon.`)
    return { format: format as Request['format'], file: rest.length ? rest.join(':') : null }
  })

/** What is asked, and of which commit. Throws UsageError where that cannot be known. */
const planned = (smoke: Smoke, { action, io }: Call, path: string): { steps: Steps; commit: string | null } => {
  if (action.commit?.trim() === '')
    throw new UsageError('--commit is empty: expected the commit that was deployed, such as "$GITHUB_SHA".')
  const commit = action.commit ?? deployedCommit(smoke, io.env, gitCommit(io.cwd, 'HEAD', io.env))
  if (smoke.version && commit === null)
    throw new UsageError(
      'deploy.smoke.version: nobody says which commit was deployed; give --commit <sha>, or run it in CI or in the repository.',
    )
  const steps = smokeSteps(smoke, commit)
  if (steps.length === 0)
    throw new UsageError(
      `${path}: deploy.smoke names no step; expected homepage, login, health, webhook, auth or version.`,
    )
  return { steps, commit }
}

const printed = (format: Request['format'], results: Results, commit: string | null): string => {
  if (format === 'json') return printJson(results, commit)
  return format === 'junit' ? printJunit(results) : printText(results, commit)
}

/** Runs the smoke test of the config. */
export const run = async (call: Call): Promise<number> => {
  const { io, faults, network, action, look } = call
  const { config, path, secrets } = await settleConfig(call.config, io)
  const mask = createMask(secrets)
  const smoke = config.deploy?.smoke
  const deadline = readDuration(action.deadline, '--deadline', smoke?.deadline ?? 120_000, faults)
  const requests = requestsOf(call)
  if (!smoke)
    faults.add(
      `${path ?? 'no config'}: deploy.smoke is not configured; name at least deploy.smoke.homepage (docs: launch-ready explain smoke-test).`,
    )
  faults.throwIfAny()
  const { steps, commit } = planned(smoke!, call, path ?? 'config')
  const { signal, clock } = io
  const ownHosts = steps.map(({ url }) => new URL(url).hostname)
  const tried = await repeatUntilOk(
    steps.map(step => step.look),
    {
      // The last try ends with the deadline, but for the second that any answer may take.
      connect: left =>
        createNetwork({
          ...network,
          clock,
          signal,
          ownHosts,
          timeoutMs: Math.min(network.timeoutMs, Math.max(left, 1000)),
        }),
      deadline,
      interval: smoke!.interval ?? 1000,
      clock,
      signal,
      ...(look.verbose
        ? { onMiss: (index, { detail }) => io.err(mask.text(`${steps[index]!.name}: ${detail}\n`)) }
        : {}),
    },
  )
  const results = tried.map(({ result, tries, ms }, index): SmokeResult => {
    const { name, url } = steps[index]!
    return { name, url, passed: result?.state === 'ok', seen: result?.detail ?? 'not tried', tries, ms }
  })
  const print = (format: Request['format']): string => mask.text(printed(format, results, commit))
  for (const { format, file } of requests) if (file !== null) writeText(io, file, print(format))
  io.out(print(requests.find(({ file }) => file === null)?.format ?? 'terminal'))
  if (signal.aborted) return exitCodes.interrupted
  return results.every(({ passed }) => passed) ? exitCodes.ok : exitCodes.found
}

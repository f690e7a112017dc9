// `launch-ready deploy smoke`: asks the running product, after a deploy, whether a customer can use it. Exit 1 takes the release back.
import { execFileSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { UsageError } from '../../config/errors.ts'
import { duration } from '../../config/values.ts'
import { createNetwork } from '../../net/create-network.ts'
import { printJson, printJunit, printText } from '../../smoke/print.ts'
import { runSmoke } from '../../smoke/run.ts'
import { deployedCommit, smokeSteps } from '../../smoke/steps.ts'
import { exitCodes } from '../exit-code.ts'
import type { Io } from '../io.ts'
import type { RunOptions } from '../options.ts'
import { writeText } from '../reports.ts'
import { createScrub } from '../scrub.ts'
import { createFaults, settleConfig, settleNetwork } from '../settings.ts'

/** HEAD of the repository around a folder; null where there is none. */
const headOf = (cwd: string): string | null => {
  try {
    return (
      execFileSync('git', ['rev-parse', '-q', '--verify', 'HEAD'], {
        cwd,
        stdio: ['ignore', 'pipe', 'ignore'],
        encoding: 'utf8',
        timeout: 5000,
      }).trim() || null
    )
  } catch {
    return null
  }
}

const readDuration = (
  text: unknown,
  name: string,
  fallback: number,
  faults: ReturnType<typeof createFaults>,
): number => {
  if (text === undefined) return fallback
  const parsed = duration.safeParse(text)
  if (!parsed.success) faults.add(`${name} ${String(text)}: ${parsed.error.issues[0]!.message}.`)
  return parsed.success ? parsed.data : fallback
}

/** Runs the smoke test of the config. */
export const run = async (
  _operands: string[],
  options: Record<string, unknown>,
  io: Io,
  version: string,
): Promise<number> => {
  const faults = createFaults()
  const { config, path, secrets } = await settleConfig(options as RunOptions, io)
  const scrub = createScrub(secrets)
  const network = settleNetwork(options as RunOptions, io, version, faults)
  const smoke = config.deploy?.smoke
  const deadline = readDuration(options['deadline'], '--deadline', smoke?.deadline ?? 120_000, faults)
  const interval = smoke?.interval ?? 1000
  const reports = (
    [...((options['report'] as string[] | undefined) ?? []), ...(options['json'] ? ['json'] : [])] as string[]
  ).map(text => {
    const [format = '', ...rest] = text.split(':')
    if (!/^(?:terminal|json|junit)$/.test(format))
      faults.add(`--report ${text}: expected terminal, json or junit, with a file behind a colon.`)
    return { format, file: rest.length ? rest.join(':') : null }
  })
  if (!smoke)
    faults.add(
      `${path ?? 'no config'}: deploy.smoke is not configured; name at least deploy.smoke.homepage (docs: launch-ready explain smoke-test).`,
    )
  faults.throwIfAny()
  const given = options['commit']
  if (typeof given === 'string' && given.trim() === '')
    throw new UsageError('--commit is empty: expected the commit that was deployed, such as "$GITHUB_SHA".')
  const commit = typeof given === 'string' ? given : deployedCommit(smoke!, io.env, headOf(io.cwd))
  const steps = smokeSteps(smoke!, commit)
  if (smoke!.version && commit === null)
    throw new UsageError(
      'deploy.smoke.version: nobody says which commit was deployed; give --commit <sha>, or run it in CI or in the repository.',
    )
  if (steps.length === 0)
    throw new UsageError(
      `${path ?? 'config'}: deploy.smoke names no step; expected homepage, login, health, webhook, auth or version.`,
    )
  const ownHosts = steps.map(({ url }) => new URL(url).hostname)
  const results = await runSmoke(steps, {
    // The last try ends with the deadline, but for the second that any answer may take.
    connect: left =>
      createNetwork({ ...network, ownHosts, timeoutMs: Math.min(network.timeoutMs, Math.max(left, 1000)) }),
    deadline,
    interval,
    wait: ms => sleep(ms, undefined, { signal: io.signal }).catch(() => {}),
    elapsed: io.elapsed,
    now: io.now,
    signal: io.signal,
    ...(options['verbose'] ? { onTry: (step, seen) => io.err(scrub(`${step.name}: ${seen}\n`)) } : {}),
  })
  const print = (format: string): string =>
    scrub(
      format === 'json'
        ? printJson(results, commit)
        : format === 'junit'
          ? printJunit(results)
          : printText(results, commit),
    )
  for (const { format, file } of reports) {
    if (file !== null) writeText(io, file, print(format))
  }
  io.out(print(reports.find(({ file }) => file === null)?.format ?? 'terminal'))
  if (io.signal.aborted) return exitCodes.interrupted
  return results.every(({ passed }) => passed) ? exitCodes.ok : exitCodes.found
}

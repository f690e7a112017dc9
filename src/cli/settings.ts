// Turns options and config into what a run needs: target, network, selection. Everything wrong is told at once, in one clear sentence each.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { checkDomain } from '../config/domain.ts'
import { nearest, UsageError } from '../config/errors.ts'
import { findConfig, type LoadedConfig, loadConfig } from '../config/load.ts'
import type { Config } from '../config/schema.ts'
import type { Report } from '../core/report.ts'
import { type Severity, severities } from '../core/severity.ts'
import type { Target } from '../core/target.ts'
import { parseConnectTo, parseResolver } from '../net/connect-to.ts'
import type { NetworkOptions } from '../net/network.ts'
import { checkReport } from '../report/report-schema.ts'
import { clean } from '../report/shared/escape.ts'
import type { Io } from './io.ts'
import type { RunOptions } from './options.ts'

/** Gathers faults, so that a user sees all of them in one go. */
export const createFaults = () => {
  const faults: string[] = []
  return {
    add: (sentence: string): void => void faults.push(sentence),
    /** Runs `read`; a fault it throws is kept, and `fallback` returned. */
    try: <T>(read: () => T, fallback: T, prefix = ''): T => {
      try {
        return read()
      } catch (error) {
        faults.push(`${prefix}${error instanceof Error ? error.message : String(error)}`)
        return fallback
      }
    },
    throwIfAny: (): void => {
      if (faults.length) throw new UsageError(faults.join('\n'))
    },
  }
}

export type Faults = ReturnType<typeof createFaults>

/** Reads a file that the user named. Throws UsageError with what is wrong with it. */
export const readUserFile = (path: string, cwd: string, what: string, most = 200_000_000): string => {
  const at = resolve(cwd, path)
  try {
    const stat = statSync(at)
    if (stat.isDirectory()) throw new Error('it is a directory')
    if (stat.size > most) throw new Error(`it is larger than ${Math.round(most / 1_000_000)} MB`)
    return readFileSync(at, 'utf8')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EACCES' ? 'permission is denied' : message
    throw new UsageError(`${path}: the ${what} cannot be read: ${why}.`)
  }
}

/** Whether what is there may be the beginning of JSON: the parser then complains of the end alone. */
const maybeBegins = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch (error) {
    const { message } = error as Error
    return message.includes('end of JSON') || Number(/at position (\d+)/.exec(message)?.[1] ?? -1) >= text.length
  }
}

/** The line of the first fault in broken JSON, from 1. The parser names no place for some faults, so it is searched. */
const faultLine = (text: string): number => {
  let sound = 0
  let broken = text.length + 1
  while (broken - sound > 1) {
    const middle = (sound + broken) >> 1
    if (maybeBegins(text.slice(0, middle))) sound = middle
    else broken = middle
  }
  return text.slice(0, sound).split('\n').length
}

/** Reads a JSON file that the user named. Throws UsageError with the line at fault. */
export const readUserJson = (path: string, cwd: string, what: string): unknown => {
  const text = readUserFile(path, cwd, what).replace(/^\ufeff/, '')
  try {
    return JSON.parse(text)
  } catch (error) {
    // The parser quotes the text, which may be anything.
    const said = clean((error as Error).message, 300).replace(/ in JSON at position \d+.*$/, '')
    throw new UsageError(`${path}: the ${what} is not valid JSON: ${said}, line ${faultLine(text)}.`)
  }
}

/** A JSON report that the user named. Throws UsageError when it is none. */
export const readReport = (path: string, io: Io): Report => {
  const value = readUserJson(path, io.cwd, 'former report')
  const version = (value as { schemaVersion?: unknown } | null)?.schemaVersion
  if (typeof version === 'number' && version !== 1)
    throw new UsageError(
      `${path}: a report of schema version ${version}; this launch-ready reads version 1. Compare it with the launch-ready that wrote it.`,
    )
  const checked = checkReport(value)
  if (!checked.ok)
    throw new UsageError(
      `${path}: not a JSON report of launch-ready: ${clean(checked.message, 300)}. Write one with --report json:<file>.`,
    )
  return checked.report
}

/** The config: the file given, or the nearest one upward, or defaults. */
export const settleConfig = async (options: { config?: string; noConfig?: boolean }, io: Io): Promise<LoadedConfig> => {
  if (options.noConfig && options.config === undefined) return loadConfig(null, io.env)
  if (options.config !== undefined) {
    const path = resolve(io.cwd, options.config)
    const loaded = await loadConfig(path, io.env)
    return { ...loaded, path: relative(io.cwd, path) || path }
  }
  const path = findConfig(io.cwd)
  const loaded = await loadConfig(path, io.env)
  return { ...loaded, path: path === null ? null : relative(io.cwd, path) || path }
}

/** `--timeout`, `--concurrency`, `--resolver`, `--connect-to`, `--ca` → network options. */
export const settleNetwork = (options: RunOptions, io: Io, version: string, faults: Faults): NetworkOptions => {
  const timeout = options.timeout === undefined ? 5 : Number(options.timeout)
  if (!(timeout > 0 && timeout <= 600))
    faults.add(`--timeout ${options.timeout}: expected seconds between 0 and 600, such as 5 or 0.5.`)
  const concurrency = options.concurrency === undefined ? 256 : Number(options.concurrency)
  if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > 1000)
    faults.add(`--concurrency ${options.concurrency}: expected a whole number from 1 to 1000.`)
  const ca = (Array.isArray(options.ca) ? options.ca : options.ca ? [options.ca] : []).flatMap(path =>
    faults.try(() => {
      const pem = readUserFile(path, io.cwd, 'roots of --ca')
      const found = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g)
      if (!found)
        throw new UsageError(
          `${path}: the roots of --ca hold no certificate; expected PEM (-----BEGIN CERTIFICATE-----).`,
        )
      return found.map(certificate => `${certificate}\n`)
    }, []),
  )
  return {
    resolvers: (options.resolver ?? []).flatMap(text => faults.try(() => [parseResolver(text)], [], '--resolver: ')),
    connectTo: (options.connectTo ?? []).flatMap(text =>
      faults.try(() => [parseConnectTo(text)], [], '--connect-to: '),
    ),
    ca,
    timeoutMs: timeout * 1000,
    concurrency,
    userAgent: `launch-ready/${version} (+https://github.com/launch-ready/launch-ready)`,
    signal: io.signal,
  }
}

/** The git root around a directory, null where there is none. Runs no hook and reads no system config. */
export const gitRoot = (from: string): string | null => {
  try {
    const root = execFileSync('git', ['rev-parse', '--show-toplevel'], {
      cwd: from,
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], GIT_CONFIG_NOSYSTEM: '1' },
      timeout: 5000,
    })
      .toString()
      .trim()
    return root === '' ? null : root
  } catch {
    return null
  }
}

/** The repository to judge: `--repo`, the operand of `deploy`, or the git root around the working directory. */
export const settleRepo = (given: string | undefined, io: Io, faults: Faults): string | null => {
  if (given === undefined) return gitRoot(io.cwd)
  const path = resolve(io.cwd, given)
  if (!existsSync(path)) faults.add(`${given}: the repository cannot be read: there is no such directory.`)
  else if (!statSync(path).isDirectory())
    faults.add(`${given}: the repository cannot be read: it is a file; name the directory.`)
  else return realpathSync(path)
  return null
}

export const settleSeverity = (given: string | undefined, faults: Faults): Severity | 'never' => {
  const value = given ?? 'blocker'
  const valid = [...severities, 'never'] as const
  if ((valid as readonly string[]).includes(value)) return value as Severity | 'never'
  const near = nearest(value, valid)
  faults.add(`--fail-on ${value}: expected one of ${valid.join(', ')}${near ? `; did you mean ${near}?` : '.'}`)
  return 'blocker'
}

const publicSection = (section: unknown): unknown =>
  section === undefined ? undefined : JSON.parse(JSON.stringify(section))

/** What the checks may see of the config: no header values, no passwords, no tokens. */
export const targetOf = (
  config: Config,
  given: { domain: string | null; repo: string | null; active: boolean; messages?: readonly string[] },
): Target => ({
  domain: given.domain,
  canonical: config.canonical ?? null,
  hosts: config.hosts,
  routes: config.routes.map(route => ({
    name: route.name,
    url: new URL(route.url).href,
    kind: route.kind,
    p95Ms: route.p95,
    expectStatus: route.expectStatus === undefined ? undefined : [route.expectStatus].flat(),
  })),
  senders: (config.email?.senders ?? []).map(sender => ({ ...sender, dkim: sender.dkim ?? [] })),
  expectedRecords: config.dns?.expected ?? {},
  subdomains: config.dns?.subdomains ?? null,
  repo: given.repo,
  messages: given.messages,
  active: given.active,
  suppress: config.suppress.map(item => ({ ...item, reason: item.reason ?? '' })),
  sections: {
    dns: publicSection(config.dns),
    email: publicSection(
      config.email && {
        sends: config.email.sends,
        receives: config.email.receives,
        reports: config.email.reports === undefined ? undefined : config.email.reports.replace(/\/\/[^@/]*@/, '//'),
        blocklists: config.email.blocklists,
        flows: config.email.flows?.map(flow => ({
          name: flow.name,
          kind: flow.kind,
          arrivesWithin: flow.arrivesWithin,
          link: flow.link,
          from: flow.from,
          inbox: flow.inbox,
        })),
      },
    ),
    cloudflare: config.cloudflare
      ? { token: config.cloudflare.token ? 'given' : undefined, zone: config.cloudflare.zone }
      : undefined,
    deploy: publicSection(
      config.deploy && {
        environments: config.deploy.environments,
        rollback: config.deploy.rollback,
        since: config.deploy.since,
        ledger: config.deploy.ledger,
        smoke: config.deploy.smoke !== undefined,
      },
    ),
    ai: config.ai ? { endpoint: new URL(config.ai.endpoint).origin } : undefined,
    audit: config.audit ? { browser: config.audit.browser, rateLimit: config.audit.rateLimit?.url } : undefined,
    flows: config.flows?.map(flow => ({ name: flow.name, kind: flow.kind })),
  },
})

/** The domain: the operand, or the config's; null only where a stage needs none. */
export const settleDomain = (given: string | undefined, config: Config, faults: Faults): string | null => {
  const text = given ?? config.domain
  return text === undefined ? null : faults.try(() => checkDomain(text), null)
}

// Runs one stage: settle what was given, run the checks, write reports and documents, say how it ended.
import { isAbsolute, join, relative, resolve } from 'node:path'
import { checks as allChecks } from '../../checks/index.generated.ts'
import { nearest, UsageError } from '../../config/errors.ts'
import { exitCodeOf } from '../../core/assemble.ts'
import { type AnyCheck, kindsOf } from '../../core/check.ts'
import type { SavedFact, SubjectKind } from '../../core/fact.ts'
import { planChecks } from '../../core/plan.ts'
import type { Report } from '../../core/report.ts'
import { type Stage, stages } from '../../core/stage.ts'
import { bareTarget } from '../../core/target.ts'
import { type Deliverable, type Document, factOf } from '../../deliverables/deliverable.ts'
import { isAsked } from '../../facts/asked.ts'
import type { HandedMessage } from '../../facts/definition.ts'
import { createNetwork } from '../../net/create-network.ts'
import type { ReportOptions } from '../../report/options.ts'
import { shellWord } from '../../report/shared/escape.ts'
import { announce } from '../announce.ts'
import { issues } from '../defect.ts'
import { exitCodes } from '../exit-code.ts'
import { printFactsFile, readFactsFile } from '../facts-file.ts'
import type { Io } from '../io.ts'
import { readLogo } from '../logo.ts'
import { withReports } from '../mail-reports.ts'
import type { RunOptions } from '../options.ts'
import { createProgress } from '../progress.ts'
import { checkTargets, obstacle, parseReports, type ReportRequest, writeReports, writeText } from '../reports.ts'
import { type RunResult, runChecks } from '../run.ts'
import { createScrub, scrubAll } from '../scrub.ts'
import {
  createFaults,
  gitRoot,
  readReport,
  readUserFile,
  readUserJson,
  settleConfig,
  settleDomain,
  settleNetwork,
  settleRepo,
  settleSeverity,
  targetOf,
} from '../settings.ts'
import { withSnapshot } from '../snapshot.ts'

/** Messages to judge in the place of a domain. `domain` is the one that they come from, where it is known. */
export type Handed = { messages: ReadonlyMap<string, HandedMessage>; domain: string | null }

const handedKinds: readonly SubjectKind[] = ['message', 'config']

/** Runs the stage and returns the exit code. */
export const runStage = async (
  stage: Stage,
  operand: string | undefined,
  options: RunOptions,
  io: Io,
  version: string,
  /** Writes other documents than the stage's: for an action. */
  deliverable?: Deliverable,
  /** Judges these messages and nothing else. */
  handed?: Handed,
): Promise<number> => {
  const faults = createFaults()
  const loaded = await settleConfig(options, io)
  const scrub = createScrub(loaded.secrets)
  const config = faults.try(
    () => withReports(withSnapshot(loaded.config, loaded.path, io.cwd), loaded.path, io.cwd),
    loaded.config,
  )
  const former =
    options.facts === undefined
      ? null
      : faults.try(() => readFactsFile(readUserJson(options.facts!, io.cwd, 'facts file'), options.facts!), null)
  const domain =
    stage === 'deploy'
      ? (config.domain ?? null)
      : settleDomain(operand ?? former?.target.domain ?? handed?.domain ?? undefined, config, faults)
  const repo = former
    ? former.target.repo
    : handed
      ? null
      : settleRepo((stage === 'deploy' ? operand : undefined) ?? options.repo, io, faults)
  const failOn = settleSeverity(options.failOn, faults)
  const network = settleNetwork(options, io, version, faults)
  const reports = faults.try(() => parseReports(options), [])
  for (const fault of await checkTargets(reports, io)) faults.add(fault)
  const alsoWritten: [string, string | undefined][] = [
    ['--save-facts', options.saveFacts],
    ['--baseline', options.updateBaseline ? options.baseline : undefined],
    ['--out', options.out === undefined ? undefined : join(options.out, 'a document')],
  ]
  for (const [option, file] of alsoWritten) {
    const why = file === undefined ? null : obstacle(file, io.cwd)
    if (why) faults.add(`${option} ${option === '--out' ? options.out : file}: ${why}.`)
  }
  const logo = faults.try(
    () => (config.report?.logo === undefined ? undefined : readLogo(config.report.logo, loaded.path, io.cwd)),
    undefined,
  )
  if (options.updateBaseline && options.baseline === undefined)
    faults.add('--update-baseline: name the file with --baseline <file>.')
  const baseline =
    options.baseline === undefined || (options.updateBaseline && !canRead(options.baseline, io))
      ? new Set<string>()
      : faults.try(() => readBaseline(options.baseline!, io), new Set<string>())
  const since = options.since === undefined ? null : faults.try(() => readReport(options.since!, io), null)
  if (since && since.target.domain !== null && domain !== null && since.target.domain !== domain)
    faults.add(
      `${options.since} is of ${since.target.domain}, not of ${domain}: only reports of one target can be compared.`,
    )
  const ofCommand = handed
    ? allChecks.filter(check => kindsOf(check).some(kind => handedKinds.includes(kind)))
    : allChecks
  const { checks, unmatched } = planChecks(ofCommand, {
    stage,
    only: words(options.only),
    skip: words(options.skip),
    active: options.active === true,
  })
  for (const word of unmatched) faults.add(describeUnmatched(word))
  if (unmatched.length === 0 && checks.length === 0)
    faults.add(`--only and --skip leave no check of ${stage}; \`launch-ready checks ${stage}\` lists them.`)
  for (const id of Object.keys(config.checks)) {
    const check = allChecks.find(item => item.id === id)
    if (!check)
      faults.add(
        `${loaded.path}: checks.${id}: there is no such check${hint(
          id,
          allChecks.map(item => item.id),
        )}`,
      )
    else
      for (const outcome of Object.keys(config.checks[id]?.severity ?? {}))
        if (check.outcomes[outcome]?.status !== 'fail')
          faults.add(
            `${loaded.path}: checks.${id}.severity.${outcome}: ${id} has no such bad outcome${hint(outcome, Object.keys(check.outcomes))}`,
          )
  }
  for (const [at, item] of config.suppress.entries()) {
    const check = allChecks.find(other => other.id === item.check)
    if (!check)
      faults.add(
        `${loaded.path}: suppress[${at}].check: there is no check "${item.check}"${hint(
          item.check,
          allChecks.map(other => other.id),
        )}`,
      )
    else if (item.outcome !== undefined && check.outcomes[item.outcome]?.status !== 'fail')
      faults.add(
        `${loaded.path}: suppress[${at}].outcome: ${item.check} has no bad outcome "${item.outcome}"${hint(
          item.outcome,
          Object.keys(check.outcomes).filter(key => check.outcomes[key]!.status === 'fail'),
        )}`,
      )
  }
  if (domain === null && stage !== 'deploy' && !former && !handed && faultless(faults))
    faults.add(`${stage} needs a domain: launch-ready ${stage} example.com, or "domain: example.com" in the config.`)
  if (repo === null && stage === 'deploy' && faultless(faults))
    faults.add('deploy needs a repository: run it inside one, or name its directory: launch-ready deploy path/to/repo.')
  if (
    former &&
    operand !== undefined &&
    stage !== 'deploy' &&
    former.target.domain !== null &&
    former.target.domain !== domain
  )
    faults.add(`${options.facts}: these facts are of ${former.target.domain}, not of ${domain}.`)
  faults.throwIfAny()

  const target = former
    ? bareTarget({ ...former.target, suppress: targetOf(config, { domain, repo, active: false }).suppress })
    : targetOf(config, {
        domain,
        repo,
        active: options.active === true,
        messages: handed && [...handed.messages.keys()],
      })
  // A server on this machine or in a private network is asked where the config itself names it.
  const ownHosts = [...(network.ownHosts ?? []), ...hostsNamedIn(config)]
  const net = createNetwork({ ...network, ownHosts })
  if (!former) {
    const asked = !handed && isAsked(config.domain, target.domain)
    const sent = asked ? config : { ...config, flows: [], email: undefined }
    for (const line of announce(checks, sent, target.active)) io.err(`${scrub(line)}\n`)
  }
  const progress = createProgress(io, options, target.domain ?? target.repo ?? '')
  const startedAt = former ? Date.parse(former.startedAt) : io.now()
  let result: RunResult
  try {
    result = await runChecks({
      checks,
      target,
      config: {
        ...config,
        ...(options.browser !== undefined ? { audit: { ...config.audit, browser: options.browser } } : {}),
      },
      net,
      env: io.env,
      signal: io.signal,
      timeoutMs: network.timeoutMs,
      startedAt,
      elapsed: io.elapsed,
      nowIso: () => (former ? former.startedAt : new Date(io.now()).toISOString()),
      version,
      saved: former?.facts,
      messages: handed?.messages,
      baseline,
      firstSeen: firstSeenOf(since),
      onPlanned: progress.planned,
      onJudged: progress.judged,
    })
  } finally {
    progress.end()
    await net.close()
  }
  const { report, judged, facts, defects } = result

  if (options.saveFacts !== undefined) {
    const { maskFacts } = await import('../mask-facts.ts')
    writeText(
      io,
      options.saveFacts,
      scrub(printFactsFile({ startedAt: report.startedAt, target, facts: maskFacts(facts) }, version)),
    )
  }
  if (options.updateBaseline) writeText(io, options.baseline!, printBaseline(report))
  const documents: Document[] = []
  if (options.out !== undefined) {
    const input = { report: scrubAll(report, scrub), facts: scrubAll(facts, scrub), target, now: startedAt }
    const { documentsFor } = await import('../documents.ts')
    documents.push(...(deliverable ? deliverable(input) : await documentsFor(stage, input)))
    for (const { path, content, encoding } of documents)
      writeText(io, inside(options.out, path), encoding ? Buffer.from(content, encoding) : scrub(content))
  }
  const reportOptions: ReportOptions = {
    width: io.columns ?? 80,
    verbose: options.verbose === true,
    quiet: options.quiet === true,
    former: since,
    ...(options.next ? { next: options.next } : {}),
    describe: describeChecks(allChecks),
    client: config.report?.client,
    consultant: config.report?.consultant,
    logo,
    ...(handed && { next: nextOf(handed) }),
    mailReports: mailReportsIn(facts),
    ...placesInRepository(reports, { config: loaded.path, repo: target.repo }, io),
  }
  await writeReports(reports, report, reportOptions, {
    io,
    options,
    scrub,
    write: (path, text) => writeText(io, path, text),
  })
  if (documents.length && !reports.some(item => item.file === null && item.format !== 'terminal'))
    io.err(`wrote ${documents.map(document => join(options.out!, document.path)).join(', ')}\n`)
  for (const defect of defects) io.err(`defect of launch-ready: ${scrub(defect)}; please report it: ${issues}\n`)

  if (io.signal.aborted) return exitCodes.interrupted
  const code = exitCodeOf(report, judged, failOn)
  return defects.length && code !== exitCodes.found ? exitCodes.defect : code
}

/** What the DMARC reports say, where some were read. */
const mailReportsIn = (facts: readonly SavedFact[]): ReportOptions['mailReports'] => {
  const read = factOf(facts, 'dmarcReports')
  return read?.ok ? read.value.summary : undefined
}

/** Hosts of every URL in the config. */
const hostsNamedIn = (value: unknown): string[] => {
  if (typeof value === 'string')
    return /^(?:https?|imaps?):\/\//.test(value) && URL.canParse(value) ? [new URL(value).hostname] : []
  return value && typeof value === 'object' ? Object.values(value).flatMap(hostsNamedIn) : []
}

const faultless = (faults: ReturnType<typeof createFaults>): boolean => {
  try {
    faults.throwIfAny()
    return true
  } catch {
    return false
  }
}

const words = (given: string[] | undefined): string[] =>
  (given ?? []).flatMap(word => word.split(',')).filter(word => word !== '')

const hint = (word: string, candidates: readonly string[]): string => {
  const near = nearest(word, candidates)
  return near ? `; did you mean "${near}"?` : '.'
}

const describeUnmatched = (word: string): string => {
  if (/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(word))
    return `--only/--skip ${word}: names no check; a domain stands before these options: launch-ready audit ${word} --only …`
  const near = nearest(word, [...allChecks.map(check => check.id), ...stages])
  return `--only/--skip ${word}: names no check, glob or stage; ${near ? `did you mean "${near}"? ` : ''}\`launch-ready checks\` lists them.`
}

const canRead = (path: string, io: Io): boolean => {
  try {
    readUserJson(path, io.cwd, 'baseline')
    return true
  } catch {
    return false
  }
}

const readBaseline = (path: string, io: Io): Set<string> => {
  const value = readUserJson(path, io.cwd, 'baseline') as { schemaVersion?: unknown; findings?: unknown }
  if (value?.schemaVersion !== 1 || !Array.isArray(value.findings))
    throw new UsageError(
      `${path}: not a baseline of launch-ready; write one with --baseline ${path} --update-baseline.`,
    )
  return new Set((value.findings as { id?: unknown }[]).map(item => String(item.id)))
}

const printBaseline = (report: Report): string =>
  `${JSON.stringify({ schemaVersion: 1, findings: report.findings.filter(item => item.suppressed?.by !== 'config').map(({ id, check, outcome, subject, severity }) => ({ id, check, outcome, subject, severity })) }, null, 2)}\n`

const firstSeenOf = (former: Report | null): Map<string, string> =>
  new Map((former?.findings ?? []).map(finding => [finding.id, finding.firstSeen ?? former!.startedAt]))

/** What to do after messages were judged: send them again, and look at the domain they come from. */
const nextOf = ({ messages, domain }: Handed): string[] => [
  `launch-ready email message ${[...messages.keys()].map(name => (name === 'standard input' ? '-' : shellWord(name))).join(' ')}`,
  ...(domain ? [`launch-ready audit ${domain}`] : []),
]

const describeChecks = (checks: readonly AnyCheck[]): ReportOptions['describe'] =>
  Object.fromEntries(
    checks.map(check => [
      check.id,
      {
        title: check.title,
        why: check.why,
        owner: check.impact.owner,
        references: check.references,
        stage: check.stage,
      },
    ]),
  )

/** What code scanning and annotations need: where config and judged folder lie in the repository, and the config's lines. */
const placesInRepository = (
  reports: readonly ReportRequest[],
  { config, repo }: { config: string | null; repo: string | null },
  io: Io,
): Pick<ReportOptions, 'configFile' | 'configText' | 'repoFolder'> => {
  if (!reports.some(({ format }) => format === 'sarif' || format === 'github')) return {}
  const from = repo !== null && isAbsolute(repo) ? repo : io.cwd
  const root = gitRoot(from) ?? from
  const at = config === null ? null : resolve(io.cwd, config)
  return {
    ...(at === null ? {} : { configFile: relative(root, at), configText: readUserFile(at, io.cwd, 'config') }),
    repoFolder: relative(root, from),
  }
}

/** A document's path below --out; what would leave it is refused. */
const inside = (out: string, path: string): string => {
  const at = join(out, path)
  const way = relative(out, at)
  if (way.startsWith('..') || isAbsolute(way)) throw new Error(`a document wanted to leave ${out}: ${path}`)
  return at
}

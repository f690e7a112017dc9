// Settles a stage: files that the user named are read, domain and repository are found, and everything wrong is stated at once.
import { join } from 'node:path'
import { checks } from '../checks/index.generated.ts'
import type { LoadedConfig } from '../config/load.ts'
import { readUserJson } from '../config/user-file.ts'
import type { Gate } from '../core/assemble.ts'
import { selects } from '../core/plan.ts'
import type { Report } from '../core/report.ts'
import { stages } from '../core/stage.ts'
import { readBaseline } from '../run/baseline.ts'
import { type FactsFile, readFactsFile } from '../run/facts-file.ts'
import { withReports } from '../run/mail-reports.ts'
import { prepare } from '../run/prepare.ts'
import type { RunRequest } from '../run/request.ts'
import { withSnapshot } from '../run/snapshot.ts'
import type { Call } from './call.ts'
import type { StageTask } from './commands/stage.ts'
import { readLogo } from './logo.ts'
import { checkTargets, obstacle, parseReports, type ReportRequest } from './reports.ts'
import { readReport, settleConfig, settleDomain, settleRepo, settleSeverity } from './settings.ts'

export type SettledStage = {
  request: RunRequest
  /** What decides the exit code. */
  gate: Gate
  reports: ReportRequest[]
  /** A data URI for the cover of the HTML document. */
  logo?: string
}

/** The config with what its files bring, and with the browser of the command line. */
const settledConfig = async ({ io, faults, config: choice, stage }: Call): Promise<LoadedConfig> => {
  const loaded = await settleConfig(choice, io)
  const config = faults.try(
    () => withReports(withSnapshot(loaded.config, loaded.path, io.cwd), loaded.path, io.cwd),
    loaded.config,
  )
  const { browser } = stage
  return { ...loaded, config: browser === undefined ? config : { ...config, audit: { ...config.audit, browser } } }
}

/** Domain and repository: of the facts file, of the command line, of the config, of where one stands. */
const settlePlace = (
  { io, faults, repo }: Call,
  { stage, operand, handed }: StageTask,
  { config }: LoadedConfig,
  saved: FactsFile | null,
): Pick<RunRequest, 'domain' | 'repo'> => {
  const isDeploy = stage === 'deploy'
  const given = operand ?? saved?.target.domain ?? handed?.domain ?? undefined
  const domain = isDeploy ? (config.domain ?? null) : settleDomain(given, config, faults)
  if (saved) return { domain, repo: saved.target.repo }
  if (handed) return { domain, repo: null }
  return { domain, repo: settleRepo((isDeploy ? operand : undefined) ?? repo, io, faults) }
}

/** Ids of the checks that --soft-fail names. */
const settleSoft = ({ stage: { softFail }, faults }: Call): ReadonlySet<string> => {
  for (const word of softFail)
    if (!(stages as readonly string[]).includes(word) && !checks.some(check => selects(word, check)))
      faults.add(`--soft-fail ${word}: there is no check of this name; launch-ready checks lists them.`)
  return new Set(checks.filter(check => softFail.some(word => selects(word, check))).map(({ id }) => id))
}

/** What cannot be written is stated before the run, so that no work is lost to a typing error. */
const addWritingFaults = async ({ io, faults, stage, out }: Call, reports: readonly ReportRequest[]): Promise<void> => {
  for (const fault of await checkTargets(reports, io)) faults.add(fault)
  const alsoWritten: [string, string | undefined, string | undefined][] = [
    ['--save-facts', stage.saveFacts, stage.saveFacts],
    ['--baseline', stage.baseline, stage.updateBaseline ? stage.baseline : undefined],
    ['--out', out, out === undefined ? undefined : join(out, 'a document')],
  ]
  for (const [option, shown, file] of alsoWritten) {
    const why = file === undefined ? null : obstacle(file, io.cwd)
    if (why) faults.add(`${option} ${shown}: ${why}.`)
  }
}

/** The findings that are known. A baseline that is to be written may be missing or broken. */
const settleBaseline = ({ io, faults, stage }: Call): ReadonlySet<string> => {
  const { baseline, updateBaseline } = stage
  if (updateBaseline && baseline === undefined) faults.add('--update-baseline: name the file with --baseline <file>.')
  if (baseline === undefined) return new Set()
  let value: unknown
  try {
    value = readUserJson(baseline, io.cwd, 'baseline')
  } catch (error) {
    if (!updateBaseline) faults.add((error as Error).message)
    return new Set()
  }
  return faults.try(() => readBaseline(value, baseline), new Set<string>())
}

const settleSince = ({ io, faults, stage }: Call, domain: string | null): Report | null => {
  const { since } = stage
  const report = since === undefined ? null : faults.try(() => readReport(since, io), null)
  if (report && report.target.domain !== null && domain !== null && report.target.domain !== domain)
    faults.add(`${since} is of ${report.target.domain}, not of ${domain}: only reports of one target can be compared.`)
  return report
}

const addRequestFaults = ({ faults, stage }: Call, task: StageTask, request: RunRequest): void => {
  const { faults: wrong, lacks } = prepare(request)
  for (const fault of wrong) faults.add(fault)
  // What is wrong may be why it is not there.
  if (lacks !== null && !faults.any()) faults.add(lacks)
  const former = request.saved?.target.domain ?? null
  if (
    former !== null &&
    request.domain !== null &&
    task.operand !== undefined &&
    task.stage !== 'deploy' &&
    former !== request.domain
  )
    faults.add(`${stage.facts}: these facts are of ${former}, not of ${request.domain}.`)
}

/** Reads and checks everything. Throws UsageError with all that is wrong, one sentence a line. */
export const settleStage = async (call: Call, task: StageTask): Promise<SettledStage> => {
  const { io, faults, stage } = call
  const config = await settledConfig(call)
  const { facts } = stage
  const saved =
    facts === undefined ? null : faults.try(() => readFactsFile(readUserJson(facts, io.cwd, 'facts file'), facts), null)
  const place = settlePlace(call, task, config, saved)
  const gate: Gate = { failOn: settleSeverity(stage.failOn, faults), soft: settleSoft(call) }
  const reports = faults.try(() => parseReports(call), [])
  await addWritingFaults(call, reports)
  const { logo } = config.config.report ?? {}
  const cover = logo === undefined ? undefined : faults.try(() => readLogo(logo, config.path, io.cwd), undefined)
  const baseline = settleBaseline(call)
  const request: RunRequest = {
    ...place,
    stage: task.stage,
    config,
    only: stage.only,
    skip: stage.skip,
    active: stage.active,
    saved,
    messages: task.handed?.messages,
    baseline,
    since: settleSince(call, place.domain),
  }
  addRequestFaults(call, task, request)
  faults.throwIfAny()
  return { request, gate, reports, ...(cover === undefined ? {} : { logo: cover }) }
}

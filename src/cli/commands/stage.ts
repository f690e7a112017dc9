import { checks } from '../../checks/index.generated.ts'
import { exitCodeOf, type Gate } from '../../core/assemble.ts'
import type { ActionName, Stage } from '../../core/stage.ts'
import type { Deliverable } from '../../deliverables/deliverable.ts'
import type { HandedMessage } from '../../facts/definition.ts'
import type { FactName } from '../../facts/index.generated.ts'
import type { FactsFile } from '../../run/facts-file.ts'
import { knownSecrets } from '../../run/known-secrets.ts'
import { createMask } from '../../run/mask.ts'
import type { RunResult } from '../../run/request.ts'
import { run } from '../../run/run.ts'
import type { Call } from '../call.ts'
import { exitCodes } from '../exit-code.ts'
import { settleStage } from '../stage-settings.ts'
import { writeStage } from '../stage-writing.ts'
import { waysOf } from '../ways.ts'

/** Messages to judge in the place of a domain. `domain` is the one that they come from, where it is known. */
export type Handed = { messages: ReadonlyMap<string, HandedMessage>; domain: string | null }

/** What a command asks of a stage. */
export type StageTask = {
  stage: Stage
  /** Domain, or the repository for `deploy`. */
  operand?: string
  /** Writes other documents than the stage's. */
  deliverable?: Deliverable
  /** `handover`: its document is being written, over every stage. */
  writing?: boolean
  /** What a run of the same world saw: it is judged, and nothing is looked at but what people say. */
  seen?: RunResult
  /** Asks people between looking and writing; `again` judges what was seen with what they said. */
  between?: (result: RunResult, again: () => Promise<RunResult>) => Promise<RunResult>
  /** Judges these messages and nothing else. */
  handed?: Handed
  /** Customers that come at once, where that is asked for. */
  users?: number
  /** Judges these facts instead of the world. */
  saved?: FactsFile
  /** Commands to suggest at the end, instead of those that follow from the verdict. */
  next?: readonly string[]
  /** Verdict and next steps are printed after what follows the report. */
  endsLater?: boolean
}

/** Checks that an action runs alone. */
export const ofAction = (action: ActionName): string[] =>
  checks.filter(check => check.actions?.includes(action)).map(check => check.id)

/** The same call with these checks alone. */
export const onlyChecks = (call: Call, only: readonly string[]): Call => ({ ...call, stage: { ...call.stage, only } })

/** How a run ended. A defect is stated unless something was found, which counts for more. */
const runExitCode = ({ report, judged, defects }: RunResult, gate: Gate): number => {
  if (report.interrupted) return exitCodes.interrupted
  const code = exitCodeOf(report, judged, gate)
  return defects.length && code !== exitCodes.found ? exitCodes.defect : code
}

/** Facts that people's answers change. */
const ofPeople: readonly FactName[] = [
  'handoverAnswers',
  'handoverLinks',
  'handoverContacts',
  'handoverPapers',
  'production',
]

/** What a run saw, to be judged again. */
const seenIn = ({ facts, target, report }: RunResult) => ({ saved: { startedAt: report.startedAt, target, facts } })

/** Runs the stage; its exit code, and what was found. Throws UsageError for what was given wrongly, before anything is run. */
export const runStage = async (call: Call, task: StageTask): Promise<{ code: number; result: RunResult }> => {
  const settled = await settleStage(call, task)
  const { request } = settled
  const mask = createMask(request.config.secrets)
  const { ways, end } = waysOf(call, request, mask)
  const judgedAgain = (seen: RunResult): Promise<RunResult> =>
    run({ ...request, ...seenIn(seen), fresh: ofPeople }, ways)
  const first = await (task.seen ? judgedAgain(task.seen) : run(request, ways)).finally(end)
  const again = (): Promise<RunResult> => judgedAgain(first)
  const result = task.between ? await task.between(first, again) : first
  const written = await writeStage({
    call,
    task,
    settled,
    result,
    mask: createMask(knownSecrets(request.config, result.facts)),
  })
  const code = runExitCode(result, settled.gate)
  // Whoever waits for a file that is not there must not read a success.
  return { code: written || code !== exitCodes.ok ? code : exitCodes.couldNotTell, result }
}

// What a run is asked for, the ways it has, and what it gives back. All settled: nothing here is a word of a command line.
import type { LoadedConfig } from '../config/load.ts'
import type { AnyCheck } from '../core/check.ts'
import type { Clock } from '../core/clock.ts'
import type { SavedFact } from '../core/fact.ts'
import type { Judged } from '../core/judge.ts'
import type { Report } from '../core/report.ts'
import type { Stage } from '../core/stage.ts'
import type { Target } from '../core/target.ts'
import type { HandedMessage } from '../facts/definition.ts'
import type { FactName } from '../facts/index.generated.ts'
import type { MonitorReading } from '../formats/monitor/reading.ts'
import type { NetworkOptions } from '../net/network.ts'
import type { FactsFile } from './facts-file.ts'

export type RunRequest = {
  stage: Stage
  /** Parsed, with what its files bring (`withSnapshot`, `withReports`); `path` is how messages name it. */
  config: LoadedConfig
  /** Domain under audit, null where a repository or messages are judged alone. */
  domain: string | null
  /** Absolute path of the repository, null where there is none. */
  repo: string | null
  /** Check ids, globs over ids or stages; empty is no limit. */
  only?: readonly string[]
  skip?: readonly string[]
  /** Whether tests that post or log in run too. */
  active?: boolean
  /** `handover`: the document is being written, so that it is not there yet is no fault. */
  writing?: boolean
  /** `handover`: judge every check of every stage too, for its document. */
  whole?: boolean
  /** Facts that are collected anew although others are given: what people said meanwhile. */
  fresh?: readonly FactName[]
  /** Judge these facts instead of the world. */
  saved?: FactsFile | null
  /** Judge these messages, by the name of their subject, and nothing else. */
  messages?: ReadonlyMap<string, HandedMessage> | null
  /** Fingerprints of findings that are known. */
  baseline?: ReadonlySet<string>
  /** A former report of the same target: since when findings are known. */
  since?: Report | null
}

/** The outside of a run. Several runs may share it, but for the signal. */
export type RunWays = {
  network: Omit<NetworkOptions, 'signal' | 'clock'>
  clock: Clock
  /** Environment, for tokens named in the documentation. */
  env: Readonly<Record<string, string | undefined>>
  /** Aborted: what is under way is ended and the report says that it is incomplete. */
  signal: AbortSignal
  version: string
  /** What our own watcher keeps; null where there is no store. */
  readMonitor?: () => Promise<MonitorReading | null>
  /** Told each thing that the run will send beyond a look, before it is sent, and at the end that this machine was busy. */
  announce?: (line: string) => void
  planned?: (checks: number) => void
  judged?: (judged: Judged, check: AnyCheck) => void
  /** Handed what tells the names of the subjects that are waited for. */
  awaiting?: (names: () => string[]) => void
  /** What a run that had to be ended has judged: nothing more is looked at. */
  salvaged?: Judged[] | null
  /** Files that are passed over because reading them did not end. */
  passedOver?: readonly string[]
}

export type RunResult = {
  /** The report over every stage, where a run of `handover` judged them too. */
  whole?: Report
  /** Secrets are not masked yet: what leaves the process goes through `mask` of run/mask.ts. */
  report: Report
  facts: SavedFact[]
  judged: Judged[]
  /** Defects of the tool itself, in a sentence each. */
  defects: string[]
  target: Target
  /** Milliseconds since the epoch; of the facts file where one was judged. */
  startedAt: number
}

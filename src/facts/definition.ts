// The shape of a collector: it turns the world into one typed, JSON-serialisable fact. Each file of facts/<family>/ whose
// default export is a FactDefinition is a fact, named by its file in camelCase (`mx-hosts.ts` → `mxHosts`). The index is generated.
import type { Config } from '../config/schema.ts'
import type { Fact, Subject, SubjectKind } from '../core/fact.ts'
import type { Target } from '../core/target.ts'
import type { MonitorReading } from '../formats/monitor/reading.ts'
import type { Network } from '../net/network.ts'
import type { FactName, Facts } from './index.generated.ts'

/** A message that was handed over to be judged, and what was said of it beside. */
export type HandedMessage = { raw: Buffer; ip?: string; helo?: string; sender?: string; bulk?: boolean }

export type CollectContext = {
  net: Network
  target: Target
  /** The parsed config with its secrets: for collectors alone. */
  config: Config
  /** Environment of the process, for tokens named in the documentation. */
  env: Readonly<Record<string, string | undefined>>
  /** Messages handed over to be judged, by the name of their subject. */
  messages?: ReadonlyMap<string, HandedMessage>
  /** What our own watcher keeps; null where there is no store, absent where nobody looks. */
  readMonitor?: () => Promise<MonitorReading | null>
  /** Whether a file that a config names lies outside of the folder in which that config was found; absent where it was named. */
  isOutside?: (path: string) => boolean
  /** ISO 8601 instant now. */
  now(): string
  /** Another fact, of this subject or of what contains it, or of a given subject; collected once per run. */
  need<N extends FactName>(name: N, subject?: Subject): Promise<Fact<Facts[N]>>
  /** All subjects of a kind, once they are known. */
  subjects(kind: SubjectKind): Promise<Subject[]>
  /** Says that a subject exists, before the list of its kind is complete, so that its facts are collected ahead. */
  announce(subject: Subject): void
  /**
   * What `make` returns, made once in the run for each key: for what several collectors share (a page that was fetched, a
   * limiter). Keys begin with the name of the module.
   */
  once<T>(key: string, make: () => T): T
  signal: AbortSignal
  /** Deadline of one operation in milliseconds. */
  timeoutMs: number
}

/**
 * A collector. Annotate the constant (`const fact: FactDefinition<Mx> = …`), so that the type of Facts does not depend on
 * the body. `collect` returns `observed(value, context.now())` or `missing(reason, message)`; what it throws becomes `internal`.
 * `deadlines` bounds the whole collection, in multiples of what one operation may take with
 * its second look (default 4); a fact of the repository has longer, since it is read within bounds of bytes and commits.
 */
export type FactDefinition<T> = {
  on: SubjectKind
  deadlines?: number
  collect(subject: Subject, context: CollectContext): Promise<Fact<T>>
}

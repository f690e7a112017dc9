// Collects facts on demand: each once for its subject, in parallel, under a deadline. Nothing rejects: what fails is a fact that is missing.
import type { Config } from '../config/schema.ts'
import type { Clock } from '../core/clock.ts'
import {
  type Fact,
  lineage,
  missing,
  notApplicable,
  type SavedFact,
  type Subject,
  type SubjectKind,
} from '../core/fact.ts'
import type { Target } from '../core/target.ts'
import { limits } from '../data/limits.ts'
import { systemClock } from '../net/clock.ts'
import type { Network } from '../net/network.ts'
import type { CollectContext, FactDefinition, HandedMessage } from './definition.ts'
import { collectors, type FactName, type Facts } from './index.generated.ts'
import { earlySubjects, listSubjects } from './subjects.ts'

export type CollectionInput = {
  target: Target
  config: Config
  net: Network
  env: Readonly<Record<string, string | undefined>>
  signal: AbortSignal
  timeoutMs: number
  /** ISO 8601 instant now. */
  now: () => string
  /** Measures deadlines; the machine's own unless given. */
  clock?: Clock
  messages?: ReadonlyMap<string, HandedMessage>
  readMonitor?: CollectContext['readMonitor']
  isOutside?: CollectContext['isOutside']
  /** Facts of a file: nothing is collected then. */
  saved?: readonly SavedFact[]
  /** Facts that are collected although there is a file. */
  fresh?: readonly string[]
  /** Told when a subject is announced ahead of its list. */
  onAnnounce?: (subject: Subject) => void
}

export type Collection = {
  /** The fact for this subject or what contains it. Never rejects. */
  need<N extends FactName>(name: N, subject: Subject): Promise<Fact<Facts[N]>>
  /** All subjects of a kind; Missing when their list could not be had. */
  subjects(kind: SubjectKind): Promise<Fact<Subject[]>>
  /** Subjects of a kind that are certain before anything is collected. */
  early(kind: SubjectKind): Subject[]
  /** Names of the subjects of which something is being collected, the longest awaited first. */
  awaited(): string[]
  /** Everything collected so far, ordered by fact and subject. */
  saved(): SavedFact[]
  /** Resolves when no collector is under way any more, or after `mostMs`: after an interruption some still end what they began. */
  drained(mostMs: number): Promise<void>
}

const definitions = collectors as unknown as Record<string, FactDefinition<unknown>>

const keyOf = (name: string, subject: { kind: string; name: string }): string =>
  `${name}\u0000${subject.kind}\u0000${subject.name}`

const interrupted = missing('internal', 'interrupted before it was looked at', {
  cause: { kind: 'interrupted', text: 'interrupted' },
})

const notInFile = (name: string, subject: Subject): Fact<unknown> =>
  missing('unsupported', `the facts file holds no "${name}" of ${subject.name}`, {
    cause: { kind: 'facts-file', text: 'not in the facts file' },
  })

const threw = (name: string, subject: Subject, error: unknown): Fact<unknown> => {
  const message = error instanceof Error ? error.message : String(error)
  return missing('internal', `collecting ${name} of ${subject.name} failed: ${message}`, {
    cause: { kind: 'defect', of: name, text: `a defect in collecting ${name}` },
  })
}

/** Deadlines of a whole collection, in multiples of what one operation may take: its deadline, and the longer one of a second look. */
const usualDeadlines = 4
const looks = 1 + limits.secondLookFactor
/** A repository is read within bounds of files, bytes and commits; the clock only ends what hangs. */
const repoDeadlineMs = 15 * 60_000

type Collector = (name: string, definition: FactDefinition<unknown>, subject: Subject) => Promise<Fact<unknown>>

/** Runs collectors, each until it is done, its deadline is over or the run is interrupted. `underWay` holds those that still work. */
const createCollector = (
  { signal, timeoutMs, clock = systemClock }: CollectionInput,
  context: CollectContext,
  underWay: Set<Promise<unknown>>,
): Collector => {
  const begin = (name: string, definition: FactDefinition<unknown>, subject: Subject): Promise<Fact<unknown>> => {
    const work = Promise.resolve()
      .then(() => definition.collect(subject, context))
      .catch((error: unknown) => threw(name, subject, error))
    underWay.add(work)
    void work.then(() => underWay.delete(work))
    return work
  }
  return async (name, definition, subject) => {
    if (signal.aborted) return interrupted
    const ofOperations = timeoutMs * looks * (definition.deadlines ?? usualDeadlines)
    const deadline = definition.on === 'repo' ? Math.max(repoDeadlineMs, ofOperations) : ofOperations
    let release = (): void => {}
    const bound = new Promise<Fact<unknown>>(resolve => {
      const late = (): void =>
        resolve(missing('timeout', `${name} of ${subject.name} took longer than ${deadline / 1000} s`))
      const cancel = clock.after(deadline, late)
      const onAbort = (): void => resolve(interrupted)
      signal.addEventListener('abort', onAbort, { once: true })
      release = () => {
        cancel()
        signal.removeEventListener('abort', onAbort)
      }
    })
    const fact = await Promise.race([begin(name, definition, subject), bound])
    release()
    return fact
  }
}

/** What collectors see of the run. */
const contextOf = (
  input: CollectionInput,
  root: Subject | undefined,
  { need, subjects }: Pick<Collection, 'need' | 'subjects'>,
): CollectContext => {
  const announced = new Set<string>()
  const shared = new Map<string, unknown>()
  return {
    net: input.net,
    target: input.target,
    config: input.config,
    env: input.env,
    messages: input.messages,
    readMonitor: input.readMonitor,
    isOutside: input.isOutside,
    now: input.now,
    signal: input.signal,
    timeoutMs: input.timeoutMs,
    once: <T>(key: string, make: () => T): T => {
      if (!shared.has(key)) shared.set(key, make())
      return shared.get(key) as T
    },
    need: ((name: FactName, subject?: Subject) => need(name, subject ?? root!)) as CollectContext['need'],
    subjects: async kind => {
      const list = await subjects(kind)
      return list.ok ? list.value : []
    },
    announce: subject => {
      const key = keyOf('', subject)
      if (announced.has(key)) return
      announced.add(key)
      input.onAnnounce?.(subject)
    },
  }
}

/** Why a fact has no subject here. */
const noOwner = (name: string, { on }: FactDefinition<unknown>, subject: Subject): Fact<unknown> => {
  if (on === 'repo') return notApplicable('no repository was given')
  if (on === 'domain') return notApplicable('no domain was given')
  return notApplicable(`${name} does not belong to ${subject.name}`)
}

/** Collects facts on demand, each once. */
export const createCollection = (input: CollectionInput): Collection => {
  const { target, config, clock = systemClock } = input
  const pending = new Map<string, Promise<Fact<unknown>>>()
  const settled = new Map<string, SavedFact>()
  const lists = new Map<SubjectKind, Promise<Fact<Subject[]>>>()
  const underWay = new Set<Promise<unknown>>()
  const former = input.saved ? new Map(input.saved.map(item => [keyOf(item.fact, item.on), item.is])) : null
  const fresh = new Set(input.fresh)
  const roots = [...earlySubjects('domain', target, config), ...earlySubjects('repo', target, config)]

  const need = <N extends FactName>(name: N, subject: Subject): Promise<Fact<Facts[N]>> => {
    const definition = definitions[name]
    if (!definition) return Promise.resolve(missing('internal', `there is no fact "${name}"`))
    const owner = [...lineage(subject), ...roots].find(item => item.kind === definition.on)
    if (!owner) return Promise.resolve(noOwner(name, definition, subject) as Fact<Facts[N]>)
    const key = keyOf(name, owner)
    let fact = pending.get(key)
    if (!fact) {
      fact = (
        former && !fresh.has(name)
          ? Promise.resolve(former.get(key) ?? notInFile(name, owner))
          : collect(name, definition, owner)
      ).then(is => {
        settled.set(key, { fact: name, on: { kind: owner.kind, name: owner.name }, is })
        return is
      })
      pending.set(key, fact)
    }
    return fact as Promise<Fact<Facts[N]>>
  }

  const subjects = (kind: SubjectKind): Promise<Fact<Subject[]>> => {
    const list =
      lists.get(kind) ?? listSubjects(kind, target, config, (name, subject) => need(name as FactName, subject))
    lists.set(kind, list)
    return list
  }

  const collect = createCollector(input, contextOf(input, roots[0], { need, subjects }), underWay)
  return {
    need,
    subjects,
    early: kind => earlySubjects(kind, target, config),
    awaited: () => [
      ...new Set([...pending.keys()].filter(key => !settled.has(key)).map(key => key.split('\u0000')[2]!)),
    ],
    saved: () => [...settled.values()].sort((a, b) => (keyOf(a.fact, a.on) < keyOf(b.fact, b.on) ? -1 : 1)),
    drained: async mostMs => {
      const done = new AbortController()
      await Promise.race([Promise.all(underWay), clock.sleep(mostMs, done.signal)])
      done.abort()
    },
  }
}

// The fact runner: collects each fact once per subject, in parallel, each under a deadline; or reads them from a file.
import type { Config } from '../config/schema.ts'
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
  now: () => string
  /** Messages handed over to be judged, by the name of their subject. */
  messages?: ReadonlyMap<string, HandedMessage>
  /** Facts of a former run: then nothing is collected. */
  saved?: readonly SavedFact[]
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
  /** Everything collected so far, ordered by fact and subject. */
  saved(): SavedFact[]
}

const definitions = collectors as unknown as Record<string, FactDefinition<unknown>>

const keyOf = (name: string, subject: { kind: string; name: string }): string =>
  `${name}\u0000${subject.kind}\u0000${subject.name}`

/** Collects facts on demand, each once. */
export const createCollection = (input: CollectionInput): Collection => {
  const { target, config } = input
  const pending = new Map<string, Promise<Fact<unknown>>>()
  const settled = new Map<string, SavedFact>()
  const former = input.saved ? new Map(input.saved.map(item => [keyOf(item.fact, item.on), item.is])) : null
  const roots = [...earlySubjects('domain', target, config), ...earlySubjects('repo', target, config)]

  const ownerOf = (kind: SubjectKind, subject: Subject): Subject | undefined =>
    lineage(subject).find(item => item.kind === kind) ?? roots.find(item => item.kind === kind)

  const interrupted = missing('internal', 'interrupted before it was looked at', {
    cause: { kind: 'interrupted', text: 'interrupted' },
  })

  const run = async (name: string, definition: FactDefinition<unknown>, subject: Subject): Promise<Fact<unknown>> => {
    if (former) {
      return (
        former.get(keyOf(name, subject)) ??
        missing('unsupported', `the facts file holds no "${name}" of ${subject.name}`, {
          cause: { kind: 'facts-file', text: 'not in the facts file' },
        })
      )
    }
    if (input.signal.aborted) return interrupted
    // Longer timers than this end at once (Node's setTimeout).
    const deadline = Math.min(input.timeoutMs * (definition.deadlines ?? 4), 2 ** 31 - 1)
    let timer: NodeJS.Timeout | undefined
    let onAbort: (() => void) | undefined
    const bound = new Promise<Fact<unknown>>(resolve => {
      timer = setTimeout(
        () => resolve(missing('timeout', `${name} of ${subject.name} took longer than ${deadline / 1000} s`)),
        deadline,
      )
      onAbort = () => resolve(interrupted)
      input.signal.addEventListener('abort', onAbort, { once: true })
    })
    const collected = definition.collect(subject, context).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error)
      return missing('internal', `collecting ${name} of ${subject.name} failed: ${message}`, {
        cause: { kind: 'defect', of: name, text: `a defect in collecting ${name}` },
      })
    })
    const fact = await Promise.race([collected, bound])
    clearTimeout(timer)
    if (onAbort) input.signal.removeEventListener('abort', onAbort)
    return fact
  }

  const need = <N extends FactName>(name: N, subject: Subject): Promise<Fact<Facts[N]>> => {
    const definition = definitions[name]
    if (!definition) return Promise.resolve(missing('internal', `there is no fact "${name}"`))
    const owner = ownerOf(definition.on, subject)
    if (!owner) {
      const none =
        definition.on === 'repo'
          ? 'no repository was given'
          : definition.on === 'domain'
            ? 'no domain was given'
            : `${name} does not belong to ${subject.name}`
      return Promise.resolve(notApplicable(none))
    }
    const key = keyOf(name, owner)
    let fact = pending.get(key)
    if (!fact) {
      fact = run(name, definition, owner).then(is => {
        settled.set(key, { fact: name, on: { kind: owner.kind, name: owner.name }, is })
        return is
      })
      pending.set(key, fact)
    }
    return fact as Promise<Fact<Facts[N]>>
  }

  const lists = new Map<SubjectKind, Promise<Fact<Subject[]>>>()
  const subjects = (kind: SubjectKind): Promise<Fact<Subject[]>> => {
    let list = lists.get(kind)
    if (!list) {
      list = listSubjects(
        kind,
        target,
        config,
        (name, subject) => need(name as FactName, subject) as Promise<Fact<unknown>>,
      )
      lists.set(kind, list)
    }
    return list
  }

  const announced = new Set<string>()
  const shared = new Map<string, unknown>()
  const context: CollectContext = {
    net: input.net,
    target,
    config,
    env: input.env,
    messages: input.messages,
    now: input.now,
    signal: input.signal,
    timeoutMs: input.timeoutMs,
    once: <T>(key: string, make: () => T): T => {
      if (!shared.has(key)) shared.set(key, make())
      return shared.get(key) as T
    },
    need: ((name: FactName, subject?: Subject) => need(name, subject ?? roots[0]!)) as CollectContext['need'],
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

  return {
    need,
    subjects,
    early: kind => earlySubjects(kind, target, config),
    saved: () => [...settled.values()].sort((a, b) => (keyOf(a.fact, a.on) < keyOf(b.fact, b.on) ? -1 : 1)),
  }
}

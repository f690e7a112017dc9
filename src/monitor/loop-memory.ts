// What the loop knows between two looks, and what it has not written yet.
import type { Beat, Change, Incident, Maintenance, NewMessage, ProductEvent, StateRow, Store } from './store.ts'

/** The store holds the same, but for what could not be written yet. */
export type Memory = {
  states: Map<string, StateRow>
  open: Incident[]
  deploys: ProductEvent[]
  manual: Maintenance[]
  beats: ReadonlyMap<string, Beat>
  /** Monitors that we could not look at because of us. */
  blind: Set<string>
}

/** Looks held while the store cannot be written: a day of twenty monitors. */
const mostHeld = 30_000

export const emptyChange = () => ({
  results: [] as NonNullable<Change['results']>[number][],
  spans: [] as NonNullable<Change['spans']>[number][],
  states: new Map<string, StateRow>(),
  incidents: new Map<string, Incident>(),
  messages: [] as NewMessage[],
  cancel: [] as string[],
})

/** What is to be written. */
export type Held = ReturnType<typeof emptyChange>

export const isEmpty = ({ results, states, incidents, messages, cancel }: Held): boolean =>
  results.length + states.size + incidents.size + messages.length + cancel.length === 0

export const asChange = (held: Held): Change => ({
  ...held,
  states: [...held.states.values()],
  incidents: [...held.incidents.values()],
})

/** What came later over what came before. */
export const joined = (before: Held, later: Held): Held => ({
  results: [...before.results, ...later.results].slice(-mostHeld),
  spans: [...before.spans, ...later.spans].slice(-2 * mostHeld),
  states: new Map([...before.states, ...later.states]),
  incidents: new Map([...before.incidents, ...later.incidents]),
  messages: [...before.messages, ...later.messages],
  cancel: [...before.cancel, ...later.cancel],
})

const handMs = 86_400_000

/** What others write: jobs, pipelines, people. */
export const readWritten = async (
  store: Store,
  now: number,
): Promise<Pick<Memory, 'beats' | 'deploys' | 'manual'>> => ({
  beats: new Map((await store.beats()).map(beat => [beat.name, beat])),
  deploys: await store.events({ kind: 'deploy', limit: 20 }),
  manual: await store.maintenance({ from: now - handMs }),
})

/** As the last watcher left it. */
export const loadMemory = async (store: Store, now: number): Promise<Memory> => {
  const open = await store.incidents({ open: true })
  const blind = open.filter(({ cause }) => cause === 'cannot-see').flatMap(({ parts }) => parts)
  return {
    states: new Map((await store.states()).map(state => [state.monitor, state])),
    open,
    ...(await readWritten(store, now)),
    blind: new Set(blind.map(({ monitor }) => monitor)),
  }
}

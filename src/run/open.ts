// Opens what a run looks through, the network and the collection of facts, and closes both whatever happens.
import type { Config } from '../config/schema.ts'
import { isoNow } from '../core/clock.ts'
import type { SavedFact, Subject } from '../core/fact.ts'
import type { Target } from '../core/target.ts'
import { type Collection, createCollection } from '../facts/collect.ts'
import type { HandedMessage } from '../facts/definition.ts'
import { createNetwork } from '../net/create-network.ts'
import type { Network } from '../net/network.ts'
import type { RunWays } from './request.ts'

/** How long an interrupted run waits for what is under way. */
const graceMs = 2_000

export type Opening = {
  target: Target
  config: Config
  /** ISO 8601: the instant that every fact bears; each its own without it. */
  at?: string
  saved?: readonly SavedFact[]
  /** Facts that are collected although others are saved. */
  fresh?: readonly string[]
  messages?: ReadonlyMap<string, HandedMessage>
  /** Whether a file lies outside of the folder of a config that was found. */
  isOutside?: ((path: string) => boolean) | undefined
  onAnnounce?: (subject: Subject) => void
  /** Hosts that may be private, because the config names them. */
  ownHosts?: readonly string[]
}

/** Calls `use` while network and collection are open. */
export const withCollection = async <T>(
  opening: Opening,
  ways: Pick<RunWays, 'network' | 'clock' | 'env' | 'signal'> & Pick<Partial<RunWays>, 'readMonitor'>,
  use: (collection: Collection, net: Network) => Promise<T>,
): Promise<T> => {
  const { network, clock, env, signal } = ways
  const { at, ownHosts = [], ...rest } = opening
  const net = createNetwork({ ...network, signal, clock, ownHosts: [...(network.ownHosts ?? []), ...ownHosts] })
  const collection = createCollection({
    ...rest,
    net,
    env,
    signal,
    clock,
    readMonitor: ways.readMonitor,
    timeoutMs: network.timeoutMs,
    now: () => at ?? isoNow(clock),
  })
  try {
    return await use(collection, net)
  } finally {
    if (signal.aborted) await collection.drained(graceMs)
    await net.close()
  }
}

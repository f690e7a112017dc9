// What the three actions of `dns` share: the domain settled, its zone and what belongs to a map collected.

import type { Config } from '../../config/schema.ts'
import type { SavedFact } from '../../core/fact.ts'
import { bareTarget } from '../../core/target.ts'
import { createCollection } from '../../facts/collect.ts'
import { domainSubject } from '../../facts/subjects.ts'
import { createNetwork } from '../../net/create-network.ts'
import type { Network } from '../../net/network.ts'
import type { Io } from '../io.ts'
import type { RunOptions } from '../options.ts'
import { createFaults, settleConfig, settleDomain, settleNetwork, targetOf } from '../settings.ts'

export type ZoneRun = {
  domain: string
  config: Config
  configPath: string | null
  facts: readonly SavedFact[]
  now: number
}

/** Collects, calls `use` while the network is open, and closes it. Throws UsageError for what the user gave. */
export const withZone = async <T>(
  operand: string | undefined,
  options: Record<string, unknown>,
  io: Io,
  version: string,
  wanted: 'map' | 'zone',
  use: (run: ZoneRun, net: Network) => Promise<T>,
): Promise<T> => {
  const faults = createFaults()
  const { config, path: configPath } = await settleConfig(options as RunOptions, io)
  const domain = settleDomain(operand, config, faults)
  const network = settleNetwork(options as RunOptions, io, version, faults)
  if (domain === null)
    faults.add('name the domain: launch-ready dns map example.com, or "domain: example.com" in the config.')
  faults.throwIfAny()
  const net = createNetwork(network)
  const now = io.now()
  const collection = createCollection({
    target: domain === null ? bareTarget() : targetOf(config, { domain, repo: null, active: false }),
    config,
    net,
    env: io.env,
    signal: io.signal,
    timeoutMs: network.timeoutMs,
    now: () => new Date(now).toISOString(),
  })
  try {
    const subject = domainSubject(domain!)
    await Promise.all([collection.need('zoneRecords', subject), collection.need('nameServers', subject)])
    if (wanted === 'map') {
      const hosts = await collection.subjects('host')
      await Promise.all(
        (hosts.ok ? hosts.value : []).flatMap(host => [
          collection.need('certificateNames', host),
          collection.need('hostEdges', host),
        ]),
      )
    }
    return await use({ domain: domain!, config, configPath, facts: collection.saved(), now }, net)
  } finally {
    await net.close()
  }
}

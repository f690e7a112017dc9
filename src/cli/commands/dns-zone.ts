// What the three actions of `dns` share: the domain settled, its zone and what belongs to a map collected.
import type { Config } from '../../config/schema.ts'
import { isoNow } from '../../core/clock.ts'
import type { SavedFact } from '../../core/fact.ts'
import { bareTarget } from '../../core/target.ts'
import type { Collection } from '../../facts/collect.ts'
import { domainSubject } from '../../facts/subjects.ts'
import type { Network } from '../../net/network.ts'
import { withCollection } from '../../run/open.ts'
import { targetOf } from '../../run/target.ts'
import type { Call } from '../call.ts'
import { settleConfig, settleDomain } from '../settings.ts'

export type ZoneRun = {
  domain: string
  config: Config
  configPath: string | null
  facts: readonly SavedFact[]
  /** Milliseconds since the epoch. */
  now: number
}

/** What is collected beside the zone and its servers. */
type Wanted = 'map' | 'zone'

const collectZone = async (collection: Collection, domain: string, wanted: Wanted): Promise<void> => {
  const subject = domainSubject(domain)
  await Promise.all([collection.need('zoneRecords', subject), collection.need('nameServers', subject)])
  if (wanted === 'zone') return
  const hosts = await collection.subjects('host')
  await Promise.all(
    (hosts.ok ? hosts.value : []).flatMap(host => [
      collection.need('certificateNames', host),
      collection.need('hostEdges', host),
    ]),
  )
}

/** Collects the zone of the operand or of the config, and calls `use` while the network is open. Throws UsageError. */
export const withZone = async <T>(
  { io, faults, network, operands, config: choice }: Call,
  wanted: Wanted,
  use: (run: ZoneRun, net: Network) => Promise<T>,
): Promise<T> => {
  const { config, path: configPath } = await settleConfig(choice, io)
  const domain = settleDomain(operands[0], config, faults, io)
  if (domain === null)
    faults.add('name the domain: launch-ready dns map example.com, or "domain: example.com" in the config.')
  faults.throwIfAny()
  const now = io.clock.now()
  const opening = {
    target: domain === null ? bareTarget() : targetOf(config, { domain, repo: null, active: false }),
    config,
    at: isoNow({ now: () => now }),
  }
  const ways = { network, clock: io.clock, env: io.env, signal: io.signal }
  return withCollection(opening, ways, async (collection, net) => {
    await collectZone(collection, domain!, wanted)
    return use({ domain: domain!, config, configPath, facts: collection.saved(), now }, net)
  })
}

// `launch-ready deploy env`: the checks of environment variables alone; `--matrix` prints the inventory itself.

import { UsageError } from '../../config/errors.ts'
import type { Fact } from '../../core/fact.ts'
import { inventoryRows, printInventory } from '../../deliverables/env-inventory.ts'
import { createCollection } from '../../facts/collect.ts'
import { createNetwork } from '../../net/create-network.ts'
import { exitCodes } from '../exit-code.ts'
import type { Io } from '../io.ts'
import type { RunOptions } from '../options.ts'
import { createFaults, settleConfig, settleNetwork, settleRepo, targetOf } from '../settings.ts'
import { runStage } from './stage.ts'

export const environmentChecks = [
  'env-inventory',
  'env-separation',
  'env-public-prefix',
  'env-validation',
  'env-file-committed',
]

const present = <T>(fact: Fact<T>): T => {
  if (!fact.ok) throw new UsageError(`the repository cannot be read: ${fact.message}.`)
  return fact.value
}

export const run = async (
  operands: string[],
  given: Record<string, unknown>,
  io: Io,
  version: string,
): Promise<number> => {
  const options = given as RunOptions & { matrix?: boolean }
  if (!options.matrix) return runStage('deploy', operands[0], { ...options, only: environmentChecks }, io, version)
  const faults = createFaults()
  const { config } = await settleConfig(options, io)
  const root = settleRepo(operands[0] ?? options.repo, io, faults)
  const network = settleNetwork(options, io, version, faults)
  if (root === null && (operands[0] ?? options.repo) === undefined)
    faults.add('deploy env needs a repository: run it inside one, or name its directory.')
  faults.throwIfAny()
  const net = createNetwork(network)
  try {
    const target = targetOf(config, { domain: null, repo: root, active: false })
    const collection = createCollection({
      target,
      config,
      net,
      env: io.env,
      signal: io.signal,
      timeoutMs: network.timeoutMs,
      now: () => new Date(io.now()).toISOString(),
    })
    const [subject] = collection.early('repo')
    if (!subject) throw new UsageError('deploy env needs a repository: run it inside one, or name its directory.')
    const [files, usage] = await Promise.all([
      collection.need('envFiles', subject),
      collection.need('envUsage', subject),
    ])
    io.out(
      options.json
        ? `${JSON.stringify(inventoryRows(present(files), present(usage)), null, 2)}\n`
        : printInventory(present(files), present(usage), subject.name, io.now()),
    )
    return exitCodes.ok
  } finally {
    await net.close()
  }
}

// `launch-ready deploy env`: the checks of environment variables alone; `--matrix` prints the inventory itself.
import { UsageError } from '../../config/errors.ts'
import type { Fact } from '../../core/fact.ts'
import { inventoryRows, printInventory } from '../../deliverables/env-inventory.ts'
import { repoSubject } from '../../facts/subjects.ts'
import { withCollection } from '../../run/open.ts'
import { targetOf } from '../../run/target.ts'
import type { Call } from '../call.ts'
import { exitCodes } from '../exit-code.ts'
import { settleConfig, settleRepo } from '../settings.ts'
import { ofAction, onlyChecks, runStage } from './stage.ts'

const present = <T>(fact: Fact<T>): T => {
  if (!fact.ok) throw new UsageError(`the repository cannot be read: ${fact.message}.`)
  return fact.value
}

const printMatrix = async (call: Call): Promise<number> => {
  const { io, faults, operands, network, json } = call
  const { config } = await settleConfig(call.config, io)
  const root = settleRepo(operands[0] ?? call.repo, io, faults)
  if (root === null && !faults.any())
    faults.add('deploy env needs a repository: run it inside one, or name its directory.')
  faults.throwIfAny()
  const subject = repoSubject(root!)
  const target = targetOf(config, { domain: null, repo: root, active: false })
  const ways = { network, clock: io.clock, env: io.env, signal: io.signal }
  const [files, usage] = await withCollection({ target, config }, ways, collection =>
    Promise.all([collection.need('envFiles', subject), collection.need('envUsage', subject)]),
  )
  const found = [present(files), present(usage)] as const
  io.out(
    json
      ? `${JSON.stringify(inventoryRows(...found), null, 2)}\n`
      : printInventory(...found, subject.name, io.clock.now()),
  )
  return exitCodes.ok
}

export const run = async (call: Call): Promise<number> => {
  if (call.action.matrix) return printMatrix(call)
  const task = { stage: 'deploy' as const, operand: call.operands[0] }
  return (await runStage(onlyChecks(call, ofAction('deploy env')), task)).code
}

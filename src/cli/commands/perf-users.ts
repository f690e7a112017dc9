// `perf users`: many customers at once walk the flows and routes of the config. Says first what it sends, and to whom.
import { UsageError } from '../../config/errors.ts'
import type { Call } from '../call.ts'
import { settleConfig } from '../settings.ts'
import { ofAction, onlyChecks, runStage } from './stage.ts'

/** The first customers of one evening. */
const usualUsers = 20
const mostUsers = 1000

export const run = async (call: Call): Promise<number> => {
  const { config, path } = await settleConfig(call.config, call.io)
  const { users: given } = call.action
  const users = given === undefined ? (config.perf?.users ?? usualUsers) : Number(given)
  if (!Number.isInteger(users) || users < 1 || users > mostUsers)
    throw new UsageError(`--users ${given}: expected a whole number from 1 to ${mostUsers}.`)
  if (call.stage.facts === undefined && !config.flows?.length && config.routes.length === 0)
    throw new UsageError(
      `${path ?? 'no config'}: it names no flows and no routes, so there is nothing that customers could walk; \`launch-ready init\` writes routes, and flows stand beside them (docs: launch-ready explain concurrent-users).`,
    )
  const active = { ...call, stage: { ...call.stage, active: true } }
  const chosen = active.stage.only.length ? active : onlyChecks(active, ofAction('perf users'))
  return (await runStage(chosen, { stage: 'perf', operand: call.operands[0], users })).code
}

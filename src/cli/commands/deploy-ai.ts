// `launch-ready deploy ai`: probes the assistant of the config with canaries. Says before it starts how many requests it makes and what they
// cost at most.
import { UsageError } from '../../config/errors.ts'
import { probePlan } from '../../facts/ai/ai-probes.ts'
import type { Call } from '../call.ts'
import { exitCodes } from '../exit-code.ts'
import { settleConfig, settleRepo } from '../settings.ts'
import { ofAction, onlyChecks, runStage } from './stage.ts'

/** What is about to happen, in one sentence or two. */
export const announcement = (
  host: string,
  plan: { probes: readonly unknown[]; requests: number; leftOut: number; costAtMost: number | null },
  canaries: number,
  intervalMs: number,
): string =>
  `${plan.probes.length} probes, ${plan.requests} requests to ${host}, at most one every ${intervalMs} ms; ${
    plan.costAtMost === null
      ? 'cost not known: set ai.costPerRequest'
      : `cost at most ${Number(plan.costAtMost.toFixed(4))}`
  }.${plan.leftOut ? ` ${plan.leftOut} probes do not fit into the bounds of the config.` : ''}${canaries ? '' : ' No canary is configured (ai.canaries): leaks of the system prompt cannot be told.'}\n`

export const run = async (call: Call): Promise<number> => {
  const { io, faults, operands } = call
  const { config, path } = await settleConfig(call.config, io)
  const { ai } = config
  if (!ai)
    throw new UsageError(
      `${path ?? 'no config'}: ai.endpoint is not configured; name the endpoint of your assistant, how a request is made (ai.request) and where the reply stands (ai.reply).`,
    )
  const plan = probePlan(ai)
  if (plan.probes.length === 0)
    throw new UsageError(`${path}: ai.maxRequests or ai.maxCost leaves no room for a single probe.`)
  const sentence = announcement(new URL(ai.endpoint).host, plan, ai.canaries?.length ?? 0, ai.interval ?? 250)
  if (call.action.dryRun) {
    io.out(sentence)
    return exitCodes.ok
  }
  io.err(sentence)
  // The endpoint is probed from wherever the command runs; without a repository the folder itself stands for it.
  const repo = settleRepo(operands[0] ?? call.repo, io, faults) ?? io.cwd
  faults.throwIfAny()
  const active = { ...call, stage: { ...call.stage, active: true } }
  return (await runStage(onlyChecks(active, ofAction('deploy ai')), { stage: 'deploy', operand: repo })).code
}

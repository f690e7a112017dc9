// `email flows`: triggers the mail flows of the config, waits for their mails, and judges flow and mail. Says what it sends first.
import { checks } from '../../checks/index.generated.ts'
import { UsageError } from '../../config/errors.ts'
import { kindsOf } from '../../core/check.ts'
import { mailFlows } from '../../deliverables/mail-flows.ts'
import type { Call } from '../call.ts'
import { settleConfig } from '../settings.ts'
import { onlyChecks, runStage } from './stage.ts'

/** What judges a flow, and what judges the mail that it brought. */
const ofMailFlows = checks
  .filter(check => check.actions?.includes('email flows') || kindsOf(check).includes('message'))
  .map(check => check.id)

export const run = async (call: Call): Promise<number> => {
  const { config, path } = await settleConfig(call.config, call.io)
  if (call.stage.facts === undefined && !config.email?.flows?.length)
    throw new UsageError(
      `${path ?? 'no config'}: email.flows names no flow, so there is nothing to send; \`launch-ready explain mail-flow\` and the comments of \`launch-ready init\` show how.`,
    )
  const chosen = call.stage.only.length ? call : onlyChecks(call, ofMailFlows)
  const task = { stage: 'email' as const, operand: call.operands[0], deliverable: mailFlows }
  return (await runStage(chosen, task)).code
}

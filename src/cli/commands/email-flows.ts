// `email flows`: triggers the mail flows of the config, waits for their mails, and judges flow and mail. Says what it sends first.
import { checks } from '../../checks/index.generated.ts'
import { UsageError } from '../../config/errors.ts'
import { mailFlows } from '../../deliverables/mail-flows.ts'
import { isOfMailFlows } from '../announce.ts'
import type { Io } from '../io.ts'
import type { RunOptions } from '../options.ts'
import { settleConfig } from '../settings.ts'
import { runStage } from './stage.ts'

/** What judges a flow, and what judges the mail that it brought. */
const flowChecks = checks.filter(isOfMailFlows).map(check => check.id)

export const run = async (
  operands: string[],
  given: Record<string, unknown>,
  io: Io,
  version: string,
): Promise<number> => {
  const options = given as RunOptions
  const { config, path } = await settleConfig(options, io)
  if (options.facts === undefined && !config.email?.flows?.length)
    throw new UsageError(
      `${path ?? 'no config'}: email.flows names no flow, so there is nothing to send; \`launch-ready explain mail-flow\` and the comments of \`launch-ready init\` show how.`,
    )
  const only = options.only?.length ? options.only : flowChecks
  return runStage('email', operands[0], { ...options, only }, io, version, mailFlows)
}

// Flows and mail flows as monitors: each is a fact of the run, collected anew for one look.

import type { Missing } from '../core/fact.ts'
import type { MailFlow } from '../facts/email/mail-flow.ts'
import type { FlowRun } from '../facts/http/flow-run.ts'
import type { LookWays } from '../monitor/look.ts'
import { failed, ofMissing, ok, type ProbeResult, unknown } from '../probes/probe.ts'
import { withCollection } from '../run/open.ts'
import { targetOf } from '../run/target.ts'
import type { Call } from './call.ts'
import type { MonitorSetup } from './monitor-setup.ts'

const ofFlow = ({ steps, planned, totalMs, slowMs, untold }: FlowRun): ProbeResult => {
  const broken = steps.find(({ problem }) => problem !== null)
  if (broken) return failed(`${broken.what}: ${broken.problem}`, { latencyMs: totalMs })
  if (untold !== null) return unknown(untold)
  const slow = totalMs > slowMs ? `, slower than ${slowMs} ms` : ''
  return ok(`${steps.length} of ${planned} steps in ${totalMs} ms${slow}`, { latencyMs: totalMs })
}

const ofMail = ({ mail, trigger, waitedSeconds, allowedSeconds }: MailFlow): ProbeResult => {
  if (trigger.problem !== null) return failed(`asking for the mail: ${trigger.problem}`)
  if (!mail) return failed(`no mail in ${Math.round(waitedSeconds)} s`)
  if (mail.spam) return failed('the mail went to the spam folder')
  const seen = { latencyMs: mail.seconds * 1000 }
  return mail.seconds > allowedSeconds
    ? failed(`the mail took ${Math.round(mail.seconds)} s, ${allowedSeconds} s are allowed`, seen)
    : ok(`the mail came in ${Math.round(mail.seconds)} s`, seen)
}

/** What could not be walked for a reason of ours is nobody's outage. */
const unseen = (missing: Missing): ProbeResult =>
  missing.reason === 'unsupported' || missing.reason === 'internal' ? unknown(missing.message) : ofMissing(missing)

export const flowWalker = ({ config }: MonitorSetup, call: Call): LookWays['walkFlow'] => {
  const { io, network } = call
  const domain = config.domain ?? null
  const target = targetOf(config, { domain, repo: null, active: true })
  const ways = { network, clock: io.clock, env: io.env, signal: io.signal }
  return (kind, name) =>
    withCollection({ target, config }, ways, async collection => {
      const of = kind === 'flow' ? 'pages' : 'mail'
      const flows = await collection.subjects('flow')
      const subject = (flows.ok ? flows.value : []).find(
        ({ name: own, details }) => details?.['of'] === of && (details?.['flow'] ?? own) === name,
      ) ?? { kind: 'flow' as const, name, details: { of, flow: name } }
      if (kind === 'flow') {
        const walked = await collection.need('flowRun', subject)
        return walked.ok ? ofFlow(walked.value as FlowRun) : unseen(walked)
      }
      const arrived = await collection.need('mailFlow', subject)
      return arrived.ok ? ofMail(arrived.value as MailFlow) : unseen(arrived)
    })
}

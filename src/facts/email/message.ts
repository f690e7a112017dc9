// One real message: a file that was handed over, or the mail that a flow received.
import { missing, observed } from '../../core/fact.ts'
import type { MessageEvidence } from '../../formats/message/evidence.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'

/** Hosts of the product, as the config names them. */
export const canonicalHostsOf = (target: CollectContext['target']): string[] => [
  ...new Set([
    ...(target.domain ? [target.domain, `www.${target.domain}`] : []),
    ...Object.values(target.hosts),
    ...(target.canonical ? [new URL(target.canonical).hostname] : []),
    ...target.routes.map(route => new URL(route.url).hostname),
  ]),
]

/** Whether the sender of this address sends newsletters; undefined where the config does not say. `bulk` alone is a number of mails. */
const bulkOf = (target: CollectContext['target'], from: string | undefined): boolean | undefined => {
  const sender = target.senders.find(
    item => item.from !== undefined && from?.toLowerCase().includes(item.from.toLowerCase()),
  )
  return sender?.stream === undefined ? sender?.bulk : sender.stream === 'marketing'
}

const fact: FactDefinition<MessageEvidence> = {
  on: 'message',
  deadlines: 16,
  async collect(subject, context) {
    if (typeof subject.details?.flow === 'string') {
      const flow = (await context.subjects('flow')).find(item => item.name === subject.details?.flow)
      // The flow's own fact read the mailbox: a message is fetched once.
      const seen = await context.need('mailFlow', flow)
      if (!seen.ok) return seen
      return (
        seen.value.message ??
        missing('unsupported', `the mail of ${subject.details.flow} did not arrive`, {
          because: `the mail of ${subject.details.flow} did not arrive`,
        })
      )
    }
    const handed = context.messages?.get(subject.name)
    if (!handed) return missing('internal', `the message ${subject.name} was not handed over`)
    const { raw, ...about } = handed
    const { target } = context
    const header = raw.subarray(0, 64 * 1024).toString('latin1')
    const from = /^from:(.*(?:\r?\n[ \t].*)*)/im.exec(header)?.[1]
    // Loaded only where there is a message: audits without one start sooner.
    const { gatherMessage } = await import('./message-evidence.ts')
    return observed(
      await gatherMessage(
        raw,
        { canonicalHosts: canonicalHostsOf(target), bulk: bulkOf(target, from), followLinks: target.active, ...about },
        context,
      ),
      context.now(),
    )
  },
}
export default fact

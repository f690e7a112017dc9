// Active: posts one event without a signature to a webhook. Nothing is sent without --active.
import { missing, notApplicable, observed } from '../../core/fact.ts'
import type { FactDefinition } from '../definition.ts'

export type UnsignedWebhook = { url: string; status: number; says: string }

/** Names itself, and is of a type that no program acts on. */
const event = JSON.stringify({
  id: 'evt_launch_ready_probe',
  object: 'event',
  type: 'launch_ready.unsigned_probe',
  livemode: false,
  data: { object: {} },
})

const fact: FactDefinition<UnsignedWebhook> = {
  on: 'route',
  async collect(subject, context) {
    if (!context.target.active) return notApplicable('only tried with --active')
    if (subject.details?.['kind'] !== 'webhook') return notApplicable('no webhook')
    const answer = await context.net.http({
      url: subject.name,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: event,
      maxBytes: 4096,
    })
    if (!answer.ok) return answer
    const hop = answer.value.hops[0]
    if (!hop) return missing('internal', 'no answer was kept')
    return observed({ url: subject.name, status: hop.status, says: hop.body.slice(0, 200) }, context.now())
  },
}
export default fact

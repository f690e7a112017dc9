// A route as served: its redirects and the page where they end.
import { observed } from '../../core/fact.ts'
import type { HttpExchange } from '../../net/network.ts'
import type { FactDefinition } from '../definition.ts'
import { nothingToReach } from '../dns/addresses.ts'
import { hostSubject } from '../subjects.ts'
import { walkAsBrowser } from './fetch.ts'

export type Page = HttpExchange

const fact: FactDefinition<Page> = {
  on: 'route',
  async collect(subject, context) {
    const name = new URL(subject.name).hostname
    const addresses = await context.need('addresses', hostSubject(name, context.target.domain ?? name))
    const nothing = addresses.ok ? nothingToReach(name, addresses.value) : null
    if (nothing) return nothing
    const walked = await walkAsBrowser(context, subject.name)
    return walked.ok ? observed(walked.value, context.now()) : walked
  },
}
export default fact

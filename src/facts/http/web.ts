// A host's front door: https://host/ and http://host/, redirects walked, over HTTPS also the ways on that pages take by themselves.
import { type Fact, type Missing, missing, observed } from '../../core/fact.ts'
import { turnedAway } from '../../formats/http/bot-wall.ts'
import { frontDoor } from '../../formats/http/front-door.ts'
import type { HttpExchange } from '../../net/network.ts'
import type { FactDefinition } from '../definition.ts'
import { nothingToReach } from '../dns/addresses.ts'
import { walk, walkAsBrowser } from './fetch.ts'

export type Web = { https: Fact<HttpExchange>; http: Fact<HttpExchange> }

/** Why nothing can be seen of a host whose front door keeps programs out; null where it lets us in. */
export const walledOff = (web: Web): Missing | null => {
  const door = frontDoor(web)
  const last = door.ok ? door.value.hops.at(-1) : undefined
  const cause = last ? turnedAway(last.url, last) : null
  return cause ? missing('forbidden', cause.text, { cause }) : null
}

const fact: FactDefinition<Web> = {
  on: 'host',
  async collect(subject, context) {
    const addresses = await context.need('addresses', subject)
    if (!addresses.ok) return addresses
    const nothing = nothingToReach(subject.name, addresses.value)
    if (nothing) return nothing
    const [https, http] = await Promise.all([
      walkAsBrowser(context, `https://${subject.name}/`),
      walk(context, `http://${subject.name}/`),
    ])
    return observed({ https, http }, context.now())
  },
}
export default fact

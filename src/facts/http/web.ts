// A host's front door: https://host/ and http://host/, redirects walked, over HTTPS also the ways on that pages take by themselves.
import { type Fact, type Missing, missing, observed, type Subject } from '../../core/fact.ts'
import { turnedAway } from '../../formats/http/bot-wall.ts'
import { frontDoor } from '../../formats/http/front-door.ts'
import type { HttpExchange } from '../../net/network.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'
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

/** A host's web with its front door; missing where the door is shut or keeps programs out. */
export const openDoor = async (
  subject: Subject,
  context: CollectContext,
): Promise<Fact<{ web: Web; door: HttpExchange }>> => {
  const web = await context.need('web', subject)
  if (!web.ok) return web
  const walled = walledOff(web.value)
  if (walled) return walled
  const door = frontDoor(web.value)
  return door.ok ? { ...web, value: { web: web.value, door: door.value } } : door
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

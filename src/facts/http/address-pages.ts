// What each address of a host answers by itself: a browser takes one of them, and another visitor's takes the next.
import { type Fact, observed } from '../../core/fact.ts'
import { limits } from '../../data/limits.ts'
import { frontDoor } from '../../formats/http/front-door.ts'
import type { FactDefinition } from '../definition.ts'

export type AddressPage = {
  address: string
  answer: Fact<{ url: string; status: number; headers: [string, string][]; body: string }>
}

/** The addresses beside the one whose answer is the fact `web`, in their order; empty where the host has one address. */
export type AddressPages = AddressPage[]

/** Bytes of a page in which placeholders show themselves. */
const firstBytes = 64 * 1024

const fact: FactDefinition<AddressPages> = {
  on: 'host',
  deadlines: 8,
  async collect(subject, context) {
    const [addresses, web] = await Promise.all([context.need('addresses', subject), context.need('web', subject)])
    if (!addresses.ok) return addresses
    if (!web.ok) return web
    const door = frontDoor(web.value)
    const first = door.ok ? door.value.hops[0] : undefined
    const others = addresses.value.addresses
      .filter(each => !each.private && each.address !== first?.address)
      .slice(0, limits.addressesPerHost - 1)
    if (!first || addresses.value.addresses.length < 2) return observed([], context.now())
    const pages = await Promise.all(
      others.map(async ({ address }): Promise<AddressPage> => {
        const answer = await context.net.http({ url: first.url, address, follow: 0, maxBytes: firstBytes })
        const hop = answer.ok ? answer.value.hops[0] : undefined
        if (!answer.ok || !hop) return { address, answer: answer as AddressPage['answer'] }
        const { url, status, headers, body } = hop
        return { address, answer: observed({ url, status, headers, body }, context.now()) }
      }),
    )
    return observed(pages, context.now())
  },
}
export default fact

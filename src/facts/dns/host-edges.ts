// Whether a host stands behind a content network: by its addresses, its aliases, and what its answers say.

import { observed } from '../../core/fact.ts'
import { edgeOf } from '../../data/edge-ranges.ts'
import type { FactDefinition } from '../definition.ts'
import { noAddress } from './addresses.ts'

export type HostEdges = {
  /** Name of the network, null when none was recognised. */
  edge: string | null
  by: 'address' | 'alias' | 'header' | null
  /** Headers that tell, and the server's name. */
  headers: { name: string; value: string }[]
  answered: boolean
}

const telling = [
  'server',
  'cf-ray',
  'cf-cache-status',
  'x-vercel-id',
  'x-amz-cf-id',
  'x-nf-request-id',
  'x-served-by',
  'x-fastly-request-id',
  'x-azure-ref',
  'fly-request-id',
  'x-akamai-transformed',
  'via',
  'cdn-pullzone',
  'x-render-origin-server',
  'x-github-request-id',
  'x-railway-edge',
  'x-cdn',
]

const fact: FactDefinition<HostEdges> = {
  on: 'host',
  deadlines: 6,
  async collect(subject, context) {
    const addresses = await context.need('addresses', subject)
    if (!addresses.ok) return addresses
    if (addresses.value.status !== 'NOERROR') return noAddress(subject.name, addresses.value.status)
    const web = await context.need('web', subject)
    const hop = web.ok
      ? [web.value.https, web.value.http].flatMap(side =>
          side.ok && side.value.hops[0] ? [side.value.hops[0]] : [],
        )[0]
      : undefined
    const headers = (hop?.headers ?? [])
      .filter(([name]) => telling.includes(name))
      .map(([name, value]) => ({ name, value: value.slice(0, 200) }))
    const found = edgeOf({
      addresses: addresses.value.addresses.map(item => item.address),
      aliases: addresses.value.cnames,
      headers,
    })
    return observed(
      { edge: found?.name ?? null, by: found?.by ?? null, headers, answered: hop !== undefined },
      context.now(),
    )
  },
}
export default fact

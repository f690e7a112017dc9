// Reverse DNS of one sending address, and whether its names lead back to it.
import { observed } from '../../core/fact.ts'
import { addressBytes, reverseName } from '../../formats/dns/ip-network.ts'
import type { FactDefinition } from '../definition.ts'
import { escapeName, recordTexts } from './mail-lookups.ts'

export type ReverseDns = {
  address: string
  /** Where the address comes from: the SPF term, the config. */
  why: string
  reverse: string
  /** At most 10 names; `confirmed` where their addresses hold this one; null where that could not be asked. */
  names: { name: string; confirmed: boolean | null; addresses: string[] }[]
}

const fact: FactDefinition<ReverseDns> = {
  on: 'address',
  async collect(subject, context) {
    const reverse = reverseName(subject.name) ?? ''
    const answer = await context.net.dns.lookup(reverse, 'PTR')
    if (!answer.ok) return answer
    const bytes = String(addressBytes(subject.name))
    const type = subject.name.includes(':') ? 'AAAA' : 'A'
    const names = recordTexts(answer.value, 'PTR')
      .map(name => name.replace(/\.$/, '').toLowerCase())
      .sort()
      .slice(0, 10)
    return observed(
      {
        address: subject.name,
        why: String(subject.details?.why ?? ''),
        reverse,
        names: await Promise.all(
          names.map(async name => {
            const forward = await context.net.dns.lookup(escapeName(name), type)
            const addresses = forward.ok ? forward.value.records.map(record => record.data).sort() : []
            return {
              name,
              confirmed: forward.ok ? addresses.some(address => String(addressBytes(address)) === bytes) : null,
              addresses: addresses.slice(0, 10),
            }
          }),
        ),
      },
      context.now(),
    )
  },
}
export default fact

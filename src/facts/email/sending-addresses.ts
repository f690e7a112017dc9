// Addresses of the domain's own that send mail: single addresses of its SPF record, of configured senders, and own mail servers.
import { observed } from '../../core/fact.ts'
import { providerOfMx } from '../../data/mail-providers.ts'
import { isUnreachableNetwork } from '../../formats/dns/special-networks.ts'
import { isSingle } from '../../formats/spf/needs.ts'
import type { FactDefinition } from '../definition.ts'

export type SendingAddresses = { addresses: { address: string; why: string }[]; leftOut: number }

const addressLimit = 20

const fact: FactDefinition<SendingAddresses> = {
  on: 'domain',
  async collect(subject, context) {
    const [spf, mx] = await Promise.all([context.need('spf'), context.need('mx')])
    if (!spf.ok && !mx.ok && context.target.senders.every(sender => !sender.ips?.length)) return spf
    const found = new Map<string, string>()
    const add = (address: string, why: string): void => {
      const [plain = ''] = address.split('/')
      // A private address is never seen by receivers: they ask for the name of the one that the router has.
      if (isUnreachableNetwork(plain)) return
      if (!found.has(plain)) found.set(plain, why)
    }
    for (const sender of context.target.senders)
      for (const ip of sender.ips ?? []) if (isSingle(ip)) add(ip, `configured for ${sender.name}`)
    const foreignMx = new Set(
      (mx.ok ? mx.value.hosts : [])
        .filter(host => providerOfMx(host.exchange))
        .flatMap(host => host.addresses.map(item => item.address)),
    )
    // A name that leads to a service by CNAME has that service's record: its addresses are not ours.
    for (const item of spf.ok ? spf.value.names.filter(each => each.alias === null) : [])
      for (const term of item.tree?.root.terms ?? []) {
        if (term.ignored || term.qualifier !== '+' || !['ip4', 'ip6', 'a', 'mx'].includes(term.name)) continue
        // The web site's address stands in `a` by habit; only what is written as an address, or a mail server, is sure to send.
        if (term.name === 'a' && term.target === subject.name) continue
        for (const network of term.networks)
          if (isSingle(network) && !foreignMx.has(network)) add(network, `${term.text} in SPF of ${item.name}`)
      }
    const list = [...found].map(([address, why]) => ({ address, why })).sort((a, b) => (a.address < b.address ? -1 : 1))
    return observed(
      { addresses: list.slice(0, addressLimit), leftOut: Math.max(0, list.length - addressLimit) },
      context.now(),
    )
  },
}
export default fact

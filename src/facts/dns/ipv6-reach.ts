// Whether something answers at a host's IPv6 addresses; not to be confused with this machine having no IPv6.
import { missing, notApplicable, observed } from '../../core/fact.ts'
import type { FactDefinition } from '../definition.ts'

export type Ipv6Reach = {
  /** `answers` on port 443 or 80; `refused`: connections are turned away; `silent`: they are swallowed. */
  addresses: { address: string; state: 'answers' | 'refused' | 'silent' }[]
}

const fact: FactDefinition<Ipv6Reach> = {
  on: 'host',
  async collect(subject, context) {
    const addresses = await context.need('addresses', subject)
    if (!addresses.ok) return addresses
    const six = addresses.value.addresses.filter(item => item.family === 6 && !item.private)
    if (six.length === 0) return notApplicable(`${subject.name} publishes no IPv6 address`)
    const tried = await Promise.all(
      six.slice(0, 4).map(async ({ address }) => {
        const dials = await Promise.all(
          [443, 80].map(async port => {
            const dialled = await context.net.dial({ host: subject.name, port, address })
            if (dialled.ok) dialled.value.socket.destroy()
            return dialled
          }),
        )
        const failures = dials.flatMap(dialled => (dialled.ok ? [] : [dialled.reason]))
        const state =
          failures.length < dials.length
            ? ('answers' as const)
            : failures.includes('refused')
              ? ('refused' as const)
              : ('silent' as const)
        return {
          address,
          state,
          noRoute:
            failures.length === dials.length &&
            failures.every(reason => reason === 'unreachable' || reason === 'unsupported'),
          unproven: dials.find(dialled => !dialled.ok && dialled.reason === 'unproven'),
        }
      }),
    )
    const silent = tried.filter(item => item.state === 'silent')
    const unproven = silent.find(item => item.unproven)?.unproven
    if (unproven && !unproven.ok) return unproven
    if (silent.length) {
      // Silence proves something only where IPv6 works from here: another address of the family must have answered.
      const servers = await context.need('nameServers', subject.parent ?? subject)
      const works =
        tried.some(item => item.state !== 'silent') ||
        (servers.ok &&
          servers.value.servers.some(
            server => server.family === 6 && (server.udp.rcode !== null || server.tcp.rcode !== null),
          )) ||
        silent.some(item => context.net.isMapped(subject.name, item.address, 443))
      if (!works || silent.some(item => item.noRoute))
        return missing('unsupported', 'no IPv6 from this network', {
          cause: { kind: 'network', lacks: 'ipv6', text: 'no IPv6 from this network' },
        })
    }
    return observed({ addresses: tried.map(({ address, state }) => ({ address, state })) }, context.now())
  },
}
export default fact

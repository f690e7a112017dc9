// Where the domain does not exist: which names near to it do, so that a slip of the pen is told as one.
import { observed } from '../../core/fact.ts'
import { nearNames } from '../../formats/dns/near-names.ts'
import type { FactDefinition } from '../definition.ts'

/** `exists` is empty where the domain itself exists: nothing is asked then. */
export type NearNames = { exists: string[] }

const fact: FactDefinition<NearNames> = {
  on: 'host',
  async collect(subject, context) {
    if (subject.name !== context.target.domain) return observed({ exists: [] }, context.now())
    const addresses = await context.need('addresses', subject)
    if (!addresses.ok) return addresses
    if (addresses.value.status !== 'NXDOMAIN') return observed({ exists: [] }, context.now())
    const asked = await Promise.all(
      nearNames(subject.name).map(async name => ({ name, is: await context.net.dns.lookup(name, 'A') })),
    )
    const exists = asked.flatMap(({ name, is }) => (is.ok && is.value.status !== 'NXDOMAIN' ? [name] : []))
    return observed({ exists }, context.now())
  },
}
export default fact

// Who runs the domain's DNS, by its name servers: so that records are told in the form of that provider's panel.
import { observed } from '../../core/fact.ts'
import { panelOf } from '../../formats/dns/panel.ts'
import type { FactDefinition } from '../definition.ts'
import { recordTexts } from './mail-lookups.ts'

export type DnsPanelFact = { nameservers: string[]; provider: string | null }

const fact: FactDefinition<DnsPanelFact> = {
  on: 'domain',
  async collect(subject, context) {
    // A subdomain has no name servers of its own: its zone is above it.
    const labels = subject.name.split('.')
    for (let at = 0; at < Math.min(labels.length - 1, 5); at++) {
      const answer = await context.net.dns.lookup(labels.slice(at).join('.'), 'NS')
      if (!answer.ok) return answer
      const nameservers = recordTexts(answer.value, 'NS')
        .map(name => name.toLowerCase().replace(/\.$/, ''))
        .sort()
      if (nameservers.length)
        return observed({ nameservers, provider: panelOf(nameservers)?.name ?? null }, context.now())
    }
    return observed({ nameservers: [], provider: null }, context.now())
  },
}
export default fact

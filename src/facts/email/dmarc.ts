// The DMARC record that applies to the domain, by the tree walk, and records that stand where no receiver looks.
import { missing, nameGone, observed } from '../../core/fact.ts'
import { nearlyDmarc } from '../../formats/dmarc/dmarc.ts'
import { type Walk, walkDmarc } from '../../formats/dmarc/tree-walk.ts'
import { registrableDomain } from '../../formats/dns/registrable-domain.ts'
import type { FactDefinition } from '../definition.ts'
import { txtLookup } from './mail-lookups.ts'

export type Dmarc = {
  walk: Walk
  /** Records that are nearly DMARC: at the right name but spoilt (`spoilt`), or at a name where nobody looks. */
  misplaced: { name: string; text: string; spoilt: boolean }[]
  /** The organizational domain that receivers of RFC 7489 take, by the Public Suffix List. */
  registrable: string | null
  /** Where the name of the record that applies leads by CNAME: it is kept there, by somebody else. Null when it is the zone's own. */
  alias: string | null
  /** Time to live of the domain's own record in seconds; null without one. */
  ttl: number | null
}

const fact: FactDefinition<Dmarc> = {
  on: 'domain',
  async collect(subject, context) {
    const { dns } = context.net
    const domain = subject.name
    const elsewhere = [domain, `dmarc.${domain}`, `_dmarc.${domain}.${domain}`, `_dmarc._dmarc.${domain}`]
    const [walk, own, ...others] = await Promise.all([
      walkDmarc(domain, async name => {
        const answer = await txtLookup(dns, name)
        return answer.ok ? { ok: true, records: answer.records } : { ok: false, message: answer.message }
      }),
      txtLookup(dns, `_dmarc.${domain}`),
      ...elsewhere.map(name => txtLookup(dns, name)),
    ])
    if (!own.ok) return own.missing
    // The domain itself stands first among the other places.
    const [atDomain] = others
    if (atDomain?.ok && atDomain.status === 'NXDOMAIN') return nameGone(domain, `${domain} does not exist`)
    // A parent that could not be asked matters only where nothing stands at the domain itself, and a public suffix hardly
    // ever has a record (psd=y): that it does not answer does not hide that the domain has none.
    const registered = registrableDomain(domain)
    const hidden = walk.steps.some(
      step => step.problem !== null && registered !== null && step.domain.endsWith(registered),
    )
    if (hidden && walk.problem && !walk.steps[0]?.texts.length)
      return missing('servfail', `the DMARC records above ${domain} could not be asked for: ${walk.problem}`)
    const misplaced = [
      ...own.records
        .filter(text => nearlyDmarc(text) && !walk.steps[0]?.texts.includes(text))
        .map(text => ({ name: `_dmarc.${domain}`, text: text.slice(0, 600), spoilt: true })),
      ...others.flatMap((answer, at) =>
        answer.ok
          ? answer.records
              .filter(nearlyDmarc)
              .map(text => ({ name: elsewhere[at] as string, text: text.slice(0, 600), spoilt: false }))
          : [],
      ),
    ]
    const lookup = await dns.lookup(`_dmarc.${domain}`, 'TXT')
    const applied = await dns.lookup(`_dmarc.${walk.at ?? domain}`, 'TXT')
    return observed(
      {
        walk,
        misplaced,
        registrable: registrableDomain(domain),
        alias: applied.ok && applied.value.records.length ? (applied.value.cnames.at(-1) ?? null) : null,
        ttl: lookup.ok ? (lookup.value.records[0]?.ttl ?? null) : null,
      },
      context.now(),
    )
  },
}
export default fact

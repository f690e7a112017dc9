// The CAA records that an authority finds for each host, climbing as it does, beside the authority that issued what is served.
import { type Fact, type Missing, observed } from '../../core/fact.ts'
import type { CaaRecord } from '../../formats/caa.ts'
import { climb } from '../../formats/dns-name.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'

export type CaaSet = {
  host: string
  /** Name at which records were found (an alias is followed), null when none up to the domain's suffix has any. */
  found: string | null
  records: CaaRecord[]
  /** Organisation that issued the certificate in use, null when none was seen. */
  issuer: string | null
  wildcard: boolean
}

export type Caa = {
  sets: CaaSet[]
  /** Hosts whose records could not be looked up, and why. */
  unknown: { host: string; message: string }[]
}

/** RFC 8659 §3: the name itself, then each name above it; the first that has records decides. */
const relevantSet = async (
  context: CollectContext,
  host: string,
): Promise<{ found: string | null; records: CaaRecord[] } | Missing> => {
  const names = climb(host).filter(name => name.includes('.'))
  const lookups = await Promise.all(names.map(name => context.net.dns.lookup(name, 'CAA')))
  for (const [at, lookup] of lookups.entries()) {
    if (!lookup.ok) return lookup
    if (lookup.value.records.length === 0) continue
    const records = lookup.value.records
      .map(record => record.fields as CaaRecord)
      .map(({ flags, tag, value }) => ({ flags, tag, value }))
      .sort((a, b) => (`${a.tag} ${a.value} ${a.flags}` < `${b.tag} ${b.value} ${b.flags}` ? -1 : 1))
    return { found: names[at]!, records }
  }
  return { found: null, records: [] }
}

const fact: FactDefinition<Caa> = {
  on: 'domain',
  deadlines: 12,
  async collect(subject, context) {
    const delegation = await context.need('delegation', subject)
    if (!delegation.ok && delegation.because) return delegation
    const hosts = (await context.subjects('host')).filter(
      host => host.name === subject.name || host.name.endsWith(`.${subject.name}`),
    )
    const looked = await Promise.all(
      hosts.map(async host => {
        const [set, certificate] = await Promise.all([
          relevantSet(context, host.name),
          context.need('certificateNames', host),
        ])
        return { host: host.name, set, certificate }
      }),
    )
    const sound = looked.flatMap(({ host, set, certificate }) => ('ok' in set ? [] : [{ host, set, certificate }]))
    const failed = looked.flatMap(({ host, set }) => ('ok' in set ? [{ host, message: set.message }] : []))
    if (sound.length === 0 && failed.length) return looked[0]!.set as Missing
    return observed(
      {
        sets: sound
          .map(({ host, set, certificate }) => ({
            host,
            found: set.found,
            records: set.records,
            issuer: issuerOf(certificate),
            wildcard:
              certificate.ok &&
              !certificate.value.names.includes(host) &&
              certificate.value.names.some(name => name.startsWith('*.')),
          }))
          .sort((a, b) => (a.host < b.host ? -1 : 1)),
        unknown: failed.sort((a, b) => (a.host < b.host ? -1 : 1)),
      },
      context.now(),
    )
  },
}
export default fact

const issuerOf = (certificate: Fact<{ issuer: string; issuerCommonName: string }>): string | null =>
  certificate.ok ? certificate.value.issuer : null

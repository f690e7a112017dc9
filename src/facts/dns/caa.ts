// The CAA records that an authority finds for each host, climbing as it does, beside the authority that issued what is served.
import { type Fact, type Missing, observed } from '../../core/fact.ts'
import type { CaaRecord } from '../../formats/dns/caa.ts'
import { climb, isWithin, normaliseName, parentName } from '../../formats/dns/name.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'
import type { CertificateNames } from './certificate-names.ts'

export type CaaSet = {
  /** A host, or a name of a certificate in use, with its `*.`. */
  host: string
  /** Name at which records were found: where a name on the way up is an alias, its target. Null when none up to the suffix has any. */
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
    return { found: normaliseName(lookup.value.cnames.at(-1) ?? names[at]!), records }
  }
  return { found: null, records: [] }
}

/** One name that an authority has to look at, and who issued for it; `wildcard`: the certificate has `*.` before it. */
type Wanted = { name: string; wildcard: boolean; issuer: string | null }

/** Most names of one certificate that are looked at. */
const mostNames = 30

/**
 * The host itself, and each name of its certificate that belongs to the domain: one name that may not be issued for keeps the
 * whole certificate from being renewed. A certificate that does not cover the host says nothing of who issues for it.
 */
const wantedNames = (host: string, domain: string, certificate: Fact<CertificateNames>): Wanted[] => {
  const names = certificate.ok ? certificate.value.names : []
  const covers = names.includes(host) || names.includes(`*.${parentName(host)}`)
  const issuer = certificate.ok && covers ? certificate.value.issuer : null
  const issued = covers
    ? names
        .map((name): Wanted => ({ name: name.replace(/^\*\./, ''), wildcard: name.startsWith('*.'), issuer }))
        .filter(({ name }) => isWithin(name, domain))
        .slice(0, mostNames)
    : []
  return [...(names.includes(host) ? [] : [{ name: host, wildcard: false, issuer: null }]), ...issued]
}

const fact: FactDefinition<Caa> = {
  on: 'domain',
  deadlines: 12,
  async collect(subject, context) {
    const delegation = await context.need('delegation', subject)
    if (!delegation.ok && delegation.because) return delegation
    const hosts = (await context.subjects('host')).filter(host => isWithin(host.name, subject.name))
    const looked = new Map<string, ReturnType<typeof relevantSet>>()
    const look = (name: string): ReturnType<typeof relevantSet> => {
      const set = looked.get(name) ?? relevantSet(context, name)
      looked.set(name, set)
      return set
    }
    const wanted = await Promise.all(
      hosts.map(async host => {
        // The host's own set does not wait for its certificate.
        void look(host.name)
        return wantedNames(host.name, subject.name, await context.need('certificateNames', host))
      }),
    )
    const unique = new Map(
      wanted.flat().map(each => [`${each.wildcard ? '*.' : ''}${each.name} ${each.issuer ?? ''}`, each]),
    )
    // A name that is known with its issuer need not stand there without one too.
    const known = [...unique.values()].filter(
      each =>
        each.issuer !== null ||
        ![...unique.values()].some(
          other => other.name === each.name && other.wildcard === each.wildcard && other.issuer !== null,
        ),
    )
    const answers = await Promise.all(known.map(async each => ({ ...each, set: await look(each.name) })))
    const label = ({ name, wildcard }: Wanted): string => (wildcard ? `*.${name}` : name)
    const failed = answers.flatMap(each => ('ok' in each.set ? [{ host: label(each), message: each.set.message }] : []))
    const sets = answers.flatMap(each =>
      'ok' in each.set ? [] : [{ ...each.set, host: label(each), issuer: each.issuer, wildcard: each.wildcard }],
    )
    if (sets.length === 0 && answers[0] && 'ok' in answers[0].set) return answers[0].set
    return observed(
      {
        sets: sets.sort((a, b) => (`${a.host} ${a.issuer}` < `${b.host} ${b.issuer}` ? -1 : 1)),
        unknown: failed.sort((a, b) => (a.host < b.host ? -1 : 1)),
      },
      context.now(),
    )
  },
}
export default fact

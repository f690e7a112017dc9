// The registration of the domain by RDAP (RFC 9082, 9083): until when, on hold or not, locked or not.

import { type Fact, missing, notApplicable, observed } from '../../core/fact.ts'
import { rdapServers } from '../../data/rdap-servers.ts'
import { registrableDomain } from '../../formats/dns/registrable-domain.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'

export type Registration = {
  /** The registered name, which may lie above the domain. */
  name: string
  /** EPP states as RDAP words them, sorted: `client transfer prohibited`, `server hold`. */
  states: string[]
  /** ISO 8601, null when the registry does not say. */
  expires: string | null
  registrar: string | null
}

/** Names that nobody registers (RFC 2606, RFC 6761). */
const reserved = /(^|\.)(example|test|invalid|localhost|local|internal|onion|arpa)$/

const json = async (context: CollectContext, url: string): Promise<Fact<unknown>> => {
  const answer = await context.net.http({
    url,
    follow: 3,
    verify: 'strict',
    headers: { accept: 'application/rdap+json, application/json' },
    maxBytes: 1_000_000,
  })
  if (!answer.ok) return answer
  const last = answer.value.hops.at(-1)
  if (!last) return missing('internal', `no answer was kept for ${url}`)
  if (last.status === 404) return observed(null, context.now())
  if (last.status === 429) return missing('rate-limited', `${new URL(url).hostname} asks us to wait`)
  if (last.status !== 200) return missing('http-status', `${new URL(url).hostname} answered ${last.status}`)
  try {
    return observed(JSON.parse(last.body), context.now())
  } catch {
    return missing('malformed', `${new URL(url).hostname} answered with something that is no JSON`)
  }
}

/** Server of a top-level domain: by our table, else by IANA's bootstrap file (RFC 9224). Null: the registry offers none. */
const serverOf = async (context: CollectContext, suffix: string): Promise<Fact<string | null>> => {
  const known = rdapServers[suffix]
  if (known) return observed(known, context.now())
  const bootstrap = await json(context, 'https://data.iana.org/rdap/dns.json')
  if (!bootstrap.ok) return bootstrap
  const services = (bootstrap.value as { services?: [string[], string[]][] } | null)?.services
  if (!Array.isArray(services)) return missing('malformed', 'the list of RDAP servers could not be read')
  const own = services.find(([suffixes]) => Array.isArray(suffixes) && suffixes.includes(suffix))
  return observed(own?.[1]?.find(url => url.startsWith('https:')) ?? null, context.now())
}

const fact: FactDefinition<Registration> = {
  on: 'domain',
  deadlines: 6,
  async collect(subject, context) {
    const name = registrableDomain(subject.name) ?? subject.name
    const suffix = name.split('.').at(-1)!
    if (reserved.test(name) && !rdapServers[suffix]) {
      // Reserved names are only looked up where a test leads the bootstrap file elsewhere.
      const bootstrap = await context.net.dns.lookup('data.iana.org', 'A')
      const led =
        bootstrap.ok && bootstrap.value.records.some(record => context.net.isMapped('data.iana.org', record.data, 443))
      if (!led) return notApplicable(`.${suffix} is reserved: nobody registers names there`)
    }
    const delegation = await context.need('delegation', subject)
    if (!delegation.ok && delegation.because) return delegation
    const server = await serverOf(context, suffix)
    if (!server.ok) return server
    if (server.value === null) return notApplicable(`the registry of .${suffix} offers no registration data (RDAP)`)
    const answer = await json(context, `${server.value.replace(/\/*$/, '/')}domain/${name}`)
    if (!answer.ok) return answer
    if (answer.value === null) return missing('http-status', `the registry of .${suffix} does not know ${name}`)
    const { expires, states, registrar } = readRegistration(answer.value)
    return observed(
      {
        name,
        states,
        expires,
        registrar,
      },
      context.now(),
    )
  },
}
export default fact

type Entry = Readonly<Record<string, unknown>>
const entriesOf = (value: unknown): Entry[] =>
  Array.isArray(value) ? value.filter((item): item is Entry => typeof item === 'object' && item !== null) : []

/** The parts of a domain object (RFC 9083 §5.3) that matter here; what is not of the form that the RFC gives is left out. */
const readRegistration = (value: unknown): Omit<Registration, 'name'> => {
  const record = entriesOf([value])[0] ?? {}
  const expiry = entriesOf(record['events']).find(event => event['eventAction'] === 'expiration')?.['eventDate']
  const at = typeof expiry === 'string' ? Date.parse(expiry) : Number.NaN
  const company = entriesOf(record['entities']).find(
    entity => Array.isArray(entity['roles']) && entity['roles'].includes('registrar'),
  )
  const card = Array.isArray(company?.['vcardArray']) ? company['vcardArray'][1] : null
  const registrar = (Array.isArray(card) ? card : []).find(field => Array.isArray(field) && field[0] === 'fn')?.[3]
  return {
    // Some registries write the states as EPP does: `clientHold`.
    states: (Array.isArray(record['status']) ? record['status'] : [])
      .filter(state => typeof state === 'string')
      .map(state => state.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase())
      .sort(),
    expires: Number.isNaN(at) ? null : new Date(at).toISOString(),
    registrar: typeof registrar === 'string' ? registrar.slice(0, 100) : null,
  }
}

// Until when a domain is registered, by RDAP (RFC 9083): a monitor of its own, for whoever forgets to renew.
import { textEvidence } from '../core/evidence.ts'
import { rdapServers } from '../data/rdap-servers.ts'
import { registrableDomain } from '../formats/dns/registrable-domain.ts'
import type { Network } from '../net/network.ts'
import { type Answer, answerOf, failed, isResult, ok, type ProbeResult, unknown } from '../probes/probe.ts'
import type { PlannedMonitor } from './plan.ts'

const bootstrap = 'https://data.iana.org/rdap/dns.json'

const ask = (url: string, net: Network): Promise<Answer | ProbeResult> =>
  answerOf(net, { url, follow: 3, maxBytes: 1_000_000, headers: { accept: 'application/rdap+json, application/json' } })

const parsed = (body: string): Record<string, unknown> | null => {
  try {
    const value: unknown = JSON.parse(body)
    return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}

/** The server of a top-level domain (RFC 9224). */
const serverOf = async (suffix: string, net: Network): Promise<string | ProbeResult> => {
  const known = rdapServers[suffix]
  if (known) return known
  const answer = await ask(bootstrap, net)
  if (isResult(answer)) return unknown(answer.detail)
  const services = parsed(answer.hop.body)?.['services']
  const own = (Array.isArray(services) ? services : []).find(
    (entry): entry is [string[], string[]] => Array.isArray(entry?.[0]) && entry[0].includes(suffix),
  )
  const url = own?.[1]?.find(text => String(text).startsWith('https:'))
  return url ?? unknown(`the registry of .${suffix} offers no registration data (RDAP)`)
}

const expiryIn = (body: string): number | null => {
  const events = parsed(body)?.['events']
  const event = (Array.isArray(events) ? events : []).find(item => item?.eventAction === 'expiration')
  const at = Date.parse(String(event?.eventDate ?? ''))
  return Number.isNaN(at) ? null : at
}

/** What the registry cannot tell is unknown: its silence is no outage of the product. */
export const lookUpDomain = async ({ config }: PlannedMonitor, net: Network): Promise<ProbeResult> => {
  const domain = config.domain ?? ''
  const name = registrableDomain(domain) ?? domain
  const server = await serverOf(name.split('.').at(-1)!, net)
  if (typeof server !== 'string') return server
  const answer = await ask(`${server.replace(/\/*$/, '/')}domain/${name}`, net)
  if (isResult(answer)) return unknown(answer.detail)
  const { status, body } = answer.hop
  if (status === 404) return failed(`the registry does not know ${name}`)
  if (status !== 200) return unknown(`the registry answered ${status}`)
  const expires = expiryIn(body)
  if (expires === null) return unknown('the registry does not say until when it is registered')
  const days = Math.floor((expires - net.options.clock.now()) / 86_400_000)
  const until = new Date(expires).toISOString().slice(0, 10)
  const evidence = [textEvidence(name, `registered until ${until}`)]
  if (days < 0) return failed(`the registration ended on ${until}`, { evidence })
  if (days < (config.expect?.daysLeft ?? 30))
    return failed(`the registration ends in ${days} days, on ${until}`, { evidence })
  return ok(`registered until ${until}`, { evidence })
}

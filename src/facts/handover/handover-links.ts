// Whether the links of a handover lead somewhere, and what stands there. A link into a private network is not asked.
import ipaddr from 'ipaddr.js'
import type { Fact } from '../../core/fact.ts'
import { observed } from '../../core/fact.ts'
import type { HttpExchange } from '../../net/network.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'
import { hostSubject } from '../subjects.ts'

export type SeenLink = {
  what: string
  url: string
  /** `dead`: it answers 404 or 410, or its name is gone. `failing`: it answers an error. `private`: not asked. */
  state: 'live' | 'dead' | 'failing' | 'private' | 'unknown'
  detail: string
  /** Host names that the page speaks of, and its title, for what is compared. */
  title: string | null
  hosts: string[]
}

export type HandoverLinks = { links: SeenLink[] }

const most = 40

/** Why nothing was seen where that says nothing of the link. */
const untold: ReadonlySet<string> = new Set(['timeout', 'unproven', 'internal', 'servfail', 'unreachable'])

const isPrivateHost = (host: string): boolean => {
  const bare = host.replace(/^\[|\]$/g, '')
  if (ipaddr.isValid(bare)) return ipaddr.process(bare).range() !== 'unicast'
  return /^(?:localhost|.*\.(?:local|internal|lan|home\.arpa|localhost|intranet))$/i.test(bare) || !bare.includes('.')
}

const statesOf = (answer: Fact<HttpExchange>): Pick<SeenLink, 'state' | 'detail' | 'title' | 'hosts'> => {
  const nothing = { title: null, hosts: [] }
  if (!answer.ok) {
    const dead = answer.because !== undefined || answer.reason === 'refused' || answer.reason === 'tls-handshake'
    return { ...nothing, state: dead ? 'dead' : 'unknown', detail: answer.because ?? answer.message }
  }
  const { hops, ended, next } = answer.value
  const last = hops.at(-1)!
  if (ended === 'private-address') return { ...nothing, state: 'private', detail: 'it leads into a private network' }
  // A time-out of ours is nobody's outage, wherever in a chain of redirects it comes.
  const isUntold = ended === 'kept-back' || (next?.missing !== undefined && untold.has(next.missing.reason))
  if (isUntold) return { ...nothing, state: 'unknown', detail: next?.why ?? 'its redirects were not followed' }
  if (ended !== 'answer') return { ...nothing, state: 'dead', detail: next?.why ?? 'its redirects lead nowhere' }
  const seen = {
    title: /<title[^>]{0,200}>([^<]{1,200})/i.exec(last.body.slice(0, 50_000))?.[1]?.trim() ?? null,
    hosts: [
      ...new Set(
        (last.body.slice(0, 200_000).match(/(?<![a-z0-9.-])[a-z0-9-]+(?:\.[a-z0-9-]+)+\b/gi) ?? []).map(name =>
          name.toLowerCase(),
        ),
      ),
    ]
      .filter(name => /\.[a-z]{2,}$/.test(name))
      .slice(0, 200),
  }
  const detail = `answers ${last.status}`
  if (last.status === 404 || last.status === 410) return { ...seen, state: 'dead', detail }
  // A page that asks for a log-in is there.
  if (last.status < 400 || [401, 403, 405, 407, 429].includes(last.status)) return { ...seen, state: 'live', detail }
  return { ...seen, state: 'failing', detail }
}

const seenLink = async (
  link: { what: string; url: string },
  domain: string,
  context: CollectContext,
): Promise<SeenLink> => {
  const host = new URL(link.url).hostname
  const withheld = {
    ...link,
    state: 'private' as const,
    detail: 'a private address is not asked',
    title: null,
    hosts: [],
  }
  if (isPrivateHost(host)) return withheld
  const addresses = await context.need('addresses', hostSubject(host, domain))
  if (addresses.ok && addresses.value.status !== 'NOERROR')
    return { ...link, state: 'dead', detail: `${host} does not exist`, title: null, hosts: [] }
  if (addresses.ok && addresses.value.addresses.every(each => each.private)) return withheld
  const answer = await context.net.http({ url: link.url, follow: 5, maxBytes: 256 << 10, background: true })
  return { ...link, ...statesOf(answer) }
}

const fact: FactDefinition<HandoverLinks> = {
  on: 'domain',
  deadlines: 8,
  async collect({ name: domain }, context) {
    const answers = await context.need('handoverAnswers')
    if (!answers.ok) return answers
    const { links = [], support = [], deploy } = answers.value.handover
    const all = [
      ...links,
      ...support.flatMap(({ what, url }) => (url ? [{ what, url }] : [])),
      ...(deploy?.logs ? [{ what: 'logs', url: deploy.logs }] : []),
    ].slice(0, most)
    return observed({ links: await Promise.all(all.map(link => seenLink(link, domain, context))) }, context.now())
  },
}
export default fact

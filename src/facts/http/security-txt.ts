// The domain's security.txt, at its place and at the old one (RFC 9116 §3).
import { type Missing, missing, notApplicable, observed } from '../../core/fact.ts'
import { frontDoor } from '../../formats/http/front-door.ts'
import { type SecurityTxt as Parsed, parseSecurityTxt } from '../../formats/http/security-txt.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'
import { domainSubject, hostSubject } from '../subjects.ts'
import { walk } from './fetch.ts'

export type SecurityTxt = {
  /** Where it stands, or the first place that was asked. */
  url: string
  /** Host of the front page, where the file belongs. */
  host: string
  status: number
  file: Parsed | null
}

/** The file at its place, else at the old one, on the host of a front page; the first place asked where there is none. */
const fileAt = async (context: CollectContext, front: URL): Promise<Omit<SecurityTxt, 'host'> | Missing> => {
  const answers = await Promise.all(
    ['/.well-known/security.txt', '/security.txt'].map(path => walk(context, `${front.origin}${path}`, 5)),
  )
  const read = answers.flatMap(answer => {
    const last = answer.ok && answer.value.ended === 'answer' ? answer.value.hops.at(-1) : undefined
    return last
      ? [{ url: last.url, status: last.status, file: last.status === 200 ? parseSecurityTxt(last.body) : null }]
      : []
  })
  const best = read.find(item => item.file) ?? read[0]
  if (best) return best
  const first = answers[0]!
  return first.ok ? missing('unreachable', first.value.next?.why ?? 'its redirects do not end') : first
}

/** The address at which a host's front page ends, or why there is none; null where it has no website. */
const frontOf = async (context: CollectContext, name: string, domain: string): Promise<URL | Missing | null> => {
  const web = await context.need('web', hostSubject(name, domain))
  if (!web.ok) return web.because ? null : web
  const door = frontDoor(web.value)
  if (door.ok) return new URL(door.value.hops.at(-1)!.url)
  return door.reason === 'refused' ? null : door
}

const fact: FactDefinition<SecurityTxt> = {
  on: 'domain',
  deadlines: 6,
  async collect(subject, context) {
    const domain = subject.name
    const hosts = await context.need('hosts', domainSubject(domain))
    const hasWww = hosts.ok && hosts.value.hosts.some(host => host.name === `www.${domain}`)
    let why: Missing | null = null
    for (const name of hasWww ? [domain, `www.${domain}`] : [domain]) {
      const front = await frontOf(context, name, domain)
      if (!(front instanceof URL)) {
        why ??= front
        continue
      }
      const found = await fileAt(context, front)
      if (!('ok' in found)) return observed({ ...found, host: front.hostname }, context.now())
      why ??= found
    }
    return why ?? notApplicable(`${domain} has no website`)
  },
}
export default fact

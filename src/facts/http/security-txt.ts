// The domain's security.txt, at its place and at the old one (RFC 9116 §3).
import { type Missing, missing, notApplicable, observed } from '../../core/fact.ts'
import { frontDoor } from '../../formats/http/front-door.ts'
import { type SecurityTxt as Parsed, parseSecurityTxt } from '../../formats/http/security-txt.ts'
import type { FactDefinition } from '../definition.ts'
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

const fact: FactDefinition<SecurityTxt> = {
  on: 'domain',
  deadlines: 6,
  async collect(subject, context) {
    const domain = subject.name
    const hosts = await context.need('hosts', domainSubject(domain))
    const www = hosts.ok && hosts.value.hosts.some(host => host.name === `www.${domain}`) ? [`www.${domain}`] : []
    let why: Missing | null = null
    for (const name of [domain, ...www]) {
      const web = await context.need('web', hostSubject(name, domain))
      if (!web.ok) {
        if (!web.because) why ??= web
        continue
      }
      const door = frontDoor(web.value)
      if (!door.ok) {
        if (door.reason !== 'refused') why ??= door
        continue
      }
      const front = new URL(door.value.hops.at(-1)!.url)
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
      if (best) return observed({ ...best, host: front.hostname }, context.now())
      const [first] = answers
      why ??= first!.ok ? missing('unreachable', first!.value.next?.why ?? 'its redirects do not end') : first!
    }
    return why ?? notApplicable(`${domain} has no website`)
  },
}
export default fact

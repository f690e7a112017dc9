// The domain's security.txt, at its place and at the old one (RFC 9116 §3).
import { missing, notApplicable, observed } from '../../core/fact.ts'
import { type SecurityTxt as Parsed, parseSecurityTxt } from '../../formats/security-txt.ts'
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
    let why: string | null = null
    for (const name of [domain, ...www]) {
      const web = await context.need('web', hostSubject(name, domain))
      if (!web.ok) {
        if (!web.because) why ??= web.message
        continue
      }
      const door = web.value.https.ok ? web.value.https : web.value.http
      if (!door.ok) {
        if (web.value.https.ok || web.value.https.reason !== 'refused') why ??= door.message
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
      why ??= answers.map(answer =>
        answer.ok ? (answer.value.next?.why ?? 'its redirects do not end') : answer.message,
      )[0]!
    }
    return why ? missing('unreachable', why) : notApplicable(`${domain} has no website`)
  },
}
export default fact

// What each host shows at its front door, for telling app and marketing apart: where it ends, what it says, which cookies it sets.
import { createHash } from 'node:crypto'
import { observed } from '../../core/fact.ts'
import { readHtml } from '../../formats/html/html.ts'
import { headersOf } from '../../net/network.ts'
import type { FactDefinition } from '../definition.ts'
import { hostSubject } from '../subjects.ts'

export type HostFace = {
  host: string
  role: string
  /** Host where its front page ends, null when nothing answered. */
  endsAt: string | null
  /** Its front page ends at a page to log in at, wherever that stands. */
  login: boolean
  status: number | null
  title: string
  /** Hash of the visible text; '' when there is little. */
  content: string
  /** Cookies set for a domain wider than the host. */
  sharedCookies: { name: string; domain: string }[]
}

export type HostFaces = HostFace[]

const isLogin = (url: string, body: string): boolean =>
  /(^|[/_-])(log-?in|sign-?in|sso|auth)([/_.-]|$)/i.test(new URL(url).pathname) ||
  /<input[^<>]+type=["']?password/i.test(body)

const fact: FactDefinition<HostFaces> = {
  on: 'domain',
  deadlines: 12,
  async collect({ name: domain }, context) {
    const found = await context.need('hosts')
    if (!found.ok) return found
    const hosts = found.value.hosts.map(({ name, ...details }) => hostSubject(name, domain, details))
    const faces = await Promise.all(
      hosts.map(async (host): Promise<HostFace> => {
        const web = await context.need('web', host)
        const walked =
          web.ok && web.value.https.ok
            ? web.value.https.value
            : web.ok && web.value.http.ok
              ? web.value.http.value
              : null
        const last = walked?.hops.at(-1)
        const page = last ? readHtml(last.body, last.url) : null
        const cookies = (walked?.hops ?? [])
          .filter(hop => new URL(hop.url).hostname === host.name)
          .flatMap(hop => headersOf(hop, 'set-cookie'))
          .flatMap(text => {
            const domain = /;\s*domain=\.?([^;\s]+)/i.exec(text)?.[1]?.toLowerCase()
            const name = /^([^=;\s]+)=/.exec(text)?.[1]
            return domain && name && domain !== host.name ? [{ name, domain }] : []
          })
        const text = page?.text ?? ''
        return {
          host: host.name,
          role: String(host.details?.['role'] ?? (host.name === context.target.domain ? 'apex' : 'other')),
          endsAt: last ? new URL(last.url).hostname : null,
          login: last !== undefined && isLogin(last.url, last.body),
          status: last?.status ?? null,
          title: page?.title ?? '',
          content: text.length >= 40 ? createHash('sha256').update(text).digest('hex').slice(0, 16) : '',
          sharedCookies: [...new Map(cookies.map(cookie => [`${cookie.name} ${cookie.domain}`, cookie])).values()].sort(
            (a, b) => (a.name < b.name ? -1 : 1),
          ),
        }
      }),
    )
    return observed(
      faces.sort((a, b) => (a.host < b.host ? -1 : 1)),
      context.now(),
    )
  },
}
export default fact

// Login cookies of the key routes, each with the route that it is told of: a cookie that ten pages set is one cookie.
import { observed } from '../../core/fact.ts'
import { cookieIdentity, ownCookieHops, sessionCookies } from '../../formats/http/cookie.ts'
import type { FactDefinition } from '../definition.ts'
import { routeSubject } from '../subjects.ts'

/** In the order of the routes, log-in pages first. */
export type CookieRoutes = { cookie: string; url: string }[]

const fact: FactDefinition<CookieRoutes> = {
  on: 'domain',
  deadlines: 14,
  async collect({ name: domain }, context) {
    const found = await context.need('routes')
    if (!found.ok) return found
    const isLogin = (kind: string): number => (kind === 'auth' ? 0 : 1)
    const routes = found.value.routes.toSorted((a, b) => isLogin(a.kind) - isLogin(b.kind))
    const pages = await Promise.all(
      routes.map(async route => ({ route, page: await context.need('page', routeSubject(route.url, domain, route)) })),
    )
    const first = new Map<string, string>()
    for (const { route, page } of pages) {
      if (!page.ok) continue
      for (const item of sessionCookies(ownCookieHops(page.value.hops, domain), Date.parse(context.now())))
        if (!first.has(cookieIdentity(item))) first.set(cookieIdentity(item), route.url)
    }
    return observed(
      [...first].map(([cookie, url]) => ({ cookie, url })),
      context.now(),
    )
  },
}
export default fact

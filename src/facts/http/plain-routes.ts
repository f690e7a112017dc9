// The key routes of a host over plain HTTP: a front page that redirects says nothing of a login page that does not.
import { type Fact, observed } from '../../core/fact.ts'
import { limits } from '../../data/limits.ts'
import type { HttpExchange } from '../../net/network.ts'
import type { FactDefinition } from '../definition.ts'
import { walk } from './fetch.ts'

export type PlainRoute = { url: string; kind: string; walked: Fact<HttpExchange> }

/** In the order of the routes; without the front page, which is the fact `web`. */
export type PlainRoutes = PlainRoute[]

/** The same page over port 80; null where its own port says that it has no place there, or where it is the front page. */
const overPort80 = (url: string): string | null => {
  const { protocol, port, host, pathname, search } = new URL(url)
  const isUsual = protocol === 'https:' ? port === '' : protocol === 'http:' && port === ''
  return isUsual && pathname + search !== '/' ? `http://${host}${pathname}${search}` : null
}

const fact: FactDefinition<PlainRoutes> = {
  on: 'host',
  deadlines: 14,
  async collect(subject, context) {
    const [web, found] = await Promise.all([context.need('web', subject), context.need('routes')])
    if (!web.ok) return web
    if (!found.ok) return found
    const asked = new Map<string, string>()
    for (const { url, kind } of found.value.routes) {
      const plain = new URL(url).hostname === subject.name ? overPort80(url) : null
      if (plain && !asked.has(plain) && asked.size < limits.plainRoutes) asked.set(plain, kind)
    }
    // Port 80 that is closed is closed for every path.
    if (!web.value.http.ok) return observed([], context.now())
    const walks = await Promise.all(
      [...asked].map(async ([url, kind]): Promise<PlainRoute> => ({ url, kind, walked: await walk(context, url) })),
    )
    return observed(walks, context.now())
  },
}
export default fact

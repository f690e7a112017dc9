// What the key pages of a host, its front page aside, say to search engines.
import { observed } from '../../core/fact.ts'
import { isHtml, readHtml } from '../../formats/html/html.ts'
import { passwordForms } from '../../formats/html/login-form.ts'
import { type IndexBarrier, indexBarriers } from '../../formats/http/robots.ts'
import { headerOf } from '../../net/network.ts'
import type { FactDefinition } from '../definition.ts'
import { routeSubject } from '../subjects.ts'

/** Pages that people look for in a search engine: none behind a login, none that asks for a password. */
export type KeyPageRobots = { url: string; barriers: IndexBarrier[] }[]

const sought: readonly string[] = ['home', 'pricing', 'signup', 'page']

const fact: FactDefinition<KeyPageRobots> = {
  on: 'host',
  deadlines: 14,
  async collect(subject, context) {
    const found = await context.need('routes')
    if (!found.ok) return found
    const domain = context.target.domain ?? subject.name
    const routes = found.value.routes.filter(
      ({ url, kind }) =>
        sought.includes(kind) && new URL(url).hostname === subject.name && new URL(url).pathname !== '/',
    )
    const pages = await Promise.all(
      routes.map(async ({ url, kind }) => {
        const page = await context.need('page', routeSubject(url, domain, { kind }))
        const last = page.ok && page.value.ended === 'answer' ? page.value.hops.at(-1) : undefined
        if (last?.status !== 200 || new URL(last.url).hostname !== subject.name) return []
        if (!isHtml(headerOf(last, 'content-type'))) return []
        const html = readHtml(last.body, last.url)
        return passwordForms(html).length
          ? []
          : [{ url: last.url, barriers: indexBarriers(last.headers, html, '', Date.parse(context.now())) }]
      }),
    )
    const unique = new Map(pages.flat().map(page => [page.url, page]))
    return observed([...unique.values()], context.now())
  },
}
export default fact

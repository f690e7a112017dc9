// Stylesheets that a route's page links to, as served: urls in them load too.
import { observed } from '../../core/fact.ts'
import { readHtml } from '../../formats/html/html.ts'
import { isPage } from '../../formats/html/page-kind.ts'
import { headerOf } from '../../net/network.ts'
import type { FactDefinition } from '../definition.ts'
import { walk } from './fetch.ts'

export type Styles = { sheets: { url: string; text: string }[]; unread: { url: string; message: string }[] }

const most = 10

const fact: FactDefinition<Styles> = {
  on: 'route',
  async collect(subject, context) {
    const page = await context.need('page', subject)
    if (!page.ok) return page
    const last = page.value.hops.at(-1)!
    if (!isPage(last)) return observed({ sheets: [], unread: [] }, context.now())
    const urls = [
      ...new Set(
        readHtml(last.body, last.url)
          .resources.filter(item => item.kind === 'stylesheet' && item.url.startsWith('https:'))
          .map(item => item.url),
      ),
    ].slice(0, most)
    const sheets: Styles['sheets'] = []
    const unread: Styles['unread'] = []
    await Promise.all(
      urls.map(async url => {
        const answer = await walk(context, url)
        const hop = answer.ok ? answer.value.hops.at(-1) : undefined
        if (!answer.ok) unread.push({ url, message: answer.message })
        else if (hop && hop.status === 200 && /css/i.test(headerOf(hop, 'content-type') ?? ''))
          sheets.push({ url: hop.url, text: hop.body })
      }),
    )
    const byUrl = (a: { url: string }, b: { url: string }): number => (a.url < b.url ? -1 : 1)
    return observed({ sheets: sheets.sort(byUrl), unread: unread.sort(byUrl) }, context.now())
  },
}
export default fact

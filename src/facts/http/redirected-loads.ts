// Pictures, icons, media and frames that a secure page asks for with https:// and is sent on from without encryption: asked without their
// bodies, a few of each kind, once a run. Scripts and stylesheets are page-life's.
import pLimit from 'p-limit'
import { observed } from '../../core/fact.ts'
import { type HtmlPage, type HtmlResource, readHtml } from '../../formats/html/html.ts'
import { insecureKindOf, type MixedResource } from '../../formats/html/mixed-content.ts'
import { isPage } from '../../formats/html/page-kind.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'
import { ownHosts } from './bundles.ts'
import { redirectTarget } from './fetch.ts'

/** `asked`: how many were asked. `redirected`: what browsers are sent on to without encryption, each once. */
export type RedirectedLoads = { asked: number; redirected: MixedResource[] }

type Load = Pick<HtmlResource, 'kind' | 'url'>

/** Asked of one page, by kind: a redirect of this sort is a rule, which meets all pictures of a folder or of a host. */
const most: Readonly<Record<string, number>> = { icon: 2, image: 6, media: 2, frame: 3 }
const atOnce = 3
const hops = 3

/** The address without encryption that a request ends up at; null where none is met, or nothing answers. */
const insecureEnd = async (context: CollectContext, start: string): Promise<string | null> => {
  let url = start
  for (let hop = 0; hop <= hops; hop++) {
    if (url.startsWith('http:')) return url
    const answer = await context.net.http({ url, method: 'HEAD', follow: 0 })
    const last = answer.ok ? answer.value.hops.at(-1) : undefined
    const target = last ? redirectTarget(last) : null
    if (target === null || 'bad' in target) return null
    url = target.url
  }
  return null
}

/** What a page loads, and the icon that browsers ask for where it names none (HTML Standard §4.6.7.8). */
const loadsOf = (page: HtmlPage): Load[] =>
  page.resources.some(({ kind }) => kind === 'icon')
    ? page.resources
    : [...page.resources, { kind: 'icon', url: new URL('/favicon.ico', page.url).href }]

/** A few of each kind: of the site itself, and frames of anybody. */
const chosen = (resources: readonly Load[], home: string): Load[] => {
  const isOwn = ownHosts(home)
  const unique = new Map(resources.map(resource => [resource.url, resource]))
  return Object.entries(most).flatMap(([kind, number]) =>
    [...unique.values()]
      .filter(
        resource =>
          resource.kind === kind &&
          resource.url.startsWith('https:') &&
          (kind === 'frame' || isOwn(new URL(resource.url).hostname)),
      )
      .slice(0, number),
  )
}

const fact: FactDefinition<RedirectedLoads> = {
  on: 'route',
  deadlines: 6,
  async collect(subject, context) {
    const page = await context.need('page', subject)
    if (!page.ok) return page
    const last = page.value.hops.at(-1)!
    const asked =
      last.url.startsWith('https:') && isPage(last)
        ? chosen(loadsOf(readHtml(last.body, last.url)), new URL(last.url).hostname)
        : []
    const limit = pLimit(atOnce)
    const ends = await Promise.all(
      asked.map(({ kind, url }) =>
        limit(async () => {
          const end = await context.once(`redirected-loads: ${url}`, () => insecureEnd(context, url))
          return end === null ? [] : [{ kind: insecureKindOf(kind), element: `${kind}, redirected`, url: end }]
        }),
      ),
    )
    return observed({ asked: asked.length, redirected: ends.flat() }, context.now())
  },
}
export default fact

// Which routes matter: named in the config, the hosts' front pages, and the key pages that these link to.
import { observed } from '../../core/fact.ts'
import type { RouteKind, Source } from '../../core/target.ts'
import { isHtml, readHtml } from '../../formats/html/html.ts'
import { commonPaths, keyPageOf } from '../../formats/html/key-pages.ts'
import { placeholderOf } from '../../formats/html/placeholder-page.ts'
import { frontDoor } from '../../formats/http/front-door.ts'
import { type HttpExchange, type HttpHop, headerOf } from '../../net/network.ts'
import type { FactDefinition } from '../definition.ts'
import { domainSubject, hostSubject, routeSubject } from '../subjects.ts'
import { walk } from './fetch.ts'
import { type FoundHost, impossibleLabel } from './hosts.ts'

export type FoundRoute = { url: string; kind: RouteKind; name: string; source: Source; how: string }

/** Routes in order of their kind, then URL; each URL once. */
export type Routes = { routes: FoundRoute[] }

const mostRoutes = 20

const kindOrder: RouteKind[] = ['home', 'signup', 'auth', 'payment', 'pricing', 'dashboard', 'api', 'webhook', 'page']

const isPage = (hop: HttpHop | undefined): hop is HttpHop =>
  hop !== undefined && hop.status === 200 && isHtml(headerOf(hop, 'content-type'))

/**
 * Whether the front page of this host fails for everybody: a server error anywhere (but a pause that is announced, where the host is only
 * linked); a refusal or 404 where the product is shown; a circle, a Location of no use or a redirect into a private network anywhere
 * (circles of www and the apex are canonical-host's).
 */
const isFailing = (hop: HttpHop, walked: HttpExchange, host: FoundHost): boolean => {
  if (walked.ended === 'loop' || walked.ended === 'too-many-redirects')
    return host.role !== 'apex' && host.role !== 'www'
  if (walked.ended === 'bad-location' || walked.ended === 'private-address') return true
  if (walked.ended !== 'answer' || placeholderOf(hop) !== null) return false
  if (['apex', 'www', 'marketing'].includes(host.role)) return hop.status >= 400 && hop.status !== 429
  const isPause = hop.status === 503 && headerOf(hop, 'retry-after') !== null
  return hop.status >= 500 && !(isPause && host.role === 'other' && host.source !== 'config')
}

const fact: FactDefinition<Routes> = {
  on: 'domain',
  deadlines: 10,
  async collect(subject, context) {
    const domain = subject.name
    const routes = new Map<string, FoundRoute>()
    const add = (route: FoundRoute): void => {
      if (routes.has(route.url) || (routes.size >= mostRoutes && route.source !== 'config')) return
      routes.set(route.url, route)
      context.announce(
        routeSubject(route.url, domain, { kind: route.kind, name: route.name, source: route.source, how: route.how }),
      )
    }
    for (const route of context.target.routes)
      add({
        url: new URL(route.url).href,
        kind: route.kind,
        name: route.name,
        source: 'config',
        how: 'named in the config',
      })
    const configuredKinds = new Set(context.target.routes.map(route => route.kind))

    const hosts = await context.need('hosts', domainSubject(domain))
    if (!hosts.ok) return routes.size ? observed({ routes: [...routes.values()] }, context.now()) : hosts
    const names = new Set(hosts.value.hosts.map(host => host.name))
    const pages: { host: string; page: ReturnType<typeof readHtml> }[] = []
    const failing: { host: FoundHost; hop: HttpHop; way: string[] }[] = []

    await Promise.all(
      hosts.value.hosts
        .filter(host => host.role !== 'api' && host.role !== 'status')
        .map(async host => {
          const web = await context.need('web', hostSubject(host.name, domain))
          if (!web.ok) return
          const walked = frontDoor(web.value)
          if (!walked.ok) return
          const last = walked.value.hops.at(-1)
          if (!last || !names.has(new URL(last.url).hostname)) return
          // A host of the domain that has a private address is told where its name is judged.
          const next = walked.value.ended === 'private-address' ? walked.value.next?.url : undefined
          if (next && URL.canParse(next) && names.has(new URL(next).hostname)) return
          if (isFailing(last, walked.value, host))
            failing.push({
              host,
              hop: walked.value.ended === 'answer' ? last : walked.value.hops[0]!,
              way: walked.value.hops.map(each => each.url),
            })
          if (!isPage(last)) return
          pages.push({ host: host.name, page: readHtml(last.body, last.url) })
        }),
    )
    pages.sort((a, b) => (a.host < b.host ? -1 : 1))
    // Where www and the apex both serve the site, that is one fault (canonical-host), and its pages are judged once.
    const apexPage = pages.find(item => item.host === domain)
    const twin = pages.findIndex(item => item.host === `www.${domain}` && item.page.url !== apexPage?.page.url)
    if (
      apexPage &&
      twin >= 0 &&
      pages[twin]!.page.title === apexPage.page.title &&
      pages[twin]!.page.text === apexPage.page.text
    )
      pages.splice(twin, 1)

    for (const { page } of pages) {
      const known = keyPageOf(page.url, '')
      const at = new URL(page.url)
      const role = hosts.value.hosts.find(host => host.name === at.hostname)?.role
      if (known) add({ url: at.href, ...known, source: 'front-page', how: 'its host leads there' })
      else if (role === 'app')
        add({ url: at.href, kind: 'page', name: 'app', source: 'front-page', how: 'front page of the app' })
      else add({ url: at.href, kind: 'home', name: 'home', source: 'front-page', how: 'front page' })
    }
    // A front page that fails is one that everybody meets. Where apex and www fail alike, that is one fault.
    failing.sort((a, b) => (a.host.name < b.host.name ? -1 : 1))
    const apexFails = failing.find(item => item.host.role === 'apex')
    for (const { host, hop, way } of failing)
      if (
        host.role !== 'www' ||
        !apexFails ||
        apexFails.hop.url === hop.url ||
        (apexFails.hop.status !== hop.status && !way.includes(apexFails.hop.url))
      )
        add({
          url: hop.url,
          ...(host.role === 'app' ? { kind: 'page', name: 'app' } : { kind: 'home', name: 'home' }),
          source: 'front-page',
          how: 'front page',
        })
    for (const { host, page } of pages) {
      const perKind = new Map<string, number>()
      for (const link of page.links) {
        const url = new URL(link.url)
        if (!/^https?:$/.test(url.protocol) || !names.has(url.hostname)) continue
        url.hash = ''
        const key = keyPageOf(url.href, link.text)
        if (!key || url.pathname === '/' || configuredKinds.has(key.kind)) continue
        const count = perKind.get(key.kind) ?? 0
        if (count >= 2) continue
        perKind.set(key.kind, count + 1)
        add({ url: url.href, ...key, source: 'link', how: `linked from ${host}` })
      }
    }

    // Where no link led to a login, signup or pricing page, the usual paths are tried, against what the host says of a path that cannot exist.
    const wanted = commonPaths.filter(
      item => !configuredKinds.has(item.kind) && ![...routes.values()].some(route => route.kind === item.kind),
    )
    const bases = [...new Set(pages.map(({ page }) => new URL(page.url).origin))]
    const guesses = await Promise.all(
      bases.sort().map(async (base): Promise<FoundRoute[]> => {
        if (wanted.length === 0) return []
        const nowhere = await walk(context, `${base}/${impossibleLabel(domain)}`)
        const blank = nowhere.ok ? nowhere.value.hops.at(-1) : undefined
        if (!blank) return []
        const results = await Promise.all(
          wanted.flatMap(item =>
            item.paths.map(async path => ({ item, path, answer: await walk(context, `${base}${path}`) })),
          ),
        )
        const taken = new Set<string>()
        const found: FoundRoute[] = []
        for (const { item, path, answer } of results) {
          if (!answer.ok || taken.has(item.kind)) continue
          const last = answer.value.hops.at(-1)
          if (!isPage(last) || new URL(last.url).pathname === '/' || !names.has(new URL(last.url).hostname)) continue
          // A single-page app answers every path alike: the path then proves nothing.
          if (blank.status === 200 && similar(blank.body, last.body)) continue
          taken.add(item.kind)
          found.push({
            url: new URL(path, base).href,
            kind: item.kind,
            name: item.name,
            source: 'usual-path',
            how: 'found by its usual path',
          })
        }
        return found
      }),
    )
    for (const route of guesses.flat()) add(route)
    return observed(
      {
        routes: [...routes.values()].sort(
          (a, b) => kindOrder.indexOf(a.kind) - kindOrder.indexOf(b.kind) || (a.url < b.url ? -1 : 1),
        ),
      },
      context.now(),
    )
  },
}
export default fact

/** Whether two bodies are the same page but for a token or a path in it: lengths within a twentieth and the same start. */
const similar = (a: string, b: string): boolean => {
  if (a === b) return true
  const longer = Math.max(a.length, b.length)
  return longer > 0 && Math.abs(a.length - b.length) <= longer / 20 && a.slice(0, 300) === b.slice(0, 300)
}

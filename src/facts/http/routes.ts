// Which routes matter: named in the config, the hosts' front pages, and the key pages that these link to.
import { observed } from '../../core/fact.ts'
import type { HostRole, RouteKind, Source } from '../../core/target.ts'
import { doubtfulAnswer, insteadWords } from '../../formats/html/answer-words.ts'
import { type HtmlPage, readHtml } from '../../formats/html/html.ts'
import { commonPaths, keyLinks, keyPageOf } from '../../formats/html/key-pages.ts'
import { holdsMarkup, isPage as isDrawn, pageKind } from '../../formats/html/page-kind.ts'
import { placeholderOf } from '../../formats/html/placeholder-page.ts'
import { turnedAway } from '../../formats/http/bot-wall.ts'
import { frontDoor } from '../../formats/http/front-door.ts'
import { certainFailures } from '../../formats/http/plain-http.ts'
import { type HttpExchange, type HttpHop, headerOf } from '../../net/network.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'
import { domainSubject, hostSubject, routeSubject } from '../subjects.ts'
import { walk } from './fetch.ts'
import { type FoundHost, impossibleLabel } from './hosts.ts'

export type FoundRoute = { url: string; kind: RouteKind; name: string; source: Source; how: string }

/** Routes in order of their kind, then URL; each URL once. */
export type Routes = { routes: FoundRoute[] }

const mostRoutes = 20

const kindOrder: RouteKind[] = [
  'home',
  'signup',
  'auth',
  'payment',
  'pricing',
  'dashboard',
  'api',
  'webhook',
  'health',
  'page',
]

const isPage = (hop: HttpHop | undefined): hop is HttpHop => hop !== undefined && hop.status === 200 && isDrawn(hop)

/**
 * Whether a front page sends everybody where nothing answers. Another address of the same host is its certificate's or its port's fault,
 * and is judged there.
 */
const leadsAstray = ({ hops, next }: HttpExchange, { name, role }: FoundHost): boolean => {
  if (role === 'other' || !next || !URL.canParse(next.url)) return false
  const to = new URL(next.url).hostname
  return to !== name && to !== new URL(hops[0]!.url).hostname && certainFailures.includes(next.missing?.reason ?? '')
}

const saysFailure = (hop: HttpHop): boolean => (insteadWords(hop) ?? doubtfulAnswer(hop)) !== null

/** Whether the site's own front door answers browsers with data, or with a few words that are no page. */
const isForPrograms = (hop: HttpHop, { role }: FoundHost): boolean =>
  hop.status === 200 &&
  ['apex', 'www', 'marketing'].includes(role) &&
  (pageKind(hop) === 'data' || pageKind(hop) === 'text')

/**
 * Whether the front page of this host fails for everybody: a server error anywhere (but a pause that is announced, where the host is only
 * linked); a refusal or 404 where the product is shown; a circle, a Location of no use or a redirect into a private network anywhere
 * (circles of www and the apex are canonical-host's).
 */
const isFailing = (hop: HttpHop, walked: HttpExchange, host: FoundHost): boolean => {
  if (walked.ended === 'loop' || walked.ended === 'too-many-redirects')
    return host.role !== 'apex' && host.role !== 'www'
  if (walked.ended === 'bad-location' || walked.ended === 'private-address') return true
  if (walked.ended === 'next-hop-failed') return leadsAstray(walked, host)
  if (walked.ended !== 'answer' || placeholderOf(hop) !== null) return false
  if (isForPrograms(hop, host)) return true
  // A page that browsers save as a file, or whose source they show; an error in data or plain text.
  if (
    hop.status === 200 &&
    !isDrawn(hop) &&
    (holdsMarkup(hop) ||
      (host.role !== 'other' && (['download', 'picture'].includes(pageKind(hop)) || saysFailure(hop))))
  )
    return true
  // With no content browsers stay where they are; a test of visitors in the place of the page keeps it from sight.
  if (['apex', 'www', 'marketing'].includes(host.role))
    return (
      hop.status === 204 ||
      hop.status === 205 ||
      (hop.status >= 400 && hop.status !== 429) ||
      (hop.status > 200 && hop.status < 300 && turnedAway(hop.url, hop) !== null)
    )
  const isPause = hop.status === 503 && headerOf(hop, 'retry-after') !== null
  return hop.status >= 500 && !(isPause && host.role === 'other' && host.source !== 'config')
}

/** Whether two bodies are the same page but for a token or a path in it: lengths within a twentieth and the same start. */
const similar = (a: string, b: string): boolean => {
  if (a === b) return true
  const longer = Math.max(a.length, b.length)
  return longer > 0 && Math.abs(a.length - b.length) <= longer / 20 && a.slice(0, 300) === b.slice(0, 300)
}

/** What the front doors of the domain's hosts showed. */
type Fronts = {
  /** Names of the hosts. */
  names: ReadonlySet<string>
  roles: ReadonlyMap<string, HostRole>
  /** Pages where front doors end, by the names of their hosts. */
  pages: { host: string; page: HtmlPage }[]
  failing: { host: FoundHost; hop: HttpHop; way: string[] }[]
  /** Hosts that show the product, take connections and never answer a request: no page, and yet the first thing that customers meet. */
  mute: FoundHost[]
}

/** Adds the page of a host's front door to what is known, or that it fails. */
const lookAtFront = (fronts: Fronts, host: FoundHost, walked: HttpExchange): void => {
  const last = walked.hops.at(-1)
  if (!last || !fronts.names.has(new URL(last.url).hostname)) return
  // A host of the domain that has a private address is reported where its name is judged.
  const next = walked.ended === 'private-address' ? walked.next?.url : undefined
  if (next && URL.canParse(next) && fronts.names.has(new URL(next).hostname)) return
  if (isFailing(last, walked, host)) {
    const hop = walked.ended === 'answer' ? last : walked.hops[0]!
    fronts.failing.push({ host, hop, way: walked.hops.map(each => each.url) })
  }
  if (isPage(last)) fronts.pages.push({ host: host.name, page: readHtml(last.body, last.url) })
}

/** Where www and the apex both serve the site, that is one fault (canonical-host), and its pages are judged once. */
const withoutTwin = (pages: Fronts['pages'], domain: string): Fronts['pages'] => {
  const apex = pages.find(item => item.host === domain)?.page
  const twin = pages.find(item => item.host === `www.${domain}` && item.page.url !== apex?.url)
  const isTwin = apex && twin && twin.page.title === apex.title && twin.page.text === apex.text
  return isTwin ? pages.filter(item => item !== twin) : pages
}

/** Whether a host that gave no answer at all completes handshakes, as browsers begin them. */
const isMute = async (context: CollectContext, host: FoundHost, domain: string): Promise<boolean> => {
  if (host.source !== 'config' && !['apex', 'www', 'marketing', 'app'].includes(host.role)) return false
  const tls = await context.need('tls', hostSubject(host.name, domain))
  return tls.ok && tls.value.endpoints.some(({ handshake, browsers }) => handshake.ok && browsers.chrome !== false)
}

const collectFronts = async (context: CollectContext, domain: string, hosts: readonly FoundHost[]): Promise<Fronts> => {
  const fronts: Fronts = {
    names: new Set(hosts.map(host => host.name)),
    roles: new Map(hosts.map(host => [host.name, host.role])),
    pages: [],
    failing: [],
    mute: [],
  }
  await Promise.all(
    hosts
      .filter(host => host.role !== 'api' && host.role !== 'status')
      .map(async host => {
        const web = await context.need('web', hostSubject(host.name, domain))
        const walked = web.ok ? frontDoor(web.value) : web
        if (walked.ok) lookAtFront(fronts, host, walked.value)
        else if (await isMute(context, host, domain)) fronts.mute.push(host)
      }),
  )
  const pages = fronts.pages.sort((a, b) => (a.host < b.host ? -1 : 1))
  fronts.failing.sort((a, b) => (a.host.name < b.host.name ? -1 : 1))
  return { ...fronts, pages: withoutTwin(pages, domain) }
}

const app = { kind: 'page', name: 'app' } as const
const home = { kind: 'home', name: 'home' } as const

/** The pages where front doors end. */
const frontRoutes = ({ pages, roles }: Fronts): FoundRoute[] =>
  pages.map(({ page }) => {
    const { href: url, hostname } = new URL(page.url)
    const known = keyPageOf(page.url, '')
    if (known) return { url, ...known, source: 'front-page', how: 'its host leads there' }
    return roles.get(hostname) === 'app'
      ? { url, ...app, source: 'front-page', how: 'front page of the app' }
      : { url, ...home, source: 'front-page', how: 'front page' }
  })

/** A front page that fails is one that everybody meets. Where apex and www fail alike, that is one fault. */
const failingRoutes = ({ failing }: Fronts): FoundRoute[] => {
  const apex = failing.find(item => item.host.role === 'apex')
  return failing
    .filter(
      ({ host, hop, way }) =>
        host.role !== 'www' ||
        !apex ||
        apex.hop.url === hop.url ||
        (apex.hop.status !== hop.status && !way.includes(apex.hop.url)),
    )
    .map(({ host, hop }) => ({
      url: hop.url,
      ...(host.role === 'app' ? app : home),
      source: 'front-page',
      how: 'front page',
    }))
}

/** Where apex and www are mute alike, that is one fault. */
const muteRoutes = ({ mute }: Fronts): FoundRoute[] =>
  mute
    .filter(host => host.role !== 'www' || !mute.some(other => other.role === 'apex'))
    .map(host => ({
      url: `https://${host.name}/`,
      ...(host.role === 'app' ? app : home),
      source: 'front-page',
      how: 'front page',
    }))

type UsualPath = (typeof commonPaths)[number]

/** Pages at the usual paths below `base`, where the host answers otherwise than to a path that cannot exist. */
const guessedRoutes = async (
  context: CollectContext,
  base: string,
  impossible: string,
  wanted: readonly UsualPath[],
  names: ReadonlySet<string>,
): Promise<FoundRoute[]> => {
  if (wanted.length === 0) return []
  const nowhere = await walk(context, `${base}/${impossible}`)
  const blank = nowhere.ok ? nowhere.value.hops.at(-1) : undefined
  if (!blank) return []
  const results = await Promise.all(
    wanted.flatMap(({ kind, name, paths }) =>
      paths.map(async path => ({ kind, name, path, answer: await walk(context, `${base}${path}`) })),
    ),
  )
  const found = new Map<RouteKind, FoundRoute>()
  for (const { kind, name, path, answer } of results) {
    if (!answer.ok || found.has(kind)) continue
    const last = answer.value.hops.at(-1)
    if (!isPage(last)) continue
    const { pathname, hostname } = new URL(last.url)
    if (pathname === '/' || !names.has(hostname)) continue
    // A single-page app answers every path alike: the path then proves nothing.
    if (blank.status === 200 && similar(blank.body, last.body)) continue
    found.set(kind, { url: new URL(path, base).href, kind, name, source: 'usual-path', how: 'found by its usual path' })
  }
  return [...found.values()]
}

const inOrder = (routes: Iterable<FoundRoute>): FoundRoute[] =>
  [...routes].sort((a, b) => kindOrder.indexOf(a.kind) - kindOrder.indexOf(b.kind) || (a.url < b.url ? -1 : 1))

const fact: FactDefinition<Routes> = {
  on: 'domain',
  deadlines: 10,
  async collect({ name: domain }, context) {
    const routes = new Map<string, FoundRoute>()
    const add = (route: FoundRoute): void => {
      if (routes.has(route.url) || (routes.size >= mostRoutes && route.source !== 'config')) return
      routes.set(route.url, route)
      const { url, ...details } = route
      context.announce(routeSubject(url, domain, details))
    }
    const { routes: configured } = context.target
    for (const { url, kind, name } of configured)
      add({ url: new URL(url).href, kind, name, source: 'config', how: 'named in the config' })
    const settled = new Set(configured.map(route => route.kind))

    const hosts = await context.need('hosts', domainSubject(domain))
    if (!hosts.ok) return routes.size ? observed({ routes: [...routes.values()] }, context.now()) : hosts
    const fronts = await collectFronts(context, domain, hosts.value.hosts)
    for (const route of [...frontRoutes(fronts), ...failingRoutes(fronts), ...muteRoutes(fronts)]) add(route)
    for (const { host, page } of fronts.pages)
      for (const { url, key } of keyLinks(page, name => fronts.names.has(name), settled))
        add({ url, ...key, source: 'link', how: `linked from ${host}` })

    // Where no link led to a login, signup or pricing page, the usual paths are tried.
    const known = new Set([...settled, ...[...routes.values()].map(route => route.kind)])
    const wanted = commonPaths.filter(item => !known.has(item.kind))
    const bases = [...new Set(fronts.pages.map(({ page }) => new URL(page.url).origin))].sort()
    const impossible = impossibleLabel(domain)
    const guesses = await Promise.all(bases.map(base => guessedRoutes(context, base, impossible, wanted, fronts.names)))
    for (const route of guesses.flat()) add(route)
    return observed({ routes: inOrder(routes.values()) }, context.now())
  },
}
export default fact

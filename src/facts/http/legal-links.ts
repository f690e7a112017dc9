// Where the site keeps its privacy policy, its terms and a way to reach somebody.
import type { Cause } from '../../core/cause.ts'
import { type Missing, missing, notApplicable, observed } from '../../core/fact.ts'
import { readDocument } from '../../formats/html/document.ts'
import { type HtmlLink, type HtmlPage, readHtml } from '../../formats/html/html.ts'
import { isLegalHub, type LegalKind, legalKinds, legalLink, legalPaths } from '../../formats/html/legal-pages.ts'
import { isPage as isDrawn } from '../../formats/html/page-kind.ts'
import { showsNothing } from '../../formats/html/page-words.ts'
import { frontDoor } from '../../formats/http/front-door.ts'
import type { HttpHop } from '../../net/network.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'
import { domainSubject, hostSubject } from '../subjects.ts'
import { walk } from './fetch.ts'
import { impossibleLabel } from './hosts.ts'

export type LegalLinks = {
  /** Pages that were read, by URL. */
  pages: string[]
  /** Kind → address of the page or mail link; null where none was found. */
  found: Record<LegalKind, string | null>
  /** True when the pages are drawn by scripts, so that their links could not be read. */
  drawnByScripts: boolean
  /** Pages that could not be read, with the reason. */
  unread: { url: string; message: string }[]
}

const isPage = (hop: HttpHop | undefined): hop is HttpHop => hop !== undefined && hop.status === 200 && isDrawn(hop)

/** The first usual path that answers with a page of its own, on a site that says 404 where nothing is. */
const atUsualPath = async (
  context: CollectContext,
  origin: string,
  domain: string,
  kind: LegalKind,
): Promise<string | null> => {
  const [nowhere, ...answers] = await Promise.all(
    [`/${impossibleLabel(domain)}`, ...legalPaths[kind]].map(path => walk(context, `${origin}${path}`)),
  )
  const blank = nowhere?.ok ? nowhere.value.hops.at(-1) : undefined
  if (!blank || blank.status === 200) return null
  for (const answer of answers) {
    const last = answer.ok ? answer.value.hops.at(-1) : undefined
    if (isPage(last) && new URL(last.url).pathname !== '/') return last.url
  }
  return null
}

/** A page that could not be read, with the deeper reason where one is known. */
type Unread = LegalLinks['unread'][number] & { cause: Cause | undefined }

/** Addresses of the site's front pages, and of hosts whose front page could not be opened. */
const frontPages = async (
  context: CollectContext,
  domain: string,
  hosts: readonly { name: string; role: string }[],
) => {
  const urls: string[] = []
  const unread: Unread[] = []
  const wanted = hosts.filter(host => ['apex', 'www', 'marketing'].includes(host.role))
  await Promise.all(
    wanted.map(async ({ name }) => {
      const note = ({ message, cause }: Missing): void => void unread.push({ url: `https://${name}/`, message, cause })
      const web = await context.need('web', hostSubject(name, domain))
      if (!web.ok) {
        if (!web.because) note(web)
        return
      }
      const door = frontDoor(web.value)
      if (door.ok) urls.push(`${web.value.https.ok ? 'https' : 'http'}://${name}/`)
      else if (door.reason !== 'refused') note(door)
    }),
  )
  return { urls, unread }
}

/** The pages behind these addresses, sorted by where they end; front pages that refuse are named. */
const readPages = async (context: CollectContext, urls: readonly string[]) => {
  const pages = new Map<string, HtmlPage>()
  /** Pages that show nothing until their scripts draw them. */
  const drawn = new Set<string>()
  const headings = new Map<string, string[]>()
  const refusals: string[] = []
  const unread: Unread[] = []
  await Promise.all(
    urls.map(async url => {
      const walked = await walk(context, url)
      if (!walked.ok) {
        unread.push({ url, message: walked.message, cause: walked.cause })
        return
      }
      const last = walked.value.hops.at(-1)
      const status = last?.status ?? 0
      if (isPage(last)) {
        pages.set(last.url, readHtml(last.body, last.url))
        const document = readDocument(last.body, last.url)
        headings.set(last.url, document.headings)
        if (showsNothing(document)) drawn.add(last.url)
      } else if (status >= 400 && new URL(url).pathname === '/') refusals.push(`${url} answers with status ${status}`)
    }),
  )
  const read = [...pages].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, page]) => page)
  return { read, drawn, headings, refusal: refusals.sort()[0], unread }
}

/** Why nothing can be said of a domain none of whose pages was read. */
const nothingRead = (domain: string, first: Unread | undefined, refusal: string | undefined): Missing => {
  if (first) return missing('unreachable', `${first.url}: ${first.message}`, first.cause ? { cause: first.cause } : {})
  return refusal ? missing('http-status', refusal) : notApplicable(`${domain} has no website`)
}

/** Pages that gather all legal ones: what a site that lacks one of them links to instead. */
const hubLinks = async (context: CollectContext, links: readonly HtmlLink[]): Promise<HtmlLink[]> => {
  const hubs = [...new Set(links.filter(isLegalHub).map(({ url }) => url.split('#')[0]!))].slice(0, 2)
  const { read, headings } = await readPages(context, hubs)
  // A hub may hold the texts themselves, under headings.
  return [
    ...read.flatMap(page => page.links),
    ...[...headings].flatMap(([url, texts]) => texts.map(text => ({ url, text, rel: '' }))),
  ]
}

const fact: FactDefinition<LegalLinks> = {
  on: 'domain',
  deadlines: 10,
  async collect(subject, context) {
    const domain = subject.name
    const [hosts, routes] = await Promise.all([
      context.need('hosts', domainSubject(domain)),
      context.need('routes', domainSubject(domain)),
    ])
    if (!hosts.ok) return hosts
    const front = await frontPages(context, domain, hosts.value.hosts)
    const urls = new Set(front.urls)
    if (urls.size > 0 && routes.ok)
      for (const route of routes.value.routes)
        if (['home', 'signup', 'pricing', 'payment', 'auth'].includes(route.kind)) urls.add(route.url)
    const { read, drawn, refusal, unread: silent } = await readPages(context, [...urls].sort())
    const unread = [...front.unread, ...silent]
    if (read.length === 0) return nothingRead(domain, unread[0], refusal)
    const own = read.flatMap(page => page.links)
    const isWhole = legalKinds.every(kind => legalLink(kind, own) !== null)
    const links = isWhole ? own : [...own, ...(await hubLinks(context, own))]
    // The site's own front page: the first one that ends at a page of the domain.
    const origin = new URL(read.find(page => new URL(page.url).pathname === '/')?.url ?? read[0]!.url).origin
    const found = await Promise.all(
      legalKinds.map(async kind => [
        kind,
        legalLink(kind, links) ?? (await atUsualPath(context, origin, domain, kind)),
      ]),
    )
    return observed(
      {
        pages: read.map(page => page.url),
        found: Object.fromEntries(found) as LegalLinks['found'],
        drawnByScripts: read.every(page => drawn.has(page.url)),
        unread: unread.map(({ url, message }) => ({ url, message })).sort((a, b) => (a.url < b.url ? -1 : 1)),
      },
      context.now(),
    )
  },
}
export default fact

// What the checks of pages look at: the HTML page where a host's front door or a route ends, or why there is none to judge.
import { couldNotSee, type Skip, skip, type Unknown } from '../../core/check.ts'
import type { Fact, Subject } from '../../core/fact.ts'
import type { Severity } from '../../core/severity.ts'
import { isWithin } from '../../formats/dns/name.ts'
import { type HtmlPage, readHtml } from '../../formats/html/html.ts'
import { isPage } from '../../formats/html/page-kind.ts'
import { turnedAway } from '../../formats/http/bot-wall.ts'
import { frontDoor } from '../../formats/http/front-door.ts'

type Hop = { url: string; status: number; headers: [string, string][]; body: string; truncated: boolean }
type Exchange = { hops: Hop[]; ended: string; next?: { url: string } | undefined }

/** A page that a customer gets: where it stands, its headers and its HTML. */
export type ServedPage = { url: string; host: string; headers: [string, string][]; body: string; html: HtmlPage }

type Judgeable = { page: ServedPage } | Skip | Unknown

/** Unknown where the answer is that of a service that keeps programs out; null when it is the site's own. */
export const keptOut = (hop: Hop, couldBe?: Severity): Unknown | null => {
  const cause = turnedAway(hop.url, hop)
  return cause && { unknown: cause.text, couldBe, cause }
}

/** What a route is called in a title: the name from the config or the link, else its kind. */
export const routeName = ({ details }: Subject): string => String(details?.['name'] ?? details?.['kind'] ?? 'key')

const endOf = (exchange: Exchange): Judgeable => {
  const last = exchange.hops.at(-1)!
  if (exchange.ended !== 'answer') return skip('its redirects do not end at a page')
  const away = keptOut(last, 'medium')
  if (away) return away
  if (last.status !== 200) return skip(`it answers with status ${last.status}, so there is no page to judge`)
  if (!isPage(last)) return skip('not an HTML page')
  const host = new URL(last.url).hostname
  return { page: { url: last.url, host, headers: last.headers, body: last.body, html: readHtml(last.body, last.url) } }
}

/**
 * The page behind a host's front door, over HTTPS where it answers. A host that only redirects to another is skipped (the
 * page is judged where it is); one that cannot be asked is unknown, and could be `couldBe`.
 */
export const frontPage = (
  web: { https: Fact<Exchange>; http: Fact<Exchange> },
  host: string,
  couldBe: Severity,
): Judgeable => {
  const side = frontDoor(web)
  if (!side.ok) return side.reason === 'refused' ? skip(`nothing answers on ${host}`) : couldNotSee(side, couldBe)
  const ended = endOf(side.value)
  return 'page' in ended && ended.page.host !== host
    ? skip(`${host} leads to ${ended.page.host}, where the page is judged`)
    : ended
}

/** The page where a route ends, unless it is not HTML, no success, or not on the domain under audit. */
export const routePage = (exchange: Exchange, domain: string | null): Judgeable => {
  const ended = endOf(exchange)
  return 'page' in ended && domain !== null && !isWithin(ended.page.host, domain)
    ? skip(`it leads to ${ended.page.host}, which is not part of ${domain}`)
    : ended
}

// Asks where the links of a message lead, without doing anything there: plain pages are asked for as in an audit; a link that may
// hold a one-time token only where that was asked for, one that unsubscribes or deletes never.

import { registrableDomain } from '../../formats/dns/registrable-domain.ts'
import { sideEffect } from '../../formats/html/link-purpose.ts'
import type { MessageLink } from '../../formats/message/evidence.ts'
import { countsClicks, type FoundLink, holdsToken, maskedLink } from '../../formats/message/links.ts'
import { placeholdersInLink } from '../../formats/message/placeholders.ts'
import type { CollectContext } from '../definition.ts'
import type { MessageAbout } from './message-evidence.ts'

export type LinkContext = Pick<CollectContext, 'net' | 'signal'>

/** Links and hosts looked at in one message: a mail for customers has a tenth of them. */
const most = { links: 200, asked: 30, atOnce: 6, follow: 8, bytes: 64 * 1024 }

const gone = new Set([404, 410])
/** What a click may do for good: asked for only as the expected link of a flow. */
const acts =
  /(?:confirm|verif|activat|accept|approve|decline|redeem|claim|magic|one-?time|optin|opt-?in|subscribe|rsvp)/i
/** Pages of the product that stand behind links with tokens. */
const ownPage =
  /\/(?:[\w-]*(?:reset|password|verif|confirm|activat|invit|magic|signin|sign-in|login|auth|welcome|onboard|account|billing|invoice)[\w-]*)\/?$/i

type State = Pick<MessageLink, 'state' | 'status' | 'message' | 'endedAt'>

const unknown = (message: string, status = 0): State => ({ state: 'unknown', status, message, endedAt: null })
const notFollowed = (message: string): State => ({ state: 'not-followed', status: 0, message, endedAt: null })

const nameless = async (context: LinkContext, host: string): Promise<boolean> => {
  const found = await context.net.dns.lookup(host, 'A')
  return found.ok && found.value.status === 'NXDOMAIN'
}

/** Follows a link: `get` as a person's click would, else HEAD first and a GET where HEAD is refused. */
const ask = async (context: LinkContext, url: string, get: boolean): Promise<State> => {
  const request = { url, follow: most.follow, maxBytes: most.bytes }
  let answer = await context.net.http({ ...request, method: get ? 'GET' : 'HEAD' })
  let last = answer.ok ? answer.value.hops.at(-1) : undefined
  if (!get && last && last.status >= 400) {
    answer = await context.net.http({ ...request, method: 'GET' })
    last = answer.ok ? answer.value.hops.at(-1) : undefined
  }
  if (!answer.ok) return unknown(answer.message)
  const endedAt = last ? { url: maskedLink(last.url), host: new URL(last.url).hostname, status: last.status } : null
  if (!last || answer.value.ended !== 'answer') {
    const next = answer.value.next
    const host = next && URL.canParse(next.url) ? new URL(next.url).hostname : ''
    if (host && answer.value.ended === 'next-hop-failed' && (await nameless(context, host)))
      return { state: 'dead', status: 0, message: `it leads to ${host}, which does not exist`, endedAt }
    return { ...unknown(next?.why ?? 'its redirects lead nowhere', last?.status ?? 0), endedAt }
  }
  const { status } = last
  const message = `status ${status}${last.url === url ? '' : ` at ${maskedLink(last.url)}`}`
  return { state: gone.has(status) ? 'dead' : status < 400 ? 'works' : 'unknown', status, message, endedAt }
}

/** A page of the product without the query of its link: whether the route is there at all. */
const askRoute = async (context: LinkContext, link: FoundLink): Promise<State> => {
  const url = new URL(link.href)
  const { state, status } = await ask(context, `${url.origin}${url.pathname}`, false)
  return state === 'dead'
    ? unknown(`without its token the page answers ${status}; with --active the link itself is followed`, status)
    : notFollowed('it may hold a one-time token')
}

const stateOf = async (
  context: LinkContext,
  link: FoundLink,
  expected: boolean,
  about: Pick<MessageAbout, 'followLinks' | 'canonicalHosts'>,
  from: string | null,
): Promise<State> => {
  if (placeholdersInLink(link.href).length) return notFollowed('a variable of the template was left in it')
  if (link.faults.includes('malformed'))
    return { state: 'dead', status: 0, message: 'it is no address that a mail program can open', endedAt: null }
  if (link.where === 'image') return notFollowed('images are not loaded: that would count as an opening')
  // What no customer reaches need not be asked for, whether or not this machine could reach it.
  if (link.faults.some(fault => fault === 'local' || fault === 'private' || fault === 'preview'))
    return notFollowed('customers do not reach it')
  if (await nameless(context, link.host))
    return { state: 'dead', status: 0, message: `${link.host} does not exist`, endedAt: null }
  if (about.followLinks && expected) return ask(context, link.href, true)
  if (link.where === 'unsubscribe' || sideEffect(link.href, link.text))
    return notFollowed('it might unsubscribe, delete or cancel something')
  const clicks = link.service !== null || countsClicks(link.href)
  if (!holdsToken(link.href) && !clicks && !acts.test(link.href)) return ask(context, link.href, false)
  if (about.followLinks && !acts.test(link.href) && !acts.test(link.text)) return ask(context, link.href, true)
  const own = [from, ...about.canonicalHosts].some(name => registrableDomain(name) === registrableDomain(link.host))
  if (clicks) return notFollowed('it would count as a click')
  if (own && ownPage.test(new URL(link.href).pathname)) return askRoute(context, link)
  return notFollowed('it may hold a one-time token')
}

/** The links with their state, in the order of the mail; how many were left out for their number. */
export const followLinks = async (
  found: readonly FoundLink[],
  about: Pick<MessageAbout, 'followLinks' | 'canonicalHosts' | 'expectedLink'>,
  from: string | null,
  context: LinkContext,
): Promise<{ links: MessageLink[]; leftOut: number }> => {
  const wanted = about.expectedLink
  const expectedAt =
    wanted === undefined ? -1 : found.findIndex(link => link.where !== 'image' && link.href.includes(wanted))
  // The expected link is looked at however many stand before it.
  const chosen = found.filter((_, at) => at < most.links || at === expectedAt)
  const links: MessageLink[] = []
  let asked = 0
  for (let at = 0; at < chosen.length; at += most.atOnce)
    links.push(
      ...(await Promise.all(
        chosen.slice(at, at + most.atOnce).map(async link => {
          const expected = link === found[expectedAt]
          const mayAsk = expected || (!context.signal.aborted && asked < most.asked)
          const state = mayAsk
            ? await stateOf(context, link, expected, about, from)
            : notFollowed(`more than ${most.asked} links were asked for`)
          if (state.state !== 'not-followed') asked++
          return {
            url: maskedLink(link.href),
            host: link.host,
            text: shownText(link.text),
            where: link.where,
            faults: [...link.faults].sort(),
            shown: link.shown,
            service: link.service?.service ?? null,
            ...state,
            expected,
          }
        }),
      )),
    )
  // Services that count clicks put an address of their own before it: then it is the one that ends there.
  const through = wanted !== undefined && expectedAt === -1 && links.find(link => link.endedAt?.url.includes(wanted))
  if (through) through.expected = true
  return { links, leftOut: found.length - chosen.length }
}

/** The words of a link: addresses of people and URLs with tokens are cut. */
const shownText = (text: string): string =>
  text
    .replace(/(?<![^\s<>"'])[^\s<>"'@]*@[^\s<>"']+/g, '…@…')
    .replace(/\bhttps?:\/\/\S+/gi, url => maskedLink(url))
    .slice(0, 80)

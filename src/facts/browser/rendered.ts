// A route's page as a browser runs it: uncaught errors, requests that failed, what its Content-Security-Policy blocked. Every request
// of the page goes through our own network (same resolver, same bounds, no private addresses); nothing but GET and HEAD is sent.
import { isIP } from 'node:net'
import type { Page, Request, Route } from 'playwright-core'
import { type Fact, notApplicable, observed } from '../../core/fact.ts'
import { registrableDomain } from '../../formats/dns/registrable-domain.ts'
import { readDocument } from '../../formats/html/document.ts'
import { stateWords } from '../../formats/html/life-signs.ts'
import { type MixedResource, mixedInConsole } from '../../formats/html/mixed-content.ts'
import { isPage } from '../../formats/html/page-kind.ts'
import type { Shown } from '../../formats/html/page-life.ts'
import { isFaultyAnswer, isFaultySilence, refusedInConsole } from '../../formats/html/page-requests.ts'
import { errorWords, showsNothing } from '../../formats/html/page-words.ts'
import { doubtfulWords, foreignWords } from '../../formats/html/whose-page.ts'
import type { HttpExchange, HttpHop } from '../../net/network.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'
import { inBrowser } from './launch.ts'
import { createPatience } from './patience.ts'
import { visibleHtml } from './visible.ts'

export type Rendered = {
  url: string
  /** Uncaught exceptions and rejections, first lines, each once, sorted. */
  uncaught: { message: string; at: string }[]
  /** Requests of the page that its own site, or for scripts and styles any site, answered with an error. */
  failed: { url: string; kind: string; problem: string }[]
  /** What an enforced policy blocked. */
  blocked: { directive: string; url: string }[]
  /** What the page asked for without encryption while it ran, as the browser said; nothing on a page that is itself plain HTTP. */
  insecure: MixedResource[]
  /** Requests that were not sent, since they were no GET. */
  withheld: number
  shown: Shown
  /** Requests without an answer that says anything (time-outs, refused connections of others). */
  untold: { url: string; message: string }[]
}

const most = { requests: 300, listed: 20, loadMs: 15_000, settleMs: 1_500, bytes: 8 * 1024 * 1024 }

/** Headers that the browser computes anew for the decoded body that it is given. */
const dropped = new Set([
  'content-encoding',
  'content-length',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'alt-svc',
])
const textual = /^\s*(?:text\/|application\/(?:[\w.+-]*\+)?(?:json|xml|javascript|ecmascript|manifest)|image\/svg)/i

const fulfil = async (route: Route, hop: HttpHop): Promise<void> => {
  const headers: Record<string, string> = {}
  for (const [name, value] of hop.headers)
    if (!dropped.has(name))
      headers[name] =
        headers[name] === undefined ? value : `${headers[name]}${name === 'set-cookie' ? '\n' : ', '}${value}`
  const type = headers['content-type'] ?? ''
  const text = textual.test(type)
  if (text) headers['content-type'] = `${type.split(';')[0]}; charset=utf-8`
  await route.fulfill({ status: hop.status, headers, body: Buffer.from(hop.body, text ? 'utf8' : 'latin1') })
}

const bare = (url: string): string =>
  (URL.canParse(url) ? `${new URL(url).origin}${new URL(url).pathname}` : url).slice(0, 300)

/** Whether a URL belongs to the page's own site: its host, or another of the same registrable domain. */
const ownSite = (first: string): ((url: string) => boolean) => {
  const { hostname: host } = new URL(first)
  const home = registrableDomain(host)
  return url => {
    const { hostname } = new URL(url)
    return hostname === host || (home !== null && isIP(hostname) === 0 && registrableDomain(hostname) === home)
  }
}

/** The request as our network sends it: the headers that change what is answered, and no others. */
const sendOn = (context: CollectContext, request: Request): Promise<Fact<HttpExchange>> => {
  const { accept, cookie, referer, origin } = request.headers()
  const headers = Object.entries({ accept, cookie, referer, origin }).filter(
    (pair): pair is [string, string] => pair[1] !== undefined,
  )
  return context.net.http({
    url: request.url(),
    method: request.method() === 'HEAD' ? 'HEAD' : 'GET',
    follow: 5,
    maxBytes: most.bytes,
    headers: Object.fromEntries(headers),
  })
}

/** Answers the page's requests from our network, and notes what went wrong. */
const serve = async (page: Page, first: HttpHop, out: Rendered, context: CollectContext): Promise<void> => {
  const isOwn = ownSite(first.url)
  let asked = 0
  await page.route('**/*', async route => {
    const request = route.request()
    const url = request.url()
    if (!/^https?:/.test(url)) return route.continue()
    if (url === first.url && request.isNavigationRequest()) return fulfil(route, first)
    if (!['GET', 'HEAD'].includes(request.method()) || ++asked > most.requests) {
      out.withheld++
      return route.abort('blockedbyclient')
    }
    const answer = await sendOn(context, request)
    const kind = request.resourceType()
    const seen = { url, kind, own: isOwn(url) }
    const hop = answer.ok ? answer.value.hops.at(-1) : undefined
    if (!hop || (answer.ok && answer.value.ended !== 'answer')) {
      const problem = answer.ok ? (answer.value.next?.why ?? 'its redirects lead nowhere') : answer.message
      // A host that does not exist, or refuses, is no trouble of this machine's network.
      const isCertain = !answer.ok && (answer.because !== undefined || answer.reason === 'refused')
      if (isFaultySilence(seen, isCertain)) out.failed.push({ url: bare(url), kind, problem })
      else out.untold.push({ url: bare(url), message: problem })
      return route.abort('failed')
    }
    if (isFaultyAnswer(seen, hop.status)) out.failed.push({ url: bare(url), kind, problem: `status ${hop.status}` })
    return fulfil(route, hop)
  })
}

const shownOf = (html: string, url: string): Rendered['shown'] => {
  const page = readDocument(html, url)
  const { text, code, drawn, frames, hollow } = page
  const shown = showsNothing(page) ? '' : text || code
  return {
    text: shown,
    drawn: drawn + frames.length,
    words: errorWords(page, ''),
    doubtful: showsNothing(page) ? null : (stateWords(page, true) ?? foreignWords(page)),
    hollow,
    framed: page.framed && page.own === '',
    bare: doubtfulWords(page),
  }
}

/** What a request that we did not send makes a page's code say. */
const ofTheNetwork =
  /failed to fetch|networkerror|network error|load failed|abort|err_blocked|unexpected end of json|timeout/i

const look = async (page: Page, first: HttpHop, context: CollectContext): Promise<Rendered> => {
  const out: Rendered = {
    url: first.url,
    uncaught: [],
    failed: [],
    blocked: [],
    insecure: [],
    withheld: 0,
    shown: { text: '', drawn: 0, words: null, doubtful: null, hollow: false, framed: false, bare: null },
    untold: [],
  }
  page.on('console', message => {
    const refused = refusedInConsole(message.text())
    if (refused && out.failed.length < 200) out.failed.push({ ...refused, url: bare(refused.url), kind: 'script' })
    const item = mixedInConsole(message.text())
    if (item && out.insecure.length < 200) out.insecure.push({ ...item, url: bare(item.url) })
  })
  page.on('pageerror', error => {
    const place = /(https?:\/\/[^\s)]{1,2000}:\d+:\d+)/.exec((error.stack ?? '').slice(0, 8_000))?.[1] ?? ''
    if (out.uncaught.length < 200)
      out.uncaught.push({
        message: `${error.name}: ${error.message}`.split('\n')[0]!.slice(0, 200),
        at: place.slice(0, 300),
      })
  })
  page.on('dialog', dialog => void dialog.dismiss().catch(() => undefined))
  await page.routeWebSocket(/.*/, () => undefined)
  await serve(page, first, out, context)
  const key = '__launchReadyBlocked'
  await page.addInitScript(`(() => { const seen = []; Object.defineProperty(window, '${key}', { value: seen });
    addEventListener('securitypolicyviolation', event => { if (event.disposition === 'enforce' && seen.length < 100)
      seen.push({ directive: event.effectiveDirective, url: String(event.blockedURI) }) }) })()`)
  const { within } = createPatience(context.net.options.clock)
  await within(most.loadMs, page.goto(first.url, { waitUntil: 'load', timeout: 0 }), null)
  await page.waitForLoadState('networkidle', { timeout: most.settleMs }).catch(() => undefined)
  await page.waitForTimeout(100)
  const blocked = (await page.evaluate(key).catch(() => [])) as Rendered['blocked']
  const html = await page.evaluate(visibleHtml).catch(() => '')
  const shown = shownOf(typeof html === 'string' ? html : '', first.url)
  const short = <T extends object>(items: T[]): T[] =>
    [...new Map(items.map(item => [JSON.stringify(item), item])).entries()]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .slice(0, most.listed)
      .map(([, item]) => item)
  const quiet = out.withheld > 0 || out.untold.length > 0
  return {
    ...out,
    uncaught: short(out.uncaught.filter(item => !(quiet && ofTheNetwork.test(item.message)))),
    failed: short(out.failed),
    insecure: short(out.insecure),
    blocked: short(
      (Array.isArray(blocked) ? blocked : []).map(item => ({
        directive: String(item.directive).slice(0, 60),
        url: bare(String(item.url)),
      })),
    ),
    shown: { ...shown, text: shown.text.slice(0, 500) },
    untold: short(out.untold),
  }
}

const fact: FactDefinition<Rendered> = {
  on: 'route',
  deadlines: 60,
  async collect(subject, context) {
    if (!context.config.audit?.browser) return notApplicable('no browser was asked for (audit.browser in the config)')
    const page = await context.need('page', subject)
    if (!page.ok) return page
    const last = page.value.hops.at(-1)!
    if (last.status >= 400 || !isPage(last)) return notApplicable('it answers with no page')
    return inBrowser(context, async browser => {
      const tab = await browser.newPage()
      return observed(await look(tab, last, context), context.now())
    })
  },
}
export default fact

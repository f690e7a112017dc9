// A front page and its files from a table, read as the program reads them and judged by route-status.
import { createHash } from 'node:crypto'
import check from '../../src/checks/audit/route-status.ts'
import { type Fact, missing, observed } from '../../src/core/fact.ts'
import type { CollectContext, FactDefinition } from '../../src/facts/definition.ts'
import { walkAsBrowser } from '../../src/facts/http/fetch.ts'
import { route } from '../../src/facts/http/page.example.ts'
import pageLife, { type PageLife } from '../../src/facts/http/page-life.ts'
import { exchange, hop } from '../../src/facts/http/web.example.ts'
import type { HttpExchange, HttpRequest } from '../../src/net/network.ts'
import { outcomesOf } from './judge-example.ts'
import { onceForTest } from './once.ts'

/** A body with its type; more headers and a status where they matter. */
export type Served = {
  body: string
  type?: string | null
  headers?: [string, string][]
  status?: number
  undecodable?: true
}
export type Site = Record<string, Served | string>

const at = '2026-11-25T00:00:00Z'
const origin = 'https://example.com'

const served = (given: Served | string): Served => (typeof given === 'string' ? { body: given } : given)

/** Files by path, or by URL for other hosts; what is not there is 404. */
const contextOf = (site: Site): CollectContext => {
  const http = async ({ url, bytes }: HttpRequest): Promise<Fact<HttpExchange>> => {
    const { pathname, search } = new URL(url)
    const given = url.startsWith(`${origin}/`) ? site[`${pathname}${search}`] : site[url]
    if (given === undefined && !url.startsWith(origin)) return missing('refused', `${new URL(url).hostname} refuses`)
    if (typeof given === 'object' && given.undecodable)
      return missing('malformed', `the body of ${url} is not encoded as its header says ("gzip")`)
    const {
      body,
      type = 'text/html; charset=utf-8',
      headers = [],
      status = 200,
    } = served(given ?? { body: '<h1>404 Not Found</h1>', status: 404 })
    const text = bytes ? Buffer.from(body).toString('latin1') : body
    const all: [string, string][] = type === null ? headers : [['content-type', type], ...headers]
    return observed(exchange(hop(url, { status, headers: all, body: text, decodedBytes: Buffer.byteLength(body) })), at)
  }
  const context = {
    target: { domain: 'example.com', routes: [] },
    config: { routes: [] },
    signal: new AbortController().signal,
    now: () => at,
    once: onceForTest(),
    need: async (name: string, subject: { name: string }) =>
      name === 'page' ? walkAsBrowser(context, subject.name) : missing('unsupported', name),
    net: { http },
  } as unknown as CollectContext
  return context
}

/** What route-status says of the front page of this site. */
export const frontPageOutcomes = async (site: Site): Promise<string[]> => {
  const context = contextOf(site)
  const page = await walkAsBrowser(context, `${origin}/`)
  const life = await pageLife.collect(route('home'), context)
  return outcomesOf(check, {
    subject: route('home'),
    facts: { page, pageLife: life, rendered: missing('unsupported', 'no browser') },
  })
}

/** What is wrong with the front page of this site; what could not be told without a browser, or of few words, is none of it. */
export const frontPageFaults = async (site: Site): Promise<string[]> =>
  (await frontPageOutcomes(site)).filter(outcome => outcome !== 'answers' && outcome !== 'unknown')

/** What a fact collects from the front page of this site. */
export const frontPageFact = async <T>(fact: FactDefinition<T>, site: Site): Promise<T> => {
  const found = await fact.collect(route('home'), contextOf(site))
  if (!found.ok) throw new Error(found.message)
  return found.value
}

/** What is known of the life of this site's front page. */
export const frontPageLife = (site: Site): Promise<PageLife> => frontPageFact(pageLife, site)

export const script = (body: string, more: Partial<Served> = {}): Served => ({ body, type: 'text/javascript', ...more })
export const style = (body = 'body{margin:0}', more: Partial<Served> = {}): Served => ({
  body,
  type: 'text/css',
  ...more,
})
export const pin = (body: string): string => `sha384-${createHash('sha384').update(body).digest('base64')}`

/** A page of this body and head. */
export const html = (body: string, head = ''): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>CoachDash</title>${head}</head><body>${body}</body></html>`

/** The shell of a single-page app with this head. */
export const shell = (head: string): string => html('<div id="root"></div>', head)

export const words =
  '<header><a href="/">CoachDash</a><a href="/pricing">Pricing</a><a href="/login">Log in</a></header><h1>Coaching, in one place</h1><p>Plans, payments and calls for people who coach. Start in ten minutes and invite your first client today.</p>'

// How a page loads on a phone: visited in Chromium with an empty cache, on a slow line and a slow processor, several times; behind a login
// with the session that the config gives.
import { type Fact, type Missing, missing, notApplicable, observed, type Subject } from '../../core/fact.ts'
import { isPage } from '../../formats/html/page-kind.ts'
import { medianRun, type PageRun } from '../../formats/perf/page-runs.ts'
import { startSocks } from '../../net/socks.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'
import { configuredRoute, sessionOf } from '../http/session.ts'
import { withBrowser } from './launch.ts'
import { vitalsLibrary } from './page-script.ts'
import { type Emulation, visit } from './page-visit.ts'
import { createPatience, crowding } from './patience.ts'

export type PageSpeed = {
  url: string
  emulation: Emulation
  /** The figures of each visit, in the order made. */
  runs: Pick<PageRun, 'ttfb' | 'fcp' | 'lcp' | 'cls' | 'tbt' | 'inp'>[]
  /** The visit whose LCP is in the middle, whole. */
  median: PageRun
  /** How many programs wanted each processor of this machine meanwhile; absent where there was room. */
  crowding?: number
}

/** From so many programs for each processor on, a page may owe its slowness to this machine. */
const crowded = 1.5

/** Pages of a run; the rest of the routes is named as not measured. */
const mostPages = 8

const phone = {
  viewport: { width: 412, height: 823 },
  deviceScaleFactor: 1.75,
  isMobile: true,
  hasTouch: true,
}

const oldestBrowser = 108

/** A phone's own words, and who we are. */
const userAgent = (version: string, own: string): string =>
  `Mozilla/5.0 (Linux; Android 11; moto g power (2022)) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version.split('.')[0]}.0.0.0 Mobile Safari/537.36 ${own}`

/** Which of the routes are measured: the first ones, in the order of what they are worth. */
const isAmongFirst = async (context: CollectContext, subject: Subject): Promise<boolean> => {
  const routes = (await context.subjects('route')).filter(
    ({ details }) => !['api', 'webhook'].includes(String(details?.['kind'])),
  )
  return routes.slice(0, mostPages).some(({ name }) => name === subject.name)
}

type Opened = { url: string; headers: Record<string, string>; cookies: { name: string; value: string; url: string }[] }

/** Where the page stands, and what its visitor brings along. */
const openingOf = async (context: CollectContext, subject: Subject): Promise<Opened | Missing> => {
  const route = configuredRoute(context, subject.name)
  if (route?.after !== undefined) {
    const session = await sessionOf(context, route)
    if ('ok' in session) return session
    const sent = session.cookies.headerFor(route.url, context.net.options.clock.now()) ?? ''
    const cookies = sent.split('; ').flatMap(pair => {
      const at = pair.indexOf('=')
      return at > 0 ? [{ name: pair.slice(0, at), value: pair.slice(at + 1), url: route.url }] : []
    })
    return { url: route.url, headers: { ...route.headers, ...session.headers }, cookies }
  }
  const page = await context.need('page', subject)
  if (!page.ok) return page
  const last = page.value.hops.at(-1)!
  if (page.value.ended !== 'answer' || last.status >= 400 || !isPage(last))
    return notApplicable('it answers with no page')
  const isOwn = new URL(last.url).origin === new URL(subject.name).origin
  return { url: last.url, headers: isOwn ? (route?.headers ?? {}) : {}, cookies: [] }
}

/** A browser that is not there is no fault of the page: the check is skipped, with the line that brings one. */
const skippedWithout = <T>(fact: Fact<T>): Fact<T> =>
  !fact.ok && fact.cause?.kind === 'browser' && fact.cause.lacks !== 'working'
    ? notApplicable(
        fact.cause.lacks === 'playwright-core'
          ? 'playwright-core is not installed: npm install --save-dev playwright-core'
          : 'no browser was found: npx playwright-core install chromium, or apt-get install chromium, or CHROME_PATH',
        fact.cause,
      )
    : fact

/** Null where a browser of this version measures all that is judged. */
export const tooOld = (version: string): Missing | null => {
  return Number(version.split('.')[0]) < oldestBrowser
    ? missing('unsupported', `Chromium ${version} is too old to measure with: at least ${oldestBrowser} is needed`)
    : null
}

type Visiting = {
  context: CollectContext
  opened: Opened
  emulation: Emulation
  library: string
  click?: string | undefined
}
type Open = Parameters<Parameters<typeof withBrowser<PageSpeed>>[1]>[0]

const runOnce = async (open: Open, visiting: Visiting): Promise<Fact<PageRun>> => {
  const { context, opened } = visiting
  const socks = await startSocks(request => context.net.dial(request))
  try {
    return await open<PageRun>(
      async browser => {
        const old = tooOld(browser.browser()?.version() ?? '')
        if (old) return old
        const time = createPatience(context.net.options.clock)
        const seen = await visit(browser, opened.url, { ...visiting, ...opened, click: visiting.click, time })
        return 'run' in seen
          ? observed(seen.run, context.now())
          : missing('unsupported', `${opened.url}: ${seen.untold}`)
      },
      {
        ...phone,
        userAgent: userAgent('140', context.net.options.userAgent),
        proxy: { server: `socks5://127.0.0.1:${socks.port}`, bypass: '<-loopback>' },
        // Chromium takes no roots from --ca; what the certificates are worth is another check's business.
        ignoreHTTPSErrors: context.net.options.ca.length > 0,
      },
    )
  } finally {
    await socks.close()
  }
}

/** A phone’s browser has been running for a while when a page is opened: ours draws a page of its own first. */
const warmUp = (open: Open, context: CollectContext): Promise<Fact<null>> =>
  open(async browser => {
    const { within, pause } = createPatience(context.net.options.clock)
    const page = await browser.newPage()
    await within(5_000, page.goto('data:text/html,<h1>Aa</h1><p>Aa</p>', { timeout: 0 }), null)
    await pause(500)
    return observed(null, context.now())
  }, phone)

/** Visits in a row in one browser, each with an empty cache. */
const visits = (visiting: Visiting, wanted: number): Promise<Fact<PageSpeed>> =>
  withBrowser(visiting.context, async open => {
    const { context, opened, emulation } = visiting
    const runs: PageRun[] = []
    let crowd = crowding()
    let failed: Missing | null = null
    await warmUp(open, context)
    for (let nth = 0; nth < wanted && failed === null && !context.signal.aborted; nth++) {
      const run = await runOnce(open, visiting)
      if (run.ok) runs.push(run.value)
      else failed = run
      crowd = Math.max(crowd, crowding())
    }
    if (runs.length === 0) return failed ?? missing('unproven', 'there was no time left to open it')
    const figures = runs.map(({ ttfb, fcp, lcp, cls, tbt, inp }) => ({ ttfb, fcp, lcp, cls, tbt, inp }))
    return observed(
      {
        url: opened.url,
        emulation,
        runs: figures,
        median: medianRun(runs),
        ...(crowd >= crowded ? { crowding: Math.round(crowd) } : {}),
      },
      context.now(),
    )
  })

const fact: FactDefinition<PageSpeed> = {
  on: 'route',
  deadlines: 90,
  async collect(subject, context) {
    const { pages } = context.config.perf ?? {}
    const emulation: Emulation = { network: pages?.network ?? 'slow-4g', cpuSlowdown: pages?.cpuSlowdown ?? 4 }
    if (['api', 'webhook'].includes(String(subject.details?.['kind'])))
      return notApplicable('it is made for programs, not for people')
    const opened = await openingOf(context, subject)
    if ('ok' in opened) return opened
    if (!(await isAmongFirst(context, subject)))
      return notApplicable(`only the first ${mostPages} pages are opened in a browser`)
    const library = vitalsLibrary()
    if (library === null) return missing('internal', 'the web-vitals library is not beside the program')
    const click = configuredRoute(context, subject.name)?.click
    return skippedWithout(await visits({ context, opened, emulation, library, click }, pages?.runs ?? 3))
  },
}
export default fact

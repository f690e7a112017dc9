// How a page loads on a phone: visited in Chromium with an empty cache, on a slow line and a slow processor, several times; behind a login
// with the session that the config gives.
import pLimit from 'p-limit'
import { type Fact, type Missing, missing, notApplicable, observed, type Subject } from '../../core/fact.ts'
import { isPage } from '../../formats/html/page-kind.ts'
import { medianRun, type PageRun } from '../../formats/perf/page-runs.ts'
import { startSocks } from '../../net/socks.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'
import { configuredRoute, sessionOf } from '../http/session.ts'
import { inBrowser } from './launch.ts'
import { vitalsLibrary } from './page-script.ts'
import { type Emulation, visit } from './page-visit.ts'
import { createPatience } from './patience.ts'

export type PageSpeed = {
  url: string
  emulation: Emulation
  /** The figures of each visit, in the order made. */
  runs: Pick<PageRun, 'ttfb' | 'fcp' | 'lcp' | 'cls' | 'tbt' | 'inp'>[]
  /** The visit whose LCP is in the middle, whole. */
  median: PageRun
}

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

const runOnce = async (
  context: CollectContext,
  opened: Opened,
  emulation: Emulation,
  library: string,
  click: string | undefined,
): Promise<Fact<PageRun>> => {
  const socks = await startSocks(request => context.net.dial(request))
  try {
    return await inBrowser<PageRun>(
      context,
      async browser => {
        const old = tooOld(browser.browser()?.version() ?? '')
        if (old) return old
        const time = createPatience(context.net.options.clock)
        const seen = await visit(browser, opened.url, { ...opened, emulation, library, click, time })
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
    // One page at a time: two would slow each other down.
    const oneByOne = context.once('page-speed: one by one', () => pLimit(1))
    return oneByOne(async (): Promise<Fact<PageSpeed>> => {
      const runs: PageRun[] = []
      let failed: Missing | null = null
      for (let nth = 0; nth < (pages?.runs ?? 3) && failed === null && !context.signal.aborted; nth++) {
        const run = await runOnce(context, opened, emulation, library, click)
        if (run.ok) runs.push(run.value)
        else failed = run
      }
      if (runs.length === 0) return skippedWithout(failed ?? missing('unproven', 'there was no time left to open it'))
      const figures = runs.map(({ ttfb, fcp, lcp, cls, tbt, inp }) => ({ ttfb, fcp, lcp, cls, tbt, inp }))
      return observed({ url: opened.url, emulation, runs: figures, median: medianRun(runs) }, context.now())
    })
  },
}
export default fact

// One visit of a page by a phone on a slow line: network and processor are slowed down by the browser itself (CDP), nothing is simulated.
// Every connection goes through our own dialler (socks.ts), so that the same resolver, rules and refusals hold.
import type { BrowserContext, CDPSession, Page } from 'playwright-core'
import { registrableDomain } from '../../formats/dns/registrable-domain.ts'
import type { PageRequest, PageRun } from '../../formats/perf/page-runs.ts'
import { picturesScript, seenScript, vitalsScript, watchScript } from './page-script.ts'
import type { Patience } from './patience.ts'

export type Emulation = { network: 'slow-4g' | 'fast-4g' | 'none'; cpuSlowdown: number }

/** Milliseconds before each answer, and bytes a second: what Lighthouse applies under the same names. */
const networks = {
  'slow-4g': { latency: 562.5, downloadThroughput: (1474.56 * 1024) / 8, uploadThroughput: (675 * 1024) / 8 },
  'fast-4g': { latency: 165, downloadThroughput: (9216 * 1024) / 8, uploadThroughput: (1350 * 1024) / 8 },
  none: { latency: 0, downloadThroughput: -1, uploadThroughput: -1 },
} as const

const most = { loadMs: 45_000, quietMs: 1_000, restMs: 8_000, paintMs: 3_000, requests: 500, listed: 40 }

const shown = (url: string): string =>
  (URL.canParse(url) ? `${new URL(url).origin}${new URL(url).pathname}` : url).slice(0, 300)

type Underway = {
  url: string
  kind: string
  start: number
  firstByte: number | null
  end: number | null
  bytes: number
  protocol: string
}

/** What the network does while the page loads. Instants in seconds of the browser's own clock. */
type Traffic = { requests: Map<string, Underway>; open: Set<string>; lastAt: number; time: Patience }

const listen = (session: CDPSession, traffic: Traffic): void => {
  const { requests, open } = traffic
  session.on('Network.requestWillBeSent', ({ requestId, request, timestamp, type }) => {
    traffic.lastAt = traffic.time.now()
    if (!/^https?:/.test(request.url) || requests.size >= most.requests) return
    // A redirect bears the number of the request that it answers.
    const key = requests.has(requestId) ? `${requestId} ${requests.size}` : requestId
    const before = requests.get(requestId)
    if (before) {
      requests.set(key, { ...before, end: timestamp, firstByte: timestamp })
      requests.delete(requestId)
    }
    requests.set(requestId, {
      url: request.url,
      kind: type ?? 'Other',
      start: timestamp,
      firstByte: null,
      end: null,
      bytes: 0,
      protocol: '',
    })
    open.add(requestId)
  })
  session.on('Network.responseReceived', ({ requestId, response, timestamp, type }) => {
    const known = requests.get(requestId)
    if (known) Object.assign(known, { firstByte: timestamp, kind: type, protocol: response.protocol ?? '' })
  })
  const done = (requestId: string, timestamp: number, bytes: number): void => {
    traffic.lastAt = traffic.time.now()
    open.delete(requestId)
    const known = requests.get(requestId)
    if (known) Object.assign(known, { end: timestamp, bytes })
  }
  session.on('Network.loadingFinished', ({ requestId, timestamp, encodedDataLength }) =>
    done(requestId, timestamp, encodedDataLength),
  )
  session.on('Network.loadingFailed', ({ requestId, timestamp }) => done(requestId, timestamp, 0))
}

/** Waits until nothing was asked for a second, though not for ever; whether it came to rest. */
const rest = async (traffic: Traffic, gone: () => string | null): Promise<boolean> => {
  const end = traffic.time.now() + traffic.time.allowing(most.restMs)
  while (traffic.time.now() < end && gone() === null) {
    if (traffic.open.size === 0 && traffic.time.now() - traffic.lastAt > most.quietMs) return true
    await traffic.time.pause(100)
  }
  return false
}

const siteOf = (url: string): string => {
  const { hostname } = new URL(url)
  return registrableDomain(hostname) ?? hostname
}

const requestsOf = (traffic: Traffic, home: string, blocking: ReadonlySet<string>): PageRequest[] => {
  const all = [...traffic.requests.values()].sort((a, b) => a.start - b.start)
  const zero = all[0]?.start ?? 0
  const ms = (seconds: number | null): number | null => (seconds === null ? null : Math.round((seconds - zero) * 1000))
  const own = siteOf(home)
  return all.map(({ url, kind, start, firstByte, end, bytes, protocol }) => ({
    url: shown(url),
    kind: kind.toLowerCase(),
    start: ms(start) ?? 0,
    firstByte: ms(firstByte),
    end: ms(end),
    bytes: Math.max(0, bytes),
    protocol,
    third: siteOf(url) === own ? null : siteOf(url),
    blocking: blocking.has(url),
  }))
}

type Seen = {
  lcp: {
    value: number
    element: string
    url: string
    firstByte: number
    loadDelay: number
    loadTime: number
    renderDelay: number
  } | null
  cls: number
  inp: { value: number; element: string } | null
  fcp: number | null
  ttfb: number | null
  shifts: { value: number; at: number; element: string }[]
  tasks: { at: number; duration: number }[]
  frames: { at: number; duration: number; url: string; what: string }[]
}

type Pictures = {
  pictures: { url: string; natural: [number, number]; shown: [number, number]; sized: boolean }[]
  blocking: string[]
  ratio: number
}

const number = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0)
const rounded = (value: unknown): number => Math.round(number(value))

/** Long tasks with the script that took most of each. */
const tasksOf = ({ tasks, frames }: Seen, fcp: number): PageRun['tasks'] =>
  tasks
    .filter(task => task.at + task.duration > fcp)
    .map(({ at, duration }) => {
      const inside = frames
        .filter(frame => frame.at < at + duration && frame.at + frame.duration > at)
        .sort((a, b) => b.duration - a.duration)[0]
      return { at: rounded(at), duration: rounded(duration), script: inside ? shown(inside.url) || inside.what : '' }
    })
    .sort((a, b) => b.duration - a.duration)
    .slice(0, most.listed)

/** TBT: what long tasks take over 50 ms each, from the first paint on. */
const blockingOf = ({ tasks }: Seen, fcp: number): number =>
  Math.round(
    tasks.reduce((sum, { at, duration }) => {
      const from = Math.max(at, fcp)
      return sum + Math.max(0, at + duration - from - 50)
    }, 0),
  )

/** What the largest element waited for. The page's own clock starts the answers before the slow line has let them through, so
 * the network's instants are those of the browser's traffic. */
const lcpOf = ({ lcp }: Seen, requests: readonly PageRequest[]): PageRun['lcpElement'] => {
  if (!lcp) return null
  const url = lcp.url ? shown(lcp.url) : ''
  const firstByte = requests.findLast(({ kind, third }) => kind === 'document' && third === null)?.firstByte
  const own = url === '' ? undefined : requests.find(request => request.url === url)
  const named = { element: lcp.element.slice(0, 200), url }
  const end = own?.end ?? firstByte
  if (firstByte === undefined || firstByte === null || end === undefined || end === null || end > lcp.value)
    return {
      ...named,
      firstByte: rounded(lcp.firstByte),
      loadDelay: rounded(lcp.loadDelay),
      loadTime: rounded(lcp.loadTime),
      renderDelay: rounded(lcp.renderDelay),
    }
  const start = own ? Math.max(own.start, firstByte) : end
  return {
    ...named,
    firstByte,
    loadDelay: rounded(start - firstByte),
    loadTime: rounded(end - start),
    renderDelay: rounded(lcp.value - end),
  }
}

const runOf = (seen: Seen, drawn: Pictures, traffic: Traffic, url: string, idle: boolean): PageRun => {
  const fcp = number(seen.fcp)
  const { lcp } = seen
  const requests = requestsOf(traffic, url, new Set(drawn.blocking))
  const bytesOf = new Map(requests.map(request => [request.url, request.bytes]))
  return {
    ttfb: requests.find(({ kind }) => kind === 'document')?.firstByte ?? rounded(seen.ttfb),
    fcp: rounded(fcp),
    lcp: rounded(lcp?.value ?? fcp),
    cls: Math.round(number(seen.cls) * 1000) / 1000,
    tbt: blockingOf(seen, fcp),
    inp: seen.inp ? { value: rounded(seen.inp.value), element: seen.inp.element.slice(0, 200) } : null,
    idle,
    lcpElement: lcpOf(seen, requests),
    shifts: seen.shifts
      .map(({ value, at, element }) => ({ value: Math.round(number(value) * 1000) / 1000, at: rounded(at), element }))
      .sort((a, b) => b.value - a.value)
      .slice(0, 10),
    tasks: tasksOf(seen, fcp),
    images: drawn.pictures.map(({ url: at, natural, shown: box, sized }) => ({
      url: shown(at),
      natural,
      shown: box,
      sized,
      bytes: bytesOf.get(shown(at)) ?? 0,
    })),
    ratio: number(drawn.ratio) || 1,
    requests,
  }
}

const emulate = async (session: CDPSession, { network, cpuSlowdown }: Emulation): Promise<void> => {
  await session.send('Network.enable')
  await session.send('Network.setCacheDisabled', { cacheDisabled: false })
  await session.send('Network.emulateNetworkConditions', { offline: false, ...networks[network] })
  await session.send('Emulation.setCPUThrottlingRate', { rate: cpuSlowdown })
}

/** Why a visit ended before the page stood: a download, a crash, another page. */
const watchPage = (page: Page, url: string): (() => string | null) => {
  let gone: string | null = null
  let landed = false
  page.on('crash', () => {
    gone ??= 'the page crashes its tab'
  })
  page.on('download', download => {
    gone ??= 'it is a download, not a page'
    void download.cancel().catch(() => undefined)
  })
  page.on('dialog', dialog => void dialog.dismiss().catch(() => undefined))
  let asked = url
  page.on('request', request => {
    if (request.isNavigationRequest() && request.frame() === page.mainFrame()) asked = request.url()
  })
  page.on('framenavigated', frame => {
    if (frame !== page.mainFrame() || frame.url() === 'about:blank') return
    // A page that does not load leaves one of the browser's own, whose address says nothing.
    const at = /^https?:/.test(frame.url()) ? frame.url() : asked
    // A single-page app changes its address without leaving the document; another site's page is left for good.
    if (landed && /^https?:/.test(at) && siteOf(at) !== siteOf(url)) gone ??= `it leads on to ${shown(at)} by itself`
    landed = true
  })
  return () => gone
}

/**
 * Has web-vitals read what the browser kept; false where the page answers nothing. One that is still to be drawn (a processor with
 * much to do) is waited for.
 */
const readVitals = async (page: Page, library: string, time: Patience): Promise<boolean> => {
  const end = time.now() + time.allowing(most.paintMs)
  for (;;) {
    const drawn = await time.within<unknown>(5_000, page.evaluate(vitalsScript(library)), null)
    if (drawn !== false || time.now() >= end) return drawn !== null
    await time.pause(100)
  }
}

/** How the page is visited, and what the visitor brings along. */
export type Bringing = {
  emulation: Emulation
  /** The text of web-vitals. */
  library: string
  headers: Record<string, string>
  cookies: { name: string; value: string; url: string }[]
  click: string | undefined
  time: Patience
}

export type Visit = { run: PageRun } | { untold: string }

/** Clicks what is named, by text or selector, and waits for the next paints. */
const clickOn = async (page: Page, what: string, time: Patience): Promise<boolean> => {
  const control = page
    .getByRole('button', { name: what })
    .or(page.getByRole('link', { name: what }))
    .or(page.getByText(what, { exact: true }))
    .first()
  const clicked =
    (await time.within(
      3_000,
      control.click({ timeout: time.allowing(2_500), noWaitAfter: true }).then(() => true),
      false,
    )) ||
    (await time.within(
      3_000,
      page
        .locator(what)
        .first()
        .click({ timeout: time.allowing(2_500), noWaitAfter: true })
        .then(() => true),
      false,
    ))
  await time.pause(1_000)
  return clicked
}

/** One visit with an empty cache. */
export const visit = async (
  browser: BrowserContext,
  url: string,
  { emulation, library, headers, cookies, click, time }: Bringing,
): Promise<Visit> => {
  const page = await browser.newPage()
  const gone = watchPage(page, url)
  const session = await browser.newCDPSession(page)
  const traffic: Traffic = { requests: new Map(), open: new Set(), lastAt: time.now(), time }
  listen(session, traffic)
  await emulate(session, emulation)
  if (cookies.length > 0)
    await session.send('Network.setCookies', {
      cookies: cookies.map(cookie => ({ ...cookie, path: '/', secure: cookie.url.startsWith('https:') })),
    })
  await page.addInitScript(watchScript)
  if (Object.keys(headers).length > 0)
    await page.route(`${new URL(url).origin}/**`, route =>
      route.continue({ headers: { ...route.request().headers(), ...headers } }),
    )
  const loaded = await time.within(
    most.loadMs,
    page.goto(url, { waitUntil: 'load', timeout: 0 }).then(
      response => ({ status: response?.status() ?? 0, error: '' }),
      (error: Error) => ({ status: 0, error: error.message.split('\n')[0]! }),
    ),
    { status: 0, error: 'late' },
  )
  const idle = gone() === null && (await rest(traffic, gone))
  if (gone() !== null) return { untold: gone()! }
  // Whatever it says then: the page has no part in it.
  if (browser.browser()?.isConnected() === false) return { untold: 'the browser ended while it loaded' }
  if (/ERR_ABORTED|Download is starting/.test(loaded.error)) return { untold: 'it is a download, not a page' }
  const isLate = loaded.error === 'late'
  if (loaded.error !== '' && !isLate)
    return { untold: `it did not load (${/ERR_\w+/.exec(loaded.error)?.[0] ?? 'no answer'})` }
  if (loaded.status >= 400) return { untold: `it answers the browser with status ${loaded.status}` }
  const neverRests = 'its scripts never rest, so nothing could be asked of it'
  if (!(await readVitals(page, library, time))) return { untold: gone() ?? neverRests }
  if (click !== undefined) await clickOn(page, click, time)
  const seen = await time.within<Seen | null>(5_000, page.evaluate(seenScript) as Promise<Seen>, null)
  const drawn = await time.within<Pictures | null>(5_000, page.evaluate(picturesScript) as Promise<Pictures>, null)
  if (gone() !== null) return { untold: gone()! }
  if (!seen || typeof seen !== 'object') return { untold: neverRests }
  if (!seen.fcp && !seen.lcp)
    return { untold: isLate ? `it does not load within ${most.loadMs / 1000} s` : 'it draws nothing' }
  const empty: Pictures = { pictures: [], blocking: [], ratio: 1 }
  return { run: runOf(seen, drawn ?? empty, traffic, url, idle && !isLate) }
}

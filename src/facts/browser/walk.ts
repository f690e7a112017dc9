// Walks a flow of the config in a browser, by words and selectors. The browser's connections are opened by our own dialler; what was
// typed is in nothing that is kept: not in the words, not in the picture of the page where it failed.
import type { BrowserContext, Locator, Page, Request } from 'playwright-core'
import type { Config } from '../../config/schema.ts'
import { type Fact, observed } from '../../core/fact.ts'
import { limits } from '../../data/limits.ts'
import { registrableDomain } from '../../formats/dns/registrable-domain.ts'
import { type Socks, startSocks } from '../../net/socks.ts'
import type { CollectContext } from '../definition.ts'
import type { FlowRun, FlowStep } from '../http/flow-run.ts'
import { inBrowser } from './launch.ts'
import { createPatience, type Patience } from './patience.ts'
import { picture, textOf, wordsOf } from './walk-evidence.ts'

type Flow = NonNullable<Config['flows']>[number]
type Step = Flow['steps'][number]
/** What is wrong with the product, or what kept us from seeing it; null when the step went well. */
type Trouble = { problem: string } | { unknown: string } | null
type Call = { method: string; url: string; status: number }

const most = { elements: 20, calls: 200, wordsLength: 300, pollMs: 50, quietMs: 1_500 }
const bare = (url: string): string =>
  URL.canParse(url) ? `${new URL(url).origin}${new URL(url).pathname}` : url.slice(0, 200)

/** Where the customer is, and what the browser heard since the step began. */
type Walk = {
  page: Page
  /** Status of each tab's own document. */
  status: Map<Page, number>
  calls: Call[]
  /** Why a document could not be loaded: error and host, since the step began. */
  failed: { error: string; host: string } | null
  /** The field that was filled last: its form is meant by `submit: form`. */
  field: Locator | null
  lastHeard: number
  /** Something was filled in, clicked or sent. */
  hasSent: boolean
  patience: number
  time: Patience
  socks: Socks
}

const listen = (browser: BrowserContext, walk: Walk): void => {
  let opened: number | undefined
  browser.on('page', page => {
    walk.page = page
    if (opened !== undefined) walk.status.set(page, opened)
    opened = undefined
    page.on('dialog', dialog => void dialog.dismiss().catch(() => undefined))
  })
  /** The tab whose own document was asked for; `new` while a tab that opens has none yet, null for everything else. */
  const tabOf = (request: Request): Page | 'new' | null => {
    if (!request.isNavigationRequest()) return null
    try {
      const frame = request.frame()
      return frame.parentFrame() === null ? frame.page() : null
    } catch {
      return 'new'
    }
  }
  browser.on('response', response => {
    const request = response.request()
    const tab = tabOf(request)
    walk.lastHeard = walk.time.now()
    if (tab === 'new') opened = response.status()
    else if (tab) walk.status.set(tab, response.status())
    else if (/^(?:fetch|xhr)$/.test(request.resourceType()) && walk.calls.length < most.calls)
      walk.calls.push({ method: request.method(), url: response.url(), status: response.status() })
  })
  browser.on('requestfailed', request => {
    const error = request.failure()?.errorText ?? ''
    if (tabOf(request) && !/ERR_ABORTED/.test(error)) walk.failed = { error, host: new URL(request.url()).hostname }
  })
}

/** What a document that did not load says: a refusal or a name that is gone is the product's, silence may be ours. */
const notLoaded = (walk: Walk, error: string, host: string): Trouble => {
  const why = walk.socks.failures.get(host)
  if (why) return why.reason === 'refused' || why.because ? { problem: why.message } : { unknown: why.message }
  if (/ERR_TOO_MANY_REDIRECTS/.test(error)) return { problem: 'it redirects in a circle' }
  if (/ERR_CERT|ERR_SSL/.test(error))
    return { unknown: `the browser does not accept the certificate of ${host} (the check "certificate" says why)` }
  const name = /net::(ERR_\w+)/.exec(error)?.[1]
  return { unknown: name ? `${host} did not load (${name})` : `${host} did not load in time` }
}

/** The first visible element that one of the ways finds, waited for; null when none comes. */
const find = async (walk: Walk, ways: (page: Page) => Locator[]): Promise<Locator | null> => {
  const end = walk.time.now() + walk.time.allowing(walk.patience)
  do {
    // What is no selector throws: the next way is tried.
    for (const way of ways(walk.page))
      for (const found of (await walk.time.within(walk.patience, way.all(), [])).slice(0, most.elements))
        if (await walk.time.within(walk.patience, found.isVisible(), false)) return found
    await walk.time.pause(most.pollMs)
  } while (walk.time.now() < end)
  return null
}

const fieldsBy =
  (wanted: string) =>
  (page: Page): Locator[] => [
    page.locator(`[name=${JSON.stringify(wanted)}]`),
    page.getByLabel(wanted, { exact: true }),
    page.getByPlaceholder(wanted, { exact: true }),
    page.locator(wanted),
    page.locator(`[id=${JSON.stringify(wanted)}]`),
    page.getByLabel(wanted),
  ]

const controlsBy =
  (wanted: string) =>
  (page: Page): Locator[] => [
    ...(['button', 'link', 'tab', 'menuitem', 'radio'] as const).map(role =>
      page.getByRole(role, { name: wanted, exact: true }),
    ),
    page.locator(wanted),
    page.locator(`a[href$=${JSON.stringify(wanted)}]`),
    page.getByRole('button', { name: wanted }),
    page.getByRole('link', { name: wanted }),
    page.getByText(wanted, { exact: true }),
  ]

const unclickable = (error: unknown, wanted: string): Trouble => ({
  problem: /intercepts pointer events/.test(String(error))
    ? `"${wanted}" cannot be clicked: something lies over it`
    : /disabled|not enabled/.test(String(error))
      ? `"${wanted}" cannot be clicked: it is disabled`
      : `"${wanted}" cannot be clicked`,
})

const press = async (walk: Walk, element: Locator, wanted: string): Promise<Trouble> => {
  try {
    await element.click({ timeout: walk.time.allowing(walk.patience) })
    return null
  } catch (error) {
    return unclickable(error, wanted)
  }
}

const type = async (walk: Walk, fields: Readonly<Record<string, string>>): Promise<Trouble> => {
  for (const [name, text] of Object.entries(fields)) {
    const field = await find(walk, fieldsBy(name))
    if (!field) return { problem: `the page has no field "${name}"` }
    walk.field = field
    try {
      const kind = (await field.getAttribute('type'))?.toLowerCase()
      const options = { timeout: walk.time.allowing(walk.patience) }
      if (kind === 'checkbox' || kind === 'radio') await field.setChecked(!/^(?:|0|false|off|no)$/.test(text), options)
      else if (await field.evaluate(element => element.nodeName === 'SELECT')) await field.selectOption(text, options)
      else await field.fill(text, options)
    } catch {
      return { problem: `the field "${name}" cannot be filled` }
    }
  }
  return null
}

const submit = async (walk: Walk, wanted: string): Promise<Trouble> => {
  const buttons = 'button[type=submit], input[type=submit], input[type=image], button:not([type])'
  const own = walk.field?.locator('xpath=ancestor::form[1]')
  const anyForm = /^form$/i.test(wanted.trim())
  const found = await find(walk, page =>
    anyForm
      ? [...(own ? [own] : []), page.locator('form:has(input)'), page.locator('form')]
      : [
          page.getByRole('button', { name: wanted, exact: true }),
          page.locator(wanted),
          page.locator(`form[action$=${JSON.stringify(wanted)}]`),
          page.getByRole('button', { name: wanted }),
        ],
  )
  if (!found && anyForm && walk.field) {
    // Fields that stand in no form are sent by a script that listens for Enter.
    await walk.field.press('Enter', { timeout: walk.time.allowing(walk.patience) }).catch(() => undefined)
    return null
  }
  if (!found) return { problem: `the page has no form or button "${wanted}"` }
  const isForm = await walk.time.within(
    walk.patience,
    found.evaluate(element => element.nodeName === 'FORM'),
    false,
  )
  if (!isForm) return press(walk, found, wanted)
  const button = found.locator(buttons).first()
  if (await walk.time.within(walk.patience, button.isVisible(), false)) return press(walk, button, wanted)
  await walk.time.within(
    walk.patience,
    found.evaluate(element => (element as unknown as { requestSubmit(): void }).requestSubmit()),
    undefined,
  )
  return null
}

/** What is not as the step expects, as the page stands now. */
const unmet = async (walk: Walk, step: Step): Promise<string | null> => {
  const { page } = walk
  const status = walk.status.get(page) ?? 0
  if (step.expectStatus !== undefined && status !== step.expectStatus)
    return `status ${status} instead of ${step.expectStatus}`
  if (step.expectStatus === undefined && status >= 400) return `status ${status}`
  if (step.expectUrl !== undefined && !page.url().includes(step.expectUrl))
    return `it stayed at ${bare(page.url())} instead of ${step.expectUrl}`
  if (step.expectText !== undefined) {
    const text = await textOf(walk, walk.patience)
    const title = await walk.time.within(walk.patience, page.title(), '')
    const flat = (words: string): string => words.replace(/\s+/g, ' ')
    if (!flat(`${title} ${text}`).toLowerCase().includes(flat(step.expectText).toLowerCase()))
      return `the page does not say "${step.expectText}"`
  }
  if (step.expectSelector !== undefined) {
    const seen = await walk.time.within(walk.patience, page.locator(step.expectSelector).first().isVisible(), false)
    if (!seen) return `the page shows no "${step.expectSelector}"`
  }
  return null
}

/** A call by which a server of the registrable domain refused what the page sent; undefined when there was none. */
const refusedCall = (walk: Walk, home: string | null): Call | undefined =>
  walk.calls.find(
    ({ method, url, status }) =>
      status >= 400 && method !== 'GET' && home !== null && registrableDomain(new URL(url).hostname) === home,
  )

const isLimited = (walk: Walk): boolean =>
  walk.status.get(walk.page) === 429 || walk.calls.some(call => call.status === 429)

/** Waits until all that the step expects holds; without expectations, until the page rests. */
const settle = async (walk: Walk, step: Step): Promise<Trouble> => {
  const waits = step.expectText ?? step.expectUrl ?? step.expectSelector
  const begun = walk.time.now()
  const end = walk.time.now() + (waits === undefined ? 0 : walk.time.allowing(walk.patience * 2))
  const rest = (): Promise<unknown> =>
    walk.page.waitForLoadState('networkidle', { timeout: most.quietMs }).catch(() => undefined)
  if (waits === undefined) await rest()
  // Where the step began: it may lead to another site, a payment provider's say.
  const home = registrableDomain(URL.canParse(walk.page.url()) ? new URL(walk.page.url()).hostname : '')
  for (;;) {
    if (walk.failed) return notLoaded(walk, walk.failed.error, walk.failed.host)
    if (isLimited(walk)) return { unknown: 'it limits requests from here (429)' }
    const wrong = await unmet(walk, step)
    const call = refusedCall(walk, home)
    const refusal = call ? `${call.method} ${bare(call.url)} answered ${call.status}` : ''
    if (wrong === null)
      return call && waits === undefined && step.expectStatus === undefined ? { problem: refusal } : null
    const isError = step.expectStatus === undefined && (walk.status.get(walk.page) ?? 0) >= 400
    if (isError) await rest()
    // Once the server refused what was sent and all is quiet, nothing more comes.
    const isOver = walk.time.now() >= end || (call !== undefined && walk.time.now() - walk.lastHeard > most.quietMs)
    // A page that had no turn to draw, on this machine, is not one that does not say what it should.
    if (isOver && !refusal && walk.time.isLost(begun)) return { unknown: `this machine was too busy to wait: ${wrong}` }
    if (isOver || (isError && (await unmet(walk, step)) !== null))
      return { problem: refusal ? `${wrong} (${refusal})` : wrong }
    await walk.time.pause(most.pollMs)
  }
}

const load = async (walk: Walk, url: string, patience: number): Promise<Trouble | 'late'> => {
  walk.failed = null
  walk.status.delete(walk.page)
  const opened = walk.page.goto(url, { waitUntil: 'load', timeout: 0 }).then(
    () => null,
    (error: unknown) => notLoaded(walk, String(error), new URL(url).hostname),
  )
  const seen = await walk.time.within<Trouble | 'late'>(patience, opened, 'late')
  // The page is there, and something of it is not: a customer goes on.
  return seen === 'late' && walk.status.has(walk.page) ? null : seen
}

/** Opens a page. Silence before anything was sent is tried again with more time: it may have been ours. */
const open = async (walk: Walk, url: string): Promise<Trouble> => {
  const first = await load(walk, url, walk.patience * 3)
  const seen =
    first === 'late' && !walk.hasSent ? await load(walk, url, walk.patience * 3 * limits.secondLookFactor) : first
  return seen === 'late' ? notLoaded(walk, '', new URL(url).hostname) : seen
}

const act = async (walk: Walk, step: Step): Promise<Trouble> => {
  if (step.get) return open(walk, step.get)
  walk.hasSent = true
  const typed = await type(walk, { ...step.fill, ...step.form })
  if (typed) return typed
  if (step.submit !== undefined) return submit(walk, step.submit)
  if (step.click === undefined) return null
  const control = await find(walk, controlsBy(step.click))
  return control ? press(walk, control, step.click) : { problem: `the page has no link or button "${step.click}"` }
}

const whatOf = (step: Step, at: string): string => {
  if (step.get) return `open ${bare(step.get)}`
  const names = Object.keys({ ...step.fill, ...step.form })
  const parts = [
    ...(names.length ? [`fill ${names.join(', ')}`] : []),
    ...(step.submit === undefined ? [] : [`submit "${step.submit}"`]),
    ...(step.click === undefined ? [] : [`click "${step.click}"`]),
  ]
  return `${parts.join(' and ') || 'look'} at ${bare(at)}`
}

const walkSteps = async (walk: Walk, flow: Flow): Promise<FlowRun> => {
  const secrets = flow.steps
    .flatMap(step => Object.values({ ...step.form, ...step.fill }))
    .filter(text => text.length > 2)
  const hide = (text: string): string => secrets.reduce((shown, secret) => shown.replaceAll(secret, '…'), text)
  const run: FlowRun = {
    kind: flow.kind,
    steps: [],
    planned: flow.steps.length,
    totalMs: 0,
    slowMs: flow.slow ?? 10_000,
    untold: null,
    screenshot: null,
  }
  for (const step of flow.steps) {
    const what = hide(whatOf(step, walk.page.url()))
    const begun = walk.time.now()
    walk.calls = []
    walk.failed = null
    walk.lastHeard = begun
    const trouble = (await act(walk, step)) ?? (await settle(walk, step))
    const hasWaited = step.expectText === undefined && step.expectUrl === undefined && step.expectSelector === undefined
    const milliseconds = Math.round((hasWaited ? walk.lastHeard : walk.time.now()) - begun)
    const done: FlowStep = {
      what,
      status: walk.status.get(walk.page) ?? 0,
      milliseconds,
      problem: trouble && 'problem' in trouble ? hide(trouble.problem) : null,
      words: '',
    }
    run.steps.push(done)
    run.totalMs += milliseconds
    if (trouble === null) continue
    if ('unknown' in trouble) run.untold = `${what}: ${hide(trouble.unknown)}`
    else {
      done.words = hide(await wordsOf(walk)).slice(0, most.wordsLength)
      run.screenshot = await picture(walk, secrets)
    }
    break
  }
  return run
}

/** The flow in a browser, from its first step to its last or to the one that fails. */
export const walkInBrowser = async (flow: Flow, context: CollectContext): Promise<Fact<FlowRun>> => {
  const socks = await startSocks(request => context.net.dial(request))
  try {
    return await inBrowser(
      context,
      async browser => {
        const page = await browser.newPage()
        const time = createPatience(context.net.options.clock)
        const walk: Walk = {
          page,
          status: new Map(),
          calls: [],
          failed: null,
          field: null,
          lastHeard: time.now(),
          hasSent: false,
          patience: context.timeoutMs,
          time,
          socks,
        }
        page.on('dialog', dialog => void dialog.dismiss().catch(() => undefined))
        listen(browser, walk)
        return observed(await walkSteps(walk, flow), context.now())
      },
      {
        proxy: { server: `socks5://127.0.0.1:${socks.port}`, bypass: '<-loopback>' },
        // Chromium takes no roots from --ca; what the certificates are worth is another check's business.
        ignoreHTTPSErrors: context.net.options.ca.length > 0,
      },
    )
  } finally {
    await socks.close()
  }
}

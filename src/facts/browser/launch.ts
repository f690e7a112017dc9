// A Chromium of the machine, driven through playwright-core (optional peer): one in a run, used by one after the other and closed when
// nobody waits for it any more. It has no way out of its own: every request is answered by whoever opened the page, or goes through the proxy of
// ours that its context names.
import { existsSync } from 'node:fs'
import pLimit from 'p-limit'
import type { Browser, BrowserContext, BrowserContextOptions } from 'playwright-core'
import { findBrowser } from '../../core/browser-path.ts'
import { type Fact, type Missing, missing } from '../../core/fact.ts'
import type { CollectContext } from '../definition.ts'

/** A browser that is in use, and by how many. */
type Shared = { users: number; browser: Promise<Browser> }

type Playwright = typeof import('playwright-core')

/** The optional peer, from where this program is installed: never from the working directory, which may be a stranger's. */
const loadPlaywright = async (): Promise<Playwright> => {
  // The name in a variable: absent for most, so it is resolved at run time and not bundled.
  const peer = 'playwright-core'
  return (await import(peer)) as Playwright
}

/** A browser that starts on a machine with much to do takes its time; one that hangs is given up. */
const most = { startMs: 60_000 }

const start = async (executablePath: string): Promise<Browser> => {
  const { chromium } = await loadPlaywright()
  const options = {
    executablePath,
    headless: true,
    timeout: most.startMs,
    args: [
      '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
      '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
    ],
  }
  try {
    return await chromium.launch({ ...options, chromiumSandbox: true })
  } catch {
    // In containers and for root the kernel refuses the sandbox.
    return await chromium.launch({ ...options, chromiumSandbox: false })
  }
}

const noBrowser = (): Missing =>
  missing(
    'unsupported',
    'no browser was found: install Chromium (apt-get install chromium), or name it in CHROME_PATH',
    { cause: { kind: 'browser', lacks: 'executable', text: 'no browser' } },
  )

const failed = (error: unknown): Missing => {
  const message = error instanceof Error ? error.message.split('\n')[0]! : String(error)
  return /Cannot find (?:package|module)/.test(message)
    ? missing('unsupported', 'playwright-core is not installed beside launch-ready', {
        cause: { kind: 'browser', lacks: 'playwright-core', text: 'playwright-core is not installed' },
      })
    : missing('unsupported', `the browser failed: ${message.slice(0, 200)}`, {
        cause: { kind: 'browser', lacks: 'working', text: 'no browser' },
      })
}

/** Runs `use` in a fresh context of the browser: no cookies, no service workers. */
type Open = <T>(use: (browser: BrowserContext) => Promise<Fact<T>>, more?: BrowserContextOptions) => Promise<Fact<T>>

/** The browser that runs, or a new one where it has ended. */
const runningOne = async (shared: Shared, path: string): Promise<Browser> => {
  const browser = await shared.browser
  if (browser.isConnected()) return browser
  shared.browser = start(path)
  return shared.browser
}

const opener =
  (shared: Shared, path: string): Open =>
  async (use, more = {}) => {
    try {
      const browser = await runningOne(shared, path)
      const fresh = await browser.newContext({
        serviceWorkers: 'block',
        viewport: { width: 1280, height: 900 },
        acceptDownloads: false,
        ...more,
      })
      try {
        return await use(fresh)
      } finally {
        await fresh.close().catch(() => undefined)
      }
    } catch (error) {
      return failed(error)
    }
  }

/**
 * Waits for its turn (browsers are used one after the other over a run: on a small machine two slow each other down until neither
 * page is there in time), then lets `use` open one context after the other. The option --browser may name the path of Chromium.
 * Missing where there is no browser or it does not start.
 */
export const withBrowser = async <T>(
  context: CollectContext,
  use: (open: Open) => Promise<Fact<T>>,
): Promise<Fact<T>> => {
  const asked = context.config.audit?.browser
  const path = typeof asked === 'string' ? (existsSync(asked) ? asked : null) : findBrowser(context.env, existsSync)
  if (!path) return noBrowser()
  const running = context.once('launch: running', () => new Map<string, Shared>())
  const inTurn = context.once('launch: in turn', () => pLimit(1))
  const shared: Shared = running.get(path) ?? { users: 0, browser: start(path) }
  running.set(path, shared)
  shared.users++
  // Nobody may wait for it yet: told to who opens a page.
  shared.browser.catch(() => undefined)
  try {
    return await inTurn(() => use(opener(shared, path)))
  } finally {
    shared.users--
    if (shared.users === 0) {
      running.delete(path)
      await shared.browser.then(browser => browser.close()).catch(() => undefined)
    }
  }
}

/** Runs `use` in a fresh context, in its turn. */
export const inBrowser = <T>(
  context: CollectContext,
  use: (browser: BrowserContext) => Promise<Fact<T>>,
  more: BrowserContextOptions = {},
): Promise<Fact<T>> => withBrowser(context, open => open(use, more))

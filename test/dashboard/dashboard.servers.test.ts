// The dashboard in Chromium: a thousand monitors and ninety days, axe and Lighthouse, keyboard, narrow and dark, live changes, and as files.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveBoard } from '../../src/cli/monitor-board.ts'
import { configSchema } from '../../src/config/schema.ts'
import { monitorSection } from '../../src/config/sections/monitor.ts'
import { startWorld } from '../../src/lab/start.ts'
import { loadWorld } from '../../src/lab/world.ts'
import { fillStore } from '../../src/monitor/made-store.ts'
import { openStore } from '../../src/monitor/open-store.ts'
import type { Incident, Result, Span, StateRow, Store } from '../../src/monitor/store.ts'
import { freePort } from '../support/free-port.ts'
import { runIn } from '../support/handover-world.ts'
import { pageTime } from '../support/page-time.ts'
import { processorTime } from '../support/processor-time.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const now = Date.parse('2026-11-25T12:00:00Z')
const [minute, hour, day] = [60_000, 3_600_000, 86_400_000]
const folder = mkdtempSync(join(tmpdir(), 'dashboard-'))
const debugging = await freePort()
let browser: Browser
type Board = { store: Store; server: { address: string; close(): Promise<void> } }
/** A thousand monitors for speed; axe looks through every row, so that it gets fewer. */
let large: Board
let small: Board

const incident = (id: string, monitor: string, resolvedAt: number | null): Incident => ({
  ...{ id, cause: `monitor:${monitor}`, state: 'down', title: `${monitor} is down`, since: now - 2 * hour },
  ...{ openedAt: now - 2 * hour, resolvedAt, acknowledgedAt: null, acknowledgedBy: null, remindedAt: null },
  deploy: '3f9c1d2',
  parts: [{ monitor, state: 'down', since: now - 2 * hour, until: resolvedAt, detail: 'db-7.internal refused' }],
})

/** Ninety days of a thousand monitors, an hour of each day; the last day whole. */
const fill = async (store: Store, count: number): Promise<void> => {
  const names = Array.from({ length: count }, (_, at) => `service ${at}`)
  const config = configSchema.parse({ domain: 'coachdash.example' })
  const monitors = names.map(name => ({
    name,
    http: `https://${name.replace(' ', '-')}.internal.example/`,
    expect: { text: 'x' },
  }))
  const section = monitorSection.parse({ monitors, store: join(folder, 'm.sqlite') })
  await fillStore(store, { days: 0.01, lookedAgo: 0.3 }, { config, section, now })
  for (let from = 0; from < names.length; from += 100) {
    const spans: Span[] = []
    const results: Result[] = []
    for (const [at, monitor] of names.slice(from, from + 100).entries()) {
      for (let back = 1; back < 90; back++) {
        const start = now - back * day
        const state = (at + back) % 37 === 0 ? 'down' : 'up'
        spans.push({ monitor, from: start, to: start + 50 * minute, state, maintenance: false })
      }
      for (let back = 1; back <= 24; back++)
        results.push({
          monitor,
          at: now - back * hour,
          seen: 'up',
          state: 'up',
          latencyMs: 40 + ((at * back) % 300),
          maintenance: false,
        })
    }
    await store.apply({ spans, results })
  }
  await store.apply({
    incidents: [incident('open', 'service 7', null), incident('over', 'service 8', now - hour)],
    messages: [
      {
        id: 'm',
        channel: 'team',
        createdAt: now - hour,
        dueAt: now - hour,
        body: {
          event: 'down',
          monitor: 'service 8',
          state: 'down',
          since: now,
          incident: 'over',
          title: 'DOWN: service 8',
          text: 'x',
        },
      },
    ],
  })
  await store.attempted('m', { at: now - hour, ok: false, answer: '503 busy', ms: 4 }, now - hour)
  await store.attempted('m', { at: now - hour + minute, ok: true, answer: '200 ok', ms: 4 }, now)
  await setState(store, 'service 7', 'down')
}

const setState = async (store: Store, monitor: string, state: StateRow['state']): Promise<void> => {
  const row = (await store.states()).find(one => one.monitor === monitor)!
  await store.apply({ states: [{ ...row, state, since: now - 2 * hour }] })
}

const serve = async (count: number): Promise<Board> => {
  const store = await openStore(join(folder, `${count}.sqlite`), { cwd: '/', clock: { now: () => now }, watches: true })
  await fill(store, count)
  const section = { ...monitorSection.parse({}), listen: '127.0.0.1:0' }
  const config = configSchema.parse({ domain: 'coachdash.example' })
  const setup = { section, config }
  return { store, server: await serveBoard({ setup, store: () => store, handler: null, clock: { now: () => now } }) }
}

beforeAll(async () => {
  large = await serve(1_000)
  small = await serve(12)
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    chromiumSandbox: false,
    args: [`--remote-debugging-port=${debugging}`],
  })
}, 240_000)

afterAll(async () => {
  await browser?.close()
  for (const board of [large, small]) {
    await board?.server.close()
    await board?.store.close()
  }
  rmSync(folder, { recursive: true, force: true })
})

type Look = { width?: number; dark?: boolean; path?: string; of?: Board }
const open = async ({ width = 1200, dark = false, path = '/', of = small }: Look = {}): Promise<Page> => {
  const context = await browser.newContext({ viewport: { width, height: 844 }, colorScheme: dark ? 'dark' : 'light' })
  const page = await context.newPage()
  await page.goto(path.startsWith('file:') ? path : `${of.server.address}${path}`)
  return page
}

const faults = async (page: Page): Promise<string[]> => {
  // The policy of the page lets no script in from outside: axe is put in by the debugger.
  await page.evaluate(axe)
  const { violations } = await page.evaluate(() =>
    (
      globalThis as never as { axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } }
    ).axe.run(),
  )
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)}`)
}

/** A picture, where somebody asks for them: to be looked at. */
const picture = async (page: Page, name: string): Promise<void> => {
  const to = process.env['PICTURES']
  if (to) writeFileSync(join(to, `${name}.png`), await page.screenshot())
}

describe('a thousand monitors and ninety days', () => {
  // Of the processor: what else this machine does is not ours.
  it('are a page within 300 ms on the server, and usable in Chromium within a second', async () => {
    const took: number[] = []
    for (let count = 0; count < 5; count++) {
      const begun = processorTime()
      await (await fetch(large.server.address, { headers: { accept: 'text/html' } })).text()
      took.push(processorTime() - begun)
    }
    const inChromium: number[] = []
    for (let count = 0; count < 3; count++) {
      const page = await open({ of: large })
      await page.locator('#live', { hasText: 'Live' }).waitFor()
      inChromium.push(await pageTime(page))
      expect(await page.locator('.row').count()).toBe(1_000)
      await page.context().close()
    }
    const [server, chromium] = [Math.min(...took), Math.min(...inChromium)]
    console.log(`page on the server ${server.toFixed(0)} ms, usable in Chromium ${chromium.toFixed(0)} ms`)
    expect(server).toBeLessThan(300)
    expect(chromium).toBeLessThan(1_000)
  })
})

describe('everybody can use it', () => {
  it.each([
    ['wide', {}],
    ['narrow', { width: 390 }],
    ['dark', { dark: true }],
    ['narrow and dark', { width: 390, dark: true }],
    ['public', { path: '/status' }],
    ['public, narrow', { path: '/status', width: 390 }],
  ] as [string, Look][])('axe finds nothing: %s', async (name, look) => {
    const page = await open(look)
    if (look.path === undefined) await page.locator('.row summary').first().click()
    await picture(page, name.replace(/\W+/g, '-'))
    expect(await faults(page)).toEqual([])
    expect(
      await page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth'),
    ).toBe(0)
    await page.context().close()
  })

  it('Lighthouse gives it 100 for accessibility', async () => {
    const { default: lighthouse } = await import('lighthouse')
    for (const path of ['/', '/status']) {
      const result = await lighthouse(`${small.server.address}${path}`, {
        port: debugging,
        output: 'json',
        logLevel: 'error',
        onlyCategories: ['accessibility'],
      })
      const { categories, audits } = result!.lhr
      const bad = Object.values(audits).filter(
        ({ score, scoreDisplayMode }) => score === 0 && scoreDisplayMode === 'binary',
      )
      expect([path, bad.map(({ id }) => id), categories['accessibility']!.score]).toEqual([path, [], 1])
    }
  }, 180_000)

  it('works by keyboard alone: skip link, a monitor opened, its curve drawn', async () => {
    const page = await open()
    await page.keyboard.press('Tab')
    expect(await page.evaluate<string>('document.activeElement.className')).toBe('skip')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    expect(await page.evaluate<string>('document.activeElement.tagName')).toBe('SUMMARY')
    await page.keyboard.press('Enter')
    await page.locator('details[open] .uplot canvas').first().waitFor()
    await page.context().close()
  })

  it('is readable without a script', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false })
    const page = await context.newPage()
    await page.goto(small.server.address)
    expect(await page.locator('h1').textContent()).toBe('service 7 is down')
    expect(await page.locator('#history').textContent()).toContain('at attempt 2')
    await context.close()
  })
})

describe('what changes', () => {
  it('comes by itself, and nothing is asked of anybody else', async () => {
    const page = await open()
    const elsewhere: string[] = []
    page.on('request', request => {
      if (!request.url().startsWith(small.server.address) && !request.url().startsWith('data:'))
        elsewhere.push(request.url())
    })
    await page.locator('#live', { hasText: 'Live' }).waitFor()
    await setState(small.store, 'service 9', 'down')
    await page.locator('.row[data-name="service 9"] .state.down').waitFor({ timeout: 10_000 })
    await page.locator('h1', { hasText: '2 of 12 are down' }).waitFor({ timeout: 10_000 })
    await setState(small.store, 'service 9', 'up')
    await page.locator('h1', { hasText: 'service 7 is down' }).waitFor({ timeout: 10_000 })
    expect(elsewhere).toEqual([])
    await page.context().close()
  })
})

describe('the public page', () => {
  it('says nothing of how and where', async () => {
    const page = await open({ path: '/status' })
    const text = await page.content()
    expect(text).toContain('service 7')
    expect(text).not.toMatch(/internal|3f9c1d2|503 busy|team/)
    await page.context().close()
  })
})

describe('as files', () => {
  it('is written by --out, opens from the disk, and shows the same', async () => {
    const world = await startWorld(loadWorld(join(import.meta.dirname, '../../fixtures/worlds/monitor-faults.yaml')))
    try {
      const { loadConfig } = await import('../../src/config/load.ts')
      const { makeStore } = await import('../../src/monitor/made-store.ts')
      const { config } = await loadConfig(join(world.cwd, 'launch-ready.config.yaml'), {})
      const watched = world.world.watched as Parameters<typeof makeStore>[0]
      await makeStore(watched, { config, section: config.monitor!, cwd: world.cwd, now: world.now!.getTime() })
      const ran = await runIn(world, ['monitor', 'dashboard', '--out', 'site'])
      expect([ran.exit, ran.out]).toEqual([0, expect.stringContaining('status.html')])
      const page = await open({ path: `file://${join(world.cwd, 'site/index.html')}` })
      const text = (await page.locator('body').textContent())!
      for (const words of ['website', 'certificate', 'mail service', 'up this month']) expect(text).toContain(words)
      expect(await faults(page)).toEqual([])
      await page.context().close()
      const status = await open({ path: `file://${join(world.cwd, 'site/status.html')}`, width: 390 })
      expect(await faults(status)).toEqual([])
      expect(await status.content()).not.toMatch(/hooks\.slack|https:\/\/coachdash/)
      await status.context().close()
    } finally {
      await world.close()
    }
  })
})

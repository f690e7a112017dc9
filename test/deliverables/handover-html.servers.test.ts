// The handover in Chromium: axe-core, a phone, and the PDF on A4 and Letter, row by row. Written by the real program in two worlds.
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningWorld, startWorld } from '../../src/lab/start.ts'
import { loadWorld } from '../../src/lab/world.ts'
import { findPrinter } from '../../src/report/pdf.ts'
import { runIn } from '../support/handover-world.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
let browser: Browser
let executable: string
beforeAll(async () => {
  executable = (await findPrinter(process.env)) ?? '/usr/bin/chromium'
  browser = await chromium.launch({
    executablePath: executable,
    args: ['--headless', '--no-sandbox', '--disable-gpu'],
  })
})
afterAll(() => browser?.close())

const flat = (text: string): string => text.replace(/[^\p{L}\p{N}]+/gu, '')

describe.each(['handover-sound', 'handover-parted'])('the handover of %s', name => {
  let world: RunningWorld
  const at = (file: string): string => join(world.cwd, 'launch-ready', file)
  const write = async (): Promise<void> => {
    const { exit, err } = await runIn(world, ['handover', 'write', '--yes'], { CHROME_PATH: executable })
    expect(exit, err).toBeLessThan(2)
    expect(err).not.toContain('was not made')
  }
  beforeAll(async () => {
    world = await startWorld(loadWorld(new URL(`../../fixtures/worlds/${name}.yaml`, import.meta.url).pathname))
    await write()
  })
  afterAll(() => world?.close())

  it.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 390],
    ['dark', 390],
  ] as const)('is clean for axe-core and needs no sideways scroll (%s, %i px)', async (colorScheme, width) => {
    const context = await browser.newContext({ colorScheme, bypassCSP: true, viewport: { width, height: 844 } })
    const page = await context.newPage()
    const requests: string[] = []
    page.on('request', request => requests.push(request.url()))
    await page.goto(pathToFileURL(at('handover.html')).href)
    for (const media of ['screen', 'print'] as const) {
      await page.emulateMedia({ media })
      const over = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
      expect(over, media).toBe(0)
      await page.evaluate(axe)
      const violations = await page.evaluate(
        'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ": " + nodes.slice(0, 2).map(node => node.html.slice(0, 120)).join(" | ")))',
      )
      expect(violations, media).toEqual([])
    }
    expect(requests.filter(url => !url.startsWith('data:') && !url.startsWith('file:'))).toEqual([])
    await context.close()
  })

  it.each([
    ['A4', 595, 842],
    ['Letter', 612, 792],
  ] as const)('prints on %s with no row of a table cut', async (paper, width, height) => {
    const config = join(world.cwd, 'launch-ready.config.yaml')
    const before = readFileSync(config, 'utf8')
    writeFileSync(
      config,
      before.replace(
        /^report:\s*\{|^report:\n {2}/m,
        lead => `${lead} paper: ${paper}${lead.endsWith('{') ? ',' : '\n  '}`,
      ),
    )
    expect(readFileSync(config, 'utf8')).toContain(`paper: ${paper}`)
    await write()
    writeFileSync(config, before)
    const pdf = at('handover.pdf')
    const said = (program: string, ...args: string[]): string => spawnSync(program, args, { encoding: 'utf8' }).stdout
    const size = /^Page size: +([\d.]+) x ([\d.]+)/m.exec(said('pdfinfo', pdf))!
    expect(Math.abs(Number(size[1]) - width)).toBeLessThan(2)
    expect(Math.abs(Number(size[2]) - height)).toBeLessThan(2)

    const context = await browser.newContext({ bypassCSP: true })
    const page = await context.newPage()
    await page.goto(pathToFileURL(at('handover.html')).href)
    await page.emulateMedia({ media: 'print' })
    const rows = (await page.evaluate(
      '[...document.querySelectorAll("tbody tr")].map(row => [...row.cells].map(cell => cell.textContent).join(" "))',
    )) as string[]
    await context.close()
    expect(rows.length).toBeGreaterThan(10)
    // A row lies on one page whole: its words are found there, in the order in which they are laid out.
    const pages = said('pdftotext', '-raw', pdf, '-').split('\f').map(flat)
    const wordsOf = (row: string): string[] =>
      row
        .split(/\s+/)
        .map(flat)
        .filter(word => word.length > 3)
    const cut = rows.filter(row => !pages.some(one => wordsOf(row).every(word => one.includes(word))))
    expect(cut).toEqual([])
    for (const [, left, right] of said('pdftotext', '-bbox', pdf, '-').matchAll(
      /xMin="([\d.-]+)" yMin="[\d.-]+" xMax="([\d.]+)"/g,
    )) {
      expect(Number(left)).toBeGreaterThan(40)
      expect(Number(right)).toBeLessThan(width - 40)
    }
  })
})

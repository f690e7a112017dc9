// The HTML report in Chromium: three widths, light and dark, axe-core, no request, no error on the console; and the PDF of it.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Report } from '../../src/core/report.ts'
import { html } from '../../src/report/html.ts'
import { findPrinter, writePdf } from '../../src/report/pdf.ts'
import { empty, former, large, sample } from './sample.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const folder = mkdtempSync(join(tmpdir(), 'html-report-'))
let browser: Browser

beforeAll(async () => {
  browser = await chromium.launch({
    executablePath: (await findPrinter(process.env)) ?? '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu'],
  })
})
afterAll(async () => {
  await browser?.close()
  rmSync(folder, { recursive: true, force: true })
})

const long: Report = {
  ...sample,
  target: { ...sample.target, domain: `${'a'.repeat(60)}.${'b'.repeat(60)}.example` },
  findings: sample.findings.map(finding => ({
    ...finding,
    title: 'x'.repeat(180),
    subject: `https://${'y'.repeat(150)}.example/`,
    evidence: [{ kind: 'text', label: 'z'.repeat(150), value: 'w'.repeat(900) }],
  })),
}
const hostile: Report = {
  ...sample,
  findings: sample.findings.map(finding => ({
    ...finding,
    title: '</script><script>window.hacked=1</script><img src="https://evil.example/x.png" onerror="window.hacked=1">',
    evidence: [
      {
        kind: 'text',
        label: '</style><link rel=stylesheet href=https://evil.example/x.css>',
        value: '"><iframe src=https://evil.example>',
      },
    ],
  })),
}
const reports: [string, Report][] = [
  ['the sample', sample],
  ['an empty report', empty],
  ['200 findings', large(200)],
  ['words without a space', long],
  ['hostile markup', hostile],
]
const logo =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=='

describe.each(reports)('%s', (name, report) => {
  const file = join(folder, `${name.replaceAll(' ', '-')}.html`)
  writeFileSync(file, html(report, { client: 'Coach Dash Ltd', consultant: 'Ada Example', logo, former }))

  it.each(['light', 'dark'] as const)(
    'asks for nothing, says nothing on the console and fits 360, 768 and 1280 pixels (%s)',
    async colorScheme => {
      const context = await browser.newContext({ colorScheme })
      const page = await context.newPage()
      const requests: string[] = []
      const errors: string[] = []
      page.on('request', request => requests.push(request.url()))
      page.on('console', message => errors.push(message.text()))
      page.on('pageerror', error => errors.push(error.message))
      const began = performance.now()
      await page.goto(pathToFileURL(file).href)
      expect(performance.now() - began).toBeLessThan(5_000)
      for (const width of [360, 768, 1280]) {
        await page.setViewportSize({ width, height: 900 })
        const over = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
        expect(over, `${width} px`).toBe(0)
      }
      expect(await page.evaluate('getComputedStyle(document.querySelector(".verdict")).borderLeftStyle')).toBe('solid')
      expect(await page.evaluate('window.hacked')).toBeUndefined()
      const dead = `[...document.querySelectorAll('a[href^="#"]')].filter(({ hash }) => !document.getElementById(hash.slice(1))).map(({ hash }) => hash)`
      expect(await page.evaluate(dead)).toEqual([])
      const ids = `(all => all.length - new Set(all).size)([...document.querySelectorAll('[id]')].map(({ id }) => id))`
      expect(await page.evaluate(ids)).toBe(0)
      expect(requests.filter(url => !url.startsWith('data:'))).toEqual([pathToFileURL(file).href])
      expect(errors).toEqual([])
      await context.close()
    },
  )

  // Colours do not depend on how much there is: the long report is judged once.
  it.each(name === '200 findings' ? (['light'] as const) : (['light', 'dark'] as const))(
    'is clean for axe-core (%s)',
    async colorScheme => {
      const context = await browser.newContext({ colorScheme, bypassCSP: true, viewport: { width: 1280, height: 900 } })
      const page = await context.newPage()
      await page.goto(pathToFileURL(file).href)
      await page.evaluate(axe)
      const violations = (await page.evaluate(
        'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ": " + nodes.slice(0, 2).map(node => node.html.slice(0, 120)).join(" | ")))',
      )) as string[]
      expect(violations).toEqual([])
      await context.close()
    },
  )
})

it('the policy of the page stops a script and a request that got in', async () => {
  const page = await browser.newPage()
  // Chromium announces a request that the policy then stops: what counts is that it failed for the policy's sake.
  const failed: (string | undefined)[] = []
  page.on('requestfailed', request => failed.push(request.failure()?.errorText))
  const broken = html(sample).replace(
    '</main>',
    '<script>window.hacked=1</script><img src="https://evil.example/x.png"></main>',
  )
  writeFileSync(join(folder, 'broken.html'), broken)
  await page.goto(pathToFileURL(join(folder, 'broken.html')).href)
  expect(await page.evaluate('window.hacked')).toBeUndefined()
  expect(failed).toEqual([expect.stringMatching(/csp/i)])
  await page.close()
})

describe('pdf', () => {
  it('is printed by the browser of the machine', async () => {
    await writePdf(sample, { client: 'Coach Dash Ltd' }, 'out/report.pdf', { io: { cwd: folder, env: process.env } })
    const bytes = readFileSync(join(folder, 'out/report.pdf'))
    expect(bytes.subarray(0, 5).toString()).toBe('%PDF-')
    expect(bytes.length).toBeGreaterThan(20_000)
    // Bookmarks for its headings.
    expect(bytes.includes('/Outlines')).toBe(true)
  })

  it('numbers its pages, names what it is about on each, and cuts no card in two', async () => {
    await writePdf(sample, { former }, 'out/pages.pdf', { io: { cwd: folder, env: process.env } })
    const { stdout } = spawnSync('pdftotext', ['-layout', join(folder, 'out/pages.pdf'), '-'], { encoding: 'utf8' })
    const pages = stdout.split('\f').filter(page => page.trim())
    expect(pages.length).toBeGreaterThan(3)
    for (const [at, page] of pages.entries()) {
      expect(page).toContain('coachdash.example, 25 November 2026')
      expect(page).toMatch(new RegExp(`\\b${at + 1} ?/ ?${pages.length}\\s*$`))
      // A card begins with what it costs and ends with its source.
      const count = (pattern: RegExp): number => page.match(pattern)?.length ?? 0
      expect(count(/^ *Costs you \S.* · /gm), page).toBe(count(/^ *Sources? {2,}\S/gm))
    }
  })

  it('says in one line how to get a browser where there is none', async () => {
    const io = { cwd: folder, env: { CHROME_PATH: '/nowhere' } }
    await expect(writePdf(sample, {}, 'x.pdf', { io })).rejects.toThrow(
      /needs Chromium or Chrome, and none was found: install it/,
    )
  })

  it('is made beside its file where the browser sees no other folder, as a snap does not', async () => {
    const fake = join(folder, 'snap-browser')
    const script = `#!/bin/sh
for word; do case "$word" in --print-to-pdf=*) to="\${word#*=}";; file://*) from="\${word#file://}";; esac; done
case "$to" in ${folder}/snap/*) grep -q coachdash "$from" && printf '%%PDF-1.7' > "$to";; *) echo "cannot open $from" >&2;; esac
`
    writeFileSync(fake, script, { mode: 0o755 })
    const io = { cwd: folder, env: { ...process.env, CHROME_PATH: fake } }
    await writePdf(sample, {}, 'snap/report.pdf', { io })
    expect(readFileSync(join(folder, 'snap/report.pdf'), 'utf8')).toBe('%PDF-1.7')
    expect(readdirSync(join(folder, 'snap'))).toEqual(['report.pdf'])
  })

  it('says what a browser that does not print said', async () => {
    const fake = join(folder, 'fake-browser')
    writeFileSync(fake, '#!/bin/sh\necho "cannot open display" >&2\nexit 7\n', { mode: 0o755 })
    const io = { cwd: folder, env: { ...process.env, CHROME_PATH: fake } }
    await expect(writePdf(sample, {}, 'x.pdf', { io })).rejects.toThrow(
      /printed no PDF \(exit 7\): cannot open display/,
    )
  })
})

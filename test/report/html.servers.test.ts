// The HTML report in Chromium: three widths, light and dark, axe-core, no request, no error on the console; and the PDF of it.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Report } from '../../src/core/report.ts'
import { severities } from '../../src/core/severity.ts'
import { html, htmlPart } from '../../src/report/html.ts'
import { findPrinter, mostPages, writePdf } from '../../src/report/pdf.ts'
import { groups, numbered, numberedPossible } from '../../src/report/shared/group.ts'
import { describeChecks } from '../../src/run/describe.ts'
import { pageTime } from '../support/page-time.ts'
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
const colors = { accent: '#7a1f5c', cover: '#f2d15c' }
const closing = 'Thank you for the trust.\n\nCall me on Thursday.'

const violationsOf = async (page: Page): Promise<string[]> => {
  await page.evaluate(axe)
  return (await page.evaluate(
    'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ": " + nodes.slice(0, 2).map(node => node.html.slice(0, 120)).join(" | ")))',
  )) as string[]
}

describe.each(reports)('%s', (name, report) => {
  const file = join(folder, `${name.replaceAll(' ', '-')}.html`)
  writeFileSync(
    file,
    html(report, { client: 'Coach Dash Ltd', consultant: 'Ada Example', logo, former, closing, colors }),
  )

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
      await page.goto(pathToFileURL(file).href)
      expect(await pageTime(page)).toBeLessThan(5_000)
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
      expect(await violationsOf(page)).toEqual([])
      await context.close()
    },
  )

  it('is clean for axe-core on a phone, and on paper', async () => {
    const context = await browser.newContext({ bypassCSP: true, viewport: { width: 390, height: 844 } })
    const page = await context.newPage()
    await page.goto(pathToFileURL(file).href)
    expect(await violationsOf(page)).toEqual([])
    await page.emulateMedia({ media: 'print' })
    await page.setViewportSize({ width: 794, height: 1123 })
    expect(await violationsOf(page)).toEqual([])
    await context.close()
  })
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

const said = (program: string, ...args: string[]): string => spawnSync(program, args, { encoding: 'utf8' }).stdout
const pagesOf = (file: string): number => Number(/^Pages: +(\d+)/m.exec(said('pdfinfo', file))?.[1])
const flat = (text: string): string => text.replace(/\s+/g, '')

describe('the report of the demo, for a client', () => {
  const home = join(folder, 'demo')
  let report: Report
  beforeAll(() => {
    mkdirSync(home)
    const start = join(home, 'start.mjs')
    writeFileSync(start, `import { start } from '${resolve('src/main.ts')}'\nawait start()\n`)
    const files = ['pdf:demo.pdf', 'json:demo.json'].flatMap(one => ['--report', one])
    const run = spawnSync(process.execPath, [start, 'demo', '--no-progress', ...files], { cwd: home, encoding: 'utf8' })
    expect(run.stderr).toContain('what is told in full stands in demo-appendix.pdf')
    report = JSON.parse(readFileSync(join(home, 'demo.json'), 'utf8')) as Report
    // A demo, and a page printed a few times over.
  }, 400_000)

  it(`has at most ${mostPages} pages: cover, one page in brief, plan, blockers`, () => {
    expect(pagesOf(join(home, 'demo.pdf'))).toBeLessThanOrEqual(mostPages)
    const pages = said('pdftotext', '-layout', join(home, 'demo.pdf'), '-').split('\f')
    expect(pages[0]).toContain('Launch readiness report')
    expect(pages[0]).toContain('Not ready')
    expect(pages[1]).toMatch(/^\s*In brief/)
    expect(pages[1]).toContain(report.firstCustomer!.sentence.slice(0, 40))
    expect(pages[1]).toContain('What stands in the way')
    expect(pages[2]).toMatch(/^\s*The plan/)
  })

  it('tells every step of every finding, in the report or its appendix', () => {
    const text = flat(
      ['demo', 'demo-appendix'].map(name => said('pdftotext', '-raw', join(home, `${name}.pdf`), '-')).join('\n'),
    )
    const open = report.findings.filter(({ suppressed }) => !suppressed)
    // Of findings that say the same of several subjects the first is told.
    const leads = [...numbered(report), ...numberedPossible(report)]
    const told = severities.flatMap(one => [
      ...groups(leads.slice(0, numbered(report).length), one),
      ...groups(numberedPossible(report), one),
    ])
    expect(told.reduce((sum, { more }) => sum + 1 + more.length, 0)).toBe(open.length)
    const missing = told.flatMap(({ lead: { finding } }) =>
      finding.fix.steps.filter(step => !text.includes(flat(step.replace(/`/g, '')).slice(0, 40))),
    )
    expect(missing).toEqual([])
  })

  it('is tagged, has a language, a title and bookmarks, as PDF/UA asks', () => {
    for (const name of ['demo', 'demo-appendix']) {
      const file = join(home, `${name}.pdf`)
      const bytes = readFileSync(file).toString('latin1')
      expect(said('pdfinfo', file)).toMatch(/^Tagged: +yes/m)
      expect(said('pdfinfo', file)).toMatch(/^Title: +(Appendix: )?Launch readiness of coachdash\.example/m)
      expect(bytes).toMatch(/\/Lang\s*\(en\)/)
      expect(bytes).toContain('/Outlines')
    }
    const tags = said('pdfinfo', '-struct', join(home, 'demo.pdf'))
    for (const tag of ['H1', 'H2', 'H3', 'Table', 'TH', 'TD', 'L', 'LI'])
      expect(tags).toMatch(new RegExp(`^ *${tag}\\b`, 'm'))
  })

  it.each(['A4', 'Letter'] as const)(
    'prints on %s without a cut row or a column that leaves the paper',
    async paper => {
      const former: Report = {
        ...report,
        startedAt: '2026-11-01T08:00:00.000Z',
        findings: report.checks
          .filter(({ status }) => status === 'pass')
          .slice(0, 30)
          .map(({ check, subject }, at) => ({
            ...report.findings[0]!,
            id: `old-${at}`,
            check,
            subject,
            title: `Number ${at} was not so, and it took a sentence of some length to say it`,
          })),
      }
      const client = `${'Coach Dash International Holdings '.repeat(6)}Ltd`
      const options = { client, consultant: 'Ada Example', closing, colors, former, paper, describe: describeChecks() }
      const file = `${paper}.pdf`
      const files = await writePdf(report, options, file, { io: { cwd: home, env: process.env } })
      expect(pagesOf(join(home, file))).toBeLessThanOrEqual(mostPages)
      const pages = files.flatMap(name => said('pdftotext', '-raw', join(home, name), '-').split('\f')).map(flat)
      const page = await browser.newPage()
      await page.setContent(htmlPart(report, options, { part: 'whole' }))
      const rows = (await page.evaluate(
        '[...document.querySelectorAll("tbody tr:not(:has([scope=rowgroup]))")].map(row => [...row.cells].map(cell => cell.textContent).join(" "))',
      )) as string[]
      await page.close()
      expect(rows.length).toBeGreaterThan(60)
      const cut = rows.map(row => flat(row)).filter(row => !pages.some(one => one.includes(row)))
      expect(cut).toEqual([])
      expect(pages[0]).toContain(flat(client))
      expect(pages.join('')).toContain(flat('Call me on Thursday.'))
      const [width, height] = paper === 'A4' ? [595, 842] : [612, 792]
      const size = /^Page size: +([\d.]+) x ([\d.]+)/m.exec(said('pdfinfo', join(home, file)))!
      expect(Math.abs(Number(size[1]) - width!)).toBeLessThan(2)
      expect(Math.abs(Number(size[2]) - height!)).toBeLessThan(2)
      const words = said('pdftotext', '-bbox', join(home, file), '-').matchAll(
        /xMin="([\d.-]+)" yMin="[\d.-]+" xMax="([\d.]+)"/g,
      )
      // 15 mm are left free at both sides.
      for (const [, left, right] of words) {
        expect(Number(left)).toBeGreaterThan(40)
        expect(Number(right)).toBeLessThan(width! - 40)
      }
    },
  )
})

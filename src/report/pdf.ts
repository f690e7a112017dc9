// The HTML report printed to PDF by a Chromium of the machine. The one reporter that starts a program and writes a file.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { findBrowser } from '../core/browser-path.ts'
import { clean } from '../core/clean.ts'
import type { Report } from '../core/report.ts'
import { severities } from '../core/severity.ts'
import { type HtmlPart, htmlPart, type Told } from './html.ts'
import type { ReportOptions } from './options.ts'
import { makeFolder } from './shared/folder.ts'
import { groups, numbered } from './shared/group.ts'
import { writeWhole } from './shared/write-whole.ts'

/** Thrown when no PDF can be made; the message is one line for the user, with what to do. */
export class PdfError extends Error {
  // The command line prints errors of this name as one sentence (exit 2), not as a defect.
  override name = 'UsageError'
}

type Outside = {
  io: { cwd: string; env: Readonly<Record<string, string | undefined>> }
  scrub?: (text: string) => string
}

/** A browser that can print: CHROME_PATH, then the PATH, then the usual places, then the one that playwright-core installed. */
export const findPrinter = async (env: Readonly<Record<string, string | undefined>>): Promise<string | null> => {
  const found = findBrowser(env, existsSync)
  if (found || env['CHROME_PATH']) return found
  try {
    // Optional peer: absent for most, so it is resolved at run time and not bundled.
    const peer = 'playwright-core'
    const { chromium } = (await import(peer)) as { chromium: { executablePath: () => string } }
    const path = chromium.executablePath()
    return existsSync(path) ? path : null
  } catch {
    return null
  }
}

/** The one line for a machine without a browser. */
export const noBrowser =
  'a PDF needs Chromium or Chrome, and none was found: install it (Debian: apt-get install chromium; macOS: brew install --cask chromium), or name it in CHROME_PATH, or use --report html and print that.'

/** Runs the browser to its end; resolves to its exit code and the tail of what it said. Ended after `limit` milliseconds. */
const run = (
  program: string,
  args: readonly string[],
  env: Outside['io']['env'],
  limit: number,
): Promise<{ code: number | null; said: string }> =>
  new Promise((done, failed) => {
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'], env: { ...env } })
    let said = ''
    const timer = setTimeout(() => child.kill('SIGKILL'), limit)
    child.stderr.on('data', (part: Buffer) => {
      said = (said + part.toString('utf8')).slice(-2_000)
    })
    child.once('error', error => {
      clearTimeout(timer)
      failed(error)
    })
    child.once('close', code => {
      clearTimeout(timer)
      done({ code, said })
    })
  })

/** Prints the page in a folder of its own below `place`; null where the browser left nothing there, with what it said. */
const printIn = async (
  place: string,
  browser: string,
  page: string,
  env: Outside['io']['env'],
): Promise<{ bytes: Buffer | null; said: string; ended: boolean }> => {
  const folder = mkdtempSync(join(place, 'launch-ready-'))
  try {
    const source = join(folder, 'report.html')
    const target = join(folder, 'report.pdf')
    writeFileSync(source, page)
    // The page is our own and its policy forbids scripts and requests; Chromium's sandbox cannot start for root or in most containers.
    const args = [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--no-first-run',
      '--disable-extensions',
      `--user-data-dir=${join(folder, 'profile')}`,
      '--no-pdf-header-footer',
      '--generate-pdf-document-outline',
      `--print-to-pdf=${target}`,
      pathToFileURL(source).href,
    ]
    const { code, said } = await run(browser, args, env, 60_000)
    if (existsSync(target)) return { bytes: readFileSync(target), said, ended: true }
    const tail = said.split('\n').filter(Boolean).at(-1)?.slice(0, 200) ?? 'it said nothing'
    return { bytes: null, ended: code !== null, said: `(exit ${code ?? 'after a minute, ended'}): ${clean(tail, 200)}` }
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  }
}

/** The page as PDF, made in a folder of its own: in the place for such, else in the first of `beside` that exists. */
const printed = async (page: string, file: string, browser: string, io: Outside['io']): Promise<Buffer> => {
  const at = resolve(io.cwd, file)
  try {
    makeFolder(dirname(at))
    let made = await printIn(tmpdir(), browser, page, io.env)
    // A browser from a snap has a /tmp of its own, and sees the user's folders alone.
    if (!made.bytes && made.ended) made = await printIn(dirname(at), browser, page, io.env)
    if (!made.bytes) throw new PdfError(`${browser} printed no PDF ${made.said}`)
    return made.bytes
  } catch (error) {
    if (error instanceof PdfError) throw error
    throw new PdfError(`${file}: cannot be made with ${browser}: ${(error as Error).message}`)
  }
}

const put = (bytes: Buffer, file: string, io: Outside['io']): void => {
  try {
    writeWhole(resolve(io.cwd, file), bytes)
  } catch (error) {
    throw new PdfError(`${file}: cannot be written: ${(error as Error).message}`)
  }
}

/** Prints a page to `file`, relative to the working directory. Throws PdfError when it does not print within a minute. */
const printTo = async (page: string, file: string, browser: string, io: Outside['io']): Promise<void> =>
  put(await printed(page, file, browser, io), file, io)

/** Prints an HTML page of ours; null when it was made, else why not in a sentence. */
export const printPage = async (page: string, file: string, io: Outside['io']): Promise<string | null> => {
  const browser = await findPrinter(io.env)
  if (browser === null) return noBrowser
  try {
    await printTo(page, file, browser, io)
    return null
  } catch (error) {
    if (error instanceof PdfError) return error.message
    throw error
  }
}

/** Writes a page of ours as PDF to `file`, relative to the working directory. Takes a second or two; throws PdfError. */
export const printPdf = async (made: string, file: string, { io, scrub }: Outside): Promise<void> => {
  const browser = await findPrinter(io.env)
  if (browser === null) throw new PdfError(noBrowser)
  await printTo(scrub ? scrub(made) : made, file, browser, io)
}

/** Pages that somebody reads; what is more goes to the appendix. */
export const mostPages = 12

/** How many pages a PDF of Chromium has; its page objects are not compressed. */
export const pagesIn = (pdf: Buffer): number => pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0

/** `report.pdf` → `report-appendix.pdf`. */
export const appendixOf = (file: string): string => {
  const end = extname(file)
  return `${end ? file.slice(0, -end.length) : file}-appendix${end || '.pdf'}`
}

/** What the report itself tells, from most to least: the first that is short enough is taken. */
const levels: readonly Told[] = [
  { details: ['blocker', 'high'], plan: severities },
  { details: ['blocker'], plan: severities },
  { details: ['blocker'], plan: ['blocker', 'high'] },
  { details: ['blocker'], plan: ['blocker'] },
  { details: [], plan: severities },
  { details: [], plan: ['blocker'] },
]

/** True where so many findings in full, of which hardly four fit a page, leave no room: nothing is printed to find that out. */
const isTooMuch = (report: Report, { details }: Told): boolean =>
  details.reduce((sum, severity) => sum + groups(numbered(report), severity).length, 0) / 3.5 > mostPages - 3

/**
 * Writes the report to `file` (relative to the working directory) as PDF; where it is longer than people read, what is told in full
 * goes to an appendix beside it. Resolves to the files written. Throws PdfError when there is no browser or it does not print.
 */
export const writePdf = async (
  report: Report,
  options: ReportOptions,
  file: string,
  { io, scrub }: Outside,
): Promise<string[]> => {
  const browser = await findPrinter(io.env)
  if (browser === null) throw new PdfError(noBrowser)
  const print = (wanted: HtmlPart, to: string): Promise<Buffer> => {
    const page = htmlPart(report, options, wanted)
    return printed(scrub ? scrub(page) : page, to, browser, io)
  }
  const whole = await print({ part: 'whole' }, file)
  if (pagesIn(whole) <= mostPages) {
    put(whole, file, io)
    return [file]
  }
  const beside = appendixOf(file)
  const possible = levels.filter(level => !isTooMuch(report, level))
  let told = possible[0]!
  let body = whole
  for (told of possible) {
    body = await print({ part: 'body', ...told, other: basename(beside) }, file)
    if (pagesIn(body) <= mostPages) break
  }
  const rest = await print({ part: 'appendix', ...told, other: basename(file) }, beside)
  put(body, file, io)
  put(rest, beside, io)
  return [file, beside]
}

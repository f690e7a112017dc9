// The HTML report printed to PDF by a Chromium of the machine. The one reporter that starts a program and writes a file.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { findBrowser } from '../core/browser-path.ts'
import { clean } from '../core/clean.ts'
import type { Report } from '../core/report.ts'
import { html } from './html.ts'
import type { ReportOptions } from './options.ts'
import { makeFolder } from './shared/folder.ts'
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

/** Prints a page to `file`, relative to the working directory. Throws PdfError when it does not print within a minute. */
const printTo = async (page: string, file: string, browser: string, io: Outside['io']): Promise<void> => {
  const at = resolve(io.cwd, file)
  try {
    makeFolder(dirname(at))
    let printed = await printIn(tmpdir(), browser, page, io.env)
    // A browser from a snap has a /tmp of its own, and sees the user's folders alone.
    if (!printed.bytes && printed.ended) printed = await printIn(dirname(at), browser, page, io.env)
    if (!printed.bytes) throw new PdfError(`${browser} printed no PDF ${printed.said}`)
    writeWhole(at, printed.bytes)
  } catch (error) {
    if (error instanceof PdfError) throw error
    throw new PdfError(`${file}: cannot be made with ${browser}: ${(error as Error).message}`)
  }
}

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

/**
 * Writes the report to `file` (relative to the working directory) as PDF. Takes a second or two; throws PdfError when
 * there is no browser or it does not print within a minute.
 */
export const writePdf = async (report: Report, options: ReportOptions, file: string, outside: Outside): Promise<void> =>
  printPdf(html(report, options), file, outside)

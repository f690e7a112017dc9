// What hurts a reader, all at once through the real program and into every report: bounded in time and size, told, and harmless in
// every format.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Report } from '../../src/core/report.ts'
import { type RunningWorld, startWorld } from '../../src/lab/start.ts'
import { loadWorld } from '../../src/lab/world.ts'
import { leaf } from '../support/certificates.ts'
import { auditWorld } from '../support/lab-audit.ts'
import { processorTime } from '../support/processor-time.ts'
import { runProgram } from '../support/run-program.ts'

const escapes = '\u001b[31m\u001b]0;owned\u0007\u202egpj.exe'
const markup = '</script><script>alert(1)</script> **bold** [x](javascript:alert(1)) | cell ::error::x'
const hosts = ['www', 'slow', 'cookies', 'heads', 'deep', 'script', 'map', 'location', 'chain'] as const
const name = (host: string): string => `${host}.coachdash.example`
const page = (body: string, title = 'Plans'): string =>
  `<!doctype html><html lang=en><meta name=viewport content='width=device-width'><title>${title}</title><h1>Plans for coaches</h1>${body}</html>`
const links = hosts.map(host => `<a href=https://${name(host)}/>${host}</a>`).join('')
const text = (value: string): string => JSON.stringify(value)

const world = loadWorld(`name: bad input
domain: coachdash.example
zones:
  coachdash.example:
    servers: [192.0.2.53]
    records: |
      @ 3600 NS ns1
      ns1 3600 A 192.0.2.53
      @ 3600 TXT "\\027[31m${markup.replaceAll('"', '')}"
      @ 300 A 192.0.2.10
${hosts.map((host, at) => `      ${host} 300 A 192.0.2.${10 + at}`).join('\n')}
hosts:
  coachdash.example: { redirect: { to: 'https://www.coachdash.example' } }
  www.coachdash.example: { headers: { x-powered-by: ${text(`PHP/8.1.2 ${markup}`)} }, routes: { /: { body: ${text(page(links, `${escapes}${markup}`))} } } }
  slow.coachdash.example: { routes: { /*: { drip: 1s, body: "<p>slow</p>" } } }
  cookies.coachdash.example: { routes: { /*: { headers: { set-cookie: ${text(
    JSON.stringify(Array.from({ length: 10_000 }, (_, at) => `session${at}=a; Path=/`)),
  )
    .slice(1, -1)
    .replaceAll('\\"', '"')} }, body: ${text(page(''))} } } }
  heads.coachdash.example: { routes: { /*: { headers: { x-long: ${'y'.repeat(1_000_000)} }, body: ${text(page(''))} } } }
  deep.coachdash.example: { routes: { /: { body: ${text(page('<div>'.repeat(100_000)))} } } }
  script.coachdash.example: { routes: { /: { body: ${text(page('<script src=/a.js></script>'))} }, /a.js: { type: text/javascript, bytes: 80000000 } } }
  map.coachdash.example: { routes: { /: { body: ${text(page('<script src=/a.js></script>'))} }, /a.js: { type: text/javascript, body: "1\\n//# sourceMappingURL=a.js.map" }, /a.js.map: { type: application/json, bytes: 400000000, bomb: true } } }
  location.coachdash.example: { routes: { /*: { status: 302, headers: { location: ${text(`javascript:alert(1)//${markup}`)} } } } }
`)

const formats = ['markdown', 'html', 'json', 'sarif', 'junit', 'github', 'csv'] as const
const folder = mkdtempSync(join(tmpdir(), 'launch-ready-bad-'))
const written = (format: string): string => readFileSync(join(folder, format), 'utf8')
let running: RunningWorld
let chain: Server
let report: Report
/** Milliseconds of processor time. */
let work: number
let err = ''
let terminal = ''

beforeAll(async () => {
  running = await startWorld(world)
  const { cert, key } = leaf([name('chain')])
  chain = createServer({ cert: cert.repeat(50), key }, (_, response) => void response.end(page(''))).listen(
    0,
    '127.0.0.1',
  )
  await new Promise(done => chain.once('listening', done))
  const args = [
    '--connect-to',
    `${name('chain')}:443:127.0.0.1:${(chain.address() as AddressInfo).port}`,
    '--timeout',
    '3',
  ]
  const facts = join(folder, 'facts')
  const begun = processorTime()
  ;({ report, err } = await auditWorld(running, [
    ...args,
    '--save-facts',
    facts,
    '--only',
    'audit',
    ...formats.flatMap(format => ['--report', `${format}:${join(folder, format)}`]),
  ]))
  work = processorTime() - begun
  terminal = err
  terminal += (
    await runProgram(['audit', '--facts', facts, '--no-color', '-v', '--only', 'audit'], {
      cwd: running.cwd,
      columns: 80,
    })
  ).out
})
afterAll(async () => {
  chain.close()
  await running.close()
  rmSync(folder, { recursive: true, force: true })
})

const result = (check: string, host: string) =>
  report.checks.find(
    item => item.check === check && (item.subject === name(host) || item.subject === `https://${name(host)}/`),
  )

describe('bad input', () => {
  it('costs a bounded amount of work', () => expect(work).toBeLessThan(60_000))
  it('is told, and never passes for fine', () => {
    for (const host of ['slow', 'cookies', 'heads'])
      for (const check of ['hsts', 'exposed-files', 'placeholder-page', 'secret-in-bundle', 'error-pages'])
        expect([host, check, result(check, host)?.status]).toEqual([host, check, 'unknown'])
    expect(result('hsts', 'heads')?.reason).toMatch(/header/i)
    expect(result('secret-in-bundle', 'script')?.status).toBe('unknown')
    expect(result('source-maps', 'map')?.status).toBe('unknown')
    expect(result('mobile-viewport', 'deep')?.status).toBe('pass')
    expect(result('route-status', 'location')).toMatchObject({ status: 'fail', outcome: 'unexpected-status' })
    expect(result('placeholder-page', 'location')?.status).toBe('skip')
    expect(result('certificate', 'chain')).toMatchObject({ status: 'pass', outcome: 'valid' })
  })
  it.each(formats)('is harmless in %s', format => {
    const out = written(format)
    expect(out.length).toBeLessThan(5_000_000)
    expect(out).not.toMatch(/[\u001b\u0007\u202e]/)
    if (format === 'html') {
      expect(out).not.toContain('<script>alert')
      expect(out).not.toMatch(/href=["']?javascript:/i)
    }
    // Between backticks nothing is read as markup.
    if (format === 'markdown') expect(out.replace(/`[^`\n]*`/g, '')).not.toMatch(/(?<!\\)\[x\]\(javascript:|<script>/)
    if (format === 'github') expect(out.split('\n').filter(line => line.startsWith('::error::'))).toEqual([])
    if (format === 'junit') expect(out).not.toContain('<script>')
  })
  it('is harmless in the terminal', () => {
    expect(terminal.length).toBeGreaterThan(500)
    expect(terminal).not.toMatch(/[\u001b\u0007\u202e]/)
  })
})

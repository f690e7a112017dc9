// The checks of a host's scripts through the real program: hostile files are bounded and told, sound sites pass, and no secret is kept unmasked.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startWorld } from '../../../src/lab/start.ts'
import { loadWorld } from '../../../src/lab/world.ts'
import { auditWorld } from '../../support/lab-audit.ts'
import { makeUp } from '../../support/made-up-secrets.ts'

const secret = makeUp('S~G.{A22}.{A43}')
const page = (title: string, head: string): string =>
  `<!doctype html><html lang=en><head><meta charset=utf-8><title>${title}</title>${head}</head><body><h1>${title}</h1></body></html>`

const world = loadWorld(`name: scripts
about: Hostile and sound scripts.
domain: coachdash.example
zones:
  coachdash.example:
    servers: [192.0.2.53]
    records: |
      @ 3600 NS ns1
      ns1 3600 A 192.0.2.53
      @ 300 A 192.0.2.10
      huge 300 A 192.0.2.11
      bomb 300 A 192.0.2.12
      leak 300 A 192.0.2.13
      loop 300 A 192.0.2.14
hosts:
  coachdash.example:
    routes:
      /: { body: ${JSON.stringify(page('Plans', `<script src=/a.js></script><script>Stripe("${makeUp('pk_~live_{A24}')}")</script>`).replace('</h1>', `</h1>${['huge', 'bomb', 'leak', 'loop'].map(name => `<a href=https://${name}.coachdash.example/>${name}</a>`).join('')}`))} }
      /a.js: { type: text/javascript, body: "/*! jQuery v3.7.1 | (c) OpenJS */ fine()" }
  huge.coachdash.example:
    routes:
      /: { body: ${JSON.stringify(page('Huge', '<script src=/a.js></script>'))} }
      /a.js: { type: text/javascript, bytes: 83886080 }
  bomb.coachdash.example:
    routes:
      /: { body: ${JSON.stringify(page('Bomb', '<script src=/a.js></script>'))} }
      /a.js: { type: text/javascript, body: "a()\\n//# sourceMappingURL=a.js.map" }
      /a.js.map: { type: application/json, bytes: 500000000, bomb: true }
  leak.coachdash.example:
    routes:
      /: { body: ${JSON.stringify(page('Leak', '<script src=/a.js></script>'))} }
      /a.js: { type: text/javascript, body: ${JSON.stringify(`send({key:"${secret}"});send2({key:"${secret}"})`)} }
  # Chunks that name each other, and a script that redirects to itself.
  loop.coachdash.example:
    routes:
      /: { body: ${JSON.stringify(page('Loop', '<script src=/a.js></script>'))} }
      /a.js: { type: text/javascript, body: 'import("./b.js")' }
      /b.js: { type: text/javascript, body: 'import("./a.js");import("./c.js")' }
      /c.js: { redirect: /c.js }
`)

test('scripts are bounded, told and masked', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bundles-'))
  const running = await startWorld(world)
  try {
    const file = join(folder, 'facts.json')
    const ids = ['secret-in-bundle', 'source-maps', 'payment-mode', 'development-endpoint', 'vulnerable-library']
    const { report } = await auditWorld(running, ['--only', ...ids, '--save-facts', file])
    const said = (check: string, host: string) => {
      const found = report.checks.find(item => item.check === check && item.subject === host)
      return found?.outcome ?? found?.status
    }
    const home = 'coachdash.example'
    expect(said('secret-in-bundle', home)).toBe('clean')
    expect(said('source-maps', home)).toBe('none')
    expect(said('payment-mode', home)).toBe('live')
    expect(said('development-endpoint', home)).toBe('none')
    expect(said('vulnerable-library', home)).toBe('none-known')

    expect(said('secret-in-bundle', 'huge.coachdash.example')).toBe('unknown')
    expect(said('secret-in-bundle', 'bomb.coachdash.example')).toBe('unknown')
    expect(said('secret-in-bundle', 'loop.coachdash.example')).toBe('unknown')
    expect(said('payment-mode', 'leak.coachdash.example')).toBe('skip')

    const leaks = report.findings.filter(item => item.check === 'secret-in-bundle')
    expect(leaks.map(item => `${item.outcome} ${item.subject}`)).toEqual(['live-secret leak.coachdash.example'])
    expect(JSON.stringify(report)).not.toContain(secret)
    // The front page stands in the facts of the host; of scripts there are masked hits alone.
    expect(readFileSync(file, 'utf8')).not.toContain(secret)
  } finally {
    await running.close()
    rmSync(folder, { recursive: true, force: true })
  }
})

// Pages opened in the Chromium of the machine, over a world of the lab.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startWorld } from '../../../src/lab/start.ts'
import { loadWorld } from '../../../src/lab/world.ts'
import { auditWorld } from '../../support/lab-audit.ts'

const world = loadWorld(`name: browser
about: Pages that run and pages that break.
domain: coachdash.example
zones:
  coachdash.example:
    servers: [192.0.2.53]
    records: |
      @ 3600 NS ns1
      ns1 3600 A 192.0.2.53
      @ 300 A 192.0.2.10
      app 300 A 192.0.2.11
hosts:
  coachdash.example:
    routes:
      /: { body: "<!doctype html><html lang=en><head><meta charset=utf-8><title>Plans</title><link rel=stylesheet href=/a.css><script src=/a.js></script></head><body><h1>Plans for independent coaches</h1><a href=/pricing>Pricing</a><a href=/signup>Sign up</a></body></html>" }
      /a.css: { type: text/css, body: "h1{color:#123}" }
      /a.js: { type: text/javascript, body: "document.title='Pläne';fetch('/api/seen',{method:'POST'}).then(r=>r.json());fetch('/api/me')" }
      /api/me: { status: 401, json: { error: login } }
      /pricing: { body: "<!doctype html><title>Pricing</title><script>document.getElementById('buy').focus()</script><script src=/gone.js></script><img src=/gone.png>" }
      /terms: { body: "<!doctype html><title>Terms</title><script src=/mixed.js></script>" }
      /mixed.js: { type: text/javascript, body: "const i=new Image();i.src='http://coachdash.example/i.png';fetch('http://coachdash.example/api/plans').catch(()=>0);const s=document.createElement('script');s.src='http://coachdash.example/x.js';document.head.append(s)" }
      /signup: { headers: { content-security-policy: "script-src 'self'" }, body: "<!doctype html><title>Sign up</title><form method=post><input name=email></form><script src=https://app.coachdash.example/form.js></script>" }
  app.coachdash.example:
    routes: { /form.js: { type: text/javascript, body: "1" } }
`)

test('errors, missing files and blocked scripts are told; refusals and posts are not', async () => {
  expect(existsSync('/usr/bin/chromium'), 'this test needs Chromium').toBe(true)
  const running = await startWorld(world)
  try {
    const asked = await auditWorld(running, ['--only', 'javascript-errors', '--browser'])
    expect(asked.report.findings.map(item => `${item.outcome} ${item.subject}`).sort()).toEqual([
      'csp-blocked https://coachdash.example/signup',
      'failed-request https://coachdash.example/pricing',
      'uncaught https://coachdash.example/pricing',
    ])
    const home = asked.report.checks.find(item => item.subject === 'https://coachdash.example/')
    expect(home).toMatchObject({ check: 'javascript-errors', status: 'pass', outcome: 'clean' })
    const folder = mkdtempSync(join(tmpdir(), 'launch-ready-rendered-'))
    const config = join(folder, 'launch-ready.config.json')
    writeFileSync(
      config,
      JSON.stringify({
        domain: 'coachdash.example',
        routes: [{ name: 'terms', url: 'https://coachdash.example/terms' }],
      }),
    )
    const mixed = await auditWorld(running, ['--only', 'mixed-content', '--browser', '--config', config])
    rmSync(folder, { recursive: true })
    expect(mixed.report.findings.map(item => `${item.outcome} ${item.subject}`)).toEqual([
      'active https://coachdash.example/terms',
      'passive https://coachdash.example/terms',
    ])
    expect(mixed.report.findings[0]?.evidence.map(item => item.value)).toEqual([
      'http://coachdash.example/api/plans',
      'http://coachdash.example/x.js',
    ])
    const plain = await auditWorld(running, ['--only', 'javascript-errors'])
    expect(new Set(plain.report.checks.map(item => item.status))).toEqual(new Set(['skip']))
  } finally {
    await running.close()
  }
}, 60_000)

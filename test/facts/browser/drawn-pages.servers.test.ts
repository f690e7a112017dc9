// Pages that only a browser can tell to be dead, drawn by the Chromium of the machine over a world of the lab.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startWorld } from '../../../src/lab/start.ts'
import { loadWorld } from '../../../src/lab/world.ts'
import { auditWorld } from '../../support/lab-audit.ts'

const product =
  '<header><a href="/">CoachDash</a><a href="/a">Plans</a></header><main><h1>Coaching</h1><p>Plans and calls.</p></main>'
const page = (body: string, head = ''): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>CoachDash</title>${head}</head><body>${body}</body></html>`
const drawnBy = (script: string): string =>
  page('<div id="app"></div>', '').replace('</body>', `<script>${script}</script></body>`)
const put = (html: string): string => `document.getElementById("app").innerHTML=${JSON.stringify(html)}`

const dead: Record<string, [html: string, outcome: string]> = {
  '/throws': [drawnBy(`window.settings.url;${put(product)}`), 'empty'],
  '/boundary': [drawnBy(put('<h2>Something went wrong</h2><p>Please reload the page.</p>')), 'error-text'],
  '/spinner': [drawnBy(put('<p>Loading…</p>')), 'empty'],
  '/waits': [drawnBy(put('<p aria-busy="true">Loading your workspace…</p>')), 'error-text'],
  '/percent': [drawnBy(put('<div role="progressbar"><span>37%</span></div>')), 'empty'],
  '/signing-in': [drawnBy(put('<p>Signing you in…</p>')), 'error-text'],
  '/foot-alone': [drawnBy(put('<footer><a href="/terms">Terms</a> <a href="/privacy">Privacy</a></footer>')), 'empty'],
  '/gate': [drawnBy(put('<h2>Please install Petal</h2><p>It is needed here.</p>')), 'error-text'],
  '/cleared': [page(`${product}<script>document.body.innerHTML=""</script>`), 'empty'],
  '/white': [page(product, '<style>body *{color:#fff;background:#fff}</style>'), 'empty'],
  '/beyond': [page(`<div class="x">${product}</div>`, '<style>.x{position:absolute;left:-5000px}</style>'), 'empty'],
  '/covered': [
    page(`<div class="x"></div>${product}`, '<style>.x{position:fixed;inset:0;background:#fff}</style>'),
    'empty',
  ],
}
const alive: Record<string, string> = {
  '/app': drawnBy(put(product)),
  '/fades-in': page(product, '<style>body{opacity:0;animation:in .1s forwards}@keyframes in{to{opacity:1}}</style>'),
  '/seen-later': page(
    product,
    '<style>body{animation:in 9s steps(1,end) 1 both}@keyframes in{from{visibility:hidden}to{visibility:visible}}</style>',
  ),
  '/few': drawnBy(put('<h1>Coaching, in one place</h1>')),
  '/gradient': page(
    product,
    '<style>h1{background:linear-gradient(red,blue);-webkit-background-clip:text;color:transparent}</style>',
  ),
  '/dark': page(product, '<style>body{background:#000;color:#fff}a{color:#fff}</style>'),
  '/asks-by-post': drawnBy(`fetch("/api",{method:"POST"}).then(()=>0,()=>${put('<h1>Something went wrong</h1>')})`),
  '/behind': page(
    `<div style="position:fixed;inset:0;background:#012;z-index:-1"></div>${product}`,
    '<style>body,a{color:#fff}</style>',
  ),
  '/shadow': drawnBy(
    'document.getElementById("app").attachShadow({mode:"open"}).innerHTML="<h1>Coaching</h1><button>Start</button>"',
  ),
  '/text': page('<pre>COACH(1)\n\nNAME\n  coach</pre>'),
}

const routes = { ...Object.fromEntries(Object.entries(dead).map(([path, [body]]) => [path, body])), ...alive }
const world = loadWorld(
  `\n${JSON.stringify({
    name: 'drawn',
    about: 'Pages that only a browser can tell to be dead.',
    domain: 'coachdash.example',
    zones: {
      'coachdash.example': {
        servers: ['192.0.2.53'],
        records: '@ 3600 NS ns1\nns1 3600 A 192.0.2.53\n@ 300 A 192.0.2.10\n',
      },
    },
    hosts: {
      'coachdash.example': {
        routes: {
          '/': { body: page(product) },
          '/a': { body: page(product) },
          ...Object.fromEntries(Object.entries(routes).map(([path, body]) => [path, { body }])),
        },
      },
    },
  })}`,
)

const url = (path: string): string => `https://coachdash.example${path}`

test('what a browser shows nothing of, or an error, is told; what was kept from a page is not held against it', async () => {
  expect(existsSync('/usr/bin/chromium'), 'this test needs Chromium').toBe(true)
  const folder = mkdtempSync(join(tmpdir(), 'launch-ready-drawn-'))
  const config = join(folder, 'launch-ready.config.json')
  const named = Object.keys(routes).map(path => ({ name: path.slice(1), url: url(path) }))
  writeFileSync(config, JSON.stringify({ domain: 'coachdash.example', routes: named }))
  const running = await startWorld(world)
  try {
    const { report } = await auditWorld(running, ['--only', 'route-status', '--browser', '--config', config])
    const told = Object.fromEntries(report.findings.map(item => [item.subject, item.outcome]))
    expect(told).toEqual(Object.fromEntries(Object.entries(dead).map(([path, [, outcome]]) => [url(path), outcome])))
    const posts = report.checks.find(item => item.subject === url('/asks-by-post'))
    expect(posts?.status).toBe('unknown')
    const plain = await auditWorld(running, ['--only', 'route-status', '--config', config])
    expect(plain.report.checks.find(item => item.subject === url('/throws'))?.status).toBe('unknown')
  } finally {
    await running.close()
    rmSync(folder, { recursive: true })
  }
}, 120_000)

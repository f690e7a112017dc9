// Flows walked in the Chromium of the machine, over a world of the lab: pages that only JavaScript makes, a form that redirects with
// cookies, a failure with its picture, and what was typed nowhere in what is kept.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningWorld, startWorld } from '../../../src/lab/start.ts'
import { loadWorld } from '../../../src/lab/world.ts'
import { auditWorld } from '../../support/lab-audit.ts'

const script = `
const draw = html => { document.getElementById('root').innerHTML = html }
setTimeout(() => {
  draw('<label>Email <input id=mail></label><label>Password <input type=password id=pw></label><button id=go>Log in</button><p role=alert></p>')
  document.getElementById('go').onclick = async () => {
    const answer = await fetch('/api/session', { method: 'POST', headers: { 'x-who': document.getElementById('mail').value.length }, body: '{}' })
    if (answer.ok) { history.pushState({}, '', '/desk'); draw('<h1>Good morning</h1><a href=/plan target=_blank>Your plan</a>') }
    else document.querySelector('[role=alert]').textContent = 'Wrong password for ' + document.getElementById('mail').value
  }
}, 300)`

const world = loadWorld(`name: flows in a browser
about: One page in JavaScript, one with forms.
domain: coachdash.example
zones:
  coachdash.example:
    servers: [192.0.2.53]
    records: |
      @ 3600 NS ns1
      ns1 3600 A 192.0.2.53
      @ 300 A 192.0.2.10
      app 300 A 192.0.2.11
      spa 300 A 192.0.2.12
hosts:
  coachdash.example: { routes: { /: { body: "<!doctype html><title>Plans</title><h1>Plans for coaches</h1>" } } }
  app.coachdash.example:
    routes:
      /login: { headers: { set-cookie: 'visit=1; Path=/; Secure; HttpOnly; SameSite=Lax' }, body: "<!doctype html><title>Log in</title><form method=post action=/session><input type=hidden name=token value=t1><input name=email><input type=password name=password><button>Log in</button></form>" }
      POST /session:
        - { when: { cookie: visit }, status: 303, headers: { location: /desk, set-cookie: 'session=1; Path=/; Secure; HttpOnly; SameSite=Lax' } }
        - { status: 422, body: "<title>Log in</title><p>Your visit has expired</p>" }
      /desk:
        - { when: { cookie: session }, body: "<!doctype html><title>Desk</title><h1>Good morning</h1>" }
        - { status: 302, headers: { location: /login } }
      /broken: { status: 500, body: "<!doctype html><title>Oops</title><p>Something went wrong</p>" }
  spa.coachdash.example:
    routes:
      /login: { body: "<!doctype html><html lang=en><title>CoachDash</title><div id=root></div><script src=/app.js></script></html>" }
      /app.js: { type: text/javascript, body: ${JSON.stringify(script)} }
      POST /api/session: [{ when: { headers: { x-who: "22" } }, json: { ok: true } }, { status: 401, json: { error: no } }]
      /plan: { body: "<!doctype html><title>Plan</title><p>Your plan is Solo</p>" }
  localhost.coachdash.example: { addresses: [192.0.2.11], routes: {} }
`)

const typed = { email: 'canary@launch.example.', password: 'correct horse battery' }
const config = (flows: object[]): string => JSON.stringify({ domain: 'coachdash.example', flows })

let running: RunningWorld
let folder: string
beforeAll(async () => {
  running = await startWorld(world)
  folder = mkdtempSync(join(tmpdir(), 'launch-ready-flow-'))
})
afterAll(async () => {
  await running.close()
  rmSync(folder, { recursive: true, force: true })
})

const walk = async (flows: object[], more: string[] = []) => {
  const file = join(folder, 'launch-ready.config.json')
  writeFileSync(file, config(flows))
  // A browser beside many programs is slow to draw: what these flows find is no matter of seconds.
  return auditWorld(running, ['--config', file, '--only', 'flow', '--timeout', '10', ...more])
}

describe('flows in a browser', () => {
  test('a form, its cookies and its redirect; a page of JavaScript, fields by label, words in another tab', async () => {
    const { report, exit, err } = await walk([
      {
        name: 'form',
        kind: 'login',
        browser: true,
        steps: [
          { get: 'https://app.coachdash.example/login', expectStatus: 200 },
          { submit: 'form', fill: typed, expectUrl: '/desk', expectText: 'Good morning' },
        ],
      },
      {
        name: 'script',
        kind: 'login',
        browser: true,
        steps: [
          { get: 'https://spa.coachdash.example/login' },
          {
            fill: { Email: typed.email, '#pw': typed.password },
            click: 'Log in',
            expectText: 'good morning',
            expectSelector: 'h1',
          },
          { click: 'Your plan', expectText: 'Your plan is Solo' },
        ],
      },
    ])
    expect(report.findings).toEqual([])
    expect(report.checks.map(({ subject, outcome, reason }) => `${subject} ${outcome ?? reason}`)).toEqual([
      'form works',
      'script works',
    ])
    expect(exit).toBe(0)
    expect(err).toContain(
      'will send: flow "form": 2 steps in a browser on app.coachdash.example, sending email, password\n',
    )
  })

  test('the failing step has the words and the picture of the page, and nothing that was typed', async () => {
    const out = join(folder, 'out')
    const facts = join(folder, 'facts.json')
    const { report } = await walk(
      [
        {
          name: 'Log in',
          kind: 'login',
          browser: true,
          steps: [
            { get: 'https://spa.coachdash.example/login' },
            { submit: 'Log in', fill: { Email: `${typed.email}org`, Password: typed.password }, expectUrl: '/desk' },
            { expectText: 'never reached' },
          ],
        },
        { name: 'fails', browser: true, steps: [{ get: 'https://app.coachdash.example/broken' }] },
        {
          name: 'no field',
          browser: true,
          steps: [{ get: 'https://app.coachdash.example/login' }, { fill: { company: 'x' } }],
        },
      ],
      ['--out', out, '--save-facts', facts],
    )
    expect(report.checks.filter(({ status }) => status === 'unknown').map(({ reason }) => reason)).toEqual([])
    const [login, broken, field] = ['Log in', 'fails', 'no field'].map(name =>
      report.findings.find(finding => finding.subject === name),
    )
    expect(login).toMatchObject({ outcome: 'fails-at-step', impact: 'login' })
    const said = JSON.stringify(login)
    expect(said).toContain('Wrong password for …')
    expect(said).toContain('POST https://spa.coachdash.example/api/session answered 401')
    expect(said).toContain('evidence/flow-log-in.jpg')
    expect(JSON.stringify(broken)).toContain('status 500')
    expect(JSON.stringify(field)).toContain('the page has no field \\"company\\"')
    expect(readdirSync(join(out, 'evidence')).sort()).toEqual([
      'flow-fails.jpg',
      'flow-log-in.jpg',
      'flow-no-field.jpg',
    ])
    const bytes = readFileSync(join(out, 'evidence', 'flow-log-in.jpg'))
    expect([bytes[0], bytes[1], bytes.length < 400_000]).toEqual([0xff, 0xd8, true])
    const kept = `${JSON.stringify(report)}${readFileSync(facts, 'utf8')}${readFileSync(join(out, 'launch-blockers.md'), 'utf8')}`
    for (const secret of [typed.email, typed.password]) expect(kept).not.toContain(secret)
  })

  test('what cannot be seen is unknown: no browser, a private address, silence', async () => {
    const absent = await walk(
      [{ name: 'a', browser: true, steps: [{ get: 'https://app.coachdash.example/login' }] }],
      ['--browser', '/nowhere/chromium'],
    )
    expect(absent.report.checks[0]).toMatchObject({ status: 'unknown' })
    expect(absent.report.checks[0]!.reason).toContain('apt-get install chromium')
    expect(absent.exit).toBe(3)
    const elsewhere = await walk([{ name: 'b', browser: true, steps: [{ get: 'https://gone.coachdash.example/' }] }])
    expect(JSON.stringify(elsewhere.report.findings)).toContain('gone.coachdash.example does not exist')
  })

  test('a config that a browser cannot follow is refused', async () => {
    await expect(
      walk([{ name: 'a', browser: true, steps: [{ post: 'https://app.coachdash.example/session' }] }]),
    ).rejects.toThrow(/steps\[0\]\.post: .*a browser posts by its forms/)
    await expect(walk([{ name: 'a', steps: [{ get: 'https://app.coachdash.example/', click: 'x' }] }])).rejects.toThrow(
      /a step does one of/,
    )
  })
})

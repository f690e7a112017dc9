// A first customer all the way: the flows of the config are walked in the world of a sound product, and its mail is waited for. One broken
// step further down is where they stop.
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Report } from '../../src/core/report.ts'
import { type RunningWorld, startWorld } from '../../src/lab/start.ts'
import { hostSpec, loadWorld } from '../../src/lab/world.ts'
import { runIn } from '../support/handover-world.ts'
import { type FakeImap, startFakeImap } from '../support/imap-server.ts'
import { rsaKey, signMail } from '../support/signed-mail.ts'

const app = 'https://app.coachdash.example'
const session = { 'set-cookie': '__Host-session=canary; Path=/; Secure; HttpOnly; SameSite=Lax' }
const page = (title: string, body: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title></head><body><main><h1>${title}</h1>${body}</main></body></html>`

/** What stands behind the forms of the product. */
const behind = hostSpec({
  routes: {
    'POST /accounts': { body: page('Look into your inbox', '<p>We have sent you a link.</p>') },
    'POST /session': { status: 303, headers: { location: '/dashboard', ...session } },
    '/dashboard': [
      { when: { cookie: '__Host-session' }, body: page('Your clients', '<a href="/billing">Billing</a>') },
      { status: 302, headers: { location: '/login' } },
    ],
    '/billing': {
      body: page('Billing', '<form method="post" action="/subscriptions"><button>Subscribe</button></form>'),
    },
    '/reset': { body: page('Set a new password', '<p>Choose one of twelve characters or more.</p>') },
    'POST /subscriptions': { body: page('Thank you', '<p>Your plan is Solo.</p>') },
  },
}).routes

const canary = 'canary@canary.example'
const flows = (thanks: string): string => `flows:
  - name: sign up
    kind: signup
    steps:
      - get: ${app}/signup
      - { submit: Create my account, form: { name: Canary, email: ${canary}, password: not-a-secret-one }, expectText: inbox }
  - name: log in
    kind: login
    steps:
      - get: ${app}/login
      - { submit: Log in, form: { email: ${canary}, password: not-a-secret-one }, expectUrl: /dashboard, expectText: Your clients }
  - name: subscribe
    kind: billing
    steps:
      - get: ${app}/billing
      - { submit: Subscribe, expectText: ${thanks} }
`

let world: RunningWorld
let imap: FakeImap
const key = rsaKey()
const product = createServer(async (request, response) => {
  let body = ''
  for await (const chunk of request) body += chunk
  const to = new URLSearchParams(body).get('email')
  const mail = `From: CoachDash <hello@coachdash.example>
To: ${to}
Subject: Set a new password
Date: ${new Date(world.now!).toUTCString()}
Message-ID: <1@coachdash.example>

${app}/reset?token=abc
`
  imap.deliver('INBOX', signMail(mail, { domain: 'coachdash.example', selector: 'lab', key }))
  response.end('Look into your inbox')
})

beforeAll(async () => {
  const sound = loadWorld(new URL('../../fixtures/worlds/handover-sound.yaml', import.meta.url).pathname)
  Object.assign(sound.hosts['app.coachdash.example']!.routes!, behind)
  sound.zones['coachdash.example']!.records += `\nlab._domainkey 3600 TXT ${key.record}\n`
  world = await startWorld(sound)
  imap = await startFakeImap()
  await once(product.listen(0, '127.0.0.1'), 'listening')
})
afterAll(async () => {
  product.close()
  await imap?.stop()
  await world?.close()
})

/** The line on the first customer, where the page after paying is expected to say this. */
const walked = async (thanks: string) => {
  const path = join(world.cwd, 'launch-ready.config.yaml')
  const { port } = product.address() as AddressInfo
  const mail = `inboxes: { canary: { imap: "imap://127.0.0.1:${imap.port}", user: user, password: secret } }, flows: [{ name: reset, trigger: { post: "http://127.0.0.1:${port}/forgot", form: { email: ${canary} } }, arrivesWithin: 5s }], `
  const [before = ''] = readFileSync(path, 'utf8').split('\nflows:')
  const config = before.includes('inboxes:') ? before : before.replace('email: { ', `email: { ${mail}`)
  writeFileSync(path, `${config.trimEnd()}\n${flows(thanks)}`)
  const ran = await runIn(world, ['handover', '--json'])
  const { checks, findings } = JSON.parse(ran.out) as Report
  return {
    check: checks.find(({ check }) => check === 'first-customer'),
    finding: findings.find(({ check }) => check === 'first-customer'),
  }
}

it('walks, and is stopped where the last step fails', async () => {
  expect((await walked('Your plan is Solo')).check).toMatchObject({ status: 'pass', outcome: 'walks' })
  const { check, finding } = await walked('Receipt')
  expect(check).toMatchObject({ outcome: 'broken-at' })
  expect(finding!.title).toBe('A first customer is stopped at: pay')
}, 60_000)

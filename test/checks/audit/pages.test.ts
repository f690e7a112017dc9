// The checks of pages through the real program: what is sound passes and is said to, the rarer faults are met, hostile pages are bounded.
import { expect, test } from 'vitest'
import { startWorld } from '../../../src/lab/start.ts'
import { loadWorld, type World } from '../../../src/lab/world.ts'
import { auditWorld } from '../../support/lab-audit.ts'
import { processorTime } from '../../support/processor-time.ts'

const ids =
  'security-headers,framing,session-cookie,login-form,content-security-policy,search-indexing,mobile-viewport,legal-pages,security-txt,subresource-integrity,auth-enforced,cors,error-pages,directory-listing,rate-limit,webhook-signature'.split(
    ',',
  )

const resultsOf = async (world: World, more: string[] = []): Promise<string[]> => {
  const running = await startWorld(world)
  try {
    const { report } = await auditWorld(running, ['--only', ...ids, ...more])
    return report.checks.map(item => `${item.check} ${item.outcome ?? item.status} ${item.subject}`)
  } finally {
    await running.close()
  }
}

const world = (name: string): World =>
  loadWorld(new URL(`../../../fixtures/worlds/${name}.yaml`, import.meta.url).pathname)

const says = (check: string, outcome: string, subject: string): string => `${check} ${outcome} ${subject}`

test('a sound product passes each of them', async () => {
  const results = await resultsOf(world('healthy-coach'))
  expect(results).toEqual(
    expect.arrayContaining([
      says('security-headers', 'set', 'www.coachdash.example'),
      says('content-security-policy', 'set', 'www.coachdash.example'),
      says('search-indexing', 'open', 'www.coachdash.example'),
      says('error-pages', 'plain', 'app.coachdash.example'),
      says('directory-listing', 'off', 'www.coachdash.example'),
      says('framing', 'denied', 'https://app.coachdash.example/login'),
      says('login-form', 'sound', 'https://app.coachdash.example/login'),
      says('session-cookie', 'hardened', 'https://app.coachdash.example/login'),
      says('cors', 'closed', 'https://app.coachdash.example/login'),
      says('mobile-viewport', 'set', 'https://www.coachdash.example/'),
      says('subresource-integrity', 'pinned', 'https://www.coachdash.example/'),
      says('legal-pages', 'present', 'coachdash.example'),
      says('security-txt', 'present', 'coachdash.example'),
    ]),
  )
})

test('what refuses strangers is said to', async () => {
  const results = await resultsOf(world('audit-pages'))
  expect(results).toEqual(
    expect.arrayContaining([
      says('auth-enforced', 'refused', 'https://api.coachdash.example/clients'),
      says('auth-enforced', 'nothing-private', 'https://api.coachdash.example/plans'),
      says('rate-limit', 'limited', 'https://api.coachdash.example/guarded'),
      says('webhook-signature', 'rejects', 'https://api.coachdash.example/webhooks/signed'),
      says('error-pages', 'plain', 'spa.coachdash.example'),
      says('security-headers', 'unknown', 'wall.coachdash.example'),
    ]),
  )
})

const nested = '<div>'.repeat(100_000)
const rare = loadWorld(`name: rare
about: Rarer faults, and hostile pages.
domain: coachdash.example
zones:
  coachdash.example:
    servers: [192.0.2.53]
    records: |
      @ 3600 NS ns1
      ns1 3600 A 192.0.2.53
      @ 300 A 192.0.2.10
      deep 300 A 192.0.2.11
hosts:
  coachdash.example:
    headers: { content-security-policy: "frame-ancestors 'none'" }
    routes:
      /: { body: ${JSON.stringify('<!doctype html><title>Plans</title><h1>Plans</h1><a href=/login>Log in</a><a href=https://deep.coachdash.example/>Deep</a>')} }
      /login: { headers: { set-cookie: '__Host-session=x; Secure; HttpOnly; SameSite=Lax' }, body: "<title>Log in</title><form method=post><input type=password name=p></form>" }
      /.well-known/security.txt: { type: text/plain, body: "Contact: mailto:security@coachdash.example\\nExpires: 2020-01-01T00:00:00Z\\n" }
    fallback: { status: 500, body: ${JSON.stringify('<pre>Traceback (most recent call last):\n  File "/srv/app/main.py", line 12, in view</pre>')} }
  deep.coachdash.example:
    headers: { set-cookie: ${JSON.stringify(Array.from({ length: 150 }, (_, nth) => `session${nth}=x`))}, content-security-policy: ${JSON.stringify(`script-src ${'https://a.example '.repeat(400)}`)} }
    routes:
      /: { body: ${JSON.stringify(`<!doctype html><title>Deep</title>${nested}`)} }
`)

test('rarer faults are met, and hostile pages do not hold it up', async () => {
  const start = processorTime()
  const results = await resultsOf(rare)
  expect(processorTime() - start).toBeLessThan(20_000)
  expect(results).toEqual(
    expect.arrayContaining([
      says('security-txt', 'expired', 'coachdash.example'),
      says('content-security-policy', 'ineffective', 'coachdash.example'),
      says('error-pages', 'stack-trace', 'coachdash.example'),
      says('session-cookie', 'prefix-broken', 'https://coachdash.example/login'),
      says('framing', 'denied', 'https://coachdash.example/login'),
      says('content-security-policy', 'set', 'deep.coachdash.example'),
    ]),
  )
})

// The probes that ask a web server: page, health, version, webhook, sign-in.
import { describe, expect, it } from 'vitest'
import { probeHealth } from '../../src/probes/health.ts'
import { probePage } from '../../src/probes/http.ts'
import { probeSignIn, type SignInRequest } from '../../src/probes/sign-in.ts'
import { probeVersion, sameCommit } from '../../src/probes/version.ts'
import { probeWebhook, stripeSignature, testEvent } from '../../src/probes/webhook.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { type Handle, network, type Reply, serve } from './support.ts'

const page = '<h1>Coach Dash</h1> the homepage of a product'

describe('a page', () => {
  it.each<[string, Reply | null, object]>([
    ['with something in it', { body: page }, { state: 'ok', detail: expect.stringMatching(/^200 in \d+ ms$/) }],
    ['that is empty', { body: ' ' }, { state: 'failed', detail: 'the page is empty' }],
    [
      'of a failed application',
      { body: `Application error: ${page}` },
      { state: 'failed', detail: expect.stringContaining('application failed') },
    ],
    ['that is long and speaks of errors', { body: `Application error: ${page.repeat(1000)}` }, { state: 'ok' }],
    [
      'that is gone',
      { status: 404, body: page },
      { state: 'failed', detail: expect.stringMatching(/^404 in \d+ ms at http/) },
    ],
    ['that limits requests', { status: 429 }, { state: 'unknown' }],
    [
      'that redirects to itself',
      { status: 302, headers: { location: '/' } },
      { state: 'failed', detail: expect.stringContaining('loop') },
    ],
    [
      'that redirects into a private network',
      { status: 302, headers: { location: 'http://10.0.0.1/' } },
      { state: 'unknown', detail: expect.stringContaining('private-address') },
    ],
  ])('%s', async (_, reply, expected) => {
    const url = `${await serve(() => reply)}/`
    expect(await probePage({ url }, network())).toMatchObject(expected)
  })

  it('keeps latency and evidence with status', async () => {
    const url = `${await serve(() => ({ body: page }))}/`
    const result = await probePage({ url, expectBody: 'Coach' }, network())
    // Time in which this program had no turn is not counted: on a busy machine nothing may be left.
    expect(result.latencyMs).toBeGreaterThanOrEqual(0)
    expect(result.evidence).toMatchObject([{ kind: 'http', url, status: 200 }])
    expect(await probePage({ url, expectBody: 'Sleeper' }, network())).toMatchObject({ state: 'failed' })
  })

  it('fails where a connection is refused, and is unknown where nothing answers', async () => {
    expect(await probePage({ url: 'http://127.0.0.1:1/' }, network())).toMatchObject({
      state: 'failed',
      latencyMs: null,
    })
    const silent = await serve(() => null)
    expect(await probePage({ url: silent }, network({ timeoutMs: 100 }))).toMatchObject({ state: 'unknown' })
  })
})

describe('health', () => {
  const api: Handle = request =>
    request.headers.authorization === 'Bearer t' ? { body: '{"ok":true}' } : { status: 401, body: '{}' }
  const headers = { authorization: 'Bearer t' }
  it.each([
    ['well', { headers, expectBody: '"ok":true' }, 'ok', /^200 in/],
    ['another status', {}, 'failed', /^401 in \d+ ms, expected 200$/],
    ['the status that is wanted', { expectStatus: 401 }, 'ok', /^401 in/],
    ['a mark that is missing', { headers, expectBody: 'up' }, 'failed', /but the answer lacks "up"$/],
  ])('%s', async (_, request, state, detail) => {
    const url = await serve(api)
    expect(await probeHealth({ url, ...request }, network())).toMatchObject({
      state,
      detail: expect.stringMatching(detail),
    })
  })
})

describe('version', () => {
  const commit = '4c43fcf0a1b2c3d4e5f60718293a4b5c6d7e8f90'
  const answer: Reply = { body: `{"build":{"commit":"${commit.slice(0, 10)}"}}`, headers: { 'x-commit': commit } }
  it.each([
    ['in a header', { header: 'X-Commit' }, 'ok', 'runs 4c43fcf0a1b2'],
    ['in JSON', { json: 'build.commit' }, 'ok', 'runs 4c43fcf0a1'],
    ['by a pattern', { pattern: '"commit":"(\\w+)"' }, 'ok', 'runs 4c43fcf0a1'],
    [
      'anywhere, but shorter than twelve',
      {},
      'failed',
      'the answer lacks 4c43fcf0a1b2: the version before may still be running',
    ],
    ['nowhere in JSON', { json: 'build.sha' }, 'failed', 'no version at build.sha'],
    [
      'of another commit',
      { header: 'X-Commit', commit: 'deadbeef00' },
      'failed',
      `runs ${commit}, deployed was deadbeef00`,
    ],
  ])('%s', async (_, request, state, detail) => {
    const url = await serve(() => answer)
    expect(await probeVersion({ url, commit, ...request }, network())).toMatchObject({ state, detail })
  })
  it.each([
    [commit, commit.slice(0, 7).toUpperCase(), true],
    [commit, commit.slice(0, 6), false],
    ['v1.2.3', 'v1.2.3', true],
    ['release-1.2.3', 'release-1.2', false],
  ])('%s and %s are one: %s', (a, b, same) => {
    expect(sameCommit(a, b)).toBe(same)
  })
})

describe('webhook', () => {
  const secret = 'whsec_of_the_test'
  const verifies: Handle = (request, body) => {
    const header = String(request.headers['stripe-signature'])
    const seconds = Number(/t=(\d+)/.exec(header)?.[1])
    return header === stripeSignature(body, secret, seconds) ? { body: '{}' } : { status: 400 }
  }
  it.each<[string, Handle, string, object]>([
    [
      'checks signatures',
      verifies,
      secret,
      { state: 'ok', detail: expect.stringContaining('a forged signature is refused (400)') },
    ],
    [
      'has another secret',
      verifies,
      'whsec_another',
      { state: 'failed', detail: expect.stringContaining('the signing secret may be another one') },
    ],
    [
      'takes anything',
      () => ({ body: '{}' }),
      secret,
      { state: 'failed', final: true, detail: 'it accepts a forged signature (200)' },
    ],
    [
      'fails',
      () => ({ status: 500 }),
      secret,
      { state: 'failed', detail: expect.stringMatching(/^500 in \d+ ms for a signed event$/) },
    ],
  ])('%s', async (_, handle, given, expected) => {
    const url = await serve(handle)
    const result = await probeWebhook({ url, scheme: 'stripe', secret: given }, network())
    expect(result).toMatchObject(expected)
    expect(JSON.stringify(result)).not.toContain(given)
  })
  it('signs with the time of the clock that it is given', async () => {
    const clock = fakeClock()
    let seen = ''
    const url = await serve((request, body) => {
      seen ||= `${request.headers['stripe-signature']} ${body}`
      return {}
    })
    await probeWebhook({ url, scheme: 'stripe', secret }, network({ clock }))
    const seconds = clock.now() / 1000
    expect(seen).toBe(`${stripeSignature(testEvent(clock.now()), secret, seconds)} ${testEvent(clock.now())}`)
  })
})

describe('sign-in', () => {
  /** A form as frameworks write it: attributes in any order, entities, an unclosed input, another form before it. */
  const form = `<form action=/search><input name=q></form><!-- <form><input type=password name=no></form> -->
    <form method=post><input value='a&amp;b&#61;' type=hidden name=csrf><input name=email><input type=PASSWORD name=password></form>`
  const product: Handle = (request, body): Reply => {
    const cookie = request.headers.cookie ?? ''
    if (request.url === '/login' && request.method === 'GET')
      return { body: form, headers: { 'content-type': 'text/html', 'set-cookie': 'pre=1; Path=/login' } }
    if (request.url === '/login') {
      const fields = new URLSearchParams(body)
      const right = fields.get('csrf') === 'a&b=' && fields.get('password') === 'right' && cookie === 'pre=1'
      return right ? { status: 302, headers: { location: '/app', 'set-cookie': 's=2; Path=/' } } : { status: 401 }
    }
    if (request.url === '/api') {
      const right = (JSON.parse(body) as { password: string }).password === 'right'
      return right ? { body: '{"data":{"access_token":"tok"}}' } : { status: 403 }
    }
    if (request.url === '/app')
      return cookie === 's=2' || request.headers.authorization === 'Bearer tok'
        ? { body: 'Your clients' }
        : { status: 302, headers: { location: '/login' } }
    return { status: 404 }
  }
  const right = { email: 'test@example.com', password: 'right' }
  const wrong = { ...right, password: 'wrong' }
  it.each<[string, string, Omit<SignInRequest, 'url' | 'page'>, string | null, string, RegExp]>([
    ['by form', '/login', { form: right, expectBody: 'clients' }, '/app', 'ok', /^signed in, .*\/app answered 200/],
    ['by form without a page', '/login', { form: right, expectStatus: 302 }, null, 'ok', /^302 in/],
    ['with a wrong password', '/login', { form: wrong }, '/app', 'failed', /^sign-in answered 401/],
    ['by API', '/api', { json: right }, '/app', 'ok', /^signed in/],
    ['by API, refused', '/api', { json: wrong }, '/app', 'failed', /^sign-in answered 403/],
    [
      'with a page that lacks its mark',
      '/login',
      { form: right, expectBody: 'invoices' },
      '/app',
      'failed',
      /lacks "invoices"$/,
    ],
    [
      'with a page that is gone',
      '/login',
      { form: right },
      '/gone',
      'failed',
      /\/gone answered 404 .* after the sign-in$/,
    ],
  ])('%s', async (_, at, request, pageAt, state, detail) => {
    const base = await serve(product)
    const url = `${base}${at}`
    const result = await probeSignIn({ url, ...request, ...(pageAt ? { page: `${base}${pageAt}` } : {}) }, network())
    expect(result).toMatchObject({ state, detail: expect.stringMatching(detail) })
    expect(JSON.stringify(result)).not.toMatch(/right|wrong|tok/)
  })
  it('sees that a session does not hold', async () => {
    const base = await serve((request, body) => {
      const reply = product(request, body)
      return reply?.status === 302 && request.url === '/login' ? { status: 302, headers: { location: '/app' } } : reply
    })
    const request = { url: `${base}/login`, form: right, page: `${base}/app` }
    expect(await probeSignIn(request, network())).toMatchObject({
      state: 'failed',
      detail: 'the page led back to the sign-in',
    })
  })
})

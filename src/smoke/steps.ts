// The steps of the smoke test after a deploy: each asks the running product one thing and says what it saw.
import { createHmac } from 'node:crypto'
import type { z } from 'zod'
import type { smokeSchema } from '../config/sections/deploy.ts'
import { createCookies } from '../net/cookies.ts'
import { type HttpHop, type HttpRequest, headerOf, type Network } from '../net/network.ts'

export type SmokeConfig = z.infer<typeof smokeSchema>

/** `passed` false is tried again until the deadline, unless `final`. */
export type StepAnswer = { passed: boolean; seen: string; final?: boolean }

export type SmokeStep = { name: string; url: string; run(net: Network, now: number): Promise<StepAnswer> }

/** Bytes of a page that are read: marks of versions and forms stand early. */
const maxBytes = 2 << 20

const fails = (seen: string, final = false): StepAnswer => ({ passed: false, seen, ...(final ? { final } : {}) })
const passes = (seen: string): StepAnswer => ({ passed: true, seen })

/** The last answer of an exchange, or why there is none. */
const answerOf = async (net: Network, request: HttpRequest): Promise<HttpHop | string> => {
  const exchange = await net.http({ verify: 'strict', maxBytes, fresh: true, ...request })
  if (!exchange.ok) return exchange.message
  const { ended, hops, next } = exchange.value
  const hop = hops.at(-1)
  if (!hop) return 'no answer'
  if (ended !== 'answer' && ended !== 'too-many-redirects')
    return `${ended}: ${next?.url ?? hop.url}${next?.missing ? ` (${next.missing.message})` : ''}`
  if (ended === 'too-many-redirects' && (request.follow ?? 0) > 0)
    return `more than ${request.follow} redirects, the last to ${next?.url ?? '?'}`
  return hop
}

const within = (hop: HttpHop): string => `${hop.status} in ${Math.round(hop.timing.total)} ms`

/** A page that answers 200 with something in it. */
const page = (name: string, url: string, needs: (hop: HttpHop) => string | null): SmokeStep => ({
  name,
  url,
  async run(net) {
    const hop = await answerOf(net, {
      url,
      follow: 5,
      headers: { accept: 'text/html,*/*;q=0.8' },
      cookies: createCookies(),
    })
    if (typeof hop === 'string') return fails(hop)
    if (hop.status !== 200) return fails(`${within(hop)} at ${hop.url}`)
    const lacks = needs(hop)
    return lacks === null ? passes(within(hop)) : fails(lacks)
  },
})

const emptyPage = (hop: HttpHop): string | null =>
  hop.body.trim().length < 20
    ? 'the page is empty'
    : /application error|internal server error|deployment_not_found|site not found/i.test(hop.body.slice(0, 20_000)) &&
        hop.body.length < 20_000
      ? 'the page says that the application failed'
      : null

const health = (config: NonNullable<SmokeConfig['health']>): SmokeStep => ({
  name: 'dashboard API health',
  url: config.url,
  async run(net) {
    const hop = await answerOf(net, { url: config.url, headers: { accept: 'application/json', ...config.headers } })
    if (typeof hop === 'string') return fails(hop)
    if (hop.status !== (config.expectStatus ?? 200))
      return fails(`${within(hop)}, expected ${config.expectStatus ?? 200}`)
    return config.expectBody === undefined || hop.body.includes(config.expectBody)
      ? passes(within(hop))
      : fails(`${within(hop)}, but the answer lacks "${config.expectBody}"`)
  },
})

/** `t=<seconds>,v1=<hex>` over `<seconds>.<payload>` (https://docs.stripe.com/webhooks#verify-manually). */
export const stripeSignature = (payload: string, secret: string, seconds: number): string =>
  `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${payload}`).digest('hex')}`

/** HMAC-SHA256 of the payload in hex; with the prefix that GitHub's header wants. */
export const hmacSignature = (payload: string, secret: string, header: string): string =>
  `${/hub-signature-256$/i.test(header) ? 'sha256=' : ''}${createHmac('sha256', secret).update(payload).digest('hex')}`

/** An event that no handler acts on: its type is ours, and it is not live. */
export const testEvent = (now: number): string =>
  JSON.stringify({
    id: `evt_launch_ready_${Math.floor(now / 1000)}`,
    object: 'event',
    api_version: '2025-09-30',
    created: Math.floor(now / 1000),
    type: 'launch_ready.smoke_test',
    livemode: false,
    pending_webhooks: 0,
    data: { object: { id: 'launch_ready_smoke_test', object: 'smoke_test' } },
  })

const webhook = (config: NonNullable<SmokeConfig['webhook']>): SmokeStep => ({
  name: 'signed test webhook',
  url: config.url,
  async run(net, now) {
    const payload = config.payload ?? testEvent(now)
    const header = (config.header ?? (config.scheme === 'stripe' ? 'stripe-signature' : 'x-signature')).toLowerCase()
    const sign = (secret: string): string =>
      config.scheme === 'stripe'
        ? stripeSignature(payload, secret, Math.floor(now / 1000))
        : hmacSignature(payload, secret, header)
    const send = (signature: string): Promise<HttpHop | string> =>
      answerOf(net, {
        url: config.url,
        method: 'POST',
        headers: { 'content-type': 'application/json', [header]: signature },
        body: payload,
      })
    const hop = await send(sign(config.secret))
    if (typeof hop === 'string') return fails(hop)
    if (hop.status < 200 || hop.status > 299)
      return fails(
        `${within(hop)} for a signed event${hop.status === 400 || hop.status === 401 ? ': the signing secret may be another one' : ''}`,
      )
    // The same event with another key has to be refused: else anybody can make payments happen.
    const forged = await send(sign(`${config.secret}x`))
    if (typeof forged === 'string') return fails(forged)
    if (forged.status >= 200 && forged.status <= 299)
      return fails(`it accepts a forged signature (${forged.status})`, true)
    return passes(`${within(hop)}; a forged signature is refused (${forged.status})`)
  },
})

/** Hidden fields of the first form that has a password, with its cookies: the token against forgery is among them. */
const hiddenFields = (html: string): Record<string, string> => {
  const forms = [...html.matchAll(/<form\b[^>]*>([\s\S]*?)<\/form>/gi)].map(match => match[1]!)
  const form = forms.find(text => /type\s*=\s*["']?password/i.test(text)) ?? forms[0] ?? ''
  const attribute = (tag: string, name: string): string | null =>
    new RegExp(`\\b${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s>]+))`, 'i')
      .exec(tag)
      ?.slice(1)
      .find(value => value !== undefined) ?? null
  const decode = (value: string): string =>
    value
      .replace(/&quot;/g, '"')
      .replace(/&#0?39;/g, "'")
      .replace(/&lt;/g, '<')
      .replace(/&gt;/g, '>')
      .replace(/&amp;/g, '&')
  return Object.fromEntries(
    [...form.matchAll(/<input\b[^>]*>/gi)].flatMap(([tag]) => {
      const name = attribute(tag, 'name')
      return name !== null && /^hidden$/i.test(attribute(tag, 'type') ?? '')
        ? [[name, decode(attribute(tag, 'value') ?? '')]]
        : []
    }),
  )
}

/** A token that an API answers a sign-in with. */
const tokenOf = (body: string): string | null => {
  try {
    const json = JSON.parse(body) as Record<string, unknown>
    const inner = (json['data'] ?? json['session'] ?? {}) as Record<string, unknown>
    for (const name of ['access_token', 'accessToken', 'token', 'jwt', 'id_token'])
      for (const from of [json, inner]) if (typeof from[name] === 'string') return from[name]
  } catch {}
  return null
}

const auth = (config: NonNullable<SmokeConfig['auth']>): SmokeStep => ({
  name: 'sign-in of the test user',
  url: config.url,
  async run(net) {
    const cookies = createCookies()
    let fields: Record<string, string> = {}
    if (config.form) {
      const form = await answerOf(net, { url: config.url, follow: 5, cookies })
      if (typeof form === 'string') return fails(form)
      if (form.status === 200) fields = hiddenFields(form.body)
    }
    const headers: Record<string, string> = config.form
      ? { 'content-type': 'application/x-www-form-urlencoded', referer: config.url, origin: new URL(config.url).origin }
      : { 'content-type': 'application/json', accept: 'application/json' }
    const body = config.form
      ? new URLSearchParams({ ...fields, ...config.form }).toString()
      : JSON.stringify(config.json ?? {})
    const signedIn = await answerOf(net, { url: config.url, method: 'POST', headers, body, cookies })
    if (typeof signedIn === 'string') return fails(signedIn)
    const expected = config.page === undefined ? config.expectStatus : undefined
    if (expected !== undefined ? signedIn.status !== expected : signedIn.status >= 400)
      return fails(`sign-in answered ${within(signedIn)}`)
    if (config.page === undefined)
      return config.expectBody === undefined || signedIn.body.includes(config.expectBody)
        ? passes(within(signedIn))
        : fails(`sign-in answered ${signedIn.status}, but lacks "${config.expectBody}"`)
    const token = tokenOf(signedIn.body)
    const inside = await answerOf(net, {
      url: config.page,
      follow: 3,
      cookies,
      headers: token ? { authorization: `Bearer ${token}` } : {},
    })
    if (typeof inside === 'string') return fails(inside)
    if (inside.status !== (config.expectStatus ?? 200))
      return fails(`${config.page} answered ${within(inside)} after the sign-in`)
    // Sent back to the sign-in: the password or the session did not hold.
    if (
      new URL(inside.url).pathname !== new URL(config.page).pathname &&
      new URL(inside.url).pathname === new URL(config.url).pathname
    )
      return fails('the page led back to the sign-in')
    return config.expectBody === undefined || inside.body.includes(config.expectBody)
      ? passes(`signed in, ${config.page} answered ${within(inside)}`)
      : fails(`${config.page} lacks "${config.expectBody}"`)
  },
})

/** What stands at `build.commit` of a JSON answer. */
const at = (body: string, path: string): string | null => {
  try {
    let value: unknown = JSON.parse(body)
    for (const key of path.split('.'))
      value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined
    return typeof value === 'string' || typeof value === 'number' ? String(value) : null
  } catch {
    return null
  }
}

/** Whether two spellings of a commit are one: short and long, at least seven characters. */
export const sameCommit = (a: string, b: string): boolean => {
  const [one, other] = [a.trim().toLowerCase(), b.trim().toLowerCase()]
  return (
    one === other ||
    (Math.min(one.length, other.length) >= 7 &&
      /^[0-9a-f]+$/.test(one + other) &&
      (one.startsWith(other) || other.startsWith(one)))
  )
}

const version = (config: NonNullable<SmokeConfig['version']>, commit: string): SmokeStep => ({
  name: 'version is the commit deployed',
  url: config.url,
  async run(net) {
    const hop = await answerOf(net, { url: config.url, follow: 3 })
    if (typeof hop === 'string') return fails(hop)
    if (hop.status !== 200) return fails(within(hop))
    if (!config.header && !config.json && !config.pattern)
      return hop.body.includes(commit) || hop.body.includes(commit.slice(0, 12))
        ? passes(`holds ${commit.slice(0, 12)}`)
        : fails(`the answer lacks ${commit.slice(0, 12)}: the version before may still be running`)
    const found = config.header
      ? headerOf(hop, config.header)
      : config.json
        ? at(hop.body, config.json)
        : (new RegExp(config.pattern!).exec(hop.body)?.[1] ?? null)
    if (found === null) return fails(`no version at ${config.header ?? config.json ?? config.pattern}`)
    return sameCommit(found, commit)
      ? passes(`runs ${found.slice(0, 12)}`)
      : fails(`runs ${found.slice(0, 40)}, deployed was ${commit.slice(0, 12)}`)
  },
})

/** The steps that a config asks for, in the order a customer would meet them. `commit` is null when nobody knows what was deployed. */
export const smokeSteps = (config: SmokeConfig, commit: string | null): SmokeStep[] => [
  ...(config.version && commit !== null ? [version(config.version, commit)] : []),
  ...(config.homepage ? [page('homepage', config.homepage, emptyPage)] : []),
  ...(config.login ? [page('login route', config.login, emptyPage)] : []),
  ...(config.health ? [health(config.health)] : []),
  ...(config.webhook ? [webhook(config.webhook)] : []),
  ...(config.auth ? [auth(config.auth)] : []),
]

/** Variables in which CI systems and platforms say which commit they work on, the most certain first. */
export const commitVariables = [
  'DEPLOY_COMMIT',
  'GITHUB_SHA',
  'CI_COMMIT_SHA',
  'BITBUCKET_COMMIT',
  'CIRCLE_SHA1',
  'BUILD_SOURCEVERSION',
  'BUILDKITE_COMMIT',
  'VERCEL_GIT_COMMIT_SHA',
  'RENDER_GIT_COMMIT',
  'RAILWAY_GIT_COMMIT_SHA',
  'COMMIT_REF',
  'HEROKU_SLUG_COMMIT',
  'KAMAL_VERSION',
] as const

/** The commit that was deployed: the config's word, the CI's, HEAD of the repository. */
export const deployedCommit = (
  config: SmokeConfig,
  env: Readonly<Record<string, string | undefined>>,
  head: string | null,
): string | null =>
  config.version?.commit ||
  commitVariables.map(name => env[name]).find(value => value !== undefined && /^[0-9a-f]{7,64}$/i.test(value)) ||
  head

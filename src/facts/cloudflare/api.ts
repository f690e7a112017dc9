// GETs of Cloudflare's API (v4) with a read-only token: paging, scopes, rate limits and outages told apart. The token goes nowhere else.
import { type Fact, missing, observed } from '../../core/fact.ts'
import { headerOf } from '../../net/network.ts'
import type { CollectContext } from '../definition.ts'

/** One part of a zone's configuration: seen, or why not. `permission` is the scope that the token lacks. */
export type Part<T> =
  | { seen: true; value: T }
  | { seen: false; reason: 'forbidden' | 'failed' | 'absent'; permission: string | null; message: string }

type Envelope = {
  success?: boolean
  result?: unknown
  result_info?: { page?: number; total_pages?: number }
  errors?: { code?: number; message?: string }[]
}

export const defaultApi = 'https://api.cloudflare.com/client/v4'

/** The token: from the config, else from CLOUDFLARE_API_TOKEN, which goes to Cloudflare alone, whatever server the config names. */
export const tokenOf = (context: CollectContext): string | null => {
  const { token, api } = context.config.cloudflare ?? {}
  const isOwn = api === undefined || new URL(api).origin === new URL(defaultApi).origin
  return token || (isOwn ? context.env['CLOUDFLARE_API_TOKEN'] : undefined) || null
}

const longestWaitMs = 5000

/** One GET. Waits once where the API says how long (429), at most five seconds. */
export const get = async (context: CollectContext, path: string): Promise<Fact<Envelope>> => {
  const token = tokenOf(context)
  if (!token) return missing('needs-credential', 'no Cloudflare token was given (cloudflare.token)')
  const base = (context.config.cloudflare?.api ?? defaultApi).replace(/\/+$/, '')
  const where = new URL(base).hostname
  for (let attempt = 0; ; attempt++) {
    const answer = await context.net.http({
      url: `${base}${path}`,
      verify: 'strict',
      headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
      maxBytes: 4_000_000,
    })
    if (!answer.ok) return answer
    const hop = answer.value.hops[0]
    if (!hop) return missing('internal', 'no answer was kept')
    if (hop.status === 429) {
      const wait = Number(headerOf(hop, 'retry-after')) * 1000
      if (attempt > 0 || !(wait >= 0 && wait <= longestWaitMs))
        return missing('rate-limited', `${where} asks us to wait${wait ? ` ${wait / 1000} s` : ''}`)
      await context.net.options.clock.sleep(wait, context.net.options.signal)
      continue
    }
    if (hop.status >= 500) return missing('http-status', `${where} answered ${hop.status}: an outage there`)
    let body: Envelope
    try {
      body = JSON.parse(hop.body) as Envelope
    } catch {
      return missing('malformed', `${where} answered ${hop.status} with something that is no JSON`)
    }
    const reported =
      body.errors
        ?.map(error => String(error.message ?? error.code ?? ''))
        .join('; ')
        .slice(0, 200) ?? ''
    if (
      hop.status === 401 ||
      hop.status === 403 ||
      (hop.status === 400 && body.errors?.some(error => [6003, 6111, 9109, 10000].includes(Number(error.code))))
    )
      return missing('forbidden', `${where} refuses the token${reported ? `: ${reported}` : ''}`)
    if (hop.status === 404)
      return missing('unsupported', `${where} has nothing at ${path.replace(/[0-9a-f]{32}/g, '…')}`)
    if (hop.status !== 200 || body.success === false)
      return missing('http-status', `${where} answered ${hop.status}${reported ? `: ${reported}` : ''}`)
    return observed(body, context.now())
  }
}

/** All pages of a list. */
export const list = async (context: CollectContext, path: string): Promise<Fact<unknown[]>> => {
  const items: unknown[] = []
  for (let page = 1; page <= 50; page++) {
    const answer = await get(context, `${path}${path.includes('?') ? '&' : '?'}per_page=100&page=${page}`)
    if (!answer.ok) return answer
    if (Array.isArray(answer.value.result)) items.push(...answer.value.result)
    if (page >= (answer.value.result_info?.total_pages ?? 1)) break
  }
  return observed(items, context.now())
}

/** A part of the configuration, with the permission that it needs. A 404 is `absent`: the feature was never set up. */
export const part = async <T>(
  promise: Promise<Fact<unknown>>,
  permission: string,
  read: (value: unknown) => T,
): Promise<Part<T>> => {
  const answer = await promise
  if (answer.ok) return { seen: true, value: read(answer.value) }
  const reason = answer.reason === 'forbidden' ? 'forbidden' : answer.reason === 'unsupported' ? 'absent' : 'failed'
  return { seen: false, reason, permission: reason === 'forbidden' ? permission : null, message: answer.message }
}

export const resultOf = (value: unknown): unknown => (value as Envelope).result

// HTTP/1.1 through undici over connections that we dial ourselves, so that DNS, TCP and TLS are timed apart. Redirects are
// followed by us, each kept as a hop. Everything that arrives is bounded in size, count and time.
import { type Fact, missing, observed } from '../core/fact.ts'
import { limits } from '../data/limits.ts'
import { exchangeOver } from './http-exchange.ts'
import { createPool } from './http-pool.ts'
import { createRoundTrip } from './http-round-trip.ts'
import type { HttpContext } from './http-types.ts'
import type { HttpExchange, HttpRequest } from './network.ts'

export type Http = {
  exchange(request: HttpRequest): Promise<Fact<HttpExchange>>
  /** One request without redirects, its body as decoded bytes, the certificate verified: for DNS over HTTPS. */
  post(
    url: string,
    body: Uint8Array,
    headers: Record<string, string>,
    timeoutMs: number,
  ): Promise<Fact<{ status: number; bytes: Buffer }>>
  /** Ends all connections, the idle ones too. */
  close(): void
}

export const createHttp = (context: HttpContext): Http => {
  const pool = createPool(context.options.clock)
  const roundTrip = createRoundTrip(context, pool)
  return {
    exchange: request => exchangeOver(context, roundTrip, request),
    async post(url, body, headers, timeoutMs) {
      const answer = await roundTrip({
        url: new URL(url),
        method: 'POST',
        headers: { 'user-agent': context.options.userAgent, ...headers },
        body,
        address: undefined,
        maxBytes: limits.dnsMessageBytes,
        redirectBytes: limits.dnsMessageBytes,
        strict: true,
        fresh: false,
        background: false,
        timeoutMs,
        isLast: true,
      })
      if (!answer.ok) return answer
      const { bytes, status, truncated } = answer.value
      if (truncated) return missing('too-large', `the answer of ${url} is longer than a DNS message`)
      return observed({ status, bytes }, '')
    },
    close: pool.close,
  }
}

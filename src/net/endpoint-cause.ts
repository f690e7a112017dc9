// The cause behind facts that are missing because one endpoint does not answer.
import type { Cause } from '../core/cause.ts'

/** `where` is `host:port` as in messages (`hostPort` of connect-to.ts); an IPv6 address stands in brackets. */
export const endpointCause = (where: string, text: string): Cause => {
  const colon = where.lastIndexOf(':')
  return {
    kind: 'endpoint',
    host: where.slice(0, colon).replace(/^\[|\]$/g, ''),
    port: Number(where.slice(colon + 1)),
    text,
  }
}

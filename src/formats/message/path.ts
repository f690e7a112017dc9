// How the message came in, as far as it can be believed: fields are put on top, so what stands above the receiver's own Received
// field is the receiver's, and what stands below the next one may be anybody's.

import { registrableDomain } from '../dns/registrable-domain.ts'
import { fieldsNamed, fieldValue, type HeaderField, type MessageParts } from './headers.ts'
import { type Hop, isInternal, readReceived } from './received.ts'
import {
  type ReceivedSpf,
  readAuthenticationResults,
  readReceivedSpf,
  type StatedResult,
  statedAddress,
} from './stated.ts'

export type MessagePath = {
  /** The hop at which the mail came in from elsewhere; null where no Received field tells it. */
  border: Hop | null
  ip: string | null
  ipFrom: 'received-spf' | 'authentication-results' | 'received' | null
  helo: string | null
  /** Envelope sender; empty for a bounce, null where it is not told. */
  envelope: string | null
  /** What the receiver wrote about SPF, DKIM, DMARC, ARC. */
  stated: StatedResult[]
  /** ISO 8601 instant of arrival; null where it is not told. */
  arrived: string | null
  hops: number
}

const hopsRead = 60

type Placed<T> = { at: number; value: T }

const placed = <T>(parts: MessageParts, name: string, read: (value: string) => T): Placed<T>[] =>
  parts.fields
    .flatMap((field: HeaderField, at) => (field.name === name ? [{ at, field }] : []))
    .slice(0, hopsRead)
    .map(({ at, field }) => ({ at, value: read(field.value) }))

/** Domains under which one receiver's servers hand mail to each other. */
const families = [['outlook.com', 'office365.com', 'exchangelabs.com', 'microsoft.com']]

const sameOrganization = (a: string | null, b: string | null): boolean => {
  const [of, other] = [registrableDomain(a), registrableDomain(b)]
  if (of === null || other === null) return false
  return of === other || families.some(family => family.includes(of) && family.includes(other))
}

/** A hop inside the receiver's own network: no address, a private one, or a server of the same organization. */
const inside = (hop: Hop): boolean =>
  hop.ip === null || isInternal(hop.ip) || sameOrganization(hop.reverse ?? hop.helo, hop.by)

const addressText = (value: string): string | null => {
  const inner = /<([^<>]*)>/.exec(value)?.[1] ?? value
  return inner.trim().toLowerCase()
}

/** Finds the hop at which the mail came in, and what the receiver said of it. */
export const messagePath = (parts: MessageParts): MessagePath => {
  const hops = placed(parts, 'received', readReceived)
  const spf = placed(parts, 'received-spf', readReceivedSpf)
  const results = placed(parts, 'authentication-results', readAuthenticationResults)
  const named: { at: number; ip: string; from: 'received-spf' | 'authentication-results' }[] = [
    ...spf.flatMap(({ at, value }) => (value.ip ? [{ at, ip: value.ip, from: 'received-spf' as const }] : [])),
    ...results.flatMap(({ at, value }) => {
      const ip = value.map(statedAddress).find(Boolean)
      return ip ? [{ at, ip, from: 'authentication-results' as const }] : []
    }),
  ]
  /** Where the fields of hop `index`'s server end: at the next hop's. */
  const end = (index: number): number => hops[index + 1]?.at ?? parts.fields.length
  let border = -1
  let from: MessagePath['ipFrom'] = null
  for (const item of named) {
    const index = hops.findIndex(
      ({ value }, at) => value.ip === item.ip && item.at < end(at) && hops.slice(0, at).every(hop => inside(hop.value)),
    )
    if (index !== -1 && (border === -1 || index < border)) {
      border = index
      from = item.from
    }
  }
  const first = (fits: (hop: Hop) => boolean): number => hops.findIndex(({ value }) => value.ip !== null && fits(value))
  for (const fits of [
    (hop: Hop) => !inside(hop) && !hop.submission,
    (hop: Hop) => !isInternal(hop.ip as string) && !hop.submission,
    (hop: Hop) => !hop.submission,
  ])
    if (border === -1) border = first(fits)
  const hop = hops[border]?.value ?? null
  const bound = border === -1 ? end(0) : end(border)
  const trustedSpf: ReceivedSpf | null = spf.find(({ at }) => at < bound)?.value ?? null
  const stated = results.filter(({ at }) => at < bound).flatMap(({ value }) => value)
  // Without a Received field that tells it, the receiver's own words must do.
  const alone = hop === null ? named.find(({ at }) => at < bound) : undefined
  const returnPath = fieldValue(parts, 'return-path')
  const mailFrom = stated.find(item => item.method === 'spf')?.properties['smtp.mailfrom']
  return {
    border: hop,
    ip: hop?.ip ?? alone?.ip ?? null,
    ipFrom: hop ? (from ?? 'received') : (alone?.from ?? null),
    helo: trustedSpf?.helo ?? hop?.helo ?? hop?.reverse ?? null,
    envelope:
      returnPath === null
        ? (trustedSpf?.envelope ?? hop?.envelope ?? (mailFrom?.replace(/^@/, '').toLowerCase() || null))
        : addressText(returnPath),
    stated,
    arrived: (hop ?? hops[0]?.value)?.at ?? null,
    hops: fieldsNamed(parts, 'received').length,
  }
}

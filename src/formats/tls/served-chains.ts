// What the certificates that a host serves at its addresses amount to: each chain judged, equal faults put together, differences between
// addresses named.
import type { Fact, Missing } from '../../core/fact.ts'
import {
  type Authority,
  type ChainFaultKind,
  type ChainJudgement,
  judgeChain,
  nameOf,
  unsupportedKey,
} from './certificate-path.ts'
import { type Certificate, tryCertificate } from './x509.ts'

/** One address of a host. The chain is DER in base64, leaf first; `ocsp` the stapled response in base64. */
export type ServedEndpoint = {
  address: string
  family: 4 | 6
  handshake: Fact<BrowserChain>
  /** What clients get that take the other type of key alone. */
  otherKey?: ServedChain | null
}

type ServedChain = { chain: readonly string[]; scts: number; ocsp: string | null }
/** With the bytes of the message that carried it, and the suite that was chosen. */
type BrowserChain = ServedChain & { chainBytes?: number; cipher?: string }

/** What a host serves, with the roots that could end its chains and what was fetched from issuers' addresses. */
export type ServedChains = {
  endpoints: readonly ServedEndpoint[]
  authorities: readonly Authority[]
  fetched: readonly { der: string | null }[]
}

/** The same with what other hosts of the domain send: it explains a gap and never fills it. */
export const withSeen = (
  served: ServedChains,
  seen: { issuers: readonly string[]; authorities: readonly Authority[] },
): ServedChains => ({
  endpoints: served.endpoints,
  fetched: [...served.fetched, ...seen.issuers.map(der => ({ der }))],
  authorities: [
    ...served.authorities,
    ...seen.authorities.filter(({ der }) => !served.authorities.some(known => known.der === der)),
  ],
})

/** The endpoints of all ports; those of ports other than 443 say so in their address. */
export const everyEndpoint = <E extends { address: string }>(served: {
  endpoints: readonly E[]
  otherPorts: readonly { port: number; endpoints: readonly E[] }[]
}): E[] => [
  ...served.endpoints,
  ...served.otherPorts.flatMap(({ port, endpoints }) =>
    endpoints.map(each => ({ ...each, address: `${each.address} port ${port}` })),
  ),
]

export type JudgedEndpoint = {
  address: string
  family: 4 | 6
  leaf: Certificate
  judgement: ChainJudgement
  /** Sent only to clients that cannot take the certificate that browsers get. */
  isOther: boolean
}

/** The OCSP extension for certificate timestamps, 1.3.6.1.4.1.11129.2.4.5 (RFC 6962 §3.3), as it stands in a stapled response. */
const timestampsOid = Buffer.from('2b06010401d679020405', 'hex')

/** The chains of all addresses that gave one that can be read, then those for other clients. `now` in milliseconds since the epoch. */
export const judgeEndpoints = (
  { endpoints, authorities, fetched }: ServedChains,
  host: string,
  now: number,
): JudgedEndpoint[] => {
  // Most addresses send the same: each chain is judged once.
  const known = new Map<string, ChainJudgement>()
  const judged = (
    { address, family }: ServedEndpoint,
    { chain, scts, ocsp, chainBytes = 0, cipher = '' }: BrowserChain,
    isOther: boolean,
  ): JudgedEndpoint[] => {
    const isStapled = Buffer.from(ocsp ?? '', 'base64').includes(timestampsOid)
    const key = `${chain.join()} ${chainBytes} ${cipher} ${scts} ${isStapled}`
    const judgement =
      known.get(key) ??
      judgeChain({
        host,
        chain,
        authorities,
        fetched: fetched.flatMap(({ der }) => der ?? []),
        bytes: chainBytes,
        cipher: cipher || null,
        scts: scts + (isStapled ? 1 : 0),
        now,
      })
    known.set(key, judgement)
    return judgement.leaf ? [{ address, family, leaf: judgement.leaf, judgement, isOther }] : []
  }
  return [
    ...endpoints.flatMap(each => (each.handshake.ok ? judged(each, each.handshake.value, false) : [])),
    ...endpoints.flatMap(each => (each.otherKey ? judged(each, each.otherKey, true) : [])),
  ]
}

/** Whether browsers could take the key of an address's certificate; one that cannot be read says nothing. */
export const hasBrowserKey = ({ handshake }: ServedEndpoint): boolean => {
  const leaf = handshake.ok && handshake.value.chain[0] ? tryCertificate(handshake.value.chain[0]) : null
  return leaf === null || unsupportedKey(leaf) === null
}

const dayOf = (time: number): string =>
  Number.isFinite(time) ? new Date(time).toISOString().slice(0, 10) : 'unreadable'

/** What one certificate says of itself, as label and value. */
export const certificateLines = ({ leaf, judgement }: JudgedEndpoint): [label: string, value: string][] => {
  const names = [...(leaf.names?.dns ?? []), ...(leaf.names?.addresses ?? [])]
  return [
    ['certificate for', names.length ? names.slice(0, 10).join(', ') : 'no name'],
    ['valid', `${dayOf(leaf.notBefore)} to ${dayOf(leaf.notAfter)}`],
    ['chain', judgement.path.map(nameOf).join(' ← ')],
    ['issued by', leaf.issuer.text],
  ]
}

/** Whether a reason for having no handshake is the server's own doing, which `certificate` reports. */
export const isRefusal = (reason: Missing['reason']): boolean =>
  reason === 'refused' || reason === 'tls-handshake' || reason === 'malformed'

/** Whether an address is down by its own doing: it refuses, or is silent where others answer. */
const isDown = (why: Missing, othersAnswer: boolean): boolean =>
  isRefusal(why.reason) || (why.reason === 'timeout' && othersAnswer)

/**
 * Whether a host of which no address gave a certificate is down, rather than out of reach from here: `reachedElsewhere`
 * names hosts of the domain that did answer, `otherClient` is true where an ordinary HTTPS client got through.
 */
export const isHostDown = (
  endpoints: readonly ServedEndpoint[],
  reachedElsewhere: readonly string[],
  otherClient: boolean,
): boolean => {
  const failures = endpoints.map(({ handshake }) => (handshake.ok ? null : handshake))
  const othersAnswer = reachedElsewhere.length > 0 || failures.some(why => why?.reason === 'refused')
  const counted = failures.filter(why => why?.reason !== 'unreachable')
  return !otherClient && counted.length > 0 && counted.every(why => why === null || isDown(why, othersAnswer))
}

export type AddressDifferences = {
  /** Addresses that are down beside others of their family that answer. */
  down: string[]
  /** Whether the certificates of those that answer have different faults. */
  differ: boolean
  /** Each address with what was seen there; empty where a customer meets no difference. */
  seen: { address: string; what: string }[]
}

/** Differences between addresses that a customer meets: faults here and not there, an address that is down beside one that answers. */
export const differencesOf = (
  endpoints: readonly ServedEndpoint[],
  judged: readonly JudgedEndpoint[],
): AddressDifferences => {
  const answering = judged
    .filter(({ isOther }) => !isOther)
    .map(({ address, judgement }) => ({
      address,
      what: [...new Set(judgement.faults.map(({ kind }) => kind))].sort().join(', ') || 'sound',
    }))
  const down = endpoints.flatMap(({ address, family, handshake }) => {
    // A family that does not answer at all is reported by domain-resolution (ipv6-unreachable).
    const familyAnswers = judged.some(other => other.family === family)
    return !handshake.ok && familyAnswers && isDown(handshake, familyAnswers)
      ? [{ address, what: handshake.message }]
      : []
  })
  const differ = new Set(answering.map(({ what }) => what)).size > 1
  return {
    down: down.map(({ address }) => address),
    differ,
    seen: differ || down.length ? [...answering, ...down] : [],
  }
}

/** One kind of fault over all addresses: what was seen, where, and the first certificate that has it. */
export type SharedFault = {
  kind: ChainFaultKind
  details: string[]
  addresses: string[]
  first: JudgedEndpoint
  /** Browsers get another certificate, without this fault. */
  isOther: boolean
}

/** The faults of all addresses, each kind once. */
export const faultsByKind = (judged: readonly JudgedEndpoint[]): SharedFault[] => {
  const byKind = Map.groupBy(
    judged.flatMap(endpoint => endpoint.judgement.faults.map(fault => ({ endpoint, fault }))),
    ({ fault }) => fault.kind,
  )
  return [...byKind].map(([kind, found]) => ({
    kind,
    details: [...new Set(found.map(({ fault }) => fault.detail))],
    addresses: [...new Set(found.map(({ endpoint }) => endpoint.address))],
    first: found[0]!.endpoint,
    isOther: found.every(({ endpoint }) => endpoint.isOther),
  }))
}

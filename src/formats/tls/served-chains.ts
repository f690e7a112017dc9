// What the certificates that a host serves at its addresses amount to: each chain judged, equal faults put together, differences between
// addresses named.
import type { Fact, Missing } from '../../core/fact.ts'
import { type Authority, type ChainFaultKind, type ChainJudgement, judgeChain, nameOf } from './certificate-path.ts'
import type { Certificate } from './x509.ts'

/** One address of a host. The chain is DER in base64, leaf first; `ocsp` the stapled response in base64. */
export type ServedEndpoint = {
  address: string
  family: 4 | 6
  handshake: Fact<{ chain: readonly string[]; scts: number; ocsp: string | null }>
}

/** What a host serves, with the roots that could end its chains and what was fetched from issuers' addresses. */
export type ServedChains = {
  endpoints: readonly ServedEndpoint[]
  authorities: readonly Authority[]
  fetched: readonly { der: string | null }[]
}

export type JudgedEndpoint = { address: string; family: 4 | 6; leaf: Certificate; judgement: ChainJudgement }

/** The OCSP extension for certificate timestamps, 1.3.6.1.4.1.11129.2.4.5 (RFC 6962 §3.3), as it stands in a stapled response. */
const timestampsOid = Buffer.from('2b06010401d679020405', 'hex')

/** The chains of all addresses that gave one that can be read. `now` in milliseconds since the epoch. */
export const judgeEndpoints = (
  { endpoints, authorities, fetched }: ServedChains,
  host: string,
  now: number,
): JudgedEndpoint[] =>
  endpoints.flatMap(({ address, family, handshake }) => {
    if (!handshake.ok) return []
    const { chain, scts, ocsp } = handshake.value
    const isStapled = Buffer.from(ocsp ?? '', 'base64').includes(timestampsOid)
    const judgement = judgeChain({
      host,
      chain,
      authorities,
      fetched: fetched.flatMap(({ der }) => der ?? []),
      scts: scts + (isStapled ? 1 : 0),
      now,
    })
    return judgement.leaf ? [{ address, family, leaf: judgement.leaf, judgement }] : []
  })

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
  const answering = judged.map(({ address, judgement }) => ({
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
export type SharedFault = { kind: ChainFaultKind; details: string[]; addresses: string[]; first: JudgedEndpoint }

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
  }))
}

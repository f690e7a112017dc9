// What the certificate check makes of a host's addresses: each chain judged, equal faults put together, differences between addresses.
import type { OutcomeHolds } from '../../core/check.ts'
import type { Missing } from '../../core/fact.ts'
import type { Tls, TlsEndpoint } from '../../facts/tls/tls.ts'
import { type ChainFaultKind, type ChainJudgement, judgeChain, nameOf } from '../../formats/tls/certificate-path.ts'

export type CertificateData = {
  host: string
  /** What was seen, in words. */
  detail: string
  /** Whole days until the certificate ends (since it ended, where it has). */
  days: number
  /** Names that a new certificate must be for. */
  names: string[]
  /** Hosting platform, where the host's alias tells. */
  platform: string | null
  /** Addresses that it holds for. */
  addresses: string[]
  /** Addresses where nothing answers beside others that do; whether those that answer differ; whether the host is an alias. */
  down: string[]
  differ: boolean
  aliased: boolean
}

export type Judged = { endpoint: TlsEndpoint; judgement: ChainJudgement; version: string }

/** The chains of all addresses that gave one. */
export const judgeEndpoints = (tls: Tls, host: string, now: number): Judged[] =>
  tls.endpoints.flatMap(endpoint => {
    if (!endpoint.handshake.ok) return []
    const { chain, scts, version } = endpoint.handshake.value
    // The OCSP extension for timestamps (RFC 6962 §3.3) stands in a stapled response by its OID, 1.3.6.1.4.1.11129.2.4.5.
    const stapled = Buffer.from(endpoint.handshake.value.ocsp ?? '', 'base64').includes(
      Buffer.from('2b06010401d679020405', 'hex'),
    )
    const judgement = judgeChain({
      host,
      chain,
      authorities: tls.authorities,
      fetched: tls.fetched.flatMap(({ der }) => der ?? []),
      scts: scts + (stapled ? 1 : 0),
      now,
    })
    return judgement.leaf ? [{ endpoint, judgement, version }] : []
  })

const day = 86_400_000

/** The facts about one certificate that stand under every finding. */
export const certificateEvidence = ({ judgement }: Judged): { label: string; value: string }[] => {
  const { leaf, path } = judgement
  const names = [...(leaf!.names?.dns ?? []), ...(leaf!.names?.addresses ?? [])]
  const iso = (time: number): string =>
    Number.isFinite(time) ? new Date(time).toISOString().slice(0, 10) : 'unreadable'
  return [
    { label: 'certificate for', value: names.length ? names.slice(0, 10).join(', ') : 'no name' },
    { label: 'valid', value: `${iso(leaf!.notBefore)} to ${iso(leaf!.notAfter)}` },
    { label: 'chain', value: path.map(nameOf).join(' ← ') },
    { label: 'issued by', value: leaf!.issuer.text },
  ]
}

/** Whether a reason for having no handshake is the server's own doing, which `certificate` reports. */
export const isRefusal = (reason: Missing['reason']): boolean =>
  reason === 'refused' || reason === 'tls-handshake' || reason === 'malformed'

/** Whether an address is down by its own doing: it refuses, or is silent where others answer. */
export const isDown = (why: Missing, othersAnswer: boolean): boolean =>
  isRefusal(why.reason) || (why.reason === 'timeout' && othersAnswer)

const failureOf = (endpoint: TlsEndpoint): Missing | null => (endpoint.handshake.ok ? null : endpoint.handshake)

/** Differences between addresses that a customer meets: faults here and not there, an address that is down beside one that answers. */
export const differences = (
  tls: Tls,
  judged: readonly Judged[],
): { down: string[]; differ: boolean; evidence: { label: string; value: string }[] } => {
  const said = judged.map(({ endpoint, judgement }) => ({
    label: endpoint.address,
    value: [...new Set(judgement.faults.map(({ kind }) => kind))].sort().join(', ') || 'sound',
  }))
  const down = tls.endpoints.flatMap(endpoint => {
    const why = failureOf(endpoint)
    const sameFamilyAnswers = judged.some(other => other.endpoint.family === endpoint.family)
    // A family that does not answer at all is told by domain-resolution (ipv6-unreachable).
    return why && sameFamilyAnswers && isDown(why, sameFamilyAnswers)
      ? [{ label: endpoint.address, value: why.message }]
      : []
  })
  const differ = new Set(said.map(({ value }) => value)).size > 1
  return { down: down.map(({ label }) => label), differ, evidence: differ || down.length ? [...said, ...down] : [] }
}

type Holds = OutcomeHolds<ChainFaultKind, CertificateData>

/** One outcome for each kind of fault, over all addresses. */
export const faultsOf = (
  judged: readonly Judged[],
  data: Omit<CertificateData, 'detail' | 'days' | 'addresses'>,
  now: number,
): Holds[] => {
  const byKind = Map.groupBy(
    judged.flatMap(each => each.judgement.faults.map(fault => ({ each, fault }))),
    ({ fault }) => fault.kind,
  )
  return [...byKind].map(([kind, found]) => {
    const addresses = [...new Set(found.map(({ each }) => each.endpoint.address))]
    const details = [...new Set(found.map(({ fault }) => fault.detail))]
    const { each } = found[0]!
    return {
      outcome: kind,
      data: {
        ...data,
        detail: details.join('; '),
        days: Math.abs(Math.floor((each.judgement.leaf!.notAfter - now) / day)),
        addresses,
      },
      evidence: [
        ...details.map(value => ({ label: `certificate of ${data.host}`, value })),
        ...(addresses.length < judged.length ? [{ label: 'only at', value: addresses.join(', ') }] : []),
        ...certificateEvidence(each),
      ],
    }
  })
}

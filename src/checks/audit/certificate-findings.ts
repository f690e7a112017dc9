// What the chains of a host's addresses amount to, as outcomes of `certificate` with their evidence.
import type { Judgement, OutcomeHolds } from '../../core/check.ts'
import { certificateEvidence, type Evidence } from '../../core/evidence.ts'
import { causeOf } from '../../core/fact.ts'
import type { AddressPages } from '../../facts/http/address-pages.ts'
import type { Web } from '../../facts/http/web.ts'
import type { Revocation } from '../../facts/tls/revocation.ts'
import type { Tls } from '../../facts/tls/tls.ts'
import { frontDoor } from '../../formats/http/front-door.ts'
import type { ChainFaultKind } from '../../formats/tls/certificate-path.ts'
import { certificateLines, faultsByKind, isHostDown, type JudgedEndpoint } from '../../formats/tls/served-chains.ts'
import type { CertificateData } from './certificate-fixes.ts'

export type CertificateHolds = OutcomeHolds<ChainFaultKind | 'revoked' | 'addresses-differ', CertificateData>

export const linesOf = (host: string, endpoint: JudgedEndpoint, port = 443) =>
  certificateLines(endpoint).map(([label, value]) => certificateEvidence(host, label, value, port))

export const daysLeft = ({ leaf }: JudgedEndpoint, now: number): number =>
  Math.floor((leaf.notAfter - now) / 86_400_000)

/** One outcome for each kind of fault, over all addresses. What browsers never get is a matter of other clients: high at most. */
export const faults = (
  judged: readonly JudgedEndpoint[],
  data: CertificateData,
  now: number,
  port = 443,
): CertificateHolds[] =>
  faultsByKind(judged).map(({ kind, details, addresses, first, isOther }) => ({
    outcome: kind,
    ...(port === 443 ? {} : { key: `port ${port}` }),
    data: { ...data, detail: details.join('; '), days: Math.abs(daysLeft(first, now)), addresses },
    ...(isOther && kind !== 'chain-disordered' ? { severity: 'high' as const } : {}),
    evidence: [
      ...details.map(detail =>
        certificateEvidence(
          data.host,
          `certificate of ${data.host}${port === 443 ? '' : ` at port ${port}`}`,
          detail,
          port,
        ),
      ),
      ...(isOther
        ? [certificateEvidence(data.host, 'sent to', `programs that take a key of type ${first.leaf.key?.type} alone`)]
        : []),
      ...(addresses.length < data.addresses.length
        ? [certificateEvidence(data.host, 'only at', addresses.join(', '))]
        : []),
      ...linesOf(data.host, first, port),
    ],
  }))

/** The first certificate in use that its issuer has revoked. */
export const revoked = (
  certificates: Revocation['certificates'],
  judged: readonly JudgedEndpoint[],
  data: CertificateData,
): CertificateHolds[] => {
  const served = judged.map(({ leaf }) => leaf.der.toString('base64'))
  const found = certificates.find(each => each.status === 'revoked' && served.includes(each.leaf))
  if (!found) return []
  const words = `revoked${found.since ? ` on ${found.since.slice(0, 10)}` : ''}, says ${found.by}`
  return [{ outcome: 'revoked', data, evidence: [certificateEvidence(data.host, `serial ${found.serial}`, words)] }]
}

/** No address gave a certificate: down where that is the host's own doing, else unknown. */
export const withoutCertificate = (tls: Tls, data: CertificateData): Judgement<'unreachable', CertificateData> => {
  const failures = tls.endpoints.map(({ handshake }) => (handshake.ok ? null : handshake))
  const messages = failures.map(why => why?.message ?? 'sends no certificate')
  if (!isHostDown(tls.endpoints, tls.elsewhere, tls.otherClient)) {
    const why = failures.find(failure => failure !== null)
    return { unknown: messages.join('; '), couldBe: 'blocker', ...(why ? { cause: causeOf(why) } : {}) }
  }
  const addresses = tls.endpoints.map(({ address }) => address)
  const evidence = addresses.map((address, at) => certificateEvidence(data.host, `${address} port 443`, messages[at]!))
  return { outcome: 'unreachable', data: { ...data, detail: messages[0] ?? '', addresses }, evidence }
}

/** Addresses whose server fails, or has nothing, where the one that was looked at shows the product. */
export const failingAddresses = (host: string, web: Web, pages: AddressPages): Evidence[] => {
  const door = frontDoor(web)
  const first = door.ok ? door.value.hops[0] : undefined
  if (!first || first.status >= 400) return []
  const failing = pages.flatMap(({ address, answer }) =>
    answer.ok && (answer.value.status >= 500 || answer.value.status === 404) ? [{ address, ...answer.value }] : [],
  )
  if (!failing.length) return []
  const all = [{ address: first.address, status: first.status }, ...failing]
  return all.map(({ address, status }) => certificateEvidence(host, address, `answers with status ${status}`))
}

/** Outcomes for which browsers show a warning, or nothing at all. */
export const warnedOf = [
  'expired',
  'not-yet-valid',
  'name-mismatch',
  'self-signed',
  'untrusted',
  'incomplete-chain',
  'revoked',
  'unreachable',
  'expires-soon',
] as const

/** Outcomes that keep some visitors from arriving. */
export const turnedAwayBy = [
  ...warnedOf,
  'unsupported-key',
  'weak-key',
  'weak-signature',
  'no-transparency',
  'addresses-differ',
] as const

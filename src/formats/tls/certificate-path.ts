// Judges a certificate chain as the strictest visitor would, from the certificates themselves: paths to a trusted root are built and
// verified here (RFC 5280 §6), so that every fault is found and named, where a library stops at its first error code.
import { X509Certificate } from 'node:crypto'
import { publicAuthorities } from '../../data/public-issuers.ts'
import { type Certificate, certificateCovers, tryCertificate } from './x509.ts'

/** A trusted root, DER in base64; `private` when only the user's own --ca says so. */
export type Authority = { der: string; private: boolean }

export type ChainInput = {
  host: string
  /** As sent, leaf first; DER in base64. */
  chain: readonly string[]
  authorities: readonly Authority[]
  /** Certificates found at the issuers' addresses: they explain a gap and never fill it. */
  fetched: readonly string[]
  /** Certificate timestamps beside those in the leaf (handshake extension, stapled response). */
  scts: number
  /** Milliseconds since the epoch. */
  now: number
}

export const chainFaults = [
  'expired',
  'not-yet-valid',
  'name-mismatch',
  'self-signed',
  'untrusted',
  'incomplete-chain',
  'expires-soon',
  'weak-key',
  'weak-signature',
  'no-transparency',
  'chain-disordered',
] as const
export type ChainFaultKind = (typeof chainFaults)[number]
/** `detail` says what was seen, in words for a report. */
export type ChainFault = { kind: ChainFaultKind; detail: string }

export type ChainJudgement = {
  leaf: Certificate | null
  /** From the leaf upwards, as far as signatures lead; the last one is the root where `trust` is set. */
  path: Certificate[]
  trust: 'public' | 'private' | null
  faults: ChainFault[]
}

/** Certificates in a path, and signatures verified for one chain: enough for cross-signed thickets, and no more. */
const longestPath = 8
const mostVerifications = 120

const serverAuth = '1.3.6.1.5.5.7.3.1'
const anyUsage = '2.5.29.37.0'

const isSigned = (child: Certificate, parent: Certificate): boolean => {
  try {
    return new X509Certificate(child.der).verify(new X509Certificate(parent.der).publicKey)
  } catch {
    return false
  }
}

const dateOf = (time: number): string =>
  Number.isFinite(time) ? new Date(time).toISOString().slice(0, 10) : 'an unreadable date'
/** The name by which a certificate is shown. */
export const nameOf = (certificate: Certificate): string =>
  certificate.subject.common ??
  (certificate.subject.text || certificate.names?.dns[0] || 'a certificate without a subject')
const issuerNameOf = (certificate: Certificate): string =>
  certificate.issuer.common ?? (certificate.issuer.text || 'an issuer without a name')

type Path = { certificates: Certificate[]; authority: Authority | null; usesFetched: boolean }

/** Every path from the leaf that signatures prove, to a root or to where it breaks off. */
const buildPaths = (leaf: Certificate, sent: Certificate[], fetched: Certificate[], input: ChainInput): Path[] => {
  const roots = input.authorities.flatMap(authority => {
    const certificate = tryCertificate(authority.der)
    return certificate ? [{ authority, certificate }] : []
  })
  const paths: Path[] = []
  let verifications = 0
  const issued = (child: Certificate, parent: Certificate): boolean =>
    child.issuer.der === parent.subject.der && ++verifications <= mostVerifications && isSigned(child, parent)
  const walk = (certificates: Certificate[], usesFetched: boolean): void => {
    const tip = certificates.at(-1)!
    const itself = roots.find(({ certificate }) => certificate.der.equals(tip.der))
    if (itself) {
      paths.push({ certificates, authority: itself.authority, usesFetched })
      return
    }
    let goesOn = false
    for (const { authority, certificate } of roots)
      if (issued(tip, certificate)) {
        goesOn = true
        paths.push({ certificates: [...certificates, certificate], authority, usesFetched })
      }
    if (certificates.length < longestPath)
      for (const [at, next] of [...sent, ...fetched].entries()) {
        if (
          certificates.some(
            ({ publicKey, subject }) => publicKey.spki === next.publicKey.spki && subject.der === next.subject.der,
          )
        )
          continue
        if (!issued(tip, next)) continue
        goesOn = true
        walk([...certificates, next], usesFetched || at >= sent.length)
      }
    if (!goesOn) paths.push({ certificates, authority: null, usesFetched })
  }
  walk([leaf], false)
  return paths
}

const inConstraint = (name: string, base: string): boolean => {
  const bare = base.replace(/^\./, '')
  const plain = name.toLowerCase().replace(/^\*\./, '')
  return bare === '' || plain === bare || plain.endsWith(`.${bare}`)
}

/** Why an issuer on the path may not issue for websites, null when all may (RFC 5280 §4.2.1.9, §4.2.1.3, §4.2.1.10). */
const forbidden = (path: Path): string | null => {
  const [leaf, ...issuers] = path.certificates
  const between = path.authority ? issuers.slice(0, -1) : issuers
  if (leaf!.extendedKeyUsage && !leaf!.extendedKeyUsage.some(usage => usage === serverAuth || usage === anyUsage))
    return 'the certificate is not issued for websites (its extended key usage lacks serverAuth)'
  for (const [at, issuer] of between.entries()) {
    const name = nameOf(issuer)
    if (!issuer.isAuthority) return `${name} is not a certificate authority and may not issue certificates`
    if (issuer.keyUsage && !issuer.keyUsage.includes(5)) return `${name} may not sign certificates`
    if (issuer.pathLength !== null && at > issuer.pathLength)
      return `${name} may not stand that far above a website's certificate`
    if (issuer.extendedKeyUsage && !issuer.extendedKeyUsage.some(usage => usage === serverAuth || usage === anyUsage))
      return `${name} may not issue for websites`
  }
  for (const issuer of issuers) {
    const { permitted = [], excluded = [] } = issuer.constraints ?? {}
    for (const dns of leaf!.names?.dns ?? []) {
      if (permitted.length && !permitted.some(base => inConstraint(dns, base)))
        return `${nameOf(issuer)} may not issue for ${dns}`
      if (excluded.some(base => inConstraint(dns, base))) return `${nameOf(issuer)} may not issue for ${dns}`
    }
  }
  return null
}

const outOfDate = (certificate: Certificate, now: number): 'expired' | 'not-yet-valid' | null =>
  now > certificate.notAfter || Number.isNaN(certificate.notAfter)
    ? 'expired'
    : now < certificate.notBefore
      ? 'not-yet-valid'
      : null

/** Whether the certificates of the path stand one after the other in what was sent (RFC 5246 §7.4.2); a root may be left out. */
const inOrder = (path: Path, sent: readonly Certificate[]): boolean =>
  path.certificates
    .map(certificate => sent.findIndex(other => other.der.equals(certificate.der)))
    .filter((at, index) => at >= 0 || index < path.certificates.length - 1)
    .every((at, index) => at === index)

const isPublicAuthority = (name: Certificate['issuer'], input: ChainInput): boolean =>
  name.organization !== null &&
  (publicAuthorities.some(pattern => pattern.test(name.organization!)) ||
    input.authorities.some(({ der }) => tryCertificate(der)?.subject.organization === name.organization))

const dateFault = (certificate: Certificate, kind: 'expired' | 'not-yet-valid', whose: string): ChainFault => ({
  kind,
  detail:
    kind === 'expired'
      ? `${whose} expired on ${dateOf(certificate.notAfter)}`
      : `${whose} is valid from ${dateOf(certificate.notBefore)} on`,
})

/** What is wrong between the leaf and a trusted root when there is no path of what was sent. */
const trustFaults = (leaf: Certificate, sent: Certificate[], paths: Path[], input: ChainInput): ChainFault[] => {
  const completed = paths.find(path => path.authority && path.usesFetched && !forbidden(path))
  const own = paths.filter(path => !path.usesFetched)
  const tip = own.sort((a, b) => b.certificates.length - a.certificates.length)[0]?.certificates.at(-1) ?? leaf
  if (completed)
    return [
      {
        kind: 'incomplete-chain',
        detail: `${issuerNameOf(tip)}, which issued ${nameOf(tip)}, is not sent by the server`,
      },
    ]
  if (leaf.issuer.der === leaf.subject.der && isSigned(leaf, leaf))
    return [{ kind: 'self-signed', detail: `${nameOf(leaf)} vouches for itself` }]
  const named = [...sent, ...input.authorities.flatMap(({ der }) => tryCertificate(der) ?? [])].filter(
    other => other.subject.der === tip.issuer.der && other !== tip,
  )
  if (
    named.some(other => !tip.authorityKeyId || !other.subjectKeyId || tip.authorityKeyId === other.subjectKeyId) &&
    tip.issuer.der !== tip.subject.der
  )
    return [{ kind: 'untrusted', detail: `the signature of ${issuerNameOf(tip)} on ${nameOf(tip)} is not valid` }]
  const known = paths.some(path => path.usesFetched) ? paths.find(path => path.usesFetched)!.certificates.at(-1)! : tip
  // A self-signed end is the root of somebody whom nobody trusts: nothing is missing.
  if (known.issuer.der === known.subject.der)
    return [{ kind: 'untrusted', detail: `${nameOf(known)} is trusted by no browser` }]
  if (isPublicAuthority(known.issuer, input))
    return [
      {
        kind: 'incomplete-chain',
        detail: `${issuerNameOf(tip)}, which issued ${nameOf(tip)}, is not sent by the server`,
      },
    ]
  return [
    { kind: 'untrusted', detail: `${issuerNameOf(known)}, which issued ${nameOf(known)}, is known to no browser` },
  ]
}

const weaknesses = (certificates: readonly Certificate[]): ChainFault[] => {
  const faults: ChainFault[] = []
  for (const certificate of certificates) {
    const { key, signature } = certificate
    const weak =
      key &&
      (key.type === 'dsa' || (key.type.startsWith('rsa') && key.bits < 2048) || (key.type === 'ec' && key.bits < 256))
    if (weak)
      faults.push({
        kind: 'weak-key',
        detail: `${nameOf(certificate)} has a key (${key.type.toUpperCase()}) of ${key.bits} bits`,
      })
    const selfSigned = certificate.issuer.der === certificate.subject.der
    if (!selfSigned && ['sha1', 'md5', 'md2'].includes(signature.hash ?? ''))
      faults.push({ kind: 'weak-signature', detail: `${nameOf(certificate)} is signed with ${signature.name}` })
  }
  return faults
}

/** Every fault that one chain has for one host at one instant. An empty or unreadable chain has no leaf and no faults. */
export const judgeChain = (input: ChainInput): ChainJudgement => {
  const read = (list: readonly string[]): Certificate[] => list.flatMap(der => tryCertificate(der) ?? [])
  const leaf = input.chain[0] ? tryCertificate(input.chain[0]) : null
  if (!leaf) return { leaf: null, path: [], trust: null, faults: [] }
  const sent = read(input.chain)
  const paths = buildPaths(leaf, sent, read(input.fetched), input)
  const cost = (path: Path): number =>
    (forbidden(path) ? 8 : 0) +
    (path.certificates.slice(1).some(certificate => outOfDate(certificate, input.now)) ? 4 : 0) +
    (inOrder(path, sent) ? 0 : 2) +
    (path.authority?.private ? 1 : 0)
  const trusted = paths.filter(path => path.authority && !path.usesFetched).sort((a, b) => cost(a) - cost(b))[0]
  const reached =
    trusted ?? paths.filter(path => !path.usesFetched).sort((a, b) => b.certificates.length - a.certificates.length)[0]
  const path = reached?.certificates ?? [leaf]
  const trust = trusted ? (trusted.authority!.private ? 'private' : 'public') : null
  const faults: ChainFault[] = []
  const ownDate = outOfDate(leaf, input.now)
  if (ownDate) faults.push(dateFault(leaf, ownDate, 'it'))
  for (const issuer of path.slice(1)) {
    const fault = outOfDate(issuer, input.now)
    if (fault && trusted) faults.push(dateFault(issuer, fault, `${nameOf(issuer)}, which stands above it,`))
  }
  if (!certificateCovers(leaf, input.host)) {
    const names = [...(leaf.names?.dns ?? []), ...(leaf.names?.addresses ?? [])]
    const shown = names.slice(0, 4).join(', ') + (names.length > 4 ? ` and ${names.length - 4} more` : '')
    faults.push({ kind: 'name-mismatch', detail: shown ? `it is for ${shown}` : 'it names no host' })
  }
  if (!trusted) faults.push(...trustFaults(leaf, sent, paths, input))
  const reason = reached ? forbidden(reached) : null
  if (reason && !faults.some(({ kind }) => kind === 'untrusted')) faults.push({ kind: 'untrusted', detail: reason })
  const left = leaf.notAfter - input.now
  if (!ownDate && left < (leaf.notAfter - leaf.notBefore) / 6)
    faults.push({ kind: 'expires-soon', detail: `it expires on ${dateOf(leaf.notAfter)}` })
  faults.push(...weaknesses(trusted ? path.slice(0, path.length === 1 ? 1 : -1) : path))
  if (trust === 'public' && leaf.scts + input.scts === 0)
    faults.push({ kind: 'no-transparency', detail: 'no certificate timestamp came with it' })
  if (trusted && !inOrder(trusted, sent))
    faults.push({ kind: 'chain-disordered', detail: `sent in the order ${sent.slice(0, 6).map(nameOf).join(', ')}` })
  return { leaf, path, trust, faults }
}

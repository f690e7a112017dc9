// Judges a certificate chain as the strictest visitor would, from the certificates themselves: paths to a trusted root are built and
// verified here (RFC 5280 §6), so that every fault is found and named, where a library stops at its first error code.
import { X509Certificate } from 'node:crypto'
import { publicAuthorities } from '../../data/public-issuers.ts'
import { formFault, keyUsageFault, signingKeyFault } from './certificate-form.ts'
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
  /** Bytes of the message that carried the chain, where that is known. */
  bytes?: number
  /** The suite that a browser is given, by OpenSSL's name, where that is known. */
  cipher?: string | null
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
  'unsupported-key',
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

/** A trusted root, read. */
type Root = { authority: Authority; certificate: Certificate }

const isSameHolder = (a: Certificate, b: Certificate): boolean =>
  a.publicKey.spki === b.publicKey.spki && a.subject.der === b.subject.der

/** Every path from the leaf that signatures prove, to a root or to where it breaks off. */
const buildPaths = (leaf: Certificate, sent: Certificate[], fetched: Certificate[], input: ChainInput): Path[] => {
  const roots = input.authorities.flatMap((authority): Root[] => {
    const certificate = tryCertificate(authority.der)
    return certificate ? [{ authority, certificate }] : []
  })
  const candidates = [
    ...sent.map(certificate => ({ certificate, isFetched: false })),
    ...fetched.map(certificate => ({ certificate, isFetched: true })),
  ]
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
    const above = roots.filter(({ certificate }) => issued(tip, certificate))
    for (const { authority, certificate } of above)
      paths.push({ certificates: [...certificates, certificate], authority, usesFetched })
    let goesOn = above.length > 0
    for (const { certificate, isFetched } of certificates.length < longestPath ? candidates : []) {
      if (certificates.some(known => isSameHolder(known, certificate)) || !issued(tip, certificate)) continue
      goesOn = true
      walk([...certificates, certificate], usesFetched || isFetched)
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

/** Whether the extended key usage, where there is one, allows certificates of websites. */
const isForWebsites = ({ extendedKeyUsage }: Certificate): boolean =>
  !extendedKeyUsage || extendedKeyUsage.some(usage => usage === serverAuth || usage === anyUsage)

/** The bit of the key usage that lets a key sign certificates (RFC 5280 §4.2.1.3). */
const keyCertSign = 5

/** Why an issuer may not stand `above` others on the way to the leaf; null when it may. */
const unfitIssuer = (issuer: Certificate, above: number): string | null => {
  const name = nameOf(issuer)
  if (!issuer.isAuthority) return `${name} is not a certificate authority and may not issue certificates`
  if (issuer.keyUsage && !issuer.keyUsage.includes(keyCertSign)) return `${name} may not sign certificates`
  if (issuer.pathLength !== null && above > issuer.pathLength)
    return `${name} may not stand that far above a website's certificate`
  if (!isForWebsites(issuer)) return `${name} may not issue for websites`
  const key = signingKeyFault(issuer)
  return key && `${name} signs with a key of type ${key}, which browsers do not know`
}

/** The first of the leaf's names that an issuer's constraints keep it from; null when there is none. */
const outsideConstraints = ({ constraints }: Certificate, names: readonly string[]): string | null => {
  const { permitted = [], excluded = [] } = constraints ?? {}
  const isOutside = (name: string): boolean =>
    (permitted.length > 0 && !permitted.some(base => inConstraint(name, base))) ||
    excluded.some(base => inConstraint(name, base))
  return names.find(isOutside) ?? null
}

/** Why an issuer on the path may not issue for websites, null when all may (RFC 5280 §4.2.1.9, §4.2.1.3, §4.2.1.10). */
const forbidden = (path: Path): string | null => {
  const [leaf, ...issuers] = path.certificates
  if (!isForWebsites(leaf!))
    return 'the certificate is not issued for websites (its extended key usage lacks serverAuth)'
  for (const [at, issuer] of (path.authority ? issuers.slice(0, -1) : issuers).entries()) {
    const reason = unfitIssuer(issuer, at)
    if (reason) return reason
  }
  for (const certificate of path.authority ? path.certificates.slice(0, -1) : path.certificates) {
    const fault = formFault(certificate)
    if (fault) return `${nameOf(certificate)} ${fault}`
  }
  for (const issuer of issuers) {
    const name = outsideConstraints(issuer, leaf!.names?.dns ?? [])
    if (name !== null) return `${nameOf(issuer)} may not issue for ${name}`
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

/**
 * Whether an issuer that was not sent may be one that browsers trust. The name of a public authority proves nothing, since anyone can write
 * it: the certificate must also say where its issuer is to be had, as theirs do. A root of the user's own is known by its organisation.
 */
const isKnownAuthority = ({ issuer, issuerUrls }: Certificate, input: ChainInput): boolean =>
  issuer.organization !== null &&
  ((issuerUrls.length > 0 && publicAuthorities.some(pattern => pattern.test(issuer.organization!))) ||
    input.authorities.some(({ der }) => tryCertificate(der)?.subject.organization === issuer.organization))

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
    return [{ kind: 'self-signed', detail: `${nameOf(leaf)} signed its own certificate` }]
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
  if (isKnownAuthority(known, input))
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

/** Keys that no browser has a signature scheme for (RFC 8446 §4.2.3 names more than they offer); null for one that they take. */
export const unsupportedKey = ({ key }: Certificate): string | null => {
  if (key?.type === 'rsa-pss') return 'RSA-PSS'
  if (!key || key.type === 'rsa') return key && key.bits > 0 && key.bits < 1024 ? `RSA of ${key.bits} bits` : null
  if (key.type !== 'ec') return key.type.replace(/^ed/, 'Ed').replace(/^dsa$/, 'DSA')
  if (key.curve === null || /^(prime256v1|secp384r1|P-256|P-384)$/.test(key.curve)) return null
  return key.curve === 'secp521r1' ? 'P-521' : key.curve
}

/** Bytes of certificates at which Chrome, and OpenSSL's clients, give up the handshake. */
const mostChainBytes = 100 * 1024

/** What browsers refuse whoever vouches for the certificate. */
const browserFaults = (leaf: Certificate, { bytes = 0, cipher = null }: ChainInput): ChainFault[] => {
  const key = unsupportedKey(leaf)
  const usage = keyUsageFault(leaf, cipher)
  return [
    ...(usage ? [{ kind: 'untrusted' as const, detail: `browsers end the connection: ${usage}` }] : []),
    ...(key ? [{ kind: 'unsupported-key' as const, detail: `${nameOf(leaf)} has a key of type ${key}` }] : []),
    ...(bytes > mostChainBytes
      ? [
          {
            kind: 'untrusted' as const,
            detail: `the certificates sent have ${Math.round(bytes / 1024)} kB; Chrome gives up at 100 kB`,
          },
        ]
      : []),
  ]
}

const weaknesses = (certificates: readonly Certificate[]): ChainFault[] => {
  const faults: ChainFault[] = []
  for (const certificate of certificates) {
    const { key, signature } = certificate
    const weak = key && ((key.type.startsWith('rsa') && key.bits < 2048) || (key.type === 'ec' && key.bits < 256))
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

/** The path to judge by: the best of what was sent that ends at a root, else the longest of what was sent. */
const choosePath = (paths: readonly Path[], sent: readonly Certificate[], now: number): Path | undefined => {
  const cost = (path: Path): number =>
    (forbidden(path) ? 8 : 0) +
    (path.certificates.slice(1).some(certificate => outOfDate(certificate, now)) ? 4 : 0) +
    (inOrder(path, sent) ? 0 : 2) +
    (path.authority?.private ? 1 : 0)
  const own = paths.filter(path => !path.usesFetched)
  return (
    own.filter(path => path.authority).sort((a, b) => cost(a) - cost(b))[0] ??
    own.sort((a, b) => b.certificates.length - a.certificates.length)[0]
  )
}

/** Faults of dates on a path to a root: of the leaf, and of the issuers above it. */
const dateFaults = (leaf: Certificate, issuers: readonly Certificate[], now: number): ChainFault[] => {
  const own = outOfDate(leaf, now)
  const above = issuers.flatMap(issuer => {
    const kind = outOfDate(issuer, now)
    return kind ? [dateFault(issuer, kind, `${nameOf(issuer)}, which stands above it,`)] : []
  })
  return own ? [dateFault(leaf, own, 'it'), ...above] : above
}

const nameFaults = (leaf: Certificate, host: string): ChainFault[] => {
  if (certificateCovers(leaf, host)) return []
  const names = [...(leaf.names?.dns ?? []), ...(leaf.names?.addresses ?? [])]
  const shown = names.slice(0, 4).join(', ') + (names.length > 4 ? ` and ${names.length - 4} more` : '')
  return [{ kind: 'name-mismatch', detail: shown ? `it is for ${shown}` : 'it names no host' }]
}

/** Late renewal: less than a sixth of the certificate's life is left. */
const renewalFaults = (leaf: Certificate, now: number): ChainFault[] =>
  !outOfDate(leaf, now) && leaf.notAfter - now < (leaf.notAfter - leaf.notBefore) / 6
    ? [{ kind: 'expires-soon', detail: `it expires on ${dateOf(leaf.notAfter)}` }]
    : []

/** Every fault that one chain has for one host at one instant. An empty or unreadable chain has no leaf and no faults. */
export const judgeChain = (input: ChainInput): ChainJudgement => {
  const { host, now } = input
  const read = (list: readonly string[]): Certificate[] => list.flatMap(der => tryCertificate(der) ?? [])
  const sent = read(input.chain)
  const first = input.chain[0] ? tryCertificate(input.chain[0]) : null
  if (!first) return { leaf: null, path: [], trust: null, faults: [] }
  // Sent upside down: the host's certificate is among the others, below an authority's.
  const own = first.isAuthority ? sent.find(each => !each.isAuthority && certificateCovers(each, host)) : undefined
  const leaf = own ?? first
  const paths = buildPaths(leaf, sent, read(input.fetched), input)
  const reached = choosePath(paths, sent, now)
  const authority = reached?.authority ?? null
  const path = reached?.certificates ?? [leaf]
  const trust = authority ? (authority.private ? 'private' : 'public') : null
  const faults: ChainFault[] = [
    ...dateFaults(leaf, trust ? path.slice(1) : [], now),
    ...nameFaults(leaf, host),
    ...(trust ? [] : trustFaults(leaf, sent, paths, input)),
  ]
  const reason = reached ? forbidden(reached) : null
  if (reason && !faults.some(({ kind }) => kind === 'untrusted')) faults.push({ kind: 'untrusted', detail: reason })
  if (own) faults.push({ kind: 'untrusted', detail: `${nameOf(first)}, an authority, is sent in the place of ${host}` })
  faults.push(...browserFaults(leaf, input))
  faults.push(...renewalFaults(leaf, now), ...weaknesses(trust && path.length > 1 ? path.slice(0, -1) : path))
  if (trust === 'public' && leaf.scts + input.scts === 0)
    faults.push({ kind: 'no-transparency', detail: 'no certificate timestamp came with it' })
  if (reached && trust && !inOrder(reached, sent))
    faults.push({ kind: 'chain-disordered', detail: `sent in the order ${sent.slice(0, 6).map(nameOf).join(', ')}` })
  return { leaf, path, trust, faults }
}

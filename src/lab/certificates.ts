// Certificates with any fault, from a certificate authority of the lab's own. DER is written by hand (X.690, RFC 5280), so that
// a certificate can be wrong in ways that no library would make. Keys are made once per process.
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import type { CertificateSpec } from './world.ts'

const tlv = (tag: number, ...parts: Buffer[]): Buffer => {
  const body = Buffer.concat(parts)
  if (body.length < 128) return Buffer.concat([Buffer.from([tag, body.length]), body])
  const size = body.length < 256 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 255]
  return Buffer.concat([Buffer.from([tag, ...size]), body])
}
const sequence = (...parts: Buffer[]): Buffer => tlv(0x30, ...parts)
const oid = (dotted: string): Buffer => {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const bytes = rest.flatMap(value => {
    const groups = [value & 127]
    for (let left = value >> 7; left > 0; left >>= 7) groups.unshift((left & 127) | 128)
    return groups
  })
  return tlv(0x06, Buffer.from([first * 40 + second, ...bytes]))
}
const bitString = (bytes: Buffer, unused = 0): Buffer => tlv(0x03, Buffer.from([unused]), bytes)
const boolean = (value: boolean): Buffer => tlv(0x01, Buffer.from([value ? 255 : 0]))

const time = (date: Date): Buffer => {
  const digits = date.toISOString().replace(/[-:T]|\.\d+/g, '')
  return date.getUTCFullYear() < 2050 ? tlv(0x17, Buffer.from(digits.slice(2))) : tlv(0x18, Buffer.from(digits))
}

type Name = { organization?: string; common: string }
const distinguishedName = ({ organization, common }: Name): Buffer => {
  const attribute = (type: string, value: string): Buffer =>
    tlv(0x31, sequence(oid(type), tlv(0x0c, Buffer.from(value))))
  return sequence(...(organization ? [attribute('2.5.4.10', organization)] : []), attribute('2.5.4.3', common))
}

const signatureAlgorithms = {
  'ec sha256': sequence(oid('1.2.840.10045.4.3.2')),
  'ec sha1': sequence(oid('1.2.840.10045.4.1')),
  'rsa sha256': sequence(oid('1.2.840.113549.1.1.11'), tlv(0x05)),
  'rsa sha1': sequence(oid('1.2.840.113549.1.1.5'), tlv(0x05)),
}

const spki = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' }) as Buffer
const keyIdentifier = (key: KeyObject): Buffer => createHash('sha1').update(spki(key)).digest()

type KeyPair = { publicKey: KeyObject; privateKey: KeyObject }
type Request = {
  subject: Name
  issuer: Name
  key: KeyObject
  signer: KeyPair
  notBefore: Date
  notAfter: Date
  isAuthority: boolean
  names: string[]
  digest: 'sha256' | 'sha1'
}

const isAddress = (name: string): boolean => /^\d+(\.\d+){3}$/.test(name)

const issue = (request: Request): Buffer => {
  const extension = (id: string, critical: boolean, value: Buffer): Buffer =>
    sequence(oid(id), ...(critical ? [boolean(true)] : []), tlv(0x04, value))
  const usage = request.isAuthority ? bitString(Buffer.from([0x06]), 1) : bitString(Buffer.from([0x80]), 7)
  const names = request.names.map(name =>
    isAddress(name) ? tlv(0x87, Buffer.from(name.split('.').map(Number))) : tlv(0x82, Buffer.from(name, 'latin1')),
  )
  const extensions = sequence(
    extension('2.5.29.19', true, request.isAuthority ? sequence(boolean(true)) : sequence()),
    extension('2.5.29.15', true, usage),
    extension('2.5.29.14', false, tlv(0x04, keyIdentifier(request.key))),
    extension('2.5.29.35', false, sequence(tlv(0x80, keyIdentifier(request.signer.publicKey)))),
    ...(request.isAuthority ? [] : [extension('2.5.29.37', false, sequence(oid('1.3.6.1.5.5.7.3.1')))]),
    ...(names.length > 0 ? [extension('2.5.29.17', false, sequence(...names))] : []),
  )
  const kind = request.signer.privateKey.asymmetricKeyType === 'rsa' ? 'rsa' : 'ec'
  const algorithm = signatureAlgorithms[`${kind} ${request.digest}`]
  const serial = createHash('sha256')
    .update(spki(request.key))
    .update(JSON.stringify([request.names, request.issuer, request.subject, request.notAfter]))
    .digest()
    .subarray(0, 12)
  serial[0] = (serial[0]! & 0x7f) | 0x40
  const body = sequence(
    tlv(0xa0, tlv(0x02, Buffer.from([2]))),
    tlv(0x02, serial),
    algorithm,
    distinguishedName(request.issuer),
    sequence(time(request.notBefore), time(request.notAfter)),
    distinguishedName(request.subject),
    spki(request.key),
    tlv(0xa3, extensions),
  )
  return sequence(body, algorithm, bitString(sign(request.digest, body, request.signer.privateKey)))
}

const toPem = (der: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/.{64}(?=.)/g, '$&\n')}\n-----END CERTIFICATE-----\n`

const keys = new Map<string, KeyPair>()
/** One key pair per purpose and process. */
const keyFor = (purpose: string, kind: 'ec' | 'rsa' | 'rsa-1024' = 'ec'): KeyPair => {
  const known = keys.get(`${kind} ${purpose}`)
  if (known) return known
  const made =
    kind === 'ec'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: kind === 'rsa' ? 2048 : 1024 })
  keys.set(`${kind} ${purpose}`, made)
  return made
}

const rootName: Name = { organization: 'Launch Ready Lab', common: 'Launch Ready Lab Root' }
const authorityFrom = new Date('2020-01-01T00:00:00Z')
const authorityTo = new Date('2049-01-01T00:00:00Z')

const authorityPem = new Map<string, string>()
const makeAuthority = (id: string, subject: Name, issuer: Name, signer: KeyPair): string => {
  const known = authorityPem.get(id)
  if (known) return known
  const pem = toPem(
    issue({
      subject,
      issuer,
      key: keyFor(id).publicKey,
      signer,
      notBefore: authorityFrom,
      notAfter: authorityTo,
      isAuthority: true,
      names: [],
      digest: 'sha256',
    }),
  )
  authorityPem.set(id, pem)
  return pem
}

/** PEM of the root that the world's clients trust. */
export const rootCertificate = (): string => makeAuthority('root', rootName, rootName, keyFor('root'))

const day = 86_400_000

/** What the named faults stand for; fields given in the world override it. */
const faultSettings: Record<NonNullable<Extract<CertificateSpec['fault'], string>>, Partial<CertificateSpec>> = {
  expired: { notBefore: -95 * day, notAfter: -5 * day },
  'not-yet-valid': { notBefore: 3 * day, notAfter: 93 * day },
  'wrong-name': { names: ['*.hosting.example'] },
  'name-mismatch': { names: ['*.hosting.example'] },
  'self-signed': { issuer: 'self' },
  untrusted: { issuer: 'untrusted' },
  'incomplete-chain': { chain: 'leaf-only' },
  disordered: { chain: 'disordered' },
  'weak-key': { key: 'rsa-1024' },
  sha1: { signature: 'sha1' },
  'expires-soon': { notBefore: -86 * day, notAfter: 4 * day },
}

export type ServerCertificate = { key: string; cert: string; names: string[] }

/** Key and chain for a host, as the specification wants them. `now` is what validity is relative to. */
export const makeCertificate = (
  host: string,
  spec: CertificateSpec,
  now: Date,
  authority: string,
): ServerCertificate => {
  const faults = spec.fault === undefined ? [] : [spec.fault].flat()
  const given = Object.fromEntries(
    Object.entries(spec).filter(([key, value]) => key !== 'fault' && value !== undefined),
  )
  const wanted: Partial<CertificateSpec> = Object.assign({}, ...faults.map(fault => faultSettings[fault]), given)
  const names = wanted.names ?? [host]
  const pair = keyFor(`leaf ${host}`, wanted.key)
  const organization = wanted.authority ?? authority
  const at = (offset: number): Date => new Date(Math.floor((now.getTime() + offset) / 1000) * 1000)
  const subject: Name = { common: names[0] ?? host }
  const isLab = (wanted.issuer ?? 'lab') === 'lab'
  const intermediateId = `${isLab ? '' : 'untrusted '}intermediate ${organization}`
  const issuer: Name =
    wanted.issuer === 'self'
      ? subject
      : { organization, common: isLab ? `${organization} E7` : `${organization} Private E7` }
  const signer = wanted.issuer === 'self' ? pair : keyFor(intermediateId)
  const leaf = toPem(
    issue({
      subject,
      issuer,
      key: pair.publicKey,
      signer,
      notBefore: at(wanted.notBefore ?? -30 * day),
      notAfter: at(wanted.notAfter ?? 60 * day),
      isAuthority: false,
      names,
      digest: wanted.signature ?? 'sha256',
    }),
  )
  const key = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
  if (wanted.issuer === 'self' || wanted.chain === 'leaf-only') return { key, cert: leaf, names }
  const untrustedRoot: Name = { organization: 'Private Lab', common: 'Private Lab Root' }
  const root = isLab
    ? rootCertificate()
    : makeAuthority('untrusted root', untrustedRoot, untrustedRoot, keyFor('untrusted root'))
  const intermediate = makeAuthority(
    intermediateId,
    issuer,
    isLab ? rootName : untrustedRoot,
    keyFor(isLab ? 'root' : 'untrusted root'),
  )
  const rest =
    wanted.chain === 'disordered'
      ? [root, intermediate]
      : wanted.chain === 'with-root'
        ? [intermediate, root]
        : [intermediate]
  return { key, cert: leaf + rest.join(''), names }
}

// The messages of a TLS handshake as bytes: ClientHello out; ServerHello, Certificate, ServerKeyExchange and their extensions in
// (RFC 8446 §4, RFC 5246 §7.4). Readers throw `MalformedMessage` on whatever does not fit its own length.
import { randomBytes } from 'node:crypto'
import type { KeyShare } from './tls-keys.ts'
import { allGroups, groupNames, signatureSchemes, type TlsVersion, versionCodes } from './tls-suites.ts'

/** Certificates kept of a chain; a longer one is counted, not kept. */
export const mostCertificates = 16

/** Thrown by the readers alone, and caught by the handshake. */
export class MalformedMessage extends Error {}

const u8 = (value: number): Buffer => Buffer.from([value])
const u16 = (value: number): Buffer => Buffer.from([value >> 8, value & 255])
const vector8 = (...parts: Buffer[]): Buffer => {
  const body = Buffer.concat(parts)
  return Buffer.concat([u8(body.length), body])
}
const vector16 = (...parts: Buffer[]): Buffer => {
  const body = Buffer.concat(parts)
  return Buffer.concat([u16(body.length), body])
}

/** One handshake message with its header. */
export const handshakeMessage = (type: number, body: Buffer): Buffer =>
  Buffer.concat([u8(type), u8(body.length >> 16), u16(body.length & 0xffff), body])

export type HelloOffer = {
  /** Versions accepted; TLS 1.3 by its extension, the highest other in the hello itself. */
  versions: readonly TlsVersion[]
  suites: readonly number[]
  /** Null: no server name is sent. */
  serverName: string | null
  alpn: readonly string[]
  /** Groups and signature schemes, in order; everything that we know unless given. */
  groups?: readonly number[]
  schemes?: readonly number[]
}

/** What stays the same when a hello is sent again after a HelloRetryRequest. */
export type HelloState = { random: Buffer; sessionId: Buffer; shares: KeyShare[]; cookie: Buffer | null }

export const createHelloState = (shares: KeyShare[]): HelloState => ({
  random: randomBytes(32),
  sessionId: randomBytes(32),
  shares,
  cookie: null,
})

/** A ClientHello message (RFC 8446 §4.1.2). For SSLv3 alone it has no extensions: that version knows none. */
export const clientHello = (offer: HelloOffer, state: HelloState): Buffer => {
  const codes = offer.versions.map(version => versionCodes[version]).sort((a, b) => b - a)
  const legacy = Math.min(codes[0] ?? 0x0303, 0x0303)
  const has13 = codes.includes(0x0304)
  const extension = (type: number, body: Buffer): Buffer => Buffer.concat([u16(type), vector16(body)])
  const name = Buffer.from(offer.serverName ?? '', 'latin1')
  const { groups = allGroups, schemes = signatureSchemes } = offer
  const extensions =
    legacy === 0x0300
      ? []
      : [
          ...(name.length ? [extension(0, vector16(u8(0), vector16(name)))] : []),
          extension(10, vector16(...groups.map(u16))),
          extension(11, vector8(u8(0))),
          ...(legacy >= 0x0303 ? [extension(13, vector16(...schemes.map(u16)))] : []),
          extension(5, Buffer.from([1, 0, 0, 0, 0])),
          extension(18, Buffer.alloc(0)),
          extension(23, Buffer.alloc(0)),
          extension(0xff01, u8(0)),
          ...(offer.alpn.length
            ? [extension(16, vector16(...offer.alpn.map(protocol => vector8(Buffer.from(protocol, 'latin1')))))]
            : []),
          ...(has13
            ? [
                extension(43, vector8(...codes.map(u16))),
                extension(45, vector8(u8(1))),
                extension(
                  51,
                  vector16(...state.shares.map(({ group, share }) => Buffer.concat([u16(group), vector16(share)]))),
                ),
                ...(state.cookie ? [extension(44, vector16(state.cookie))] : []),
              ]
            : []),
        ]
  // TLS_EMPTY_RENEGOTIATION_INFO_SCSV (RFC 5746) where no extension can say it.
  const suites = [...offer.suites, ...(extensions.length ? [] : [0x00ff])]
  return handshakeMessage(
    1,
    Buffer.concat([
      u16(legacy),
      state.random,
      // Only a TLS 1.3 hello carries a session id (RFC 8446 §D.4, middleboxes); an old server would look for the session.
      vector8(has13 ? state.sessionId : Buffer.alloc(0)),
      vector16(...suites.map(u16)),
      vector8(u8(0)),
      ...(extensions.length ? [vector16(...extensions)] : []),
    ]),
  )
}

/** Reads bytes in order and never past their end. */
const reader = (bytes: Buffer) => {
  let at = 0
  const take = (length: number): Buffer => {
    if (at + length > bytes.length) throw new MalformedMessage('a message ends before its content does')
    at += length
    return bytes.subarray(at - length, at)
  }
  const number = (length: number): number => take(length).readUIntBE(0, length)
  return {
    take,
    number,
    vector: (lengthBytes: number): Buffer => take(number(lengthBytes)),
    left: () => bytes.length - at,
  }
}

const readExtensions = (bytes: Buffer): Map<number, Buffer> => {
  const found = new Map<number, Buffer>()
  const all = reader(bytes)
  while (all.left() > 0) found.set(all.number(2), all.vector(2))
  return found
}

const retryRandom = 'cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c'

export type ServerHello = {
  version: number
  suite: number
  retry: boolean
  /** The server's key share, or the group that a HelloRetryRequest asks for. */
  group: number | null
  share: Buffer | null
  cookie: Buffer | null
  alpn: string | null
  scts: number
}

const alpnOf = (body: Buffer | undefined): string | null =>
  body ? reader(reader(body).vector(2)).vector(1).toString('latin1') : null

/** Entries of a SignedCertificateTimestampList (RFC 6962 §3.3). */
const countScts = (body: Buffer | undefined): number => {
  if (!body) return 0
  const list = reader(reader(body).vector(2))
  let count = 0
  while (list.left() > 0 && count < 64) {
    list.vector(2)
    count++
  }
  return count
}

export const readServerHello = (body: Buffer): ServerHello => {
  const hello = reader(body)
  const legacy = hello.number(2)
  const random = hello.take(32).toString('hex')
  hello.vector(1)
  const suite = hello.number(2)
  hello.number(1)
  const extensions = hello.left() ? readExtensions(hello.vector(2)) : new Map<number, Buffer>()
  const selected = extensions.get(43)
  const shareBody = extensions.get(51)
  const share = shareBody ? reader(shareBody) : null
  const group = share ? share.number(2) : null
  const cookie = extensions.get(44)
  return {
    version: selected ? reader(selected).number(2) : legacy,
    suite,
    retry: random === retryRandom,
    group,
    share: share && random !== retryRandom ? share.vector(2) : null,
    cookie: cookie ? reader(cookie).vector(2) : null,
    alpn: alpnOf(extensions.get(16)),
    scts: countScts(extensions.get(18)),
  }
}

/** The protocol that EncryptedExtensions names. */
export const readEncryptedExtensions = (body: Buffer): string | null =>
  alpnOf(readExtensions(reader(body).vector(2)).get(16))

/** `bytes`: of the whole message, which clients bound. */
export type SentChain = { certificates: Buffer[]; length: number; bytes: number; scts: number; ocsp: Buffer | null }

const stapled = (body: Buffer | undefined): Buffer | null => {
  if (!body?.length) return null
  const status = reader(body)
  return status.number(1) === 1 ? status.vector(3) : null
}

/** A Certificate message: DER as sent, in order; with TLS 1.3 the leaf's own extensions too. */
export const readCertificate = (body: Buffer, is13: boolean): SentChain => {
  const message = reader(body)
  if (is13) message.vector(1)
  const list = reader(message.vector(3))
  const chain: SentChain = { certificates: [], length: 0, bytes: body.length, scts: 0, ocsp: null }
  while (list.left() > 0) {
    const certificate = list.vector(3)
    const extensions = is13 ? readExtensions(list.vector(2)) : null
    if (chain.length === 0 && extensions) {
      chain.scts = countScts(extensions.get(18))
      chain.ocsp = stapled(extensions.get(5))
    }
    if (chain.certificates.length < mostCertificates) chain.certificates.push(Buffer.from(certificate))
    chain.length++
  }
  return chain
}

/** The response in a CertificateStatus message (RFC 6066 §8). */
export const readCertificateStatus = (body: Buffer): Buffer | null => stapled(body)

/** Bits of a finite-field group or the name of the curve in a ServerKeyExchange; null for a static RSA one. */
export const readKeyExchange = (body: Buffer, suiteName: string): { dhBits: number | null; curve: string | null } => {
  const message = reader(body)
  if (suiteName.includes('ECDH')) {
    const kind = message.number(1)
    const code = kind === 3 ? message.number(2) : 0
    return { dhBits: null, curve: groupNames[code] ?? `group ${code}` }
  }
  if (/(^|-)A?DHE?-/.test(suiteName)) {
    const prime = message.vector(2)
    let first = 0
    while (first < prime.length && prime[first] === 0) first++
    const bits = first === prime.length ? 0 : (prime.length - first) * 8 - Math.clz32(prime[first]!) + 24
    return { dhBits: bits, curve: null }
  }
  return { dhBits: null, curve: null }
}

// The state of one TLS handshake as its messages come in, until the certificate is known.
import { createHash } from 'node:crypto'
import { createKeyShare, createRecordReader, hashOf, type RecordReader } from './tls-keys.ts'
import {
  clientHello,
  createHelloState,
  type HelloOffer,
  type HelloState,
  handshakeMessage,
  MalformedMessage,
  readCertificate,
  readCertificateStatus,
  readEncryptedExtensions,
  readKeyExchange,
  readServerHello,
  type SentChain,
  type ServerHello,
} from './tls-messages.ts'
import { shareGroups, suiteOf, type TlsVersion, tlsVersions, versionCodes } from './tls-suites.ts'

/** What a server answered to one hello. */
export type TlsAnswer = {
  version: TlsVersion
  /** The suite chosen, by OpenSSL's name. */
  cipher: string
  alpn: string | null
  /** DER in base64, as sent and in that order; at most 16 of `chainLength`. Empty for an anonymous suite. */
  chain: string[]
  chainLength: number
  /** Bytes of the message that carried it. */
  chainBytes: number
  /** Certificate timestamps sent in the handshake, beside those in the certificate. */
  scts: number
  /** The OCSP response stapled to it, DER in base64. */
  ocsp: string | null
  /** Bits of the finite-field group, where one was used. */
  dhBits: number | null
  curve: string | null
}

export type Handshake = {
  /** The record of the first hello. */
  readonly first: Buffer
  /** Takes one whole handshake message; the answer once it is known. Throws MalformedMessage. */
  onMessage(message: Buffer, encrypted: boolean): TlsAnswer | null
  /** Opens encrypted records, once keys are agreed. */
  reader(): RecordReader | null
}

type State = {
  offer: HelloOffer
  has13: boolean
  hello: Buffer
  helloState: HelloState
  send: (record: Buffer) => void
  /** Messages that the keys depend on (RFC 8446 §4.4.1). */
  transcript: Buffer[]
  server: ServerHello | null
  retried: boolean
  chain: SentChain | null
  alpn: string | null
  ocsp: Buffer | null
  exchange: { dhBits: number | null; curve: string | null }
  open: RecordReader | null
}

/** Numbers of handshake messages (RFC 8446 §4, RFC 5246 §7.4). */
const types = {
  helloRequest: 0,
  serverHello: 2,
  encryptedExtensions: 8,
  certificate: 11,
  serverKeyExchange: 12,
  serverHelloDone: 14,
  finished: 20,
  certificateStatus: 22,
} as const

const versionOf = (code: number): TlsVersion | undefined => tlsVersions.find(version => versionCodes[version] === code)

const record = (type: number, version: number, body: Buffer): Buffer =>
  Buffer.concat([Buffer.from([type, version >> 8, version & 255, body.length >> 8, body.length & 255]), body])

const answerOf = ({ server, chain, alpn, ocsp, exchange }: State): TlsAnswer => ({
  version: versionOf(server!.version)!,
  cipher: suiteOf(server!.suite).name,
  alpn: alpn ?? server!.alpn,
  chain: chain?.certificates.map(der => der.toString('base64')) ?? [],
  chainLength: chain?.length ?? 0,
  chainBytes: chain?.bytes ?? 0,
  scts: server!.scts + (chain?.scts ?? 0),
  ocsp: (ocsp ?? chain?.ocsp ?? null)?.toString('base64') ?? null,
  ...exchange,
})

/** A HelloRetryRequest: the same hello again, with the group that the server wants. */
const retry = (state: State, message: Buffer, read: ServerHello, hash: string): void => {
  const share = state.retried || read.group === null ? null : createKeyShare(read.group)
  if (!share && (state.retried || read.group !== null))
    throw new MalformedMessage('the server asks for a group that was not offered')
  state.retried = true
  // RFC 8446 §4.4.1: the first hello stands in the transcript as its hash.
  const first = handshakeMessage(254, createHash(hash).update(state.hello).digest())
  if (share) state.helloState.shares = [share]
  state.helloState.cookie = read.cookie
  const second = clientHello(state.offer, state.helloState)
  state.transcript = [first, message, second]
  state.send(record(22, 0x0303, second))
}

const onServerHello = (state: State, message: Buffer, body: Buffer): void => {
  const read = readServerHello(body)
  const version = versionOf(read.version)
  if (!version) throw new MalformedMessage(`the server answers with version 0x${read.version.toString(16)}`)
  if (version !== 'TLSv1.3') {
    if (state.server || state.retried) throw new MalformedMessage('a second ServerHello')
    state.server = read
    return
  }
  const hash = hashOf(read.suite)
  if (!state.has13 || !hash) throw new MalformedMessage('the server chooses what was not offered')
  if (read.retry) {
    retry(state, message, read, hash)
    return
  }
  const share = state.helloState.shares.find(({ group }) => group === read.group)
  if (!share || !read.share) throw new MalformedMessage('the server sends no key share of ours')
  state.transcript.push(message)
  state.server = read
  state.open = createRecordReader(read.suite, share.agree(read.share), Buffer.concat(state.transcript))
}

const onMessage = (state: State, message: Buffer, encrypted: boolean): TlsAnswer | null => {
  const type = message[0]!
  const body = message.subarray(4)
  if (type === types.serverHello) {
    if (encrypted) throw new MalformedMessage('a ServerHello after encryption began')
    onServerHello(state, message, body)
    return null
  }
  if (type === types.helloRequest) return null
  if (!state.server) throw new MalformedMessage('a handshake that does not begin with ServerHello')
  const is13 = state.server.version === versionCodes['TLSv1.3']
  if (is13 && !encrypted) throw new MalformedMessage('a handshake message that should be encrypted')
  switch (type) {
    case types.encryptedExtensions:
      state.alpn = readEncryptedExtensions(body)
      return null
    case types.certificate:
      state.chain = readCertificate(body, is13)
      return is13 ? answerOf(state) : null
    case types.serverKeyExchange:
      state.exchange = readKeyExchange(body, suiteOf(state.server.suite).name)
      return null
    case types.serverHelloDone:
      return answerOf(state)
    case types.certificateStatus:
      state.ocsp = readCertificateStatus(body)
      return null
    case types.finished:
      // A resumption, which was never asked for.
      throw new MalformedMessage('the handshake ends without a certificate')
    default:
      // CertificateRequest (13) and the like do not matter here.
      return null
  }
}

/** Begins a handshake; `send` writes the records of a second hello. */
export const beginHandshake = (offer: HelloOffer, send: (record: Buffer) => void): Handshake => {
  const has13 = offer.versions.includes('TLSv1.3')
  const helloState = createHelloState(has13 ? shareGroups.map(group => createKeyShare(group)!) : [])
  const hello = clientHello(offer, helloState)
  const state: State = {
    offer,
    has13,
    hello,
    helloState,
    send,
    transcript: [hello],
    server: null,
    retried: false,
    chain: null,
    alpn: null,
    ocsp: null,
    exchange: { dhBits: null, curve: null },
    open: null,
  }
  // The record layer of a first hello says 1.0 to please old middleboxes (RFC 8446 §5.1), or SSLv3 where nothing else is offered.
  const recordVersion = offer.versions.every(version => version === 'SSLv3') ? 0x0300 : 0x0301
  return {
    first: record(22, recordVersion, hello),
    onMessage: (message, encrypted) => onMessage(state, message, encrypted),
    reader: () => state.open,
  }
}

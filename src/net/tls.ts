// A TLS client of our own that reads what a server says of itself and goes away: any version from SSLv3 to 1.3 and any cipher
// suite, with none of OpenSSL's local refusals. It takes part only until the certificate is read; it never sends data, so what it
// accepts endangers nobody. Everything that arrives is bounded in bytes and time.

import { createHash } from 'node:crypto'
import type { Duplex } from 'node:stream'
import { createKeyShare, createRecordReader, hashOf, type RecordReader } from './tls-keys.ts'
import {
  clientHello,
  createHelloState,
  type HelloOffer,
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
import { alertNames, shareGroups, suiteOf, type TlsVersion, tlsVersions, versionCodes } from './tls-suites.ts'

/** Bytes of one server flight, and of one handshake message: a chain of a hundred certificates still fits, and is counted. */
const mostBytes = 512 * 1024
const mostMessageBytes = 256 * 1024
/** Payload of one record: 2^14, and what encryption may add to it (RFC 8446 §5.2, RFC 5246 §6.2.3). */
const mostRecordBytes = 16_384 + 2_048
/** Warnings that a server may send before it goes on. */
const mostWarnings = 8

/** What a server answered to one hello. */
export type TlsAnswer = {
  version: TlsVersion
  /** The suite chosen, by OpenSSL's name. */
  cipher: string
  alpn: string | null
  /** DER in base64, as sent and in that order; at most 16 of `chainLength`. Empty for an anonymous suite. */
  chain: string[]
  chainLength: number
  /** Certificate timestamps sent in the handshake, beside those in the certificate. */
  scts: number
  /** The OCSP response stapled to it, DER in base64. */
  ocsp: string | null
  /** Bits of the finite-field group, where one was used. */
  dhBits: number | null
  curve: string | null
}

/** How a hello ended. `alert` and `closed` are the server's refusals; `timeout` says nothing certain. */
export type TlsEnd =
  | { kind: 'answered'; answer: TlsAnswer }
  | { kind: 'alert'; alert: string }
  | { kind: 'closed' }
  | { kind: 'malformed'; message: string }
  | { kind: 'timeout' }

const versionOf = (code: number): TlsVersion | undefined => tlsVersions.find(version => versionCodes[version] === code)

const record = (type: number, version: number, body: Buffer): Buffer =>
  Buffer.concat([Buffer.from([type, version >> 8, version & 255, body.length >> 8, body.length & 255]), body])

/** The state of one handshake as messages come in; `step` returns the end once it is known. */
const createReading = (offer: HelloOffer, send: (bytes: Buffer) => void) => {
  const has13 = offer.versions.includes('TLSv1.3')
  const state = createHelloState(has13 ? shareGroups.map(group => createKeyShare(group)!) : [])
  // The record layer of a first hello says 1.0 to please old middleboxes (RFC 8446 §5.1), or SSLv3 where nothing else is offered.
  const recordVersion = offer.versions.every(version => version === 'SSLv3') ? 0x0300 : 0x0301
  const hello = clientHello(offer, state)
  const transcript: Buffer[] = [hello]
  let server: ServerHello | null = null
  let retried = false
  let chain: SentChain | null = null
  let alpn: string | null = null
  let ocsp: Buffer | null = null
  let exchange: { dhBits: number | null; curve: string | null } = { dhBits: null, curve: null }
  let open: RecordReader | null = null

  const end = (): TlsEnd => {
    const version = versionOf(server!.version)!
    return {
      kind: 'answered',
      answer: {
        version,
        cipher: suiteOf(server!.suite).name,
        alpn: alpn ?? server!.alpn,
        chain: chain?.certificates.map(der => der.toString('base64')) ?? [],
        chainLength: chain?.length ?? 0,
        scts: server!.scts + (chain?.scts ?? 0),
        ocsp: (ocsp ?? chain?.ocsp ?? null)?.toString('base64') ?? null,
        ...exchange,
      },
    }
  }

  const onServerHello = (message: Buffer, body: Buffer): void => {
    const read = readServerHello(body)
    const version = versionOf(read.version)
    if (!version) throw new MalformedMessage(`the server answers with version 0x${read.version.toString(16)}`)
    if (version !== 'TLSv1.3') {
      if (server || retried) throw new MalformedMessage('a second ServerHello')
      server = read
      return
    }
    const hash = hashOf(read.suite)
    if (!has13 || !hash) throw new MalformedMessage('the server chooses what was not offered')
    if (read.retry) {
      const share = retried || read.group === null ? null : createKeyShare(read.group)
      if (!share && (retried || read.group !== null))
        throw new MalformedMessage('the server asks for a group that was not offered')
      retried = true
      // RFC 8446 §4.4.1: the first hello stands in the transcript as its hash.
      const first = handshakeMessage(254, createHash(hash).update(hello).digest())
      if (share) state.shares = [share]
      state.cookie = read.cookie
      const second = clientHello(offer, state)
      transcript.splice(0, transcript.length, first, message, second)
      send(record(22, 0x0303, second))
      return
    }
    const share = state.shares.find(({ group }) => group === read.group)
    if (!share || !read.share) throw new MalformedMessage('the server sends no key share of ours')
    transcript.push(message)
    server = read
    open = createRecordReader(read.suite, share.agree(read.share), Buffer.concat(transcript))
  }

  const onMessage = (type: number, message: Buffer, encrypted: boolean): TlsEnd | null => {
    const body = message.subarray(4)
    if (type === 2) {
      if (encrypted) throw new MalformedMessage('a ServerHello after encryption began')
      onServerHello(message, body)
      return null
    }
    if (type === 0) return null
    if (!server) throw new MalformedMessage('a handshake that does not begin with ServerHello')
    const is13 = server.version === versionCodes['TLSv1.3']
    if (is13 && !encrypted) throw new MalformedMessage('a handshake message that should be encrypted')
    switch (type) {
      case 8:
        alpn = readEncryptedExtensions(body)
        return null
      case 11:
        chain = readCertificate(body, is13)
        return is13 ? end() : null
      case 12:
        exchange = readKeyExchange(body, suiteOf(server.suite).name)
        return null
      case 14:
        return end()
      case 22:
        ocsp = readCertificateStatus(body)
        return null
      default:
        // CertificateRequest (13) and the like do not matter here; a Finished (20) without a certificate is a resumption we never asked for.
        if (type === 20) throw new MalformedMessage('the handshake ends without a certificate')
        return null
    }
  }

  return {
    first: record(22, recordVersion, hello),
    onMessage,
    reader: () => open,
  }
}

/**
 * Sends one ClientHello over an open connection and reads the server's answer through its Certificate (TLS 1.3) or its
 * ServerHelloDone (below). Destroys the connection. Never rejects.
 */
export const readTls = (socket: Duplex, offer: HelloOffer, timeoutMs: number): Promise<TlsEnd> =>
  new Promise(resolve => {
    let settled = false
    const settle = (result: TlsEnd): void => {
      if (settled) return
      settled = true
      clearTimeout(timer)
      socket.destroy()
      resolve(result)
    }
    const timer = setTimeout(() => settle({ kind: 'timeout' }), timeoutMs)
    const reading = createReading(offer, bytes => socket.write(bytes))
    const arrived: Buffer[] = []
    let waiting = 0
    let needed = 5
    let total = 0
    let warnings = 0
    let handshake: Buffer = Buffer.alloc(0)
    let wasEncrypted = false

    const onContent = (type: number, content: Buffer, encrypted: boolean): TlsEnd | null => {
      if (type === 21) {
        const [level, code = 0] = content
        // unrecognized_name as a warning, for one: the server goes on with its default certificate (RFC 6066 §3).
        if (level === 1 && code !== 0 && ++warnings <= mostWarnings) return null
        return { kind: 'alert', alert: alertNames[code] ?? `alert ${code}` }
      }
      if (type === 20) return null
      if (type !== 22) throw new MalformedMessage(`a record of type ${type} within the handshake`)
      if (handshake.length > 0 && encrypted !== wasEncrypted)
        throw new MalformedMessage('a message begun in the clear and ended encrypted')
      wasEncrypted = encrypted
      handshake = handshake.length ? Buffer.concat([handshake, content]) : content
      while (handshake.length >= 4) {
        const length = handshake.readUIntBE(1, 3)
        if (length > mostMessageBytes) throw new MalformedMessage(`a handshake message of ${length} bytes`)
        if (handshake.length < 4 + length) return null
        const message = handshake.subarray(0, 4 + length)
        handshake = handshake.subarray(4 + length)
        const result = reading.onMessage(message[0]!, message, encrypted)
        if (result) return result
      }
      return null
    }

    const onRecord = (header: Buffer, payload: Buffer): TlsEnd | null => {
      const open = reading.reader()
      if (open && header[0] === 23) {
        const inner = open(header, payload)
        return onContent(inner.type, inner.content, true)
      }
      return onContent(header[0]!, payload, false)
    }

    /** Takes whole records off what arrived; joins the pieces only when there is one. */
    const drain = (): TlsEnd | null => {
      while (waiting >= needed) {
        const all = arrived.length === 1 ? arrived[0]! : Buffer.concat(arrived)
        if (all[0]! < 20 || all[0]! > 23 || all[1] !== 3)
          return {
            kind: 'malformed',
            message: `what answers does not speak TLS (${JSON.stringify(all.subarray(0, 16).toString('latin1'))})`,
          }
        const length = all.readUInt16BE(3)
        if (length > mostRecordBytes) return { kind: 'malformed', message: `a TLS record of ${length} bytes` }
        needed = 5 + length
        const whole = all.length >= needed
        const rest = whole ? all.subarray(needed) : all
        arrived.splice(0, arrived.length, rest)
        waiting = rest.length
        if (!whole) return null
        const result = onRecord(all.subarray(0, 5), all.subarray(5, needed))
        needed = 5
        if (result) return result
      }
      return null
    }

    socket.on('data', (chunk: Buffer) => {
      if (settled) return
      total += chunk.length
      if (total > mostBytes)
        return settle({ kind: 'malformed', message: `more than ${mostBytes} bytes without a certificate` })
      arrived.push(chunk)
      waiting += chunk.length
      try {
        const result = drain()
        if (result) settle(result)
      } catch (error) {
        settle({
          kind: 'malformed',
          message:
            error instanceof MalformedMessage ? error.message : 'an encrypted record or a key share that is not valid',
        })
      }
    })
    socket.on('end', () => settle({ kind: 'closed' }))
    socket.on('close', () => settle({ kind: 'closed' }))
    socket.on('error', () => settle({ kind: 'closed' }))
    socket.write(reading.first)
  })

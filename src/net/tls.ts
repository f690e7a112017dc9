// A TLS client of our own that reads what a server says of itself and goes away: any version from SSLv3 to 1.3 and any cipher
// suite, with none of OpenSSL's local refusals. It takes part only until the certificate is read; it never sends data, so what it
// accepts endangers nobody. Everything that arrives is bounded in bytes and time.

import type { Duplex } from 'node:stream'
import type { Clock } from '../core/clock.ts'
import { beginHandshake, type Handshake, type TlsAnswer } from './tls-handshake.ts'
import { type HelloOffer, MalformedMessage } from './tls-messages.ts'
import { alertNames } from './tls-suites.ts'

export type { TlsAnswer } from './tls-handshake.ts'

/** Bytes of one server flight, and of one handshake message: a chain of a hundred certificates still fits, and is counted. */
const mostBytes = 512 * 1024
const mostMessageBytes = 256 * 1024
/** Payload of one record: 2^14, and what encryption may add to it (RFC 8446 §5.2, RFC 5246 §6.2.3). */
const mostRecordBytes = 16_384 + 2_048
/** Bytes before the payload of a record. */
const recordHeader = 5
/** Warnings that a server may send before it goes on. */
const mostWarnings = 8
/** Types of records (RFC 8446 §5.1). */
const records = { changeCipherSpec: 20, alert: 21, handshake: 22, applicationData: 23 } as const

/** How a hello ended. `alert` and `closed` are the server's refusals; `timeout` says nothing certain. */
export type TlsEnd =
  | { kind: 'answered'; answer: TlsAnswer }
  | { kind: 'alert'; alert: string }
  | { kind: 'closed' }
  | { kind: 'malformed'; message: string }
  | { kind: 'timeout' }

/** What has come of a server's flight. */
type Flight = {
  handshake: Handshake
  /** Pieces as they arrived, `waiting` bytes in all; nothing is done before there are `needed`. */
  arrived: Buffer[]
  waiting: number
  needed: number
  total: number
  warnings: number
  /** The beginning of a handshake message, and whether it came encrypted. */
  message: Buffer
  wasEncrypted: boolean
}

/** Handshake messages may be cut anywhere, and several may stand in one record. */
const onHandshake = (flight: Flight, content: Buffer, encrypted: boolean): TlsEnd | null => {
  if (flight.message.length > 0 && encrypted !== flight.wasEncrypted)
    throw new MalformedMessage('a message begun in the clear and ended encrypted')
  flight.wasEncrypted = encrypted
  flight.message = flight.message.length ? Buffer.concat([flight.message, content]) : content
  while (flight.message.length >= 4) {
    const length = flight.message.readUIntBE(1, 3)
    if (length > mostMessageBytes) throw new MalformedMessage(`a handshake message of ${length} bytes`)
    if (flight.message.length < 4 + length) return null
    const message = flight.message.subarray(0, 4 + length)
    flight.message = flight.message.subarray(4 + length)
    const answer = flight.handshake.onMessage(message, encrypted)
    if (answer) return { kind: 'answered', answer }
  }
  return null
}

const onAlert = (flight: Flight, [level, code = 0]: Buffer): TlsEnd | null => {
  // unrecognized_name as a warning, for one: the server goes on with its default certificate (RFC 6066 §3).
  if (level === 1 && code !== 0 && ++flight.warnings <= mostWarnings) return null
  return { kind: 'alert', alert: alertNames[code] ?? `alert ${code}` }
}

const onContent = (flight: Flight, type: number, content: Buffer, encrypted: boolean): TlsEnd | null => {
  if (type === records.alert) return onAlert(flight, content)
  if (type === records.changeCipherSpec) return null
  if (type !== records.handshake) throw new MalformedMessage(`a record of type ${type} within the handshake`)
  return onHandshake(flight, content, encrypted)
}

const onRecord = (flight: Flight, header: Buffer, payload: Buffer): TlsEnd | null => {
  const open = flight.handshake.reader()
  if (!open || header[0] !== records.applicationData) return onContent(flight, header[0]!, payload, false)
  const inner = open(header, payload)
  return onContent(flight, inner.type, inner.content, true)
}

const malformed = (message: string): TlsEnd => ({ kind: 'malformed', message })

/** Takes whole records off what arrived; joins the pieces only when there is one. */
const drain = (flight: Flight): TlsEnd | null => {
  while (flight.waiting >= flight.needed) {
    const all = flight.arrived.length === 1 ? flight.arrived[0]! : Buffer.concat(flight.arrived)
    if (all[0]! < 20 || all[0]! > 23 || all[1] !== 3)
      return malformed(`what answers does not speak TLS (${JSON.stringify(all.subarray(0, 16).toString('latin1'))})`)
    const length = all.readUInt16BE(3)
    if (length > mostRecordBytes) return malformed(`a TLS record of ${length} bytes`)
    flight.needed = recordHeader + length
    const whole = all.length >= flight.needed
    const rest = whole ? all.subarray(flight.needed) : all
    flight.arrived = [rest]
    flight.waiting = rest.length
    if (!whole) return null
    const result = onRecord(flight, all.subarray(0, recordHeader), all.subarray(recordHeader, flight.needed))
    flight.needed = recordHeader
    if (result) return result
  }
  return null
}

/** Takes one piece in; the end once it is known. Never throws. */
const takeIn = (flight: Flight, chunk: Buffer): TlsEnd | null => {
  flight.total += chunk.length
  if (flight.total > mostBytes) return malformed(`more than ${mostBytes} bytes without a certificate`)
  flight.arrived.push(chunk)
  flight.waiting += chunk.length
  try {
    return drain(flight)
  } catch (error) {
    return malformed(
      error instanceof MalformedMessage ? error.message : 'an encrypted record or a key share that is not valid',
    )
  }
}

/**
 * Sends one ClientHello over an open connection and reads the server's answer through its Certificate (TLS 1.3) or its
 * ServerHelloDone (below), within `timeoutMs`. Destroys the connection. Never rejects.
 */
export const readTls = (socket: Duplex, offer: HelloOffer, timeoutMs: number, clock: Clock): Promise<TlsEnd> =>
  new Promise(resolve => {
    let settled = false
    const settle = (result: TlsEnd): void => {
      if (settled) return
      settled = true
      noDeadline()
      socket.destroy()
      resolve(result)
    }
    const noDeadline = clock.after(timeoutMs, () => settle({ kind: 'timeout' }))
    const handshake = beginHandshake(offer, bytes => socket.write(bytes))
    const flight: Flight = {
      handshake,
      arrived: [],
      waiting: 0,
      needed: recordHeader,
      total: 0,
      warnings: 0,
      message: Buffer.alloc(0),
      wasEncrypted: false,
    }
    socket.on('data', (chunk: Buffer) => {
      const result = settled ? null : takeIn(flight, chunk)
      if (result) settle(result)
    })
    socket.on('end', () => settle({ kind: 'closed' }))
    socket.on('close', () => settle({ kind: 'closed' }))
    socket.on('error', () => settle({ kind: 'closed' }))
    socket.write(handshake.first)
  })

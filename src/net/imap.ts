// A mailbox over IMAP (RFC 9051, RFC 3501): our own dialling rules and roots, imapflow's protocol, every wait bounded. A password
// goes out only over TLS with a certificate that verifies, to this machine, or where the user said that it may go in the clear.
import type { Socket } from 'node:net'
import tls, { type SecureContext } from 'node:tls'
import type { ImapFlow } from 'imapflow'
import type { Clock } from '../core/clock.ts'
import { type Fact, type Missing, missing, observed } from '../core/fact.ts'
import { limits } from '../data/limits.ts'
import { isLoopback } from './addresses.ts'
import { hostPort } from './connect-to.ts'
import { createLife, type Life } from './life.ts'
import type { Network } from './network.ts'
import { authorizationErrorOf, createRoots, startTls } from './tls-client.ts'

export type ImapRequest = {
  host: string
  port: number
  /** TLS from the first byte; otherwise STARTTLS. */
  secure: boolean
  user: string
  password?: string | undefined
  accessToken?: string | undefined
  /** The user said that the password may be sent without encryption. */
  plaintext: boolean
}

export type ImapSession = {
  where: string
  /** One conversation with the server, under a deadline; what it throws becomes a reason. */
  run<T>(talk: (client: ImapFlow) => Promise<T>, deadlines?: number): Promise<Fact<T>>
  /** Why nothing can be asked any more; null while the line stands. */
  over(): Missing | null
  close(): Promise<void>
}

type ImapError = Error & {
  code?: string
  authenticationFailed?: boolean
  serverResponseCode?: string
  responseStatus?: string
}

/** What an error of imapflow means. The server's own words are not repeated: some repeat the user's name. */
const reasonOf = (error: unknown, where: string): Missing => {
  const { authenticationFailed, code = '', serverResponseCode = '', responseStatus, message = '' } = error as ImapError
  if (authenticationFailed)
    return /^(?:UNAVAILABLE|INUSE|LIMIT|SERVERBUG)$/.test(serverResponseCode)
      ? missing('unreachable', `${where} takes no log-in at the moment (${serverResponseCode})`)
      : missing('forbidden', `${where} refuses the user or the password`)
  if (/TIMEOUT/i.test(code)) return missing('timeout', `${where} does not answer`)
  if (/TooLarge|TooMany/.test(code)) return missing('too-large', `${where} sends more than a mailbox holds (${code})`)
  if (/CERT|TLS|SSL|EPROTO|UNABLE_TO|SELF_SIGNED|ALTNAME/i.test(code) || /STARTTLS/i.test(message))
    return missing('tls-handshake', `${where}: no encrypted connection (${code || 'STARTTLS is not offered'})`)
  if (responseStatus) return missing('unsupported', `${where} refuses a command (${responseStatus})`)
  return missing('unreachable', `${where} closed the connection in the middle of the conversation`)
}

/** The connection as it was dialled and, where asked for, secured. `strict`: the certificate has to verify. */
type Line = {
  request: ImapRequest
  where: string
  socket: Socket
  secureContext: SecureContext | undefined
  strict: boolean
}

/** Milliseconds between two conversations in which the line may be quiet: each of them has a deadline of its own. */
const quietMs = 10 * 60_000

const connect = async (net: Network, request: ImapRequest, life: Life): Promise<Fact<Line>> => {
  const { host, port } = request
  const { ca, timeoutMs, clock } = net.options
  const where = hostPort(host, port)
  const dialled = await net.dial({ host, port })
  if (!dialled.ok) return dialled
  const socket = dialled.value.socket as Socket
  const secureContext = createRoots(ca)()
  // Who names this machine itself needs no certificate to know it; a name that only leads here does.
  const strict = !(isLoopback(host) || /^localhost$/i.test(host))
  const line: Line = { request, where, socket, secureContext, strict }
  if (!request.secure) return observed(line, '')
  const begun = await startTls({ socket, host, secureContext, alpn: [], timeoutMs, life, clock, where })
  if (!begun.ok) return begun
  const fault = authorizationErrorOf(begun.value.socket)
  if (fault === null || !strict) return observed({ ...line, socket: begun.value.socket }, '')
  begun.value.socket.destroy()
  return missing('tls-handshake', `the certificate of ${where} does not verify (${fault}); nothing was sent`)
}

/** imapflow on our line, within our bounds. */
const clientOn = async (line: Line, mayBePlain: boolean): Promise<ImapFlow> => {
  const { request, socket, secureContext, strict } = line
  const { host, port, user } = request
  const { ImapFlow } = await import('imapflow')
  return new ImapFlow({
    host,
    port,
    secure: request.secure,
    // Without `doSTARTTLS: true` a server that offers none would be sent the password in the clear.
    doSTARTTLS: request.secure || mayBePlain ? undefined : true,
    auth: request.accessToken ? { user, accessToken: request.accessToken } : { user, pass: request.password ?? '' },
    transport: {
      connect: (_options, onConnect) => {
        setImmediate(onConnect)
        return socket
      },
      upgrade: (plain, _options, onSecure) => {
        const servername = /^[\d.:]+$/.test(host) ? '' : host
        const options = { socket: plain as Socket, host, servername, secureContext, rejectUnauthorized: strict }
        return tls.connect(options, onSecure)
      },
    },
    logger: false,
    disableAutoIdle: true,
    disableCompression: true,
    clientInfo: { name: 'launch-ready' },
    // Its own timers know nothing of time in which we had no turn; the deadlines are ours.
    connectionTimeout: quietMs,
    greetingTimeout: quietMs,
    socketTimeout: quietMs,
    maxLiteralSize: limits.mailBytes,
    maxResponseSize: limits.mailBytes + limits.imapLineBytes,
    maxLineLength: limits.imapLineBytes,
    maxResponseTokens: limits.imapTokens,
  })
}

/** A client with the reason why it is of no use any more. */
type Watched = { client: ImapFlow; where: string; clock: Clock; fault: Missing | null }

/** That the line closed says less than why it did, which may become known later. */
const fail = (watched: Watched, why: Missing): void => {
  if (!watched.fault || watched.fault.reason === 'unreachable') watched.fault = why
}

const watch = (client: ImapFlow, where: string, clock: Clock): Watched => {
  const watched: Watched = { client, where, clock, fault: null }
  client.on('error', error => fail(watched, reasonOf(error, where)))
  client.on('close', () => fail(watched, missing('unreachable', `${where} closed the connection`)))
  return watched
}

/** Work on the line under a deadline; one that passes ends the line. */
const under = async <T>(watched: Watched, work: Promise<T>, ms: number): Promise<Fact<T>> => {
  const { where, clock } = watched
  const { promise: late, resolve } = Promise.withResolvers<Missing>()
  const noDeadline = clock.after(ms, () => resolve(missing('timeout', `${where} does not answer`)))
  const done = work.then(
    value => observed(value, ''),
    error => reasonOf(error, where),
  )
  const result = await Promise.race([done, late])
  noDeadline()
  if (!result.ok && result.reason === 'unreachable') {
    await new Promise(settled => setImmediate(settled))
    return watched.fault ?? result
  }
  if (!result.ok && result.reason === 'timeout') {
    fail(watched, result)
    watched.client.close()
  }
  return result
}

/** Connects and logs in. Missing: what dialling gives, tls-handshake, timeout, forbidden, unreachable. */
export const openImap = async (net: Network, request: ImapRequest): Promise<Fact<ImapSession>> => {
  const { timeoutMs, signal, clock } = net.options
  const life = createLife(signal)
  const line = await connect(net, request, life)
  if (!line.ok) return line
  const { socket, where } = line.value
  const mayBePlain = isLoopback(socket.remoteAddress ?? '') || request.plaintext
  const client = await clientOn(line.value, mayBePlain)
  const watched = watch(client, where, clock)
  const offLife = life.onEnd(() => client.close())
  const end = (): void => {
    offLife()
    client.close()
    socket.destroy()
  }
  const connected = await under(watched, client.connect(), timeoutMs * 3)
  if (!connected.ok) {
    end()
    return connected
  }
  const session: ImapSession = {
    where,
    run: async (talk, deadlines = 1) =>
      watched.fault ??
      under(
        watched,
        Promise.resolve().then(() => talk(client)),
        timeoutMs * deadlines,
      ),
    over: () => watched.fault,
    async close() {
      offLife()
      if (!watched.fault) await under(watched, client.logout(), Math.min(timeoutMs, 2000))
      end()
    },
  }
  return observed(session, '')
}

// A mailbox over IMAP (RFC 9051, RFC 3501): our own dialling rules and roots, imapflow's protocol, every wait bounded. A password
// goes out only over TLS with a certificate that verifies, to this machine, or where the user said that it may go in the clear.
import type { Socket } from 'node:net'
import tls from 'node:tls'
import type { ImapFlow } from 'imapflow'
import { type Fact, type Missing, missing, observed } from '../core/fact.ts'
import { limits } from '../data/limits.ts'
import { isLoopback } from './addresses.ts'
import { hostPort } from './connect-to.ts'
import { createLife } from './life.ts'
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
  /** One conversation with the server, under a deadline; what it throws is told as a reason. */
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

/** Connects and logs in. Missing: what dialling gives, tls-handshake, timeout, forbidden, unreachable. */
export const openImap = async (net: Network, request: ImapRequest): Promise<Fact<ImapSession>> => {
  const { host, port } = request
  const where = hostPort(host, port)
  const { timeoutMs, signal } = net.options
  const dialled = await net.dial({ host, port })
  if (!dialled.ok) return dialled
  let socket = dialled.value.socket as Socket
  const local = isLoopback(socket.remoteAddress ?? '')
  // Who names this machine itself needs no certificate to know it; a name that only leads here does.
  const strict = !(isLoopback(host) || /^localhost$/i.test(host))
  const secureContext = createRoots(net.options.ca)()
  const life = createLife(signal)
  if (request.secure) {
    const begun = await startTls({ socket, host, secureContext, alpn: [], timeoutMs, life, where })
    if (!begun.ok) return begun
    const fault = authorizationErrorOf(begun.value.socket)
    if (fault !== null && strict) {
      begun.value.socket.destroy()
      return missing('tls-handshake', `the certificate of ${where} does not verify (${fault}); nothing was sent`)
    }
    socket = begun.value.socket
  }
  const mayBePlain = local || request.plaintext
  const { ImapFlow } = await import('imapflow')
  const client = new ImapFlow({
    host,
    port,
    secure: request.secure,
    // Without `doSTARTTLS: true` a server that offers none would be sent the password in the clear.
    doSTARTTLS: request.secure || mayBePlain ? undefined : true,
    auth: request.accessToken
      ? { user: request.user, accessToken: request.accessToken }
      : { user: request.user, pass: request.password ?? '' },
    transport: {
      connect: (_options, onConnect) => {
        setImmediate(onConnect)
        return socket
      },
      upgrade: (plain, _options, onSecure) =>
        tls.connect(
          {
            socket: plain as Socket,
            host,
            servername: /^[\d.:]+$/.test(host) ? '' : host,
            secureContext,
            rejectUnauthorized: strict,
          },
          onSecure,
        ),
    },
    logger: false,
    disableAutoIdle: true,
    disableCompression: true,
    clientInfo: { name: 'launch-ready' },
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    // Each conversation has a deadline of its own; between two of them the line may be quiet.
    socketTimeout: 10 * 60_000,
    maxLiteralSize: limits.mailBytes,
    maxResponseSize: limits.mailBytes + limits.imapLineBytes,
    maxLineLength: limits.imapLineBytes,
    maxResponseTokens: limits.imapTokens,
  })
  let fault: Missing | null = null
  // That the line closed says less than why it did, which may be told later.
  const fail = (why: Missing): void => {
    if (!fault || fault.reason === 'unreachable') fault = why
  }
  client.on('error', error => fail(reasonOf(error, where)))
  client.on('close', () => fail(missing('unreachable', `${where} closed the connection`)))
  const end = (): void => client.close()
  const offLife = life.onEnd(end)

  const under = async <T>(work: Promise<T>, ms: number): Promise<Fact<T>> => {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<Missing>(resolve => {
      timer = setTimeout(() => resolve(missing('timeout', `${where} does not answer`)), ms)
    })
    try {
      const result = await Promise.race([
        work.then(
          value => observed(value, ''),
          error => reasonOf(error, where),
        ),
        late,
      ])
      if (!result.ok && result.reason === 'unreachable') {
        await new Promise(resolve => setImmediate(resolve))
        return fault ?? result
      }
      if (!result.ok && result.reason === 'timeout') {
        fail(result)
        client.close()
      }
      return result
    } finally {
      clearTimeout(timer)
    }
  }

  const connected = await under(client.connect(), timeoutMs * 3)
  if (!connected.ok) {
    offLife()
    client.close()
    socket.destroy()
    return connected
  }
  return observed(
    {
      where,
      run: (talk, deadlines = 1) =>
        fault
          ? Promise.resolve(fault)
          : under(
              Promise.resolve().then(() => talk(client)),
              timeoutMs * deadlines,
            ),
      over: () => fault,
      close: async () => {
        offLife()
        if (!fault) await under(client.logout(), Math.min(timeoutMs, 2000))
        client.close()
        socket.destroy()
      },
    },
    '',
  )
}

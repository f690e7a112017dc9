// The lab's mail servers: enough of SMTP (RFC 5321) and STARTTLS (RFC 3207) to greet, to encrypt and to take leave.
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { createSecureContext, TLSSocket } from 'node:tls'
import type { LabLog } from './log.ts'
import { secureOptions } from './web-server.ts'
import type { MailSpec } from './world.ts'

export type MailState = {
  name: string
  spec: MailSpec
  addresses: string[]
  server?: { port: number; close(): Promise<void> }
}

type MailContext = { now: Date; authority: string; log: LabLog; rtt: number }

/** What it answers to a sender or a recipient; a sender is heard where there are mailboxes at all. */
const recipientReply = (mailboxes: readonly string[] | undefined, line: string): [string, string] => {
  if (mailboxes === undefined) return ['550', '5.7.1 this server takes no mail']
  const address = /^RCPT TO:\s*<([^>]*)>/i.exec(line)?.[1]
  return address === undefined || mailboxes.includes(address.toLowerCase())
    ? ['250', '2.1.0 ok']
    : ['550', '5.1.1 no such user here']
}

const converse = (socket: Socket | TLSSocket, mail: MailState, context: MailContext, encrypted: boolean): void => {
  const { spec } = mail
  let pending = ''
  const say = (...lines: string[]): void => {
    const [code = ''] = lines
    const texts = lines.slice(1)
    socket.write(texts.map((text, at) => `${code}${at < texts.length - 1 ? '-' : ' '}${text}\r\n`).join(''))
  }
  if (!encrypted) {
    if (spec.port25 === 'rejects') {
      socket.end('554 5.7.1 no service for you\r\n')
      return
    }
    say('220', spec.banner ?? `${mail.name} ESMTP ready`)
  }
  const onData = (chunk: Buffer): void => {
    const start = performance.now() - context.rtt / 2
    pending = (pending + chunk.toString('latin1')).slice(-8192)
    for (let end = pending.indexOf('\n'); end >= 0; end = pending.indexOf('\n')) {
      const line = pending.slice(0, end).trim()
      pending = pending.slice(end + 1)
      const verb = line.split(' ')[0]!.toUpperCase()
      context.log.add({
        kind: 'smtp',
        to: `smtp ${mail.name}`,
        what: verb,
        start,
        end: performance.now() + context.rtt / 2,
      })
      const offers = !encrypted && spec.starttls !== 'absent'
      if (verb === 'EHLO') say('250', mail.name, ...spec.extensions, ...(offers ? ['STARTTLS'] : []))
      else if (verb === 'HELO') say('250', mail.name)
      else if (verb === 'STARTTLS' && !offers) say('502', '5.5.1 not offered')
      else if (verb === 'STARTTLS' && spec.starttls === 'refused') say('454', '4.7.0 TLS not available')
      else if (verb === 'STARTTLS') {
        socket.off('data', onData)
        say('220', '2.0.0 go ahead')
        if (spec.starttls === 'broken') {
          socket.write('this is no handshake\r\n')
          return
        }
        const secure = new TLSSocket(socket, {
          isServer: true,
          secureContext: createSecureContext(
            secureOptions(mail.name, spec.certificate, spec.tls, context.now, context.authority),
          ),
        })
        secure.on('error', () => socket.destroy())
        converse(secure, mail, context, true)
        return
      } else if (verb === 'QUIT') {
        say('221', '2.0.0 bye')
        socket.end()
      } else if (verb === 'NOOP' || verb === 'RSET') say('250', '2.0.0 ok')
      else if (verb === 'MAIL' || verb === 'RCPT') say(...recipientReply(spec.mailboxes, line))
      else say('500', '5.5.2 not understood')
    }
  }
  socket.on('data', onData)
}

/** Starts the server behind port 25 of the host's addresses. */
export const serveMail = async (mail: MailState, context: MailContext): Promise<NonNullable<MailState['server']>> => {
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => {})
    converse(socket, mail, context, false)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as { port: number }).port,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise(done => server.close(done))
    },
  }
}

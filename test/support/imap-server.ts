// A small IMAP server for what Dovecot never does: silence, a line that drops, answers without end. In the clear, on loopback.
import { createServer, type Socket } from 'node:net'

export type Misbehaviour =
  | 'none'
  /** Accepts the connection and says nothing. */
  | 'silent'
  /** Says nothing after the log-in. */
  | 'silent-after-login'
  /** Closes the connection at the first look into a folder after the mailbox was opened; later ones are answered. */
  | 'drops-once'
  /** Closes every connection as soon as mails are asked for. */
  | 'drops'
  /** Announces a mail of four gigabytes. */
  | 'endless'
  /** Turns every password away. */
  | 'refuses'

export type FakeImap = {
  port: number
  /** Puts a mail into a folder. */
  deliver(folder: string, raw: string): void
  /** Every line that clients sent. */
  lines: string[]
  stop(): Promise<void>
}

const envelope = (raw: string): string => {
  const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'im').exec(raw)?.[1]?.trim() ?? ''
  const text = (value: string): string => (value ? `"${value.replace(/["\\]/g, '\\$&')}"` : 'NIL')
  const [local = '', domain = ''] = field('From').replace(/^.*</, '').replace('>', '').split('@')
  const from = `((NIL NIL ${text(local)} ${text(domain)}))`
  return `(${text(field('Date'))} ${text(field('Subject'))} ${from} ${from} ${from} NIL NIL NIL NIL ${text(field('Message-ID'))})`
}

const internalDate = (date = new Date(0)): string => {
  const [, day, month, year, time] = /(\d+) (\w+) (\d+) ([\d:]+)/.exec(date.toUTCString()) ?? []
  return `${day}-${month}-${year} ${time} +0000`
}

/** `user` and `secret` log in. */
export const startFakeImap = async (misbehaviour: Misbehaviour = 'none', address = '127.0.0.1'): Promise<FakeImap> => {
  const folders = new Map<string, string[]>([
    ['INBOX', []],
    ['Junk', []],
    ['Updates', []],
  ])
  const arrived = new Map<string, Date>()
  const lines: string[] = []
  const sockets = new Set<Socket>()
  let looks = 0

  const serve = (socket: Socket): void => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    if (misbehaviour === 'silent') return
    let folder = 'INBOX'
    let quiet = false
    let buffered = ''
    const say = (text: string): void => {
      if (!quiet && !socket.destroyed) socket.write(`${text}\r\n`)
    }
    const fetched = (uid: number, raw: string, query: string): string => {
      const parts = [`UID ${uid}`]
      if (/RFC822\.SIZE/.test(query)) parts.push(`RFC822.SIZE ${raw.length}`)
      if (/INTERNALDATE/.test(query)) parts.push(`INTERNALDATE "${internalDate(arrived.get(raw))}"`)
      if (/ENVELOPE/.test(query)) parts.push(`ENVELOPE ${envelope(raw)}`)
      const fields = /BODY\.PEEK\[HEADER\.FIELDS \(([^)]*)\)\]/.exec(query)
      if (fields) {
        const wanted = fields[1]!.toLowerCase().split(' ')
        const head = `${raw
          .split('\r\n\r\n')[0]!
          .split('\r\n')
          .filter(line => wanted.includes(line.split(':')[0]!.toLowerCase()))
          .join('\r\n')}\r\n\r\n`
        parts.push(`BODY[HEADER.FIELDS (${fields[1]})] {${head.length}}\r\n${head}`)
      }
      if (/BODY\.PEEK\[\]/.test(query))
        parts.push(misbehaviour === 'endless' ? 'BODY[] {4294967296}\r\nFrom: a' : `BODY[] {${raw.length}}\r\n${raw}`)
      return `* ${uid} FETCH (${parts.join(' ')})`
    }
    const answer = (tag: string, command: string, rest: string): unknown => {
      const mails = folders.get(folder) ?? []
      switch (command) {
        case 'CAPABILITY':
          say('* CAPABILITY IMAP4rev1 UIDPLUS SPECIAL-USE')
          return say(`${tag} OK done`)
        case 'LOGIN':
          if (misbehaviour === 'refuses' || !/"?user"? "?secret"?/.test(rest))
            return say(`${tag} NO [AUTHENTICATIONFAILED] no, ${rest}`)
          say(`${tag} OK [CAPABILITY IMAP4rev1 UIDPLUS SPECIAL-USE] in`)
          quiet = misbehaviour === 'silent-after-login'
          return null
        case 'LIST':
        case 'LSUB':
          if (/"" ""/.test(rest)) say('* LIST (\\Noselect) "/" ""')
          else {
            say(`* ${command} (\\HasNoChildren) "/" INBOX`)
            say(`* ${command} (\\HasNoChildren \\Junk) "/" Junk`)
            say(`* ${command} (\\HasNoChildren) "/" Updates`)
          }
          return say(`${tag} OK done`)
        case 'SELECT':
        case 'EXAMINE': {
          folder = rest.replace(/^"|".*$|\s.*$/g, '')
          looks++
          if (misbehaviour === 'drops-once' && looks === 4) return socket.destroy()
          const { length } = folders.get(folder) ?? []
          for (const line of [
            '* FLAGS (\\Seen \\Deleted)',
            `* ${length} EXISTS`,
            '* OK [UIDVALIDITY 7] ok',
            `* OK [UIDNEXT ${length + 1}] ok`,
          ])
            say(line)
          return say(`${tag} OK [READ-${command === 'SELECT' ? 'WRITE' : 'ONLY'}] done`)
        }
        case 'UID': {
          if (misbehaviour === 'drops') return socket.destroy()
          if (/^SEARCH /i.test(rest)) say(`* SEARCH ${mails.map((_mail, at) => at + 1).join(' ')}`.trim())
          const [, list = '', query = ''] = /^FETCH (\S+) (.*)$/i.exec(rest) ?? []
          for (const range of list.split(',').filter(Boolean)) {
            const [from = '', to = from] = range.split(':')
            const ends = [from, to].map(end => (end === '*' ? mails.length : Number(end)))
            for (let uid = Math.min(...ends); uid <= Math.max(...ends); uid++)
              if (mails[uid - 1] !== undefined) say(fetched(uid, mails[uid - 1]!, query))
          }
          return say(`${tag} OK done`)
        }
        case 'LOGOUT':
          say('* BYE')
          say(`${tag} OK done`)
          return socket.end()
        default:
          return say(`${tag} OK done`)
      }
    }
    say('* OK [CAPABILITY IMAP4rev1 UIDPLUS SPECIAL-USE] ready')
    socket.on('data', chunk => {
      buffered += chunk.toString('latin1')
      for (let at = buffered.indexOf('\r\n'); at !== -1; at = buffered.indexOf('\r\n')) {
        const line = buffered.slice(0, at)
        buffered = buffered.slice(at + 2)
        lines.push(line)
        const [tag = '', command = '', ...rest] = line.split(' ')
        answer(tag, command.toUpperCase(), rest.join(' '))
      }
    })
  }
  const server = createServer(serve)
  await new Promise<void>(resolve => server.listen(0, address, resolve))
  return {
    port: (server.address() as { port: number }).port,
    lines,
    deliver: (folder, raw) => {
      const mail = raw.replace(/\r?\n/g, '\r\n')
      arrived.set(mail, new Date())
      folders.get(folder)?.push(mail)
    },
    stop: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

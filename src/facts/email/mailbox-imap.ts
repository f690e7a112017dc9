// A mailbox over IMAP: where it is, which folders mail arrives in, what is new there, one mail as it came.
import type { FetchMessageObject, ImapFlow } from 'imapflow'
import { type Fact, type Missing, missing, observed } from '../../core/fact.ts'
import { limits } from '../../data/limits.ts'
import { type ImapRequest, type ImapSession, openImap } from '../../net/imap.ts'
import type { Network } from '../../net/network.ts'
import type { BoxMail, InboxConfig, Mailbox } from './mailbox.ts'

/** Headers that name who a mail was for. */
const recipientHeaders = ['to', 'cc', 'delivered-to', 'x-original-to', 'x-delivered-to', 'envelope-to', 'x-envelope-to']
/** Folders in which nothing arrives. */
const notArrived = /^\\(?:Drafts|Sent|Flagged|Important)$/i
const spamNames =
  /^(?:junk|spam|junk[ -]?e-?mail|bulk mail|junk mail|posta indesiderata|courrier indésirable|spamverdacht)$/i

/** What a folder's new mails begin with: UIDs from `next` on, as long as `validity` stays. */
type Mark = { next: number; validity: bigint }

/** Host, port, folder of an `imap(s)://` URL. Throws nothing: the config's schema has seen it. */
export const imapTarget = (
  text: string,
): { host: string; port: number; secure: boolean; folder: string; user: string; password: string } => {
  const url = new URL(text)
  const secure = url.protocol === 'imaps:'
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (secure ? 993 : 143),
    secure,
    folder: decodeURIComponent(url.pathname.replace(/^\//, '')) || 'INBOX',
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
  }
}

/** How the mailbox of a URL is named to people. */
export const imapPlace = (text: string): string => {
  const { host, port, secure, folder } = imapTarget(text)
  return `${host}${port === (secure ? 993 : 143) ? '' : `:${port}`}${folder === 'INBOX' ? '' : `/${folder}`}`
}

/** What a log-in needs; missing where the config gives none. */
export const imapRequest = (name: string, inbox: InboxConfig): Fact<ImapRequest & { folder: string }> => {
  const target = imapTarget(inbox.imap ?? '')
  const user = inbox.user ?? target.user
  const password = inbox.password ?? target.password
  if (!user || (!password && !inbox.accessToken))
    return missing(
      'needs-credential',
      `email.inboxes.${name} has no ${user ? 'password' : 'user'}; name an environment variable there: \${CANARY_${user ? 'PASSWORD' : 'USER'}}`,
    )
  return observed(
    { ...target, user, password, accessToken: inbox.accessToken, plaintext: inbox.plaintext === true },
    '',
  )
}

type Folder = { path: string; spam: boolean; arrives: boolean }

/** Folders that are marked one by one where the server cannot tell of all at once (LIST-STATUS, RFC 5819). */
const markedSingly = 12

/** The folders that mails may be in, those where they arrive first, and from where on their mails are new. */
const foldersOf = async (
  client: ImapFlow,
  folder: string,
  spamFolder: string | undefined,
): Promise<{ folders: Folder[]; marks: Map<string, Mark> }> => {
  const atOnce = client.capabilities.has('LIST-STATUS')
  const listed = await client.list({
    listOnly: true,
    ...(atOnce ? { statusQuery: { uidNext: true, uidValidity: true } } : {}),
  })
  const same = (a: string, b: string): boolean => a === b || (/^inbox$/i.test(a) && /^inbox$/i.test(b))
  const all = listed
    .filter(
      item =>
        !item.flags.has('\\Noselect') && !item.flags.has('\\NonExistent') && !notArrived.test(item.specialUse ?? ''),
    )
    .map(item => {
      const spam = spamFolder
        ? same(item.path, spamFolder) || same(item.name, spamFolder)
        : item.specialUse === '\\Junk' || spamNames.test(item.name)
      return { path: item.path, spam, arrives: spam || same(item.path, folder), status: item.status }
    })
  // INBOX is always there (RFC 9051 §5.1), listed or not.
  if (/^inbox$/i.test(folder) && !all.some(item => same(item.path, folder)))
    all.push({ path: 'INBOX', spam: false, arrives: true, status: undefined })
  all.sort((a, b) => Number(b.arrives) - Number(a.arrives))
  const marks = new Map<string, Mark>()
  for (const { path, status } of all)
    if (status?.uidNext !== undefined && status.uidValidity !== undefined)
      marks.set(path, { next: status.uidNext, validity: status.uidValidity })
  const kept = all.slice(0, atOnce ? limits.mailFolders : markedSingly)
  return { folders: kept.map(({ path, spam, arrives }) => ({ path, spam, arrives })), marks }
}

const headerValues = (raw: Buffer | undefined, names: readonly string[]): string[] => {
  const lines = (raw?.toString('latin1') ?? '').replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)
  return lines.flatMap(line => {
    const at = line.indexOf(':')
    return at > 0 && names.includes(line.slice(0, at).trim().toLowerCase()) ? [line.slice(at + 1).trim()] : []
  })
}

const addressPattern = /[^\s<>,;:"()[\]\\]+@[^\s<>,;:"()[\]\\]+/g

const mailOf = (message: FetchMessageObject, folder: Folder): BoxMail => {
  const named = headerValues(message.headers, recipientHeaders).flatMap(text => text.match(addressPattern) ?? [])
  return {
    id: String(message.uid),
    folder: folder.path,
    spam: folder.spam,
    watched: folder.arrives,
    from: (message.envelope?.from?.[0]?.address ?? '').toLowerCase(),
    subject: (message.envelope?.subject ?? '').slice(0, 500),
    to: [...new Set(named.map(text => text.toLowerCase()))].slice(0, 50),
    size: message.size ?? 0,
    receivedAt: message.internalDate ? new Date(message.internalDate).getTime() || null : null,
  }
}

/** New mails of one folder, and from where on the next ones are new. The folder is opened to read only. */
const newIn = async (
  client: ImapFlow,
  folder: Folder,
  mark: Mark | undefined,
): Promise<{ mails: BoxMail[]; mark: Mark }> => {
  const opened = await client.mailboxOpen(folder.path, { readOnly: true })
  const validity = opened.uidValidity
  const from = mark && mark.validity === validity ? mark.next : null
  let next = opened.uidNext
  // Servers that do not say which number comes next have it one above the last.
  if (!next) next = opened.exists ? ((await client.fetchOne('*', { uid: true })) || { uid: 0 }).uid + 1 : 1
  if (from === null || opened.exists === 0 || next <= from) return { mails: [], mark: { next, validity } }
  const first = Math.max(from, next - limits.newMails)
  const found = await client.fetchAll(
    `${first}:*`,
    { uid: true, envelope: true, size: true, internalDate: true, headers: recipientHeaders },
    { uid: true },
  )
  // `n:*` names the last mail even where its number is below n.
  const mails = found.filter(message => message.uid >= first).map(message => mailOf(message, folder))
  return { mails, mark: { next: Math.max(next, ...found.map(message => message.uid + 1)), validity } }
}

/** Opens a mailbox over IMAP. */
export const imapBox = async (name: string, inbox: InboxConfig, net: Network): Promise<Fact<Mailbox>> => {
  const request = imapRequest(name, inbox)
  if (!request.ok) return request
  const { folder } = request.value
  let session: ImapSession
  let folders: Folder[] = []
  const marks = new Map<string, Mark>()

  const begin = async (): Promise<Missing | null> => {
    const opened = await openImap(net, request.value)
    if (!opened.ok) return opened
    session = opened.value
    const listed = await session.run(client => foldersOf(client, folder, inbox.spamFolder), 2)
    if (!listed.ok) return listed
    folders = listed.value.folders
    // After a line that dropped, what was new before is new still.
    for (const [path, mark] of listed.value.marks) if (!marks.has(path)) marks.set(path, mark)
    const lacks = !folders.some(item => item.arrives && !item.spam)
      ? folder
      : inbox.spamFolder && !folders.some(item => item.spam)
        ? inbox.spamFolder
        : null
    if (lacks === null) return null
    await session.close()
    return missing('unsupported', `the mailbox at ${session.where} has no folder "${lacks}"`)
  }

  const look = (everywhere: boolean): Promise<Fact<BoxMail[]>> =>
    session.run(
      async client => {
        const mails: BoxMail[] = []
        for (const item of folders) {
          if (!item.arrives && !everywhere) continue
          try {
            const found = await newIn(client, item, marks.get(item.path))
            marks.set(item.path, found.mark)
            mails.push(...found.mails)
          } catch (error) {
            // A folder that cannot be opened hides nothing where no mail arrives.
            if (item.arrives || !(error as { responseStatus?: string }).responseStatus) throw error
          }
        }
        return mails
      },
      everywhere ? 4 : 2,
    )

  /** Takes the line up again where it dropped. */
  const standing = async (): Promise<Missing | null> => {
    if (!session.over()) return null
    await session.close()
    return begin()
  }

  const fault = await begin()
  if (fault) return fault
  // Opening where mail arrives tells at once what will not work later.
  const marked = await look(folders.some(item => !item.arrives && !marks.has(item.path)))
  if (!marked.ok) {
    await session!.close()
    return marked
  }

  const inFolder = async <T>(
    mail: BoxMail,
    readOnly: boolean,
    talk: (client: ImapFlow) => Promise<T>,
    deadlines: number,
  ): Promise<Fact<T>> => {
    const down = await standing()
    if (down) return down
    return session.run(async client => {
      await client.mailboxOpen(mail.folder, { readOnly })
      return talk(client)
    }, deadlines)
  }

  return observed(
    {
      where: session!.where,
      fresh: async everywhere => (await standing()) ?? look(everywhere),
      raw: async mail => {
        if (mail.size > limits.mailBytes)
          return missing('too-large', `the mail has ${Math.round(mail.size / 1024 / 1024)} MB`)
        const read = await inFolder(mail, true, client => client.fetchOne(mail.id, { source: true }, { uid: true }), 6)
        if (!read.ok) return read
        const source = read.value ? read.value.source : undefined
        return source
          ? observed(source, '')
          : missing('unreachable', `the mail is no longer in the folder ${mail.folder}`)
      },
      remove: async mail => {
        const gone = await inFolder(
          mail,
          false,
          // Without UIDPLUS an EXPUNGE would take other mails that wait for deletion along.
          client =>
            client.capabilities.has('UIDPLUS')
              ? client.messageDelete(mail.id, { uid: true })
              : client.messageFlagsAdd(mail.id, ['\\Deleted'], { uid: true }),
          2,
        )
        return gone.ok ? observed(null, '') : gone
      },
      close: () => session.close(),
    },
    '',
  )
}

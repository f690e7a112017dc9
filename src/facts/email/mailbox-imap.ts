// A mailbox over IMAP: where it is, which folders mail arrives in, what is new there, one mail as it came.
import type { FetchMessageObject, ImapFlow } from 'imapflow'
import { type Fact, type Missing, missing, observed } from '../../core/fact.ts'
import { limits } from '../../data/limits.ts'
import { splitMessage } from '../../formats/message/headers.ts'
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

const headerValues = (raw: Buffer | undefined, names: readonly string[]): string[] =>
  splitMessage(raw ?? Buffer.alloc(0))
    .fields.filter(field => names.includes(field.name))
    .map(field => field.value)

const addressPattern = /(?<![^\s<>,;:"()[\]\\])[^\s<>,;:"()[\]\\@]+@[^\s<>,;:"()[\]\\]+/g

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

/** A mailbox that is open, or was until its line dropped. */
type ImapBox = {
  net: Network
  request: ImapRequest & { folder: string }
  spamFolder: string | undefined
  session: ImapSession
  folders: Folder[]
  marks: Map<string, Mark>
}

/** What the config names and the mailbox does not have; null where nothing lacks. */
const lackingFolder = ({ request, spamFolder, folders }: ImapBox): string | null => {
  if (!folders.some(item => item.arrives && !item.spam)) return request.folder
  return spamFolder && !folders.some(item => item.spam) ? spamFolder : null
}

/** Logs in and lists the folders; `before` is the box whose line dropped. */
const begin = async (
  net: Network,
  request: ImapBox['request'],
  spamFolder: string | undefined,
  before?: ImapBox,
): Promise<Fact<ImapBox>> => {
  const opened = await openImap(net, request)
  if (!opened.ok) return opened
  const session = opened.value
  const listed = await session.run(client => foldersOf(client, request.folder, spamFolder), 2)
  if (!listed.ok) return listed
  const { folders, marks: fresh } = listed.value
  // After a line that dropped, what was new before is new still.
  const marks = new Map([...fresh, ...(before?.marks ?? [])])
  const box: ImapBox = { net, request, spamFolder, session, folders, marks }
  const lacks = lackingFolder(box)
  if (lacks === null) return observed(box, '')
  await session.close()
  return missing('unsupported', `the mailbox at ${session.where} has no folder "${lacks}"`)
}

/** New mails of the folders where mail arrives, or of all. */
const look = ({ session, folders, marks }: ImapBox, everywhere: boolean): Promise<Fact<BoxMail[]>> =>
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

/** Takes the line up again where it dropped; what keeps it down, else null. */
const reconnect = async (box: ImapBox): Promise<Missing | null> => {
  if (!box.session.over()) return null
  await box.session.close()
  const again = await begin(box.net, box.request, box.spamFolder, box)
  if (!again.ok) return again
  Object.assign(box, again.value)
  return null
}

const inFolder = async <T>(
  box: ImapBox,
  mail: BoxMail,
  readOnly: boolean,
  talk: (client: ImapFlow) => Promise<T>,
  deadlines: number,
): Promise<Fact<T>> => {
  const down = await reconnect(box)
  if (down) return down
  return box.session.run(async client => {
    await client.mailboxOpen(mail.folder, { readOnly })
    return talk(client)
  }, deadlines)
}

const rawOf = async (box: ImapBox, mail: BoxMail): Promise<Fact<Buffer>> => {
  if (mail.size > limits.mailBytes)
    return missing('too-large', `the mail has ${Math.round(mail.size / 1024 / 1024)} MB`)
  const read = await inFolder(box, mail, true, client => client.fetchOne(mail.id, { source: true }, { uid: true }), 6)
  if (!read.ok) return read
  const source = read.value ? read.value.source : undefined
  return source ? observed(source, '') : missing('unreachable', `the mail is no longer in the folder ${mail.folder}`)
}

const remove = async (box: ImapBox, mail: BoxMail): Promise<Fact<null>> => {
  // Without UIDPLUS an EXPUNGE would take other mails that wait for deletion along.
  const talk = (client: ImapFlow): Promise<boolean> =>
    client.capabilities.has('UIDPLUS')
      ? client.messageDelete(mail.id, { uid: true })
      : client.messageFlagsAdd(mail.id, ['\\Deleted'], { uid: true })
  const gone = await inFolder(box, mail, false, talk, 2)
  return gone.ok ? observed(null, '') : gone
}

/** Opens a mailbox over IMAP. */
export const imapBox = async (name: string, inbox: InboxConfig, net: Network): Promise<Fact<Mailbox>> => {
  const request = imapRequest(name, inbox)
  if (!request.ok) return request
  const opened = await begin(net, request.value, inbox.spamFolder)
  if (!opened.ok) return opened
  const box = opened.value
  // Opening where mail arrives tells at once what will not work later.
  const marked = await look(
    box,
    box.folders.some(item => !item.arrives && !box.marks.has(item.path)),
  )
  if (!marked.ok) {
    await box.session.close()
    return marked
  }
  return observed(
    {
      where: box.session.where,
      fresh: async everywhere => (await reconnect(box)) ?? look(box, everywhere),
      raw: mail => rawOf(box, mail),
      remove: mail => remove(box, mail),
      close: () => box.session.close(),
    },
    '',
  )
}

// Mailboxes of test mail servers that answer over HTTP: Mailpit (its API v1) and MailHog (its API v2). Neither has folders.
import { decodeWords } from 'postal-mime'
import { type Fact, missing, observed } from '../../core/fact.ts'
import { limits } from '../../data/limits.ts'
import type { HttpHop, HttpRequest, Network } from '../../net/network.ts'
import type { BoxMail, InboxConfig, Mailbox } from './mailbox.ts'

/** Mails of one answer; what came before the flow began is passed over. */
const pageSize = 100
const answerBytes = 40 * 1024 * 1024

type Row = Record<string, unknown>
const rowOf = (value: unknown): Row => (value && typeof value === 'object' ? (value as Row) : {})
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

type Api = {
  what: string
  list: string
  mails(answer: Row): { mail: BoxMail; key: string }[]
  raw(id: string): string
  remove(id: string): Pick<HttpRequest, 'url' | 'body' | 'headers'>
}

/** A mailbox behind an HTTP API, and which of its mails are known already. */
type HttpBox = { root: string; where: string; api: Api; inbox: InboxConfig; net: Network; known: Set<string> }

type Ask = Omit<HttpRequest, 'headers'> & { headers?: Record<string, string> }

const ask = async ({ root, where, api, inbox, net }: HttpBox, request: Ask): Promise<Fact<HttpHop>> => {
  const credentials = Buffer.from(`${inbox.user}:${inbox.password ?? ''}`).toString('base64')
  const answer = await net.http({
    ...request,
    url: `${root}${request.url}`,
    headers: {
      accept: 'application/json, text/plain, */*',
      ...(inbox.user ? { authorization: `Basic ${credentials}` } : {}),
      ...request.headers,
    },
    verify: inbox.user ? 'strict' : 'any',
    maxBytes: answerBytes,
  })
  if (!answer.ok) return answer
  const hop = answer.value.hops.at(-1)!
  if (hop.status === 401)
    return missing(inbox.user ? 'forbidden' : 'needs-credential', `${where} asks for a user and a password`)
  if (hop.status === 403) return missing('forbidden', `${where} does not let this user in`)
  if (hop.status !== 200) return missing('http-status', `${where} answers ${hop.status} where ${api.what} should be`)
  if (hop.truncated) return missing('too-large', `${where} sends more than ${answerBytes / 1024 / 1024} MB`)
  return observed(hop, '')
}

/** Mails that were not listed before; from now on they are known. */
const freshIn = async (box: HttpBox): Promise<Fact<BoxMail[]>> => {
  const answer = await ask(box, { url: box.api.list })
  if (!answer.ok) return answer
  try {
    const fresh = box.api.mails(rowOf(JSON.parse(answer.value.body))).filter(({ key }) => !box.known.has(key))
    for (const { key } of fresh) box.known.add(key)
    return observed(
      fresh.map(({ mail }) => mail),
      '',
    )
  } catch {
    return missing('malformed', `${box.where} does not answer as ${box.api.what} does`)
  }
}

const rawIn = async (box: HttpBox, mail: BoxMail): Promise<Fact<Buffer>> => {
  if (mail.size > limits.mailBytes)
    return missing('too-large', `the mail has ${Math.round(mail.size / 1024 / 1024)} MB`)
  const answer = await ask(box, { url: box.api.raw(mail.id), bytes: true })
  return answer.ok ? observed(Buffer.from(answer.value.body, 'latin1'), '') : answer
}

/** Opens the mailbox: what is listed now is passed over later. */
const open = async (base: string, api: Api, inbox: InboxConfig, net: Network): Promise<Fact<Mailbox>> => {
  const where = new URL(base).host
  const box: HttpBox = { root: base.replace(/\/+$/, ''), where, api, inbox, net, known: new Set() }
  const before = await freshIn(box)
  if (!before.ok) return before
  return observed(
    {
      where,
      fresh: () => freshIn(box),
      raw: mail => rawIn(box, mail),
      remove: async mail => {
        const answer = await ask(box, { method: 'DELETE', ...api.remove(mail.id) })
        return answer.ok ? observed(null, '') : answer
      },
      close: async () => {},
    },
    '',
  )
}

const addressIn = (value: unknown): string[] => {
  const address = textOf(rowOf(value)['Address']).toLowerCase()
  return address ? [address] : []
}

/** Mailpit: https://mailpit.axllent.org/docs/api-v1/ */
export const mailPitBox = (base: string, inbox: InboxConfig, net: Network): Promise<Fact<Mailbox>> =>
  open(
    base,
    {
      what: 'the API of Mailpit',
      list: `/api/v1/messages?start=0&limit=${pageSize}`,
      mails: answer => {
        if (!Array.isArray(answer['messages'])) throw new Error('no messages')
        return answer['messages'].map(rowOf).map(row => ({
          key: textOf(row['ID']),
          mail: {
            id: textOf(row['ID']),
            folder: 'inbox',
            spam: false,
            watched: true,
            from: addressIn(row['From'])[0] ?? '',
            subject: textOf(row['Subject']),
            to: ['To', 'Cc', 'Bcc'].flatMap(name => listOf(row[name]).flatMap(addressIn)),
            size: Number(row['Size']) || 0,
            receivedAt: Date.parse(textOf(row['Created'])) || null,
          },
        }))
      },
      raw: id => `/api/v1/message/${encodeURIComponent(id)}/raw`,
      remove: id => ({
        url: '/api/v1/messages',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ IDs: [id] }),
      }),
    },
    inbox,
    net,
  )

const plainAddress = (text: string): string => (/<([^<>]*)>\s*$/.exec(text)?.[1] ?? text).trim().toLowerCase()

/** MailHog: https://github.com/mailhog/MailHog/blob/master/docs/APIv2.md */
export const mailHogBox = (base: string, inbox: InboxConfig, net: Network): Promise<Fact<Mailbox>> =>
  open(
    base,
    {
      what: 'the API of MailHog',
      list: `/api/v2/messages?start=0&limit=${pageSize}`,
      mails: answer => {
        if (!Array.isArray(answer['items'])) throw new Error('no items')
        return answer['items'].map(rowOf).map(row => {
          const content = rowOf(row['Content'])
          const header = (name: string): string =>
            textOf(
              listOf(Object.entries(rowOf(content['Headers'])).find(([key]) => key.toLowerCase() === name)?.[1])[0],
            )
          const envelope = listOf(row['To']).map(to => `${textOf(rowOf(to)['Mailbox'])}@${textOf(rowOf(to)['Domain'])}`)
          const named = [header('to'), header('cc')].flatMap(
            text => text.match(/(?<![^\s<>,;"])[^\s<>,;"@]+@[^\s<>,;"]+/g) ?? [],
          )
          return {
            key: textOf(row['ID']),
            mail: {
              id: textOf(row['ID']),
              folder: 'inbox',
              spam: false,
              watched: true,
              from: plainAddress(header('from')),
              subject: decodeWords(header('subject')),
              to: [...new Set([...envelope, ...named].map(text => text.toLowerCase()))],
              size: Number(content['Size']) || 0,
              receivedAt: Date.parse(textOf(row['Created'])) || null,
            },
          }
        })
      },
      raw: id => `/api/v1/messages/${encodeURIComponent(id)}/download`,
      remove: id => ({ url: `/api/v1/messages/${encodeURIComponent(id)}` }),
    },
    inbox,
    net,
  )

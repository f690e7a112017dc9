// What a channel is: how a message becomes what its provider takes, and what its answer means.
import { clean } from '../../core/clean.ts'
import { type HttpRequest, headerOf, type Network } from '../../net/network.ts'
import type { MessageEvent, MonitorState } from '../store.ts'

/** A message as it goes out: links are filled in. */
export type Outgoing = {
  id: string
  event: MessageEvent
  monitor: string | null
  state: MonitorState | null
  /** ISO 8601. */
  since: string | null
  at: string
  incident: string | null
  title: string
  text: string
  /** Links of ours in the text, which must stay as they are. */
  links: readonly string[]
  dashboard: string | null
}

export type Delivery = {
  ok: boolean
  /** The provider's answer in few words; not masked yet. */
  answer: string
  /** When the provider asks us to come back. */
  retryAfterMs?: number
  /** It does not take this message, whenever it is sent. */
  isRefused?: true
  /** It takes no message for these people, whenever it is sent. */
  isFinal?: true
  /** Some have it, and these are asked again. */
  left?: readonly string[]
}

/** `left` are those whom it is still to reach where some have it already. */
export type SendWays = { net: Network; now: number; signal: AbortSignal; left?: readonly string[] | undefined }

export type Channel = {
  name: string
  kind: string
  /** Told only when nobody has acknowledged after this long. */
  afterMs: number
  deploys: boolean
  people: readonly string[]
  send(message: Outgoing, ways: SendWays): Promise<Delivery>
}

/** Every word of the text as the provider's escape makes it harmless, our own links as they are. */
export const escapeBut = (text: string, links: readonly string[], harmless: (text: string) => string): string => {
  const link = links.find(item => item !== '' && text.includes(item))
  if (link === undefined) return harmless(text)
  return text
    .split(link)
    .map(part => escapeBut(part, links, harmless))
    .join(link)
}

/** Cut by characters, not in the middle of one. */
export const cutTo = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1).toWellFormed()}…`

/** Cut by bytes of UTF-8, as some providers count. */
export const cutToBytes = (text: string, most: number): string => {
  const bytes = Buffer.from(text)
  if (bytes.length <= most) return text
  // A decoder that waits for more leaves out the character that the cut went through.
  const kept = bytes.subarray(0, most - Buffer.byteLength('…'))
  return `${new TextDecoder().decode(kept, { stream: true })}…`
}

/** Cut so that its last line with a link of ours stays: whoever is woken needs the one that acknowledges. */
export const cutAround = (
  text: string,
  most: number,
  links: readonly string[],
  cut: (text: string, most: number) => string = cutTo,
): string => {
  if (cut(text, most) === text) return text
  const kept = text.split('\n').findLast(line => links.some(link => line.endsWith(link)))
  if (kept === undefined || Buffer.byteLength(kept) > most / 2) return cut(text, most)
  const before = text.slice(0, text.lastIndexOf(kept))
  return `${cut(before, most - Buffer.byteLength(kept) - 1)}\n${kept}`
}

/** Answers to "too many requests" that name the seconds in their body: Telegram and Discord do. */
const saidSeconds = (body: string): number => {
  const seconds = /"retry_after"\s*:\s*(\d{1,6}(?:\.\d{1,6})?)/.exec(body.slice(0, 2_000))
  return Number(seconds?.[1] ?? Number.NaN)
}

const retryAfter = (value: string | null, body: string, now: number): number | undefined => {
  const seconds = value === null ? saidSeconds(body) : Number(value)
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value ?? '') - now
  return Number.isFinite(ms) && ms > 0 ? Math.min(ms, 3_600_000) : undefined
}

const refusing = new Set([400, 413, 422])

/** Words of an answer of 200 that is none: the service took the request, and could not hand it on. */
const notHandedOn = /\bdelivery failed\b/i

/** Posts once. A redirect that would lose the message, or leads into a private network, is a failure that is said. */
export const post = async (request: HttpRequest, { net, now }: SendWays): Promise<Delivery> => {
  const answer = await net.http({
    method: 'POST',
    verify: 'strict',
    maxBytes: 16_384,
    fresh: true,
    follow: 2,
    ...request,
  })
  if (!answer.ok) return { ok: false, answer: answer.message }
  const { ended, hops, next } = answer.value
  const hop = hops.at(-1)
  if (!hop) return { ok: false, answer: 'no answer' }
  if (ended !== 'answer') return { ok: false, answer: `${hop.status}, not followed: ${next?.why ?? ended}` }
  if (hop.method !== 'POST')
    return { ok: false, answer: `${hops[0]!.status} leads elsewhere, and what was sent is lost there` }
  const said = clean(`${hop.status} ${hop.body}`, 160)
  if (hop.status >= 200 && hop.status < 300) return { ok: !notHandedOn.test(said), answer: said }
  const wait = retryAfter(headerOf(hop, 'retry-after'), hop.body, now)
  return {
    ok: false,
    answer: said,
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
    ...(refusing.has(hop.status) ? { isRefused: true as const } : {}),
  }
}

export const postJson = (
  url: string,
  body: unknown,
  ways: SendWays,
  headers: Record<string, string> = {},
): Promise<Delivery> =>
  post({ url, body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } }, ways)

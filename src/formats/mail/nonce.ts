// How the mail of one trigger is told from every other: a word of ours in the address (canary+word@) or wherever the config writes
// {{nonce}}, and where neither can be, the recipient, subject, link and sender that the config names. Pure.
import { bareAddress, domainOfAddress } from './address.ts'

/** What a flow's trigger sends, as far as words can be put into it. */
export type TriggerTexts = {
  get?: string | undefined
  post?: string | undefined
  form?: Record<string, string> | undefined
  json?: unknown
  headers?: Record<string, string> | undefined
}

/** `lr` and ten letters: lower case, because addresses are lowered on their way, and told from those of other flows. */
export const noncePattern = /\blr[a-z]{10}\b/g

/** A nonce from ten random bytes. */
export const nonceFrom = (bytes: Uint8Array): string =>
  `lr${[...bytes.subarray(0, 10)].map(byte => String.fromCharCode(97 + (byte % 26))).join('')}`

const slot = /\{\{\s*nonce\s*\}\}/g
const isAddress = (text: string): boolean => /^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>".]+$/.test(text)

const mapTexts = <T>(value: T, change: (text: string) => string): T => {
  if (typeof value === 'string') return change(value) as T
  if (Array.isArray(value)) return value.map(item => mapTexts(item, change)) as T
  if (value && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTexts(item, change)])) as T
  return value
}

const textsOf = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : value && typeof value === 'object'
      ? Object.values(value).flatMap(item => textsOf(item))
      : []

const withTag = (address: string, nonce: string): string => {
  const at = address.lastIndexOf('@')
  const local = address.slice(0, at)
  return `${local}${local.includes('+') ? '-' : '+'}${nonce}${address.slice(at)}`
}

/** The trigger with the nonce in it. `plus`: it may go into addresses, where the config names no place. `placed`: it went somewhere. */
export const placeNonce = (
  trigger: TriggerTexts,
  nonce: string,
  plus: boolean,
): { trigger: TriggerTexts; placed: 'template' | 'address' | null; addresses: string[] } => {
  const whole = { ...trigger }
  const sent = { form: trigger.form, json: trigger.json }
  const templated = textsOf(whole).some(text => text.search(slot) !== -1)
  if (templated) {
    const filled = mapTexts(whole, text => text.replace(slot, nonce))
    return { trigger: filled, placed: 'template', addresses: addressesOf(filled) }
  }
  if (plus && textsOf(sent).some(isAddress)) {
    const tag = (text: string): string => (isAddress(text) ? withTag(text, nonce) : text)
    const filled = { ...whole, form: mapTexts(trigger.form, tag), json: mapTexts(trigger.json, tag) }
    return { trigger: filled, placed: 'address', addresses: addressesOf(filled) }
  }
  return { trigger: whole, placed: null, addresses: addressesOf(whole) }
}

const addressesOf = (trigger: TriggerTexts): string[] => [
  ...new Set(
    textsOf({ form: trigger.form, json: trigger.json })
      .filter(isAddress)
      .map(text => text.toLowerCase()),
  ),
]

/** A text of the config with the nonce where it names it. */
export const fillNonce = (text: string, nonce: string): string => text.replace(slot, nonce)

/** What is known of the mail that is waited for. */
export type WantedMail = {
  /** Null where the trigger had no place for it. */
  nonce: string | null
  addresses: readonly string[]
  subject?: string | undefined
  link?: string | undefined
  from?: string | undefined
}

export type SeenMail = { from: string; subject: string; to: readonly string[] }

/** `a+tag@b` → `a@b`. */
const untagged = (address: string): string => address.toLowerCase().replace(/\+[^@]*@/, '@')

/** Whether a From address is the one that is expected: an address, `Name <address>`, or a domain and what is below it. */
export const isFrom = (from: string, expected: string): boolean => {
  const wanted = bareAddress(expected).trim().toLowerCase()
  if (wanted.includes('@') && !wanted.startsWith('@')) return from.toLowerCase() === wanted
  const domain = domainOfAddress(from)
  const end = wanted.replace(/^@/, '')
  return domain === end || domain?.endsWith(`.${end}`) === true
}

/**
 * How well a mail fits: `sure` by the nonce, `fits` by everything that the config names, `perhaps` by all but the sender or the
 * link, `no`.
 * `body` is the mail's text, null while it was not read.
 */
export const mailFits = (
  mail: SeenMail,
  body: string | null,
  wanted: WantedMail,
): 'sure' | 'fits' | 'perhaps' | 'no' => {
  const head = `${mail.to.join(' ')} ${mail.subject}`.toLowerCase()
  if (wanted.nonce !== null && (head.includes(wanted.nonce) || body?.includes(wanted.nonce))) return 'sure'
  // Another flow's.
  if (head.search(noncePattern) !== -1) return 'no'
  const to = mail.to.map(untagged)
  if (wanted.addresses.length && to.length && !wanted.addresses.some(address => to.includes(untagged(address))))
    return 'no'
  if (wanted.subject !== undefined && !mail.subject.toLowerCase().includes(wanted.subject.toLowerCase())) return 'no'
  // The link may be missing, or stand behind a service that counts clicks: then it is the flow's when no other mail is.
  if (wanted.subject === undefined && wanted.link !== undefined) return body?.includes(wanted.link) ? 'fits' : 'perhaps'
  if (wanted.subject !== undefined || wanted.from === undefined || isFrom(mail.from, wanted.from)) return 'fits'
  return 'perhaps'
}

/** Whether mail to a flow's address may be tagged: only a sign-up takes an address that nobody has yet. */
export const isSignup = (name: string, kind: string | undefined): boolean =>
  kind === 'signup' || (kind === undefined && /sign.?up|regist|trial|invit|wait.?list|subscrib/i.test(name))

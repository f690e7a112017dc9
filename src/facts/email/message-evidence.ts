// What one real message proves: who sent it and whether that can be verified, its form, and where its links lead. The raw message
// is never kept; recipients, subjects and tokens do not leave this file.
import PostalMime from 'postal-mime'
import { readHtml } from '../../formats/html.ts'
import { domainOfAddress } from '../../formats/mail-address.ts'
import { fieldValue, splitMessage } from '../../formats/message-headers.ts'
import type { SpfResult } from '../../formats/spf-evaluate.ts'
import type { CollectContext } from '../definition.ts'

/** What is known about a message from elsewhere. */
export type MessageAbout = {
  /** Address that From is to bear. */
  expectedFrom?: string
  /** Text that the URL of the expected link contains (`/reset`). */
  expectedLink?: string
  /** Hosts of the product. */
  canonicalHosts: string[]
  /** Sent in bulk; where it is not said, the header tells (List-Id, Precedence). */
  bulk?: boolean
  /**
   * Whether links that may hold a one-time token are followed. Plain links are asked for either way; links that unsubscribe,
   * delete or cancel never; the expected link only with this.
   */
  followLinks: boolean
  /** Where the message does not tell: address of the server that delivered it, its HELO, the envelope sender. */
  ip?: string
  helo?: string
  sender?: string
}

/** One DKIM signature. `unknown`: the key could not be looked up. `weak`: it verifies, but receivers refuse its algorithm or key. */
export type MessageSignature = {
  domain: string
  selector: string
  algorithm: string
  result: 'pass' | 'fail' | 'weak' | 'unknown'
  /** Why it does not pass, in words; for a pass what is notable of it. */
  reason: string
  /** Name of the key record. */
  keyName: string
  /** What is wrong: names the fix. */
  fault:
    | 'none'
    | 'key-missing'
    | 'key-revoked'
    | 'key-unusable'
    | 'body'
    | 'signature'
    | 'malformed'
    | 'expired'
    | 'weak'
    | 'dns'
  bits: number | null
  aligned: boolean | null
  /** The key record says `t=y`. */
  testing: boolean
}

export type MessageSpf = {
  /** `unknown`: not told by the message, or not by DNS; `reason` says which. */
  result: SpfResult | 'unknown'
  reason: string
  ip: string | null
  /** Where the address stands: `option`, `received-spf`, `authentication-results`, `received`. */
  ipFrom: string | null
  helo: string | null
  /** The domain that was judged: of the envelope sender, or of HELO for a bounce. */
  domain: string | null
  /** True for an empty envelope sender. */
  bounce: boolean
  mechanism: string | null
  aligned: boolean | null
  /** The SPF record that was found there. */
  record: string | null
  /** The message was forwarded, and passed where it was received first. */
  forwarded: boolean
}

export type MessageDmarc = {
  /** `none`: no record applies. */
  result: 'pass' | 'fail' | 'none' | 'unknown'
  reason: string
  organizational: string | null
  record: string | null
  policy: 'none' | 'quarantine' | 'reject'
}

export type MessageArc = { result: 'none' | 'pass' | 'fail' | 'unknown'; sets: number; reason: string }

export type MessageLink = {
  /** Values of the query and what looks like a token are shown as `…`. */
  url: string
  host: string
  text: string
  where: 'link' | 'image' | 'text' | 'unsubscribe'
  /** What is wrong with the address itself. */
  faults: ('insecure' | 'local' | 'private' | 'preview' | 'host-mismatch' | 'tracking-foreign' | 'malformed')[]
  /** Host that its text shows, where it shows another. */
  shown: string | null
  state: 'works' | 'dead' | 'untold' | 'not-followed'
  /** 0 where there was no answer. */
  status: number
  message: string
  /** Where following it ended. */
  endedAt: { url: string; host: string; status: number } | null
  /** It is the link that was expected. */
  expected: boolean
}

export type MessageEvidence = {
  size: number
  from: {
    address: string | null
    domain: string | null
    /** Why From cannot be used; null when it can. */
    problem: string | null
    /** Whether it is the expected address; null where none was expected. */
    expected: boolean | null
  }
  messageId: { value: string | null; problem: string | null }
  date: { value: string | null; iso: string | null; problem: string | null }
  /** How the final server was reached. `tls` null: the message does not tell. */
  delivery: { by: string | null; from: string | null; protocol: string | null; tls: boolean | null; at: string | null }
  spf: MessageSpf
  dkim: MessageSignature[]
  dmarc: MessageDmarc
  arc: MessageArc
  /** What the receiver itself wrote down: `{ by, method: 'spf', result: 'pass', detail }`. */
  stated: { by: string; method: string; result: string; detail: string }[]
  bulk: { is: boolean; why: string }
  unsubscribe: {
    present: boolean
    https: boolean
    mailto: boolean
    oneClick: boolean
    /** Both fields are under a signature that passes; null where none passes or there is nothing to sign. */
    signed: boolean | null
    /** A link or a sentence in the body offers it. */
    inBody: boolean
  }
  content: {
    text: boolean
    html: boolean
    calendar: boolean
    /** Bytes of the decoded HTML. */
    htmlBytes: number
    parts: number
    placeholders: { found: string; where: 'subject' | 'text' | 'html' }[]
  }
  links: MessageLink[]
  /** How many links were not looked at, for their number. */
  linksLeftOut: number
  /** The link that was expected; null where none was, or it is not there. */
  expectedLink: MessageLink | null
  canonicalHosts: string[]
  /** What was left out or put right while reading. */
  notes: string[]
}

export type MessageContext = Pick<CollectContext, 'net' | 'now' | 'target' | 'signal' | 'timeoutMs'>

/** Judges a message as it arrived. Never throws for what stands in it; DNS failures are `unknown`, never a fault. */
export const gatherMessage = async (
  raw: Buffer,
  about: MessageAbout,
  context: MessageContext,
): Promise<MessageEvidence> => {
  const parts = splitMessage(raw)
  const mail = await PostalMime.parse(raw, { forceRfc822Attachments: true })
  const from = mail.from && 'address' in mail.from ? (mail.from.address ?? null) : null
  const links = (mail.html === undefined ? [] : readHtml(mail.html, 'https://mail.invalid/').links).map(
    (link): MessageLink => ({
      url: link.url.replace(/\?.*/s, '?…'),
      host: URL.canParse(link.url) ? new URL(link.url).hostname : '',
      text: link.text.slice(0, 80),
      where: 'link',
      faults: [],
      shown: null,
      state: 'not-followed',
      status: 0,
      message: 'not followed',
      endedAt: null,
      expected: about.expectedLink !== undefined && link.url.includes(about.expectedLink),
    }),
  )
  const notTold = 'not judged'
  const date = fieldValue(parts, 'date')
  const at = date === null ? Number.NaN : Date.parse(date)
  return {
    size: raw.length,
    from: {
      address: from,
      domain: domainOfAddress(from),
      problem: from ? null : 'From names no address',
      expected: about.expectedFrom === undefined ? null : from?.toLowerCase() === about.expectedFrom.toLowerCase(),
    },
    messageId: {
      value: fieldValue(parts, 'message-id'),
      problem: fieldValue(parts, 'message-id') ? null : 'there is no Message-ID',
    },
    date: { value: date, iso: Number.isNaN(at) ? null : new Date(at).toISOString(), problem: null },
    delivery: { by: null, from: null, protocol: null, tls: null, at: context.now() },
    spf: {
      result: 'unknown',
      reason: notTold,
      ip: null,
      ipFrom: null,
      helo: null,
      domain: null,
      bounce: false,
      mechanism: null,
      aligned: null,
      record: null,
      forwarded: false,
    },
    dkim: [],
    dmarc: { result: 'unknown', reason: notTold, organizational: null, record: null, policy: 'none' },
    arc: { result: 'unknown', sets: 0, reason: notTold },
    stated: [],
    bulk: { is: about.bulk === true, why: '' },
    unsubscribe: { present: false, https: false, mailto: false, oneClick: false, signed: null, inBody: false },
    content: {
      text: (mail.text ?? '').trim() !== '',
      html: mail.html !== undefined,
      calendar: false,
      htmlBytes: Buffer.byteLength(mail.html ?? ''),
      parts: 0,
      placeholders: [],
    },
    links,
    linksLeftOut: 0,
    expectedLink: links.find(link => link.expected) ?? null,
    canonicalHosts: about.canonicalHosts,
    notes: parts.notes,
  }
}

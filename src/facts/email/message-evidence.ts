// What one real message proves: who sent it and whether that can be verified, its form, and where its links lead. The raw message
// is never kept; recipients, subjects and tokens do not leave this file.
import type { SignatureFault } from '../../formats/dkim/signature.ts'
import { readContent } from '../../formats/message/content.ts'
import { bulkSign, readDate, readFrom, readMessageId, readUnsubscribe } from '../../formats/message/fields.ts'
import { splitMessage } from '../../formats/message/headers.ts'
import { messageLinks } from '../../formats/message/links.ts'
import { messagePath } from '../../formats/message/path.ts'
import { isInternal } from '../../formats/message/received.ts'
import type { SpfResult } from '../../formats/spf/evaluate.ts'
import type { CollectContext } from '../definition.ts'
import { authenticate, statedOf } from './message-authenticity.ts'
import { followLinks } from './message-links.ts'

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
  fault: SignatureFault
  bits: number | null
  aligned: boolean | null
  /** The key record says `t=y`. */
  testing: boolean
  /** Bytes of the body that it leaves open (l=). */
  uncovered: number
  /** Where the key that it was made with stands instead, and its record; null where it was not found elsewhere. */
  misplaced: { name: string; text: string } | null
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
  /** The record that applies, and the domain that it stands at. */
  record: string | null
  at: string | null
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
  /** The mail service whose host it is. */
  service: string | null
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
    placeholders: { found: string; where: 'subject' | 'text' | 'html' | 'link' }[]
    /** Why the parts could not be read; null when they could. */
    problem: string | null
  }
  links: MessageLink[]
  /** How many links were not looked at, for their number. */
  linksLeftOut: number
  /** Text that the URL of a link was expected to contain; null where none was. */
  wantedLink: string | null
  /** The link that was expected; null where none was, or it is not there. */
  expectedLink: MessageLink | null
  canonicalHosts: string[]
  /** What was left out or put right while reading. */
  notes: string[]
}

export type MessageContext = Pick<CollectContext, 'net' | 'now' | 'target' | 'signal' | 'timeoutMs'>

const offer =
  /unsubscribe|opt[ -]?out|manage (?:your )?(?:email )?preferences|abmelden|abbestellen|austragen|désabonner|désinscri|darse de baja|cancelar (?:la )?suscripci|cancelar inscri|annulla (?:l.)?iscrizione|disiscri|uitschrijven|afmelden|avregistrera|afmeld|odhlásit|wypisz|отпис|配信停止|退订|구독 ?취소/i

/** Judges a message as it arrived. Never throws for what stands in it; DNS failures are `unknown`, never a fault. */
export const gatherMessage = async (
  raw: Buffer,
  about: MessageAbout,
  context: MessageContext,
): Promise<MessageEvidence> => {
  const parts = splitMessage(raw)
  const path = messagePath(parts)
  const from = readFrom(parts)
  const now = Date.parse(context.now())
  const arrived = path.arrived === null || Date.parse(path.arrived) > now + 86_400_000 ? null : Date.parse(path.arrived)
  const content = readContent(parts)
  const unsubscribe = readUnsubscribe(parts)
  const found = messageLinks(content.html, content.text ?? '', unsubscribe.https, {
    from: from.domain,
    canonicalHosts: about.canonicalHosts,
  })
  const rewritten = found.some(link => link.rewritten)
  const [authenticity, { links, leftOut }] = await Promise.all([
    authenticate({ parts, path, from: from.problem ? null : from.domain, about, now, arrived, rewritten }, context),
    followLinks(found, about, from.domain, context),
  ])
  const { covered, ...judged } = authenticity
  const sign = bulkSign(parts)
  return {
    size: raw.length,
    from: {
      ...from,
      expected: about.expectedFrom === undefined ? null : sameSender(from.address, about.expectedFrom),
    },
    messageId: readMessageId(parts),
    date: readDate(parts, arrived, now),
    delivery: {
      by: path.border?.by ?? null,
      from: path.border?.reverse ?? path.border?.helo ?? null,
      protocol: path.border?.protocol ?? null,
      tls: path.border?.ip && !isInternal(path.border.ip) ? path.border.tls : null,
      at: path.arrived,
    },
    ...judged,
    stated: statedOf(path),
    bulk:
      about.bulk === undefined ? { is: sign !== null, why: sign ?? '' } : { is: about.bulk, why: 'as the config says' },
    unsubscribe: {
      present: unsubscribe.present,
      https: unsubscribe.https.length > 0,
      mailto: unsubscribe.mailto,
      oneClick: unsubscribe.oneClick,
      signed:
        unsubscribe.present && covered
          ? ['list-unsubscribe', 'list-unsubscribe-post'].every(name => covered.includes(name))
          : null,
      inBody:
        found.some(
          link => (link.where === 'link' || link.where === 'text') && offer.test(`${link.href} ${link.text}`),
        ) || offer.test(`${content.text ?? ''} ${content.html?.text ?? ''}`),
    },
    content: {
      text: content.text !== null,
      html: content.html !== null,
      calendar: content.calendar,
      htmlBytes: content.htmlBytes,
      parts: content.parts,
      placeholders: content.placeholders,
      problem: content.problem,
    },
    links,
    linksLeftOut: leftOut,
    wantedLink: about.expectedLink ?? null,
    expectedLink: links.find(link => link.expected) ?? null,
    canonicalHosts: about.canonicalHosts,
    notes: [
      ...parts.notes,
      ...(rewritten ? ['links were rewritten by the receiver; they were read as they had been'] : []),
    ],
  }
}

/** Whether From is the address that was expected; a bare domain stands for any address of it. */
const sameSender = (address: string | null, expected: string): boolean => {
  const wanted = (/<([^<>]+)>/.exec(expected)?.[1] ?? expected).trim().toLowerCase()
  const seen = address?.toLowerCase() ?? ''
  return wanted.includes('@') ? seen === wanted : seen.endsWith(`@${wanted}`)
}

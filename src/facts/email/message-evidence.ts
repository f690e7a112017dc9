// What one real message proves: who sent it and whether that can be verified, its form, and where its links lead. The raw message
// is never kept; recipients, subjects and tokens do not leave this file.
import { type MessageContent, readContent } from '../../formats/message/content.ts'
import type { MessageEvidence } from '../../formats/message/evidence.ts'
import {
  bulkSign,
  readDate,
  readFrom,
  readMessageId,
  readUnsubscribe,
  type Unsubscribe,
} from '../../formats/message/fields.ts'
import { type MessageParts, splitMessage } from '../../formats/message/headers.ts'
import { type FoundLink, messageLinks } from '../../formats/message/links.ts'
import { type MessagePath, messagePath } from '../../formats/message/path.ts'
import { isInternal } from '../../formats/message/received.ts'
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

export type MessageContext = Pick<CollectContext, 'net' | 'now' | 'target' | 'signal' | 'timeoutMs'>

const offer =
  /unsubscribe|opt[ -]?out|manage (?:your )?(?:email )?preferences|abmelden|abbestellen|austragen|désabonner|désinscri|darse de baja|cancelar (?:la )?suscripci|cancelar inscri|annulla (?:l.)?iscrizione|disiscri|uitschrijven|afmelden|avregistrera|afmeld|odhlásit|wypisz|отпис|配信停止|退订|구독 ?취소/i

/** How the final server was reached, as the border of the path says. */
const deliveryOf = ({ border, arrived }: MessagePath): MessageEvidence['delivery'] => ({
  by: border?.by ?? null,
  from: border?.reverse ?? border?.helo ?? null,
  protocol: border?.protocol ?? null,
  tls: border?.ip && !isInternal(border.ip) ? border.tls : null,
  at: arrived,
})

/** Whether it is bulk mail: as the config says, else as the header tells. */
const bulkOf = (parts: MessageParts, stated: boolean | undefined): MessageEvidence['bulk'] => {
  if (stated !== undefined) return { is: stated, why: 'as the config says' }
  const sign = bulkSign(parts)
  return { is: sign !== null, why: sign ?? '' }
}

/** Ways to unsubscribe, in the header and in the body. `covered`: fields under a signature that passes; null without one. */
const unsubscribeOf = (
  { present, https, mailto, oneClick }: Unsubscribe,
  content: MessageContent,
  found: readonly FoundLink[],
  covered: readonly string[] | null,
): MessageEvidence['unsubscribe'] => {
  const offered = found.filter(link => link.where === 'link' || link.where === 'text')
  return {
    present,
    https: https.length > 0,
    mailto,
    oneClick,
    signed:
      present && covered ? ['list-unsubscribe', 'list-unsubscribe-post'].every(name => covered.includes(name)) : null,
    inBody:
      offered.some(link => offer.test(`${link.href} ${link.text}`)) ||
      offer.test(`${content.text ?? ''} ${content.html?.text ?? ''}`),
  }
}

const contentOf = ({ text, html, ...content }: MessageContent): MessageEvidence['content'] => ({
  text: text !== null,
  html: html !== null,
  calendar: content.calendar,
  htmlBytes: content.htmlBytes,
  parts: content.parts,
  placeholders: content.placeholders,
  problem: content.problem,
})

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
  const wanted = about.expectedFrom
  return {
    size: raw.length,
    from: { ...from, expected: wanted === undefined ? null : sameSender(from.address, wanted) },
    messageId: readMessageId(parts),
    date: readDate(parts, arrived, now),
    delivery: deliveryOf(path),
    ...judged,
    stated: statedOf(path),
    bulk: bulkOf(parts, about.bulk),
    unsubscribe: unsubscribeOf(unsubscribe, content, found, covered),
    content: contentOf(content),
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

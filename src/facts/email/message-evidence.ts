// What one real message proves: who sent it and whether that can be verified, its form, and where its links lead. The raw message
// is never kept; recipients, subjects and tokens do not leave this file.
import { readContent } from '../../formats/message/content.ts'
import type { MessageEvidence } from '../../formats/message/evidence.ts'
import { bulkSign, readDate, readFrom, readMessageId, readUnsubscribe } from '../../formats/message/fields.ts'
import { splitMessage } from '../../formats/message/headers.ts'
import { messageLinks } from '../../formats/message/links.ts'
import { messagePath } from '../../formats/message/path.ts'
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

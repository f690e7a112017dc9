// The name that a sender's mail comes from, and whether it takes replies.
import { blocker, defineCheck, high, medium, pass } from '../../core/check.ts'
import { recordsEvidence, textEvidence } from '../../core/evidence.ts'
import { changesFix, manual } from '../../core/fixes.ts'
import { personalMailboxDomains } from '../../data/personal-mailboxes.ts'
import { domainOfAddress } from '../../formats/mail/address.ts'

type Data = { sender: string; from: string; domain: string }

const noReply = /^(no|do[-_.]?not)[-_.]?reply/

const closed = { mx: [], nullMx: true, exists: true, problem: null }

export default defineCheck<Data>()({
  id: 'sender-identity',
  stage: 'email',
  on: 'sender',
  title: 'Mail comes from a name of yours that takes replies',
  why: 'Mail in the name of gmail.com or outlook.com that did not come from there fails DMARC, and receivers refuse it or file it as spam. Receivers distrust a From domain that cannot take a reply (RFC 7505). Newsletters and password mails from one name share one reputation: a campaign that readers report as spam lowers it for both.',
  impact: { journey: 'email', owner: 'Your mails are refused, or customers who answer get an error.' },
  needs: ['senderMail'],
  signals: ['never-verified'],
  outcomes: {
    'personal-mailbox': blocker(
      '{sender} sends from {from}, a personal mailbox domain',
      ({ sender, domain }) => {
        const step = `Set From of ${sender} to an address of ${domain}, and set up SPF and DKIM for it`
        return changesFix('Send from your own domain', [manual(step)], 30)
      },
      { why: 'Receivers refuse or file as spam what claims to come from a mailbox provider and did not.' },
    ),
    'no-reply-without-mail': medium(
      '{sender} sends from a no-reply name without mailbox',
      ({ from }) => {
        const step = `Send from an address that somebody reads, or publish MX records for ${from}`
        return changesFix('Let replies arrive', [manual(step)], 20)
      },
      { why: 'Whoever answers gets an error, and receivers trust a name less that takes no mail.' },
    ),
    'reply-bounces': high(
      'Replies to {sender} bounce: {from} takes no mail',
      ({ from }) => {
        const step = `Publish MX records for ${from}, or use a From address in a domain that has them`
        return changesFix('Let replies arrive', [manual(step)], 20)
      },
      { why: 'Customers who answer get an error.' },
    ),
    'mixed-streams': medium(
      'Newsletters and account mails share the name {from}',
      ({ domain }) => {
        const step = `Send marketing mail from a subdomain (news.${domain}) with SPF, DKIM and DMARC of its own`
        return changesFix('Give newsletters a name of their own', [manual(step)], 60)
      },
      { why: 'When readers report a newsletter as spam, receivers trust account mails of the same name less.' },
    ),
    'own-domain': pass('{sender} sends from your own domain'),
  },
  references: [
    'https://support.google.com/a/answer/81126',
    'https://www.rfc-editor.org/rfc/rfc7505#section-4.2',
    'https://www.m3aawg.org/documents/en/m3aawg-sending-domains-best-common-practices',
  ],
  judge: ({ senderMail: { name: sender, from, local, replies } }, { target: { domain, senders } }) => {
    const data = { sender, from, domain: domain ?? from }
    const stream = senders.find(item => item.name === sender)?.stream
    const isRival = (item: (typeof senders)[number]): boolean =>
      item.name !== sender &&
      item.stream !== undefined &&
      item.stream !== stream &&
      (domainOfAddress(item.from) ?? data.domain) === from
    // Reported once, at the sender that carries the marketing mail.
    const rivals = stream === 'marketing' ? senders.filter(isRival) : []
    const records = replies.mx.join(', ') || (replies.nullMx ? '0 . (takes no mail)' : '')
    const evidence = [
      textEvidence('From', `${local ?? '…'}@${from}`),
      ...recordsEvidence(from, 'MX', records ? [records] : []),
    ]
    if (personalMailboxDomains.has(from)) return { outcome: 'personal-mailbox', data, evidence }
    const bounces = replies.problem === null && replies.mx.length === 0
    const refused = noReply.test(local ?? '') ? ('no-reply-without-mail' as const) : ('reply-bounces' as const)
    const shared = textEvidence('shared with', rivals.map(item => item.name).join(', '))
    const list = [
      ...(bounces ? [{ outcome: refused, data, evidence }] : []),
      ...(rivals.length ? [{ outcome: 'mixed-streams' as const, data, evidence: [...evidence, shared] }] : []),
    ]
    if (list.length) return list
    if (replies.problem !== null)
      return { unknown: `the mail servers of ${from} could not be asked for`, couldBe: 'high' }
    return { outcome: 'own-domain', data, evidence }
  },
  examples: [
    { name: 'an address of the domain', facts: {}, expect: 'own-domain' },
    {
      name: 'a Gmail address',
      facts: { senderMail: { from: 'gmail.com', local: 'coachdash' } },
      expect: 'personal-mailbox',
    },
    { name: 'a name that takes no mail', facts: { senderMail: { replies: closed } }, expect: 'reply-bounces' },
    {
      name: 'no reply wanted',
      facts: { senderMail: { local: 'no-reply', replies: closed } },
      expect: 'no-reply-without-mail',
    },
  ],
})

import { defineCheck } from '../../core/check.ts'
import { personalMailboxDomains } from '../../data/personal-mailboxes.ts'
import { domainOfAddress } from '../../formats/mail/address.ts'
import { evidence, manual, recordFix } from './mail-records.ts'
import { exampleSender } from './sender-examples.ts'

type Data = { sender: string; from: string; domain: string; others: string }

export default defineCheck<Data>()({
  id: 'sender-identity',
  stage: 'email',
  on: 'sender',
  title: 'Mail comes from a name of yours that takes replies',
  why: 'Nobody may send a product’s mail from gmail.com or outlook.com: their owners publish a DMARC policy that you cannot meet. Receivers distrust a From domain that cannot take a reply (RFC 7505). Newsletters and password mails from one name share one reputation: a bad campaign takes the reset mails with it.',
  impact: { journey: 'email', owner: 'Your mails are refused, or customers who answer get an error.' },
  needs: ['senderMail'],
  signals: ['never-verified'],
  outcomes: {
    'personal-mailbox': {
      status: 'fail',
      severity: 'blocker',
      title: '{sender} sends from {from}, a personal mailbox domain',
      fix: held =>
        recordFix(
          'Send from your own domain',
          [manual(`Set From of ${held.sender} to an address of ${held.domain}, and set up SPF and DKIM for it`)],
          30,
        ),
    },
    'no-reply-without-mail': {
      status: 'fail',
      severity: 'medium',
      title: '{sender} sends from a no-reply name without mailbox',
      fix: held =>
        recordFix(
          'Let replies arrive',
          [manual(`Send from an address that somebody reads, or publish MX records for ${held.from}`)],
          20,
        ),
    },
    'reply-bounces': {
      status: 'fail',
      severity: 'high',
      title: 'Replies to {sender} bounce: {from} takes no mail',
      fix: held =>
        recordFix(
          'Let replies arrive',
          [manual(`Publish MX records for ${held.from}, or use a From address in a domain that has them`)],
          20,
        ),
    },
    'mixed-streams': {
      status: 'fail',
      severity: 'medium',
      title: 'Newsletters and account mails share the name {from}',
      fix: held =>
        recordFix(
          'Give newsletters a name of their own',
          [manual(`Send marketing mail from a subdomain (news.${held.domain}) with SPF, DKIM and DMARC of its own`)],
          60,
        ),
    },
    'own-domain': { status: 'pass', title: '{sender} sends from your own domain' },
  },
  references: [
    'https://support.google.com/a/answer/81126',
    'https://www.rfc-editor.org/rfc/rfc7505#section-4.2',
    'https://www.m3aawg.org/documents/en/m3aawg-sending-domains-best-common-practices',
  ],
  judge: ({ senderMail: mail }, { target }) => {
    const domain = target.domain ?? mail.from
    const mine = target.senders.find(item => item.name === mail.name)
    const rivals = target.senders.filter(
      item =>
        item.name !== mail.name &&
        item.stream &&
        mine?.stream &&
        item.stream !== mine.stream &&
        (domainOfAddress(item.from) ?? domain) === mail.from,
    )
    const data = { sender: mail.name, from: mail.from, domain, others: rivals.map(item => item.name).join(', ') }
    const seen = [
      evidence('From', `${mail.local ?? '…'}@${mail.from}`),
      evidence(
        `${mail.from} MX`,
        mail.replies.mx.join(', ') || (mail.replies.nullMx ? '0 . (takes no mail)' : 'no such record'),
      ),
    ]
    const list = []
    if (personalMailboxDomains.has(mail.from)) return { outcome: 'personal-mailbox', data, evidence: seen }
    const closed = mail.replies.problem === null && mail.replies.mx.length === 0
    const noReply = /^(no|do[-_.]?not)[-_.]?reply/.test(mail.local ?? '')
    if (closed)
      list.push({
        outcome: noReply ? ('no-reply-without-mail' as const) : ('reply-bounces' as const),
        data,
        evidence: seen,
      })
    // Told once, at the sender that carries the marketing mail.
    if (rivals.length && mine?.stream === 'marketing')
      list.push({ outcome: 'mixed-streams' as const, data, evidence: [...seen, evidence('shared with', data.others)] })
    if (list.length) return list
    if (mail.replies.problem !== null)
      return { unknown: `the mail servers of ${mail.from} could not be asked for`, couldBe: 'high' }
    return { outcome: 'own-domain', data, evidence: seen }
  },
  examples: [
    { name: 'an address of the domain', facts: { senderMail: exampleSender() }, expect: 'own-domain' },
    {
      name: 'a Gmail address',
      facts: { senderMail: exampleSender({ from: 'gmail.com', local: 'coachdash' }) },
      expect: 'personal-mailbox',
    },
  ],
})

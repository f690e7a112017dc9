// Whether each sender authenticates as the domain in From.
import { defineCheck, high, low, pass } from '../../core/check.ts'
import { textEvidence } from '../../core/evidence.ts'
import { unsigned } from '../../facts/email/sender-mail.example.ts'
import type { SenderMail } from '../../facts/email/sender-mail.ts'
import { spfAligns } from '../../formats/dmarc/alignment.ts'
import { type AlignmentData, alignSender, setupOf } from './transport-fixes.ts'

const evidenceOf = (mail: SenderMail, spf: boolean | null) => {
  const bounces = mail.envelope === null ? 'a domain of the provider' : `${mail.envelope} (${mail.known})`
  const passes = `passes and aligns (${mail.aspf === 's' ? 'strict' : 'relaxed'})`
  return [
    textEvidence('From', mail.from),
    textEvidence('bounces go to', bounces),
    textEvidence('SPF', spf === null ? 'not known' : spf ? passes : 'does not authenticate your domain'),
    ...mail.dkim.map(item =>
      textEvidence(item.name, item.usable ? 'key there; aligns' : (item.problem ?? 'no usable key')),
    ),
    ...(mail.dkim.length ? [] : [textEvidence('DKIM', 'no selector is known')]),
  ]
}

const target = { domain: 'coachdash.example' }

export default defineCheck<AlignmentData>()({
  id: 'dmarc-alignment',
  stage: 'email',
  on: 'sender',
  title: 'Each sender authenticates as your domain',
  why: 'DMARC passes when SPF passes for a bounce domain, or DKIM for a signing domain, that belongs to the domain in From: the same organizational domain (relaxed), or the very same name (strict). A provider that bounces to a domain of its own passes SPF for itself, not for you. DKIM survives forwarding; SPF alone does not.',
  impact: {
    journey: 'email',
    owner:
      'Mail of this sender counts as forged: under a policy of quarantine or reject it is filed as spam or refused.',
  },
  needs: ['senderMail'],
  signals: ['emails-fail', 'never-verified', 'mail-lost'],
  outcomes: {
    none: high('Mail of {sender} counts as forged', alignSender),
    'spf-only': low('Mail of {sender} fails when it is forwarded', alignSender, {
      why: 'Where a reader has mail forwarded, SPF fails, and nothing else proves that the mail is yours.',
    }),
    'dkim-only': pass('{sender} signs as your domain'),
    both: pass('{sender} passes SPF and DKIM as your domain'),
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc9989#section-4.4',
    'https://www.rfc-editor.org/rfc/rfc9989#section-4.10.2',
  ],
  judge: ({ senderMail: mail }, { target }) => {
    const { name, from, dkim } = mail
    if (target.domain && from !== target.domain && !from.endsWith(`.${target.domain}`))
      return { skip: `${name} does not send from ${target.domain}` }
    const data = { sender: name, from, step: setupOf(mail) }
    const spf = spfAligns(mail)
    const evidence = evidenceOf(mail, spf)
    if (dkim.some(item => item.usable)) return { outcome: spf === true ? 'both' : 'dkim-only', data, evidence }
    if (dkim.some(item => item.problem !== null))
      return { unknown: `the keys of ${name} could not be asked for`, couldBe: 'blocker' }
    if (spf === true) return { outcome: 'spf-only', data, evidence }
    if (spf === null && mail.spf.problem !== null)
      return { unknown: `SPF of ${mail.envelope} could not be asked for: ${mail.spf.problem}`, couldBe: 'blocker' }
    // Nothing in the config and nothing in the table: DNS alone cannot tell how this sender signs.
    if (mail.provider === null && dkim.length === 0 && mail.known === null)
      return { unknown: `say how ${name} authenticates: email.senders[].dkim or returnPath`, couldBe: 'blocker' }
    return {
      outcome: 'none',
      data,
      evidence: [...evidence, textEvidence('policy', mail.policy)],
      ...(mail.policy === 'none' ? {} : { severity: 'blocker' as const }),
    }
  },
  examples: [
    { name: 'SPF and DKIM of the domain', target, facts: {}, expect: 'both' },
    { name: 'SPF alone', target, facts: { senderMail: { dkim: [] } }, expect: 'spf-only' },
    { name: 'bounces to the provider, no key', target, facts: { senderMail: unsigned }, expect: 'none' },
  ],
})

import { defineCheck } from '../../core/check.ts'
import { mailProviders } from '../../data/mail-providers.ts'
import type { SenderMail } from '../../facts/email/sender-mail.ts'
import { evidence, manual, recordFix } from './mail-records.ts'
import { exampleSender } from './sender-examples.ts'

type Data = { sender: string; from: string; steps: string[] }

const setUp = (held: Data) => recordFix(`Let ${held.sender} sign as ${held.from}`, held.steps.map(manual), 30)

export default defineCheck<Data>()({
  id: 'dmarc-alignment',
  stage: 'email',
  on: 'sender',
  title: 'Each sender authenticates as your domain',
  why: 'DMARC passes when SPF passes for a bounce domain, or DKIM for a signing domain, that belongs to the domain in From: the same organizational domain (relaxed), or the very same name (strict). A provider that bounces to a domain of its own passes SPF for itself, not for you. DKIM survives forwarding; SPF alone does not.',
  impact: { journey: 'email', owner: 'Mail of this sender counts as forged and is refused.' },
  needs: ['senderMail'],
  signals: ['emails-fail', 'never-verified', 'mail-lost'],
  outcomes: {
    none: { status: 'fail', severity: 'high', title: 'Mail of {sender} counts as forged', fix: setUp },
    'spf-only': { status: 'fail', severity: 'low', title: 'Mail of {sender} fails when it is forwarded', fix: setUp },
    'dkim-only': { status: 'pass', title: '{sender} signs as your domain' },
    both: { status: 'pass', title: '{sender} passes SPF and DKIM as your domain' },
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc9989#section-4.4',
    'https://www.rfc-editor.org/rfc/rfc9989#section-4.10.2',
  ],
  judge: ({ senderMail: mail }, { target }) => {
    if (target.domain && mail.from !== target.domain && !mail.from.endsWith(`.${target.domain}`))
      return { skip: `${mail.name} does not send from ${target.domain}` }
    const provider = mailProviders.find(item => item.id === mail.provider)
    const step = provider
      ? `${provider.name}: ${provider.setup}`
      : `Turn on DKIM for ${mail.from} where ${mail.name} sends, and publish its key`
    const data = { sender: mail.name, from: mail.from, steps: [step] }
    const spf = spfAligns(mail)
    const seen = evidenceOf(mail, spf)
    if (mail.dkim.some(item => item.usable))
      return { outcome: spf === true ? 'both' : 'dkim-only', data, evidence: seen }
    if (mail.dkim.some(item => item.problem !== null))
      return { unknown: `the keys of ${mail.name} could not be asked for`, couldBe: 'blocker' }
    if (spf === true) return { outcome: 'spf-only', data, evidence: seen }
    if (spf === null && mail.spf.problem !== null)
      return { unknown: `SPF of ${mail.envelope} could not be asked for: ${mail.spf.problem}`, couldBe: 'blocker' }
    // Nothing in the config and nothing in the table: DNS alone cannot tell how this sender signs.
    if (mail.provider === null && mail.dkim.length === 0 && mail.known === null)
      return { unknown: `say how ${mail.name} authenticates: email.senders[].dkim or returnPath`, couldBe: 'blocker' }
    const all = [...seen, evidence('policy', mail.policy)]
    return { outcome: 'none', data, evidence: all, ...(mail.policy === 'none' ? {} : { severity: 'blocker' as const }) }
  },
  examples: [
    {
      name: 'SPF and DKIM of the domain',
      target: { domain: 'coachdash.example' },
      facts: { senderMail: exampleSender() },
      expect: 'both',
    },
    {
      name: 'bounces to the provider, no key',
      target: { domain: 'coachdash.example' },
      facts: {
        senderMail: exampleSender({
          envelope: null,
          known: 'provider',
          envelopeOrganizational: null,
          spf: { texts: [], authorised: null, problem: null },
          dkim: [{ selector: 'pm', name: 'pm._domainkey.coachdash.example', usable: false, problem: null }],
        }),
      },
      expect: 'none',
    },
  ],
})

/** Whether SPF authenticates the From domain; null where it cannot be told. A bounce domain of the provider never does. */
const spfAligns = (mail: SenderMail): boolean | null => {
  if (mail.envelope === null) return mail.known === null ? null : false
  const aligned =
    mail.aspf === 's' ? mail.envelope === mail.from : mail.envelopeOrganizational === mail.fromOrganizational
  return aligned ? mail.spf.authorised : false
}

const evidenceOf = (mail: SenderMail, spf: boolean | null) => [
  evidence('From', mail.from),
  evidence('bounces go to', mail.envelope === null ? 'a domain of the provider' : `${mail.envelope} (${mail.known})`),
  evidence(
    'SPF',
    spf === null
      ? 'not known'
      : spf
        ? `passes and aligns (${mail.aspf === 's' ? 'strict' : 'relaxed'})`
        : 'does not authenticate your domain',
  ),
  ...mail.dkim.map(item => evidence(item.name, item.usable ? 'key there; aligns' : (item.problem ?? 'no usable key'))),
  ...(mail.dkim.length ? [] : [evidence('DKIM', 'no selector is known')]),
]

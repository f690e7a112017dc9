// Where mail to the domain goes, and whether a server answers there.
import { blocker, defineCheck, high, type JudgeContext, low, medium, pass } from '../../core/check.ts'
import { dnsEvidence, type Evidence, recordsEvidence, textEvidence } from '../../core/evidence.ts'
import type { Fact } from '../../core/fact.ts'
import { hostWith, withoutMx } from '../../facts/email/mx.example.ts'
import type { Facts } from '../../facts/index.generated.ts'
import { ownSpfTexts } from '../../formats/mail/direction.ts'
import { hasReachable, mxData, mxFaults, mxLines } from '../../formats/mail/mx.ts'
import { type Lock, lockOf, stateWithoutServers } from '../../formats/mail/parked.ts'
import { lockDomain, nameMailServers } from './mail-fixes.ts'
import { acceptMail, dropPrivate, dropRepeated, dropUnresolvable, nameServer, secondName } from './mx-fixes.ts'

/** `record` and `target` of the MX record, `listed`: the target has a record of its own, `others`: another server works. */
type Data = {
  domain: string
  host: string
  record: string
  target: string
  listed: boolean
  others: boolean
  lock: Lock | null
}

const late = 'Senders that try it wait or give up: mail to you comes late, or never.'

const bare = { host: '', record: '', target: '', listed: false, others: false, lock: null }

const unasked = {
  unknown: 'whether the domain is locked against forgery could not be asked for',
  couldBe: 'medium' as const,
}

/** The name behind an alias, and whether it is listed beside it. */
const behind = (cnames: readonly string[], hosts: Facts['mx']['hosts']): { target: string; listed: boolean } => {
  const target = cnames.at(-1) ?? ''
  return { target, listed: hosts.some(({ exchange }) => exchange === target) }
}

type Seen = Pick<Facts, 'mx'> & { [N in 'spf' | 'dmarc' | 'selectors']: Fact<Facts[N]> }

/** A domain without mail servers: parked, closed to mail on purpose, or forgotten. */
const serverless = ({ mx, spf, dmarc, selectors }: Seen, { subject, target }: JudgeContext, seen: Evidence[]) => {
  const domain = subject.name
  const state = stateWithoutServers(mx, target, spf, selectors)
  if (state === 'closed') return { outcome: 'sound' as const, data: { ...bare, domain }, evidence: seen }
  if (state === 'meant') return { skip: 'the config says that this domain receives no mail' }
  if (state === 'forgotten') {
    const instead = mx.implicit.map(address => dnsEvidence(domain, 'A', `${address} (tried instead)`))
    return { outcome: 'missing' as const, data: { ...bare, domain }, evidence: [...seen, ...instead] }
  }
  // A parked domain is locked, so that nobody can forge its mail.
  const texts = ownSpfTexts(spf)
  const lock = lockOf(domain, mx.nullMx, texts, dmarc.ok ? dmarc.value.walk : null)
  const data = { ...bare, domain, record: texts[0] ?? '', lock }
  if (lock.lacks.length === 0) return { outcome: 'sound' as const, data, evidence: seen }
  if (!spf.ok || !dmarc.ok) return unasked
  const published = texts.map(text => dnsEvidence(domain, 'TXT', text))
  const evidence = [...seen, ...published, textEvidence('missing', lock.lacks.join(', '))]
  return { outcome: 'parked-not-locked' as const, data, evidence }
}

export default defineCheck<Data>()({
  id: 'mx',
  stage: 'email',
  on: 'domain',
  title: 'Mail to the domain reaches a server',
  why: 'Replies, bounces, receipts and every "verify this domain" mail go where the MX records say. A name that does not resolve, an address in the place of a name, or a private address loses them. A domain that wants no mail should say so, or its name is free for forgery.',
  impact: { journey: 'email', owner: 'Customers who answer your mail, or write to you, never reach you.' },
  needs: ['mx'],
  wants: ['spf', 'dmarc', 'selectors'],
  signals: ['emails-fail', 'mail-lost'],
  outcomes: {
    missing: high('No record names a mail server for {domain}', nameMailServers, {
      why: 'Senders then try the web server, which mostly takes no mail: answers, receipts and verification mails to you are lost.',
    }),
    unresolvable: blocker('Mail server {host} does not exist', dropUnresolvable, { why: late }),
    'is-cname': medium('Mail server {host} is an alias; some senders refuse it', secondName, {
      why: 'Some senders refuse a mail server whose name is an alias: their mail to you comes back to them.',
    }),
    'is-address': blocker('A mail record holds an address, not a name: mail is lost', nameServer),
    'null-with-others': high('One record refuses all mail, another accepts it', acceptMail, {
      why: 'Senders follow one record or the other: part of the mail to you is refused.',
    }),
    private: blocker('Mail server {host} has a private address', dropPrivate, { why: late }),
    duplicate: low('Mail server {host} is listed twice', dropRepeated, {
      why: 'It does no harm and no good: senders try the same server twice.',
    }),
    'parked-not-locked': medium('{domain} sends no mail, but anyone can forge mail from it', lockDomain, {
      why: 'Nothing tells receivers that this domain sends no mail, so they cannot tell that mail in its name is forged.',
    }),
    sound: pass('Mail to {domain} has a server'),
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc5321#section-5.1',
    'https://www.rfc-editor.org/rfc/rfc7505',
    'https://www.m3aawg.org/sites/default/files/m3aawg_parked_domains_bp-2022-06.pdf',
  ],
  judge: (facts, context) => {
    const { hosts, nullMx } = facts.mx
    const domain = context.subject.name
    const evidence = recordsEvidence(domain, 'MX', mxLines(facts.mx))
    if (hosts.length === 0) return serverless(facts, context, evidence)
    const others = hasReachable(hosts)
    const data = { ...bare, domain }
    const refused = { outcome: 'null-with-others' as const, data: { ...data, record: '0 .' }, key: '.', evidence }
    const found = mxFaults(hosts).map(({ kind, host, delayed }) => ({
      outcome: kind,
      data: { ...data, host: host.exchange, record: mxData(host), others, ...behind(host.cnames, hosts) },
      ...{ key: host.exchange, evidence },
      ...(delayed ? { severity: 'high' as const } : {}),
    }))
    const silent = hosts.filter(host => host.state === 'unknown')
    const open = silent.map(({ exchange, message }) => ({
      unknown: `the addresses of ${exchange} could not be asked for: ${message}`,
      couldBe: 'blocker' as const,
    }))
    const list = [...(nullMx ? [refused] : []), ...found, ...open]
    return list.length ? list : { outcome: 'sound', data, evidence }
  },
  examples: [
    { name: 'one server with a public address', facts: {}, expect: 'sound' },
    {
      name: 'an address where a name belongs',
      facts: { mx: hostWith({ exchange: '192.0.2.1', state: 'is-address', addresses: [] }) },
      expect: 'is-address',
    },
    { name: 'no record at all', facts: { mx: withoutMx({ implicit: ['192.0.2.1'] }) }, expect: 'missing' },
  ],
})

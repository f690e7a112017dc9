// Fixes that several e-mail checks give, in one wording: the wanted SPF record, a DMARC record, what to type into the DNS panel.
import type { Fact } from '../../core/fact.ts'
import type { Change, Fix } from '../../core/fix.ts'
import { addRecord, changesFix, fix, manual, removeRecord, replaceRecord } from '../../core/fixes.ts'
import type { DnsPanelFact } from '../../facts/email/dns-panel.ts'
import { panelOf, panelSentence } from '../../formats/dns/panel.ts'
import type { Lock } from '../../formats/mail/parked.ts'
import type { WantedSpf } from '../../formats/spf/wanted.ts'

/** What to type where, as steps of a fix; empty while the DNS provider is not known. */
export const panelSteps = (panel: Fact<DnsPanelFact>, name: string, domain: string): string[] => {
  const sentence = panel.ok ? panelSentence(panelOf(panel.value.nameservers), name, domain) : null
  return sentence === null ? [] : [sentence]
}

/** A DMARC record to publish: at the domain, or where its name leads, which only whoever keeps that record can change. */
export const dmarcChange = (at: string, wanted: string, was: string | undefined, alias: string | null): Change => {
  if (alias) return manual(`The record of _dmarc.${at} is kept at ${alias}: let it say there ${wanted}`)
  return was === undefined
    ? addRecord(`_dmarc.${at}`, 'TXT', wanted)
    : replaceRecord(`_dmarc.${at}`, 'TXT', wanted, was)
}

const spfChanges = ({ name, was: [first, ...others], record, parts }: WantedSpf): Change[] => [
  ...parts.map(part => addRecord(part.name, 'TXT', part.text)),
  first === undefined ? addRecord(name, 'TXT', record) : replaceRecord(name, 'TXT', record, first),
  ...others.map(text => removeRecord(name, 'TXT', text)),
]

/** A fix that publishes the wanted record; `otherwise` is what to do by hand where there is none, or it would change nothing. */
export const spfFix = (
  wanted: WantedSpf | null,
  summary: string,
  otherwise: string,
  minutes = 10,
  panel: readonly string[] = [],
): Fix => {
  if (wanted?.alias)
    return changesFix(
      summary,
      [manual(`The record of ${wanted.name} is that of ${wanted.alias}: ask its owner, or end the alias`)],
      30,
    )
  if (!wanted || (wanted.was.length === 1 && wanted.was[0] === wanted.record))
    return changesFix(summary, [manual(otherwise)], 30)
  return changesFix(summary, spfChanges(wanted), minutes, [
    ...wanted.notes,
    ...wanted.fit.cuts.map(cut => `${cut.term} goes: ${cut.why}`),
    ...panel,
  ])
}

/** A domain without a mail record: which one it wants only a person knows. */
export const nameMailServers = ({ domain }: { domain: string }): Fix => {
  const step = `Add the MX records that your mailbox provider names to ${domain}; if it shall never receive mail, add an MX record "0 ." instead and set email.receives: false`
  return changesFix(`Publish where mail for ${domain} goes`, [manual(step)], 20)
}

/** A record to publish in the place of what stands there, or beside nothing. */
const publish = (name: string, type: string, data: string, was: string): Change =>
  was ? replaceRecord(name, type, data, was) : addRecord(name, type, data)

/** What a domain that sends and receives nothing lacks; `record` is its SPF record, empty where it has none. */
export const lockDomain = ({ domain, record, lock }: { domain: string; record: string; lock: Lock | null }): Fix =>
  changesFix(`Lock ${domain} against forged mail`, [
    ...(lock?.nullMx ? [] : [replaceRecord(domain, 'MX', '0 .')]),
    ...(lock?.denies ? [] : [publish(domain, 'TXT', 'v=spf1 -all', record)]),
    ...(!lock || lock.rejects ? [] : [publish(`_dmarc.${domain}`, 'TXT', lock.policy, lock.published)]),
  ])

/** DMARC reports are sent to `address` and do not get to `place`, where they are read. */
export const traceReports = ({ address, place }: { address: string; place: string }): Fix => {
  const step = `Send a mail to ${address} and see whether it arrives in ${place}; repair the mailbox, its forwarding or the filter that files the reports`
  return changesFix('Find out where the reports go', [manual(step)], 20, [
    'Receivers send reports once a day, and only while mail in your name reaches them; two days after the record was published the first ones are there.',
    `What ${address} receives has to get to ${place}: the same mailbox, or a program that saves its attachments there.`,
  ])
}

/** A sender of the domain's own whose mail fails DMARC. */
export const setUpSource = ({ source, setup }: { source: string; setup: string }): Fix =>
  fix(
    `Let ${source} sign with your domain`,
    [manual(`${source}: ${setup}`)],
    [
      setup,
      'Send one mail to yourself and judge it: `launch-ready email message mail.eml`; DKIM has to pass with your own domain in d=.',
      'Leave the DMARC policy as it is until the reports of a week show it passing.',
    ],
    30,
  )

/** A sender that nobody named. */
export const findOutSource = ({ source }: { source: string }): Fix =>
  fix(
    `Find out whether ${source} is yours`,
    [manual(`Decide whether the mails ${source} are yours; then authenticate them, or have them refused.`)],
    [
      'Ask whoever set up newsletters, invoices, support desk and the web site’s contact form whether they send from these addresses.',
      'Yours: set up DKIM there with your domain, and add it to email.senders of the config.',
      'Not yours: nothing to repair; a DMARC policy of quarantine, then reject, has receivers refuse it.',
    ],
    30,
  )

/** Reports that go nowhere: `wanted` is the record with addresses that work, empty where there is none. */
export const replaceReports = ({
  wanted,
  at,
  authorisation,
  target,
  found: { record, alias },
}: {
  wanted: string
  at: string
  authorisation: string
  target: string
  found: { record: string; alias: string | null }
}): Fix => {
  if (!wanted || wanted === record) {
    const step = 'Make a mailbox for reports (dmarc@ your domain), or take a report service, and name it in rua='
    return changesFix('Give reports a mailbox', [manual(step)], 20)
  }
  const consent = `Or ask the owner of ${target} to publish TXT "v=DMARC1" at ${authorisation}`
  const change = dmarcChange(at, wanted, record, alias)
  return changesFix('Send the reports to an address that receives them', [change], 10, authorisation ? [consent] : [])
}

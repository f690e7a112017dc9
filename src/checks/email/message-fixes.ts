// Fixes of what a real mail does not prove: a record where one would do, else what to do at the mail service.
import type { Change, Fix } from '../../core/fix.ts'
import { addRecord, changesFix, fix, manual, replaceRecord } from '../../core/fixes.ts'
import type { MessageEvidence, MessageSignature } from '../../formats/message/evidence.ts'
import type { FormFault, FormFaultKind } from '../../formats/message/form-faults.ts'
import { authorisedSpf, relaxedDmarc } from '../../formats/message/repair.ts'

/** What a finding is about; `signature` is the one that it names. */
export type ProofData = {
  from: string
  spf: string
  what: string
  message: MessageEvidence
  signature: MessageSignature | null
}

export const viewOriginal =
  'Judge the mail as it arrived: open it at the receiver, choose "show original" or "view source", save that.'

/** A change that only a person can make. */
export const byHand = (summary: string, steps: string[], minutes = 30): Fix =>
  fix(summary, [manual(steps[0] ?? summary)], steps, minutes)

/** The record with which SPF passes for this server, as a change; null where there is none to publish. */
const spfChange = ({ spf }: MessageEvidence): Change | null => {
  const wanted = authorisedSpf(spf)
  if (!wanted || !spf.domain) return null
  return spf.record === null
    ? addRecord(spf.domain, 'TXT', wanted)
    : replaceRecord(spf.domain, 'TXT', wanted, spf.record)
}

export const spfFix = (data: ProofData): Fix => {
  const { spf } = data.message
  const change = spfChange(data.message)
  if (change)
    return changesFix(`Authorise ${spf.ip} to send for ${spf.domain}, if it is yours`, [change], 10, [
      `Only if ${spf.ip} is yours: a mail service is authorised by the include that it names instead.`,
    ])
  return byHand(
    `Authorise the server, or bounce to a domain of yours`,
    spf.result === 'permerror'
      ? [`Repair the SPF record of ${spf.domain}: ${spf.reason}. launch-ready email ${spf.domain} says how.`]
      : [
          `Authorise ${spf.ip ?? 'the sending server'} in the SPF record of ${spf.domain ?? 'the bounce domain'}; where that is your mail service’s, set up a custom return path there.`,
        ],
  )
}

export const keyFix = ({ signature, message, from }: ProofData): Fix => {
  const name = signature?.keyName ?? ''
  if (signature?.misplaced)
    return changesFix(
      `Publish the key where the signature looks for it`,
      [addRecord(name, 'TXT', signature.misplaced.text)],
      10,
      [`The key stands at ${signature.misplaced.name}; the signature names ${name}.`],
    )
  const steps: Partial<Record<MessageSignature['fault'], string>> = {
    'key-missing': `Publish the key of the selector ${signature?.selector} at ${name}: your mail service or signer shows it.`,
    'key-revoked': `The key at ${name} was revoked: sign with the new selector, or publish its key.`,
    'key-unusable': `Replace the record at ${name} by the key that your mail service or signer shows.`,
    body: 'Find what changes the mail after it is signed (a footer, a virus scanner, another encoding, an unusual line length), and sign after it.',
    signature: `Compare the key at ${name} with the signer’s own; find what changes header fields after signing.`,
    malformed: `Correct the signer’s settings: ${signature?.reason}.`,
    expired: 'Give signatures a longer life (x=): a week at least, mail waits in queues.',
    weak: 'Sign with rsa-sha256 and a key of 2048 bits.',
  }
  return byHand(`Make the signature of ${signature?.domain || from} verify`, [
    steps[signature?.fault ?? 'signature'] ?? 'Send the mail again and judge it anew.',
    ...(signature?.fault === 'body' || message.delivery.at === null
      ? [`A copy that was edited or exported never verifies. ${viewOriginal}`]
      : []),
  ])
}

export const dmarcFix = (data: ProofData): Fix => {
  const { message, from } = data
  const relaxed = relaxedDmarc(message)
  if (relaxed)
    return changesFix('Align relaxed: subdomains of yours count', [
      replaceRecord(`_dmarc.${message.dmarc.at ?? from}`, 'TXT', relaxed, message.dmarc.record ?? undefined),
    ])
  const key = message.dkim.find(item => item.misplaced && item.aligned)
  if (key?.misplaced)
    return changesFix('Publish the key where the signature looks for it', [
      addRecord(key.keyName, 'TXT', key.misplaced.text),
    ])
  const change = message.spf.aligned ? spfChange(message) : null
  if (change)
    return changesFix(`Authorise ${message.spf.ip} to send for ${message.spf.domain}, if it is yours`, [change], 10, [
      `Better still: sign the mail with DKIM for ${from}, which also survives forwarding.`,
    ])
  return byHand(`Let SPF or DKIM pass for ${from}`, [
    `Where this mail is sent, authenticate the domain ${from}: DKIM for it, and a return path below it. Then send again.`,
  ])
}

/** Fault of the form → what to do in the template or at the mail service, in one step, and minutes. `{first}` and `{what}` are filled in. */
const formSteps: Record<FormFaultKind, readonly [summary: string, step: string, minutes?: number]> = {
  'no-message-id': [
    'Give each mail a Message-ID',
    'Let the library or server that sends set Message-ID: <unique@your-domain>.',
  ],
  'bad-date': [
    'Send a proper Date',
    'Let the library or server that sends set Date, and keep its clock by NTP: {what}.',
  ],
  'no-text-part': [
    'Send text beside the HTML',
    'Send multipart/alternative: the same words as text/plain before the text/html part.',
  ],
  'no-unsubscribe': [
    'Offer to unsubscribe',
    'Put a link to unsubscribe into the mail, and the fields List-Unsubscribe: <https://…> and List-Unsubscribe-Post: List-Unsubscribe=One-Click.',
    60,
  ],
  'one-click-missing': [
    'Add one-click unsubscribe (RFC 8058)',
    'Add List-Unsubscribe: <https://…> and List-Unsubscribe-Post: List-Unsubscribe=One-Click, and sign both with DKIM: {what}.',
    60,
  ],
  'link-host-mismatch': [
    'Let the link show words, or where it leads',
    'Change the text of the link {first}: words such as "Reset password", or the address it leads to.',
  ],
  'link-insecure': [
    'Link with https://',
    'Change {first} to https://; where your mail service makes the link, turn on HTTPS for its tracking domain.',
  ],
  'link-localhost': [
    'Set the public address where mails are made',
    'Set the base URL of the environment that sends (APP_URL, NEXTAUTH_URL, SITE_URL …) to the public one, in the place of {first}.',
  ],
  'link-dead': ['Correct the link', 'Correct {first} in the template, or bring that page back: {what}.'],
  'tracking-domain-foreign': [
    'Use a tracking domain of your own',
    'Set up a tracking domain of your own there ({what}), or turn click tracking off for transactional mail.',
  ],
  'too-large': ['Make the mail smaller', 'Take inline images, unused styles and repeated blocks out: {what}.', 60],
  'placeholder-text': [
    'Fill the template',
    'Find where {what} stands in the template and give it its value, with a default where it may be missing.',
  ],
}

/** The fix of a fault of the form. */
export const formFix =
  (kind: FormFaultKind) =>
  (data: Pick<FormFault, 'first' | 'what'>): Fix => {
    const [summary, step, minutes = 15] = formSteps[kind]
    return byHand(summary, [step.replace('{first}', () => data.first).replace('{what}', () => data.what)], minutes)
  }

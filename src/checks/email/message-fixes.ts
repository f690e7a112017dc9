// Fixes of what a real mail does not prove: a record where one would do, else what to do at the mail service.
import type { Change, Fix } from '../../core/fix.ts'
import { addRecord, changesFix, fix, manual, replaceRecord } from '../../core/fixes.ts'
import type { MessageEvidence, MessageSignature } from '../../formats/message/evidence.ts'
import { authorisedSpf, relaxedDmarc } from '../../formats/message/repair.ts'

/** What a finding is about; `signature` is the one that it names. */
export type ProofData = {
  from: string
  spf: string
  what: string
  message: MessageEvidence
  signature: MessageSignature | null
}

const viewOriginal =
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

/** The server of the message is not in SPF: its record where it is yours to change, else what to do at the mail service. */
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
      ? [`Repair the SPF record of ${spf.domain}: ${spf.reason}. \`launch-ready email ${spf.domain}\` says how.`]
      : [
          `Authorise ${spf.ip ?? 'the sending server'} in the SPF record of ${spf.domain ?? 'the bounce domain'}; where that is your mail service’s, set up a custom return path there.`,
        ],
  )
}

/** A signature that does not verify: its key where it stands elsewhere, else what to do by its fault. */
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

/** Nothing passes for the domain in From: relaxed alignment, a key or an SPF record where one of these is all that lacks. */
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

/** The message is not signed. */
export const signFix = ({ from, message }: ProofData): Fix =>
  byHand(`Sign mail of ${from} with DKIM`, [
    `Turn DKIM on where this mail is sent, for ${from}, publish the key that is shown there, and send again.`,
    ...(message.delivery.at === null ? [`This copy may be older than its delivery. ${viewOriginal}`] : []),
  ])

/** Faults whose fix is the same whatever the message says. */
const proofSteps = {
  'dkim-partial': [
    'Sign the whole body',
    'Take the body length (l=, "BodyLengths" in OpenDKIM) out of the signer’s settings.',
  ],
  'from-unusable': [
    'Give the mail one From address of your domain',
    'Set exactly one From field with one address where the mail is composed.',
  ],
  'no-tls': [
    'Let the sending server use TLS',
    'Turn on opportunistic TLS for outgoing mail (Postfix: smtp_tls_security_level = may), or send through a mail service.',
  ],
  'arc-broken': [
    'Have the forwarding server seal mail again',
    'The list or forwarder named above changes mail after sealing it, or its key is gone; tell whoever runs it.',
  ],
} as const

/** The fix of a fault that is mended the same way in every message. */
export const proofFix = (kind: keyof typeof proofSteps) => (): Fix => {
  const [summary, step] = proofSteps[kind]
  return byHand(summary, [step])
}

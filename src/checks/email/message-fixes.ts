// Fixes of what a real mail does not prove: a record where one would do, else what to do at the mail service.
import type { Change, Fix } from '../../core/fix.ts'
import type { MessageEvidence, MessageSignature } from '../../facts/email/message-evidence.ts'
import { parseDmarc, rewriteDmarc } from '../../formats/dmarc/dmarc.ts'
import { addToSpf, parseSpf } from '../../formats/spf/spf.ts'
import { addRecord, manual, recordFix, replaceRecord } from './mail-records.ts'

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

const isPass = (item: MessageSignature): boolean => item.result === 'pass'

/** A change that only a person can make. */
export const byHand = (summary: string, steps: string[], effortMinutes = 30): Fix => ({
  summary,
  steps,
  changes: [manual(steps[0] ?? summary)],
  effortMinutes,
})

/** The record with which SPF passes for this server; null where the domain is not yours, or the record needs another repair. */
const spfChange = ({ message }: ProofData): Change | null => {
  const { spf } = message
  if (!spf.ip || !spf.domain || spf.aligned === false || spf.result === 'pass' || spf.result === 'permerror')
    return null
  const term = `${spf.ip.includes(':') ? 'ip6' : 'ip4'}:${spf.ip}`
  if (spf.record === null) return spf.result === 'none' ? addRecord(spf.domain, 'TXT', `v=spf1 ${term} ~all`) : null
  const record = parseSpf(spf.record)
  return record.faults.length ? null : replaceRecord(spf.domain, 'TXT', addToSpf(spf.record, [term]), spf.record)
}

export const spfFix = (data: ProofData): Fix => {
  const { spf } = data.message
  const change = spfChange(data)
  if (change)
    return recordFix(`Authorise ${spf.ip} to send for ${spf.domain}, if it is yours`, [change], 10, [
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
    return recordFix(
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

/** Relaxed alignment, where that is all that is missing. */
const relaxed = ({ message, from }: ProofData): Change | null => {
  const { dkim, spf, dmarc } = message
  if (!dmarc.record || !dmarc.organizational) return null
  const record = parseDmarc(dmarc.record)
  const within = (domain: string | null): boolean =>
    domain !== null && (domain === dmarc.organizational || domain.endsWith(`.${dmarc.organizational}`))
  const byDkim = record.adkim === 's' && dkim.some(item => isPass(item) && within(item.domain))
  const bySpf = record.aspf === 's' && spf.result === 'pass' && within(spf.domain)
  if (!byDkim && !bySpf) return null
  return replaceRecord(
    `_dmarc.${dmarc.at ?? from}`,
    'TXT',
    rewriteDmarc(record, { ...(byDkim ? { adkim: null } : {}), ...(bySpf ? { aspf: null } : {}) }),
    dmarc.record,
  )
}

export const dmarcFix = (data: ProofData): Fix => {
  const { message, from } = data
  const alignment = relaxed(data)
  if (alignment) return recordFix('Align relaxed: subdomains of yours count', [alignment])
  const key = message.dkim.find(item => item.misplaced && item.aligned)
  if (key?.misplaced)
    return recordFix('Publish the key where the signature looks for it', [
      addRecord(key.keyName, 'TXT', key.misplaced.text),
    ])
  const change = message.spf.aligned ? spfChange(data) : null
  if (change)
    return recordFix(`Authorise ${message.spf.ip} to send for ${message.spf.domain}, if it is yours`, [change], 10, [
      `Better still: sign the mail with DKIM for ${from}, which also survives forwarding.`,
    ])
  return byHand(`Let SPF or DKIM pass for ${from}`, [
    `Where this mail is sent, authenticate the domain ${from}: DKIM for it, and a return path below it. Then send again.`,
  ])
}

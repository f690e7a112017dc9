// Fixes of the checks of how mail gets through: the name of an address, encryption on the way, senders and the DMARC policy.
import type { Change, Fix, LaterStep } from '../../core/fix.ts'
import { addRecord, changesFix, manual, replaceRecord, setting } from '../../core/fixes.ts'
import { mailProviders } from '../../data/mail-providers.ts'
import type { SenderMail } from '../../facts/email/sender-mail.ts'
import type { DmarcGap } from '../../formats/dmarc/gaps.ts'
import { dmarcChange } from './mail-fixes.ts'

/** `host` is the name that the address shall have, `held` whether that leads to it already, `type` that of its address record. */
export type ReverseData = { address: string; name: string; host: string; held: boolean; type: string }

const rename = ({ address, host }: ReverseData): Change =>
  manual(`In the panel of whoever rents you ${address} (reverse DNS, PTR), set its name to ${host}`)

const leadsBack = ({ host, held, type, address }: ReverseData): Change[] =>
  held ? [] : [addRecord(host, type, address)]

/** An address without a name gets one that leads back. */
export const nameAddress = (data: ReverseData): Fix =>
  changesFix('Give the address a name', [rename(data), ...leadsBack(data)], 20)

/** The name of an address leads back to it. */
export const leadBack = ({ name, type, address }: ReverseData): Fix =>
  changesFix('Let the name lead back', [addRecord(name, type, address)])

/** A name of the domain's own takes the place of the hosting company's. */
export const renameAddress = (data: ReverseData): Fix =>
  changesFix('Give the address a name of yours', [...leadsBack(data), rename(data)], 20)

/** A sender, the domain in From, and what to do where it sends. */
export type AlignmentData = { sender: string; from: string; step: string }

/** A sender signs as the domain in From. */
export const alignSender = ({ sender, from, step }: AlignmentData): Fix =>
  changesFix(`Let ${sender} sign as ${from}`, [manual(step)], 30)

/** How a sender is made to sign: in the words of its provider where that is known. */
export const setupOf = ({ provider, from, name }: SenderMail): string => {
  const known = mailProviders.find(item => item.id === provider)
  return known ? `${known.name}: ${known.setup}` : `Turn on DKIM for ${from} where ${name} sends, and publish its key`
}

/** The published record, where it stands (`alias`: where that name leads), and the gap to close. */
export type PolicyData = {
  at: string
  text: string
  policy: string
  alias: string | null
  /** Whom the policy is for, where that is not the domain itself. */
  whom: string
  gap: DmarcGap | null
}

/** What has mail refused waits for reports that show every sender passing; what does not is for today. */
const changesOf = ({ at, text, alias, gap }: PolicyData): Change[] => {
  if (!gap || gap.wanted === text) return []
  if (gap.from === null) return [dmarcChange(at, gap.wanted, text, alias)]
  return [manual(`Read the DMARC reports of ${at} for two weeks: every sender of yours has to pass.`)]
}

/** What has mail refused, two weeks from now; it takes the place of whatever stands there by then. */
const laterOf = ({ at, text, alias, gap }: PolicyData): LaterStep[] =>
  gap && gap.from !== null && gap.wanted !== text
    ? [
        {
          afterDays: 14,
          changes: [
            alias ? dmarcChange(at, gap.wanted, undefined, alias) : replaceRecord(`_dmarc.${at}`, 'TXT', gap.wanted),
          ],
          why: `once the reports of two weeks show every sender of yours passing, tighten the record of _dmarc.${at}`,
        },
      ]
    : []

/** The record takes the place of the published one, now or once reports allow it. */
export const replacePolicy = (data: PolicyData): Fix => {
  const later = laterOf(data)
  return { ...replaced(data), ...(later.length ? { later } : {}) }
}

const replaced = (data: PolicyData): Fix =>
  changesFix(
    data.gap?.from ? `Tighten the DMARC record of ${data.at} step by step` : `Replace the DMARC record of ${data.at}`,
    [
      ...changesOf(data),
      ...(data.gap?.beside ? [replaceRecord(data.gap.beside.name, 'TXT', data.gap.beside.text)] : []),
    ],
    10,
    data.gap?.steps,
  )

const authority = [
  'Its certificate is one of a public authority in its own name, with TLS 1.2 and 1.3.',
  'Where TLSA records of it are published (DANE), publish that of the new key first, and wait for the lifetime of the old one.',
]

/** Something is to be changed at a mail server, so that it encrypts as senders want it. */
const settle =
  (what: string, path: string, wanted: (host: string) => unknown) =>
  ({ host }: { host: string }): Fix => {
    const changed = changesFix(what, [setting('mail-server', `${host}/${path}`, wanted(host))], 30)
    return { ...changed, steps: [...changed.steps, ...authority] }
  }

/** A mail server offers STARTTLS. */
export const turnOnStarttls = settle('Turn on STARTTLS', 'starttls', () => true)

/** A mail server has a certificate that verifies. */
export const installCertificate = settle('Install a valid certificate', 'certificate', host => ({ names: [host] }))

/** A mail server speaks the TLS of today. */
export const allowNewTls = settle('Allow TLS 1.2 and 1.3', 'minimum-version', () => 'TLSv1.2')

/** A mail server that nobody reaches answers, or is not named any more. */
export const answerMail = ({ host }: { host: string }): Fix =>
  changesFix(
    'Let the server answer, or take it out of the MX records',
    [manual(`Start the mail service on ${host}, open port 25 towards it, or remove its MX record`)],
    30,
  )

// A sound sender: Postmark, set up as it should be.
import type { SenderMail } from './sender-mail.ts'

/** The sound sender with what is given changed. */
export const senderWith = (more: Partial<SenderMail> = {}): SenderMail => ({
  name: 'Postmark',
  provider: 'postmark',
  from: 'coachdash.example',
  local: 'hello',
  envelope: 'pm-bounces.coachdash.example',
  known: 'dns',
  fromOrganizational: 'coachdash.example',
  envelopeOrganizational: 'coachdash.example',
  spf: { texts: ['v=spf1 a mx include:spf.mtasv.net ~all'], authorised: true, problem: null },
  dkim: [{ selector: 'pm', name: 'pm._domainkey.coachdash.example', usable: true, problem: null }],
  adkim: 'r',
  aspf: 'r',
  policy: 'reject',
  replies: { mx: ['smtp.google.com'], nullMx: false, exists: true, problem: null },
  ...more,
})

/** It bounces below the domain, signs with a key of the domain, and takes replies. */
export const example: SenderMail = senderWith()

/** It bounces to its provider, and signs with no key of the domain. */
export const unsigned: SenderMail = senderWith({
  envelope: null,
  known: 'provider',
  envelopeOrganizational: null,
  dkim: [],
})

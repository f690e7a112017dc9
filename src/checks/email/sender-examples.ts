// Sender facts for examples and tests: Postmark, set up as it should be, with what is given changed.
import type { SenderMail } from '../../facts/email/sender-mail.ts'

export const exampleSender = (more: Partial<SenderMail> = {}): SenderMail => ({
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

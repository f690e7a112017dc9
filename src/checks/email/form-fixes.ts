// What to do about the form of a mail, in one step each.
import type { Fix } from '../../core/fix.ts'
import type { FormFault, FormFaultKind } from '../../formats/message/form-faults.ts'
import { byHand } from './message-fixes.ts'

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
    'Find where "{what}" stands in the template and give it its value, with a default where it may be missing.',
  ],
}

/** The fix of a fault of the form. */
export const formFix =
  (kind: FormFaultKind) =>
  (data: Pick<FormFault, 'first' | 'what'>): Fix => {
    const [summary, step, minutes = 15] = formSteps[kind]
    return byHand(summary, [step.replace('{first}', () => data.first).replace('{what}', () => data.what)], minutes)
  }

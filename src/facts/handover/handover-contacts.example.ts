// Addresses whose domain takes mail.
import type { HandoverContacts, SeenContact } from './handover-contacts.ts'

export const seenContact = (given: Partial<SeenContact> = {}): SeenContact => ({
  what: 'customers',
  email: 'support@example.com',
  state: 'may',
  detail: 'its mail goes to smtp.google.com',
  ...given,
})

export const example: HandoverContacts = {
  contacts: [seenContact(), seenContact({ what: 'owner', email: 'ada@example.com' })],
}

// Whether a sender's SPF counts for the domain in From (RFC 9989 §4.4).

/** The domains of a sender's mail; `envelope` null where bounces go to a domain of the provider, or (`known` null) nobody knows. */
export type SenderDomains = {
  from: string
  envelope: string | null
  known: string | null
  fromOrganizational: string
  envelopeOrganizational: string | null
  aspf: 'r' | 's'
  spf: { authorised: boolean | null }
}

/** Whether SPF authenticates the From domain; null where that is not known. A bounce domain of the provider never does. */
export const spfAligns = (mail: SenderDomains): boolean | null => {
  if (mail.envelope === null) return mail.known === null ? null : false
  const aligned =
    mail.aspf === 's' ? mail.envelope === mail.from : mail.envelopeOrganizational === mail.fromOrganizational
  return aligned ? mail.spf.authorised : false
}

// The name of a sending address, and whether it leads back.
import { defineCheck, high, medium, pass } from '../../core/check.ts'
import { recordsEvidence, textEvidence } from '../../core/evidence.ts'
import { isGenericName } from '../../formats/mail/generic-name.ts'
import { leadBack, nameAddress, type ReverseData, renameAddress } from './transport-fixes.ts'

type MailServers = readonly { exchange: string; addresses: readonly { address: string }[] }[]

/** The mail server that has this address already, else a name that no mail server has: mail to it must not be led elsewhere. */
const nameFor = (address: string, domain: string, servers: MailServers): { host: string; held: boolean } => {
  const own = servers.find(server => server.addresses.some(item => item.address === address))
  const isFree = (name: string): boolean => servers.every(server => server.exchange !== name)
  if (own) return { host: own.exchange, held: true }
  const host = ['mail', 'outbound', 'sender'].map(label => `${label}.${domain}`).find(isFree) ?? domain
  return { host, held: false }
}

const subject = { kind: 'address' as const, name: '192.0.2.25' }

export default defineCheck<ReverseData>()({
  id: 'reverse-dns',
  stage: 'email',
  on: 'address',
  title: 'Sending addresses have a confirmed name',
  why: 'Large receivers refuse mail from addresses without a name, or whose name does not lead back (forward-confirmed reverse DNS). A name made by the hosting company from the address says "some machine", and weighs against the mail. Judged for addresses of your own only: those of mail services are their business.',
  impact: { journey: 'email', owner: 'Large receivers refuse mail from your server, or take it slowly.' },
  needs: ['reverseDns'],
  wants: ['mx'],
  signals: ['emails-fail'],
  outcomes: {
    missing: high('Sending address {address} has no name', nameAddress),
    'not-confirmed': high('The name of {address} does not lead back to it', leadBack),
    generic: medium('The name of {address} is the hosting company’s default', renameAddress, {
      why: 'Such a name belongs to any machine of the hosting company: receivers trust mail from it less.',
    }),
    confirmed: pass('Sending address {address} has a confirmed name'),
  },
  references: [
    'https://support.google.com/a/answer/81126',
    'https://www.rfc-editor.org/rfc/rfc8601#section-2.7.3',
    'https://www.m3aawg.org/documents/en/m3aawg-sender-best-common-practices-version-30',
  ],
  judge: ({ reverseDns: { address, why, reverse, names }, mx }, { target }) => {
    const confirmed = names.filter(item => item.confirmed)
    const data = {
      address,
      name: confirmed[0]?.name ?? names[0]?.name ?? '',
      ...nameFor(address, target.domain ?? 'example.com', mx.ok ? mx.value.hosts : []),
      type: address.includes(':') ? 'AAAA' : 'A',
    }
    const pointers = names.map(item => `${item.name} → ${item.addresses.join(', ') || 'no address'}`)
    const evidence = [
      textEvidence(why ? 'from' : 'address', why || address),
      ...recordsEvidence(reverse, 'PTR', pointers),
    ]
    if (names.length === 0) return { outcome: 'missing', data, evidence }
    if (confirmed.length === 0 && names.some(item => item.confirmed === null))
      return {
        unknown: `the addresses of ${names.map(item => item.name).join(', ')} could not be asked for`,
        couldBe: 'high',
      }
    if (confirmed.length === 0) return { outcome: 'not-confirmed', data, evidence }
    const isGeneric = confirmed.every(item => isGenericName(item.name, address))
    return { outcome: isGeneric ? 'generic' : 'confirmed', data, evidence }
  },
  examples: [
    { name: 'a name that leads back', subject, facts: {}, expect: 'confirmed' },
    { name: 'no name', subject, facts: { reverseDns: { names: [] } }, expect: 'missing' },
    {
      name: 'a name that leads elsewhere',
      subject,
      facts: { reverseDns: { names: [{ name: 'mail.coachdash.example', confirmed: false, addresses: [] }] } },
      expect: 'not-confirmed',
    },
  ],
})

import { defineCheck } from '../../core/check.ts'
import { addressBytes } from '../../formats/dns/ip-network.ts'
import { addRecord, evidence, manual, recordFix } from './mail-records.ts'

type Data = { address: string; reverse: string; name: string; host: string; type: string }

const ask = (held: Data) =>
  manual(`In the panel of whoever rents you ${held.address} (reverse DNS, PTR), set its name to ${held.host}`)

export default defineCheck<Data>()({
  id: 'reverse-dns',
  stage: 'email',
  on: 'address',
  title: 'Sending addresses have a confirmed name',
  why: 'Large receivers refuse mail from addresses without a name, or whose name does not lead back (forward-confirmed reverse DNS). A name made by the hosting company from the address says "some machine", and weighs against the mail. Judged for addresses of your own only: those of mail services are their business.',
  impact: { journey: 'email', owner: 'Mail from your server is refused at the door.' },
  needs: ['reverseDns'],
  signals: ['emails-fail'],
  outcomes: {
    missing: {
      status: 'fail',
      severity: 'high',
      title: 'Sending address {address} has no name',
      fix: held => recordFix('Give the address a name', [ask(held), addRecord(held.host, held.type, held.address)], 20),
    },
    'not-confirmed': {
      status: 'fail',
      severity: 'high',
      title: 'The name of {address} does not lead back to it',
      fix: held => recordFix('Let the name lead back', [addRecord(held.name, held.type, held.address)], 10),
    },
    generic: {
      status: 'fail',
      severity: 'medium',
      title: 'The name of {address} is the hosting company’s default',
      fix: held =>
        recordFix('Give the address a name of yours', [addRecord(held.host, held.type, held.address), ask(held)], 20),
    },
    confirmed: { status: 'pass', title: 'Sending address {address} has a confirmed name' },
  },
  references: [
    'https://support.google.com/a/answer/81126',
    'https://www.rfc-editor.org/rfc/rfc8601#section-2.7.3',
    'https://www.m3aawg.org/documents/en/m3aawg-sender-best-common-practices-version-30',
  ],
  judge: ({ reverseDns: found }, { target }) => {
    const confirmed = found.names.filter(item => item.confirmed)
    const data = {
      address: found.address,
      reverse: found.reverse,
      name: found.names[0]?.name ?? '',
      host: `mail.${target.domain ?? 'example.com'}`,
      type: found.address.includes(':') ? 'AAAA' : 'A',
    }
    const seen = [
      evidence(found.why ? 'from' : 'address', found.why || found.address),
      ...(found.names.length
        ? found.names.map(item =>
            evidence(`${found.reverse} PTR`, `${item.name} → ${item.addresses.join(', ') || 'no address'}`),
          )
        : [evidence(`${found.reverse} PTR`, 'no such record')]),
    ]
    if (found.names.length === 0) return { outcome: 'missing', data, evidence: seen }
    if (confirmed.length === 0)
      return found.names.some(item => item.confirmed === null)
        ? {
            unknown: `the addresses of ${found.names.map(item => item.name).join(', ')} could not be asked for`,
            couldBe: 'high',
          }
        : { outcome: 'not-confirmed', data, evidence: seen }
    if (confirmed.every(item => isGeneric(item.name, found.address)))
      return { outcome: 'generic', data: { ...data, name: confirmed[0]?.name ?? '' }, evidence: seen }
    return { outcome: 'confirmed', data: { ...data, name: confirmed[0]?.name ?? '' }, evidence: seen }
  },
  examples: [
    {
      name: 'a name that leads back',
      subject: { kind: 'address', name: '192.0.2.25' },
      facts: {
        reverseDns: {
          address: '192.0.2.25',
          why: 'ip4:192.0.2.25 in SPF',
          reverse: '25.2.0.192.in-addr.arpa',
          names: [{ name: 'mail.coachdash.example', confirmed: true, addresses: ['192.0.2.25'] }],
        },
      },
      expect: 'confirmed',
    },
    {
      name: 'no name',
      subject: { kind: 'address', name: '192.0.2.25' },
      facts: {
        reverseDns: {
          address: '192.0.2.25',
          why: 'ip4:192.0.2.25 in SPF',
          reverse: '25.2.0.192.in-addr.arpa',
          names: [],
        },
      },
      expect: 'missing',
    },
  ],
})

/** True for names that hosting companies make: the address stands in them, or words that say so. */
export const isGeneric = (name: string, address: string): boolean => {
  const bytes = addressBytes(address)
  if (bytes?.length === 4) {
    const shapes = [bytes, [...bytes].reverse()].flatMap(list => [
      list.join('-'),
      list.join('.'),
      list.join('_'),
      list.map(byte => String(byte).padStart(3, '0')).join('-'),
      list.map(byte => String(byte).padStart(3, '0')).join(''),
      list.map(byte => byte.toString(16).padStart(2, '0')).join(''),
    ])
    if (shapes.some(shape => name.includes(shape))) return true
  }
  return (
    /(^|[.-])(static|dynamic|dyn|dhcp|pool|dsl|adsl|cable|broadband|ppp|cust|customer|unassigned|vps\d*|rev|reverse)([.-]|\d)/.test(
      name,
    ) ||
    /(amazonaws\.com|compute\.internal|bc\.googleusercontent\.com|ip\.linodeusercontent\.com|cloudapp\.azure\.com)$/.test(
      name,
    )
  )
}

// The host has an IPv6 address.
import { defineCheck, low, pass, skip } from '../../core/check.ts'
import { textEvidence } from '../../core/evidence.ts'
import type { Fix } from '../../core/fix.ts'
import { fix, manual } from '../../core/fixes.ts'

type Data = { host: string; through: string }

const publish = ({ host, through }: Data): Fix =>
  fix(
    `Publish an IPv6 address for ${host}`,
    [manual(`Add the AAAA record that the hosting of ${host} names.`)],
    [
      through
        ? `Ask the operator of ${through} for IPv6, or put a content network in front that has it.`
        : 'Turn IPv6 on at the hosting and add the AAAA record that it names, or put a content network in front that has it.',
    ],
    20,
  )

export default defineCheck<Data>()({
  id: 'ipv6',
  stage: 'dns',
  on: 'host',
  title: 'The host has an IPv6 address',
  why: 'About half of all visitors have IPv6, and most mobile networks reach IPv4 only through a translator that adds delay and breaks now and then.',
  impact: { journey: 'visit', owner: 'Visitors on mobile networks take a detour that is slower and sometimes fails.' },
  needs: ['addresses'],
  outcomes: {
    missing: low('{host} cannot be reached over IPv6', publish),
    present: pass('{host} has an IPv6 address'),
  },
  references: ['https://www.rfc-editor.org/rfc/rfc6540'],
  judge: ({ addresses: { status, addresses, cnames } }, { subject: { name: host } }) => {
    if (status !== 'NOERROR') return skip('it has no address at all')
    const isPresent = addresses.some(item => item.family === 6)
    const evidence = addresses.map(item => textEvidence(host, item.address))
    return { outcome: isPresent ? 'present' : 'missing', data: { host, through: cnames.at(-1) ?? '' }, evidence }
  },
  examples: [
    { name: 'both families', facts: {}, expect: 'present' },
    {
      name: 'IPv4 alone',
      facts: { addresses: { addresses: [{ address: '192.0.2.1', family: 4, ttl: 300, private: false }] } },
      expect: 'missing',
    },
  ],
})

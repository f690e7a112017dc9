// The host has an IPv6 address.
import { defineCheck, skip } from '../../core/check.ts'
import type { Fix } from '../../core/fix.ts'

type Data = { host: string; through: string }

const fix = (data: Data): Fix => ({
  summary: `Publish an IPv6 address for ${data.host}`,
  steps: [
    data.through
      ? `Ask the operator of ${data.through} for IPv6, or put a content network in front that has it.`
      : 'Turn IPv6 on at the hosting and add the AAAA record that it names, or put a content network in front that has it.',
  ],
  changes: [{ kind: 'manual', step: `Add the AAAA record that the hosting of ${data.host} names.` }],
  effortMinutes: 20,
})

export default defineCheck<Data>()({
  id: 'ipv6',
  stage: 'dns',
  on: 'host',
  title: 'The host has an IPv6 address',
  why: 'About half of all visitors have IPv6, and most mobile networks reach IPv4 only through a translator that adds delay and breaks now and then.',
  impact: { journey: 'visit', owner: 'Visitors on mobile networks take a detour that is slower and sometimes fails.' },
  needs: ['addresses'],
  outcomes: {
    missing: { status: 'fail', severity: 'low', title: '{host} is reached over the old protocol only', fix },
    present: { status: 'pass', title: '{host} has an IPv6 address' },
  },
  references: ['https://www.rfc-editor.org/rfc/rfc6540'],
  judge: ({ addresses }, { subject }) => {
    if (addresses.status !== 'NOERROR') return skip('it has no address at all')
    const data = { host: subject.name, through: addresses.cnames.at(-1) ?? '' }
    const evidence = addresses.addresses.map(item => ({ label: subject.name, value: item.address }))
    return { outcome: addresses.addresses.some(item => item.family === 6) ? 'present' : 'missing', data, evidence }
  },
  examples: [
    {
      name: 'both families',
      facts: {
        addresses: {
          status: 'NOERROR',
          cnames: [],
          addresses: [{ address: '2001:db8::1', family: 6, ttl: 300, private: false }],
        },
      },
      subject: { kind: 'host', name: 'example.com' },
      expect: 'present',
    },
    {
      name: 'IPv4 alone',
      facts: {
        addresses: {
          status: 'NOERROR',
          cnames: [],
          addresses: [{ address: '192.0.2.1', family: 4, ttl: 300, private: false }],
        },
      },
      subject: { kind: 'host', name: 'example.com' },
      expect: 'missing',
    },
  ],
})

// The name leads somewhere: it exists, has a public address, and every name server says the same.
import { blocker, defineCheck, high, type OutcomeHolds, pass, skip } from '../../core/check.ts'
import { dnsEvidence, textEvidence } from '../../core/evidence.ts'
import { answering } from '../../facts/dns/host-records.example.ts'
import { reached } from '../../facts/dns/ipv6-reach.example.ts'
import { isWithin } from '../../formats/dns/name.ts'
import { disagreementOf } from '../../formats/dns/server-views.ts'
import { agree, answerOverIpv6, type ResolutionData as Data, lead, register } from './host-fixes.ts'

/** Where aliases end, unless that is another's zone: its records are the other's to change. */
const ownerIn = (end: string, domain: string | null): string | null => (isWithin(end, domain ?? end) ? end : null)

const removing = (owner: string | null, type: string, gone: readonly { address: string }[]) =>
  owner === null ? [] : gone.map(({ address: data }) => ({ name: owner, type, data }))

export default defineCheck<Data>()({
  id: 'domain-resolution',
  stage: 'audit',
  on: 'host',
  alsoIn: ['dns'],
  title: 'The name leads to a public address',
  why: 'Without an address nobody arrives. The name is looked up through the resolver and at every authoritative server: a missing name, a name without address, an address that only works inside a network, servers that contradict each other and dead IPv6 addresses each lose a part of the visitors.',
  impact: { journey: 'visit', owner: 'People who type or click your address see an error page of their browser.' },
  needs: ['addresses'],
  wants: ['delegation', 'hostRecords', 'ipv6Reach', 'nearNames'],
  signals: ['signup-unreliable'],
  outcomes: {
    nxdomain: blocker('{host} does not exist', register, { explains: ['name'] }),
    'no-address': blocker('{host} cannot be opened: it has no address', lead, { explains: ['name'] }),
    'private-address': blocker('{host} leads to an address nobody outside can reach', lead, { explains: ['name'] }),
    'servers-disagree': high('Some visitors of {host} are sent elsewhere', agree, {
      explains: ['name'],
      why: 'Your name servers give different answers, so it is chance whether a customer arrives.',
    }),
    'ipv6-unreachable': high('{host} does not answer at its IPv6 address', answerOverIpv6, {
      explains: ['name'],
      why: 'Visitors whose network prefers IPv6, most phones among them, wait or see an error.',
    }),
    resolves: pass('{host} resolves'),
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc1034#section-3.6',
    'https://www.rfc-editor.org/rfc/rfc2182',
    'https://www.iana.org/assignments/iana-ipv4-special-registry/iana-ipv4-special-registry.xhtml',
  ],
  judge: ({ addresses, delegation, hostRecords, ipv6Reach, nearNames }, { subject: { name: host }, target }) => {
    if (!delegation.ok && delegation.because !== undefined && host !== target.domain)
      return skip(`${target.domain} itself does not exist`)
    if (addresses.status === 'NXDOMAIN') {
      const near = nearNames.ok ? nearNames.value.exists : []
      const spelt = near.map(name => textEvidence('is it spelt right?', `${name} exists`))
      return { outcome: 'nxdomain', data: { host, near }, evidence: [...spelt, textEvidence(host, 'no such name')] }
    }
    if (addresses.status === 'NODATA')
      return { outcome: 'no-address', data: { host }, evidence: [textEvidence(host, 'no A and no AAAA record')] }
    const records = addresses.addresses.map(item => ({ ...item, type: item.family === 6 ? 'AAAA' : 'A' }))
    const owner = ownerIn(addresses.cnames.at(-1) ?? host, target.domain)
    const holds: OutcomeHolds<'private-address' | 'servers-disagree' | 'ipv6-unreachable', Data>[] = records
      .filter(record => record.private)
      .map(({ address, type }) => ({
        outcome: 'private-address',
        key: address,
        data: { host, address, remove: removing(owner, type, [{ address }]) },
        evidence: [dnsEvidence(host, type, `${address} (not reachable from the internet)`)],
      }))
    const apart = hostRecords.ok && !hostRecords.value.changing ? disagreementOf(host, hostRecords.value.views) : null
    if (apart) {
      const evidence = apart.answers.map(({ server, content }) => textEvidence(server, content))
      holds.push({ outcome: 'servers-disagree', data: { host, majority: apart.majority }, evidence })
    }
    const tried = ipv6Reach.ok ? ipv6Reach.value.addresses : []
    if (tried[0] && tried.every(({ state }) => state !== 'answers')) {
      const evidence = tried.map(({ address, state }) =>
        textEvidence(`${host} AAAA ${address}`, `ports 443 and 80: ${state}`),
      )
      const remove = records.some(({ type }) => type === 'A') ? removing(owner, 'AAAA', tried) : []
      holds.push({ outcome: 'ipv6-unreachable', data: { host, address: tried[0].address, remove }, evidence })
    }
    if (holds.length) return holds
    return {
      outcome: 'resolves',
      data: { host },
      evidence: records.map(({ type, address }) => dnsEvidence(host, type, address)),
    }
  },
  examples: [
    { name: 'one public address', facts: {}, expect: 'resolves' },
    {
      name: 'the name does not exist',
      facts: { addresses: { status: 'NXDOMAIN', addresses: [] }, nearNames: { exists: ['example.com'] } },
      subject: { kind: 'host', name: 'example.con' },
      expect: 'nxdomain',
    },
    { name: 'an old server', facts: { hostRecords: answering('203.0.113.9') }, expect: 'servers-disagree' },
    { name: 'IPv6 is silent', facts: { ipv6Reach: reached('silent') }, expect: 'ipv6-unreachable' },
  ],
})

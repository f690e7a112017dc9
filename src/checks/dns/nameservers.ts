// More than one name server, in more than one network, all of them answering, and the parent knows them.
import { blocker, defineCheck, high, medium, type OutcomeHolds, pass } from '../../core/check.ts'
import { dnsEvidence, textEvidence } from '../../core/evidence.ts'
import { servedBy, server } from '../../facts/dns/name-servers.example.ts'
import {
  aliasFaults,
  answeringFaults,
  glueFaults,
  parentDisagrees,
  type ServerFault,
} from '../../formats/dns/delegation-faults.ts'
import { allInOneNetwork, machinesOf } from '../../formats/dns/name-server-faults.ts'
import { type NameServerData, nameServerAliasFix, nameServerFix, parentFix, secondNetworkFix } from './fixes.ts'

const why = 'Part of your visitors wait for seconds, or never arrive, whenever their network picks the wrong server.'

type Fault = ServerFault['fault'] | 'single' | 'same-network' | 'parent-child-disagree'

export default defineCheck<NameServerData>()({
  id: 'nameservers',
  stage: 'dns',
  on: 'domain',
  title: 'Two or more name servers, and all of them answer',
  why: 'The parent says who serves the zone; each of those servers, and each the zone itself names, is asked at every address over UDP and TCP. A server that does not know the zone, does not answer or is not known to the parent makes the domain fail for a part of the visitors; a single one makes it fail for all when it is down.',
  impact: { journey: 'visit', owner: 'When one machine fails, your site and your mail are gone for everybody.' },
  needs: ['nameServers', 'delegation'],
  signals: { 'signup-unreliable': ['lame', 'unreachable', 'parent-child-disagree', 'glue-wrong'] },
  outcomes: {
    single: high('A single name server carries the whole domain', secondNetworkFix),
    'same-network': medium('All name servers stand in one network', secondNetworkFix, {
      why: 'When that network fails, your site and your mail are gone for everybody.',
    }),
    lame: blocker('Name server {server} does not know the zone', nameServerFix, { why }),
    'parent-child-disagree': high('Registrar and zone name different name servers', parentFix, { why }),
    'glue-wrong': high('The registrar has no right address of {server}', parentFix, { why }),
    'is-cname': high('Name server {server} is an alias, which some refuse', nameServerAliasFix, { why }),
    'no-tcp': medium('Name server {server} does not answer over TCP', nameServerFix, {
      why: 'Long answers, such as signed ones or mail records, get lost.',
    }),
    unreachable: high('Name server {server} does not answer', nameServerFix, { why }),
    redundant: pass('The name servers are redundant and all answer'),
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc2182#section-3.1',
    'https://www.rfc-editor.org/rfc/rfc1912#section-2.8',
    'https://www.rfc-editor.org/rfc/rfc7766#section-5',
    'https://www.rfc-editor.org/rfc/rfc2181#section-10.3',
  ],
  judge: ({ nameServers, delegation }) => {
    const { zone, servers, child, parent, unresolved } = nameServers
    const ofServer = ({
      fault,
      server,
      addresses,
      seen,
      total,
      aliasOf,
    }: ServerFault): OutcomeHolds<Fault, NameServerData> => ({
      outcome: fault,
      key: server,
      data: { zone, server, addresses, overTcp: fault === 'no-tcp', names: aliasOf ?? child },
      evidence: seen.map(({ label, value }) => textEvidence(label, value)),
      ...(fault === 'lame' && !total ? { severity: 'high' } : {}),
    })
    const found = [...answeringFaults(nameServers), ...aliasFaults(nameServers)].map(ofServer)
    if (parent && parentDisagrees(nameServers)) {
      const evidence = [textEvidence('parent', parent.join(', ')), textEvidence(zone, child.join(', '))]
      found.push({ outcome: 'parent-child-disagree', data: { zone, names: child }, evidence })
    }
    found.push(...glueFaults(delegation.nameservers).map(ofServer))
    const names = parent ?? child
    const evidence = servers.map(each => textEvidence(each.name, each.address))
    const used = servers.filter(each => each.inParent || parent === null)
    // A name without an address is reported as such; it may be a second server.
    const isOne = names.length === 1 || (machinesOf(used) === 1 && unresolved.length === 0)
    if (isOne)
      found.push({
        outcome: 'single',
        data: { zone },
        evidence: [dnsEvidence(zone, 'NS', names.join(', ')), ...evidence],
      })
    else if (allInOneNetwork(used)) found.push({ outcome: 'same-network', data: { zone }, evidence })
    return found.length ? found : { outcome: 'redundant', data: { zone }, evidence }
  },
  examples: [
    { name: 'two servers in two networks', facts: {}, expect: 'redundant' },
    {
      name: 'one server',
      facts: { nameServers: servedBy(server('ns1.example.com', '192.0.2.53')) },
      expect: 'single',
    },
    {
      name: 'two names of one server',
      facts: {
        nameServers: servedBy(server('ns1.example.com', '192.0.2.53'), server('ns2.example.com', '192.0.2.53')),
      },
      expect: 'single',
    },
    {
      name: 'two servers in one network',
      facts: {
        nameServers: servedBy(server('ns1.example.com', '192.0.2.53'), server('ns2.example.com', '192.0.2.54')),
      },
      expect: 'same-network',
    },
  ],
})

// More than one name server, in more than one network, all of them answering, and the parent knows them.
import { defineCheck, type OutcomeHolds } from '../../core/check.ts'
import type { Fix } from '../../core/fix.ts'
import type { Facts } from '../../facts/index.generated.ts'
import { allInOneNetwork, serverHealth } from '../../formats/dns/name-server-faults.ts'

type Data = {
  zone: string
  server?: string
  addresses?: string[]
  names?: string[]
  network?: string
  glue?: Record<string, string[]>
  fixes?: 'all' | 'tcp' | 'remove'
}

const provider = 'your registrar and DNS provider'

const fix = (data: Data): Fix => ({
  summary: data.server
    ? `Put ${data.server} right, or take it out of the delegation`
    : `Give ${data.zone} name servers in two networks`,
  steps: data.server
    ? [
        `Ask the operator of ${data.server} to serve ${data.zone} over UDP and TCP on port 53.`,
        `If nobody can, remove it from the NS records of the zone and from the delegation at ${provider}.`,
      ]
    : [
        `Add a second name server in another network (every DNS provider gives at least two), in the zone and at ${provider}.`,
      ],
  changes: data.addresses?.length
    ? data.addresses.map(address => ({
        kind: 'setting',
        provider: 'name-server',
        path: address,
        value: data.fixes === 'tcp' ? { tcp: true } : { serves: data.zone },
      }))
    : [
        {
          kind: 'manual',
          step: data.server
            ? `Take ${data.server} out of the NS records of ${data.zone} and out of its delegation, or give it an address.`
            : `Add a name server for ${data.zone} in another network.`,
        },
      ],
  effortMinutes: 30,
})

const parentFix = (data: Data): Fix => ({
  summary: `Make the registrar's list of name servers equal to the zone's`,
  steps: [`At the registrar of ${data.zone}, set the name servers to ${data.names?.join(', ')}.`],
  changes: [
    data.glue
      ? { kind: 'setting', provider: 'registrar', path: `${data.zone}/glue`, value: data.glue }
      : { kind: 'setting', provider: 'registrar', path: `${data.zone}/nameservers`, value: data.names ?? [] },
  ],
  effortMinutes: 15,
})

const aliasFix = (data: Data): Fix => ({
  summary: `Give ${data.server} its own address records`,
  steps: [
    `Replace the CNAME record of ${data.server} by the A and AAAA records of its target (RFC 2181 §10.3 forbids the alias).`,
  ],
  changes: [
    ...(data.names ?? []).map(target => ({
      kind: 'dns' as const,
      action: 'remove' as const,
      name: `${data.server}.`,
      type: 'CNAME',
      data: `${target}.`,
    })),
    ...(data.addresses ?? []).map(address => ({
      kind: 'dns' as const,
      action: 'add' as const,
      name: `${data.server}.`,
      type: address.includes(':') ? 'AAAA' : 'A',
      ttl: 3600,
      data: address,
    })),
  ],
  effortMinutes: 15,
})

const half = 'Part of your visitors wait for seconds, or never arrive, whenever their network picks the wrong server.'

const answers = { state: 'answers' as const, rcode: 'NOERROR', reason: null }

/** One sound name server, for the examples. */
const server = (name: string, address: string): Facts['nameServers']['servers'][number] => ({
  name,
  address,
  family: 4,
  private: false,
  inParent: true,
  inChild: true,
  udp: answers,
  tcp: answers,
  soa: null,
  soaTtl: null,
  nameservers: null,
  nsTtl: null,
})

const seen = (servers: Facts['nameServers']['servers']): Facts['nameServers'] => ({
  zone: 'example.com',
  servers,
  unresolved: [],
  aliases: [],
  child: servers.map(each => each.name),
  parent: servers.map(each => each.name),
  portOpen: true,
})

const delegated = (): Facts['delegation'] => ({
  zone: 'example.com',
  walked: 'resolver',
  parent: null,
  nameservers: [],
  above: [],
})

type Fault =
  | 'single'
  | 'same-network'
  | 'lame'
  | 'parent-child-disagree'
  | 'glue-wrong'
  | 'is-cname'
  | 'no-tcp'
  | 'unreachable'
type Holds = OutcomeHolds<Fault, Data>

/** What is wrong with how each server answers. */
const answeringFaults = ({ zone, servers, unresolved }: Facts['nameServers']): Holds[] => {
  const holds: Holds[] = []
  const health = serverHealth(servers)
  const anyAnswers = health.some(server => server.state === 'answers')
  for (const { name: server, addresses, state, rcode, noTcp, onlyTcp } of health) {
    const data = { zone, server, addresses }
    const evidence = (value: string) => addresses.map(address => ({ label: `${server} (${address})`, value }))
    if (state === 'lame')
      holds.push({
        outcome: 'lame',
        key: server,
        data,
        severity: anyAnswers ? 'high' : 'blocker',
        evidence: evidence(`answers ${rcode} without authority for ${zone}`),
      })
    if (state === 'silent')
      holds.push({
        outcome: 'unreachable',
        key: server,
        data,
        evidence: evidence(onlyTcp ? 'answers over TCP, not over UDP' : 'no answer over UDP or TCP'),
      })
    if (noTcp)
      holds.push({
        outcome: 'no-tcp',
        key: server,
        data: { ...data, fixes: 'tcp' },
        evidence: evidence('answers over UDP, not over TCP'),
      })
  }
  for (const { name: server, status } of unresolved.filter(item => item.status !== 'unknown'))
    holds.push({
      outcome: 'unreachable',
      key: server,
      data: { zone, server, addresses: [] },
      evidence: [{ label: server, value: `${status}: the name has no address` }],
    })
  return holds
}

/** What is wrong with how the servers are named: aliases, another list at the parent, wrong glue. */
const delegationFaults = (
  { zone, servers, aliases, child, parent }: Facts['nameServers'],
  delegation: Facts['delegation'],
): Holds[] => {
  const holds: Holds[] = []
  for (const { name: server, to } of aliases) {
    const addresses = servers.filter(item => item.name === server).map(item => item.address)
    holds.push({
      outcome: 'is-cname',
      key: server,
      data: { zone, server, names: to.slice(0, 1), addresses },
      evidence: [{ label: `${server} CNAME`, value: to.join(' → ') }],
    })
  }
  if (parent && child.length && parent.join() !== child.join())
    holds.push({
      outcome: 'parent-child-disagree',
      data: { zone, names: child },
      evidence: [
        { label: 'parent', value: parent.join(', ') },
        { label: zone, value: child.join(', ') },
      ],
    })
  for (const { name: server, addresses, glue, needsGlue } of delegation.nameservers) {
    const own = addresses.map(item => item.address)
    if (glue.every(item => own.includes(item.address)) && (glue.length || !needsGlue || own.length === 0)) continue
    const evidence = [
      { label: `glue of ${server}`, value: glue.map(item => item.address).join(', ') || 'none' },
      { label: `${server} in its zone`, value: own.join(', ') },
    ]
    holds.push({ outcome: 'glue-wrong', key: server, data: { zone, server, glue: { [server]: own } }, evidence })
  }
  return holds
}

export default defineCheck<Data>()({
  id: 'nameservers',
  stage: 'dns',
  on: 'domain',
  title: 'Two or more name servers, and all of them answer',
  why: 'The parent says who serves the zone; each of those servers, and each the zone itself names, is asked at every address over UDP and TCP. A server that does not know the zone, does not answer or is not known to the parent makes the domain fail for a part of the visitors; a single one makes it fail for all when it is down.',
  impact: { journey: 'visit', owner: 'When one machine fails, your site and your mail are gone for everybody.' },
  needs: ['nameServers', 'delegation'],
  outcomes: {
    single: { status: 'fail', severity: 'high', title: 'A single name server carries the whole domain', fix },
    'same-network': { status: 'fail', severity: 'medium', title: 'All name servers stand in one network', fix },
    lame: { status: 'fail', severity: 'blocker', title: 'Name server {server} does not know the zone', why: half, fix },
    'parent-child-disagree': {
      status: 'fail',
      severity: 'high',
      title: 'Registrar and zone name different name servers',
      why: half,
      fix: parentFix,
    },
    'glue-wrong': {
      status: 'fail',
      severity: 'high',
      title: 'The registrar has no right address of {server}',
      why: half,
      fix: parentFix,
    },
    'is-cname': {
      status: 'fail',
      severity: 'high',
      title: 'Name server {server} is an alias; some resolvers refuse it',
      why: half,
      fix: aliasFix,
    },
    'no-tcp': {
      status: 'fail',
      severity: 'medium',
      title: 'Name server {server} does not answer over TCP',
      why: 'Long answers, such as signed ones or mail records, get lost.',
      fix,
    },
    unreachable: { status: 'fail', severity: 'high', title: 'Name server {server} does not answer', why: half, fix },
    redundant: { status: 'pass', title: 'The name servers are redundant and all answer' },
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc2182#section-3.1',
    'https://www.rfc-editor.org/rfc/rfc1912#section-2.8',
    'https://www.rfc-editor.org/rfc/rfc7766#section-5',
    'https://www.rfc-editor.org/rfc/rfc2181#section-10.3',
  ],
  judge: ({ nameServers, delegation }) => {
    const { zone, servers, child, parent } = nameServers
    const holds = [...answeringFaults(nameServers), ...delegationFaults(nameServers, delegation)]
    const names = parent ?? child
    if (names.length === 1)
      holds.push({ outcome: 'single', data: { zone }, evidence: [{ label: `${zone} NS`, value: names.join(', ') }] })
    const network = allInOneNetwork(servers.filter(server => server.inParent || parent === null))
    const addresses = servers.map(server => ({ label: server.name, value: server.address }))
    if (network) holds.push({ outcome: 'same-network', data: { zone, network }, evidence: addresses })
    return holds.length ? holds : { outcome: 'redundant', data: { zone }, evidence: addresses }
  },
  examples: [
    {
      name: 'two servers in two networks',
      facts: {
        nameServers: seen([server('ns1.example.com', '192.0.2.53'), server('ns2.example.com', '198.51.100.53')]),
        delegation: delegated(),
      },
      expect: 'redundant',
    },
    {
      name: 'one server',
      facts: { nameServers: seen([server('ns1.example.com', '192.0.2.53')]), delegation: delegated() },
      expect: 'single',
    },
    {
      name: 'two servers in one network',
      facts: {
        nameServers: seen([server('ns1.example.com', '192.0.2.53'), server('ns2.example.com', '192.0.2.54')]),
        delegation: delegated(),
      },
      expect: 'same-network',
    },
  ],
})

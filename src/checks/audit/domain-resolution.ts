// The name leads somewhere: it exists, has a public address, and every name server says the same.
import { defineCheck, type Evidence, type OutcomeHolds } from '../../core/check.ts'
import type { Fact } from '../../core/fact.ts'
import type { Fix } from '../../core/fix.ts'
import type { Facts } from '../../facts/index.generated.ts'
import { absoluteName } from '../../formats/dns/name.ts'

type Data = {
  host: string
  address?: string
  type?: string
  /** Public addresses of the same host, or of the domain, to lead it to. */
  remedy?: { type: string; data: string; ttl: number }[]
  remove?: { type: string; data: string }[]
}

const fix = (data: Data): Fix => ({
  summary: `Lead ${data.host} to the address of your hosting`,
  steps: [
    `In the DNS settings of ${data.host}, add the record that your hosting names (an A or AAAA record, or a CNAME below the domain).`,
    'Wait for its lifetime to pass, then run this check again.',
  ],
  changes: [
    ...(data.remove ?? []).map(record => ({
      kind: 'dns' as const,
      action: 'remove' as const,
      name: absoluteName(data.host),
      type: record.type,
      data: record.data,
    })),
    ...(data.remedy ?? []).map(record => ({
      kind: 'dns' as const,
      action: 'add' as const,
      name: absoluteName(data.host),
      type: record.type,
      ttl: record.ttl,
      data: record.data,
    })),
    ...(data.remove?.length || data.remedy?.length
      ? []
      : [{ kind: 'manual' as const, step: `Add the address record of ${data.host} that your hosting names.` }]),
  ],
  effortMinutes: 15,
})

const ipv6Fix = (data: Data): Fix => ({
  summary: `Let ${data.host} answer at ${data.address}, or take the AAAA record out`,
  steps: [
    'Let the web server listen on IPv6 as well, and open ports 80 and 443 for it in the firewall.',
    `If the hosting has no IPv6, remove the AAAA record of ${data.host}.`,
  ],
  changes: [{ kind: 'manual', step: `Make the web server of ${data.host} answer at ${data.address}.` }],
  effortMinutes: 20,
})

const registerFix = (data: Data): Fix => ({
  summary: `Register ${data.host}, or renew it, and name its servers`,
  steps: [
    'Look the domain up at your registrar: has it lapsed, is it on hold, was it never registered?',
    'Renew it, and set the name servers of your DNS provider.',
  ],
  changes: [{ kind: 'manual', step: `Register or renew ${data.host} and set its name servers.` }],
  effortMinutes: 30,
})

const agreeFix = (data: Data): Fix => ({
  summary: `Make every name server give the same answer for ${data.host}`,
  steps: [
    'Find which server has the old zone: its serial is lower, or it belongs to a former DNS provider.',
    'Let it transfer the zone again, or take it out of the delegation at the registrar.',
  ],
  changes: (data.remedy ?? []).map(record => ({
    kind: 'dns',
    action: 'replace',
    name: absoluteName(data.host),
    type: record.type,
    ttl: record.ttl,
    data: record.data,
  })),
  effortMinutes: 30,
})

type View = { status: string; records: readonly { name: string; type: string; data: string; ttl: number }[] }

const contentOf = (view: View): string =>
  view.records.map(record => `${record.name} ${record.type} ${record.data}`).join(', ') || view.status

/** What the servers say where they do not say the same, and the answer that most of them give. Null when they agree. */
const disagreementOf = (
  host: string,
  fact: Fact<Facts['hostRecords']>,
): { data: Data; evidence: Evidence[] } | null => {
  if (!fact.ok || fact.value.changing) return null
  const views = fact.value.views.filter(view => view.status !== 'failed')
  if (new Set(views.map(contentOf)).size < 2) return null
  const votes = (view: View): number => views.filter(other => contentOf(other) === contentOf(view)).length
  const best = views.reduce((a, b) => (votes(b) > votes(a) ? b : a))
  const remedy = best.records
    .filter(record => record.name === host)
    .map(({ type, data, ttl }) => ({ type, data: type === 'CNAME' ? absoluteName(data) : data, ttl }))
  const evidence = views.map(view => ({
    label: `${view.server.name} (${view.server.address})`,
    value: contentOf(view),
  }))
  return { data: { host, remedy }, evidence }
}

export default defineCheck<Data>()({
  id: 'domain-resolution',
  stage: 'audit',
  on: 'host',
  alsoIn: ['dns'],
  title: 'The name leads to a public address',
  why: 'Without an address nobody arrives. The name is looked up through the resolver and at every authoritative server: a missing name, a name without address, an address that only works inside a network, servers that contradict each other and dead IPv6 addresses each lose a part of the visitors.',
  impact: { journey: 'visit', owner: 'People who type or click your address see an error page of their browser.' },
  needs: ['addresses'],
  wants: ['delegation', 'hostRecords', 'ipv6Reach'],
  signals: ['signup-unreliable'],
  outcomes: {
    nxdomain: {
      status: 'fail',
      severity: 'blocker',
      explains: ['name'],
      title: '{host} does not exist',
      fix: registerFix,
    },
    'no-address': {
      status: 'fail',
      severity: 'blocker',
      explains: ['name'],
      title: '{host} leads nowhere: it has no address',
      fix,
    },
    'private-address': {
      status: 'fail',
      severity: 'blocker',
      explains: ['name'],
      title: '{host} leads to an address nobody outside can reach',
      fix,
    },
    'servers-disagree': {
      status: 'fail',
      severity: 'high',
      explains: ['name'],
      title: 'Some visitors of {host} are sent elsewhere',
      why: 'Your name servers give different answers, so it is chance whether a customer arrives.',
      fix: agreeFix,
    },
    'ipv6-unreachable': {
      status: 'fail',
      severity: 'high',
      explains: ['name'],
      title: '{host} does not answer at its IPv6 address',
      why: 'Visitors whose network prefers IPv6, most phones among them, wait or see an error.',
      fix: ipv6Fix,
    },
    resolves: { status: 'pass', title: '{host} resolves' },
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc1034#section-3.6',
    'https://www.rfc-editor.org/rfc/rfc2182',
    'https://www.iana.org/assignments/iana-ipv4-special-registry/iana-ipv4-special-registry.xhtml',
  ],
  judge: ({ addresses, delegation, hostRecords, ipv6Reach }, { subject, target }) => {
    const host = subject.name
    const gone = !delegation.ok && delegation.because !== undefined
    if (gone && host !== target.domain) return { skip: `${target.domain} itself does not exist` }
    if (addresses.status === 'NXDOMAIN')
      return { outcome: 'nxdomain', data: { host }, evidence: [{ label: host, value: 'NXDOMAIN: no such name' }] }
    if (addresses.status === 'NODATA')
      return { outcome: 'no-address', data: { host }, evidence: [{ label: host, value: 'no A and no AAAA record' }] }
    const holds: OutcomeHolds<'private-address' | 'servers-disagree' | 'ipv6-unreachable', Data>[] = []
    for (const item of addresses.addresses.filter(each => each.private)) {
      const type = item.family === 6 ? 'AAAA' : 'A'
      const remove = [{ type, data: item.address }]
      const evidence = [{ label: `${host} ${type}`, value: `${item.address} (not reachable from the internet)` }]
      holds.push({
        outcome: 'private-address',
        key: item.address,
        data: { host, type, address: item.address, remove },
        evidence,
      })
    }
    const disagreement = disagreementOf(host, hostRecords)
    if (disagreement) holds.push({ outcome: 'servers-disagree', ...disagreement })
    const dead = ipv6Reach.ok ? ipv6Reach.value.addresses.filter(item => item.state !== 'answers') : []
    if (ipv6Reach.ok && dead.length === ipv6Reach.value.addresses.length && dead.length > 0) {
      const evidence = dead.map(item => ({
        label: `${host} AAAA ${item.address}`,
        value: `ports 443 and 80: ${item.state}`,
      }))
      holds.push({ outcome: 'ipv6-unreachable', data: { host, address: dead[0]!.address }, evidence })
    }
    if (holds.length) return holds
    return {
      outcome: 'resolves',
      data: { host },
      evidence: addresses.addresses.map(item => ({ label: host, value: item.address })),
    }
  },
  examples: [
    {
      name: 'one public address',
      facts: {
        addresses: {
          status: 'NOERROR',
          cnames: [],
          addresses: [{ address: '93.184.215.14', family: 4, ttl: 300, private: false }],
        },
      },
      subject: { kind: 'host', name: 'example.com' },
      expect: 'resolves',
    },
    {
      name: 'the name does not exist',
      facts: { addresses: { status: 'NXDOMAIN', cnames: [], addresses: [] } },
      subject: { kind: 'host', name: 'example.com' },
      expect: 'nxdomain',
    },
  ],
})

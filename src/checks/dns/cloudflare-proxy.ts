// Behind Cloudflare stands what should, nothing else, and the origin is not shown.
import { defineCheck, type OutcomeHolds, skip, unknown } from '../../core/check.ts'
import type { Fix } from '../../core/fix.ts'
import { isCloudflare } from '../../data/edge-ranges.ts'
import type { Facts } from '../../facts/index.generated.ts'

type Data = { name: string; record: string; proxied: boolean; address: string; shownBy: string; outside?: boolean }

const fix = (data: Data): Fix => ({
  summary: `Set ${data.record} to ${data.proxied ? 'DNS only' : 'Proxied'} at Cloudflare`,
  steps: [
    `In the DNS settings at Cloudflare, switch the cloud of ${data.record} to ${data.proxied ? 'grey (DNS only)' : 'orange (Proxied)'}.`,
  ],
  changes: [
    data.outside
      ? { kind: 'manual', step: `Set ${data.record} to ${data.proxied ? 'DNS only' : 'Proxied'} at Cloudflare.` }
      : {
          kind: 'setting',
          provider: 'cloudflare',
          path: `dns/${data.record}/proxied`,
          value: !data.proxied,
          was: data.proxied,
        },
  ],
  effortMinutes: 5,
})

const originFix = (data: Data): Fix => ({
  summary: `Let the server at ${data.address} answer Cloudflare only`,
  steps: [
    'In the server’s firewall, accept ports 80 and 443 from Cloudflare’s ranges only (or use a Cloudflare Tunnel).',
    `Remove or move what shows the address: ${data.shownBy}.`,
    'Then change the server’s address: the old one is known.',
  ],
  changes: [{ kind: 'manual', step: `Close ports 80 and 443 of ${data.address} to everyone but Cloudflare.` }],
  effortMinutes: 60,
})

/** Names that others must read as they stand: of keys and proofs, and those that mail services ask an alias for. */
const isVerification = (name: string, type: string): boolean =>
  /(^|\.)_/.test(name) || (type === 'CNAME' && /^(em\d+|bounces?|pm-bounces|autodiscover)\./.test(name))

type Holds = OutcomeHolds<'web-not-proxied' | 'mail-proxied' | 'origin-exposed' | 'verification-proxied', Data>

/** Origins of a host that answer beside Cloudflare. */
const exposures = (name: string, data: Data, exposed: Facts['cloudflareOutside']['exposed']): Holds[] =>
  exposed
    .filter(item => item.host === name)
    .map(item => ({
      outcome: 'origin-exposed',
      key: item.address,
      data: { ...data, address: item.address, shownBy: item.shownBy },
      evidence: [
        {
          label: `https://${name}/ asked at ${item.address}`,
          value: `answers ${item.status} with a certificate of that name`,
        },
        { label: 'address shown by', value: item.shownBy },
      ],
    }))

/** Names of the mail servers, by the API and by the zone. */
const exchangesOf = (
  api: readonly { type: string; content: string }[] | null,
  zone: readonly { type: string; data: string }[],
): string[] =>
  [
    ...(api ?? []).filter(record => record.type === 'MX').map(record => record.content),
    ...zone.filter(record => record.type === 'MX').map(record => record.data.split(' ')[1] ?? ''),
  ].map(name => name.replace(/\.$/, '').toLowerCase())

export default defineCheck<Data>()({
  id: 'cloudflare-proxy',
  stage: 'dns',
  on: 'record',
  title: 'Cloudflare stands in front of the web, and of nothing else',
  why: 'Web records belong behind the proxy, mail and verification records never: Cloudflare does not carry mail. An origin that answers beside Cloudflare makes the protection worthless. Taken from the API where a token is given, else from addresses and answers seen from outside.',
  impact: { journey: 'operate', owner: 'Mail is lost, or attackers walk around the protection that you rely on.' },
  needs: [],
  wants: ['cloudflareZone', 'cloudflareOutside', 'zoneRecords'],
  outcomes: {
    'web-not-proxied': { status: 'fail', severity: 'medium', title: '{name} is on Cloudflare, but not behind it', fix },
    'mail-proxied': {
      status: 'fail',
      severity: 'blocker',
      title: 'Mail to {name} runs into Cloudflare and is lost',
      impact: 'email',
      fix,
    },
    'origin-exposed': {
      status: 'fail',
      severity: 'high',
      title: 'The server behind {name} can be reached directly',
      fix: originFix,
    },
    'verification-proxied': {
      status: 'fail',
      severity: 'high',
      title: '{name} is hidden from those who must read it',
      fix,
    },
    right: { status: 'pass', title: '{record} is set right at Cloudflare' },
  },
  references: [
    'https://developers.cloudflare.com/dns/proxy-status/',
    'https://developers.cloudflare.com/fundamentals/security/protect-your-origin-server/',
    'https://developers.cloudflare.com/dns/manage-dns-records/how-to/email-records/',
  ],
  judge: ({ cloudflareZone, cloudflareOutside, zoneRecords }, { subject }) => {
    const [name = '', type = ''] = subject.name.split(' ')
    if (!['A', 'AAAA', 'CNAME'].includes(type))
      return skip('only address and alias records can stand behind Cloudflare')
    const outside = cloudflareOutside.ok ? cloudflareOutside.value : null
    const api = cloudflareZone.ok && cloudflareZone.value.records.seen ? cloudflareZone.value.records.value : null
    if (!api && outside && !outside.nameServers && outside.behind.length === 0)
      return skip('the domain is not at Cloudflare')
    if (!api && !outside)
      return cloudflareZone.ok || !cloudflareZone.because
        ? unknown('neither the API nor the answers could be read', 'blocker')
        : skip('no Cloudflare token was given, and nothing answered')
    const all = zoneRecords.ok ? zoneRecords.value.records : []
    const own = api?.filter(record => record.name === name && record.type === type) ?? []
    const proxied = api
      ? own.some(record => record.proxied)
      : all.some(record => record.name === name && ['A', 'AAAA'].includes(record.type) && isCloudflare(record.data))
    const how = api ? 'Cloudflare API' : 'seen from outside'
    const exchanges = exchangesOf(api, all)
    const data: Data = { name, record: subject.name, proxied, address: '', shownBy: '', outside: api === null }
    const evidence = [
      { label: `${subject.name}, ${how}`, value: proxied ? 'behind the proxy' : 'not behind the proxy' },
    ]
    const holds: OutcomeHolds<'web-not-proxied' | 'mail-proxied' | 'origin-exposed' | 'verification-proxied', Data>[] =
      []
    if (proxied && exchanges.includes(name)) holds.push({ outcome: 'mail-proxied', data, evidence })
    else if (proxied && isVerification(name, type)) holds.push({ outcome: 'verification-proxied', data, evidence })
    const isWeb =
      outside !== null &&
      (outside.behind.includes(name) || /^(www|app|api|dashboard|portal)\./.test(name) || name === subject.parent?.name)
    // Another content network in front is what its hosting asks for: two of them would be in each other's way.
    const isOther = exchanges.includes(name) || outside?.elsewhere.includes(name)
    if (!proxied && isWeb && !isOther && (api || outside.nameServers))
      holds.push({ outcome: 'web-not-proxied', data, evidence })
    holds.push(...exposures(name, data, outside?.exposed ?? []))
    return holds.length ? holds : { outcome: 'right', data, evidence }
  },
  examples: [
    {
      name: 'the site is proxied',
      facts: { cloudflareZone: zone([['www.example.com', 'A', true]]), cloudflareOutside: seen({}) },
      subject: { kind: 'record', name: 'www.example.com A' },
      expect: 'right',
    },
    {
      name: 'the site is not',
      facts: { cloudflareZone: zone([['www.example.com', 'A', false]]), cloudflareOutside: seen({}) },
      subject: { kind: 'record', name: 'www.example.com A' },
      expect: 'web-not-proxied',
    },
    {
      name: 'the mail server is proxied',
      facts: {
        cloudflareZone: zone([
          ['mail.example.com', 'A', true],
          ['example.com', 'MX', false],
        ]),
        cloudflareOutside: seen({}),
      },
      subject: { kind: 'record', name: 'mail.example.com A' },
      expect: 'mail-proxied',
    },
    {
      name: 'a DKIM alias is proxied',
      facts: { cloudflareZone: zone([['s1._domainkey.example.com', 'CNAME', true]]), cloudflareOutside: seen({}) },
      subject: { kind: 'record', name: 's1._domainkey.example.com CNAME' },
      expect: 'verification-proxied',
    },
    {
      name: 'the origin answers beside it',
      facts: {
        cloudflareZone: zone([['www.example.com', 'A', true]]),
        cloudflareOutside: seen({
          exposed: [{ host: 'www.example.com', address: '192.0.2.9', shownBy: 'ftp.example.com A', status: 200 }],
        }),
      },
      subject: { kind: 'record', name: 'www.example.com A' },
      expect: 'origin-exposed',
    },
  ],
})

/** A zone at Cloudflare with these records (MX leads to mail.example.com), for the examples. */
function zone(records: [string, string, boolean][]) {
  const unseen = { seen: false as const, reason: 'absent' as const, permission: null, message: '' }
  const value = records.map(([name, type, proxied]) => ({
    name,
    type,
    content: type === 'MX' ? 'mail.example.com' : '192.0.2.9',
    proxied,
    proxiable: true,
    ttl: 1,
  }))
  return {
    ok: true as const,
    at: '2026-11-25T00:00:00Z',
    value: {
      id: 'a',
      name: 'example.com',
      plan: 'free website',
      status: 'active',
      permissions: [],
      settings: {},
      records: { seen: true as const, value },
      dnssec: unseen,
      phases: {},
      botFightMode: unseen,
      universalCertificate: unseen,
      pageRules: unseen,
    },
  }
}

/** What is seen from outside, for the examples. */
function seen(change: { exposed?: { host: string; address: string; shownBy: string; status: number }[] }) {
  return {
    ok: true as const,
    at: '2026-11-25T00:00:00Z',
    value: {
      nameServers: true,
      behind: ['www.example.com'],
      elsewhere: [],
      loops: [],
      exposed: [],
      mailBehind: [],
      ...change,
    },
  }
}

// An alias stands alone, not at the apex, and leads to a name in few steps.
import { defineCheck, type OutcomeHolds, skip } from '../../core/check.ts'
import type { Fix } from '../../core/fix.ts'

type Data = { name: string; target: string; others: string[]; end: string }

const remove = (data: Data) => ({
  kind: 'dns' as const,
  action: 'remove' as const,
  name: `${data.name}.`,
  type: 'CNAME',
  data: `${data.target}.`,
})

const fix = (data: Data): Fix => ({
  summary: `Put the alias of ${data.name} right`,
  steps: [
    `Replace the CNAME record of ${data.name}: at the apex by the provider's ALIAS or by A and AAAA records; elsewhere by one CNAME to the last name of the chain.`,
  ],
  changes: data.end
    ? [{ kind: 'dns', action: 'replace', name: `${data.name}.`, type: 'CNAME', ttl: 300, data: `${data.end}.` }]
    : [{ kind: 'manual', step: `Replace the CNAME record of ${data.name}.` }],
  effortMinutes: 10,
})

const loopFix = (data: Data): Fix => ({
  summary: `Break the circle at ${data.name}`,
  steps: [`Remove the CNAME record of ${data.name}, and add one to the name that really serves it.`],
  changes: [remove(data)],
  effortMinutes: 10,
})

const addressFix = (data: Data): Fix => ({
  summary: `Replace the CNAME of ${data.name} by an address record`,
  steps: [`An alias needs a name; ${data.target} is an address.`],
  changes: [
    remove(data),
    { kind: 'dns', action: 'add', name: `${data.name}.`, type: 'A', ttl: 300, data: data.target },
  ],
  effortMinutes: 5,
})

export default defineCheck<Data>()({
  id: 'cname',
  stage: 'dns',
  on: 'record',
  title: 'Aliases are well formed',
  why: 'A CNAME may not stand beside other records (at the apex NS and SOA are always there), must lead to a name and not to an address, must not go in circles, and every step of a chain is one more thing that can fail.',
  impact: { journey: 'operate', owner: 'Your site or mail works for some providers and fails for others.' },
  needs: ['cnameChain', 'zoneRecords'],
  outcomes: {
    'at-apex': {
      status: 'fail',
      severity: 'blocker',
      title: 'The alias at {name} makes its mail and servers vanish',
      fix,
    },
    'beside-other-data': {
      status: 'fail',
      severity: 'high',
      title: '{name} is an alias and has {others} records',
      fix,
    },
    loop: { status: 'fail', severity: 'blocker', title: 'The alias {name} leads back to itself', fix: loopFix },
    chain: { status: 'fail', severity: 'low', title: '{name} is an alias of an alias of an alias', fix },
    'to-address': {
      status: 'fail',
      severity: 'high',
      title: 'The alias {name} leads to a number, not a name',
      fix: addressFix,
    },
    'well-formed': { status: 'pass', title: 'The alias {name} is well formed' },
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc1912#section-2.4',
    'https://www.rfc-editor.org/rfc/rfc2181#section-10.1',
  ],
  judge: ({ cnameChain, zoneRecords }) => {
    const { name, targets, loop } = cnameChain
    if (targets.length === 0) return skip('the alias is gone')
    const first = loop ? [...new Set([name, ...targets])].sort()[0]! : name
    if (first !== name) return skip(`the circle is told of at ${first}`)
    const others = [
      ...new Set(
        zoneRecords.records
          .filter(record => record.name === name && !['CNAME', 'RRSIG', 'NSEC'].includes(record.type))
          .map(record => record.type),
      ),
    ].sort()
    const data: Data = { name, target: targets[0]!, others, end: '' }
    const trail = [{ label: `${name} CNAME`, value: targets.join(' → ') }]
    const holds: OutcomeHolds<'at-apex' | 'beside-other-data' | 'loop' | 'chain' | 'to-address', Data>[] = []
    if (name === zoneRecords.zone) holds.push({ outcome: 'at-apex', data, evidence: trail })
    else if (others.length)
      holds.push({
        outcome: 'beside-other-data',
        data,
        evidence: [...trail, { label: name, value: others.join(', ') }],
      })
    if (loop) holds.push({ outcome: 'loop', data, evidence: trail })
    else if (targets.length > 3)
      holds.push({ outcome: 'chain', data: { ...data, end: targets.at(-1)! }, evidence: trail })
    if (/^\d{1,3}(\.\d{1,3}){3}$/.test(targets[0]!)) holds.push({ outcome: 'to-address', data, evidence: trail })
    return holds.length ? holds : { outcome: 'well-formed', data, evidence: trail }
  },
  examples: [
    {
      name: 'one step',
      facts: chain('www.example.com', ['host.example.net']),
      subject: { kind: 'record', name: 'www.example.com CNAME' },
      expect: 'well-formed',
    },
    {
      name: 'at the apex',
      facts: chain('example.com', ['host.example.net']),
      subject: { kind: 'record', name: 'example.com CNAME' },
      expect: 'at-apex',
    },
    {
      name: 'in a circle',
      facts: chain('a.example.com', ['b.example.com', 'a.example.com'], { loop: true }),
      subject: { kind: 'record', name: 'a.example.com CNAME' },
      expect: 'loop',
    },
    {
      name: 'four steps',
      facts: chain('a.example.com', ['b.example.com', 'c.example.com', 'd.example.com', 'e.example.net']),
      subject: { kind: 'record', name: 'a.example.com CNAME' },
      expect: 'chain',
    },
    {
      name: 'to an address',
      facts: chain('a.example.com', ['192.0.2.1']),
      subject: { kind: 'record', name: 'a.example.com CNAME' },
      expect: 'to-address',
    },
    {
      name: 'beside a TXT record',
      facts: chain('a.example.com', ['host.example.net'], { others: ['TXT'] }),
      subject: { kind: 'record', name: 'a.example.com CNAME' },
      expect: 'beside-other-data',
    },
  ],
})

/** An alias with this way, for the examples. */
function chain(name: string, targets: string[], more: { loop?: boolean; others?: string[] } = {}) {
  const records = (more.others ?? []).map(type => ({ name, type, ttl: 300, data: 'x' }))
  return {
    cnameChain: { name, targets, loop: more.loop ?? false },
    zoneRecords: { zone: 'example.com', source: 'names' as const, records, unread: [] },
  }
}

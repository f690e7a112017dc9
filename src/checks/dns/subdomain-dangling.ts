// What a name leads to is still there, and still yours.
import { defineCheck, type OutcomeHolds, skip, unknown } from '../../core/check.ts'
import type { Fix } from '../../core/fix.ts'
import type { Facts } from '../../facts/index.generated.ts'

type Data = { name: string; target: string; via: string; service: string; claim: string }

const fix = (data: Data): Fix => ({
  summary:
    data.via === 'CNAME' || data.via === 'ALIAS'
      ? `Remove the ${data.via === 'CNAME' ? 'alias' : 'address'} of ${data.name}, or claim it at ${data.service || data.target}`
      : `Take ${data.target} out of the ${data.via} records of ${data.name}`,
  steps: [
    `If ${data.target} is not used any more, remove the record.`,
    ...(data.service ? [`If it is, add ${data.name} to your account at ${data.service}.`] : []),
  ],
  changes:
    data.via === 'CNAME'
      ? [{ kind: 'dns', action: 'remove', name: `${data.name}.`, type: 'CNAME', data: `${data.target}.` }]
      : [{ kind: 'manual', step: `Take ${data.target} out of the ${data.via} records of ${data.name}.` }],
  effortMinutes: 15,
})

const delegationFix = (data: Data): Fix => ({
  summary: `Remove the delegation of ${data.name}`,
  steps: [
    `No server that ${data.name} is delegated to serves it. Remove its NS records, or set the zone up there again.`,
  ],
  changes: data.target
    .split(', ')
    .map(server => ({ kind: 'dns', action: 'remove', name: `${data.name}.`, type: 'NS', data: `${server}.` })),
  effortMinutes: 15,
})

type Holds = OutcomeHolds<'target-missing' | 'unclaimed' | 'delegation-lame', Data>

const claims = {
  open: 'anyone can add a name there',
  verified: 'the service asks for proof before it gives a name',
  closed: 'the service reserves names',
}

/** What is wrong with one thing that a name leads to. */
const leadFaults = (name: string, lead: Facts['dangling']['leads'][number], critical: boolean): Holds[] => {
  const data = { name, target: lead.target, via: lead.via, service: lead.service ?? '', claim: lead.claim ?? '' }
  const evidence = [{ label: `${name} ${lead.via}`, value: lead.target }]
  if (lead.status === 'NXDOMAIN')
    return [
      {
        outcome: 'target-missing',
        key: `${lead.via} ${lead.target}`,
        data,
        evidence: [...evidence, { label: lead.target, value: 'does not exist' }],
      },
    ]
  if (lead.page !== 'unclaimed') return []
  const shows = `shows its page for names that nobody has claimed; ${claims[lead.claim ?? 'verified']}`
  return [
    {
      outcome: 'unclaimed',
      key: lead.target,
      severity: critical ? 'blocker' : undefined,
      data,
      evidence: [...evidence, { label: lead.service ?? lead.target, value: shows }],
    },
  ]
}

export default defineCheck<Data>()({
  id: 'subdomain-dangling',
  stage: 'dns',
  on: 'name',
  title: 'What the name leads to is still there',
  why: 'Aliases, delegations, mail servers, SPF includes and report addresses are followed outside the zone. A target that does not exist, or a service that says that nobody has claimed the name, is dangling: with some services a stranger can claim it and speak in your name.',
  impact: {
    journey: 'data',
    owner: 'A stranger may be able to put a page under your name, and read what your customers type there.',
  },
  needs: ['dangling'],
  signals: { 'links-break': ['target-missing', 'unclaimed'] },
  outcomes: {
    'target-missing': { status: 'fail', severity: 'high', title: '{name} leads to {target}, which is gone', fix },
    unclaimed: { status: 'fail', severity: 'high', title: '{name} dangles: nobody has claimed it at {service}', fix },
    'delegation-lame': {
      status: 'fail',
      severity: 'high',
      title: '{name} is handed to servers that do not know it',
      fix: delegationFix,
    },
    live: { status: 'pass', title: 'What {name} leads to is there' },
  },
  references: [
    'https://learn.microsoft.com/azure/security/fundamentals/subdomain-takeover',
    'https://owasp.org/www-project-web-security-testing-guide/latest/4-Web_Application_Security_Testing/02-Configuration_and_Deployment_Management_Testing/10-Test_for_Subdomain_Takeover',
  ],
  judge: ({ dangling }, { subject, target }) => {
    const { name, leads, delegation } = dangling
    if (leads.length === 0 && delegation === null) return skip('it leads nowhere outside the zone')
    const critical =
      Object.entries(target.hosts).some(
        ([role, host]) => host === name && ['app', 'login', 'auth', 'api'].includes(role),
      ) || /^(app|login|auth|account|accounts|dashboard|portal)\./.test(name)
    const holds: Holds[] = []
    holds.push(...leads.flatMap(lead => leadFaults(name, lead, critical)))
    if (delegation?.answers === false)
      holds.push({
        outcome: 'delegation-lame',
        data: { name, target: delegation.nameservers.join(', '), via: 'NS', service: '', claim: '' },
        evidence: [{ label: `${name} NS`, value: delegation.nameservers.join(', ') }],
      })
    const open = leads
      .filter(lead => lead.status === 'unknown')
      .map(lead => unknown(`whether ${lead.target} exists could not be told`, 'high'))
    if (delegation?.answers === null) open.push(unknown(`the servers of ${name} could not be asked`, 'high'))
    if (holds.length || open.length) return [...holds, ...open]
    return {
      outcome: 'live',
      data: { name: subject.name, target: '', via: '', service: '', claim: '' },
      evidence: leads.map(lead => ({ label: `${name} ${lead.via}`, value: lead.target })),
    }
  },
  examples: [
    {
      name: 'the alias leads to something',
      facts: { dangling: leading('NOERROR', 'other') },
      subject: { kind: 'name', name: 'blog.example.com' },
      expect: 'live',
    },
    {
      name: 'its target is gone',
      facts: { dangling: leading('NXDOMAIN', 'unasked') },
      subject: { kind: 'name', name: 'blog.example.com' },
      expect: 'target-missing',
    },
    {
      name: 'nobody has claimed it',
      facts: { dangling: leading('NOERROR', 'unclaimed') },
      subject: { kind: 'name', name: 'blog.example.com' },
      expect: 'unclaimed',
    },
    {
      name: 'a delegation that no server knows',
      facts: {
        dangling: {
          name: 'lab.example.com',
          leads: [],
          delegation: { nameservers: ['ns1.example.net'], answers: false },
        },
      },
      subject: { kind: 'name', name: 'lab.example.com' },
      expect: 'delegation-lame',
    },
  ],
})

/** An alias to a service that stands so, for the examples. */
function leading(status: 'NOERROR' | 'NXDOMAIN', page: 'unclaimed' | 'other' | 'unasked') {
  return {
    name: 'blog.example.com',
    leads: [
      {
        via: 'CNAME' as const,
        target: 'someone.github.io',
        status,
        service: 'GitHub Pages',
        claim: 'open' as const,
        page,
      },
    ],
    delegation: null,
  }
}

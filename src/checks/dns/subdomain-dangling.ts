// What a name leads to is still there, and still yours.
import { defineCheck, high, type OutcomeHolds, pass, skip, unknown } from '../../core/check.ts'
import { dnsEvidence, textEvidence } from '../../core/evidence.ts'
import { leading } from '../../facts/dns/dangling.example.ts'
import { carriesLogin, leadFault } from '../../formats/dns/dangling-leads.ts'
import { delegationFix, type LeadData, leadFix } from './fixes.ts'

export default defineCheck<LeadData>()({
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
    'target-missing': high('{name} leads to {target}, which is gone', leadFix),
    unclaimed: high('{name} dangles: nobody has claimed it at {service}', leadFix),
    'delegation-lame': high('{name} is handed to servers that do not know it', delegationFix),
    live: pass('What {name} leads to is there'),
  },
  references: [
    'https://learn.microsoft.com/azure/security/fundamentals/subdomain-takeover',
    'https://owasp.org/www-project-web-security-testing-guide/latest/4-Web_Application_Security_Testing/02-Configuration_and_Deployment_Management_Testing/10-Test_for_Subdomain_Takeover',
  ],
  judge: ({ dangling: { name, leads, delegation } }, { subject, target }) => {
    if (leads.length === 0 && delegation === null) return skip('it leads nowhere outside the zone')
    const found = leads.flatMap(
      (lead): OutcomeHolds<'target-missing' | 'unclaimed' | 'delegation-lame', LeadData>[] => {
        const fault = leadFault(lead)
        if (!fault) return []
        const isOpen = fault.outcome === 'unclaimed'
        return [
          {
            outcome: fault.outcome,
            key: isOpen ? lead.target : `${lead.via} ${lead.target}`,
            severity: isOpen && carriesLogin(name, target.hosts) ? 'blocker' : undefined,
            data: { name, target: lead.target, via: lead.via, service: lead.service ?? '' },
            evidence: [dnsEvidence(name, lead.via, lead.target), textEvidence(fault.label, fault.value)],
          },
        ]
      },
    )
    const open = leads
      .filter(lead => lead.status === 'unknown')
      .map(lead => unknown(`whether ${lead.target} exists could not be told`, 'high'))
    if (delegation?.answers === false) {
      const servers = delegation.nameservers.join(', ')
      const data = { name, target: servers, via: 'NS', service: '' }
      found.push({ outcome: 'delegation-lame', data, evidence: [dnsEvidence(name, 'NS', servers)] })
    }
    if (delegation?.answers === null) open.push(unknown(`the servers of ${name} could not be asked`, 'high'))
    if (found.length || open.length) return [...found, ...open]
    const evidence = leads.map(lead => dnsEvidence(name, lead.via, lead.target))
    return { outcome: 'live', data: { name: subject.name, target: '', via: '', service: '' }, evidence }
  },
  examples: [
    { name: 'the alias leads to something', facts: {}, expect: 'live' },
    {
      name: 'its target is gone',
      facts: { dangling: leading({ status: 'NXDOMAIN', page: 'unasked' }) },
      expect: 'target-missing',
    },
    { name: 'nobody has claimed it', facts: { dangling: leading({ page: 'unclaimed' }) }, expect: 'unclaimed' },
    {
      name: 'a delegation that no server knows',
      facts: { dangling: { leads: [], delegation: { nameservers: ['ns1.example.net'], answers: false } } },
      expect: 'delegation-lame',
    },
  ],
})

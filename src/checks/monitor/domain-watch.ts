// Somebody is told before the registration of the domain ends.
import { defineCheck, medium, pass } from '../../core/check.ts'
import { example, nobody, seen } from '../../facts/monitor/watching.example.ts'
import { isUnder } from '../../formats/monitor/seen.ts'
import { addMonitor, isListed, listMonitor } from './fixes.ts'
import { lookedThrough, monitorEvidence, unseen } from './seeing.ts'

type Data = { domain: string; listed: boolean }

const question = {
  id: 'domain-watch',
  text: 'What tells you a month before the domain has to be renewed?',
  answer: 'monitor.monitors',
}

export default defineCheck<Data>()({
  id: 'domain-watch',
  stage: 'monitor',
  on: 'domain',
  title: 'Somebody is told before the domain ends',
  why: 'Automatic renewal fails with an expired card, and the registrar’s mails go to an address of years ago. A look at the registration (RDAP) thirty days before leaves time to pay by hand.',
  impact: {
    journey: 'visit',
    owner: 'If it runs out, site, login and mail stop at once, and somebody else may buy the name.',
  },
  needs: ['watching'],
  signals: { 'outages-from-customers': ['none'] },
  outcomes: {
    none: medium('Nothing watches when {domain} has to be renewed', ({ domain, listed }) =>
      listed
        ? listMonitor({ name: 'domain', domain, expect: { daysLeft: 30 } })
        : addMonitor(`- { name: domain, domain: ${domain}, expect: { daysLeft: 30 } }`, 5),
    ),
    watched: pass('The registration of {domain} is watched'),
  },
  references: ['https://www.icann.org/resources/pages/domain-name-renewal-expiration-faqs-2018-12-07-en'],
  judge({ watching }, { target, subject: { name: domain } }) {
    const hidden = unseen(watching, target, question, 'medium')
    if (hidden) return hidden
    const found = watching.monitors.find(
      monitor => (monitor.kind === 'domain' || monitor.domain) && !monitor.paused && isUnder(monitor.target, domain),
    )
    const data = { domain, listed: isListed(watching) }
    return found
      ? { outcome: 'watched', data, evidence: [monitorEvidence(found)] }
      : { outcome: 'none', data, evidence: [lookedThrough(watching)], confidence: 'likely' }
  },
  examples: [
    { name: 'watched', facts: {}, expect: 'watched' },
    { name: 'the page alone', facts: { watching: { ...example, monitors: [seen()] } }, expect: 'none' },
    { name: 'nothing is seen', facts: { watching: nobody }, expect: 'skip' },
  ],
})

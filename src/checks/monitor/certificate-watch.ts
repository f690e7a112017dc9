// Somebody is told before a certificate ends.
import { defineCheck, medium, pass } from '../../core/check.ts'
import { example, nobody, seen } from '../../facts/monitor/watching.example.ts'
import { isUnder } from '../../formats/monitor/seen.ts'
import { addMonitor, isListed, listMonitor } from './fixes.ts'
import { lookedThrough, monitorEvidence, unseen } from './seeing.ts'

type Data = { host: string; listed: boolean }

const question = {
  id: 'certificate-watch',
  text: 'What tells you two weeks before a certificate ends?',
  answer: 'monitor.monitors',
}

export default defineCheck<Data>()({
  id: 'certificate-watch',
  stage: 'monitor',
  on: 'domain',
  title: 'Somebody is told before a certificate ends',
  why: 'Renewal runs by itself until it does not: a changed record, a full disk, a rate limit. Certificates live 90 days and soon 47, so a monitor of the last 14 days is the only notice there is.',
  impact: {
    journey: 'visit',
    owner: 'If renewing it fails, every visitor meets a full-page warning before you hear of it.',
  },
  needs: ['watching'],
  signals: { 'outages-from-customers': ['none'] },
  outcomes: {
    none: medium('Nothing watches when the certificate of {host} ends', ({ host, listed }) =>
      listed
        ? listMonitor({ name: 'certificate', tls: `${host}:443`, expect: { daysLeft: 14 } })
        : addMonitor(`- { name: certificate, tls: ${host}:443, expect: { daysLeft: 14 } }`, 5),
    ),
    watched: pass('The certificate is watched'),
  },
  references: ['https://letsencrypt.org/docs/monitoring-options/'],
  judge({ watching }, { target, subject }) {
    const hidden = unseen(watching, target, question, 'medium')
    if (hidden) return hidden
    const host = target.hosts['app'] ?? subject.name
    const found = watching.monitors.find(
      monitor =>
        (monitor.kind === 'tls' || monitor.certificate) && !monitor.paused && isUnder(monitor.target, subject.name),
    )
    const data = { host, listed: isListed(watching) }
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

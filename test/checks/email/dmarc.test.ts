// Outcomes of what is judged by DMARC reports and their addresses, beside the examples of the checks.
import { describe } from 'vitest'
import dmarcReports from '../../../src/checks/email/dmarc-reports.ts'
import dmarcSources from '../../../src/checks/email/dmarc-sources.ts'
import { dmarcWith } from '../../../src/facts/email/dmarc.example.ts'
import { example as reports, reportsOf, sourceWith } from '../../../src/facts/email/dmarc-reports.example.ts'
import { unauthorised } from '../../../src/facts/email/report-targets.example.ts'
import { itJudges } from '../../support/judge-example.ts'

const domain = 'coachdash.example'
const subject = { kind: 'domain' as const, name: domain }
const target = { domain }
const watching = dmarcWith(`v=DMARC1; p=none; rua=mailto:dmarc@${domain}`)
const unknown = sourceWith({ name: 'unknown, authenticated as nobody', kind: 'unknown', messages: 60, passing: 0 })
const ready = { verdict: { ready: true, because: ['100.0 % of 900 messages pass'] } }
const elsewhere = { record: 'v=DMARC1; p=reject; rua=mailto:x@reports.example', targets: [unauthorised] }

describe('dmarc-sources', () =>
  itJudges(dmarcSources, [
    [
      'somebody whom nobody knows',
      'unknown-source',
      { subject, target, facts: { dmarc: watching, dmarcReports: reportsOf([sourceWith(), unknown]) } },
    ],
    [
      'all passes for weeks, and forged mail is only watched',
      'ready-to-enforce',
      { subject, target, facts: { dmarc: watching, dmarcReports: reportsOf([sourceWith()], ready) } },
    ],
    ['no report yet', 'skip', { subject, target, facts: { dmarcReports: reportsOf([], { reports: 0 }) } }],
  ]))

describe('dmarc-reports', () =>
  itJudges(dmarcReports, [
    ['a service that was never asked', 'unauthorised', { subject, target, facts: { reportTargets: elsewhere } }],
    [
      'none has come for three weeks',
      'not-arriving',
      {
        subject,
        target: { domain, sections: { email: { reports: 'imaps://imap.example.net/Reports' } } },
        facts: { dmarcReports: { ...reports, newest: '2026-11-04T00:00:00.000Z' } },
      },
    ],
  ]))

// The zone's own settings: how long servers keep it, and who answers for it.
import { defineCheck, low, type OutcomeHolds, pass, skip } from '../../core/check.ts'
import { dnsEvidence, textEvidence } from '../../core/evidence.ts'
import type { Fix } from '../../core/fix.ts'
import { fix, replaceRecord } from '../../core/fixes.ts'
import { withSoa } from '../../facts/dns/name-servers.example.ts'
import { mailboxFault, soaText, soundTimers, timerFaults } from '../../formats/dns/soa-faults.ts'

type Data = { zone: string; record: string }

const correct = ({ zone, record }: Data): Fix =>
  fix(
    `Correct the SOA record of ${zone}`,
    [replaceRecord(zone, 'SOA', record)],
    ['At most DNS providers this record cannot be edited: then leave it, it does no harm by itself.'],
    10,
  )

export default defineCheck<Data>()({
  id: 'soa',
  stage: 'dns',
  on: 'domain',
  title: 'The zone’s timers and contact are sane',
  why: 'The SOA record says how long secondaries keep the zone when the primary is down, how long the world remembers that a name does not exist, and whom to write to about the zone.',
  impact: {
    journey: 'operate',
    owner: 'When something breaks, it stays broken longer, and nobody can reach you about it.',
  },
  needs: ['nameServers'],
  outcomes: {
    timers: low('The zone’s timers make outages longer', correct, {
      why: 'When the primary server fails, or after a mistake, more people see the wrong zone for longer.',
    }),
    'responsible-mailbox': low('The zone’s contact address cannot be written to', correct, {
      why: 'Whoever notices a fault of the zone cannot tell you.',
    }),
    sane: pass('The zone’s timers and contact are sane'),
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc1912#section-2.2',
    'https://www.rfc-editor.org/rfc/rfc2308#section-5',
    'https://www.ripe.net/publications/docs/ripe-203/',
  ],
  judge: ({ nameServers: { zone, servers } }) => {
    const soa = servers.find(server => server.soa !== null)?.soa
    if (!soa) return skip('no name server gave an SOA record; the name servers are judged elsewhere')
    const faults = timerFaults(soa)
    const mailbox = mailboxFault(soa.rname)
    // One record: whoever puts one fault right puts both right.
    const sound = {
      ...soa,
      ...(faults.length ? soundTimers : {}),
      ...(mailbox ? { rname: `hostmaster.${zone}` } : {}),
    }
    const data = { zone, record: soaText(zone, { ...sound, serial: soa.serial + 1 }) }
    const found: OutcomeHolds<'timers' | 'responsible-mailbox', Data>[] = []
    if (faults.length)
      found.push({ outcome: 'timers', data, evidence: faults.map(value => dnsEvidence(zone, 'SOA', value)) })
    if (mailbox) {
      const label = `${zone} SOA, contact "${soa.rname || '.'}"`
      found.push({ outcome: 'responsible-mailbox', data, evidence: [textEvidence(label, mailbox)] })
    }
    return found.length ? found : { outcome: 'sane', data, evidence: [dnsEvidence(zone, 'SOA', soaText(zone, soa))] }
  },
  examples: [
    { name: 'usual timers', facts: {}, expect: 'sane' },
    { name: 'expires within an hour', facts: { nameServers: withSoa({ expire: 3600 }) }, expect: 'timers' },
    { name: 'no contact', facts: { nameServers: withSoa({ rname: 'root' }) }, expect: 'responsible-mailbox' },
  ],
})

// The zone's own settings: how long servers keep it, and who answers for it.
import { defineCheck, type OutcomeHolds, skip } from '../../core/check.ts'
import type { Fix } from '../../core/fix.ts'
import { mailboxFault, type Soa, soundTimers, timerFaults } from '../../formats/dns/soa-faults.ts'

type Data = { zone: string; record: string; fault: string }

const fix = (data: Data): Fix => ({
  summary: `Correct the SOA record of ${data.zone}`,
  steps: ['At most DNS providers this record cannot be edited: then leave it, it does no harm by itself.'],
  changes: [{ kind: 'dns', action: 'replace', name: `${data.zone}.`, type: 'SOA', ttl: 3600, data: data.record }],
  effortMinutes: 10,
})

const written = (zone: string, soa: Soa, change: Partial<Soa>): string => {
  const all = { ...soa, ...change }
  return `${all.mname || zone}. ${all.rname}. ${all.serial + 1} ${all.refresh} ${all.retry} ${all.expire} ${all.minimum}`
}

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
    timers: { status: 'fail', severity: 'low', title: 'The zone’s timers make outages longer', fix },
    'responsible-mailbox': {
      status: 'fail',
      severity: 'low',
      title: 'The zone’s contact address cannot be written to',
      fix,
    },
    sane: { status: 'pass', title: 'The zone’s timers and contact are sane' },
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc1912#section-2.2',
    'https://www.rfc-editor.org/rfc/rfc2308#section-5',
    'https://www.ripe.net/publications/docs/ripe-203/',
  ],
  judge: ({ nameServers: { zone, servers } }) => {
    const soa = servers.find(server => server.soa !== null)?.soa
    if (!soa) return skip('no name server gave an SOA record; the name servers are judged elsewhere')
    const holds: OutcomeHolds<'timers' | 'responsible-mailbox', Data>[] = []
    const faults = timerFaults(soa)
    const mailbox = mailboxFault(soa.rname)
    // One record: whoever puts one fault right puts both right.
    const record = written(zone, soa, {
      ...(faults.length ? soundTimers : {}),
      ...(mailbox ? { rname: `hostmaster.${zone}` } : {}),
    })
    if (faults.length)
      holds.push({
        outcome: 'timers',
        data: { zone, record, fault: faults[0]! },
        evidence: faults.map(value => ({ label: `${zone} SOA`, value })),
      })
    if (mailbox)
      holds.push({
        outcome: 'responsible-mailbox',
        data: { zone, record, fault: mailbox },
        evidence: [{ label: `${zone} SOA, contact "${soa.rname || '.'}"`, value: mailbox }],
      })
    return holds.length
      ? holds
      : {
          outcome: 'sane',
          data: { zone, record: '', fault: '' },
          evidence: [{ label: `${zone} SOA`, value: written(zone, soa, { serial: soa.serial - 1 }) }],
        }
  },
  examples: [
    { name: 'usual timers', facts: { nameServers: withSoa({}) }, expect: 'sane' },
    { name: 'expires within an hour', facts: { nameServers: withSoa({ expire: 3600 }) }, expect: 'timers' },
    { name: 'no contact', facts: { nameServers: withSoa({ rname: 'root' }) }, expect: 'responsible-mailbox' },
  ],
})

/** One name server with this SOA record, for the examples. */
function withSoa(change: Partial<Soa>) {
  const answers = { state: 'answers' as const, rcode: 'NOERROR', reason: null }
  const soa = {
    mname: 'ns1.example.com',
    rname: 'hostmaster.example.com',
    serial: 1,
    refresh: 7200,
    retry: 3600,
    expire: 1_209_600,
    minimum: 3600,
    ...change,
  }
  const server = {
    name: 'ns1.example.com',
    address: '192.0.2.1',
    family: 4 as const,
    private: false,
    inParent: true,
    inChild: true,
    udp: answers,
    tcp: answers,
    soa,
    soaTtl: 3600,
    nameservers: null,
    nsTtl: null,
  }
  return {
    zone: 'example.com',
    servers: [server],
    unresolved: [],
    aliases: [],
    child: ['ns1.example.com'],
    parent: ['ns1.example.com'],
    portOpen: true,
  }
}

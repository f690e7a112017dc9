// No name server gives the whole zone to a stranger.
import { defineCheck, unknown } from '../../core/check.ts'
import type { Fix } from '../../core/fix.ts'

type Data = { zone: string; server: string; address: string; records: number }

const fix = (data: Data): Fix => ({
  summary: `Let ${data.server} transfer ${data.zone} to your own name servers only`,
  steps: [
    `In the configuration of ${data.server}, allow zone transfers (AXFR) to the addresses of your other name servers alone.`,
  ],
  changes: [{ kind: 'setting', provider: 'name-server', path: data.address, value: { transfer: false } }],
  effortMinutes: 15,
})

export default defineCheck<Data>()({
  id: 'zone-transfer',
  stage: 'dns',
  on: 'domain',
  title: 'Strangers cannot copy the whole zone',
  why: 'A zone transfer hands out every name at once: staging hosts, admin panels, origins behind a protection, services in use. Each authoritative server is asked for one.',
  impact: {
    journey: 'data',
    owner: 'Anyone can list every host that you run, the ones you did not mean to show included.',
  },
  needs: ['zoneTransfer'],
  signals: ['data-exposed'],
  outcomes: {
    open: { status: 'fail', severity: 'high', title: '{server} hands the whole zone to anyone', fix },
    refused: { status: 'pass', title: 'Zone transfers are refused' },
  },
  references: ['https://www.rfc-editor.org/rfc/rfc5936#section-5'],
  judge: ({ zoneTransfer: { zone, servers } }) => {
    if (servers.length === 0) return unknown(`no name server of ${zone} answers with authority`, 'high')
    const open = servers.filter(server => server.state === 'open')
    const unheard = servers
      .filter(server => server.state === 'unknown')
      .map(server => unknown(`${server.name} (${server.address}): ${server.message}`, 'high'))
    const found = open.map(({ name: server, address, records }) => ({
      outcome: 'open' as const,
      key: address,
      data: { zone, server, address, records },
      evidence: [{ label: `AXFR ${zone} at ${server} (${address})`, value: `${records} records` }],
    }))
    if (found.length || unheard.length) return [...found, ...unheard]
    return {
      outcome: 'refused',
      data: { zone, server: '', address: '', records: 0 },
      evidence: servers.map(server => ({ label: server.name, value: server.message })),
    }
  },
  examples: [
    {
      name: 'nobody answers',
      facts: { zoneTransfer: { zone: 'example.com', servers: [], records: null } },
      expect: 'unknown',
    },
    {
      name: 'refused',
      facts: {
        zoneTransfer: {
          zone: 'example.com',
          servers: [
            { name: 'ns1.example.com', address: '192.0.2.1', state: 'refused', records: 0, message: 'REFUSED' },
          ],
          records: null,
        },
      },
      expect: 'refused',
    },
    {
      name: 'open',
      facts: {
        zoneTransfer: {
          zone: 'example.com',
          servers: [{ name: 'ns1.example.com', address: '192.0.2.1', state: 'open', records: 41, message: '' }],
          records: [],
        },
      },
      expect: 'open',
    },
  ],
})

// No name server gives the whole zone to a stranger.
import { defineCheck, high, pass, unknown } from '../../core/check.ts'
import { textEvidence } from '../../core/evidence.ts'
import type { Fix } from '../../core/fix.ts'
import { fix, setting } from '../../core/fixes.ts'
import { open } from '../../facts/dns/zone-transfer.example.ts'

type Data = { zone: string; server: string; address: string; records: number }

const restrict = ({ zone, server, address }: Data): Fix =>
  fix(
    `Let ${server} transfer ${zone} to your own name servers only`,
    [setting('name-server', address, { transfer: false })],
    [
      `In the configuration of ${server}, allow zone transfers (AXFR) to the addresses of your other name servers alone.`,
    ],
  )

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
    open: high('{server} hands the whole zone to anyone', restrict),
    refused: pass('Zone transfers are refused'),
  },
  references: ['https://www.rfc-editor.org/rfc/rfc5936#section-5'],
  judge: ({ zoneTransfer: { zone, servers } }) => {
    if (servers.length === 0) return unknown(`no name server of ${zone} answers with authority`, 'high')
    const found = servers
      .filter(each => each.state === 'open')
      .map(({ name: server, address, records }) => ({
        outcome: 'open' as const,
        key: address,
        data: { zone, server, address, records },
        evidence: [textEvidence(`AXFR ${zone} at ${server} (${address})`, `${records} records`)],
      }))
    const unanswered = servers
      .filter(each => each.state === 'unknown')
      .map(each => unknown(`${each.name} (${each.address}): ${each.message}`, 'high'))
    if (found.length || unanswered.length) return [...found, ...unanswered]
    const evidence = servers.map(each => textEvidence(each.name, each.message))
    return { outcome: 'refused', data: { zone, server: '', address: '', records: 0 }, evidence }
  },
  examples: [
    { name: 'refused', facts: {}, expect: 'refused' },
    { name: 'open', facts: { zoneTransfer: open }, expect: 'open' },
    { name: 'nobody answers', facts: { zoneTransfer: { servers: [] } }, expect: 'unknown' },
  ],
})

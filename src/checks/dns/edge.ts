// Something stands in front of the server that takes a flood.
import { defineCheck, unknown } from '../../core/check.ts'
import type { Fix } from '../../core/fix.ts'

type Data = { host: string; edge: string }

const fix = (data: Data): Fix => ({
  summary: `Put a content network in front of ${data.host}`,
  steps: [
    'Cloudflare’s free plan is enough: move the name servers there, turn the proxy on for this record, set encryption to Full (strict).',
    'Then let the server accept web traffic from that network only.',
  ],
  changes: [{ kind: 'manual', step: `Serve ${data.host} through a content network.` }],
  effortMinutes: 60,
})

export default defineCheck<Data>()({
  id: 'edge',
  stage: 'dns',
  on: 'host',
  title: 'A content network stands in front of the server',
  why: 'A host is recognised as protected by its addresses, its alias, or headers that only such a network sends. A server that is reached directly goes down with the first flood, and is slow from other continents.',
  impact: {
    journey: 'operate',
    owner: 'A flood of requests that costs five dollars to buy takes your product offline.',
  },
  needs: ['hostEdges'],
  outcomes: {
    none: { status: 'fail', severity: 'medium', title: '{host} takes every flood by itself', fix },
    protected: { status: 'pass', title: '{host} stands behind {edge}' },
  },
  references: ['https://developers.cloudflare.com/ddos-protection/', 'https://vercel.com/docs/vercel-firewall'],
  judge: ({ hostEdges }, { subject }) => {
    const { edge, by, headers, answered } = hostEdges
    const evidence = headers.map(header => ({ label: `${subject.name} ${header.name}`, value: header.value }))
    if (edge !== null)
      return {
        outcome: 'protected',
        data: { host: subject.name, edge },
        evidence: [{ label: edge, value: `recognised by its ${by}` }, ...evidence],
      }
    if (!answered) return unknown('it gave no answer from which a network could be recognised')
    return {
      outcome: 'none',
      data: { host: subject.name, edge: '' },
      evidence: evidence.length
        ? evidence
        : [{ label: subject.name, value: 'no address, alias or header of a known network' }],
    }
  },
  examples: [
    {
      name: 'behind Cloudflare',
      facts: {
        hostEdges: {
          edge: 'Cloudflare',
          by: 'address',
          headers: [{ name: 'server', value: 'cloudflare' }],
          answered: true,
        },
      },
      subject: { kind: 'host', name: 'example.com' },
      expect: 'protected',
    },
    {
      name: 'a server of its own',
      facts: { hostEdges: { edge: null, by: null, headers: [{ name: 'server', value: 'nginx' }], answered: true } },
      subject: { kind: 'host', name: 'example.com' },
      expect: 'none',
    },
  ],
})

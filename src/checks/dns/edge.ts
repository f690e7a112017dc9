// Something stands in front of the server that takes a flood.
import { defineCheck, medium, pass, unknown } from '../../core/check.ts'
import { httpEvidence, textEvidence } from '../../core/evidence.ts'
import type { Fix } from '../../core/fix.ts'
import { fix, manual } from '../../core/fixes.ts'

type Data = { host: string; edge: string }

const putInFront = ({ host }: Data): Fix =>
  fix(
    `Put a content network in front of ${host}`,
    [manual(`Serve ${host} through a content network.`)],
    [
      'Cloudflare’s free plan is enough: move the name servers there, turn the proxy on for this record, set encryption to Full (strict).',
      'Then let the server accept web traffic from that network only.',
    ],
    60,
  )

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
    none: medium('No network stands before {host} that keeps floods away', putInFront, {
      toldBy: { check: 'cdn-caching', outcome: 'no-cdn' },
    }),
    protected: pass('{host} stands behind {edge}'),
  },
  references: ['https://developers.cloudflare.com/ddos-protection/', 'https://vercel.com/docs/vercel-firewall'],
  judge: ({ hostEdges: { edge, by, headers, answered } }, { subject: { name: host } }) => {
    const evidence = headers.map(({ name, value }) =>
      httpEvidence(`https://${host}/`, value, { header: name, label: `${host} ${name}` }),
    )
    if (edge !== null)
      return {
        outcome: 'protected',
        data: { host, edge },
        evidence: [textEvidence(edge, `recognised by its ${by}`), ...evidence],
      }
    if (!answered) return unknown('it did not answer, so what stands before it could not be told')
    const nothing = [textEvidence(host, 'no address, alias or header of a known network')]
    return { outcome: 'none', data: { host, edge: '' }, evidence: evidence.length ? evidence : nothing }
  },
  examples: [
    { name: 'behind Cloudflare', facts: {}, expect: 'protected' },
    {
      name: 'a server of its own',
      facts: { hostEdges: { edge: null, by: null, headers: [{ name: 'server', value: 'nginx' }] } },
      expect: 'none',
    },
  ],
})

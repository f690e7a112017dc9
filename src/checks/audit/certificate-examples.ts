// Examples of the certificate check; the certificates stand in tls-examples.ts.
import { exampleSelfSigned, tlsExample } from './tls-examples.ts'

export const certificateExamples = [
  { name: 'valid for five more weeks', facts: { tls: tlsExample({}) }, expect: 'valid' },
  { name: 'a week after its last day', facts: { tls: tlsExample({}) }, now: '2027-01-06T00:00:00Z', expect: 'expired' },
  {
    name: 'ten days before its last',
    facts: { tls: tlsExample({}) },
    now: '2026-12-20T00:00:00Z',
    expect: 'expires-soon',
  },
  { name: 'vouches for itself', facts: { tls: tlsExample({ chain: [exampleSelfSigned] }) }, expect: 'self-signed' },
  { name: 'port 443 is closed', facts: { tls: tlsExample({ refused: true }) }, expect: 'unreachable' },
] as const

// Which cipher suites a host accepts below TLS 1.3: none of the dead ones, forward secrecy, and no small Diffie-Hellman group.
import { defineCheck, type OutcomeHolds } from '../../core/check.ts'
import type { Fix } from '../../core/fix.ts'
import { isRefusal } from './certificate-endpoints.ts'
import { tlsExample } from './tls-examples.ts'

type Data = { host: string; families: string[]; bits: number }

const modern = (data: Data): Fix => ({
  summary: `Let ${data.host} use modern cipher suites alone`,
  steps: [
    'nginx: `ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20;`. Apache: `SSLCipherSuite ECDHE+AESGCM:ECDHE+CHACHA20`. Caddy does it by itself.',
    'At a CDN or load balancer: choose the "modern" or "TLS 1.2 with forward secrecy" policy.',
    'Reload the server. Every browser of the last ten years keeps working.',
  ],
  changes: [{ kind: 'setting', provider: 'tls', path: `${data.host}/ciphers`, value: 'ECDHE+AESGCM:ECDHE+CHACHA20' }],
  effortMinutes: 15,
})

/** Below it a group is within reach of an attacker with means (RFC 9325 §4.1, Logjam). */
const leastBits = 2048

export default defineCheck<Data>()({
  id: 'tls-ciphers',
  stage: 'audit',
  on: 'host',
  title: 'Connections are encrypted with sound ciphers',
  why: 'A server that accepts NULL, anonymous, EXPORT, RC4, DES or 3DES suites lets an attacker talk a client into them. Without forward secrecy a stolen key opens all recorded traffic; a Diffie-Hellman group under 2048 bits can be broken. Each family is offered by a hello of our own.',
  impact: {
    journey: 'trust',
    owner: 'What customers type could be read on the way, and security reviews of business customers fail.',
  },
  needs: ['tls'],
  outcomes: {
    broken: { status: 'fail', severity: 'high', title: '{host} accepts broken encryption: {families}', fix: modern },
    'no-forward-secrecy': {
      status: 'fail',
      severity: 'medium',
      title: 'A stolen key of {host} would open all recorded traffic',
      fix: modern,
    },
    'weak-dh': { status: 'fail', severity: 'medium', title: '{host} agrees on keys of only {bits} bits', fix: modern },
    strong: { status: 'pass', title: '{host} accepts sound ciphers alone' },
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc9325#section-4',
    'https://www.rfc-editor.org/rfc/rfc7465',
    'https://weakdh.org/',
  ],
  judge: ({ tls }, { subject }) => {
    const host = subject.name
    const endpoints = tls.endpoints.filter(
      ({ handshake, weak }) => handshake.ok && Object.values(weak).some(offered => offered !== null),
    )
    if (!endpoints.length) {
      const failed = tls.endpoints.flatMap(({ handshake }) => (handshake.ok ? [] : [handshake]))
      if (failed.length && failed.every(({ reason }) => isRefusal(reason)))
        return { skip: `${host} does not answer over HTTPS` }
      return { unknown: failed[0]?.message ?? `the ciphers of ${host} could not be told`, couldBe: 'high' }
    }
    const families = [
      ...new Set(
        endpoints.flatMap(({ weak }) => Object.entries(weak).flatMap(([name, offered]) => (offered ? [name] : []))),
      ),
    ]
    const bits = Math.min(...endpoints.flatMap(({ dhBits }) => dhBits ?? []))
    const data: Data = { host, families, bits }
    const evidence = endpoints.map(({ address, handshake, weakCiphers, dhBits }) => ({
      label: address,
      value: [
        ...(handshake.ok ? [`a modern client gets ${handshake.value.cipher} (${handshake.value.version})`] : []),
        ...(weakCiphers.length ? [`accepts ${weakCiphers.join(', ')}`] : []),
        ...(dhBits ? [`Diffie-Hellman group of ${dhBits} bits`] : []),
      ].join('; '),
    }))
    const holds: OutcomeHolds<'broken' | 'no-forward-secrecy' | 'weak-dh', Data>[] = []
    if (families.length) holds.push({ outcome: 'broken', data, evidence })
    if (endpoints.some(({ forwardSecrecy }) => forwardSecrecy === false))
      holds.push({ outcome: 'no-forward-secrecy', data, evidence })
    if (bits < leastBits) holds.push({ outcome: 'weak-dh', data, evidence })
    if (holds.length) return holds
    if (endpoints.some(({ weak, forwardSecrecy }) => forwardSecrecy === null || Object.values(weak).includes(null)))
      return { unknown: `not every cipher family of ${host} could be told`, couldBe: 'high' }
    return { outcome: 'strong', data, evidence }
  },
  examples: [
    { name: 'nothing but sound suites', facts: { tls: tlsExample({}) }, expect: 'strong' },
    { name: '3DES', facts: { tls: tlsExample({ weak: { '3DES': true } }) }, expect: 'broken' },
    {
      name: 'RSA key exchange alone',
      facts: { tls: tlsExample({ forwardSecrecy: false }) },
      expect: 'no-forward-secrecy',
    },
    { name: 'a group of 1024 bits', facts: { tls: tlsExample({ dhBits: 1024 }) }, expect: 'weak-dh' },
    { name: 'port closed', facts: { tls: tlsExample({ refused: true }) }, expect: 'skip' },
  ],
})

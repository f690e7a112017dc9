// Which cipher suites a host accepts below TLS 1.3: none of the dead ones, forward secrecy, and no small Diffie-Hellman group.
import {
  blocker,
  couldNotSee,
  defineCheck,
  high,
  medium,
  type OutcomeHolds,
  pass,
  skip,
  unknown,
} from '../../core/check.ts'
import { textEvidence } from '../../core/evidence.ts'
import type { Fix } from '../../core/fix.ts'
import { fix, setting } from '../../core/fixes.ts'
import { tlsWith } from '../../facts/tls/tls.example.ts'
import { judgeCiphers, judgeVersions, leastDhBits, refusedBrowsers } from '../../formats/tls/offers.ts'
import { everyEndpoint, hasBrowserKey, isRefusal } from '../../formats/tls/served-chains.ts'

type Data = { host: string; families: string[]; bits: number; browsers: string }

const modern = (data: Data): Fix =>
  fix(
    `Let ${data.host} use modern cipher suites alone`,
    [setting('tls', `${data.host}/ciphers`, 'ECDHE+AESGCM:ECDHE+CHACHA20')],
    [
      'nginx: `ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20;`. Apache: `SSLCipherSuite ECDHE+AESGCM:ECDHE+CHACHA20`. Caddy does it by itself.',
      'At a CDN or load balancer: choose the "modern" or "TLS 1.2 with forward secrecy" policy.',
      'Reload the server. Every browser of the last ten years keeps working.',
    ],
  )

export default defineCheck<Data>()({
  id: 'tls-ciphers',
  stage: 'audit',
  on: 'host',
  everyHost: true,
  title: 'Connections are encrypted with sound ciphers',
  why: 'A server that accepts NULL, anonymous, EXPORT, RC4, DES or 3DES suites lets an attacker talk a client into them. Without forward secrecy a stolen key opens all recorded traffic; a Diffie-Hellman group under 2048 bits can be broken. Each family is offered by a hello of our own; whether browsers get in is asked with exactly what Chrome and Safari offer.',
  impact: {
    journey: 'trust',
    owner: 'What customers type could be read on the way, and security reviews of business customers fail.',
  },
  needs: ['tls'],
  outcomes: {
    broken: high('{host} accepts broken encryption: {families}', modern),
    'no-browser-suite': blocker('{browsers} cannot connect to {host}: nothing in common', modern, {
      why: 'Visitors see an error page of their browser, and nothing of yours.',
      impact: 'visit',
      explains: ['endpoint'],
    }),
    'no-forward-secrecy': medium('A stolen key of {host} would open all recorded traffic', modern),
    'weak-dh': medium('{host} agrees on keys of only {bits} bits', modern),
    strong: pass('{host} accepts sound ciphers alone'),
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc9325#section-4',
    'https://www.rfc-editor.org/rfc/rfc7465',
    'https://weakdh.org/',
  ],
  judge: ({ tls }, { subject: { name: host } }) => {
    const endpoints = everyEndpoint(tls).filter(
      ({ handshake, weak }) => handshake.ok && Object.values(weak).some(offered => offered !== null),
    )
    if (!endpoints.length) {
      const failed = tls.endpoints.flatMap(({ handshake }) => (handshake.ok ? [] : [handshake]))
      if (failed.length && failed.every(({ reason }) => isRefusal(reason)))
        return skip(`${host} does not answer over HTTPS`)
      return failed[0] ? couldNotSee(failed[0], 'high') : unknown(`the ciphers of ${host} could not be told`, 'high')
    }
    const { families, lacksForwardSecrecy, dhBits: bits, isIncomplete } = judgeCiphers(endpoints)
    // What speaks dead versions alone is said by tls-versions, a key that no browser takes by certificate.
    const isCurrent = judgeVersions(endpoints.map(({ versions }) => versions)).obsoleteOnly === false
    const browsers = isCurrent ? refusedBrowsers(endpoints.filter(hasBrowserKey).map(each => each.browsers)) : []
    const data: Data = { host, families, bits, browsers: browsers.join(' and ') }
    const evidence = endpoints.map(({ address, handshake, weakCiphers, dhBits }) => {
      const parts = [
        ...(handshake.ok
          ? [
              `${browsers.length ? `${browsers.join(' and ')} refused; a client that takes everything` : 'a browser'} gets ${handshake.value.cipher} (${handshake.value.version})`,
            ]
          : []),
        ...(weakCiphers.length ? [`accepts ${weakCiphers.join(', ')}`] : []),
        ...(dhBits ? [`Diffie-Hellman group of ${dhBits} bits`] : []),
      ]
      return textEvidence(address, parts.join('; '))
    })
    const holds: OutcomeHolds<'no-browser-suite' | 'broken' | 'no-forward-secrecy' | 'weak-dh', Data>[] = []
    if (browsers.length) holds.push({ outcome: 'no-browser-suite', data, evidence })
    if (families.length) holds.push({ outcome: 'broken', data, evidence })
    if (lacksForwardSecrecy) holds.push({ outcome: 'no-forward-secrecy', data, evidence })
    if (bits < leastDhBits) holds.push({ outcome: 'weak-dh', data, evidence })
    if (holds.length) return holds
    if (isIncomplete) return unknown(`not every cipher family of ${host} could be told`, 'high')
    return { outcome: 'strong', data, evidence }
  },
  examples: [
    { name: 'nothing but sound suites', facts: {}, expect: 'strong' },
    { name: '3DES', facts: { tls: tlsWith({ weak: { '3DES': true } }) }, expect: 'broken' },
    { name: 'a group of 1024 bits', facts: { tls: tlsWith({ dhBits: 1024 }) }, expect: 'weak-dh' },
    {
      name: 'finite-field suites alone, which browsers gave up',
      facts: { tls: tlsWith({ browsers: { chrome: false, safari: false } }) },
      expect: 'no-browser-suite',
    },
    { name: 'port closed', facts: { tls: tlsWith({ refused: true }) }, expect: 'skip' },
  ],
})

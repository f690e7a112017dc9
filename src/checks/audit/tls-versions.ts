// Which protocol versions a host speaks: TLS 1.2 and 1.3, and nothing older.
import { defineCheck, type OutcomeHolds } from '../../core/check.ts'
import type { Fix } from '../../core/fix.ts'
import type { Tls, TlsVersion } from '../../facts/tls/tls.ts'
import { isRefusal } from './certificate-endpoints.ts'
import { tlsExample } from './tls-examples.ts'

type Data = { host: string; versions: string[] }

const fixFor = (data: Data, highest: boolean): Fix => ({
  summary: `Let ${data.host} speak TLS 1.2 and 1.3, and nothing older`,
  steps: [
    'nginx: `ssl_protocols TLSv1.2 TLSv1.3;`. Apache: `SSLProtocol -all +TLSv1.2 +TLSv1.3`. Caddy does it by itself.',
    'At a CDN or hosting platform: set the minimum TLS version to 1.2 and turn TLS 1.3 on (Cloudflare: SSL/TLS → Edge Certificates).',
    'Reload the server. If TLS 1.3 stays away, its TLS library is too old: update the operating system (OpenSSL 1.1.1 or later).',
  ],
  changes: [
    { kind: 'setting', provider: 'tls', path: `${data.host}/minimum-version`, value: 'TLSv1.2' },
    ...(highest
      ? [{ kind: 'setting' as const, provider: 'tls', path: `${data.host}/maximum-version`, value: 'TLSv1.3' }]
      : []),
  ],
  effortMinutes: 15,
})

const obsolete: readonly TlsVersion[] = ['SSLv3', 'TLSv1', 'TLSv1.1']
const all: readonly TlsVersion[] = [...obsolete, 'TLSv1.2', 'TLSv1.3']
const shown = (version: TlsVersion): string =>
  version
    .replace('TLSv1', 'TLS 1')
    .replace(/^TLS 1$/, 'TLS 1.0')
    .replace('SSLv3', 'SSL 3')
const words = (offered: boolean | null): string =>
  offered === null ? 'could not tell' : offered ? 'offered' : 'refused'

/** Addresses whose versions were asked for and answered. */
const asked = (tls: Tls) =>
  tls.endpoints.filter(
    ({ handshake, versions }) => handshake.ok && obsolete.some(version => versions[version] !== null),
  )

export default defineCheck<Data>()({
  id: 'tls-versions',
  stage: 'audit',
  on: 'host',
  alsoIn: ['dns'],
  title: 'Only current versions of TLS are spoken',
  why: 'SSL 3, TLS 1.0 and 1.1 are broken or deprecated (RFC 7568, RFC 8996): browsers no longer speak them, and card schemes forbid them. Each version is asked for by a hello of our own, so that no local library setting hides it.',
  impact: {
    journey: 'trust',
    owner: 'Card processors and security questionnaires of business customers ask for this.',
  },
  needs: ['tls'],
  outcomes: {
    'obsolete-only': {
      status: 'fail',
      explains: ['endpoint'],
      severity: 'blocker',
      title: 'No current browser can connect to {host}: {versions} only',
      why: 'Browsers refuse to open the site, since it only speaks versions that they gave up years ago.',
      impact: 'visit',
      fix: data => fixFor(data, true),
    },
    'obsolete-offered': {
      status: 'fail',
      severity: 'medium',
      title: '{host} still accepts {versions}',
      fix: data => fixFor(data, false),
    },
    'no-tls13': {
      status: 'fail',
      severity: 'low',
      title: '{host} does not speak TLS 1.3',
      fix: data => fixFor(data, true),
    },
    modern: { status: 'pass', title: '{host} speaks {versions}' },
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc8996',
    'https://www.rfc-editor.org/rfc/rfc9325#section-3.1',
    'https://www.rfc-editor.org/rfc/rfc7568',
  ],
  judge: ({ tls }, { subject }) => {
    const host = subject.name
    const endpoints = asked(tls)
    if (!endpoints.length) {
      const failed = tls.endpoints.flatMap(({ handshake }) => (handshake.ok ? [] : [handshake]))
      if (failed.length && failed.every(({ reason }) => isRefusal(reason)))
        return { skip: `${host} does not answer over HTTPS` }
      return { unknown: failed[0]?.message ?? `the versions of ${host} could not be told`, couldBe: 'medium' }
    }
    const has = (version: TlsVersion): boolean => endpoints.some(({ versions }) => versions[version] === true)
    const data = (versions: readonly TlsVersion[]): Data => ({ host, versions: versions.map(shown) })
    const evidence = endpoints.map(({ address, versions }) => ({
      label: address,
      value: all.map(version => `${shown(version)} ${words(versions[version])}`).join(', '),
    }))
    const old = obsolete.filter(has)
    const stuck = endpoints.filter(({ versions }) => versions['TLSv1.2'] === false && versions['TLSv1.3'] === false)
    if (stuck.length) return { outcome: 'obsolete-only', data: data(old), evidence }
    const holds: OutcomeHolds<'obsolete-offered' | 'no-tls13', Data>[] = []
    if (old.length) holds.push({ outcome: 'obsolete-offered', data: data(old), evidence })
    if (endpoints.some(({ versions }) => versions['TLSv1.3'] === false))
      holds.push({ outcome: 'no-tls13', data: data([]), evidence })
    if (holds.length) return holds
    const untold = all.filter(version => endpoints.some(({ versions }) => versions[version] === null))
    if (untold.length)
      return { unknown: `could not tell whether ${host} speaks ${untold.map(shown).join(', ')}`, couldBe: 'medium' }
    return { outcome: 'modern', data: data(all.filter(has)), evidence }
  },
  examples: [
    { name: 'TLS 1.2 and 1.3', facts: { tls: tlsExample({}) }, expect: 'modern' },
    {
      name: 'TLS 1.0 beside them',
      facts: { tls: tlsExample({ versions: { TLSv1: true } }) },
      expect: 'obsolete-offered',
    },
    { name: 'TLS 1.2 alone', facts: { tls: tlsExample({ versions: { 'TLSv1.3': false } }) }, expect: 'no-tls13' },
    {
      name: 'TLS 1.1 alone',
      facts: { tls: tlsExample({ versions: { 'TLSv1.1': true, 'TLSv1.2': false, 'TLSv1.3': false } }) },
      expect: 'obsolete-only',
    },
    {
      name: 'SSL 3 did not answer in time',
      facts: { tls: tlsExample({ versions: { SSLv3: null } }) },
      expect: 'unknown',
    },
  ],
})

// Which protocol versions a host speaks: TLS 1.2 and 1.3, and nothing older.
import {
  blocker,
  couldNotSee,
  defineCheck,
  low,
  medium,
  type OutcomeHolds,
  pass,
  skip,
  unknown,
} from '../../core/check.ts'
import { textEvidence } from '../../core/evidence.ts'
import { tlsWith } from '../../facts/tls/tls.example.ts'
import {
  areVersionsKnown,
  judgeVersions,
  type ProtocolVersion,
  versionLine,
  versionName,
} from '../../formats/tls/offers.ts'
import { everyEndpoint, isRefusal } from '../../formats/tls/served-chains.ts'
import { type VersionsData as Data, speak } from './host-fixes.ts'

export default defineCheck<Data>()({
  id: 'tls-versions',
  stage: 'audit',
  on: 'host',
  everyHost: true,
  alsoIn: ['dns'],
  title: 'Only current versions of TLS are spoken',
  why: 'SSL 3, TLS 1.0 and 1.1 are broken or deprecated (RFC 7568, RFC 8996): browsers no longer speak them, and card schemes forbid them. Each version is asked for by a hello of our own, so that no local library setting hides it.',
  impact: {
    journey: 'trust',
    owner: 'Card processors and security questionnaires of business customers ask for this.',
  },
  needs: ['tls'],
  signals: ['signup-unreliable', 'certificate-warnings'],
  outcomes: {
    'obsolete-only': blocker('Browsers refuse {host}: {versions} only', speak(true), {
      explains: ['endpoint'],
      why: 'Browsers refuse to open the site, since it only speaks versions that they gave up years ago.',
      impact: 'visit',
    }),
    'obsolete-offered': medium('{host} still accepts {versions}', speak(false), {
      why: 'Card schemes and security questionnaires of business customers demand that these versions are off.',
    }),
    'no-tls13': low('{host} does not speak TLS 1.3', speak(true), {
      why: 'Each connection takes a round trip longer to begin, and older ciphers stay in use.',
    }),
    modern: pass('{host} speaks {versions}'),
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc8996',
    'https://www.rfc-editor.org/rfc/rfc9325#section-3.1',
    'https://www.rfc-editor.org/rfc/rfc7568',
  ],
  judge: ({ tls }, { subject: { name: host } }) => {
    const endpoints = everyEndpoint(tls).filter(({ handshake, versions }) => handshake.ok && areVersionsKnown(versions))
    if (!endpoints.length) {
      const failed = tls.endpoints.flatMap(({ handshake }) => (handshake.ok ? [] : [handshake]))
      if (failed.length && failed.every(({ reason }) => isRefusal(reason)))
        return skip(`${host} does not answer over HTTPS`)
      return failed[0]
        ? couldNotSee(failed[0], 'medium')
        : unknown(`the versions of ${host} could not be told`, 'medium')
    }
    const verdict = judgeVersions(endpoints.map(({ versions }) => versions))
    const data = (versions: readonly ProtocolVersion[]): Data => {
      const having = endpoints.filter(each => versions.some(version => each.versions[version] === true))
      const only = having.length < endpoints.length ? having.map(({ address }) => address) : []
      return { host, versions: versions.map(versionName), only }
    }
    const evidence = endpoints.map(({ address, versions }) => textEvidence(address, versionLine(versions)))
    if (verdict.obsoleteOnly) return { outcome: 'obsolete-only', data: data(verdict.obsolete), evidence }
    const holds: OutcomeHolds<'obsolete-offered' | 'no-tls13', Data>[] = []
    if (verdict.obsolete.length) holds.push({ outcome: 'obsolete-offered', data: data(verdict.obsolete), evidence })
    if (verdict.lacksTls13) holds.push({ outcome: 'no-tls13', data: data([]), evidence })
    if (holds.length) return holds
    if (verdict.unknown.length)
      return unknown(`could not tell whether ${host} speaks ${verdict.unknown.map(versionName).join(', ')}`, 'medium')
    return { outcome: 'modern', data: data(verdict.offered), evidence }
  },
  examples: [
    { name: 'TLS 1.2 and 1.3', facts: {}, expect: 'modern' },
    { name: 'TLS 1.0 too', facts: { tls: tlsWith({ versions: { TLSv1: true } }) }, expect: 'obsolete-offered' },
    { name: 'TLS 1.2 alone', facts: { tls: tlsWith({ versions: { 'TLSv1.3': false } }) }, expect: 'no-tls13' },
    {
      name: 'TLS 1.1 alone',
      facts: { tls: tlsWith({ versions: { 'TLSv1.1': true, 'TLSv1.2': false, 'TLSv1.3': false } }) },
      expect: 'obsolete-only',
    },
  ],
})

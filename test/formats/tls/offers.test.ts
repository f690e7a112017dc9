// Versions and cipher families as hosts offer them, judged over several addresses.
import { describe, expect, it } from 'vitest'
import {
  areVersionsKnown,
  judgeCiphers,
  judgeVersions,
  protocolVersions,
  versionLine,
  versionName,
} from '../../../src/formats/tls/offers.ts'

type Offered = boolean | null
/** Answers in the order SSL 3, TLS 1.0, 1.1, 1.2, 1.3. */
const versions = (...answers: Offered[]) =>
  Object.fromEntries(protocolVersions.map((version, at) => [version, answers[at] ?? null])) as Record<
    (typeof protocolVersions)[number],
    Offered
  >
const modern = versions(false, false, false, true, true)

describe('versions', () => {
  it('are written as people write them', () => {
    expect(protocolVersions.map(versionName)).toEqual(['SSL 3', 'TLS 1.0', 'TLS 1.1', 'TLS 1.2', 'TLS 1.3'])
    expect(versionLine(versions(null, false, false, true, true))).toBe(
      'SSL 3 could not tell, TLS 1.0 refused, TLS 1.1 refused, TLS 1.2 offered, TLS 1.3 offered',
    )
  })
  it.each<[string, Record<string, Offered>[], object]>([
    [
      'modern',
      [modern],
      { offered: ['TLSv1.2', 'TLSv1.3'], obsolete: [], obsoleteOnly: false, lacksTls13: false, unknown: [] },
    ],
    ['an old one at one address', [modern, versions(false, true, false, true, true)], { obsolete: ['TLSv1'] }],
    [
      'no TLS 1.3 at one address',
      [modern, versions(false, false, false, true, false)],
      { lacksTls13: true, obsoleteOnly: false },
    ],
    [
      'nothing current',
      [versions(true, true, false, false, false)],
      { obsoleteOnly: true, obsolete: ['SSLv3', 'TLSv1'] },
    ],
    [
      'no certain answer',
      [versions(false, null, false, true, null)],
      { unknown: ['TLSv1', 'TLSv1.3'], lacksTls13: false },
    ],
  ])('%s', (_, given, expected) => expect(judgeVersions(given as (typeof modern)[])).toMatchObject(expected))
  it('are known where an old one was answered for certain', () => {
    expect(areVersionsKnown(modern)).toBe(true)
    expect(areVersionsKnown(versions(null, null, null, true, true))).toBe(false)
  })
})

describe('ciphers', () => {
  const sound = {
    weak: { RC4: false, '3DES': false } as Record<string, Offered>,
    forwardSecrecy: true as Offered,
    dhBits: null as number | null,
  }
  it.each<[string, (typeof sound)[], object]>([
    [
      'sound',
      [sound],
      { families: [], lacksForwardSecrecy: false, dhBits: Number.POSITIVE_INFINITY, isIncomplete: false },
    ],
    ['a dead family at one address', [sound, { ...sound, weak: { RC4: true } }], { families: ['RC4'] }],
    [
      'the same at both',
      [
        { ...sound, weak: { RC4: true } },
        { ...sound, weak: { RC4: true } },
      ],
      { families: ['RC4'] },
    ],
    ['no forward secrecy', [{ ...sound, forwardSecrecy: false }], { lacksForwardSecrecy: true, isIncomplete: false }],
    [
      'the smallest group',
      [
        { ...sound, dhBits: 2048 },
        { ...sound, dhBits: 1024 },
      ],
      { dhBits: 1024 },
    ],
    ['not told', [{ ...sound, weak: { RC4: null } }], { families: [], isIncomplete: true }],
    [
      'forward secrecy not told',
      [{ ...sound, forwardSecrecy: null }],
      { lacksForwardSecrecy: false, isIncomplete: true },
    ],
  ])('%s', (_, given, expected) => expect(judgeCiphers(given)).toMatchObject(expected))
})

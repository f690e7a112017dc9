// Advisories of OSV: how bad, and where repaired.
import { describe, expect, it } from 'vitest'
import { fixedIn, readAdvisory } from '../../../src/formats/repo/osv.ts'

const vector = (...scores: string[]) => ({ severity: scores.map(score => ({ type: 'CVSS', score })) })

describe('readAdvisory', () => {
  it.each<[string, unknown, string]>([
    ['a word', { database_specific: { severity: 'CRITICAL' } }, 'critical'],
    ['medium', { database_specific: { severity: 'Medium' } }, 'moderate'],
    ['CVSS 3', vector('CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H'), 'high'],
    ['CVSS 4', vector('CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N'), 'critical'],
    [
      'the worse of two',
      vector(
        'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N',
        'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:H/SC:N/SI:N/SA:N',
      ),
      'high',
    ],
    ['no vector that is known', vector('CVSS:9.0/X:Y'), 'unknown'],
    ['nothing', {}, 'unknown'],
    ['no advisory', [1, 2], 'unknown'],
  ])('%s', (_name, body, severity) => {
    expect(readAdvisory('GHSA-1', body)).toMatchObject({ id: 'GHSA-1', severity, isWithdrawn: false })
  })

  it('bounds what it keeps, and says what was withdrawn', () => {
    const read = readAdvisory('GHSA-1', {
      withdrawn: '2026-01-01',
      aliases: ['a', 1, 'b', 'c', 'd', 'e', 'f'],
      summary: 'x'.repeat(500),
    })
    expect(read).toMatchObject({ isWithdrawn: true, aliases: ['a', 'b', 'c', 'd', 'e'] })
    expect(read.summary).toHaveLength(160)
  })
})

describe('fixedIn', () => {
  const affected = (...fixed: string[]) => ({
    affected: [{ package: { name: 'Send' }, ranges: [{ events: fixed.map(version => ({ fixed: version })) }] }],
  })
  it.each<[string, string, string | null]>([
    ['the lowest above', '1.0.0', '1.0.4'],
    ['release candidates by number', '1.0.0-rc.9', '1.0.0-rc.10'],
    ['nothing above', '3.0.0', null],
  ])('%s', (_name, version, expected) => {
    expect(fixedIn(affected('2.0.0', '1.0.4', '1.0.0-rc.10', '0.9.0'), 'send', version)).toBe(expected)
  })
  it('is of that package alone', () => {
    expect(fixedIn(affected('2.0.0'), 'other', '1.0.0')).toBeNull()
    expect(fixedIn(null, 'send', '1.0.0')).toBeNull()
  })
})

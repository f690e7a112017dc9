// Tags that name a release, and the day in the name of a file.
import { describe, expect, it } from 'vitest'
import { dayInName, namesRelease } from '../../../src/formats/repo/release-names.ts'

describe('names of releases', () => {
  it.each([
    'v1',
    '1.2',
    'v1.2.3',
    '2026.08.1',
    '2026-08-01',
    '20260801',
    '20260801.2',
    'release-3',
    'release/2026-08',
    'shop-v1.2.0',
    'production-20260801-1200',
    'deploy_17',
    'rel-2.1',
    'backend/v2.3.1',
    'v2.0.0+build5',
  ])('%s names one', name => expect(namesRelease(name)).toBe(true))
  it.each([
    '',
    'before-rewrite',
    'lint-baseline',
    'backup-2024',
    'v2.0.0-rc.1',
    'v1.3.0-beta',
    'nightly-20260801',
    '@acme/client@1.2.0',
    'latest',
    'demo',
    'old-main',
    'v3.0-preview2',
  ])('%s names none', name => expect(namesRelease(name)).toBe(false))
  it.each<[string, string | null]>([
    ['20231104120000_a.rb', '2023-11-04'],
    ['2023_11_04_120000_a.php', '2023-11-04'],
    ['Version20231104120000.php', '2023-11-04'],
    ['Migration20231104.ts', '2023-11-04'],
    ['1699099200000-a.ts', '2023-11-04'],
    ['0001_initial.py', null],
    ['2024_a.sql', null],
    ['V2__a.sql', null],
  ])('%s', (name, day) => {
    const found = dayInName(name)
    expect(found === null ? null : new Date(found * 1000).toISOString().slice(0, 10)).toBe(day)
  })
})

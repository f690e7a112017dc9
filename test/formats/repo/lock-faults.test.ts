// What is wrong with the locks beside a manifest: the first fault hides the rest.
import { describe, expect, it } from 'vitest'
import { exampleGroup, twoLocks } from '../../../src/facts/repo/lockfiles.example.ts'
import { type LockGroup, lockFault } from '../../../src/formats/repo/lock-faults.ts'

const [lock] = exampleGroup.locks
const difference = {
  lock: 'package-lock.json',
  manifest: 'package.json',
  line: 12,
  name: 'zod',
  wanted: '^4.0.0',
  locked: null,
}

describe('lockFault', () => {
  it.each<[string, Partial<LockGroup>, string | null, string[], string]>([
    ['one lock, committed and current', {}, null, [], ''],
    [
      'no lock',
      { folder: 'api', manifest: 'api/Gemfile', manager: 'bundler', locks: [] },
      'missing',
      ['4 dependencies'],
      'api/Gemfile',
    ],
    [
      'kept out by .gitignore',
      { locks: [], ignoredBy: { file: '.gitignore', line: 3, text: 'package-lock.json' } },
      'ignored',
      ['package-lock.json'],
      '.gitignore:3',
    ],
    [
      'on the disk alone',
      { locks: [{ ...lock!, tracked: false }] },
      'ignored',
      ['package-lock.json'],
      'on the disk, not in git',
    ],
    ['npm and yarn at once', { locks: twoLocks }, 'several', ['package-lock.json', 'yarn.lock'], 'package.json'],
    ['one that is not tracked does not count', { locks: [lock!, { ...twoLocks[1]!, tracked: false }] }, null, [], ''],
    [
      'a merge conflict',
      { locks: [{ ...lock!, problem: 'a merge conflict was committed in it' }] },
      'out-of-date',
      ['a merge conflict was committed in it'],
      'package-lock.json',
    ],
    [
      'a dependency added by hand',
      { differences: [difference] },
      'out-of-date',
      ['zod (^4.0.0; locked nothing)'],
      'package.json:12',
    ],
    [
      'one that nobody wants any more',
      { differences: [{ ...difference, wanted: null, locked: '1.0.0' }] },
      'out-of-date',
      ['zod (no longer wanted; locked 1.0.0)'],
      'package.json:12',
    ],
    ['pinned requirements', { manager: 'pip', manifest: 'requirements.txt', locks: [] }, null, [], ''],
    [
      'loose requirements',
      { manager: 'pip', manifest: 'requirements.txt', locks: [], unpinned: [{ name: 'django', line: 2 }] },
      'missing',
      ['django'],
      'requirements.txt:2 without an exact version',
    ],
  ])('%s', (_name, given, fault, names, label) => {
    const found = lockFault({ ...exampleGroup, ...given })
    expect(found && [found.fault, found.names, found.at.label]).toEqual(fault === null ? null : [fault, names, label])
  })

  it('names the lock that the manager would write', () => {
    expect(lockFault({ ...exampleGroup, folder: 'api', manager: 'bundler', locks: [] })?.lock).toBe('api/Gemfile.lock')
  })
})

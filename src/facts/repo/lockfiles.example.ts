// A manifest with its lock, committed and current.
import type { LockGroup } from '../../formats/repo/lock-faults.ts'
import type { Lockfiles } from './lockfiles.ts'

export const exampleGroup: LockGroup = {
  folder: '',
  manifest: 'package.json',
  manager: 'npm',
  dependencies: 4,
  locks: [{ file: 'package-lock.json', kind: 'npm', tracked: true, problem: null, packages: 80 }],
  ignoredBy: null,
  unpinned: [],
  differences: [],
}

/** Locks of npm and of Yarn beside one manifest. */
export const twoLocks: LockGroup['locks'] = [
  ...exampleGroup.locks,
  { file: 'yarn.lock', kind: 'yarn', tracked: true, problem: null, packages: 78 },
]

/** A manifest whose lock .gitignore keeps out. */
export const ignoredLock: Partial<LockGroup> = {
  locks: [],
  ignoredBy: { file: '.gitignore', line: 3, text: 'package-lock.json' },
}

/** Groups that each differ from the sound one in this. */
export const exampleGroups = (...groups: Partial<LockGroup>[]): Lockfiles => ({
  groups: groups.map(group => ({ ...exampleGroup, ...group })),
  unreadable: [],
})

export const example: Lockfiles = exampleGroups({})

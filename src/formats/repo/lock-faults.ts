// What is wrong with the locks beside a manifest: a rule over the manifest, its locks and how git treats them.
import { type LockKind, lockCommandOf, lockNameOf } from '../../data/package-managers.ts'

export type LockState = {
  file: string
  kind: LockKind
  /** In git; true for every file of a folder without git, or before the first commit. */
  tracked: boolean
  problem: string | null
  packages: number
}

export type LockDifference = {
  lock: string
  manifest: string
  line: number
  name: string
  wanted: string | null
  locked: string | null
  /** All that is wanted is locked: the install says that they differ, and goes on. */
  inWords?: true
}

/** One manifest, with the members of its workspace, and the locks beside it. */
export type LockGroup = {
  folder: string
  manifest: string
  manager: string
  /** Direct dependencies that it names. */
  dependencies: number
  locks: LockState[]
  /** `.gitignore` line that keeps a lock of this folder out, or the setting that stops it from being written. */
  ignoredBy: { file: string; line: number; text: string } | null
  /** Of a side tool, or of a package for others: no deploy of the product installs it. */
  aside?: boolean
  /** Below the root, and no install is seen in its folder. */
  uninstalled?: true
  /** Others start from the repository, and it leaves its lock out for them. */
  onPurpose?: boolean
  /** Requirements without an exact version, where requirements.txt takes the place of a lock. */
  unpinned: { name: string; line: number }[]
  differences: LockDifference[]
}

/** Managers of Python that keep a lock of their own. */
export const ofPython = new Set(['pipenv', 'poetry', 'uv', 'pdm'])

/** Whether another manager of Python keeps a lock in the same folder: the manifest without one was left behind. */
export const isSuperseded = ({ folder, manager, locks }: LockGroup, all: readonly LockGroup[]): boolean =>
  locks.length === 0 &&
  ofPython.has(manager) &&
  all.some(
    other => other.folder === folder && ofPython.has(other.manager) && other.locks.some(({ tracked }) => tracked),
  )

/** `names`: what shows the fault (packages, files, a reason). `at`: where it is seen, `label` in words; `line` null: the file as a whole. */
export type LockFault = {
  fault: 'missing' | 'ignored' | 'several' | 'out-of-date'
  lock: string
  names: string[]
  at: { file: string; line: number | null; label: string }
  /** The install goes on with what is locked. */
  inWords?: true
  /** Most of what is installed has its exact version. */
  few?: true
}

const seenAt = (file: string, line: number | null = null): LockFault['at'] => ({
  file,
  line,
  label: line === null ? file : `${file}:${line}`,
})

const differencesOf = ({ differences }: LockGroup, tracked: readonly LockState[]): LockFault | null => {
  const first = differences.find(({ lock }) => tracked.some(({ file }) => file === lock))
  if (!first) return null
  const names = differences.map(
    ({ name, wanted, locked }) => `${name} (${wanted ?? 'no longer wanted'}; locked ${locked ?? 'nothing'})`,
  )
  const inWords = differences.every(one => one.inWords) ? { inWords: true as const } : {}
  const at = seenAt(first.manifest, first.line)
  return { fault: 'out-of-date', lock: first.lock, names: [...new Set(names)], at, ...inWords }
}

const requirementsFault = ({ manifest, unpinned, dependencies }: LockGroup): LockFault | null => {
  const first = unpinned[0]
  if (!first) return null
  const at = { ...seenAt(manifest, first.line), label: `${manifest}:${first.line} without an exact version` }
  const few = unpinned.length * 2 < dependencies ? { few: true as const } : {}
  return { fault: 'missing', lock: manifest, names: unpinned.map(({ name }) => name), at, ...few }
}

/** The first fault of a manifest's locks, which hides those that follow from it; null where they are sound. */
export const lockFault = (group: LockGroup): LockFault | null => {
  const { manifest, ignoredBy, locks, folder, manager } = group
  if (manager === 'pip') return requirementsFault(group)
  const lock = locks[0]?.file ?? `${folder ? `${folder}/` : ''}${lockNameOf(manager)}`
  if (ignoredBy) return { fault: 'ignored', lock, names: [ignoredBy.text], at: seenAt(ignoredBy.file, ignoredBy.line) }
  if (locks.length === 0)
    return { fault: 'missing', lock, names: [`${group.dependencies} dependencies`], at: seenAt(manifest) }
  const tracked = locks.filter(one => one.tracked)
  if (tracked.length === 0)
    return { fault: 'ignored', lock, names: [lock], at: { ...seenAt(lock), label: 'on the disk, not in git' } }
  // With several locks the others are behind by nature: the one finding says it.
  if (new Set(tracked.map(({ kind }) => kind)).size > 1)
    return { fault: 'several', lock, names: tracked.map(({ file }) => file), at: seenAt(manifest) }
  const broken = tracked.find(({ problem }) => problem !== null)
  if (broken) return { fault: 'out-of-date', lock: broken.file, names: [broken.problem!], at: seenAt(broken.file) }
  return differencesOf(group, tracked)
}

/** A fault of one manifest, or one that many share: `rest` are the manifests beyond the first, `seen` the fault of each. */
export type SharedFault = { group: LockGroup; rest: LockGroup[]; fault: LockFault; seen: LockFault[] }

/** Faults that one line of `.gitignore` makes are one. */
const byLine = (all: readonly SharedFault[]): SharedFault[] => {
  const lines = new Map<string, SharedFault>()
  for (const one of all) {
    const { fault, group } = one
    const key = fault.fault === 'ignored' ? `${fault.at.label} ${group.aside ?? false}` : group.manifest
    const first = lines.get(key)
    if (first) first.rest.push(group)
    else lines.set(key, one)
  }
  return [...lines.values()]
}

/** Every fault of the manifests. Several without a lock are one habit: one fault, with all of them. */
export const lockFaults = (groups: readonly LockGroup[]): SharedFault[] => {
  // What belongs to the product leads: it says how much a fault that many share is worth.
  const inOrder = [...groups].sort((a, b) => Number(a.aside ?? false) - Number(b.aside ?? false))
  const all = byLine(
    inOrder.flatMap((group): SharedFault[] => {
      const fault = lockFault(group)
      return fault ? [{ group, rest: [], fault, seen: [fault] }] : []
    }),
  )
  const missing = all.filter(({ fault }) => fault.fault === 'missing')
  const [first, ...others] = missing
  if (!first || others.length === 0) return all
  return [
    { ...first, rest: others.map(({ group }) => group), seen: missing.map(({ fault }) => fault) },
    ...all.filter(({ fault }) => fault.fault !== 'missing'),
  ]
}

/** A fault that many packages share, those of which something holds apart from the others; one that a single line makes stays one. */
export const apart = (shared: SharedFault, is: (group: LockGroup) => boolean): SharedFault[] => {
  const { group, rest, seen } = shared
  const each = [group, ...rest].map((one, at) => ({ group: one, fault: seen[at] ?? seen[0]! }))
  const parts = [each.filter(one => is(one.group)), each.filter(one => !is(one.group))]
  if (shared.fault.fault !== 'missing' || parts.some(part => part.length === 0)) return [shared]
  return parts.map(part => ({
    group: part[0]!.group,
    rest: part.slice(1).map(one => one.group),
    fault: part[0]!.fault,
    seen: part.map(one => one.fault),
  }))
}

const inFolder = ({ folder }: LockGroup, name: string): string => (folder ? `${folder}/${name}` : name)

/** The command that writes the lock of a manifest, from the root. */
export const writingLock = (group: LockGroup): string =>
  `${group.folder ? `cd ${group.folder} && ` : ''}${lockCommandOf(group.manager)}`

/** The command that hands the lock of a manifest to git, from the root. */
export const addingLock = (group: LockGroup): string =>
  `git add ${inFolder(group, group.manager === 'pip' ? 'requirements.lock.txt' : lockNameOf(group.manager))}`

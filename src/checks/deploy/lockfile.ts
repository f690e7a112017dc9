// Dependencies are pinned by one lock file that git keeps and that agrees with its manifest.
import { defineCheck, high, medium, pass, skip } from '../../core/check.ts'
import { type Evidence, fileEvidence, textEvidence } from '../../core/evidence.ts'
import type { Fix } from '../../core/fix.ts'
import { command, deleteFile, fix } from '../../core/fixes.ts'
import { lockNameOf } from '../../data/package-managers.ts'
import { exampleGroups, ignoredLock, twoLocks } from '../../facts/repo/lockfiles.example.ts'
import {
  addingLock,
  type LockFault,
  type LockGroup,
  lockFaults,
  type SharedFault,
  writingLock,
} from '../../formats/repo/lock-faults.ts'

type Data = { manifest: string; lock: string; names: string; count: number; group: LockGroup; rest: LockGroup[] }

const counted = (names: readonly string[], most: number): string =>
  names.slice(0, most).join(', ') + (names.length > most ? ` and ${names.length - most} more` : '')

const evidenceOf = ({ at, names }: LockFault): Evidence => ({
  ...fileEvidence(at.file, at.line ?? undefined, counted(names, 8)),
  label: at.label,
})

const finding = ({ group, rest, fault: { fault, lock, names }, seen }: SharedFault) => {
  const manifest = rest.length ? `Each of ${rest.length + 1} packages` : group.manifest
  const data = { manifest, lock, names: names.slice(0, 2).join(', '), count: names.length, group, rest }
  return { outcome: fault, key: group.manifest, data, evidence: seen.map(evidenceOf).slice(0, 15) }
}

/** The same in the manifests beyond the first. */
const elsewhere = (rest: readonly LockGroup[]): string[] => {
  const folders = rest.map(({ folder }) => folder || '.')
  return rest.length ? [`The same in ${counted(folders, 10)}; a workspace at the root needs one lock for all.`] : []
}

const writeLocks = ({ group, rest }: Data): Fix => {
  const all = [group, ...rest]
  const keep =
    group.manager === 'pip'
      ? 'Install from requirements.lock.txt, or pin each line of requirements.txt with ==.'
      : `Commit ${lockNameOf(group.manager)} beside ${group.manifest}.`
  const steps = [`Run \`${writingLock(group)}\` with the versions that work today.`, keep, ...elsewhere(rest)]
  const commands = [...all.map(writingLock), ...all.map(addingLock)]
  return fix('Write the lock file and commit it.', commands.map(command), steps)
}

export default defineCheck<Data>()({
  id: 'lockfile',
  stage: 'deploy',
  on: 'repo',
  title: 'One lock file pins what is installed, and git keeps it',
  why: 'Without a lock that is committed and current, every install resolves versions anew: the code that passed its tests is not the code that is deployed, and a bad release upstream reaches production on its own. Judged per manifest, workspaces by their root.',
  impact: { journey: 'operate', owner: 'A deploy can break the product although nobody changed a line of it.' },
  needs: ['lockfiles'],
  signals: ['deploys-by-hand'],
  checklist: { section: 'build', order: 2, line: 'One lock file pins what is installed, and git keeps it' },
  outcomes: {
    missing: high('{manifest} has no lock file: every deploy differs', writeLocks),
    ignored: high('{lock} is not in git: every deploy differs', ({ group, lock }) => {
      const by = group.ignoredBy
      return fix(
        `Let git keep ${lock}.`,
        [
          ...(by ? [command(`sed -i '${by.line}d' ${by.file}`)] : []),
          ...(group.locks.length === 0 ? [command(writingLock(group))] : []),
          command(`git add ${lock}`),
        ],
        [...(by ? [`Remove the line \`${by.text}\` from ${by.file} (line ${by.line}).`] : []), `Commit ${lock}.`],
        5,
      )
    }),
    several: medium('{count} lock files disagree about one manifest: {names}', ({ group: { locks } }) => {
      const [kept = '', ...others] = locks.map(({ file }) => file)
      const steps = [
        `Decide which package manager installs in production (${kept} is kept below).`,
        `Delete ${others.join(', ')}.`,
      ]
      return fix(
        `Keep the lock of the package manager that deploys, delete the others.`,
        others.map(deleteFile),
        steps,
        10,
      )
    }),
    'out-of-date': high(
      '{lock} is behind {manifest}: {names}',
      ({ group, lock }) => {
        const steps = [`Run \`${writingLock(group)}\`.`, `Run the tests, then commit ${lock}.`]
        return fix(`Bring ${lock} up to date and commit it.`, [command(writingLock(group))], steps, 10)
      },
      { why: 'A frozen install stops with an error, and any other install puts untested versions into production.' },
    ),
    one: pass('Every manifest has one lock file that git keeps'),
  },
  references: [
    'https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json',
    'https://bundler.io/guides/rationale.html',
    'https://pip.pypa.io/en/stable/topics/repeatable-installs/',
  ],
  judge({ lockfiles }) {
    // Two locks beside one manifest disagree about the package manager, even before there is anything to lock.
    const groups = lockfiles.groups.filter(group => group.dependencies > 0 || group.locks.length > 1)
    if (groups.length === 0) return skip('the repository names no dependencies')
    const faults = lockFaults(groups)
    if (faults.length) return faults.map(finding)
    const locks = groups.flatMap(group => (group.locks.length ? group.locks.map(({ file }) => file) : [group.manifest]))
    return {
      outcome: 'one',
      data: { manifest: '', lock: '', names: '', count: 0, group: groups[0]!, rest: [] },
      evidence: [textEvidence('locked by', locks.join(', '))],
    }
  },
  examples: [
    { name: 'one lock, committed and current', facts: {}, expect: 'one' },
    { name: 'no lock', facts: { lockfiles: exampleGroups({ locks: [] }) }, expect: 'missing' },
    { name: 'the lock is in .gitignore', facts: { lockfiles: exampleGroups(ignoredLock) }, expect: 'ignored' },
    { name: 'npm and yarn at once', facts: { lockfiles: exampleGroups({ locks: twoLocks }) }, expect: 'several' },
  ],
})

// Dependencies are pinned by one lock file that git keeps and that agrees with its manifest.
import { defineCheck, high, medium, pass, skip } from '../../core/check.ts'
import { type Evidence, fileEvidence, textEvidence } from '../../core/evidence.ts'
import { command, deleteFile, fix } from '../../core/fixes.ts'
import { lockCommandOf, lockNameOf } from '../../data/package-managers.ts'
import { exampleGroups, twoLocks } from '../../facts/repo/lockfiles.example.ts'
import { type LockFault, type LockGroup, lockFault } from '../../formats/repo/lock-faults.ts'

type Data = { manifest: string; lock: string; names: string; count: number; group: LockGroup; rest: LockGroup[] }
type Found = { outcome: LockFault['fault']; key: string; data: Data; evidence: Evidence[] }

const path = ({ folder }: LockGroup, name: string): string => (folder ? `${folder}/${name}` : name)
/** The command that writes the lock of a manifest, in its folder. */
const writing = ({ folder, manager }: LockGroup): string =>
  `${folder ? `cd ${folder} && ` : ''}${lockCommandOf(manager)}`
const adding = (group: LockGroup): string =>
  `git add ${path(group, group.manager === 'pip' ? 'requirements.lock.txt' : lockNameOf(group.manager))}`
const counted = (names: readonly string[], most: number): string =>
  names.slice(0, most).join(', ') + (names.length > most ? ` and ${names.length - most} more` : '')

const found = (group: LockGroup): Found[] => {
  const seen = lockFault(group)
  if (!seen) return []
  const { fault, lock, names, at } = seen
  const { manifest } = group
  const evidence = { ...fileEvidence(at.file, at.line ?? undefined, counted(names, 8)), label: at.label }
  const data = { manifest, lock, names: names.slice(0, 2).join(', '), count: names.length, group, rest: [] }
  return [{ outcome: fault, key: manifest, data, evidence: [evidence] }]
}

/** Many packages without a lock are one habit: one finding, with all of them. */
const folded = (all: Found[]): Found[] => {
  const missing = all.filter(({ outcome }) => outcome === 'missing')
  const [first, ...others] = missing
  if (!first || missing.length <= 3) return all
  const rest = others.map(({ data }) => data.group)
  const data = { ...first.data, manifest: `Each of ${missing.length} packages`, rest }
  const evidence = missing.flatMap(one => one.evidence).slice(0, 15)
  return [{ ...first, data, evidence }, ...all.filter(({ outcome }) => outcome !== 'missing')]
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
    missing: high('{manifest} has no lock file: every deploy differs', ({ group, rest }) =>
      fix(
        `Write the lock file and commit it.`,
        [...[group, ...rest].map(one => command(writing(one))), ...[group, ...rest].map(one => command(adding(one)))],
        [
          `Run \`${writing(group)}\` with the versions that work today.`,
          group.manager === 'pip'
            ? 'Install from requirements.lock.txt, or pin each line of requirements.txt with ==.'
            : `Commit ${lockNameOf(group.manager)} beside ${group.manifest}.`,
          ...(rest.length
            ? [
                `The same in ${counted(
                  rest.map(({ folder }) => folder || '.'),
                  10,
                )}; a workspace at the root needs one lock for all.`,
              ]
            : []),
        ],
      ),
    ),
    ignored: high('{lock} is not in git: every deploy differs', ({ group, lock }) => {
      const by = group.ignoredBy
      return fix(
        `Let git keep ${lock}.`,
        [
          ...(by ? [command(`sed -i '${by.line}d' ${by.file}`)] : []),
          ...(group.locks.length === 0 ? [command(writing(group))] : []),
          command(`git add ${lock}`),
        ],
        [...(by ? [`Remove the line \`${by.text}\` from ${by.file} (line ${by.line}).`] : []), `Commit ${lock}.`],
        5,
      )
    }),
    several: medium('{count} lock files disagree about one manifest: {names}', ({ group: { locks } }) => {
      const [kept = '', ...others] = locks.map(({ file }) => file)
      return fix(
        `Keep the lock of the package manager that deploys, delete the others.`,
        others.map(deleteFile),
        [
          `Decide which package manager installs in production (${kept} is kept below).`,
          `Delete ${others.join(', ')}.`,
        ],
        10,
      )
    }),
    'out-of-date': high(
      '{lock} is behind {manifest}: {names}',
      ({ group, lock }) =>
        fix(
          `Bring ${lock} up to date and commit it.`,
          [command(writing(group))],
          [`Run \`${writing(group)}\`.`, `Run the tests, then commit ${lock}.`],
          10,
        ),
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
    const faults = folded(groups.flatMap(found))
    if (faults.length) return faults
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
    {
      name: 'the lock is in .gitignore',
      facts: {
        lockfiles: exampleGroups({
          locks: [],
          ignoredBy: { file: '.gitignore', line: 3, text: 'package-lock.json' },
        }),
      },
      expect: 'ignored',
    },
    { name: 'npm and yarn at once', facts: { lockfiles: exampleGroups({ locks: twoLocks }) }, expect: 'several' },
  ],
})

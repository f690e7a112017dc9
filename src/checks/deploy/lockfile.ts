// Dependencies are pinned by one lock file that git keeps and that agrees with its manifest.

import { defineCheck, skip } from '../../core/check.ts'
import type { LockGroup } from '../../facts/repo/lockfiles.ts'
import { lockFiles } from '../../formats/repo/lockfile.ts'

type Group = {
  folder: string
  manifest: string
  manager: string
  locks: { file: string; kind: string }[]
  ignoredBy: { file: string; line: number; text: string } | null
}
type Data = {
  manifest: string
  lock: string
  names: string
  count: number
  group: Group
  rest?: Group[]
}

/** The command that writes the lock of a manager. */
const writes = (manager: string): string =>
  manager === 'pip'
    ? 'pip-compile --generate-hashes --output-file=requirements.lock.txt requirements.txt'
    : (Object.values(lockFiles).find(({ kind }) => kind === manager)?.install ?? 'npm install')

const lockName = (manager: string): string =>
  Object.keys(lockFiles).find(name => lockFiles[name]!.kind === manager) ?? 'package-lock.json'

const inFolder = (folder: string, run: string): string => (folder ? `cd ${folder} && ${run}` : run)

type Fault = 'missing' | 'ignored' | 'several' | 'out-of-date'

const fault = (group: LockGroup, outcome: Fault, lock: string, names: string[], seen: string) => ({
  outcome,
  key: group.manifest,
  data: { manifest: group.manifest, lock, names: names.slice(0, 2).join(', '), count: names.length, group } as Data,
  evidence: [
    { label: seen, value: names.slice(0, 8).join(', ') + (names.length > 8 ? ` and ${names.length - 8} more` : '') },
  ],
})

/** What is wrong with the lock of one manifest: the first fault hides those that follow from it. */
const faultsOf = (group: LockGroup): ReturnType<typeof fault>[] => {
  const { manifest, ignoredBy, unpinned, locks, differences } = group
  if (group.manager === 'pip')
    return unpinned.length
      ? [
          fault(
            group,
            'missing',
            manifest,
            unpinned.map(({ name }) => name),
            `${manifest}:${unpinned[0]!.line} without an exact version`,
          ),
        ]
      : []
  const expected = locks[0]?.file ?? `${group.folder ? `${group.folder}/` : ''}${lockName(group.manager)}`
  if (ignoredBy) return [fault(group, 'ignored', expected, [ignoredBy.text], `${ignoredBy.file}:${ignoredBy.line}`)]
  if (locks.length === 0) return [fault(group, 'missing', expected, [`${group.dependencies} dependencies`], manifest)]
  const tracked = locks.filter(lock => lock.tracked)
  if (tracked.length === 0) return [fault(group, 'ignored', expected, [expected], 'on the disk, not in git')]
  // With several locks the others are behind by nature: the one finding says it.
  if (new Set(tracked.map(({ kind }) => kind)).size > 1)
    return [
      fault(
        group,
        'several',
        expected,
        tracked.map(({ file }) => file),
        manifest,
      ),
    ]
  const broken = tracked.find(({ problem }) => problem !== null)
  if (broken) return [fault(group, 'out-of-date', broken.file, [broken.problem!], broken.file)]
  const first = differences.find(({ lock }) => tracked.some(({ file }) => file === lock))
  const names = [
    ...new Set(
      differences.map(
        ({ name, wanted, locked }) => `${name} (${wanted ?? 'no longer wanted'}; locked ${locked ?? 'nothing'})`,
      ),
    ),
  ]
  return first ? [fault(group, 'out-of-date', first.lock, names, `${first.manifest}:${first.line}`)] : []
}

/** Many packages without a lock are one habit: one finding, with all of them. */
const folded = (found: ReturnType<typeof faultsOf>): ReturnType<typeof faultsOf> => {
  const missing = found.filter(({ outcome }) => outcome === 'missing')
  const [first] = missing
  if (!first || missing.length <= 3) return found
  const rest = missing.slice(1).map(({ data }) => data.group)
  const manifest = `Each of ${missing.length} packages`
  return [
    {
      ...first,
      data: { ...first.data, manifest, rest },
      evidence: missing.flatMap(({ evidence }) => evidence).slice(0, 15),
    },
    ...found.filter(({ outcome }) => outcome !== 'missing'),
  ]
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
    missing: {
      status: 'fail',
      severity: 'high',
      title: '{manifest} has no lock file: every deploy differs',
      fix: ({ group, rest = [] }) => ({
        summary: `Write the lock file and commit it.`,
        steps: [
          `Run \`${inFolder(group.folder, writes(group.manager))}\` with the versions that work today.`,
          group.manager === 'pip'
            ? 'Install from requirements.lock.txt, or pin each line of requirements.txt with ==.'
            : `Commit ${lockName(group.manager)} beside ${group.manifest}.`,
          ...(rest.length
            ? [
                `The same in ${rest
                  .slice(0, 10)
                  .map(({ folder }) => folder || '.')
                  .join(
                    ', ',
                  )}${rest.length > 10 ? ` and ${rest.length - 10} more` : ''}; a workspace at the root needs one lock for all.`,
              ]
            : []),
        ],
        changes: [
          { kind: 'command', run: inFolder(group.folder, writes(group.manager)) },
          ...rest.map(one => ({ kind: 'command' as const, run: inFolder(one.folder, writes(one.manager)) })),
          ...[group, ...rest].map(one => ({
            kind: 'command' as const,
            run: `git add ${one.folder ? `${one.folder}/` : ''}${one.manager === 'pip' ? 'requirements.lock.txt' : lockName(one.manager)}`,
          })),
        ],
        effortMinutes: 15,
      }),
    },
    ignored: {
      status: 'fail',
      severity: 'high',
      title: '{lock} is not in git: every deploy differs',
      fix: ({ group, lock }) => ({
        summary: `Let git keep ${lock}.`,
        steps: [
          ...(group.ignoredBy
            ? [
                `Remove the line \`${group.ignoredBy.text}\` from ${group.ignoredBy.file} (line ${group.ignoredBy.line}).`,
              ]
            : []),
          `Commit ${lock}.`,
        ],
        changes: [
          ...(group.ignoredBy
            ? [{ kind: 'command' as const, run: `sed -i '${group.ignoredBy.line}d' ${group.ignoredBy.file}` }]
            : []),
          ...(group.locks.length === 0
            ? [{ kind: 'command' as const, run: inFolder(group.folder, writes(group.manager)) }]
            : []),
          { kind: 'command', run: `git add ${lock}` },
        ],
        effortMinutes: 5,
      }),
    },
    several: {
      status: 'fail',
      severity: 'medium',
      title: '{count} lock files disagree about one manifest: {names}',
      fix: ({ group }) => {
        const [kept, ...others] = group.locks
        return {
          summary: `Keep the lock of the package manager that deploys, delete the others.`,
          steps: [
            `Decide which package manager installs in production (${kept!.file} is kept below).`,
            `Delete ${others.map(({ file }) => file).join(', ')}.`,
          ],
          changes: others.map(({ file }) => ({ kind: 'file' as const, path: file, action: 'delete' as const })),
          effortMinutes: 10,
        }
      },
    },
    'out-of-date': {
      status: 'fail',
      severity: 'high',
      title: '{lock} is behind {manifest}: {names}',
      why: 'A frozen install stops with an error, and any other install puts untested versions into production.',
      fix: ({ group, lock }) => ({
        summary: `Bring ${lock} up to date and commit it.`,
        steps: [`Run \`${inFolder(group.folder, writes(group.manager))}\`.`, `Run the tests, then commit ${lock}.`],
        changes: [{ kind: 'command', run: inFolder(group.folder, writes(group.manager)) }],
        effortMinutes: 10,
      }),
    },
    one: { status: 'pass', title: 'Every manifest has one lock file that git keeps' },
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
    const found = folded(groups.flatMap(faultsOf))
    if (found.length) return found
    const locks = groups.flatMap(group => (group.locks.length ? group.locks.map(({ file }) => file) : [group.manifest]))
    return {
      outcome: 'one',
      data: { manifest: '', lock: '', names: '', count: 0, group: groups[0]! },
      evidence: [{ label: 'locked by', value: locks.join(', ') }],
    }
  },
  examples: [
    {
      name: 'one lock, committed and current',
      facts: {
        lockfiles: {
          groups: [
            {
              folder: '',
              manifest: 'package.json',
              manager: 'npm',
              dependencies: 4,
              locks: [{ file: 'package-lock.json', kind: 'npm', tracked: true, problem: null, packages: 80 }],
              ignoredBy: null,
              unpinned: [],
              differences: [],
            },
          ],
          unreadable: [],
        },
      },
      expect: 'one',
    },
    {
      name: 'no lock',
      facts: {
        lockfiles: {
          groups: [
            {
              folder: 'api',
              manifest: 'api/Gemfile',
              manager: 'bundler',
              dependencies: 12,
              locks: [],
              ignoredBy: null,
              unpinned: [],
              differences: [],
            },
          ],
          unreadable: [],
        },
      },
      expect: 'missing',
    },
    {
      name: 'kept out of git',
      facts: {
        lockfiles: {
          groups: [
            {
              folder: '',
              manifest: 'package.json',
              manager: 'npm',
              dependencies: 4,
              locks: [],
              ignoredBy: { file: '.gitignore', line: 3, text: 'package-lock.json' },
              unpinned: [],
              differences: [],
            },
          ],
          unreadable: [],
        },
      },
      expect: 'ignored',
    },
    {
      name: 'npm and yarn at once',
      facts: {
        lockfiles: {
          groups: [
            {
              folder: '',
              manifest: 'package.json',
              manager: 'npm',
              dependencies: 4,
              locks: [
                { file: 'package-lock.json', kind: 'npm', tracked: true, problem: null, packages: 80 },
                { file: 'yarn.lock', kind: 'yarn', tracked: true, problem: null, packages: 78 },
              ],
              ignoredBy: null,
              unpinned: [],
              differences: [],
            },
          ],
          unreadable: [],
        },
      },
      expect: 'several',
    },
    {
      name: 'npm and yarn at once, before there is a dependency',
      facts: {
        lockfiles: {
          groups: [
            {
              folder: '',
              manifest: 'package.json',
              manager: 'npm',
              dependencies: 0,
              locks: [
                { file: 'package-lock.json', kind: 'npm', tracked: true, problem: null, packages: 0 },
                { file: 'yarn.lock', kind: 'yarn', tracked: true, problem: null, packages: 0 },
              ],
              ignoredBy: null,
              unpinned: [],
              differences: [],
            },
          ],
          unreadable: [],
        },
      },
      expect: 'several',
    },
    {
      name: 'a dependency added by hand',
      facts: {
        lockfiles: {
          groups: [
            {
              folder: '',
              manifest: 'package.json',
              manager: 'npm',
              dependencies: 4,
              locks: [{ file: 'package-lock.json', kind: 'npm', tracked: true, problem: null, packages: 80 }],
              ignoredBy: null,
              unpinned: [],
              differences: [
                {
                  lock: 'package-lock.json',
                  manifest: 'package.json',
                  line: 12,
                  name: 'zod',
                  wanted: '^4.0.0',
                  locked: null,
                },
              ],
            },
          ],
          unreadable: [],
        },
      },
      expect: 'out-of-date',
    },
  ],
})

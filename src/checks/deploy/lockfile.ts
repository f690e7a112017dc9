// Dependencies are pinned by one lock file that git keeps and that agrees with its manifest.
import { defineCheck, high, medium, pass, skip } from '../../core/check.ts'
import { type Evidence, fileEvidence, textEvidence } from '../../core/evidence.ts'
import { deployedBy } from '../../core/target.ts'
import { exampleGroups, ignoredLock, twoLocks } from '../../facts/repo/lockfiles.example.ts'
import {
  apart,
  isSuperseded,
  type LockFault,
  type LockGroup,
  lockFaults,
  type SharedFault,
} from '../../formats/repo/lock-faults.ts'
import { isInstalledBy, takesLock } from '../../formats/repo/lock-installs.ts'
import { type Production, productionOf } from '../../formats/repo/production.ts'
import { counted, type LockData as Data, lockFix } from './build-fixes.ts'
import { assuming, unshown } from './places.ts'

const evidenceOf = ({ at, names }: LockFault): Evidence => ({
  ...fileEvidence(at.file, at.line ?? undefined, counted(names, 8)),
  label: at.label,
})

/** A repository that others start from leaves it to them. */
const meant = { confidence: 'possible' as const }

/** Nothing that deploys the product installs it, or an install goes on with what is locked. */
const side = { severity: 'low' as const }

const finding = (
  { group, rest, fault: { fault, lock, names, inWords, few }, seen }: SharedFault,
  isInstalled: (group: LockGroup) => boolean,
  isTaken: (group: LockGroup) => boolean,
  production: Production,
) => {
  const manifest = rest.length ? `Each of ${rest.length + 1} packages` : group.manifest
  const data = { manifest, lock, names: names.slice(0, 2).join(', '), count: names.length, group, rest }
  const isMeant = fault === 'ignored' && group.onPurpose
  const evidence = seen.map(evidenceOf).slice(0, 15)
  const found = {
    outcome: fault,
    key: group.manifest,
    data,
    evidence,
    ...(isMeant ? meant : {}),
    ...(few ? { severity: 'medium' as const } : {}),
    ...(group.aside || inWords ? side : {}),
  }
  if (![group, ...rest].some(isInstalled) || (fault === 'out-of-date' && !isTaken(group)))
    return assuming(found, 'an install of it where the product is tested or shipped')
  return production === 'others' ? assuming(found, unshown.others) : found
}

/** What nothing is seen to install is one cause, however many folders it lies in: one finding for each fault. */
const joined = (faults: readonly SharedFault[], isInstalled: (group: LockGroup) => boolean): SharedFault[] => {
  const seen = faults.filter(({ group, rest }) => [group, ...rest].some(isInstalled))
  const unseen = faults.filter(one => !seen.includes(one))
  const kinds = [...new Set(unseen.map(kindOf))]
  return [
    ...seen,
    ...kinds.map(kind => {
      const [first, ...others] = unseen.filter(one => kindOf(one) === kind)
      return {
        ...first!,
        rest: [...first!.rest, ...others.flatMap(({ group, rest }) => [group, ...rest])],
        seen: [...first!.seen, ...others.flatMap(one => one.seen)],
      }
    }),
  ]
}

/** Faults of the same kind, equally grave; what tells of the contents of a lock is one for each. */
const kindOf = ({ group, fault: { fault, inWords } }: SharedFault): string =>
  /^(?:missing|ignored)$/.test(fault)
    ? `${fault} ${group.aside || inWords ? 'aside' : ''} ${group.onPurpose ? 'meant' : ''}`
    : group.manifest

export default defineCheck<Data>()({
  id: 'lockfile',
  stage: 'deploy',
  on: 'repo',
  title: 'One lock file pins what is installed, and git keeps it',
  why: 'Without a lock that is committed and current, every install resolves versions anew: the code that passed its tests is not the code that is deployed, and a bad release upstream reaches production on its own. Judged per manifest, workspaces by their root.',
  impact: { journey: 'operate', owner: 'A deploy can break the product although nobody changed a line of it.' },
  needs: ['lockfiles', 'pipelines', 'containers', 'deployment'],
  signals: ['deploys-by-hand'],
  checklist: { section: 'build', order: 2, line: 'One lock file pins what is installed, and git keeps it' },
  outcomes: {
    missing: high('{manifest} has no lock file: every deploy differs', lockFix.missing),
    ignored: high('{lock} is not in git: every deploy differs', lockFix.ignored),
    several: medium('{count} lock files disagree about one manifest: {names}', lockFix.several, {
      why: 'Which versions are installed depends on who installs them.',
    }),
    'out-of-date': high('{lock} is behind {manifest}: {names}', lockFix['out-of-date'], {
      why: 'A frozen install stops with an error, and any other install puts untested versions into production.',
    }),
    one: pass('Every manifest has one lock file that git keeps'),
  },
  references: [
    'https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json',
    'https://bundler.io/guides/rationale.html',
    'https://pip.pypa.io/en/stable/topics/repeatable-installs/',
  ],
  judge({ lockfiles, ...ships }, { target }) {
    // Two locks beside one manifest disagree about the package manager, even before there is anything to lock.
    const groups = lockfiles.groups.filter(
      group => (group.dependencies > 0 || group.locks.length > 1) && !isSuperseded(group, lockfiles.groups),
    )
    if (groups.length === 0) return skip('the repository names no dependencies')
    const faults = lockFaults(groups)
    if (faults.length) {
      const production = productionOf(ships, deployedBy(target))
      const isInstalled = isInstalledBy(ships)
      const isTaken = takesLock(ships)
      // Where nothing is loud, what is installed and what is not need not be told apart.
      const isTold = production === 'others' ? () => false : isInstalled
      const told = joined(
        faults.flatMap(fault => apart(fault, isTold)),
        isTold,
      )
      return told.map(fault => finding(fault, isInstalled, isTaken, production))
    }
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

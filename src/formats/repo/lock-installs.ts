// Where a manifest is seen to be installed: by pipelines, by images, by platforms that fetch packages themselves.
import { type Ecosystem, ecosystemOf, isFetchedByBuild } from '../../data/package-managers.ts'
import type { Pipelines } from '../workflow/seen.ts'
import { type LockGroup, ofPython } from './lock-faults.ts'
import { folderOf } from './paths.ts'
import { isHostFile, type Shipping } from './production.ts'

type Seen = { kind: string; manager?: string | null }
type Commands = { commands: readonly Seen[] }

/** What tests, builds and ships the product. */
export type Ships = {
  pipelines: Pipelines
  containers: { containers: readonly Commands[] }
  deployment: Shipping['deployment'] & { commands: readonly Commands[] }
}

const runsOf = ({ pipelines, containers, deployment }: Ships): Seen[] =>
  [...pipelines.pipelines.flatMap(({ jobs }) => jobs), ...containers.containers, ...deployment.commands].flatMap(
    ({ commands }) => commands.filter(({ kind }) => kind === 'install'),
  )

/**
 * Whether installs take what a lock of Python says: pip reads none of them. Where pip is seen to install and the lock's own manager is not,
 * the lock is a developer's, and what it holds says nothing of what is shipped.
 */
export const takesLock = (ships: Ships): ((group: LockGroup) => boolean) => {
  const managers = new Set(runsOf(ships).map(({ manager }) => manager))
  return ({ manager }) => !ofPython.has(manager) || !managers.has('pip') || managers.has(manager)
}

/** Whether anything that tests or ships the product installs the packages of a manifest: until then its lock may be nobody's. */
export const isInstalledBy = (ships: Ships): ((group: LockGroup) => boolean) => {
  const installed = new Set<Ecosystem | null>(runsOf(ships).map(({ manager = null }) => ecosystemOf(manager)))
  const { deployment } = ships
  const pushed = deployment.platforms.filter(one => one.byPush && isHostFile(one)).map(({ file }) => folderOf(file))
  const takesPushes = deployment.platforms.some(({ byPush }) => byPush)
  return ({ manager, folder, uninstalled }) => {
    if (pushed.includes(folder) || (folder === '' && takesPushes)) return true
    const ecosystem = ecosystemOf(manager)
    return !uninstalled && (ecosystem === null || isFetchedByBuild(ecosystem) || installed.has(ecosystem))
  }
}

// Where a manifest is seen to be installed: by pipelines, by images, by platforms that fetch packages themselves.
import { type Ecosystem, ecosystemOf, isFetchedByBuild } from '../../data/package-managers.ts'
import type { Pipelines } from '../workflow/seen.ts'
import type { LockGroup } from './lock-faults.ts'
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

/** Whether anything that tests or ships the product installs the packages of a manifest: until then its lock may be nobody's. */
export const isInstalledBy = ({ pipelines, containers, deployment }: Ships): ((group: LockGroup) => boolean) => {
  const runs = [
    ...pipelines.pipelines.flatMap(({ jobs }) => jobs),
    ...containers.containers,
    ...deployment.commands,
  ].flatMap(({ commands }) => commands)
  const installed = new Set<Ecosystem | null>(
    runs.filter(({ kind }) => kind === 'install').map(({ manager = null }) => ecosystemOf(manager)),
  )
  const pushed = deployment.platforms.filter(one => one.byPush && isHostFile(one)).map(({ file }) => folderOf(file))
  const takesPushes = deployment.platforms.some(({ byPush }) => byPush)
  return ({ manager, folder, uninstalled }) => {
    if (pushed.includes(folder) || (folder === '' && takesPushes)) return true
    const ecosystem = ecosystemOf(manager)
    return !uninstalled && (ecosystem === null || isFetchedByBuild(ecosystem) || installed.has(ecosystem))
  }
}

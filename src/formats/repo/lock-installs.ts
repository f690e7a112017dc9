// Where a manifest is seen to be installed: by pipelines, by images, by platforms that fetch packages themselves.
import { type Ecosystem, ecosystemOf, isFetchedByBuild } from '../../data/package-managers.ts'
import type { LockGroup } from './lock-faults.ts'

type Seen = { kind: string; manager?: string | null }
type Commands = { commands: readonly Seen[] }

/** What tests, builds and ships the product. */
export type Ships = {
  pipelines: { pipelines: readonly { jobs: readonly Commands[] }[] }
  containers: { containers: readonly Commands[] }
  deployment: { commands: readonly Commands[]; platforms: readonly { byPush: boolean }[] }
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
  const takesPushes = deployment.platforms.some(({ byPush }) => byPush)
  return ({ manager }) => {
    const ecosystem = ecosystemOf(manager)
    return takesPushes || ecosystem === null || isFetchedByBuild(ecosystem) || installed.has(ecosystem)
  }
}

// Which files of code belong to a program that nothing runs, though the repository shows how the product is deployed.
import { platformOfFile } from '../../data/platforms.ts'
import type { CodeGraph } from '../../formats/ai/graph.ts'
import { isAddress } from '../../formats/ai/usage.ts'
import { isFirstPage } from '../../formats/repo/audience.ts'
import {
  isInside,
  programFolders,
  programOf,
  retiredFolderOf,
  shipsBeside,
  takesFolder,
} from '../../formats/repo/idle-programs.ts'
import { isHostFile, type Shipping } from '../../formats/repo/production.ts'
import { isRehearsal, serverDeploys } from '../../formats/workflow/jobs.ts'
import { deployText } from '../repo/lock-aside.ts'
import type { RepoReader } from '../repo/read.ts'

type World = { paths: readonly string[]; reader: RepoReader; graph: CodeGraph; shipping: Shipping | null }

/** Whether something here takes a server to customers. */
const showsDeploys = ({ pipelines, deployment }: Shipping): boolean =>
  serverDeploys(pipelines).some(one => !isRehearsal(one)) || deployment.platforms.some(isHostFile)

/** Whether a file answers requests on a server. */
const serves = (graph: CodeGraph, path: string): boolean =>
  isAddress(path, graph.read(path)) || /\.listen\(|\bserve\(|\b(?:FastAPI|Flask)\(/.test(graph.read(path))

/** Whether anything takes a folder: an image or a platform's file in it, what deploys and builds, or code of another program. */
const isTaken = (folder: string, isOld: boolean, { paths, reader, graph }: World): boolean =>
  (!isOld && paths.some(path => isInside(path, folder) && (shipsBeside(path) || platformOfFile(path) !== null))) ||
  takesFolder(
    `${deployText(paths, reader, path => !isInside(path, folder))}\n${
      isOld
        ? ''
        : paths
            .filter(isFirstPage)
            .map(path => reader.maybe(path, { maxBytes: 128 << 10 }) ?? '')
            .join('\n')
    }`,
    folder,
  ) ||
  [...graph.importers].some(
    ([file, takers]) => isInside(file, folder) && takers.some(({ path }) => !isInside(path, folder)),
  )

/**
 * Which files belong to a program that nothing runs: its folder says that it is old, or the repository shows how the product's servers are
 * deployed, and nothing takes this one there. The only server of a repository is run, however little is said of it.
 */
export const idleFiles = (world: World): ((path: string) => boolean) => {
  const { paths, graph, shipping } = world
  const programs = programFolders(paths)
  const known = new Map<string, boolean>()
  const shipped = new Map<string, boolean>()
  const isShipped = (folder: string): boolean => {
    const found = shipped.get(folder) ?? isTaken(folder, false, world)
    shipped.set(folder, found)
    return found
  }
  let servers: string[] | undefined
  const look = (folder: string, isOld: boolean): boolean => {
    servers ??= graph.code.filter(path => retiredFolderOf(path) === null && serves(graph, path))
    const others = servers.filter(path => !isInside(path, folder))
    if (others.length === 0 || (!isOld && !(shipping && showsDeploys(shipping)))) return false
    const beside = new Set(others.map(path => programOf(path, programs)))
    // Where only pages are seen to be deployed, each server is deployed unseen.
    if (!isOld && ![...beside].some(one => one === '' || isShipped(one))) return false
    return isOld ? !isTaken(folder, true, world) : !isShipped(folder)
  }
  return path => {
    const program = programOf(path, programs)
    const old = retiredFolderOf(path)
    // What is old is a program of its own, or a part of one.
    const folder = old !== null && !isInside(program, old) ? old : program
    if (folder === '') return false
    const before = known.get(folder)
    if (before !== undefined) return before
    const found = look(folder, old !== null)
    known.set(folder, found)
    return found
  }
}

// Dockerfiles that a compose file builds for laptops: it lays the source over what was built, so that a change shows at once.
import { isRecord } from '../is-record.ts'
import { parseYaml } from '../yaml-bounds.ts'
import { fileName, folderOf, within } from './paths.ts'

const composeFile = /(?:^|\/)(?:docker-)?compose(?:[._-][\w-]+)*\.ya?ml$/i
/** Compose files for where customers are. */
const forCustomers = /prod|live|deploy|release|stag/i

/** Whether a file is a compose file for laptops, as its name says, or says nothing. */
export const mayComposeLaptop = (path: string): boolean => composeFile.test(path) && !forCustomers.test(fileName(path))

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)

/** A path of a compose file, from the root; null where it leads out of the repository, or only a variable tells. */
const fromRoot = (folder: string, path: string): string | null => {
  if (/^[~/$]/.test(path)) return null
  const parts: string[] = folder === '' ? [] : folder.split('/')
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') parts.push(part)
    else if (parts.pop() === undefined) return null
  }
  return parts.join('/')
}

/** A service of a compose file: its Dockerfile and the folder that this is built from, and the folders of the machine that it lays over its own. */
type Service = {
  built: { file: string; context: string } | null
  mounts: string[]
  image: string
  /** What it starts in the place of what its image would. */
  command: string | null
}

/** A compose file, as far as it tells what images are for. */
export type Compose = { services: readonly Service[] }

const builtBy = (folder: string, service: Record<string, unknown>): Service['built'] => {
  const build = service['build']
  const given = isRecord(build) ? (text(build['context']) ?? '.') : text(build)
  const context = given === null ? null : fromRoot(folder, given)
  if (context === null) return null
  const dockerfile = (isRecord(build) && text(build['dockerfile'])) || 'Dockerfile'
  return { file: within(context, dockerfile.replace(/^\.\//, '')), context }
}

/** The folders of the machine that a service lays over its own; names of volumes are none. */
const mountsOf = (folder: string, service: Record<string, unknown>): string[] =>
  (Array.isArray(service['volumes']) ? service['volumes'] : []).flatMap(volume => {
    const short = text(volume)
    const source = isRecord(volume) ? text(volume['source']) : (short?.split(':')[0] ?? null)
    if (source === null || !source.startsWith('.') || (short !== null && !short.includes(':'))) return []
    return fromRoot(folder, source) ?? []
  })

const commandOf = (service: Record<string, unknown>): string | null => {
  const given = service['command'] ?? service['entrypoint']
  return Array.isArray(given) ? given.filter(one => typeof one === 'string').join(' ') : text(given)
}

const mostServices = 100

/** Reads a compose file; without services where it is none. */
export const readCompose = (path: string, source: string): Compose => {
  const folder = folderOf(path)
  try {
    const root = parseYaml(source)
    const services = isRecord(root) ? root['services'] : null
    const read = isRecord(services) ? Object.values(services).filter(isRecord).slice(0, mostServices) : []
    return {
      services: read.map(service => ({
        built: builtBy(folder, service),
        mounts: mountsOf(folder, service),
        image: text(service['image']) ?? '',
        command: commandOf(service),
      })),
    }
  } catch {
    return { services: [] }
  }
}

/** The folder that a compose file builds a Dockerfile from; null where it builds none of that path. */
export const contextInCompose = (file: string, { services }: Compose): string | null =>
  services.find(({ built }) => built?.file === file)?.built?.context ?? null

const ofLaptops = /override|dev|local|test|\bci\b/i

/** Whether a file is a compose file that is not for laptops by its name. */
export const mayComposeServer = (path: string): boolean => composeFile.test(path) && !ofLaptops.test(fileName(path))

/** What services start in the place of what their images would: the command, and the Dockerfile where the service builds one. */
export const startedInstead = ({ services }: Compose): { file: string | null; command: string }[] =>
  services.flatMap(({ built, image, command }) =>
    command && !/^(?:postgres|redis|mysql|mongo|nginx)/.test(image) ? [{ file: built?.file ?? null, command }] : [],
  )

/** Dockerfiles whose whole source compose files lay over what they build, and that none builds as they are. */
export const laptopImages = (composed: readonly Compose[]): Set<string> => {
  const mounted = new Set<string>()
  const plain = new Set<string>()
  for (const { built, mounts } of composed.flatMap(({ services }) => services)) {
    if (!built) continue
    const isOver = mounts.some(
      mount => mount === built.context || mount === '' || built.context.startsWith(`${mount}/`),
    )
    ;(isOver ? mounted : plain).add(built.file)
  }
  return new Set([...mounted].filter(file => !plain.has(file)))
}

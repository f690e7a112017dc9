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

/** What a service builds: the Dockerfile and the folder that it is built from. */
const builtBy = (folder: string, service: Record<string, unknown>): { file: string; context: string } | null => {
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

const mostServices = 100

const servicesOf = (source: string): Record<string, unknown>[] => {
  try {
    const root = parseYaml(source)
    const services = isRecord(root) ? root['services'] : null
    return isRecord(services) ? Object.values(services).filter(isRecord).slice(0, mostServices) : []
  } catch {
    return []
  }
}

/** The folder that a compose file builds a Dockerfile from; null where it builds none of that path. */
export const contextInCompose = (file: string, path: string, source: string): string | null =>
  servicesOf(source)
    .map(service => builtBy(folderOf(path), service))
    .find(built => built?.file === file)?.context ?? null

const ofLaptops = /override|dev|local|test|\bci\b/i

/** Whether a file is a compose file that is not for laptops by its name. */
export const mayComposeServer = (path: string): boolean => composeFile.test(path) && !ofLaptops.test(fileName(path))

/** What services start in the place of what their images would: the command, and the Dockerfile where the service builds one. */
export const startedInstead = (path: string, source: string): { file: string | null; command: string }[] =>
  servicesOf(source).flatMap(service => {
    const given = service['command'] ?? service['entrypoint']
    const command = Array.isArray(given) ? given.filter(one => typeof one === 'string').join(' ') : text(given)
    if (!command || /^(?:postgres|redis|mysql|mongo|nginx)/.test(text(service['image']) ?? '')) return []
    return [{ file: builtBy(folderOf(path), service)?.file ?? null, command }]
  })

/** Dockerfiles whose whole source compose files lay over what they build, and that none builds as they are. */
export const laptopImages = (composed: readonly { path: string; text: string }[]): Set<string> => {
  const mounted = new Set<string>()
  const plain = new Set<string>()
  for (const { path, text: source } of composed) {
    const folder = folderOf(path)
    for (const service of servicesOf(source)) {
      const built = builtBy(folder, service)
      if (!built) continue
      const isOver = mountsOf(folder, service).some(
        mount => mount === built.context || mount === '' || built.context.startsWith(`${mount}/`),
      )
      ;(isOver ? mounted : plain).add(built.file)
    }
  }
  return new Set([...mounted].filter(file => !plain.has(file)))
}

// Where the product runs, and how one knows: seen at its hosts, named by what its pipelines run, said by somebody, or only suggested by a
// file of the repository. A file is no proof: it may be left over, or be read by another platform too.
import { operationsOf, type PlatformOperations } from '../../data/platform-operations.ts'
import { platformNamed, platforms, type RollbackWay, rollbackWays } from '../../data/platforms.ts'
import type { Production } from './production.ts'
import type { Handover } from './schema.ts'

export type RunsAt = {
  label: string
  /** Key of data/platforms.ts; null where the platform is not in it. */
  name: string | null
  by: 'host' | 'pipeline' | 'answer' | 'file'
  /** The host or the file that shows it; empty for what was said. */
  where: string
}

/** `of`: what carries the product there; null where the config declares the way. */
export type WayBack = RollbackWay & { label: string; of: RunsAt | null }

/** Whether something runs there; a tool only brings it somewhere. */
export const isPlace = (name: string | null): boolean =>
  name === null || !(platforms[name]?.runner || platforms[name]?.tool)

const placed = (label: string, by: RunsAt['by'], where: string): RunsAt => {
  const name = platformNamed(label)
  return { label: name === null ? label : platforms[name]!.label, name, by, where }
}

/** Hosts on which the product itself answers, the one where customers work first; a status page or a help desk is somebody else's. */
const ownRoles = ['app', 'api', 'www', 'apex']

const atHosts = ({ hosts }: Production): RunsAt[] =>
  ownRoles.flatMap(wanted =>
    hosts.flatMap(({ name, role, platform }) =>
      role !== wanted || platform === null ? [] : [placed(platform, 'host', name)],
    ),
  )

const byPipelines = ({ repository }: Production): RunsAt[] =>
  (repository?.deploys ?? []).flatMap(({ platform, file, rehearsal }) =>
    platform === null || rehearsal ? [] : [placed(platform, 'pipeline', file)],
  )

const byFiles = ({ repository }: Production): RunsAt[] =>
  [...(repository?.platforms ?? [])]
    .sort((a, b) => Number(b.byPush) - Number(a.byPush))
    .map(({ name, file }) => placed(name, 'file', file))

const eachOnce = (places: readonly RunsAt[]): RunsAt[] =>
  places.filter(({ label }, at) => places.findIndex(other => other.label === label) === at)

const said = ({ declared }: Production, handover: Handover): RunsAt[] => {
  const by = declared.by !== null && platforms[declared.by] ? declared.by : null
  return [by, handover.deploy?.platform, handover.access?.hosting?.provider].flatMap(label =>
    label ? [placed(label, 'answer', '')] : [],
  )
}

/** What brings the product to where customers are, known from more than a file that lies about. */
const known = (production: Production, handover: Handover): RunsAt[] => {
  const seen = [...atHosts(production), ...byPipelines(production)]
  return eachOnce([...seen, ...(seen.some(({ name }) => isPlace(name)) ? [] : said(production, handover))])
}

/** Where the product runs, the app's place first; empty where nothing tells. */
export const runsAt = (production: Production, handover: Handover): RunsAt[] => {
  const places = known(production, handover).filter(({ name }) => isPlace(name))
  return places.length ? places : eachOnce(byFiles(production)).filter(({ name }) => isPlace(name))
}

/** The place that builds and deploys what is pushed; null where none does. */
export const takesPushes = (production: Production, handover: Handover): RunsAt | null =>
  runsAt(production, handover).find(({ name }) => name !== null && platforms[name]?.deploysPushes) ?? null

const wayOf = (name: string | null, of: RunsAt | null): WayBack[] => {
  const way = name === null ? undefined : rollbackWays[name]
  return way ? [{ ...way, of }] : []
}

/** How a release is taken back, a way for each thing that carries it there; what the config declares comes first. */
export const waysBack = (production: Production, handover: Handover): WayBack[] => {
  const { declared, repository } = production
  const image = repository?.container ? [placed('docker', 'file', repository.container)] : []
  const ways = [
    wayOf(declared.rollback, null),
    ...[known(production, handover), eachOnce(byFiles(production)), image].map(places =>
      places.flatMap(place => wayOf(place.name, place)),
    ),
  ]
  return ways.find(found => found.length > 0) ?? []
}

/** Where one looks and what one types: at the place where it runs, else with the tool that brings it there. */
export const operatedBy = (
  production: Production,
  handover: Handover,
): { place: RunsAt; operations: PlatformOperations } | null => {
  const tools = [...known(production, handover), ...byFiles(production)].filter(({ name }) => !isPlace(name))
  const found = [...runsAt(production, handover), ...tools].flatMap(place => {
    const operations = operationsOf(place.name ?? place.label)
    return operations ? [{ place, operations }] : []
  })
  return found[0] ?? null
}

/** Whether only a file suggests it; `''` where more shows it, else how one says that, up to the file's name. */
export const supposition = (of: RunsAt | null): string => {
  if (of?.by !== 'file') return ''
  return isPlace(of.name) ? `if it runs at ${of.label}, as ` : `if it is run with ${of.label}, as `
}

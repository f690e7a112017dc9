// Whether the authoritative servers of a zone have the same version of it: serials and records side by side.
import { registrableDomain } from './registrable-domain.ts'

/** One server's view of the apex. `serial` and a set's `records` are null where it gave none. */
export type VersionView = {
  server: string
  address: string
  serial: number | null
  primary: string | null
  sets: readonly { type: string; records: readonly string[] | null }[]
}

/** One server's answer as text, to be compared with the others'. */
export type ServerAnswer = { server: string; address: string; text: string }

/**
 * Servers that have an older version than another one that transfers from the same primary, or name another primary than their
 * operator's other servers; servers of two operators that each keep the zone count their serials apart.
 */
export const outdatedServers = <V extends VersionView>(views: readonly V[]): V[] => {
  const ofOperator = Map.groupBy(views, view => registrableDomain(view.server) ?? view.server)
  /** The primary by which a server's versions are counted: servers of one operator have one, whatever an old copy says. */
  const primaryOf = (view: V): string | null => {
    const named = ofOperator.get(registrableDomain(view.server) ?? view.server)!.flatMap(({ primary }) => primary ?? [])
    return named.sort()[0] ?? view.primary
  }
  return [...Map.groupBy(views, primaryOf)].flatMap(([, group]) => {
    const serials = group.flatMap(view => (view.serial === null ? [] : [view.serial]))
    // RFC 1982: serials are compared on a circle; the newest is the one that no other is ahead of.
    const newest = serials.find(serial => serials.every(other => ((other - serial) | 0) <= 0)) ?? Math.max(...serials)
    const current = group.find(view => view.serial === newest)?.primary
    return group.filter(view => view.serial !== null && (view.serial !== newest || view.primary !== current))
  })
}

/**
 * Addresses of the servers that stand apart from the others; null when all agree. These are the servers known to be `outdated`;
 * without any, those that most others contradict.
 */
export const disagreement = (answers: readonly ServerAnswer[], outdated: readonly string[] = []): string[] | null => {
  if (new Set(answers.map(answer => answer.text)).size < 2) return null
  if (outdated.length) return [...outdated]
  const votes = (text: string): number => answers.filter(answer => answer.text === text).length
  const common = answers.map(answer => answer.text).sort((a, b) => votes(b) - votes(a))[0]
  return answers.filter(answer => answer.text !== common).map(answer => answer.address)
}

/** What each server gives for a type at the apex; servers that did not answer for it are left out. */
export const apexAnswers = (views: readonly VersionView[], type: string): ServerAnswer[] =>
  views.flatMap(({ server, address, sets }) =>
    sets.flatMap(set =>
      set.type === type && set.records !== null ? [{ server, address, text: set.records.join(', ') || 'none' }] : [],
    ),
  )

/** What each server gives for a host: its records without their TTLs, or the status where it has none. */
export const hostAnswers = (
  views: readonly {
    server: { name: string; address: string }
    status: string
    records: readonly { name: string; type: string; data: string }[]
  }[],
): ServerAnswer[] =>
  views
    .filter(view => view.status !== 'failed')
    .map(({ server, status, records }) => ({
      server: server.name,
      address: server.address,
      text: records.map(record => `${record.name} ${record.type} ${record.data}`).join(', ') || status,
    }))

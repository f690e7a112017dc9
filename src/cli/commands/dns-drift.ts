// `dns drift`: compares the zone with a snapshot or any zone file, explains each difference, and exits 1 when there is one.

import { UsageError } from '../../config/errors.ts'
import { cleanBlock } from '../../core/clean.ts'
import { shownFrom } from '../../core/paths.ts'
import { factOf } from '../../deliverables/deliverable.ts'
import type { NameServers } from '../../facts/dns/name-servers.ts'
import type { ZoneRecords } from '../../facts/dns/zone-records.ts'
import { normaliseName } from '../../formats/dns/name.ts'
import { zoneDrift } from '../../formats/dns/zone-drift.ts'
import type { ZoneFile } from '../../formats/dns/zone-file.ts'
import type { Network } from '../../net/network.ts'
import { readSnapshot, snapshotPath } from '../../run/snapshot.ts'
import type { Call } from '../call.ts'
import { exitCodes } from '../exit-code.ts'
import { settleConfig } from '../settings.ts'
import { withZone } from './dns-zone.ts'

type ZoneRecord = ZoneRecords['records'][number]

const kinds = { missing: 'gone', changed: 'changed', extra: 'new', lifetime: 'kept for another time' } as const

/** Records of `name TYPE`, from the first of two servers that answers; null where none does. */
const askTwo = async (
  key: string,
  servers: readonly { address: string }[],
  net: Network,
): Promise<ZoneRecord[] | null> => {
  const at = key.lastIndexOf(' ')
  const [name, type] = [key.slice(0, at), key.slice(at + 1)]
  for (const { address } of servers) {
    const reply = await net.dns.query(name, type, { server: { address }, recursionDesired: false })
    if (reply.ok && ['NOERROR', 'NXDOMAIN'].includes(reply.value.rcode))
      return reply.value.answers
        .filter(record => record.type === type && record.name === name)
        .map(({ ttl, data }) => ({ name, type, ttl, data }))
  }
  return null
}

/**
 * What is expected and was not asked for by name is asked for now. `silent` are those that no server answered: the silence
 * of one server is not absence.
 */
const askForExpected = async (
  expected: ZoneFile['records'],
  known: readonly ZoneRecord[],
  { servers }: NameServers,
  net: Network,
): Promise<{ records: ZoneRecord[]; silent: string[] }> => {
  const answering = servers.filter(server => server.udp.state === 'answers' || server.tcp.state === 'answers')
  const seen = new Set(known.map(record => `${record.name} ${record.type}`))
  const wanted = [...new Set(expected.map(record => `${record.name} ${record.type}`))].filter(
    key => !seen.has(key) && !key.endsWith(' SOA'),
  )
  const two = (at: number): { address: string }[] =>
    [answering[at % answering.length], answering[(at + 1) % answering.length]].filter(server => server !== undefined)
  const asked = await Promise.all(wanted.map((key, at) => askTwo(key, two(at), net)))
  return {
    records: [...known, ...asked.flatMap(records => records ?? [])],
    silent: wanted.filter((_, at) => asked[at] === null),
  }
}

const printed = (drifts: ReturnType<typeof zoneDrift>, path: string, origin: string): string => {
  if (drifts.length === 0) return `${origin} is as ${path} says.\n`
  const blocks = drifts.map(drift =>
    cleanBlock(
      `${drift.name} ${drift.type} is ${kinds[drift.kind]}: ${drift.means}\n  was  ${drift.was.join(', ') || 'nothing'}\n  is   ${drift.is.join(', ') || 'nothing'}`,
    ),
  )
  return `${drifts.length} ${drifts.length === 1 ? 'difference' : 'differences'} between ${path} and ${origin}\n\n${blocks.join('\n')}\n\nIf this was meant, write it down anew: launch-ready dns snapshot ${origin}\n`
}

/** Exit code 0 as expected, 1 drifted, 2 the file is wrong or of another domain, 3 the zone could not be read. */
export const run = async (call: Call): Promise<number> => {
  const { io, operands } = call
  const { config, path: configPath } = await settleConfig(call.config, io)
  const at = snapshotPath(operands[1], config, configPath, io.cwd)
  const path = shownFrom(io.cwd, at)
  const snapshot = readSnapshot(at, path, io.cwd)
  const domain = operands[0] ?? (config.domain ? undefined : snapshot.origin)
  const named = { ...call, operands: domain === undefined ? [] : [domain] }
  return withZone(named, 'zone', async (zoneRun, net) => {
    const zone = factOf(zoneRun.facts, 'zoneRecords')
    const servers = factOf(zoneRun.facts, 'nameServers')
    const origin = zone?.ok ? zone.value.zone : zoneRun.domain
    if (normaliseName(snapshot.origin) !== origin)
      throw new UsageError(`${path} is of ${snapshot.origin || 'no zone'}, not of ${origin}.`)
    if (!zone?.ok || !servers?.ok) {
      io.err(`the zone could not be read: ${zone && !zone.ok ? zone.message : 'its servers do not answer'}\n`)
      return exitCodes.couldNotTell
    }
    const known = zone.value.records
    const { records, silent } =
      zone.value.source === 'names'
        ? await askForExpected(snapshot.records, known, servers.value, net)
        : { records: known, silent: [] }
    if (silent.length) {
      io.err(`could not be asked: ${silent.join(', ')}\n`)
      return exitCodes.couldNotTell
    }
    const drifts = zoneDrift(snapshot.records, records)
    io.out(
      call.json ? `${JSON.stringify({ zone: origin, file: path, drifts }, null, 2)}\n` : printed(drifts, path, origin),
    )
    return drifts.length ? exitCodes.found : exitCodes.ok
  })
}

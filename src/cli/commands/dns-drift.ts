// `dns drift`: compares the zone with a snapshot or any zone file, explains each difference, and exits 1 when there is one.
import { relative } from 'node:path'
import { UsageError } from '../../config/errors.ts'
import { factOf } from '../../deliverables/deliverable.ts'
import { normaliseName } from '../../formats/dns/name.ts'
import { zoneDrift } from '../../formats/dns/zone-drift.ts'
import { cleanBlock } from '../../report/shared/escape.ts'
import { exitCodes } from '../exit-code.ts'
import type { Io } from '../io.ts'
import type { RunOptions } from '../options.ts'
import { settleConfig } from '../settings.ts'
import { readSnapshot, snapshotPath } from '../snapshot.ts'
import { withZone } from './dns-zone.ts'

const kinds = { missing: 'gone', changed: 'changed', extra: 'new', lifetime: 'kept for another time' } as const

/** Exit code 0 as expected, 1 drifted, 2 the file is wrong or of another domain, 3 the zone could not be read. */
export const run = async (
  operands: string[],
  options: Record<string, unknown>,
  io: Io,
  version: string,
): Promise<number> => {
  const { config, path: configPath } = await settleConfig(options as RunOptions, io)
  const at = snapshotPath(operands[1], config, configPath, io.cwd)
  const path = relative(io.cwd, at) || at
  const snapshot = readSnapshot(at, path, io.cwd)
  return withZone(
    operands[0] ?? (config.domain ? undefined : snapshot.origin),
    options,
    io,
    version,
    'zone',
    async ({ domain, facts }, net) => {
      const zone = factOf(facts, 'zoneRecords')
      const origin = zone?.ok ? zone.value.zone : domain
      if (normaliseName(snapshot.origin) !== origin)
        throw new UsageError(`${path} is of ${snapshot.origin || 'no zone'}, not of ${origin}.`)
      const servers = factOf(facts, 'nameServers')
      if (!zone?.ok || !servers?.ok) {
        io.err(`the zone could not be read: ${zone && !zone.ok ? zone.message : 'its servers do not answer'}\n`)
        return exitCodes.couldNotTell
      }
      let now = zone.value.records
      if (zone.value.source === 'names') {
        // What is expected and was not asked for by name is asked for now; silence of one server is not absence.
        const answering = servers.value.servers.filter(
          server => server.udp.state === 'answers' || server.tcp.state === 'answers',
        )
        const known = new Set(now.map(record => `${record.name} ${record.type}`))
        const wanted = [...new Set(snapshot.records.map(record => `${record.name} ${record.type}`))].filter(
          key => !known.has(key) && !key.endsWith(' SOA'),
        )
        const asked = await Promise.all(
          wanted.map(async (key, at) => {
            const [name = '', type = ''] = [key.slice(0, key.lastIndexOf(' ')), key.slice(key.lastIndexOf(' ') + 1)]
            for (const server of [answering[at % answering.length], answering[(at + 1) % answering.length]]) {
              if (!server) break
              const reply = await net.dns.query(name, type, {
                server: { address: server.address },
                recursionDesired: false,
              })
              if (reply.ok && ['NOERROR', 'NXDOMAIN'].includes(reply.value.rcode))
                return reply.value.answers.filter(record => record.type === type && record.name === name)
            }
            return null
          }),
        )
        const silent = wanted.filter((_, at) => asked[at] === null)
        if (silent.length) {
          io.err(`could not be asked: ${silent.join(', ')}\n`)
          return exitCodes.couldNotTell
        }
        now = [
          ...now,
          ...asked.flatMap(records => records ?? []).map(({ name, type, ttl, data }) => ({ name, type, ttl, data })),
        ]
      }
      const drifts = zoneDrift(snapshot.records, now)
      if (options['json']) io.out(`${JSON.stringify({ zone: origin, file: path, drifts }, null, 2)}\n`)
      else if (drifts.length === 0) io.out(`${origin} is as ${path} says.\n`)
      else
        io.out(
          `${drifts.length} ${drifts.length === 1 ? 'difference' : 'differences'} between ${path} and ${origin}\n\n${drifts
            .map(drift =>
              cleanBlock(
                `${drift.name} ${drift.type} is ${kinds[drift.kind]}: ${drift.means}\n  was  ${drift.was.join(', ') || 'nothing'}\n  is   ${drift.is.join(', ') || 'nothing'}`,
              ),
            )
            .join('\n')}\n\nIf this was meant, write it down anew: launch-ready dns snapshot ${origin}\n`,
        )
      return drifts.length ? exitCodes.found : exitCodes.ok
    },
  )
}

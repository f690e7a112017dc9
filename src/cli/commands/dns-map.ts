// `dns map`: every name, what stands there and where it leads, as a document; with --out also the zone file.
import { join } from 'node:path'
import { factOf } from '../../deliverables/deliverable.ts'
import { dnsMap } from '../../deliverables/dns-map.ts'
import { exitCodes } from '../exit-code.ts'
import type { Io } from '../io.ts'
import { writeText } from '../reports.ts'
import { withZone } from './dns-zone.ts'

/** Exit code 0, or 3 when the zone could not be read. */
export const run = (operands: string[], options: Record<string, unknown>, io: Io, version: string): Promise<number> =>
  withZone(operands[0], options, io, version, 'map', async zone => {
    const documents = dnsMap(zone)
    const records = factOf(zone.facts, 'zoneRecords')
    if (options['json'])
      io.out(
        `${JSON.stringify(records?.ok ? records.value : { error: records?.message ?? 'not collected' }, null, 2)}\n`,
      )
    else if (typeof options['out'] === 'string') {
      for (const document of documents) writeText(io, join(options['out'], document.path), document.content)
      io.err(`wrote ${documents.map(document => join(String(options['out']), document.path)).join(', ')}\n`)
    } else io.out(documents[0]!.content)
    return records?.ok ? exitCodes.ok : exitCodes.couldNotTell
  })

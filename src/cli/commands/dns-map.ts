// `dns map`: every name, what stands there and where it leads, as a document; with --out also the zone file.
import { join } from 'node:path'
import { factOf } from '../../deliverables/deliverable.ts'
import { dnsMap } from '../../deliverables/dns-map.ts'
import type { Call } from '../call.ts'
import { exitCodes } from '../exit-code.ts'
import { writeText } from '../reports.ts'
import { withZone } from './dns-zone.ts'

/** Exit code 0, or 3 when the zone could not be read. */
export const run = (call: Call): Promise<number> =>
  withZone(call, 'map', async zone => {
    const { io, json, out } = call
    const documents = dnsMap(zone)
    const records = factOf(zone.facts, 'zoneRecords')
    if (json)
      io.out(
        `${JSON.stringify(records?.ok ? records.value : { error: records?.message ?? 'not collected' }, null, 2)}\n`,
      )
    else if (out !== undefined) {
      for (const document of documents) writeText(io, join(out, document.path), document.content)
      io.err(`wrote ${documents.map(document => join(out, document.path)).join(', ')}\n`)
    } else io.out(documents[0]!.content)
    return records?.ok ? exitCodes.ok : exitCodes.couldNotTell
  })

// `dns snapshot`: writes the zone as it is into a file, to be compared later by `dns drift`. The file is a zone file.
import { shownFrom } from '../../core/paths.ts'
import { factOf } from '../../deliverables/deliverable.ts'
import { printZone } from '../../formats/dns/zone-file.ts'
import { snapshotPath } from '../../run/snapshot.ts'
import type { Call } from '../call.ts'
import { exitCodes } from '../exit-code.ts'
import { writeText } from '../reports.ts'
import { withZone } from './dns-zone.ts'

/** Exit code 0, or 3 when the zone could not be read; then nothing is written. */
export const run = (call: Call): Promise<number> =>
  withZone(call, 'zone', async ({ facts, config, configPath, now }) => {
    const { io } = call
    const zone = factOf(facts, 'zoneRecords')
    if (!zone?.ok) {
      io.err(`the zone could not be read: ${zone?.message ?? 'not collected'}; nothing was written.\n`)
      return exitCodes.couldNotTell
    }
    const path = snapshotPath(call.action.file, config, configPath, io.cwd)
    const shown = shownFrom(io.cwd, path)
    const head = [
      `launch-ready dns snapshot of ${zone.value.zone}, ${new Date(now).toISOString()}`,
      zone.value.source === 'transfer' ? 'the whole zone' : 'read name by name',
    ]
    writeText(io, shown, printZone(zone.value.zone, zone.value.records, head))
    io.err(`wrote ${shown}: ${zone.value.records.length} records of ${zone.value.zone}\n`)
    return exitCodes.ok
  })

// The snapshot that the config names (`dns.snapshot`, relative to the config file), as expected records.
import { dirname, resolve } from 'node:path'
import { UsageError } from '../config/errors.ts'
import type { Config } from '../config/schema.ts'
import { readUserFile } from '../config/user-file.ts'
import { cleanBlock } from '../core/clean.ts'
import { expectedFromZone } from '../formats/dns/record-compare.ts'
import { parseZone, type ZoneFile } from '../formats/dns/zone-file.ts'

export const defaultSnapshot = 'dns-snapshot.zone'

/** Where the snapshot is: the file given on the command line, the config's, or `dns-snapshot.zone` here. Absolute. */
export const snapshotPath = (given: unknown, config: Config, configPath: string | null, cwd: string): string =>
  given !== undefined
    ? resolve(cwd, String(given))
    : config.dns?.snapshot !== undefined
      ? resolve(configPath === null ? cwd : dirname(resolve(cwd, configPath)), config.dns.snapshot)
      : resolve(cwd, defaultSnapshot)

/** Reads it. Throws UsageError with line, column and what was expected. `shown` is how messages name the file. */
export const readSnapshot = (path: string, shown: string, cwd: string): ZoneFile => {
  const parsed = parseZone(readUserFile(path, cwd, 'snapshot'))
  if (parsed.ok) return parsed.value
  const { line, column, expected, found } = parsed.fault
  throw new UsageError(`${shown}:${line}:${column}: expected ${expected}, found ${cleanBlock(found, 60)}.`)
}

/** The config with the snapshot's records among the expected ones; what the config itself expects wins. */
export const withSnapshot = (config: Config, configPath: string | null, cwd: string): Config => {
  if (config.dns?.snapshot === undefined) return config
  const zone = readSnapshot(snapshotPath(undefined, config, configPath, cwd), config.dns.snapshot, cwd)
  return { ...config, dns: { ...config.dns, expected: { ...expectedFromZone(zone.records), ...config.dns.expected } } }
}

// Where the DMARC reports of the config lie (`email.reports`): a path is relative to the config file.
import { dirname, resolve } from 'node:path'
import type { Config } from '../config/schema.ts'

/** The mailbox's URL as it stands, or the path, absolute; undefined where none is configured. */
export const reportsFrom = (config: Config, configPath: string | null, cwd: string): string | undefined => {
  const from = config.email?.reports
  if (from === undefined || /^imaps?:/i.test(from)) return from
  return resolve(configPath === null ? cwd : dirname(resolve(cwd, configPath)), from)
}

/** The config with that path in it. */
export const withReports = (config: Config, configPath: string | null, cwd: string): Config => {
  const reports = reportsFrom(config, configPath, cwd)
  return reports === undefined ? config : { ...config, email: { ...config.email, reports } }
}

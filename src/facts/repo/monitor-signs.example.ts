// A repository whose errors, deploys and failed jobs are heard of, for the examples of checks.
import type { MonitorSigns } from './monitor-signs.ts'

export const example: MonitorSigns = {
  trackers: [
    {
      tool: 'Sentry',
      place: { file: 'instrument.js', line: 3, text: 'Sentry.init({' },
      release: true,
      environment: true,
      personal: null,
    },
  ],
  notices: [
    { place: { file: '.github/workflows/ci.yml', line: 30, text: 'Notify' }, onFailure: true, onSuccess: true },
  ],
  jobs: [{ kind: 'node-cron', auto: false, place: { file: 'jobs.js', line: 4, text: "cron.schedule('0 3 * * *'" } }],
  jobAlerts: [{ file: 'jobs.js', line: 9, text: 'hc-ping.com' }],
  loggers: [{ file: 'log.js', line: 2, text: 'pino({' }],
  lists: [{ logger: 'own', entries: [], place: { file: 'redact.mjs', line: 1, text: 'redactHooks' }, leaks: [] }],
  bodies: [],
  logDocuments: [{ file: 'README.md', line: 20, text: 'fly logs' }],
  constantHealth: [],
  tools: [],
  beside: [],
  proofs: [],
  files: 12,
}

/** The same repository, otherwise in this. */
export const signs = (given: Partial<MonitorSigns>): MonitorSigns => ({ ...example, ...given })

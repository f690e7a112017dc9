// A product that is watched, whose alerts reach two people on two channels, for the examples of checks.
import type { MonitorReading } from '../../formats/monitor/reading.ts'
import type { MonitorSectionView } from '../../formats/monitor/section.ts'
import type { SeenMonitor } from '../../formats/monitor/seen.ts'
import type { Watching } from './watching.ts'

const minute = 60_000
const now = Date.parse('2026-11-25T00:00:00Z')

export const seen = (given: Partial<SeenMonitor> = {}): SeenMonitor => ({
  source: 'launch-ready',
  name: 'app',
  kind: 'http',
  target: 'https://example.com/',
  intervalMs: minute,
  paused: false,
  asserts: true,
  ...given,
})

const month = { upMs: 24 * 86_400_000, downMs: 0, unknownMs: 0, maintenanceMs: 0, passedMs: 24 * 86_400_000 }

export const exampleSection: MonitorSectionView = {
  target: 99.9,
  intervalMs: minute,
  listen: '127.0.0.1:8788',
  deadMan: true,
  store: '.launch-ready/monitor.sqlite',
  monitors: null,
  channels: [
    { name: 'team', kind: 'slack', after: 0, people: ['ada', 'bob'] },
    { name: 'founder', kind: 'email', after: 600_000, people: ['ada'] },
  ],
}

export const exampleReading: MonitorReading = {
  where: '.launch-ready/monitor.sqlite',
  watcher: { host: 'watch-1', beatAt: now - 20_000 },
  monitors: [
    {
      name: 'app',
      kind: 'http',
      target: 'https://example.com/',
      intervalMs: minute,
      expects: ['text'],
      state: 'up',
      lookedAt: now - 20_000,
      month,
    },
  ],
  channels: [{ name: 'team', failures: 0, lastAnswer: '200 ok', delivered: 3 }],
  proofs: [
    {
      channel: 'team',
      sentAt: now - 86_400_000,
      acceptedAt: now - 86_399_000,
      answer: '200 ok',
      seenAt: now - 86_300_000,
      seenBy: 'link',
    },
    {
      channel: 'founder',
      sentAt: now - 86_400_000,
      acceptedAt: now - 86_399_000,
      answer: '250 ok',
      seenAt: now - 86_300_000,
      seenBy: 'inbox',
    },
  ],
  incidents: [],
}

export const example: Watching = {
  section: exampleSection,
  reading: exampleReading,
  monitors: [
    seen(),
    seen({ name: 'certificate', kind: 'tls', target: 'example.com:443' }),
    seen({ name: 'domain', kind: 'domain', target: 'example.com' }),
    seen({ name: 'mail', kind: 'smtp', target: 'smtp.example.com:587' }),
  ],
  proofs: exampleReading.proofs,
  tools: [],
  places: {
    product: { host: 'example.com', addresses: ['203.0.113.10'] },
    dashboard: { host: 'watch.example.com', addresses: ['198.51.100.7'] },
    status: { host: 'status.example.com', addresses: ['198.51.100.7'] },
  },
  providers: [],
}

/** Nobody watches as far as one can see. */
export const nobody: Watching = {
  section: null,
  reading: null,
  monitors: [],
  proofs: [],
  tools: [],
  places: { product: null, dashboard: null, status: null },
  providers: [],
}

/** The watched product, otherwise in its section. */
export const section = (given: Partial<MonitorSectionView>): Partial<Watching> => ({
  section: { ...exampleSection, ...given },
})

/** The watched product, otherwise in what its watcher keeps. */
export const reading = (given: Partial<MonitorReading>): Partial<Watching> => ({
  reading: { ...exampleReading, ...given },
})

/** The watched product with a month of this. */
export const monthOf = (given: Partial<typeof month>): Partial<Watching> =>
  reading({ monitors: [{ ...exampleReading.monitors[0]!, month: { ...month, ...given } }] })

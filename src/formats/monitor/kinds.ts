// What a monitor can look at.

/** In a config each monitor names one of these, and what it looks at beside it. */
export const monitorKinds = [
  'http',
  'tcp',
  'tls',
  'dns',
  'smtp',
  'domain',
  'heartbeat',
  'log',
  'flow',
  'mailFlow',
] as const

export type MonitorKind = (typeof monitorKinds)[number]

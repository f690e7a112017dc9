// A monitor as it was seen anywhere: in our config and store, at a provider, in a file of another tool.

export type WatchKind = 'http' | 'tls' | 'domain' | 'smtp' | 'heartbeat' | 'dns' | 'tcp' | 'other'

/** The source of a monitor of our own watcher. */
export const ownSource = 'launch-ready'

export type SeenMonitor = {
  /** `launch-ready`, `UptimeRobot`, `Gatus (gatus.yaml)` … */
  source: string
  name: string
  kind: WatchKind
  /** URL, host or domain that is looked at. */
  target: string
  intervalMs: number
  /** It is there and does not look: paused, never begun, its watcher gone. */
  paused: boolean
  /** Why it counts as paused. */
  why?: string
  /** Something in the answer is held against a text, a path, a header; a status alone stays green on an error page. */
  asserts: boolean
  /** The file that holds it, and the diffs of it that let it look, and look every minute. */
  file?: { path: string; wakes?: string; quickens?: string }
  /** Whether it warns before a certificate ends too. */
  certificate?: boolean
  domain?: boolean
}

const hostOf = (target: string): string => {
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(target) ? target : `https://${target}`
  return URL.canParse(withScheme) ? new URL(withScheme).hostname.toLowerCase() : target.toLowerCase()
}

const pathOf = (target: string): string => (URL.canParse(target) ? new URL(target).pathname.replace(/\/+$/, '') : '')

/** Whether this monitor looks at this URL: the same host, and the same path or one of the same area. */
export const watches = (monitor: SeenMonitor, url: string): boolean =>
  monitor.kind === 'http' && hostOf(monitor.target) === hostOf(url) && pathOf(monitor.target) === pathOf(url)

/** Whether it looks at the same host over HTTP at all. */
export const watchesHost = (monitor: SeenMonitor, url: string): boolean =>
  monitor.kind === 'http' && hostOf(monitor.target) === hostOf(url)

export const isUnder = (target: string, domain: string): boolean => {
  const host = hostOf(target)
  return host === domain || host.endsWith(`.${domain}`)
}

export { hostOf as hostOfTarget }

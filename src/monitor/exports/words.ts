// What the exports share: what a monitor expects, in the words that several tools want it in.
import type { MonitorView } from '../../formats/monitor/section.ts'

export type ExportFile = { path: string; content: string }
/** What is not expressible there, a sentence each. */
export type Exported = { files: ExportFile[]; left: string[] }

export type ExportInput = { monitors: readonly MonitorView[]; domain: string | null; config: string }

export const seconds = (ms: number): number => Math.max(1, Math.round(ms / 1000))
export const textOf = (monitor: MonitorView): string | null => {
  const { text } = monitor.expect
  return typeof text === 'string' ? text : null
}
export const statusesOf = (monitor: MonitorView): number[] => {
  const { status } = monitor.expect
  return status === undefined ? [] : ([status].flat() as number[])
}
export const jsonOf = (monitor: MonitorView): [string, unknown][] =>
  Object.entries((monitor.expect['json'] ?? {}) as Record<string, unknown>)
export const daysOf = (monitor: MonitorView, otherwise: number): number => {
  const { daysLeft } = monitor.expect
  return typeof daysLeft === 'number' ? daysLeft : otherwise
}
export const latencyOf = (monitor: MonitorView): number | null =>
  typeof monitor.expect['latency'] === 'number' ? monitor.expect['latency'] : null

/** Letters, digits and hyphens alone. */
export const slug = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|(?<!-)-+$/g, '') || 'monitor'

export const leftOut = (tool: string, monitors: readonly MonitorView[], kinds: readonly string[]): string[] =>
  monitors
    .filter(({ kind }) => !kinds.includes(kind))
    .map(({ name, kind }) => `${name}: ${tool} has nothing for ${kind}; let our own watcher look at it.`)

export const header = '# Written by `launch-ready monitor export`. Write it again after a change of the config.\n'

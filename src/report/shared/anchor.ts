// Where in the repository a finding stands, for code scanning and annotations: the file at fault, or else the config.

import { clean } from '../../core/clean.ts'
import type { Finding } from '../../core/report.ts'
import { literally } from '../../formats/literally.ts'
import type { ReportOptions } from '../options.ts'

/** `line` and `column` count from 1. */
export type Anchor = { path: string; line: number; column: number }

/** The file that findings without one are shown at when the repository has no config. */
export const defaultAnchor = 'launch-ready.config.yaml'

/** A path below the repository's root with forward slashes, or null: absolute ones and those that climb out are refused. */
const relativePath = (path: string): string | null => {
  const shown = clean(path, 1_000)
    .replace(/\\/g, '/')
    .replace(/^(?:\.\/)+/, '')
  if (!shown || shown.startsWith('/') || /^[a-z][a-z0-9+.-]*:/i.test(shown)) return null
  return shown.split('/').some(part => part === '..' || part === '') ? null : shown
}

/** The line that names the subject, or its host, or the domain: the first of the config that does, comments aside. */
const configLine = (finding: Finding, { configText, configLine: given }: ReportOptions): number => {
  if (given !== undefined) return Math.max(1, given)
  const lines = (configText ?? '').slice(0, 1_000_000).split('\n')
  const { subject } = finding
  const words = [subject, ...(URL.canParse(subject) ? [new URL(subject).hostname] : [])].filter(Boolean)
  const patterns = [
    ...words.map(word => new RegExp(`(?<![\\w./-])${literally(word)}(?![\\w/-]|\\.\\w)`)),
    /^\s*["']?domain["']?\s*:/,
  ]
  for (const pattern of patterns) {
    const at = lines.findIndex(line => !/^\s*(?:#|\/\/)/.test(line) && pattern.test(line))
    if (at >= 0) return at + 1
  }
  return 1
}

/** Paths of findings are relative to what was judged, which may be a folder of the repository. */
const inRepository = (at: Anchor, { repoFolder }: ReportOptions): Anchor => {
  const folder = repoFolder ? relativePath(repoFolder) : null
  return folder ? { ...at, path: `${folder}/${at.path}` } : at
}

/** Where a finding stands in a file: the first place in its evidence, or the file that its fix changes. */
const ownPlace = ({ evidence, fix }: Finding): Anchor | null => {
  const places = [
    ...evidence.flatMap(one => (one.kind === 'file' ? [{ path: one.path, line: one.line ?? 1 }] : [])),
    ...fix.changes.flatMap(one =>
      one.kind === 'file' && one.patch !== undefined ? [{ path: one.path, line: 1 }] : [],
    ),
  ]
  for (const { path: given, line } of places) {
    const path = relativePath(given)
    if (path) return { path, line: Math.max(1, line), column: 1 }
  }
  return null
}

/** The file and line of a finding that has one, with or without a config. */
export const fileOf = (finding: Finding, options: ReportOptions): Anchor | null => {
  const own = ownPlace(finding)
  return own && inRepository(own, options)
}

/** The file of a finding, or else the line of the config that names its subject. */
export const anchor = (finding: Finding, options: ReportOptions): Anchor => {
  const own = fileOf(finding, options)
  if (own) return own
  const config = options.configFile === undefined ? null : relativePath(options.configFile)
  return config
    ? { path: config, line: configLine(finding, options), column: 1 }
    : { path: defaultAnchor, line: 1, column: 1 }
}

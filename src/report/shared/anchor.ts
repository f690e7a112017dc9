// Where in the repository a finding stands, for code scanning and annotations: the file at fault, or else the config.
import type { Finding } from '../../core/report.ts'
import type { ReportOptions } from '../options.ts'
import { clean } from './escape.ts'

export type Anchor = { path: string; line: number }

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

/** `src/app.ts:12` → path and line; a line is read only where the text ends with it. */
const located = (text: string): Anchor | null => {
  const [, name = text, line] = /^(.*?):(\d{1,7})(?::\d{1,7})?$/.exec(text) ?? []
  const path = relativePath(name)
  return path && /^[^\s]+$/.test(path) ? { path, line: Math.max(1, Number(line ?? 1)) } : null
}

/** The file of a finding: the one its fix changes, its subject where that is a path, or the config's line. */
export const anchor = (finding: Finding, options: ReportOptions): Anchor => {
  const looksLikeFile = (text: string): boolean =>
    /^[\w.@()[\]-]+(?:\/[\w.@()[\] -]+)+(?::\d+)*$|^[\w.-]+\.(?:[cm]?[jt]sx?|json|ya?ml|toml|lock|env|sql|html)(?::\d+)*$|^\.env[\w.]*(?::\d+)?$|^Dockerfile(?::\d+)?$/.test(
      text,
    )
  if (finding.stage === 'deploy' || finding.fix.changes.some(({ kind }) => kind === 'file')) {
    if (looksLikeFile(finding.subject)) {
      const at = located(finding.subject)
      if (at) return at
    }
    for (const { label } of finding.evidence) {
      const at = looksLikeFile(label) ? located(label) : null
      if (at) return at
    }
    for (const change of finding.fix.changes) {
      const path = change.kind === 'file' && change.patch !== undefined ? relativePath(change.path) : null
      if (path) return { path, line: 1 }
    }
  }
  const config = options.configFile === undefined ? null : relativePath(options.configFile)
  return config ? { path: config, line: Math.max(1, options.configLine ?? 1) } : { path: defaultAnchor, line: 1 }
}

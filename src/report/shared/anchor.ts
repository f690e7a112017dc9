// Where in the repository a finding stands, for code scanning and annotations: the file at fault, or else the config.

import { clean } from '../../core/clean.ts'
import type { Finding } from '../../core/report.ts'
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

const extensions =
  /\.(?:[cm]?[jt]sx?|vue|svelte|astro|json[c5]?|ya?ml|toml|ini|cfg|conf|lock|lockb|env|sql|prisma|html?|css|md|mdx|py|rb|erb|php|go|mod|sum|rs|java|kts?|gradle|cs|csproj|fs|ex|exs|tf|sh|bash|txt|xml|properties)$/i
/** Endings that are no top-level domain: with these a name is a file even where neither folder nor line says so. */
const onlyFiles =
  /\.(?:[cm]?[jt]sx?|json[c5]?|ya?ml|toml|ini|cfg|conf|lock|lockb|env|sql|prisma|html?|css|rb|php|go|mod|sum|xml|txt)$/i
const names =
  /^(?:\.[\w-]+[\w.-]*|(?:Docker|Container|Proc|Make|Gem|Rake|Pip|Caddy|Jenkins|Just|Vagrant)file(?:\.[\w-]+)*)$/

/** `src/app.ts:12:5` → path, line, column. What looks like a host with a port, a URL or mere words is none. */
const located = (text: string): Anchor | null => {
  const [, name = text, line, column] = /^(.*?[^:]):(\d{1,7})(?::(\d{1,5}))?(?=\s|$)/.exec(text) ?? []
  const path = relativePath(name)
  const last = path?.split('/').at(-1) ?? ''
  if (!path || !(names.test(last) || extensions.test(last))) return null
  if (line === undefined && !path.includes('/') && !names.test(last) && !onlyFiles.test(last)) return null
  // A space is part of a path only where a line says that it is one.
  if (line === undefined && /\s/.test(path)) return null
  return { path, line: Math.max(1, Number(line ?? 1)), column: Math.max(1, Number(column ?? 1)) }
}

const literally = (word: string): string => word.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')

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

/** The file of a finding: its subject where that is a path, the place in its evidence, the file that its fix changes, or the config's line. */
export const anchor = (finding: Finding, options: ReportOptions): Anchor => {
  if (finding.stage === 'deploy' || finding.fix.changes.some(({ kind }) => kind === 'file')) {
    for (const text of [finding.subject, ...finding.evidence.map(({ label }) => label)]) {
      const at = located(text)
      if (at) return inRepository(at, options)
    }
    for (const change of finding.fix.changes) {
      const path = change.kind === 'file' && change.patch !== undefined ? relativePath(change.path) : null
      if (path) return inRepository({ path, line: 1, column: 1 }, options)
    }
  }
  const config = options.configFile === undefined ? null : relativePath(options.configFile)
  return config
    ? { path: config, line: configLine(finding, options), column: 1 }
    : { path: defaultAnchor, line: 1, column: 1 }
}

// Which packages one lock stands for, and which versions a workspace sets over their manifests: pnpm-workspace.yaml, package.json,
// Cargo.toml, pyproject.toml.
import { parse as parseToml } from 'smol-toml'
import { isRecord } from '../is-record.ts'
import { parseYaml } from '../yaml-bounds.ts'

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []

const record = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {})

/** The value of a text; an empty record where it cannot be read. */
const readOr = (parse: (text: string) => unknown, text: string | null): Record<string, unknown> => {
  try {
    return text === null ? {} : record(parse(text))
  } catch {
    return {}
  }
}
const yamlOf = (text: string | null) => readOr(parseYaml, text)
const tomlOf = (text: string | null) => readOr(parseToml, text)

/** Globs of the packages of a Node.js workspace, by both files that may name them; null where it is none. */
export const nodeWorkspace = (
  manifest: Record<string, unknown> | null,
  pnpmWorkspace: string | null,
): string[] | null => {
  const own = manifest?.['workspaces']
  const globs = [...texts(own), ...texts(record(own)['packages']), ...texts(yamlOf(pnpmWorkspace)['packages'])]
  return own === undefined && pnpmWorkspace === null ? null : [...new Set(globs)]
}

/** Globs of the members of a workspace of Cargo or uv; null where the manifest is none. */
export const tomlWorkspace = (manifest: string, text: string | null): string[] | null => {
  const toml = tomlOf(text)
  const workspace = manifest.endsWith('Cargo.toml')
    ? toml['workspace']
    : record(record(toml['tool'])['uv'])['workspace']
  if (!isRecord(workspace)) return null
  return [...texts(workspace['members']), ...texts(workspace['exclude']).map(glob => `!${glob}`)]
}

/** The package that a selector of an override means: `a>b@1`, `**\/b`, `b@^2`, `b@>=1 <2` → b. A `>` behind a blank, `|` or `@` belongs to a range. */
export const overriddenName = (selector: string): string => {
  const last = selector
    .split(/(?<=[^ |@])>/)
    .at(-1)!
    .trim()
    .replace(/^(?:\*\*\/)+/, '')
  const name = last.replace(/(?<=.)@.*$/, '')
  const parts = name.split('/')
  return name.startsWith('@') || parts.length === 1
    ? parts.slice(-2).join('/')
    : parts.slice(parts.at(-2)?.startsWith('@') ? -2 : -1).join('/')
}

/** Packages whose versions the root of a workspace sets for all: overrides of pnpm and npm, resolutions of Yarn. */
export const overriddenPackages = (
  manifest: Record<string, unknown> | null,
  pnpmWorkspace: string | null,
): Set<string> => {
  const maps = [
    manifest?.['resolutions'],
    manifest?.['overrides'],
    record(manifest?.['pnpm'])['overrides'],
    yamlOf(pnpmWorkspace)['overrides'],
  ]
  return new Set(maps.flatMap(map => Object.keys(record(map)).map(overriddenName)))
}

// Manifests of packages: name, language, scripts and dependencies as each package manager writes them.
import { parse as parseToml } from 'smol-toml'
import type { PackageManager } from '../../data/package-managers.ts'
import { isRecord } from '../is-record.ts'
import { parseJsonc } from './jsonc.ts'
import { fileName } from './paths.ts'
import type { Language, StackPackage } from './stack.ts'

type Record_ = Record<string, unknown>
const strings = (value: unknown): Record<string, string> =>
  isRecord(value)
    ? Object.fromEntries(
        Object.entries(value)
          .filter((entry): entry is [string, string] => typeof entry[1] === 'string')
          .slice(0, 2000),
      )
    : {}

/** Canonical name of a Python distribution (PEP 503). */
export const pythonName = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, '-')

/** `name[extra]>=1.2 ; marker` of requirements and PEP 508 → name and range. */
const requirement = (line: string): [string, string] | null => {
  const match = /^[ \t]*([A-Za-z0-9][\w.-]*)[ \t]*(?:\[[^\]]*\])?[ \t]*([^;#]*)/.exec(line)
  return match && !line.trimStart().startsWith('-') ? [pythonName(match[1]!), match[2]!.trim()] : null
}

const requirements = (lines: readonly string[]): Record<string, string> =>
  Object.fromEntries(lines.map(requirement).filter((entry): entry is [string, string] => entry !== null))

/** `packageManager` null: the manifest does not say. */
export type Manifest = Pick<StackPackage, 'name' | 'language' | 'scripts' | 'dependencies' | 'devDependencies'> & {
  packageManager: PackageManager | null
  workspaceRoot: boolean
  /** It is made to be installed into other programs: what it depends on says nothing of how it runs. */
  isLibrary: boolean
}
const blank = (language: Language): Manifest => ({
  name: null,
  language,
  scripts: {},
  dependencies: {},
  devDependencies: {},
  packageManager: null,
  workspaceRoot: false,
  isLibrary: false,
})

type ManifestReader = (text: string) => Manifest

const readPackageJson: ManifestReader = text => {
  const json = JSON.parse(text.replace(/^\ufeff/, '')) as Record_
  if (!isRecord(json)) throw new Error('is not an object')
  const manager =
    typeof json.packageManager === 'string' ? /^(npm|pnpm|yarn|bun)@/.exec(json.packageManager)?.[1] : undefined
  const dependencies = {
    ...strings(json.peerDependencies),
    ...strings(json.optionalDependencies),
    ...strings(json.dependencies),
  }
  return {
    name: typeof json.name === 'string' ? json.name : null,
    language: 'javascript',
    scripts: strings(json.scripts),
    dependencies,
    devDependencies: strings(json.devDependencies),
    packageManager: (manager as PackageManager | undefined) ?? null,
    workspaceRoot: json.workspaces !== undefined,
    isLibrary: false,
  }
}

const readPyproject: ManifestReader = text => {
  const toml = parseToml(text) as Record_
  const project = isRecord(toml.project) ? toml.project : {}
  const tool = isRecord(toml.tool) ? toml.tool : {}
  const poetry = isRecord(tool.poetry) ? tool.poetry : null
  const list = (value: unknown): string[] =>
    Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : []
  const groups = isRecord(toml['dependency-groups']) ? toml['dependency-groups'] : {}
  const optional = isRecord(project['optional-dependencies']) ? project['optional-dependencies'] : {}
  const plain = (value: unknown): Record<string, string> =>
    isRecord(value)
      ? Object.fromEntries(
          Object.entries(value)
            .filter(([name]) => name !== 'python')
            .map(([name, range]) => [pythonName(name), typeof range === 'string' ? range : '']),
        )
      : {}
  const poetryGroups =
    poetry && isRecord(poetry.group)
      ? Object.values(poetry.group).map(group => plain(isRecord(group) ? group.dependencies : {}))
      : []
  return {
    ...blank('python'),
    name:
      typeof project.name === 'string' ? project.name : poetry && typeof poetry.name === 'string' ? poetry.name : null,
    scripts: strings(project.scripts),
    dependencies: { ...requirements(list(project.dependencies)), ...plain(poetry?.dependencies) },
    devDependencies: {
      ...requirements([...Object.values(groups), ...Object.values(optional)].flatMap(list)),
      ...plain(poetry?.['dev-dependencies']),
      ...Object.assign({}, ...poetryGroups),
    },
    packageManager: poetry ? 'poetry' : tool.uv ? 'uv' : tool.pdm ? 'pdm' : null,
    workspaceRoot: isRecord(tool.uv) && tool.uv.workspace !== undefined,
    isLibrary: toml['build-system'] !== undefined && list(project.classifiers).length > 0,
  }
}

const readPipfile: ManifestReader = text => {
  const toml = parseToml(text) as Record_
  const plain = (value: unknown): Record<string, string> =>
    isRecord(value)
      ? Object.fromEntries(
          Object.entries(value).map(([name, range]) => [pythonName(name), typeof range === 'string' ? range : '']),
        )
      : {}
  return {
    ...blank('python'),
    dependencies: plain(toml.packages),
    devDependencies: plain(toml['dev-packages']),
    scripts: strings(toml.scripts),
    packageManager: 'pipenv',
  }
}

const readSetup: ManifestReader = text => ({
  ...blank('python'),
  dependencies: requirements(
    [...(/install_requires\s*=\s*\[([\s\S]*?)\]/.exec(text)?.[1] ?? '').matchAll(/['"]([^'"]+)['"]/g)].map(
      match => match[1]!,
    ),
  ),
  packageManager: 'pip',
})

const readGemfile: ManifestReader = text => {
  const gems = (part: string): Record<string, string> =>
    Object.fromEntries(
      [...part.matchAll(/^[ \t]*gem[ \t]+['"]([\w.-]+)['"](?:\s*,\s*['"]([^'"]+)['"])?/gm)].map(match => [
        match[1]!,
        match[2] ?? '',
      ]),
    )
  const groups = [...text.matchAll(/^group\s+([^\n]*?)\s+do\b([\s\S]*?)^end/gm)].filter(
    match => !/:production/.test(match[1]!) && /:(?:development|test)/.test(match[1]!),
  )
  const development = groups.map(match => gems(match[2]!))
  const runtime = groups.reduce((rest, match) => rest.replace(match[0], ''), text)
  return {
    ...blank('ruby'),
    dependencies: gems(runtime),
    devDependencies: Object.assign({}, ...development) as Record<string, string>,
    packageManager: 'bundler',
  }
}

const readComposer: ManifestReader = text => {
  const json = JSON.parse(text) as Record_
  const scripts = isRecord(json.scripts)
    ? Object.fromEntries(
        Object.entries(json.scripts).map(([name, run]) => [
          name,
          Array.isArray(run) ? run.filter(step => typeof step === 'string').join(' && ') : String(run),
        ]),
      )
    : {}
  return {
    ...blank('php'),
    name: typeof json.name === 'string' ? json.name : null,
    scripts,
    dependencies: strings(json.require),
    devDependencies: strings(json['require-dev']),
    packageManager: 'composer',
  }
}

const readGoMod: ManifestReader = text => ({
  ...blank('go'),
  name: /^module\s+(\S+)/m.exec(text)?.[1] ?? null,
  dependencies: Object.fromEntries(
    [...text.matchAll(/^[ \t]*(?:require[ \t]+)?([\w.-]+\.[\w.-]+\/\S+)[ \t]+(v\S+)/gm)].map(match => [
      match[1]!,
      match[2]!,
    ]),
  ),
  packageManager: 'go',
})

const readMix: ManifestReader = text => ({
  ...blank('elixir'),
  name: /app:\s*:(\w+)/.exec(text)?.[1] ?? null,
  dependencies: Object.fromEntries(
    [...text.matchAll(/\{\s*:(\w+)\s*,\s*"([^"]*)"/g)].map(match => [match[1]!, match[2]!]),
  ),
  packageManager: 'mix',
})

const readCargo: ManifestReader = text => {
  const toml = parseToml(text) as Record_
  const plain = (value: unknown): Record<string, string> =>
    isRecord(value)
      ? Object.fromEntries(Object.entries(value).map(([name, range]) => [name, typeof range === 'string' ? range : '']))
      : {}
  return {
    ...blank('rust'),
    name: isRecord(toml.package) && typeof toml.package.name === 'string' ? toml.package.name : null,
    dependencies: plain(toml.dependencies),
    devDependencies: plain(toml['dev-dependencies']),
    packageManager: 'cargo',
    workspaceRoot: toml.workspace !== undefined && toml.package === undefined,
  }
}

const readDeno: ManifestReader = text => {
  const json = parseJsonc(text) as Record_
  return {
    ...blank('typescript'),
    scripts: strings(json.tasks),
    dependencies: strings(json.imports),
    packageManager: 'deno',
  }
}

/** A requirements file; `requirements/*.txt` are read alike. */
const readRequirements: ManifestReader = text => ({
  ...blank('python'),
  dependencies: requirements(text.split('\n')),
  packageManager: 'pip',
})

const readers: Readonly<Record<string, ManifestReader>> = {
  'package.json': readPackageJson,
  'pyproject.toml': readPyproject,
  Pipfile: readPipfile,
  'requirements.txt': readRequirements,
  'setup.py': readSetup,
  Gemfile: readGemfile,
  'composer.json': readComposer,
  'go.mod': readGoMod,
  'mix.exs': readMix,
  'Cargo.toml': readCargo,
  'pom.xml': () => blank('java'),
  'build.gradle': () => blank('java'),
  'build.gradle.kts': () => blank('java'),
  'deno.json': readDeno,
  'deno.jsonc': readDeno,
}

const requirementsPath = /^(?:.*\/)?(?:requirements[\w.-]*\.(?:txt|in)|requirements\/[\w.-]+\.(?:txt|in))$/

/** The reader of a manifest, by its path; null where it is none. It throws where the text cannot be read. */
export const manifestReader = (path: string): ManifestReader | null =>
  requirementsPath.test(path) ? readRequirements : (readers[fileName(path)] ?? null)

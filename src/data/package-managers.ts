// Package managers: their manifests and lock files, the command that writes a lock and the one that raises a single package. From the
// managers' own documentation, November 2026.

export type PackageManager =
  | 'npm'
  | 'pnpm'
  | 'yarn'
  | 'bun'
  | 'deno'
  | 'pip'
  | 'poetry'
  | 'uv'
  | 'pipenv'
  | 'pdm'
  | 'bundler'
  | 'composer'
  | 'go'
  | 'mix'
  | 'cargo'

/** Managers whose lock files are read. */
export type LockKind = Exclude<PackageManager, 'deno' | 'pip'>

/** The package ecosystem by the name that OSV uses for it (https://ossf.github.io/osv-schema/#defined-ecosystems). */
export type Ecosystem = 'npm' | 'RubyGems' | 'PyPI' | 'Packagist' | 'Go' | 'Hex' | 'crates.io'

export type Manager = {
  ecosystem: Ecosystem
  /** Lock file name → the manifest beside it; the usual one first. */
  locks: Readonly<Record<string, string>>
  /** Writes the lock anew from the manifest. */
  write: string
  /** Raises one locked package: `{name}` is the package, `{version}` the one wanted or `latest`. */
  raise: string
}

/** In the order in which the first lock file of a folder decides. */
export const packageManagers: Readonly<Record<LockKind, Manager>> = {
  npm: {
    ecosystem: 'npm',
    locks: { 'package-lock.json': 'package.json', 'npm-shrinkwrap.json': 'package.json' },
    write: 'npm install',
    raise: 'npm update {name}',
  },
  pnpm: {
    ecosystem: 'npm',
    locks: { 'pnpm-lock.yaml': 'package.json' },
    write: 'pnpm install',
    raise: 'pnpm update --recursive {name}',
  },
  yarn: {
    ecosystem: 'npm',
    locks: { 'yarn.lock': 'package.json' },
    write: 'yarn install',
    raise: 'yarn up -R {name}',
  },
  bun: {
    ecosystem: 'npm',
    locks: { 'bun.lock': 'package.json', 'bun.lockb': 'package.json' },
    write: 'bun install',
    raise: 'bun update {name}',
  },
  poetry: {
    ecosystem: 'PyPI',
    locks: { 'poetry.lock': 'pyproject.toml' },
    write: 'poetry lock',
    raise: 'poetry update {name}',
  },
  uv: {
    ecosystem: 'PyPI',
    locks: { 'uv.lock': 'pyproject.toml' },
    write: 'uv lock',
    raise: 'uv lock --upgrade-package {name}',
  },
  pipenv: {
    ecosystem: 'PyPI',
    locks: { 'Pipfile.lock': 'Pipfile' },
    write: 'pipenv lock',
    raise: 'pipenv update {name}',
  },
  pdm: {
    ecosystem: 'PyPI',
    locks: { 'pdm.lock': 'pyproject.toml' },
    write: 'pdm lock',
    raise: 'pdm update {name}',
  },
  bundler: {
    ecosystem: 'RubyGems',
    locks: { 'Gemfile.lock': 'Gemfile', 'gems.locked': 'gems.rb' },
    write: 'bundle install',
    raise: 'bundle update --conservative {name}',
  },
  composer: {
    ecosystem: 'Packagist',
    locks: { 'composer.lock': 'composer.json' },
    write: 'composer update --lock',
    raise: 'composer update --with-dependencies {name}',
  },
  go: {
    ecosystem: 'Go',
    locks: { 'go.sum': 'go.mod' },
    write: 'go mod tidy',
    raise: 'go get {name}@v{version}',
  },
  mix: {
    ecosystem: 'Hex',
    locks: { 'mix.lock': 'mix.exs' },
    write: 'mix deps.get',
    raise: 'mix deps.update {name}',
  },
  cargo: {
    ecosystem: 'crates.io',
    locks: { 'Cargo.lock': 'Cargo.toml' },
    write: 'cargo update -w',
    raise: 'cargo update -p {name}',
  },
}

/** Lock file name → whose it is, its ecosystem and the manifest beside it. */
export const lockFiles: Readonly<Record<string, { kind: LockKind; ecosystem: Ecosystem; manifest: string }>> =
  Object.fromEntries(
    Object.entries(packageManagers).flatMap(([kind, { ecosystem, locks }]) =>
      Object.entries(locks).map(([name, manifest]) => [name, { kind: kind as LockKind, ecosystem, manifest }]),
    ),
  )

const isLockKind = (manager: string): manager is LockKind => manager in packageManagers

/** Name of a manager's usual lock file; npm's for one whose locks are not known. */
export const lockNameOf = (manager: string): string =>
  Object.keys(packageManagers[isLockKind(manager) ? manager : 'npm'].locks)[0]!

/** The command that writes the lock of a manager; for pip, which has none, pip-tools'. */
export const lockCommandOf = (manager: string): string =>
  manager === 'pip'
    ? 'pip-compile --generate-hashes --output-file=requirements.lock.txt requirements.txt'
    : packageManagers[isLockKind(manager) ? manager : 'npm'].write

/** The command that raises one package in a lock file, by the file's name. */
export const raiseCommandOf = (lockName: string, name: string, version: string | null): string =>
  packageManagers[lockFiles[lockName]?.kind ?? 'npm'].raise
    .replace('{name}', () => name)
    .replace('{version}', () => version ?? 'latest')

/** The ecosystem whose packages a manager installs; null for a manager that is not known. */
export const ecosystemOf = (manager: string | null): Ecosystem | null =>
  manager === 'pip'
    ? 'PyPI'
    : manager === 'deno'
      ? 'npm'
      : manager !== null && isLockKind(manager)
        ? packageManagers[manager].ecosystem
        : null

/** Ecosystems whose packages are fetched by the build itself: no command of its own need install them. */
export const isFetchedByBuild = (ecosystem: Ecosystem): boolean => /^(?:Go|Hex|crates\.io)$/.test(ecosystem)

// The stack of a repository: its packages with their languages, frameworks and tools.
import type { PackageManager } from '../../data/package-managers.ts'

export type Language =
  | 'javascript'
  | 'typescript'
  | 'python'
  | 'ruby'
  | 'php'
  | 'go'
  | 'elixir'
  | 'rust'
  | 'java'
  | 'static'
  | 'unknown'

/** Something found, and the file that says so. */
export type Found = { name: string; file: string }

export type StackPackage = {
  /** Folder relative to the root; empty for the root itself. */
  path: string
  name: string | null
  language: Language
  /** The one that serves: `next` rather than `react`. Null when none is known. */
  framework: string | null
  packageManager: PackageManager | null
  /** Manifest that makes it a package: package.json, pyproject.toml … Empty for a static folder. */
  manifest: string | null
  /** Lock files of this folder. */
  lockfiles: string[]
  /** Scripts by name (package.json, composer.json). */
  scripts: Record<string, string>
  /** Names → the range as written; empty where none. Runtime and development apart. */
  dependencies: Record<string, string>
  devDependencies: Record<string, string>
  platforms: Found[]
  orms: string[]
  databases: string[]
  /** True for the root of a workspace that itself serves nothing. */
  workspaceRoot: boolean
}

export type Stack = {
  packages: StackPackage[]
  /** Of the whole repository, each once: platform, CI, container files. */
  platforms: Found[]
  ci: Found[]
  containers: Found[]
  orms: string[]
  databases: string[]
  languages: Language[]
  monorepo: boolean
  /** Files that could not be understood. */
  unreadable: { file: string; why: string }[]
}

// A small product: one Next.js app with a database.
import type { Stack, StackPackage } from '../../formats/repo/stack-detect.ts'

export const examplePackage = (given: Partial<StackPackage> = {}): StackPackage => ({
  path: '',
  name: 'shop',
  language: 'javascript',
  framework: 'next',
  packageManager: 'npm',
  manifest: 'package.json',
  lockfiles: ['package-lock.json'],
  scripts: { build: 'next build', start: 'next start' },
  dependencies: {},
  devDependencies: {},
  platforms: [],
  orms: [],
  databases: [],
  workspaceRoot: false,
  ...given,
})

/** One package of this framework, with these scripts. */
export const framework = (name: string, scripts: Record<string, string> = {}): Pick<Stack, 'packages'> => ({
  packages: [examplePackage({ framework: name, scripts })],
})

/** A repository that holds no program. */
export const noStack: Stack = {
  packages: [],
  platforms: [],
  ci: [],
  containers: [],
  orms: [],
  databases: [],
  languages: [],
  monorepo: false,
  unreadable: [],
}

export const example: Stack = {
  ...noStack,
  packages: [examplePackage({ databases: ['postgresql'] })],
  databases: ['postgresql'],
  languages: ['javascript'],
}

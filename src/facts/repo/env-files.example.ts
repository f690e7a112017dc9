// The dotenv files of a well-kept repository, for the examples of checks, and how a file or a value may deviate.
import type { EnvironmentEntry } from './env-entry.ts'
import type { EnvironmentFile, EnvironmentFiles } from './env-files.ts'

/** One value: a plain word of the first line unless given otherwise. */
export const entry = (name: string, given: Partial<EnvironmentEntry> = {}): EnvironmentEntry => ({
  name,
  line: 1,
  class: 'plain',
  provider: null,
  what: null,
  kind: null,
  masked: null,
  sure: false,
  proof: null,
  hash: null,
  secretName: false,
  empty: false,
  reference: false,
  commented: false,
  local: false,
  on: false,
  word: null,
  mode: null,
  ...given,
})

/** A live secret as a fact keeps it: its mask and the start of its hash. */
export const secretEntry = (name: string, given: Partial<EnvironmentEntry> = {}): EnvironmentEntry =>
  entry(name, {
    class: 'secret',
    masked: 'abcd…9f (40 characters, sha256 1a2b3c4d)',
    sure: true,
    hash: '1a2b3c4d5e6f7a8b',
    secretName: true,
    ...given,
  })

/** A dotenv file that git ignores. */
export const envFile = (
  path: string,
  environment: EnvironmentFile['environment'],
  entries: EnvironmentEntry[],
  given: Partial<EnvironmentFile> = {},
): EnvironmentFile => ({
  path,
  environment,
  tracked: false,
  ignored: true,
  encrypted: false,
  entries,
  problems: [],
  ...given,
})

/** A dotenv file that is in git. */
export const committed = (
  path: string,
  environment: EnvironmentFile['environment'],
  entries: EnvironmentEntry[],
): EnvironmentFile => envFile(path, environment, entries, { tracked: true, ignored: false })

/** An example file in git that names every variable; production's file lies on this machine, and git ignores it. */
export const example: EnvironmentFiles = {
  isGit: true,
  gitignore: '.env*\n!.env.example\n',
  unprotected: [],
  unreadable: [],
  hosted: null,
  files: [
    committed('.env.example', 'example', [
      entry('DATABASE_URL', { empty: true }),
      entry('NEXT_PUBLIC_APP_URL', { line: 2, empty: true }),
    ]),
    envFile('.env.production', 'production', [
      secretEntry('DATABASE_URL'),
      entry('NEXT_PUBLIC_APP_URL', { line: 2 }),
      entry('NODE_ENV', { line: 3, word: 'production' }),
    ]),
  ],
}

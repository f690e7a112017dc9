// The dotenv files of the repository, tracked, about to be, and ignored: names, what each value is, and its mask. No value leaves here.

import { observed } from '../../core/fact.ts'
import type { Around } from '../../formats/patch.ts'
import { type EnvironmentName, environmentOf } from '../../formats/repo/dotenv.ts'
import { fileName } from '../../formats/repo/paths.ts'
import { plainAround } from '../../formats/secrets/around.ts'
import { pathKind } from '../../formats/secrets/path-kind.ts'
import { liesIn } from '../../formats/shipped.ts'
import type { FactDefinition } from '../definition.ts'
import { type EnvironmentEntry, readEnvironment } from './env-entry.ts'
import { type GitOptions, runGit } from './git.ts'
import { type Hosted, hostedByOthers } from './hosted.ts'
import { createReader, type RepoReader } from './read.ts'
import { isEnvironmentFile, type Tree } from './tree.ts'

export type { EnvironmentEntry } from './env-entry.ts'

export type EnvironmentFile = {
  path: string
  environment: EnvironmentName
  tracked: boolean
  /** Git would not take it in. */
  ignored: boolean
  /** The file as a whole is encrypted (SOPS, git-crypt, Ansible Vault). */
  encrypted: boolean
  entries: EnvironmentEntry[]
  problems: { line: number; what: string }[]
  /** The last lines of an example file, to write a diff from; null where a secret is among them. */
  end?: Around | null
}

export type EnvironmentFiles = {
  isGit: boolean
  /** Why git could not be asked although there is a repository. */
  gitUnreadable?: string
  files: EnvironmentFile[]
  /** Names that no rule of the repository keeps out of git, though one day such a file may lie there. */
  unprotected: string[]
  /** The root's .gitignore as it is, to be added to; null when there is none. */
  gitignore: string | null
  unreadable: { path: string; why: string }[]
  /** Where the repository tells others how to run the product themselves; null where its makers alone do. */
  hosted: Hosted | null
}

/** Folders in which nobody keeps the settings of the product. */
const holdsNoSettings = liesIn(['tests', 'fixtures', 'examples', 'templates'], { anyCase: true })

/** A dotenv file among tests and fixtures is one of the tests, and one in a folder of examples is an example, whatever its name. */
const byPath = (path: string): EnvironmentName => {
  const kind = pathKind(path)
  return kind === 'test' || kind === 'example' ? kind : environmentOf(path)
}

/** Of the given paths, those that no .gitignore of the repository names (the user's own excludes do not count: a colleague has others). */
const notIgnored = async (root: string, paths: readonly string[], options: GitOptions): Promise<string[]> => {
  if (paths.length === 0) return []
  const result = await runGit(root, ['check-ignore', '-z', '--no-index', '-v', '-n', '--stdin'], {
    ...options,
    input: paths.join('\0'),
  })
  if (result.code !== 0 && result.code !== 1) return []
  const fields = result.stdout.toString('utf8').split('\0')
  const open: string[] = []
  for (let at = 0; at + 3 < fields.length; at += 4) {
    const [source, , pattern, path] = fields.slice(at, at + 4) as [string, string, string, string]
    if (source === '' || pattern.startsWith('!') || /(?:^|\/)info\/exclude$/.test(source)) open.push(path)
  }
  return open
}

type Candidate = { path: string; tracked: boolean; ignored: boolean }

/** Files that are read. */
const mostFiles = 500

/** Dotenv files of the tree, those that git ignores, and those that the config names, whatever they are called. */
const candidates = (tree: Tree, assigned: ReadonlyMap<string, EnvironmentName>): Candidate[] => [
  ...tree.files
    .filter(
      ({ path, kind }) =>
        kind !== 'absent' && kind !== 'submodule' && (isEnvironmentFile(fileName(path)) || assigned.has(path)),
    )
    .map(({ path, tracked }) => ({ path, tracked, ignored: false })),
  ...tree.ignored.map(path => ({ path, tracked: false, ignored: true })),
]

const encryptedText = /^\$ANSIBLE_VAULT;|^age-encryption\.org\/|^-----BEGIN (?:PGP MESSAGE|AGE ENCRYPTED FILE)-----/

/** One file, or why it was not read. */
const fileOf = (
  candidate: Candidate,
  environment: EnvironmentName,
  reader: RepoReader,
): EnvironmentFile | { path: string; why: string } => {
  const { path } = candidate
  const closed = { ...candidate, environment, encrypted: true, entries: [], problems: [] }
  const read = reader.text(path, { maxBytes: 1 << 20 })
  if (!read.ok) {
    // git-crypt begins with a NUL and its name; other binary content is stated.
    const locked = reader.bytes(path, 16)?.toString('latin1').startsWith('\0GITCRYPT')
    return locked ? closed : { path, why: read.why }
  }
  if (encryptedText.test(read.text)) return closed
  const { environment: meant, entries, problems } = readEnvironment(read.text, environment)
  const end = environment === 'example' ? { end: plainAround(read.text, Number.MAX_SAFE_INTEGER, path) } : {}
  return {
    ...closed,
    ...end,
    environment: meant,
    encrypted: false,
    entries,
    problems,
  }
}

const folderOf = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/') + 1) : '')

/** Where secrets will lie one day: in `.env` of each folder that has such files, or in `.env.local` where `.env` is committed on purpose. */
const placesToCome = (files: readonly EnvironmentFile[]): string[] => {
  const tracked = new Set(files.filter(file => file.tracked).map(({ path }) => path))
  return [...new Set(['', ...files.map(({ path }) => folderOf(path))])]
    .filter(folder => !holdsNoSettings(folder))
    .map(folder => (tracked.has(`${folder}.env`) ? `${folder}.env.local` : `${folder}.env`))
}

const assignedIn = (environments: Readonly<Record<string, readonly string[]>>): Map<string, EnvironmentName> =>
  new Map(
    Object.entries(environments).flatMap(([name, paths]) => paths.map(path => [path, environmentOf(name)] as const)),
  )

const fact: FactDefinition<EnvironmentFiles> = {
  on: 'repo',
  deadlines: 8,
  async collect(_subject, context) {
    const known = await context.need('tree')
    if (!known.ok) return known
    const tree = known.value
    const reader = createReader(tree.root)
    const assigned = assignedIn(context.config.deploy?.environments ?? {})
    const files: EnvironmentFile[] = []
    const unreadable: EnvironmentFiles['unreadable'] = []
    for (const candidate of candidates(tree, assigned).slice(0, mostFiles)) {
      const file = fileOf(candidate, assigned.get(candidate.path) ?? byPath(candidate.path), reader)
      if ('why' in file) unreadable.push(file)
      else files.push(file)
    }
    files.sort((a, b) => (a.path < b.path ? -1 : 1))
    const options: GitOptions = { env: context.env, signal: context.signal }
    const judged = tree.isGit && !tree.bare && files.length > 0
    return observed(
      {
        isGit: tree.isGit,
        ...(tree.gitUnreadable ? { gitUnreadable: tree.gitUnreadable } : {}),
        files,
        unprotected: judged ? (await notIgnored(tree.root, placesToCome(files), options)).sort() : [],
        gitignore: reader.maybe('.gitignore', { maxBytes: 256 << 10 }),
        unreadable,
        hosted: hostedByOthers(tree, context),
      },
      context.now(),
    )
  },
}
export default fact

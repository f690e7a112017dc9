// The dotenv files of the repository, tracked, about to be, and ignored: names, what each value is, and its mask. No value leaves here.

import { observed } from '../../core/fact.ts'
import { type EnvironmentName, environmentOf, parseDotenv } from '../../formats/repo/dotenv.ts'
import { pathKind } from '../../formats/secrets/path-kind.ts'
import { liesIn } from '../../formats/shipped.ts'
import type { FactDefinition } from '../definition.ts'
import { type EnvironmentEntry, environmentEntry } from './env-entry.ts'
import { type GitOptions, runGit } from './git.ts'
import { createReader } from './read.ts'
import { isEnvironmentFile } from './tree.ts'

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
}

/** Folders in which nobody keeps the settings of the product. */
const holdsNoSettings = liesIn(['tests', 'fixtures', 'examples', 'templates'], { anyCase: true })

/** A dotenv file among tests and fixtures is one of the tests, whatever its name. */
const byPath = (path: string): EnvironmentName => (pathKind(path) === 'test' ? 'test' : environmentOf(path))

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

const fact: FactDefinition<EnvironmentFiles> = {
  on: 'repo',
  deadlines: 8,
  async collect(_subject, context) {
    const known = await context.need('tree')
    if (!known.ok) return known
    const tree = known.value
    const reader = createReader(tree.root)
    const options: GitOptions = { env: context.env, signal: context.signal }
    const assigned = new Map<string, EnvironmentName>()
    for (const [environment, paths] of Object.entries(context.config.deploy?.environments ?? {}))
      for (const path of paths)
        assigned.set(path, environmentOf(environment) === 'default' ? 'default' : environmentOf(environment))
    const present = tree.files
      .filter(
        file =>
          file.kind !== 'absent' &&
          file.kind !== 'submodule' &&
          (isEnvironmentFile(file.path.slice(file.path.lastIndexOf('/') + 1)) || assigned.has(file.path)),
      )
      .map(file => ({ path: file.path, tracked: file.tracked, ignored: false }))
    const all = [...present, ...tree.ignored.map(path => ({ path, tracked: false, ignored: true }))].slice(0, 500)
    const files: EnvironmentFile[] = []
    const unreadable: EnvironmentFiles['unreadable'] = []
    for (const { path, tracked, ignored } of all) {
      const read = reader.text(path, { maxBytes: 1 << 20 })
      if (!read.ok) {
        // git-crypt begins with a NUL and its name; other binary content is told.
        if (reader.bytes(path, 16)?.toString('latin1').startsWith('\0GITCRYPT'))
          files.push({
            path,
            environment: assigned.get(path) ?? byPath(path),
            tracked,
            ignored,
            encrypted: true,
            entries: [],
            problems: [],
          })
        else unreadable.push({ path, why: read.why })
        continue
      }
      const encrypted =
        /^\$ANSIBLE_VAULT;|^age-encryption\.org\/|^-----BEGIN (?:PGP MESSAGE|AGE ENCRYPTED FILE)-----/.test(read.text)
      const { entries, problems } = encrypted ? { entries: [], problems: [] } : parseDotenv(read.text)
      files.push({
        path,
        environment: assigned.get(path) ?? byPath(path),
        tracked,
        ignored,
        encrypted,
        entries: entries.map(environmentEntry),
        problems,
      })
    }
    files.sort((a, b) => (a.path < b.path ? -1 : 1))
    const folders = new Set([
      '',
      ...files.map(file => (file.path.includes('/') ? file.path.slice(0, file.path.lastIndexOf('/') + 1) : '')),
    ])
    const tracked = new Set(files.filter(file => file.tracked).map(file => file.path))
    // Where .env itself is committed on purpose, the secrets' place is .env.local.
    const wanted = [...folders]
      .filter(folder => !holdsNoSettings(folder))
      .map(folder => (tracked.has(`${folder}.env`) ? `${folder}.env.local` : `${folder}.env`))
    const unprotected =
      tree.isGit && !tree.bare && files.length > 0 ? (await notIgnored(tree.root, wanted, options)).sort() : []
    return observed(
      {
        isGit: tree.isGit,
        ...(tree.gitUnreadable ? { gitUnreadable: tree.gitUnreadable } : {}),
        files,
        unprotected,
        gitignore: reader.maybe('.gitignore', { maxBytes: 256 << 10 }),
        unreadable,
      },
      context.now(),
    )
  },
}
export default fact

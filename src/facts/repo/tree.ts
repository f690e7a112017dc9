// What lies in the repository: tracked files through git, files about to be added, and the environment files that git ignores. A folder
// without git is walked instead. Names and sizes alone; contents are other facts' business.
import { type Dirent, existsSync, lstatSync, readdirSync, realpathSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Missing, Subject } from '../../core/fact.ts'
import { missing, observed } from '../../core/fact.ts'
import { isEnvironmentFile } from '../../formats/repo/dotenv.ts'
import { fileName } from '../../formats/repo/paths.ts'
import type { FactDefinition } from '../definition.ts'
import { type GitOptions, gitRecords, gitText, runGit } from './git.ts'
import { createReader } from './read.ts'

/** `absent`: tracked, but not on the disk (deleted, or left out of a sparse checkout). `lfs`: a Git LFS pointer, the content is elsewhere. */
export type TreeFileKind = 'file' | 'symlink' | 'submodule' | 'lfs' | 'absent' | 'other'

/** `path` is relative to the root with `/`; it may hold any character but NUL. `object` is git's id of the staged content. */
export type TreeFile = {
  path: string
  size: number
  kind: TreeFileKind
  tracked: boolean
  executable: boolean
  object: string | null
}

export type Tree = {
  /** Absolute path of what is judged. */
  root: string
  isGit: boolean
  /** A repository without a working tree: there are no files to judge, only history. */
  bare: boolean
  /** Path of the root within the git repository: empty when it is the top. */
  prefix: string
  /** Commit checked out; null before the first commit and outside git. */
  head: string | null
  /** Branch checked out; null when detached. */
  branch: string | null
  /** Name of the remote's default branch when known, else `main` or `master` when there is such a branch. */
  defaultBranch: string | null
  /** Nothing names the default branch: it is taken to be the one that is checked out. */
  defaultBranchGuessed?: true
  shallow: boolean
  partial: boolean
  /** A linked worktree (`git worktree add`). */
  linkedWorktree: boolean
  /** Sorted by path. Tracked, and untracked where git would add it. */
  files: TreeFile[]
  /** Environment files on the disk that git ignores: they stay on this machine. */
  ignored: string[]
  /** Files left out beyond the bound. */
  leftOut: number
  notes: string[]
  /** Why git could not be asked although there is a repository: what git knows cannot be told then. */
  gitUnreadable?: string
}

/** Bounds: files listed, and folders looked into. */
export const treeBounds = { files: 60_000, folders: 20_000, depth: 40 }

/** Folders that hold what others wrote or what a build made: not looked into unless tracked. */
export const generatedFolders = new Set([
  'node_modules',
  '.git',
  '.hg',
  '.svn',
  '.next',
  '.nuxt',
  '.output',
  '.svelte-kit',
  '.astro',
  '.turbo',
  '.cache',
  '.parcel-cache',
  '.vercel',
  '.netlify',
  '.wrangler',
  '.venv',
  'venv',
  '__pycache__',
  '.tox',
  '.mypy_cache',
  '.pytest_cache',
  'bower_components',
  'dist',
  'build',
  'out',
  'coverage',
  'target',
  '_build',
  'deps',
  '.bundle',
  '.gradle',
  '.terraform',
  '.pnpm-store',
  '.yarn',
])

export { isEnvironmentFile }

/** Absolute path of a repository subject. */
export const rootOf = (subject: Subject): string | null => {
  const root = subject.details?.root
  return typeof root === 'string' && root !== '' ? root : null
}

const compare = (a: { path: string }, b: { path: string }): number => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)

const kindOnDisk = (entry: Dirent): TreeFileKind =>
  entry.isSymbolicLink() ? 'symlink' : entry.isFile() ? 'file' : 'other'

/** Every file of a folder without git; links are listed, never followed. */
const walk = (root: string): { files: TreeFile[]; leftOut: number; notes: string[] } => {
  const files: TreeFile[] = []
  const notes: string[] = []
  let folders = 0
  let leftOut = 0
  const visit = (folder: string, depth: number): void => {
    if (depth > treeBounds.depth || folders++ > treeBounds.folders) {
      leftOut++
      return
    }
    let entries: Dirent[]
    try {
      entries = readdirSync(join(root, folder), { withFileTypes: true })
    } catch {
      notes.push(`${folder || '.'} could not be read`)
      return
    }
    for (const entry of entries) {
      const path = folder ? `${folder}/${entry.name}` : entry.name
      if (entry.isDirectory()) {
        if (!generatedFolders.has(entry.name)) visit(path, depth + 1)
        continue
      }
      if (files.length >= treeBounds.files) {
        leftOut++
        continue
      }
      files.push({ path, size: 0, kind: kindOnDisk(entry), tracked: false, executable: false, object: null })
    }
  }
  visit('', 0)
  return { files, leftOut, notes }
}

const lfsMark = 'version https://git-lfs.github.com/spec/'

/** The files by path, with their sizes, and what each turns out to be on the disk. */
const measured = (root: string, files: readonly TreeFile[]): TreeFile[] => {
  const reader = createReader(root)
  const onDisk = (file: TreeFile): TreeFile => {
    if (file.kind === 'submodule') return file
    try {
      const state = lstatSync(join(root, file.path))
      const { size } = state
      if (state.isSymbolicLink()) return { ...file, size, kind: 'symlink' }
      if (!state.isFile()) return { ...file, size, kind: 'other' }
      // A pointer is three short lines (git-lfs spec): about 130 bytes.
      const isPointer = size > 100 && size < 400 && reader.maybe(file.path, { maxBytes: 400 })?.startsWith(lfsMark)
      const executable = file.executable || (state.mode & 0o111) !== 0
      return { ...file, size, executable, kind: isPointer ? 'lfs' : 'file' }
    } catch {
      return { ...file, kind: 'absent' }
    }
  }
  return files.map(onDisk).sort(compare)
}

/** `100644 <object> <stage>\t<path>` of `git ls-files --stage`. */
const staged = (record: string): TreeFile | null => {
  const match = /^(\d{6}) ([0-9a-f]+) ([0-3])\t([\s\S]+)$/.exec(record)
  if (!match) return null
  const [, mode, object, , path] = match
  const kind: TreeFileKind = mode === '120000' ? 'symlink' : mode === '160000' ? 'submodule' : 'file'
  return { path: path!, size: 0, kind, tracked: true, executable: mode === '100755', object: object! }
}

/** `100644 blob <object>\t<path>` of `git ls-tree -r`. */
const inCommit = (record: string): TreeFile | null => {
  const match = /^(\d{6}) (?:blob|commit) ([0-9a-f]+)\t([\s\S]+)$/.exec(record)
  return match ? staged(`${match[1]} ${match[2]} 0\t${match[3]}`) : null
}

/**
 * Files of the newest commit that the index lacks and that still lie on the disk: it was emptied, or they are staged as deleted. The commit
 * holds them all the same. An environment file that git ignores by now is on its way out.
 */
const beyondIndex = async (
  root: string,
  known: ReadonlySet<string>,
  hasHead: boolean,
  options: GitOptions,
): Promise<TreeFile[]> => {
  if (!hasHead) return []
  const records = (await gitRecords(root, ['ls-tree', '-r', '-z', 'HEAD'], options)) ?? []
  const files = records
    .map(inCommit)
    .filter(file => file !== null)
    .filter(({ path }) => !known.has(path) && existsSync(join(root, path)))
  const settings = known.size ? files.filter(({ path }) => isEnvironmentFile(basename(path))) : []
  if (settings.length === 0) return files
  const asked = await runGit(root, ['check-ignore', '-z', '--no-index', '--stdin'], {
    ...options,
    input: settings.map(({ path }) => path).join('\0'),
  })
  const ignored = new Set(asked.stdout.toString('utf8').split('\0'))
  return files.filter(({ path }) => !ignored.has(path))
}

/** Environment files beside tracked ones that neither git's index nor its list of untracked files names: they are ignored. */
const ignoredEnvironmentFiles = (root: string, files: readonly TreeFile[]): string[] => {
  const known = new Set(files.map(file => file.path))
  const folders = new Set([''])
  for (const { path } of files) {
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      const folder = path.slice(0, at)
      if (folders.has(folder)) break
      folders.add(folder)
    }
    if (folders.size > treeBounds.folders) break
  }
  const found: string[] = []
  for (const folder of folders) {
    try {
      for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
        if (!entry.isFile() || !isEnvironmentFile(entry.name)) continue
        const path = folder ? `${folder}/${entry.name}` : entry.name
        if (!known.has(path)) found.push(path)
      }
    } catch {}
  }
  return found.sort()
}

/** Whether the repository is a partial clone: some objects are promised by a remote and not here. */
const isPartial = async (root: string, options: GitOptions): Promise<boolean> =>
  Boolean(
    await gitText(
      root,
      ['config', '--local', '--get-regexp', '^(extensions\\.partialclone|remote\\..*\\.promisor)$'],
      options,
    ),
  )

const defaultBranch = async (root: string, options: GitOptions): Promise<string | null> => {
  const remote = await gitText(root, ['symbolic-ref', '--short', '-q', 'refs/remotes/origin/HEAD'], options)
  if (remote) return remote.replace(/^origin\//, '')
  // A CI checkout has the branch that was pushed, and of the others what the remote calls them.
  const usual = ['refs/heads/', 'refs/remotes/origin/'].flatMap(place => ['main', 'master'].map(name => place + name))
  const refs = (await gitText(root, ['for-each-ref', '--format=%(refname)', ...usual], options))?.split('\n') ?? []
  const found = usual.find(ref => refs.includes(ref))
  return found ? fileName(found) : null
}

const withoutGit = {
  isGit: false,
  bare: false,
  prefix: '',
  head: null,
  branch: null,
  defaultBranch: null,
  shallow: false,
  partial: false,
  linkedWorktree: false,
} satisfies Partial<Tree>

type GitState = Pick<Tree, keyof typeof withoutGit | 'gitUnreadable' | 'defaultBranchGuessed'> & { notes: string[] }

/** What git says of the repository itself. */
const gitState = async (root: string, options: GitOptions): Promise<GitState> => {
  const asked = ['--is-bare-repository', '--is-inside-work-tree', '--is-shallow-repository']
  const probe = await runGit(root, ['rev-parse', ...asked, '--git-dir', '--git-common-dir', '--show-prefix'], options)
  const [bare, insideTree, shallow, gitDir, commonDir, prefix = ''] = probe.stdout.toString('utf8').split('\n')
  if (probe.code !== 0 || (bare !== 'true' && insideTree !== 'true')) {
    const why = probe.absent ? 'git is not installed here' : 'git cannot read this repository'
    return {
      ...withoutGit,
      notes: probe.absent ? ['git is not installed here: the folder was walked, and history was not read'] : [],
      ...(probe.code !== 0 && existsSync(join(root, '.git')) ? { gitUnreadable: why } : {}),
    }
  }
  const [head, branch, main, partial] = await Promise.all([
    gitText(root, ['rev-parse', '-q', '--verify', 'HEAD^{commit}'], options),
    gitText(root, ['symbolic-ref', '--short', '-q', 'HEAD'], options),
    defaultBranch(root, options),
    isPartial(root, options),
  ])
  return {
    isGit: true,
    bare: bare === 'true' && insideTree !== 'true',
    prefix: prefix.replace(/\/$/, ''),
    head: head || null,
    branch: branch || null,
    defaultBranch: main ?? branch ?? null,
    ...(main === null ? { defaultBranchGuessed: true as const } : {}),
    shallow: shallow === 'true',
    partial,
    linkedWorktree: Boolean(gitDir && commonDir && gitDir !== commonDir && /[\\/]worktrees[\\/]/.test(gitDir)),
    notes: [],
  }
}

type Listed = { files: TreeFile[]; leftOut: number; notes: string[] }

/** Files that git tracks or would add; null where its index cannot be read. */
const gitFiles = async (root: string, hasHead: boolean, options: GitOptions): Promise<Listed | null> => {
  const generated = [...generatedFolders].map(name => `--exclude=${name}/`)
  const [tracked, untracked] = await Promise.all([
    gitRecords(root, ['ls-files', '-z', '--stage'], options),
    gitRecords(root, ['ls-files', '-z', '--others', '--exclude-standard', ...generated], options),
  ])
  if (!tracked) return null
  const files: TreeFile[] = []
  const seen = new Set<string>()
  let misnamed = 0
  let leftOut = 0
  const add = (file: TreeFile | null): void => {
    if (!file || seen.has(file.path)) return
    if (file.path.includes('\ufffd')) {
      misnamed++
      return
    }
    seen.add(file.path)
    if (files.length < treeBounds.files) files.push(file)
    else leftOut++
  }
  for (const record of tracked) add(staged(record))
  for (const file of await beyondIndex(root, new Set(seen), hasHead, options)) add(file)
  for (const path of untracked ?? [])
    if (!path.endsWith('/')) add({ path, size: 0, kind: 'file', tracked: false, executable: false, object: null })
  return { files, leftOut, notes: misnamed ? [`${misnamed} file names are not UTF-8 and were left out`] : [] }
}

const notesOn = ({ leftOut, shallow, partial, bare }: Omit<Tree, 'notes'>): string[] => [
  ...(leftOut ? [`${leftOut} files beyond the first ${treeBounds.files} were not looked at`] : []),
  ...(shallow ? ['this is a shallow clone: older commits are not here'] : []),
  ...(partial ? ['this is a partial clone: some objects are not here'] : []),
  ...(bare ? ['this is a bare repository: there are no files checked out, only history'] : []),
]

/** The real path of a folder; a string why it is none. */
const folderAt = (given: string): { root: string } | Missing => {
  try {
    const root = realpathSync.native(given)
    return lstatSync(root).isDirectory() ? { root } : missing('malformed', `${basename(given)} is not a folder`)
  } catch {
    return missing('unreachable', `${basename(given)} does not exist or cannot be read`, { retryable: false })
  }
}

const fact: FactDefinition<Tree> = {
  on: 'repo',
  deadlines: 6,
  async collect(subject, context) {
    const given = rootOf(subject)
    if (!given) return missing('internal', 'the repository has no path')
    const folder = folderAt(given)
    if (!('root' in folder)) return folder
    const { root } = folder
    const options: GitOptions = { env: context.env, signal: context.signal }
    const { notes, ...asked } = await gitState(root, options)
    let state: Omit<GitState, 'notes'> = asked
    let listed: Listed | null = { files: [], leftOut: 0, notes: [] }
    if (state.isGit && !state.bare) listed = await gitFiles(root, state.head !== null, options)
    if (!listed) return missing('malformed', 'git could not list the files of the repository: its index cannot be read')
    notes.push(...listed.notes)
    // A folder that an outer repository ignores, or has not taken in, is a folder without git.
    if (state.isGit && !state.bare && state.prefix && listed.files.length === 0)
      state = { ...withoutGit, linkedWorktree: state.linkedWorktree }
    if (!state.isGit) {
      listed = walk(root)
      notes.push(...listed.notes.slice(0, 20))
    }
    const { leftOut } = listed
    const files = measured(root, listed.files)
    const ignored = state.isGit && !state.bare ? ignoredEnvironmentFiles(root, files) : []
    const tree = { root, ...state, files, ignored, leftOut }
    return observed({ ...tree, notes: [...notes, ...notesOn(tree)] }, context.now())
  },
}
export default fact

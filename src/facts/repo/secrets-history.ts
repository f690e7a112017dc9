// Secrets in the history: every version of every file that any branch or tag still reaches, each version read once. Git lists the changes
// (log --raw), hands out the contents (cat-file --batch), and is started again behind an object that it cannot give.
import { missing, notApplicable, observed } from '../../core/fact.ts'
import {
  type BatchObject,
  createBatchReader,
  createLogReader,
  type GitLog,
  type LoggedCommit,
  logFormat,
} from '../../formats/repo/git-log.ts'
import type { SecretHit } from '../../formats/secrets/hit.ts'
import { pathKind } from '../../formats/secrets/path-kind.ts'
import { scanText } from '../../formats/secrets/scan.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'
import { type GitOptions, type GitProcess, gitText, runGit, startGit } from './git.ts'
import { looksBinary } from './read.ts'
import { binaryName, type FoundSecret, groupHits } from './secrets-group.ts'
import { type MaskedHit, maskHit } from './secrets-mask.ts'
import type { Tree } from './tree.ts'

export type HistoryCommit = LoggedCommit

/** `first` brought the secret in; `last` is the youngest commit that still wrote it; `removed` took it out of its last place, null while it is there. */
export type HistorySecret = FoundSecret & {
  first: HistoryCommit
  last: HistoryCommit
  removed: HistoryCommit | null
  atHead: boolean
}

export type SecretsHistory = {
  secrets: HistorySecret[]
  commits: { read: number; total: number }
  /** Versions of files: read, left out by name (binary, lock, generated), by size, and not there (partial clone, damage). */
  versions: { read: number; bytes: number; leftOut: number; large: number; missing: number }
  shallow: boolean
  partial: boolean
  notes: string[]
}

/** Bounds. A version of a file above `versionBytes` is no source; beyond `versions` the rest is counted in the notes. */
export const historyBounds = { versionBytes: 1 << 20, versions: 400_000, milliseconds: 60_000 }

const worthReading = (path: string): boolean => {
  if (binaryName.test(path)) return false
  const kind = pathKind(path)
  return kind !== 'lock' && kind !== 'generated'
}

type Log = GitLog & { complete: boolean }

/** Ends a process that takes too long; its streams never throw. */
const bounded = (process: GitProcess): (() => void) => {
  const timer = setTimeout(() => process.kill('SIGKILL'), historyBounds.milliseconds)
  process.stderr.resume()
  process.stdin.on('error', () => {})
  process.on('error', () => {})
  return () => clearTimeout(timer)
}

/** Every change of every commit that any ref reaches. `-c`: of a merge what it changed itself. */
const readLog = (tree: Tree, options: GitOptions): Promise<Log> =>
  new Promise(resolve => {
    const flags = ['--raw', '-c', '-z', '--no-renames', '--no-abbrev', '--no-color', '--no-textconv', '--no-ext-diff']
    const command = ['-c', 'log.showRoot=true', 'log', '--all', 'HEAD', ...flags, '--date-order', logFormat]
    const process = startGit(tree.root, [...command, ...(tree.prefix ? ['--', '.'] : [])], options)
    const release = bounded(process)
    const reader = createLogReader(worthReading, historyBounds.versions)
    process.stdout.setEncoding('utf8')
    process.stdout.on('data', (chunk: string) => reader.push(chunk))
    process.stdin.end()
    process.on('close', code => {
      release()
      resolve({ ...reader.end(), complete: code === 0 })
    })
  })

/** Objects that are promised by a remote and not here; asked for without fetching. */
const promised = async (root: string, options: GitOptions): Promise<Set<string>> => {
  const result = await runGit(root, ['rev-list', '--objects', '--all', '--missing=print', '--no-object-names'], {
    ...options,
    timeoutMs: historyBounds.milliseconds,
    maxBytes: 256 << 20,
  })
  return new Set(
    result.stdout
      .toString('latin1')
      .split('\n')
      .filter(line => line.startsWith('?'))
      .map(line => line.slice(1)),
  )
}

type Batch = { read: number; bytes: number; large: number; missing: number; late: number }

/** Names objects to a process as it drains, so that neither side waits on a full pipe. */
const feed = (process: GitProcess, ids: readonly string[], from: number): void => {
  let fed = from
  const more = (): void => {
    while (fed < ids.length) {
      const end = Math.min(fed + 500, ids.length)
      const room = process.stdin.write(`${ids.slice(fed, end).join('\n')}\n`)
      fed = end
      if (!room) {
        process.stdin.once('drain', more)
        return
      }
    }
    process.stdin.end()
  }
  more()
}

/** Objects from number `from` on, until the process ends: at the last one, over a damaged one, or because it is late. */
const readFrom = (
  root: string,
  ids: readonly string[],
  from: number,
  options: GitOptions,
  until: number,
  each: (object: BatchObject) => void,
): Promise<void> =>
  new Promise(resolve => {
    const process = startGit(root, ['cat-file', '--batch'], options)
    const reader = createBatchReader(historyBounds.versionBytes, each)
    process.stdout.on('data', (chunk: Buffer) => {
      reader.push(chunk)
      if (performance.now() > until) process.kill('SIGKILL')
    })
    process.stderr.resume()
    process.stdin.on('error', () => {})
    process.on('error', () => {})
    process.on('close', () => resolve())
    feed(process, ids, from)
  })

/**
 * Contents of objects, one after the other, each given to `each` as text. One git process serves all; when it dies over an object
 * (damaged, or promised and not here), that object counts as missing and another process goes on behind it.
 */
const readBlobs = async (
  root: string,
  ids: readonly string[],
  options: GitOptions,
  each: (at: number, text: string) => void,
): Promise<Batch> => {
  const batch: Batch = { read: 0, bytes: 0, large: 0, missing: 0, late: 0 }
  const until = performance.now() + historyBounds.milliseconds
  let next = 0
  const take = (object: BatchObject): void => {
    if (object.kind === 'content') {
      batch.read++
      batch.bytes += object.content.length
      if (!looksBinary(object.content)) each(next, object.content.toString('latin1'))
    } else batch[object.kind]++
    next++
  }
  for (let restarts = 0; next < ids.length && restarts <= 200; restarts++) {
    await readFrom(root, ids, next, options, until, take)
    if (performance.now() > until) {
      batch.late = ids.length - next
      return batch
    }
    if (next < ids.length) {
      batch.missing++
      next++
    }
    if (options.signal?.aborted) break
  }
  batch.missing += Math.max(0, ids.length - next)
  return batch
}

const older = (a: number, b: number): number => Math.max(a, b)

/** Puts first, last and removing commit to each secret, from the versions that hold it. Commit 0 is the youngest. */
const dated = (found: FoundSecret, holding: ReadonlySet<number>, log: Log, atHead: boolean): HistorySecret => {
  let first = -1
  let last = -1
  let removed = -1
  for (const change of log.changes) {
    if (holding.has(change.new)) {
      first = first < 0 ? change.commit : older(first, change.commit)
      if (last < 0) last = change.commit
    } else if (holding.has(change.old) && removed < 0) removed = change.commit
  }
  return {
    ...found,
    first: log.commits[first]!,
    last: log.commits[last]!,
    removed: atHead || removed < 0 ? null : log.commits[removed]!,
    atHead,
  }
}

type Hit = MaskedHit & { path: string }

/** Hits of all versions, and which versions hold each secret, by its hash. */
type Hits = { hits: Hit[]; holders: Map<string, Set<number>> }

/** Hits that are kept; what is beyond them is still counted by its holders. */
const mostHits = 20_000

/** In old versions a name alone is too little: what is no longer there cannot be looked at. */
const addHits = ({ hits, holders }: Hits, blob: number, path: string, text: string, onHit?: OnHit): void => {
  for (const hit of scanText(text, { path, where: 'repo' })) {
    if (hit.class !== 'live' || hit.confidence === 'possible') continue
    onHit?.(hit, path)
    const known = holders.get(hit.hash)
    if (known) known.add(blob)
    else holders.set(hit.hash, new Set([blob]))
    if (hits.length < mostHits) hits.push({ ...maskHit(hit), path })
  }
}

const secretsOf = ({ hits, holders }: Hits, log: Log, atHead: ReadonlySet<string | null>): HistorySecret[] => {
  const unique = new Map(hits.map(hit => [`${hit.hash} ${hit.path} ${hit.variable}`, hit]))
  return groupHits([...unique.values()])
    .map(found => {
      const holding = holders.get(found.hash)!
      return dated(
        found,
        holding,
        log,
        [...holding].some(blob => atHead.has(log.ids[blob]!)),
      )
    })
    .sort((a, b) => (a.first.date === b.first.date ? (a.hash < b.hash ? -1 : 1) : a.first.date < b.first.date ? -1 : 1))
}

/** What kept the history from being read whole. */
const notesOf = (tree: Tree, log: Log, batch: Batch): string[] => [
  ...(tree.shallow
    ? ['This is a shallow clone: older commits are not here. For all of them: git fetch --unshallow']
    : []),
  ...(tree.partial ? ['This is a partial clone: contents that are not here were not read'] : []),
  ...(batch.late
    ? [`Reading stopped after ${historyBounds.milliseconds / 1000} s: ${batch.late} versions of files were not read`]
    : []),
  ...(log.complete ? [] : ['git stopped before the end of the history: what it had listed was read']),
  ...(log.ids.length >= historyBounds.versions
    ? [`Versions beyond the first ${historyBounds.versions} were not read`]
    : []),
]

const countCommits = async (tree: Tree, options: GitOptions): Promise<number> => {
  const command = ['rev-list', '--count', '--all', 'HEAD', ...(tree.prefix ? ['--', '.'] : [])]
  return Number((await gitText(tree.root, command, options)) ?? 0)
}

type OnHit = (hit: SecretHit, path: string) => void

/** Reads the history. `onHit` is handed every live hit with its raw value: for those who ask the provider, never for a fact. */
export const scanHistory = async (
  tree: Tree,
  context: Pick<CollectContext, 'env' | 'signal'>,
  onHit?: OnHit,
): Promise<SecretsHistory> => {
  const options: GitOptions = { env: context.env, signal: context.signal }
  const total = await countCommits(tree, options)
  const [log, absent] = await Promise.all([
    readLog(tree, options),
    tree.partial ? promised(tree.root, options) : new Set<string>(),
  ])
  const wanted = log.ids.map((id, at) => ({ id, at })).filter(({ id }) => !absent.has(id))
  const found: Hits = { hits: [], holders: new Map() }
  const ids = wanted.map(({ id }) => id)
  const batch = await readBlobs(tree.root, ids, options, (at, text) => {
    const blob = wanted[at]!.at
    addHits(found, blob, log.paths[blob]!, text, onHit)
  })
  const atHead = new Set<string | null>(tree.files.map(file => file.object))
  if (tree.bare) for (const id of await objectsAtHead(tree.root, options)) atHead.add(id)
  return {
    secrets: secretsOf(found, log, atHead).slice(0, 500),
    commits: { read: log.commits.length, total: Math.max(total, log.commits.length) },
    versions: {
      read: batch.read,
      bytes: batch.bytes,
      leftOut: log.leftOut,
      large: batch.large,
      missing: batch.missing + batch.late + (log.ids.length - wanted.length),
    },
    shallow: tree.shallow,
    partial: tree.partial,
    notes: notesOf(tree, log, batch),
  }
}

const objectsAtHead = async (root: string, options: GitOptions): Promise<string[]> =>
  ((await gitText(root, ['ls-tree', '-r', 'HEAD'], options)) ?? '').split('\n').map(line => line.split(/\s/)[2] ?? '')

const fact: FactDefinition<SecretsHistory> = {
  on: 'repo',
  deadlines: 20,
  async collect(_subject, context) {
    const tree = await context.need('tree')
    if (!tree.ok) return tree
    if (tree.value.gitUnreadable) return missing('unsupported', `${tree.value.gitUnreadable}: the history was not read`)
    if (!tree.value.isGit) return notApplicable('the folder is not a git repository')
    if (!tree.value.head) return notApplicable('there is no commit yet')
    const value = await scanHistory(tree.value, context)
    if (value.commits.read === 0) return missing('malformed', 'git could not list the history')
    return observed(value, context.now())
  },
}
export default fact

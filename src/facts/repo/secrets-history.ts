// Secrets in the history: every version of every file that any branch or tag still reaches, each version read once. Git lists the changes
// (log --raw), hands out the contents (cat-file --batch), and is started again behind an object that it cannot give.
import { missing, notApplicable, observed } from '../../core/fact.ts'
import type { SecretHit } from '../../formats/secrets/hit.ts'
import { pathKind } from '../../formats/secrets/path-kind.ts'
import { scanText } from '../../formats/secrets/scan.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'
import { type GitOptions, gitText, runGit, startGit } from './git.ts'
import { looksBinary } from './read.ts'
import { binaryName, type FoundSecret, groupHits } from './secrets-group.ts'
import { type MaskedHit, maskHit } from './secrets-mask.ts'
import type { Tree } from './tree.ts'

export type HistoryCommit = { id: string; date: string; author: string; subject: string }

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

/** Bounds. A version of a file above `versionBytes` is no source; beyond `versions` the rest is told. */
export const historyBounds = { versionBytes: 1 << 20, versions: 400_000, milliseconds: 60_000 }

type Change = { old: number; new: number; commit: number }
type Log = {
  commits: HistoryCommit[]
  blobs: Map<string, number>
  ids: string[]
  paths: string[]
  changes: Change[]
  leftOut: number
  complete: boolean
}

const zero = /^0+$/

const worthReading = (path: string): boolean => {
  if (binaryName.test(path)) return false
  const kind = pathKind(path)
  return kind !== 'lock' && kind !== 'generated'
}

/** Streams the NUL-separated output of `git log --raw -z` into commits and changes. */
const readLog = (root: string, tree: Tree, options: GitOptions): Promise<Log> =>
  new Promise(resolve => {
    const log: Log = { commits: [], blobs: new Map(), ids: [], paths: [], changes: [], leftOut: 0, complete: false }
    // -c: what a merge itself changed. The record separator cannot stand in a subject, which is one line.
    const process = startGit(
      root,
      [
        '-c',
        'log.showRoot=true',
        'log',
        '--all',
        'HEAD',
        '--raw',
        '-c',
        '-z',
        '--no-renames',
        '--no-abbrev',
        '--no-color',
        '--no-textconv',
        '--no-ext-diff',
        '--date-order',
        '--format=%x1e%H%x1f%cI%x1f%an%x1f%s',
        ...(tree.prefix ? ['--', '.'] : []),
      ],
      options,
    )
    const timer = setTimeout(() => process.kill('SIGKILL'), historyBounds.milliseconds)
    let rest = ''
    let pending: { old: string; new: string } | null = null
    const blob = (id: string, path: string): number => {
      if (zero.test(id)) return -1
      const known = log.blobs.get(id)
      if (known !== undefined) return known
      if (log.ids.length >= historyBounds.versions) return -1
      log.blobs.set(id, log.ids.length)
      log.paths.push(path)
      return log.ids.push(id) - 1
    }
    const take = (field: string): void => {
      const text = field.startsWith('\n') ? field.slice(1) : field
      if (text === '') return
      if (pending) {
        const { old, new: now } = pending
        pending = null
        if (worthReading(text))
          log.changes.push({ old: blob(old, text), new: blob(now, text), commit: log.commits.length - 1 })
        else log.leftOut++
        return
      }
      if (text.startsWith('\x1e')) {
        const [id = '', date = '', author = '', subject = ''] = text.slice(1).split('\x1f')
        log.commits.push({ id, date, author: author.slice(0, 80), subject: subject.slice(0, 120) })
        return
      }
      if (!text.startsWith(':')) return
      const parts = text.replace(/^:+/, '').split(' ')
      const parents = text.length - text.replace(/^:+/, '').length
      // `:mode mode id id status`, one mode and id more for each parent of a merge. Links (120000) and submodules (160000) are no text.
      const modes = parts.slice(0, parents + 1)
      const ids = parts.slice(parents + 1, 2 * parents + 2)
      const kind = modes.at(-1)!
      pending = { old: parents === 1 ? ids[0]! : '0', new: kind === '120000' || kind === '160000' ? '0' : ids.at(-1)! }
    }
    process.stdout.setEncoding('utf8')
    process.stdout.on('data', (chunk: string) => {
      const text = rest + chunk
      let at = 0
      for (let end = text.indexOf('\0'); end !== -1; end = text.indexOf('\0', at)) {
        take(text.slice(at, end))
        at = end + 1
      }
      rest = text.slice(at)
    })
    process.stderr.resume()
    process.stdin.on('error', () => {})
    process.stdin.end()
    process.on('error', () => {})
    process.on('close', code => {
      clearTimeout(timer)
      if (rest) take(rest)
      log.complete = code === 0
      resolve(log)
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
  let restarts = 0
  while (next < ids.length && restarts <= 200) {
    const from = next
    await new Promise<void>(resolve => {
      const process = startGit(root, ['cat-file', '--batch'], options)
      let held: Buffer = Buffer.alloc(0)
      let skip = 0
      const consume = (): void => {
        for (;;) {
          if (skip > 0) {
            const step = Math.min(skip, held.length)
            held = held.subarray(step)
            skip -= step
            if (skip > 0) return
          }
          const line = held.indexOf(10)
          if (line < 0) return
          const [, type, size] = held.toString('latin1', 0, line).split(' ')
          if (type === 'missing' || size === undefined) {
            batch.missing++
            next++
            held = held.subarray(line + 1)
            continue
          }
          const length = Number(size)
          if (length > historyBounds.versionBytes) {
            batch.large++
            next++
            held = held.subarray(line + 1)
            skip = length + 1
            continue
          }
          if (held.length < line + 1 + length + 1) return
          const content = held.subarray(line + 1, line + 1 + length)
          held = held.subarray(line + 2 + length)
          batch.read++
          batch.bytes += length
          if (!looksBinary(content)) each(next, content.toString('latin1'))
          next++
        }
      }
      process.stdout.on('data', (chunk: Buffer) => {
        held = held.length ? Buffer.concat([held, chunk]) : chunk
        consume()
        if (performance.now() > until) process.kill('SIGKILL')
      })
      process.stderr.resume()
      process.stdin.on('error', () => {})
      process.on('error', () => {})
      process.on('close', () => resolve())
      // Fed as it drains, so that neither side waits on a full pipe.
      let fed = from
      const feed = (): void => {
        while (fed < ids.length) {
          const end = Math.min(fed + 500, ids.length)
          const more = process.stdin.write(`${ids.slice(fed, end).join('\n')}\n`)
          fed = end
          if (!more) {
            process.stdin.once('drain', feed)
            return
          }
        }
        process.stdin.end()
      }
      feed()
    })
    if (performance.now() > until) {
      batch.late = ids.length - next
      return batch
    }
    if (next < ids.length) {
      batch.missing++
      next++
      restarts++
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

/** Reads the history. `onHit` is handed every live hit with its raw value: for those who ask the provider, never for a fact. */
export const scanHistory = async (
  tree: Tree,
  context: Pick<CollectContext, 'env' | 'signal'>,
  onHit?: (hit: SecretHit, path: string) => void,
): Promise<SecretsHistory> => {
  const options: GitOptions = { env: context.env, signal: context.signal }
  const total = Number(
    (await gitText(
      tree.root,
      ['rev-list', '--count', '--all', 'HEAD', ...(tree.prefix ? ['--', '.'] : [])],
      options,
    )) ?? 0,
  )
  const [log, absent] = await Promise.all([
    readLog(tree.root, tree, options),
    tree.partial ? promised(tree.root, options) : new Set<string>(),
  ])
  const wanted = log.ids.map((id, at) => ({ id, at })).filter(({ id }) => !absent.has(id))
  const hits: (MaskedHit & { path: string })[] = []
  const holders = new Map<string, Set<number>>()
  const batch = await readBlobs(
    tree.root,
    wanted.map(({ id }) => id),
    options,
    (at, text) => {
      const { at: blob } = wanted[at]!
      const path = log.paths[blob]!
      for (const hit of scanText(text, { path, where: 'repo' })) {
        // In old versions a name alone is too little: what is no longer there cannot be looked at.
        if (hit.class !== 'live' || hit.confidence === 'possible') continue
        onHit?.(hit, path)
        const held = holders.get(hit.hash)
        if (held) held.add(blob)
        else holders.set(hit.hash, new Set([blob]))
        if (hits.length < 20_000) hits.push({ ...maskHit(hit), path })
      }
    },
  )
  const atHead = new Set(tree.files.map(file => file.object))
  if (tree.bare) for (const id of await objectsAtHead(tree.root, options)) atHead.add(id)
  const unique = new Map<string, MaskedHit & { path: string }>()
  for (const hit of hits) unique.set(`${hit.hash} ${hit.path} ${hit.variable}`, hit)
  const secrets = groupHits([...unique.values()])
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
  const notes = [
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
  return {
    secrets: secrets.slice(0, 500),
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
    notes,
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

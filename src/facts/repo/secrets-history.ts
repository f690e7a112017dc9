// Secrets in the history: every version of every file that any branch or tag still reaches, each version read once. Git lists the changes
// (log --raw), hands out the contents (cat-file --batch), and is started again behind an object that it cannot give.
import { missing, notApplicable, observed } from '../../core/fact.ts'
import { isEnvironmentFile } from '../../formats/repo/dotenv.ts'
import {
  type BatchObject,
  createBatchReader,
  createLogReader,
  type GitLog,
  type LoggedCommit,
  logFormat,
} from '../../formats/repo/git-log.ts'
import { fileName, folderOf } from '../../formats/repo/paths.ts'
import type { SecretHit } from '../../formats/secrets/hit.ts'
import { keyStoreHits } from '../../formats/secrets/key-store.ts'
import { pathKind, servesProduction, startsOthers } from '../../formats/secrets/path-kind.ts'
import { isMadePerPlace, mayBeDisused, servesThisMachine } from '../../formats/secrets/proof.ts'
import { scanText } from '../../formats/secrets/scan.ts'
import { isOfOwnMaking, longestPem } from '../../formats/secrets/self-signed.ts'
import { createVersionScanner } from '../../formats/secrets/versions.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'
import { type GitOptions, type GitProcess, gitText, runGit, startGit } from './git.ts'
import { hostedByOthers } from './hosted.ts'
import { decodeText, looksBinary } from './read.ts'
import { binaryName, type FoundSecret, fallbacksIn, groupHits } from './secrets-group.ts'
import { type MaskedHit, maskHit } from './secrets-mask.ts'
import { unnamedToday } from './secrets-use.ts'
import type { Tree } from './tree.ts'

export type HistoryCommit = LoggedCommit

/** `first` brought the secret in; `last` is the youngest commit that still wrote it; `removed` took it out of its last place, null while it is there. */
export type HistorySecret = FoundSecret & {
  first: HistoryCommit
  last: HistoryCommit
  removed: HistoryCommit | null
  atHead: boolean
  /** It is gone for a while, and nothing in the newest version names it, its provider or its variable. */
  unnamed?: true
}

export type SecretsHistory = {
  secrets: HistorySecret[]
  /** `newest`: the date of the youngest. */
  commits: { read: number; total: number; newest: string | null }
  /** Versions of files: read, left out by name (binary, lock, dependencies), by size, and not there (partial clone, damage). */
  versions: { read: number; bytes: number; leftOut: number; large: number; missing: number }
  shallow: boolean
  partial: boolean
  /** What kept the history from being read whole, in words; empty when nothing did. */
  notes: string[]
}

/**
 * Bounds, in work: a version of a file above `versionBytes` is no source; beyond `versions` and `bytes` the rest is counted in the notes.
 * A message of a commit is read up to `messageCharacters`.
 */
export const historyBounds = { versionBytes: 5 << 20, versions: 400_000, bytes: 4 * 2 ** 30, messageCharacters: 20_000 }

/** What others wrote, and what a tool wrote out of what stands beside it. */
const madeElsewhere =
  /(?:^|\/)(?:node_modules|bower_components|vendor|third_party|\.yarn|\.pnp)\/|\.(?:svg|ipynb|lock|pb\.go|snap|map|pot?)$|_pb2\.py$|(?:^|\/)schema\.(?:graphql|gql)$|(?:^|\/)(?:lunr-?index|search-?(?:index|data|docs)|searchindex|docsearch)[\w.-]*\.js(?:on)?$/

/** Catalogues of translations, named by their language: each version repeats the whole text of the product. Those of today are read. */
const catalogue =
  /(?:^|\/)(?:locales?|i18n|l10n|lang|langs|languages?|translations?|messages|nls)\/(?:[^/]{1,40}\/)?[a-z]{2,3}(?:[-_][A-Za-z]{2,4}){0,2}(?:\/[^/]{1,80})?\.(?:json|ya?ml)$/

const worthReading = (path: string): boolean => {
  if (binaryName.test(path)) return false
  return !madeElsewhere.test(path) && !catalogue.test(path) && pathKind(path) !== 'lock'
}

/** Tokens that prove themselves by a checksum: among tests these alone are live (`classIn`). */
const provable = /\b(?:gh[opusr]|npm)_[A-Za-z0-9]{36}/

/** The answer for each path, asked for once: a file has many versions. */
const oncePerPath = <T>(of: (path: string) => T): ((path: string) => T) => {
  const known = new Map<string, T>()
  return path => {
    const found = known.get(path)
    if (found !== undefined) return found
    const made = of(path)
    known.set(path, made)
    return made
  }
}

type Log = GitLog & { complete: boolean }

/** A process whose streams never throw; what it says of its own is left. */
const quiet = (process: GitProcess): GitProcess => {
  process.stderr.resume()
  process.stdin.on('error', () => {})
  process.on('error', () => {})
  return process
}

/** Every change of every commit that any ref reaches. `-c`: of a merge what it changed itself. */
const readLog = (tree: Tree, options: GitOptions, onMessage: (commit: number, text: string) => void): Promise<Log> =>
  new Promise(resolve => {
    const flags = ['--raw', '-c', '-z', '--no-renames', '--no-abbrev', '--no-color', '--no-textconv', '--no-ext-diff']
    const command = ['-c', 'log.showRoot=true', 'log', '--all', 'HEAD', ...flags, '--date-order', logFormat]
    const process = quiet(startGit(tree.root, [...command, ...(tree.prefix ? ['--', '.'] : [])], options))
    const reader = createLogReader(oncePerPath(worthReading), historyBounds.versions, onMessage)
    process.stdout.setEncoding('utf8')
    process.stdout.on('data', (chunk: string) => reader.push(chunk))
    process.stdin.end()
    process.on('close', code => {
      resolve({ ...reader.end(), complete: code === 0 })
    })
  })

/** Objects that are promised by a remote and not here; asked for without fetching. */
const promised = async (root: string, options: GitOptions): Promise<Set<string>> => {
  const result = await runGit(root, ['rev-list', '--objects', '--all', '--missing=print', '--no-object-names'], {
    ...options,
    timeoutMs: 600_000,
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

/** `beyond`: versions left when the bound on bytes was reached. */
type Batch = { read: number; bytes: number; large: number; missing: number; beyond: number }

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

/**
 * Gives back the memory of a piece that was read, at once: gigabytes pass through, and what waits for the collector makes it go through
 * everything else that is kept.
 */
const release = ({ buffer, byteLength }: Buffer): void => {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0)
}

/** Objects from number `from` on, until the process ends: at the last one, over a damaged one, or because `isEnough` of them were read. */
const readFrom = (
  root: string,
  ids: readonly string[],
  from: number,
  options: GitOptions,
  isEnough: () => boolean,
  each: (object: BatchObject) => void,
): Promise<void> =>
  new Promise(resolve => {
    const process = quiet(startGit(root, ['cat-file', '--batch', '--buffer'], options))
    const reader = createBatchReader(historyBounds.versionBytes, each)
    process.stdout.on('data', (chunk: Buffer) => {
      reader.push(chunk)
      release(chunk)
      if (isEnough()) process.kill('SIGKILL')
    })
    process.on('close', () => resolve())
    feed(process, ids, from)
  })

/** A version as text: byte by byte, for secrets are ASCII, or as UTF-16 where its mark says so; null for what is no text. */
const textOf = (content: Buffer): string | null => {
  const wide = (content[0] === 0xff && content[1] === 0xfe) || (content[0] === 0xfe && content[1] === 0xff)
  if (wide) return decodeText(content)
  return looksBinary(content) ? null : content.toString('latin1')
}

/**
 * Contents of objects, one after the other, each given to `each` as text (null for what is none) and as bytes. One git process serves all; when it dies over an object
 * (damaged, or promised and not here), that object counts as missing and another process goes on behind it.
 */
const readBlobs = async (
  root: string,
  ids: readonly string[],
  options: GitOptions,
  each: (at: number, text: string | null, content: Buffer) => void,
): Promise<Batch> => {
  const batch: Batch = { read: 0, bytes: 0, large: 0, missing: 0, beyond: 0 }
  const isEnough = (): boolean => batch.bytes > historyBounds.bytes
  let next = 0
  const take = (object: BatchObject): void => {
    if (object.kind === 'content') {
      batch.read++
      batch.bytes += object.content.length
      each(next, textOf(object.content), object.content)
    } else batch[object.kind]++
    next++
  }
  for (let restarts = 0; next < ids.length && restarts <= 200; restarts++) {
    await readFrom(root, ids, next, options, isEnough, take)
    if (isEnough()) {
      batch.beyond = ids.length - next
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

/** The commits that brought a key and took it out say that it signed itself, or was one to try with: it guards nothing that is known. */
const soundsTried = ({ kind, confidence, first, removed }: HistorySecret): boolean => {
  const said = `${first.subject} ${removed?.subject ?? ''}`
  if (kind === 'private-key')
    return /self[- ]?signed|\b(?:useless|unused) (?:\w+ )?(?:key|cert)|\b(?:dummy|fake|sample|test|example|default) (?:cert|key|conf)|\btests? (?:run )?in (?:the )?CI\b/i.test(
      said,
    )
  return (
    confidence !== 'certain' &&
    /\b(?:dummy|fake|sample|placeholder|example) (?:var|val|key|secret|pass|cred|data)/i.test(said)
  )
}

/** Where others run the product: what each of them starts with, and replaces. */
const isStart = (secret: HistorySecret, hosted: boolean, fallbacks: ReadonlySet<string>): boolean =>
  hosted &&
  (fallbacks.has(secret.hash) || secret.places.every(({ path }) => startsOthers(path, secret, !secret.atHead)))

/** A secret that only messages of commits hold. */
const inMessages = (found: FoundSecret, commits: readonly number[], log: Log): HistorySecret => ({
  ...found,
  first: log.commits[commits.at(-1)!]!,
  last: log.commits[commits[0]!]!,
  removed: null,
  atHead: false,
})

/** Where a secret stands that a commit's message holds. */
const messagePath = 'message of the commit'

type Hit = MaskedHit & { path: string }

/** Hits of all versions, and which versions hold each secret, by its hash. */
type Hits = {
  hits: Hit[]
  holders: Map<string, Set<number>>
  /** Commits whose message holds a secret, by its hash, youngest first. */
  messages: Map<string, number[]>
  /** Texts that hold a private key, by the hash of it, and certificates by their folder: which of them belong together is asked at the end. */
  keys: { hash: string; path: string; text: string }[]
  certificates: Map<string, string[]>
}

/** Keys and, of each folder, certificates that are kept. */
const mostKeys = 100
const mostCertificates = 20

/** Keeps what tells whose certificate a key belongs to. */
const keepPair = ({ keys, certificates }: Hits, path: string, text: string, scanned: readonly SecretHit[]): void => {
  if (text.length > longestPem) return
  const key = scanned.find(({ kind, class: found }) => kind === 'private-key' && found === 'live')
  if (key && keys.length < mostKeys) keys.push({ hash: key.hash, path, text })
  if (!text.includes('-----BEGIN CERTIFICATE-----')) return
  const beside = certificates.get(folderOf(path)) ?? []
  if (beside.length < mostCertificates) certificates.set(folderOf(path), [...beside, text])
}

/** Hashes of the keys whose certificate, in the same folder, nobody but its maker trusts. */
const ofOwnMaking = ({ keys, certificates }: Hits): Set<string> =>
  new Set(
    keys
      .filter(({ path, text }) => isOfOwnMaking(text, certificates.get(folderOf(path)) ?? []))
      .map(({ hash }) => hash),
  )

/** Hits that are kept; what is beyond them is still counted by its holders. */
const mostHits = 20_000

/** Live hits of one version; what only its name calls secret is kept too, as possible. */
const addHits = (
  { hits, holders }: Hits,
  blob: number,
  path: string,
  scanned: readonly SecretHit[],
  onHit?: OnHit,
): void => {
  for (const hit of scanned) {
    if (hit.class !== 'live') continue
    onHit?.(hit, path)
    const known = holders.get(hit.hash)
    if (known) known.add(blob)
    else holders.set(hit.hash, new Set([blob]))
    if (hits.length < mostHits) hits.push({ ...maskHit(hit), path })
  }
}

/** A laptop's file holds the laptop's own secrets, and its own registrations for signing in. */
const placed = (hits: SecretHit[], path: string, text: string): SecretHit[] =>
  hits.some(isMadePerPlace) && !servesProduction(path) && isEnvironmentFile(fileName(path)) && servesThisMachine(text)
    ? hits.map(hit => (isMadePerPlace(hit) ? { ...hit, confidence: 'possible' as const } : hit))
    : hits

/** A message cannot be changed: what stands in it lies there for good. Only a shape or an address counts, for messages are prose. */
const addMessage = ({ hits, messages }: Hits, commit: number, message: string, onHit?: OnHit): void => {
  if (message.length < 20) return
  const text = message.slice(0, historyBounds.messageCharacters)
  for (const hit of scanText(text, { path: messagePath, where: 'repo' })) {
    if (hit.class !== 'live' || hit.confidence === 'possible') continue
    onHit?.(hit, messagePath)
    messages.set(hit.hash, [...(messages.get(hit.hash) ?? []), commit])
    if (hits.length < mostHits) hits.push({ ...maskHit(hit), path: messagePath })
  }
}

const secretsOf = (found: Hits, log: Log, atHead: ReadonlySet<string | null>, hosted: boolean): HistorySecret[] => {
  const { hits, holders, messages } = found
  const fallbacks = fallbacksIn(hits)
  const ownKeys = ofOwnMaking(found)
  const unique = new Map(hits.map(hit => [`${hit.hash} ${hit.path} ${hit.variable}`, hit]))
  return groupHits([...unique.values()])
    .map(secret => {
      const holding = holders.get(secret.hash)
      if (!holding) return inMessages(secret, messages.get(secret.hash)!, log)
      const isHere = [...holding].some(blob => atHead.has(log.ids[blob]!))
      return dated(secret, holding, log, isHere)
    })
    .map(secret =>
      soundsTried(secret) || ownKeys.has(secret.hash) || isStart(secret, hosted, fallbacks)
        ? { ...secret, confidence: 'possible' as const }
        : secret,
    )
    .sort((a, b) => (a.first.date === b.first.date ? (a.hash < b.hash ? -1 : 1) : a.first.date < b.first.date ? -1 : 1))
}

/** What kept the history from being read whole. */
const notesOf = (tree: Tree, log: Log, batch: Batch, absent: number): string[] => [
  ...(tree.shallow
    ? ['this clone is shallow, older commits are not here: git fetch --unshallow (fetch-depth: 0 in CI)']
    : []),
  ...(absent > 0
    ? [`this is a partial clone, ${absent} versions of files are not here: git fetch --refetch --no-filter`]
    : []),
  ...(batch.missing > 0 ? [`${batch.missing} versions of files could not be read: git fsck says which`] : []),
  ...(batch.beyond
    ? [
        `reading stopped after ${Math.round(historyBounds.bytes / 2 ** 20)} MB: ${batch.beyond} versions of files were not read`,
      ]
    : []),
  ...(log.complete ? [] : ['git stopped before the end of the history: what it had listed was read']),
  ...(log.ids.length >= historyBounds.versions
    ? [`versions beyond the first ${historyBounds.versions} were not read`]
    : []),
]

const countCommits = async (tree: Tree, options: GitOptions): Promise<number> => {
  const command = ['rev-list', '--count', '--all', 'HEAD', ...(tree.prefix ? ['--', '.'] : [])]
  return Number((await gitText(tree.root, command, options)) ?? 0)
}

type OnHit = (hit: SecretHit, path: string) => void

/** Reads the history. `hosted`: others run the product. `onHit` is handed every live hit with its raw value: for those who ask the provider, never for a fact. */
export const scanHistory = async (
  tree: Tree,
  context: Pick<CollectContext, 'env' | 'signal'>,
  { onHit, hosted = false }: { onHit?: OnHit; hosted?: boolean },
): Promise<SecretsHistory> => {
  const options: GitOptions = { env: context.env, signal: context.signal }
  const found: Hits = { hits: [], holders: new Map(), messages: new Map(), keys: [], certificates: new Map() }
  const [log, absent] = await Promise.all([
    readLog(tree, options, (commit, message) => addMessage(found, commit, message, onHit)),
    tree.partial ? promised(tree.root, options) : new Set<string>(),
  ])
  // A log that came to its end has told them all.
  const total = log.complete ? log.commits.length : await countCommits(tree, options)
  const wanted = log.ids
    .map((id, at) => ({ id, at }))
    .filter(({ id }) => !absent.has(id))
    // Versions of one file beside each other: git unpacks them the faster, and only what changed is scanned.
    .sort((a, b) =>
      log.paths[a.at]! === log.paths[b.at]! ? a.at - b.at : log.paths[a.at]! < log.paths[b.at]! ? -1 : 1,
    )
  const ids = wanted.map(({ id }) => id)
  const scan = createVersionScanner()
  const isTest = oncePerPath(path => pathKind(path) === 'test')
  const canBeLive = (path: string, text: string): boolean => !isTest(path) || provable.test(text)
  const batch = await readBlobs(tree.root, ids, options, (at, text, content) => {
    const blob = wanted[at]!.at
    const path = log.paths[blob]!
    const hits = text === null ? keyStoreHits(content, path) : canBeLive(path, text) ? scan(path, text, content) : []
    addHits(found, blob, path, text === null ? hits : placed(hits, path, text), onHit)
    if (text !== null) keepPair(found, path, text, hits)
  })
  const atHead = new Set<string | null>(tree.files.map(file => file.object))
  if (tree.bare) for (const id of await objectsAtHead(tree.root, options)) atHead.add(id)
  const secrets = secretsOf(found, log, atHead, hosted).slice(0, 500)
  const newest = log.commits[0]?.date ?? null
  const gone = secrets.filter(
    ({ atHead, confidence, removed, last }) =>
      !atHead && confidence !== 'possible' && mayBeDisused((removed ?? last).date, newest),
  )
  const unnamed = tree.bare ? new Set<string>() : unnamedToday(gone, tree)
  return {
    secrets: secrets.map(secret => (unnamed.has(secret.hash) ? { ...secret, unnamed: true } : secret)),
    commits: {
      read: log.commits.length,
      total: Math.max(total, log.commits.length),
      newest,
    },
    versions: {
      read: batch.read,
      bytes: batch.bytes,
      leftOut: log.leftOut,
      large: batch.large,
      missing: batch.missing + batch.beyond + (log.ids.length - wanted.length),
    },
    shallow: tree.shallow,
    partial: tree.partial,
    notes: notesOf(tree, log, batch, log.ids.length - wanted.length),
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
    const value = await scanHistory(tree.value, context, {
      hosted: !tree.value.bare && hostedByOthers(tree.value, context) !== null,
    })
    if (value.commits.read === 0) return missing('malformed', 'git could not list the history')
    return observed(value, context.now())
  },
}
export default fact

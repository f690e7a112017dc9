// Secrets in the files of the repository as they are now. Values are masked before they leave this file.
import { setImmediate } from 'node:timers/promises'
import { missing, observed } from '../../core/fact.ts'
import { fileName } from '../../formats/repo/paths.ts'
import { standsInDevelopment } from '../../formats/secrets/branch.ts'
import type { SecretHit } from '../../formats/secrets/hit.ts'
import { keyStoreHits } from '../../formats/secrets/key-store.ts'
import { isOverridden } from '../../formats/secrets/overridden.ts'
import { pathKind, startsOthers } from '../../formats/secrets/path-kind.ts'
import { isKnownByName, isMadePerPlace } from '../../formats/secrets/proof.ts'
import { credentialsOf, holdsBaseAlone, openedCredentials } from '../../formats/secrets/rails-credentials.ts'
import { scanText } from '../../formats/secrets/scan.ts'
import { isOfOwnMaking } from '../../formats/secrets/self-signed.ts'
import type { FactDefinition } from '../definition.ts'
import { hostedByOthers } from './hosted.ts'
import { createReader, decodeText, looksBinary, type RepoReader } from './read.ts'
import { binaryName, type FoundSecret, fallbacksIn, groupHits } from './secrets-group.ts'
import { type MaskedHit, maskHit } from './secrets-mask.ts'
import type { Tree, TreeFile } from './tree.ts'

export type SecretsTree = {
  /** Live and test secrets, one entry a secret. */
  secrets: FoundSecret[]
  /** Made to be seen: listed, no finding. */
  publicKeys: FoundSecret[]
  /** Hits of the other classes, counted. */
  placeholders: number
  documentation: number
  encrypted: number
  files: number
  bytes: number
  skipped: { binary: number; large: string[]; unreadable: string[] }
}

/** Bytes of one file that are scanned; a larger file is named and left out. */
export const maxFileBytes = 5 << 20

type Hit = MaskedHit & { path: string }

/** A file's text and its size in bytes, or what keeps it from being scanned. */
type Opened = { text: string; bytes: number; stores: SecretHit[] } | { left: 'binary' | 'large' | 'unreadable' }

const open = ({ path, size }: TreeFile, reader: RepoReader): Opened => {
  if (binaryName.test(path)) return { left: 'binary' }
  if (size > maxFileBytes) return { left: 'large' }
  const bytes = reader.bytes(path, maxFileBytes)
  if (!bytes) return { left: 'unreadable' }
  // Byte by byte as latin1: secrets are ASCII, and it spares the decoding. UTF-16 is known by its mark.
  const wide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
  if (!wide && looksBinary(bytes)) {
    const stores = keyStoreHits(bytes, path)
    return stores.length ? { text: '', bytes: bytes.length, stores } : { left: 'binary' }
  }
  return { text: wide ? (decodeText(bytes) ?? '') : bytes.toString('latin1'), bytes: bytes.length, stores: [] }
}

const leaveOut = ({ skipped }: SecretsTree, path: string, left: 'binary' | 'large' | 'unreadable'): void => {
  if (left === 'binary') skipped.binary++
  else if (skipped[left].length < 50) skipped[left].push(path)
}

/** Files that say what production is given. */
const setsProduction =
  /^(?:app\.json|Procfile|fly\.toml|render\.yaml|config\/deploy\.yml|(?:[\w.-]+\.)?Dockerfile(?:\.\w+)?|(?:docker-)?compose[\w.-]*\.ya?ml)$/

/** A key of Rails that opens only the secret of its laptops: production is given another one. */
const opensLaptopsAlone = ({ rule, secret }: SecretHit, path: string, { paths, reader }: Looking): boolean => {
  const encrypted = rule === 'rails-master-key' ? credentialsOf(path) : null
  const opened = encrypted === null ? null : openedCredentials(secret, reader.maybe(encrypted) ?? '')
  if (opened === null || !holdsBaseAlone(opened)) return false
  return paths.some(
    one =>
      setsProduction.test(one) &&
      /\bSECRET_KEY_BASE\b(?!_DUMMY)(?!=1)/.test(reader.maybe(one, { maxBytes: 256 << 10 }) ?? ''),
  )
}

/** Data of tests: a report, a recording. Whose token stands there is not told, though its sum proves that it is one. */
const isRecorded = (path: string): boolean =>
  pathKind(path) === 'test' && /\.(?:jsonl?|ndjson|xml|csv|ya?ml|txt|log|sarif|html?)$/i.test(path)

/** Certificates that are read beside a key. */
const mostCertificates = 20

/** A key whose certificate nobody but its maker trusts. */
const isSelfSigned = ({ kind }: SecretHit, path: string, text: string, { paths, reader }: Looking): boolean => {
  if (kind !== 'private-key') return false
  const folder = path.slice(0, path.lastIndexOf('/') + 1)
  const beside = paths.filter(
    one =>
      one.startsWith(folder) &&
      /\.(?:crt|cer|cert|pem)(?:\.[\w-]{1,20})?$/i.test(one) &&
      !one.slice(folder.length).includes('/'),
  )
  const texts = beside.slice(0, mostCertificates).map(one => reader.maybe(one, { maxBytes: 64 << 10 }) ?? '')
  return isOfOwnMaking(text, texts)
}

/** Settings of servers that developers start. */
const ofDevelopmentServer =
  /(?:^|\/)(?:(?:vite|webpack|vue|nuxt|astro|svelte|rsbuild|rspack)\.config\.[cm]?[jt]s|webpack\.dev[\w.-]*\.[cm]?js|angular\.json)$/
const ofServer = /(?:^|\/)(?:[\w.-]*\.conf|Caddyfile|haproxy\.cfg|traefik[\w.-]*\.(?:ya?ml|toml))$/

/** A key that a development server is given, and nothing that ships names. */
const isOfDevelopmentServer = ({ kind }: SecretHit, path: string, { paths, reader }: Looking): boolean => {
  if (kind !== 'private-key') return false
  const name = fileName(path)
  const folder = path.slice(0, path.length - name.length)
  // A file that holds key and certificate is named for the key beside it.
  const keys = paths
    .filter(one => one.startsWith(folder) && /\.(?:pem|key)$/.test(one))
    .map(one => one.slice(folder.length))
  const names = (one: string): boolean => {
    const text = reader.maybe(one, { maxBytes: 256 << 10 }) ?? ''
    return text.includes(name) || keys.some(key => text.includes(key))
  }
  return (
    paths.some(one => ofDevelopmentServer.test(one) && names(one)) &&
    !paths.some(one => (setsProduction.test(fileName(one)) || ofServer.test(one)) && names(one))
  )
}

type Looking = { paths: readonly string[]; reader: RepoReader; now: number }

/** Counts what is no finding, and keeps the rest masked. */
const scan = (
  value: SecretsTree,
  hits: Hit[],
  path: string,
  { text, bytes, stores }: { text: string; bytes: number; stores: SecretHit[] },
  looking: Looking,
): void => {
  value.files++
  value.bytes += bytes
  for (const hit of [...stores, ...scanText(text, { path, where: 'repo' })]) {
    if (hit.class === 'placeholder') value.placeholders++
    else if (hit.class === 'documentation') value.documentation++
    else if (hit.class === 'encrypted') value.encrypted++
    // A token whose time is over opens nothing: what is left is an example of one.
    else if (hit.expires !== undefined && hit.expires * 1000 < looking.now) value.documentation++
    else if (
      opensLaptopsAlone(hit, path, looking) ||
      isSelfSigned(hit, path, text, looking) ||
      (isMadePerPlace(hit) && standsInDevelopment(text, hit.index)) ||
      isOfDevelopmentServer(hit, path, looking) ||
      (hit.class === 'live' && isRecorded(path))
    )
      hits.push({ ...maskHit(hit), confidence: 'possible', path })
    else hits.push({ ...maskHit(hit), path })
  }
}

/** Whether what the product made up itself is only where it starts: others who run it, or its own production, set another value. */
const startsFor = (tree: Tree, reader: RepoReader, hosted: boolean, hits: readonly Hit[]): ((hit: Hit) => boolean) => {
  const fallbacks = fallbacksIn(hits)
  const paths = tree.files.filter(({ kind }) => kind === 'file').map(({ path }) => path)
  const texts = { paths, read: (path: string) => reader.maybe(path, { maxBytes: 1 << 20 }) }
  return hit => {
    // What a rule knows by its beginning opens its account wherever it stands.
    const own = hit.confidence === 'likely' || isKnownByName(hit.rule) || isMadePerPlace(hit)
    return (
      (hosted && (fallbacks.has(hit.hash) || startsOthers(hit.path, hit, false))) || (own && isOverridden(hit, texts))
    )
  }
}

/** Of keys of one project those that may be real: given last, and of several given at once the one that stands in most places. */
const currentOf = (keys: readonly Hit[]): string[] => {
  const newest = keys.reduce((last, { issued }) => Math.max(last, issued!.at), 0)
  const places = Map.groupBy(
    keys.filter(({ issued }) => issued!.at === newest),
    ({ hash }) => hash,
  )
  const most = [...places.values()].reduce((count, own) => Math.max(count, own.length), 0)
  return [...places].filter(([, own]) => own.length === most).map(([hash]) => hash)
}

/**
 * Whether another key of the same project takes a key's place: a project has one of each kind, and a new one takes the old one's power. What
 * is not the current one was replaced, or made up by whoever wrote an example.
 */
const succeeded = (hits: readonly Hit[]): ((hit: Hit) => boolean) => {
  const projects = Map.groupBy(
    hits.filter(({ issued }) => issued !== undefined),
    ({ issued }) => issued!.to,
  )
  const current = new Set([...projects.values()].flatMap(currentOf))
  return ({ issued, hash }) => issued !== undefined && !current.has(hash)
}

const fact: FactDefinition<SecretsTree> = {
  on: 'repo',
  deadlines: 12,
  async collect(_subject, context) {
    const tree = await context.need('tree')
    if (!tree.ok) return tree
    const reader = createReader(tree.value.root)
    const looking: Looking = { reader, paths: tree.value.files.map(({ path }) => path), now: Date.parse(context.now()) }
    const hits: Hit[] = []
    const value: SecretsTree = {
      secrets: [],
      publicKeys: [],
      placeholders: 0,
      documentation: 0,
      encrypted: 0,
      files: 0,
      bytes: 0,
      skipped: { binary: 0, large: [], unreadable: [] },
    }
    let sinceYield = 0
    for (const file of tree.value.files) {
      if (file.kind !== 'file' || file.size === 0) continue
      const opened = open(file, reader)
      if ('left' in opened) {
        leaveOut(value, file.path, opened.left)
        continue
      }
      scan(value, hits, file.path, opened, looking)
      sinceYield += opened.bytes
      if (sinceYield > 4 << 20) {
        sinceYield = 0
        await setImmediate()
        if (context.signal.aborted) return missing('timeout', 'the scan was interrupted')
      }
    }
    // A generated file repeats what its source says: places that a person wrote come first.
    const isStart = startsFor(tree.value, reader, hostedByOthers(tree.value, context) !== null, hits)
    const isSucceeded = succeeded(hits)
    value.secrets = groupHits(
      hits
        .filter(hit => hit.class === 'live' || hit.class === 'test')
        .map(hit => (isStart(hit) || isSucceeded(hit) ? { ...hit, confidence: 'possible' as const } : hit))
        .sort((a, b) => Number(pathKind(a.path) === 'generated') - Number(pathKind(b.path) === 'generated')),
    ).slice(0, 1000)
    value.publicKeys = groupHits(hits.filter(hit => hit.class === 'public')).slice(0, 200)
    return observed(value, context.now())
  },
}
export default fact

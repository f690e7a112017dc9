// The JavaScript that the front page of a built package loads first, in bytes of Brotli; budgets that the repository keeps for it; and what it
// weighed when the baseline was written.
import { brotliCompressSync, constants } from 'node:zlib'
import { observed } from '../../core/fact.ts'
import { isRecord } from '../../formats/is-record.ts'
import { mayHoldBudgets, type SizeBudget, sizeBudgets } from '../../formats/perf/budget-files.ts'
import { firstLoadOf } from '../../formats/perf/first-load.ts'
import { isUnshipped } from '../../formats/shipped.ts'
import type { FactDefinition } from '../definition.ts'
import type { RepoReader } from './read.ts'
import { filesOf, readerOf } from './script-world.ts'

export type BuiltPackage = {
  /** Folder of the package; '' for the root. */
  path: string
  tool: string
  /** The file that says what is loaded. */
  from: string
  files: { path: string; bytes: number }[]
  bytes: number
}

export type FirstLoadFact = {
  /** Packages with a front end; `built` is null where nothing was built. */
  packages: { path: string; framework: string | null; manifest: string; built: BuiltPackage | null }[]
  budgets: SizeBudget[]
  /** Folder of the package → bytes at the baseline. */
  before: Record<string, number>
}

const frontEnds =
  /^(?:next|nuxt|sveltekit|svelte|remix|react-router|astro|angular|vite|react|vue|solid-start|qwik|vue-cli|docusaurus|vitepress|gatsby|create-react-app|tanstack-start)$/

/** A server beside a front end in one package: the bundler shows it. */
const bundlers =
  /^(?:vite|next|nuxt|astro|@angular\/core|@sveltejs\/kit|@react-router\/dev|@remix-run\/dev|gatsby|react-scripts)$/

const most = { packages: 20, files: 200, fileBytes: 8 << 20 }

const brotliBytes = (reader: RepoReader, path: string): number | null => {
  const made = reader.bytes(`${path}.br`, most.fileBytes)
  if (made) return made.length
  const bytes = reader.bytes(path, most.fileBytes)
  return bytes
    ? brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: bytes.length > 1 << 20 ? 6 : 11 } })
        .length
    : null
}

const at = (folder: string, path: string): string => (folder === '' ? path : `${folder}/${path}`)

const builtOf = (
  reader: RepoReader,
  path: string,
  framework: string | null,
  name: string | null,
): BuiltPackage | null => {
  const read = (file: string): string | null => reader.maybe(at(path, file), { maxBytes: 4 << 20 })
  const found = firstLoadOf(read, framework, name ? [`dist/${name}`] : [])
  if (!found) return null
  const files = found.files.slice(0, most.files).flatMap(file => {
    const bytes = brotliBytes(reader, at(path, file))
    return bytes === null ? [] : [{ path: at(path, file), bytes }]
  })
  return {
    path,
    tool: found.tool,
    from: at(path, found.from),
    files,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
  }
}

/** What `perf baseline` wrote of first loads. */
const baselineOf = (reader: RepoReader): Record<string, number> => {
  try {
    const value: unknown = JSON.parse(reader.maybe('launch-ready.perf.json', { maxBytes: 1 << 20 }) ?? '{}')
    const kept = isRecord(value) && isRecord(value['firstLoadJs']) ? value['firstLoadJs'] : {}
    return Object.fromEntries(
      Object.entries(kept).filter((pair): pair is [string, number] => typeof pair[1] === 'number'),
    )
  } catch {
    return {}
  }
}

const fact: FactDefinition<FirstLoadFact> = {
  on: 'repo',
  async collect(_subject, context) {
    const [tree, stack] = await Promise.all([context.need('tree'), context.need('stack')])
    if (!tree.ok) return tree
    const reader = readerOf(context, tree.value)
    const front = (stack.ok ? stack.value.packages : []).filter(
      ({ framework, manifest, workspaceRoot, dependencies, devDependencies }) =>
        !workspaceRoot &&
        manifest?.endsWith('package.json') &&
        ((framework !== null && frontEnds.test(framework)) ||
          Object.keys({ ...dependencies, ...devDependencies }).some(name => bundlers.test(name))),
    )
    const packages = front.slice(0, most.packages).map(({ path, framework, manifest, name }) => ({
      path,
      framework,
      manifest: manifest!,
      built: builtOf(reader, path, framework, name),
    }))
    const budgets = filesOf(tree.value)
      .filter(path => mayHoldBudgets.test(path) && !isUnshipped(path))
      .slice(0, 200)
      .flatMap(path => sizeBudgets(path, reader.maybe(path, { maxBytes: 1 << 20 }) ?? ''))
    return observed({ packages, budgets, before: baselineOf(reader) }, context.now())
  },
}
export default fact

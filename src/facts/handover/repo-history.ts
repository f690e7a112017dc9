// What git knows of how a repository is run: where it is pushed to, who commits, its branches and tags, and what its documents on
// deploying name, whether that is still there.
import { observed } from '../../core/fact.ts'
import type { SeenReference, SeenTag } from '../../formats/handover/production.ts'
import { referencesIn } from '../../formats/handover/references.ts'
import { remoteOf } from '../../formats/handover/remote.ts'
import { isDeployDocument } from '../../formats/repo/deploy-documents.ts'
import { folderOf } from '../../formats/repo/paths.ts'
import { isAside } from '../../formats/shipped.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'
import { gitText } from '../repo/git.ts'
import { filesOf, readerOf } from '../repo/script-world.ts'
import type { Tree } from '../repo/tree.ts'

export type RepoHistory = {
  remote: string | null
  clone: string | null
  branches: string[]
  people: string[]
  tags: SeenTag[]
  references: SeenReference[]
}

const most = { branches: 500, tags: 500, documents: 60, people: 200 }

const rows = (text: string | null, limit: number): string[] => (text ?? '').split('\n').filter(Boolean).slice(0, limit)

const byGit = async ({ root, shallow }: Tree, context: CollectContext): Promise<Omit<RepoHistory, 'references'>> => {
  const options = { env: context.env, signal: context.signal }
  const ask = (...command: string[]): Promise<string | null> => gitText(root, command, options)
  const [remote, fetched, branches, authors, tags] = await Promise.all([
    ask('config', '--get', 'remote.origin.url'),
    ask('config', '--get-all', 'remote.origin.fetch'),
    ask('for-each-ref', '--format=%(refname)', `--count=${most.branches}`, 'refs/heads', 'refs/remotes'),
    ask('log', '-n', '2000', '--since=1.year', '--format=%ae', 'HEAD', '--'),
    ask(
      'for-each-ref',
      '--sort=-creatordate',
      `--count=${most.tags}`,
      '--format=%(refname:short)%09%(if)%(*objectname)%(then)%(*objectname)%(else)%(objectname)%(end)%09%(creatordate:iso-strict)',
      'refs/tags',
    ),
  ])
  // A clone of one branch, as of a pipeline, knows no others.
  const isWhole = !shallow && (!remote || /\*/.test(fetched ?? ''))
  const names = rows(isWhole ? branches : null, most.branches).map(name =>
    name.replace(/^refs\/(?:heads|remotes\/[^/]+)\//, ''),
  )
  const people = rows(authors, 2000).filter(address => !/\[bot\]|noreply|dependabot|renovate/i.test(address))
  return {
    ...remoteOf(remote ?? ''),
    branches: [...new Set(names)].filter(name => name !== 'HEAD').sort(),
    people: [...new Set(people.map(address => address.toLowerCase()))].sort().slice(0, most.people),
    tags: rows(tags, most.tags).flatMap(row => {
      const [name = '', commit = '', at = ''] = row.split('\t')
      return name ? [{ name, commit: commit.slice(0, 12), at }] : []
    }),
  }
}

const scriptNames = (text: string): string[] => {
  try {
    const { scripts } = JSON.parse(text) as { scripts?: Record<string, unknown> }
    return Object.keys(scripts ?? {})
  } catch {
    return []
  }
}

const readReferences = (
  tree: Tree,
  { branches, tags }: Pick<RepoHistory, 'branches' | 'tags'>,
  context: CollectContext,
): SeenReference[] => {
  const reader = readerOf(context, tree)
  const files = filesOf(tree)
  const known = new Set(files)
  const folders = new Set(files.flatMap(path => (path.includes('/') ? [folderOf(path)] : [])))
  const manifests = files.filter(path => /(?:^|\/)package\.json$/.test(path) && !isAside(path)).slice(0, 100)
  const scripts = new Set(manifests.flatMap(path => scriptNames(reader.maybe(path, { maxBytes: 1 << 20 }) ?? '')))
  const holds = (name: string): boolean =>
    known.has(name) || folders.has(name.replace(/\/$/, '')) || files.some(path => path.endsWith(`/${name}`))
  const documents = files
    .filter(
      path => isDeployDocument(path) && /deploy|rollback|runbook|operations?|restore|handover|release/i.test(path),
    )
    .filter(path => !isAside(path) && !path.startsWith('launch-ready/'))
    .slice(0, most.documents)
  return documents.flatMap(file =>
    referencesIn(reader.maybe(file, { maxBytes: 256 << 10 }) ?? '').flatMap((reference): SeenReference[] => {
      const { kind, name } = reference
      // A repository whose branches are not known, or without package.json, has none that could be missed.
      if (kind === 'branch' && branches.length === 0) return []
      if (kind === 'npm-script' && manifests.length === 0) return []
      const exists =
        kind === 'branch'
          ? branches.includes(name) || tags.some(tag => tag.name === name)
          : kind === 'npm-script'
            ? scripts.has(name)
            : holds(name)
      return [{ file, ...reference, exists }]
    }),
  )
}

const fact: FactDefinition<RepoHistory> = {
  on: 'repo',
  async collect(_subject, context) {
    const tree = await context.need('tree')
    if (!tree.ok) return tree
    const history = tree.value.isGit
      ? await byGit(tree.value, context)
      : { remote: null, clone: null, branches: [], people: [], tags: [] }
    return observed({ ...history, references: readReferences(tree.value, history, context) }, context.now())
  },
}
export default fact

// Where the imports of a repository lead: its files, the path aliases of its packages, the packages of its workspace.
import { aliasesOf, type ModuleWorld } from '../../formats/repo/module-imports.ts'
import type { StackPackage } from '../../formats/repo/stack-detect.ts'
import type { RepoReader } from './read.ts'
import type { Tree } from './tree.ts'

const maxBytes = 512 << 10

/** Where the imports of the repository lead: its files, path aliases, packages of its workspace. */
export const moduleWorld = (
  files: Tree['files'],
  packages: readonly StackPackage[],
  reader: RepoReader,
): ModuleWorld => {
  const paths = files.filter(({ kind }) => kind === 'file').map(({ path }) => path)
  const aliases = paths
    .filter(path => /(?:^|\/)[jt]sconfig(?:\.base|\.app)?\.json$/.test(path))
    .slice(0, 300)
    .flatMap(path => {
      try {
        return aliasesOf(path, reader.maybe(path, { maxBytes }) ?? '')
      } catch {
        return []
      }
    })
  const names = packages.flatMap(({ manifest, path }): [string, string][] => {
    const name = manifest?.endsWith('package.json')
      ? /"name"\s*:\s*"([^"]+)"/.exec(reader.maybe(manifest) ?? '')?.[1]
      : undefined
    return name ? [[name, path]] : []
  })
  return { files: new Set(paths), aliases, workspaces: new Map(names) }
}

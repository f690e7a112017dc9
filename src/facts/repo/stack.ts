// What the repository is made of, per package: language, framework, package manager, platform, database, CI.
import { observed } from '../../core/fact.ts'
import { detectStack, isManifest, type Stack } from '../../formats/repo/stack-detect.ts'
import type { FactDefinition } from '../definition.ts'
import { createReader } from './read.ts'

export type { Stack } from '../../formats/repo/stack-detect.ts'

const fact: FactDefinition<Stack> = {
  on: 'repo',
  deadlines: 8,
  async collect(_subject, context) {
    const tree = await context.need('tree')
    if (!tree.ok) return tree
    const reader = createReader(tree.value.root)
    const paths = tree.value.files
      .filter(file => file.kind !== 'absent' && file.kind !== 'submodule')
      .map(file => file.path)
    const texts: Record<string, string> = {}
    for (const path of paths.filter(isManifest).slice(0, 2000)) {
      const text = reader.maybe(path, { maxBytes: 1 << 20, whole: true })
      if (text !== null) texts[path] = text
    }
    return observed(detectStack(paths, texts), context.now())
  },
}
export default fact

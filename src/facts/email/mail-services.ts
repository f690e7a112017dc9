// Mail services that the repository uses: by the packages it depends on and the environment variables it reads.
import { observed } from '../../core/fact.ts'
import { mailProviders } from '../../data/mail-providers.ts'
import { fileName } from '../../formats/repo/paths.ts'
import type { FactDefinition } from '../definition.ts'
import { createReader } from '../repo/read.ts'
import { isEnvironmentFile } from '../repo/tree.ts'

export type MailServices = {
  /** Providers of the table, each once, with what gave them away. */
  services: { provider: string; why: string }[]
}

const fact: FactDefinition<MailServices> = {
  on: 'repo',
  deadlines: 8,
  async collect(_subject, context) {
    const [tree, stack] = await Promise.all([context.need('tree'), context.need('stack')])
    if (!tree.ok) return tree
    const packages = new Set(
      stack.ok
        ? stack.value.packages.flatMap(item => Object.keys({ ...item.dependencies, ...item.devDependencies }))
        : [],
    )
    const reader = createReader(tree.value.root)
    const names = new Set<string>()
    const files = tree.value.files.filter(file => file.kind === 'file' && isEnvironmentFile(fileName(file.path)))
    for (const file of files.slice(0, 100)) {
      const text = reader.maybe(file.path, { maxBytes: 1 << 18 })
      // Names alone: values are nobody's business here.
      for (const match of (text ?? '').matchAll(/^\s*(?:export\s+)?([A-Z][A-Z0-9_]*)\s*=/gm))
        names.add(match[1] as string)
    }
    const services = mailProviders.flatMap(provider => {
      const used = provider.packages.find(name => packages.has(name))
      if (used) return [{ provider: provider.id, why: `the repository depends on ${used}` }]
      const read = [...names].sort().find(name => provider.env.some(start => name.startsWith(start)))
      return read ? [{ provider: provider.id, why: `the repository names ${read}` }] : []
    })
    return observed({ services }, context.now())
  },
}
export default fact

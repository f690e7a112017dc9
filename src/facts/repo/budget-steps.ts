// Steps of the pipelines that hold a build to a performance budget, by what they run or by the action that they use; scripts of package.json followed.
import { observed } from '../../core/fact.ts'
import { ciProviderOf } from '../../data/ci-systems.ts'
import { enforcesBudget } from '../../formats/perf/budget-files.ts'
import type { FactDefinition } from '../definition.ts'
import { filesOf, readerOf } from './script-world.ts'

export type BudgetSteps = { steps: { file: string; line: number; text: string }[] }

const usedAction =
  /uses:\s*(?:treosh\/lighthouse-ci-action|andresz1\/size-limit-action|preactjs\/compressed-size-action|jackyef\/bundlewatch)/

const fact: FactDefinition<BudgetSteps> = {
  on: 'repo',
  async collect(_subject, context) {
    const [tree, stack] = await Promise.all([context.need('tree'), context.need('stack')])
    if (!tree.ok) return tree
    const reader = readerOf(context, tree.value)
    const scripts = (stack.ok ? stack.value.packages : []).flatMap(({ scripts: own }) => Object.entries(own))
    const enforcing = new Set(scripts.filter(([, run]) => enforcesBudget.test(run)).map(([name]) => name))
    const steps = filesOf(tree.value)
      .filter(path => ciProviderOf(path) !== null)
      .flatMap(file =>
        (reader.maybe(file, { maxBytes: 512 << 10 }) ?? '').split('\n').flatMap((text, index) => {
          const bare = text.replace(/(?:^|\s)#.*$/, '')
          const called = /\b(?:npm|pnpm|yarn|bun)\s+(?:run\s+)?([\w:.-]+)/.exec(bare)?.[1]
          const holds =
            enforcesBudget.test(bare) || usedAction.test(bare) || (called !== undefined && enforcing.has(called))
          return holds ? [{ file, line: index + 1, text: text.trim().slice(0, 160) }] : []
        }),
      )
    return observed({ steps: steps.slice(0, 20) }, context.now())
  },
}
export default fact

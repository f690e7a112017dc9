// The repository's ledger of secret rotations.
import { observed } from '../../core/fact.ts'
import { defaultLedger, type Ledger, parseLedger } from '../../formats/secrets/ledger.ts'
import type { FactDefinition } from '../definition.ts'
import { createReader } from './read.ts'

export type SecretLedger = Ledger & { path: string; exists: boolean }

const fact: FactDefinition<SecretLedger> = {
  on: 'repo',
  async collect(_subject, context) {
    const tree = await context.need('tree')
    if (!tree.ok) return tree
    const path = context.config.deploy?.ledger ?? defaultLedger
    const source = createReader(tree.value.root).maybe(path, { maxBytes: 1 << 20 })
    return observed(
      source === null
        ? { path, exists: false, rotations: [], problems: [] }
        : { path, exists: true, ...parseLedger(source) },
      context.now(),
    )
  },
}
export default fact

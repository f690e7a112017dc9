// The walk of a first customer. It is put together at the end of a run, from what the other checks found (run/execute.ts).
import { missing } from '../../core/fact.ts'
import type { CustomerWalk } from '../../formats/handover/customer-walk.ts'
import type { FactDefinition } from '../definition.ts'

export type { CustomerWalk } from '../../formats/handover/customer-walk.ts'

const fact: FactDefinition<CustomerWalk> = {
  on: 'domain',
  collect: async () => missing('unsupported', 'no other check was run, so nothing shows how far a customer gets'),
}
export default fact

// What is wrong with the includes of an SPF record: dead targets, circles, repetitions, faults behind them.
import type { SpfTreeTerm } from './tree.ts'

export type IncludeFault = {
  outcome: 'target-without-record' | 'loop' | 'duplicate' | 'syntax-in-include'
  reason: string
}

/** What is wrong with an include or redirect of the tree below `root`; empty for other terms. */
export const includeFaults = (term: SpfTreeTerm, root: string): IncludeFault[] => {
  if (term.name !== 'include' && term.name !== 'redirect') return []
  if (term.loop)
    return [
      { outcome: 'loop', reason: `leads back to ${term.target}${term.target === root ? ', the record itself' : ''}` },
    ]
  const list: IncludeFault[] = []
  const { node } = term
  if (term.duplicate) list.push({ outcome: 'duplicate', reason: `${term.target} is included already` })
  if (node?.status === 'none' || node?.status === 'nxdomain')
    list.push({
      outcome: 'target-without-record',
      reason:
        node.message ??
        (node.status === 'nxdomain' ? `${node.domain} does not exist` : `${node.domain} has no SPF record`),
    })
  if (node?.status === 'multiple')
    list.push({ outcome: 'syntax-in-include', reason: `${node.domain} has ${node.texts.length} SPF records` })
  const [fault] = node?.faults ?? []
  if (fault && !term.duplicate)
    list.push({ outcome: 'syntax-in-include', reason: `${node?.domain}, character ${fault.at + 1}: ${fault.message}` })
  return list
}

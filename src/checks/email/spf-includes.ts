import { defineCheck } from '../../core/check.ts'
import { printTree, type SpfTreeTerm, treeTerms } from '../../formats/spf/tree.ts'
import { evidence, spfTrees } from './mail-records.ts'
import { emptyNode, exampleNode, exampleSpf } from './spf-examples.ts'
import { spfFix, type WantedSpf, wantedSpf } from './spf-wanted.ts'

type Data = { name: string; term: string; target: string; own: boolean; wanted: WantedSpf | null }

/** Takes a term out of the domain's own record; in somebody else's record only they can. */
const takeOut = (held: Data) =>
  spfFix(
    held.own ? held.wanted : null,
    held.own ? `Remove ${held.term} from the record` : `Ask whoever runs ${held.name} to mend their record`,
    `"${held.term}" stands in the record of ${held.name}: ask its owner, or remove the include that leads there`,
  )

export default defineCheck<Data>()({
  id: 'spf-includes',
  stage: 'email',
  on: 'domain',
  title: 'Every SPF include leads to a sound record',
  why: 'An include whose target has no SPF record, several, or one with a fault is a permanent error for the whole record, and so is a loop. The usual cause is a sender that was left, or a mistyped name. A repeated include costs lookups and gives nothing.',
  impact: {
    journey: 'email',
    owner: 'One dead entry makes receivers refuse all of your mail, not only that sender’s.',
  },
  needs: ['spf'],
  wants: ['mx'],
  signals: ['emails-fail', 'mail-lost'],
  outcomes: {
    'target-without-record': {
      status: 'fail',
      severity: 'blocker',
      title: 'SPF includes {target}, where there is no SPF',
      fix: takeOut,
    },
    loop: { status: 'fail', severity: 'blocker', title: 'SPF runs in a circle through {target}', fix: takeOut },
    duplicate: { status: 'fail', severity: 'low', title: 'SPF includes {target} twice', fix: takeOut },
    'syntax-in-include': {
      status: 'fail',
      severity: 'blocker',
      title: 'SPF includes {target}, whose record has a fault',
      fix: takeOut,
    },
    sound: { status: 'pass', title: 'Every SPF include leads to a sound record' },
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc7208#section-5.2',
    'https://www.rfc-editor.org/rfc/rfc7208#section-6.1',
  ],
  judge: ({ spf, mx }, { subject, target }) => {
    const judged = spfTrees(spf)
    const trees = judged.map(item => item.tree)
    if (trees.length === 0) return { skip: 'there is no SPF record' }
    const held = judged.flatMap(({ tree, item }) =>
      treeTerms(tree.root).flatMap(({ term, node }) =>
        faultsOf(term, tree.root.domain).map(({ outcome, reason }) => ({
          outcome,
          key: `${node.domain} ${term.text}`,
          data: {
            name: node.domain,
            term: term.text,
            target: term.target ?? term.text,
            own: node.depth === 0,
            wanted: wantedSpf(item, subject.name, target, mx.ok ? mx.value : null),
          },
          evidence: [
            evidence(`${node.domain} TXT`, node.text ?? ''),
            evidence(term.text, reason),
            evidence('include tree', printTree(tree)),
          ],
        })),
      ),
    )
    const unknown = trees.flatMap(tree =>
      tree.unknown
        .filter(item => treeTerms(tree.root).some(({ term }) => term.node?.domain === item.name))
        .map(item => ({
          unknown: `${item.name} could not be asked for: ${item.message}`,
          couldBe: 'blocker' as const,
        })),
    )
    if (held.length || unknown.length) return [...held, ...unknown]
    const [first] = trees
    return {
      outcome: 'sound',
      data: { name: '', term: '', target: '', own: true, wanted: null },
      evidence: first ? [evidence('include tree', printTree(first))] : [],
    }
  },
  examples: [
    {
      name: 'a sound include',
      facts: {
        spf: exampleSpf('v=spf1 include:spf.sender.example -all', {
          'spf.sender.example': exampleNode('spf.sender.example', 'v=spf1 ip4:192.0.2.0/24 ~all', {}, {}, 1),
        }),
      },
      expect: 'sound',
    },
    {
      name: 'a sender that is gone',
      facts: {
        spf: exampleSpf('v=spf1 include:spf.gone.example -all', {
          'spf.gone.example': emptyNode('spf.gone.example', 'nxdomain'),
        }),
      },
      expect: 'target-without-record',
    },
    {
      name: 'a record that includes itself',
      facts: {
        spf: exampleSpf('v=spf1 include:coachdash.example -all', {}, { 'include:coachdash.example': { loop: true } }),
      },
      expect: 'loop',
    },
  ],
})

type Fault = { outcome: 'target-without-record' | 'loop' | 'duplicate' | 'syntax-in-include'; reason: string }

const faultsOf = (term: SpfTreeTerm, root: string): Fault[] => {
  if (term.name !== 'include' && term.name !== 'redirect') return []
  if (term.loop)
    return [
      { outcome: 'loop', reason: `leads back to ${term.target}${term.target === root ? ', the record itself' : ''}` },
    ]
  const list: Fault[] = []
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

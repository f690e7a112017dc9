// Where the includes of the SPF record lead.
import { blocker, defineCheck, low, pass } from '../../core/check.ts'
import { dnsEvidence, textEvidence } from '../../core/evidence.ts'
import type { Fix } from '../../core/fix.ts'
import { including, includingNothing, spfWith } from '../../facts/email/spf.example.ts'
import { includeFaults } from '../../formats/spf/include-faults.ts'
import { judgedNames } from '../../formats/spf/names.ts'
import { printTree, treeTerms } from '../../formats/spf/tree.ts'
import { type WantedSpf, wantedSpf } from '../../formats/spf/wanted.ts'
import { spfFix } from './mail-fixes.ts'

/** `own`: the term stands in the record of the domain itself. */
type Data = { name: string; term: string; target: string; own: boolean; wanted: WantedSpf | null }

/** Takes a term out of the domain's own record; in somebody else's record only they can. */
const takeOut = ({ own, wanted, term, name }: Data): Fix =>
  spfFix(
    own ? wanted : null,
    own ? `Remove ${term} from the record` : `Ask whoever runs ${name} to mend their record`,
    `"${term}" stands in the record of ${name}: ask its owner, or remove the include that leads there`,
  )

export default defineCheck<Data>()({
  id: 'spf-includes',
  stage: 'email',
  on: 'domain',
  title: 'Every SPF include leads to a sound record',
  why: 'An include whose target has no SPF record, several, or one with a fault is a permanent error for the whole record, and so is a loop. The usual cause is a sender that was left, or a mistyped name. A repeated include costs lookups and gives nothing.',
  impact: {
    journey: 'email',
    owner:
      'One entry with a fault makes the whole record void to receivers: no sender of yours counts, not only that one.',
  },
  needs: ['spf'],
  wants: ['mx'],
  signals: ['emails-fail', 'mail-lost'],
  outcomes: {
    'target-without-record': blocker('SPF includes {target}, where there is no SPF', takeOut),
    loop: blocker('SPF runs in a circle through {target}', takeOut),
    duplicate: low('SPF includes {target} twice', takeOut, {
      why: 'It costs some of the ten lookups that receivers make, and allows nobody who is not allowed already.',
    }),
    'syntax-in-include': blocker('SPF includes {target}, whose record has a fault', takeOut),
    sound: pass('Every SPF include leads to a sound record'),
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc7208#section-5.2',
    'https://www.rfc-editor.org/rfc/rfc7208#section-6.1',
  ],
  judge: ({ spf, mx }, { subject, target }) => {
    const judged = judgedNames(spf)
    if (judged.length === 0) return { skip: 'there is no SPF record' }
    const found = judged.flatMap(({ tree, item }) => {
      const wanted = wantedSpf(item, subject.name, target, mx.ok ? mx.value : null)
      return treeTerms(tree.root).flatMap(({ term, node: { domain, text, depth } }) =>
        includeFaults(term, tree.root.domain).map(({ outcome, reason }) => ({
          outcome,
          key: `${domain} ${term.text}`,
          data: { name: domain, term: term.text, target: term.target ?? term.text, own: depth === 0, wanted },
          evidence: [
            dnsEvidence(domain, 'TXT', text ?? ''),
            textEvidence(term.text, reason),
            textEvidence('include tree', printTree(tree)),
          ],
        })),
      )
    })
    const silent = judged.flatMap(({ tree }) =>
      tree.unknown.filter(({ name }) => treeTerms(tree.root).some(({ term }) => term.node?.domain === name)),
    )
    const open = silent.map(({ name, message }) => ({
      unknown: `${name} could not be asked for: ${message}`,
      couldBe: 'blocker' as const,
    }))
    if (found.length || open.length) return [...found, ...open]
    return {
      outcome: 'sound',
      data: { name: '', term: '', target: '', own: true, wanted: null },
      evidence: judged.slice(0, 1).map(({ tree }) => textEvidence('include tree', printTree(tree))),
    }
  },
  examples: [
    {
      name: 'a sound include',
      facts: {
        spf: including('spf.sender.example', 'v=spf1 ip4:192.0.2.0/24 ~all'),
      },
      expect: 'sound',
    },
    {
      name: 'a sender that is gone',
      facts: {
        spf: includingNothing('spf.gone.example', 'nxdomain'),
      },
      expect: 'target-without-record',
    },
    {
      name: 'a record that includes itself',
      facts: {
        spf: spfWith('v=spf1 include:coachdash.example -all', {}, { 'include:coachdash.example': { loop: true } }),
      },
      expect: 'loop',
    },
  ],
})

import { defineCheck } from '../../core/check.ts'
import { printTree, type SpfTree, treeTerms } from '../../formats/spf/tree.ts'
import { evidence, type Held, spfTrees } from './mail-records.ts'
import { exampleNode, exampleSpf } from './spf-examples.ts'
import { spfFix, type WantedSpf, wantedSpf } from './spf-wanted.ts'

type Data = { name: string; lookups: number; wanted: WantedSpf | null; hosts: number; term: string }

const shorten = (held: Data) =>
  spfFix(
    held.wanted?.fit.fits ? held.wanted : null,
    held.wanted?.fit.fits
      ? `Bring the record to ${held.wanted.fit.lookups} lookups`
      : 'Take senders out of this record',
    'Let senders that can do so (newsletters, help desks, shops) send from a subdomain with an SPF record of its own, and remove their includes here, until ten lookups suffice',
    15,
  )

export default defineCheck<Data>()({
  id: 'spf-lookups',
  stage: 'email',
  on: 'domain',
  title: 'SPF stays within ten DNS lookups',
  why: 'A receiver gives up at the eleventh include, a, mx, ptr, exists or redirect, counted through the whole tree, and then no sender is authorised. An mx with more than ten servers ends it the same way. Counted here past the limit, so that the whole surplus is seen at once.',
  impact: {
    journey: 'email',
    owner: 'Receivers stop reading your permission list before they reach your mail service: its mails become spam.',
  },
  needs: ['spf'],
  wants: ['mx'],
  signals: ['emails-fail', 'never-verified', 'mail-lost'],
  outcomes: {
    'over-limit': {
      status: 'fail',
      severity: 'blocker',
      title: 'SPF needs {lookups} DNS lookups; receivers stop at 10',
      fix: shorten,
    },
    'near-limit': {
      status: 'fail',
      severity: 'low',
      title: 'SPF needs {lookups} of 10 lookups; one more sender breaks it',
      fix: shorten,
    },
    'mx-over-ten': {
      status: 'fail',
      severity: 'blocker',
      title: 'SPF asks for {hosts} mail servers; receivers stop at 10',
      fix: held =>
        spfFix(
          held.wanted,
          'Name the sending servers instead of all mail servers',
          `Remove ${held.term} and name the servers that send as ip4: and ip6:`,
          20,
        ),
    },
    'within-limit': { status: 'pass', title: 'SPF needs {lookups} of 10 DNS lookups' },
  },
  references: ['https://www.rfc-editor.org/rfc/rfc7208#section-4.6.4'],
  judge: ({ spf, mx }, { subject, target }) => {
    const trees = spfTrees(spf)
    if (trees.length === 0) return { skip: 'there is no SPF record to count' }
    const held = trees.flatMap(({ name, text, tree, item }): Held<Outcome, Data>[] => {
      const want = (squeeze: boolean): WantedSpf | null =>
        wantedSpf(item, subject.name, target, mx.ok ? mx.value : null, squeeze)
      const common = { name, lookups: tree.lookups, wanted: null, hosts: 0, term: '' }
      const seen = [evidence('include tree', printTree(tree)), evidence(`${name} TXT`, text)]
      const list: Held<Outcome, Data>[] = []
      if (tree.lookups > 10)
        list.push({ outcome: 'over-limit', key: name, data: { ...common, wanted: want(false) }, evidence: seen })
      else if (tree.unknown.length || tree.truncated) list.push({ unknown: unread(tree), couldBe: 'blocker' })
      else if (tree.lookups > 8)
        list.push({ outcome: 'near-limit', key: name, data: { ...common, wanted: want(true) }, evidence: seen })
      for (const { term } of treeTerms(tree.root).filter(item => (item.term.mxHosts ?? 0) > 10))
        list.push({
          outcome: 'mx-over-ten',
          key: `${name} ${term.text}`,
          data: { ...common, wanted: want(false), hosts: term.mxHosts ?? 0, term: term.text },
          evidence: seen,
        })
      return list
    })
    if (held.length) return held
    const lookups = Math.max(...trees.map(item => item.tree.lookups))
    return {
      outcome: 'within-limit',
      data: { name: subject.name, lookups, wanted: null, hosts: 0, term: '' },
      evidence: trees.map(item => evidence('include tree', printTree(item.tree))),
    }
  },
  examples: [
    {
      name: 'one include',
      facts: {
        spf: exampleSpf('v=spf1 include:spf.sender.example -all', {
          'spf.sender.example': exampleNode('spf.sender.example', 'v=spf1 ip4:192.0.2.0/24 ~all'),
        }),
      },
      expect: 'within-limit',
    },
    {
      name: 'thirteen lookups',
      facts: {
        spf: exampleSpf(`v=spf1 ${Array.from({ length: 13 }, (_, at) => `a:m${at}.coachdash.example`).join(' ')} -all`),
      },
      expect: 'over-limit',
    },
    { name: 'no record', facts: { spf: exampleSpf() }, expect: 'skip' },
  ],
})

const unread = (tree: SpfTree): string =>
  tree.unknown.length
    ? `${tree.unknown.map(item => item.name).join(', ')} could not be asked for, so the count may be higher than ${tree.lookups}`
    : 'the include tree is too large to be read whole'

type Outcome = 'over-limit' | 'near-limit' | 'mx-over-ten'

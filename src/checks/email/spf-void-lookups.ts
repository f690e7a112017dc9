import { defineCheck } from '../../core/check.ts'
import { printTree, treeTerms } from '../../formats/spf/tree.ts'
import { evidence, type Held, inWords, spfTrees } from './mail-records.ts'
import { exampleSpf } from './spf-examples.ts'
import { spfFix, type WantedSpf, wantedSpf } from './spf-wanted.ts'

type Data = { name: string; voids: number; wanted: WantedSpf | null; terms: string }

export default defineCheck<Data>()({
  id: 'spf-void-lookups',
  stage: 'email',
  on: 'domain',
  title: 'SPF asks for names that exist',
  why: 'A receiver that meets a third name without an answer gives up with a permanent error (RFC 7208 §4.6.4). Such names are left behind by servers and senders that are gone; whoever registers one of them may send as you.',
  impact: { journey: 'email', owner: 'Left-over entries make receivers refuse your whole permission list.' },
  needs: ['spf'],
  wants: ['mx'],
  outcomes: {
    'over-limit': {
      status: 'fail',
      severity: 'high',
      title: 'SPF asks for {voids} names that do not exist; 2 are allowed',
      fix: held =>
        spfFix(
          held.wanted && held.wanted.fit.voids <= 2 ? held.wanted : null,
          'Remove what leads nowhere',
          `The empty names stand in records of others (${held.terms}): ask them, or remove their include`,
        ),
    },
    'within-limit': { status: 'pass', title: 'SPF asks for {voids} empty names of 2 allowed' },
  },
  references: ['https://www.rfc-editor.org/rfc/rfc7208#section-4.6.4'],
  judge: ({ spf, mx }, { subject, target }) => {
    const trees = spfTrees(spf)
    if (trees.length === 0) return { skip: 'there is no SPF record' }
    const held = trees.flatMap(({ name, tree, item }): Held<'over-limit', Data>[] => {
      const unread =
        tree.unknown.map(item => item.name).join(', ') || (tree.truncated ? 'part of the include tree' : '')
      if (tree.voids <= 2) return unread ? [{ unknown: `${unread} could not be read`, couldBe: 'high' }] : []
      const empty = treeTerms(tree.root)
        .filter(({ term }) => term.voids > 0 && !term.node?.terms.length)
        .map(({ term }) => term.text)
      return [
        {
          outcome: 'over-limit',
          key: name,
          data: {
            name,
            voids: tree.voids,
            wanted: wantedSpf(item, subject.name, target, mx.ok ? mx.value : null),
            terms: inWords(empty),
          },
          evidence: [evidence('names without an answer', inWords(empty)), evidence('include tree', printTree(tree))],
        },
      ]
    })
    if (held.length) return held
    const voids = Math.max(...trees.map(item => item.tree.voids))
    return {
      outcome: 'within-limit',
      data: { name: subject.name, voids, wanted: null, terms: '' },
      evidence: trees.map(item => evidence(`${item.name} TXT`, item.text)),
    }
  },
  examples: [
    { name: 'nothing empty', facts: { spf: exampleSpf('v=spf1 a -all') }, expect: 'within-limit' },
    {
      name: 'three servers that are gone',
      facts: {
        spf: exampleSpf(
          'v=spf1 a:old1.coachdash.example a:old2.coachdash.example a:old3.coachdash.example ip4:192.0.2.25 -all',
          {},
          {
            'a:old1.coachdash.example': { voids: 1 },
            'a:old2.coachdash.example': { voids: 1 },
            'a:old3.coachdash.example': { voids: 1 },
          },
        ),
      },
      expect: 'over-limit',
    },
  ],
})

// Names in the SPF record that find nothing.
import { defineCheck, high, type OutcomeHolds, pass, type Unknown } from '../../core/check.ts'
import { dnsEvidence, textEvidence } from '../../core/evidence.ts'
import { spfWith, threeGone } from '../../facts/email/spf.example.ts'
import { inWords } from '../../formats/mail/in-words.ts'
import { judgedNames, unreadOf } from '../../formats/spf/names.ts'
import { printTree, treeTerms } from '../../formats/spf/tree.ts'
import { type WantedSpf, wantedSpf } from '../../formats/spf/wanted.ts'
import { spfFix } from './mail-fixes.ts'

type Data = { name: string; voids: number; wanted: WantedSpf | null; terms: string }

/** Lookups without an answer that receivers put up with (RFC 7208 §4.6.4). */
const most = 2

export default defineCheck<Data>()({
  id: 'spf-void-lookups',
  stage: 'email',
  on: 'domain',
  title: 'SPF asks for names that exist',
  why: 'A receiver that meets a third name without an answer gives up with a permanent error (RFC 7208 §4.6.4). Such names are left behind by servers and senders that are gone; whoever registers one of them may send as you.',
  impact: { journey: 'email', owner: 'Left-over entries make receivers refuse your whole permission list.' },
  needs: ['spf'],
  wants: ['mx'],
  signals: ['emails-fail', 'never-verified', 'mail-lost'],
  outcomes: {
    'over-limit': high('SPF asks for {voids} names that find nothing; 2 are allowed', ({ wanted, terms }) =>
      spfFix(
        wanted && wanted.fit.voids <= most ? wanted : null,
        'Remove the names that find nothing',
        `The empty names stand in records of others (${terms}): ask them, or remove their include`,
      ),
    ),
    'within-limit': pass('SPF asks for {voids} empty names of 2 allowed'),
  },
  references: ['https://www.rfc-editor.org/rfc/rfc7208#section-4.6.4'],
  judge: ({ spf, mx }, { subject, target }) => {
    const judged = judgedNames(spf)
    if (judged.length === 0) return { skip: 'there is no SPF record' }
    const found = judged.flatMap(({ name, tree, item }): (OutcomeHolds<'over-limit', Data> | Unknown)[] => {
      const { voids } = tree
      const unread = unreadOf(tree)
      if (voids <= most) return unread ? [{ unknown: `${unread} could not be read`, couldBe: 'high' }] : []
      const empty = treeTerms(tree.root)
        .filter(({ term }) => term.voids > 0 && !term.node?.terms.length)
        .map(({ term }) => term.text)
      const wanted = wantedSpf(item, subject.name, target, mx.ok ? mx.value : null)
      return [
        {
          outcome: 'over-limit',
          key: name,
          data: { name, voids, wanted, terms: inWords(empty) },
          evidence: [
            textEvidence('names without an answer', inWords(empty)),
            textEvidence('include tree', printTree(tree)),
          ],
        },
      ]
    })
    if (found.length) return found
    return {
      outcome: 'within-limit',
      data: { name: subject.name, voids: Math.max(...judged.map(item => item.tree.voids)), wanted: null, terms: '' },
      evidence: judged.map(({ name, text }) => dnsEvidence(name, 'TXT', text)),
    }
  },
  examples: [
    { name: 'nothing empty', facts: { spf: spfWith('v=spf1 a -all') }, expect: 'within-limit' },
    { name: 'three servers that are gone', facts: { spf: threeGone }, expect: 'over-limit' },
  ],
})

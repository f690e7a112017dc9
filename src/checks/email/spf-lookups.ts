// How many DNS lookups the SPF record costs a receiver.
import { blocker, defineCheck, low, type OutcomeHolds, pass, type Unknown } from '../../core/check.ts'
import { dnsEvidence, textEvidence } from '../../core/evidence.ts'
import type { Fix } from '../../core/fix.ts'
import { including, spfWith } from '../../facts/email/spf.example.ts'
import { judgedNames } from '../../formats/spf/names.ts'
import { printTree, type SpfTree, treeTerms } from '../../formats/spf/tree.ts'
import { type WantedSpf, wantedSpf } from '../../formats/spf/wanted.ts'
import { spfFix } from './mail-fixes.ts'

type Data = { name: string; lookups: number; wanted: WantedSpf | null; hosts: number; term: string }
type Outcome = 'over-limit' | 'near-limit' | 'mx-over-ten'

/** Lookups that receivers follow (RFC 7208 §4.6.4), and those with which one more sender may be too many. */
const most = 10
const comfortable = 8

const shorten = ({ wanted }: Data): Fix =>
  spfFix(
    wanted?.fit.fits ? wanted : null,
    wanted?.fit.fits ? `Bring the record to ${wanted.fit.lookups} lookups` : 'Take senders out of this record',
    'Let senders that can do so (newsletters, help desks, shops) send from a subdomain with an SPF record of its own, and remove their includes here, until ten lookups suffice',
    15,
  )

const unread = ({ unknown, lookups }: SpfTree): string =>
  unknown.length
    ? `${unknown.map(item => item.name).join(', ')} could not be asked for, so the count may be higher than ${lookups}`
    : 'the include tree is too large to be read whole'

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
    'over-limit': blocker('SPF needs {lookups} DNS lookups; receivers stop at 10', shorten),
    'near-limit': low('SPF needs {lookups} of 10 lookups; one more sender breaks it', shorten, {
      why: 'All of the record is read today. With one or two more senders receivers would stop before its end, and no sender would count.',
    }),
    'mx-over-ten': blocker('SPF asks for {hosts} mail servers; receivers stop at 10', ({ wanted, term }) =>
      spfFix(
        wanted,
        'Name the sending servers instead of all mail servers',
        `Remove ${term} and name the servers that send as ip4: and ip6:`,
        20,
      ),
    ),
    'within-limit': pass('SPF needs {lookups} of 10 DNS lookups'),
  },
  references: ['https://www.rfc-editor.org/rfc/rfc7208#section-4.6.4'],
  judge: ({ spf, mx }, { subject, target }) => {
    const judged = judgedNames(spf)
    if (judged.length === 0) return { skip: 'there is no SPF record to count' }
    const found = judged.flatMap(({ name, text, tree, item }): (OutcomeHolds<Outcome, Data> | Unknown)[] => {
      const { lookups } = tree
      const evidence = [textEvidence('include tree', printTree(tree)), dnsEvidence(name, 'TXT', text)]
      const finding = (outcome: Outcome, squeeze = false, key = name, hosts = 0, term = '') => {
        const wanted = wantedSpf(item, subject.name, target, mx.ok ? mx.value : null, squeeze)
        return { outcome, key, data: { name, lookups, wanted, hosts, term }, evidence }
      }
      const isUnread = lookups <= most && (tree.unknown.length > 0 || tree.truncated)
      return [
        ...(lookups > most ? [finding('over-limit')] : []),
        ...(isUnread ? [{ unknown: unread(tree), couldBe: 'blocker' as const }] : []),
        ...(lookups > comfortable && lookups <= most && !isUnread ? [finding('near-limit', true)] : []),
        ...treeTerms(tree.root)
          .filter(({ term }) => (term.mxHosts ?? 0) > 10)
          .map(({ term }) => finding('mx-over-ten', false, `${name} ${term.text}`, term.mxHosts ?? 0, term.text)),
      ]
    })
    if (found.length) return found
    const lookups = Math.max(...judged.map(item => item.tree.lookups))
    return {
      outcome: 'within-limit',
      data: { name: subject.name, lookups, wanted: null, hosts: 0, term: '' },
      evidence: judged.map(({ tree }) => textEvidence('include tree', printTree(tree))),
    }
  },
  examples: [
    {
      name: 'one include',
      facts: {
        spf: including('spf.sender.example', 'v=spf1 ip4:192.0.2.0/24 ~all'),
      },
      expect: 'within-limit',
    },
    {
      name: 'thirteen lookups',
      facts: {
        spf: spfWith(`v=spf1 ${Array.from({ length: 13 }, (_, at) => `a:m${at}.coachdash.example`).join(' ')} -all`),
      },
      expect: 'over-limit',
    },
    { name: 'no record', facts: { spf: spfWith() }, expect: 'skip' },
  ],
})

// Whom the SPF record lets send: the configured senders, and nobody else.
import { blocker, defineCheck, high, low, type OutcomeHolds, pass, type Unknown } from '../../core/check.ts'
import { dnsEvidence, textEvidence } from '../../core/evidence.ts'
import type { Fix } from '../../core/fix.ts'
import { including, spfWith } from '../../facts/email/spf.example.ts'
import { inWords } from '../../formats/mail/in-words.ts'
import { judgedNames } from '../../formats/spf/names.ts'
import { isAuthorised } from '../../formats/spf/needs.ts'
import { excess, strangers, termsNeededAt, whoNeeds } from '../../formats/spf/senders.ts'
import { dynamicTerm, printTree, type SpfTree } from '../../formats/spf/tree.ts'
import { type WantedSpf, wantedSpf } from '../../formats/spf/wanted.ts'
import { spfFix } from './mail-fixes.ts'

type Data = { name: string; term: string; who: string; size: string; wanted: WantedSpf | null }
type Outcome = 'sender-missing' | 'unapproved' | 'too-broad' | 'uses-ptr'

const without = ({ wanted, term, name }: Data): Fix =>
  spfFix(wanted, `Remove ${term}`, `Remove ${term} from the record of ${name}`)

/** Why the tree does not tell everything: names that did not answer, and, where a sender is sought, terms that only a message can settle. */
const unread = (tree: SpfTree, seeks: boolean): string | null => {
  if (tree.unknown.length) return `${inWords(tree.unknown.map(item => item.name))} could not be asked for`
  const dynamic = dynamicTerm(tree)
  return seeks && dynamic
    ? `${dynamic.text.slice(0, 80)} depends on the message: ask with launch-ready email spf ${tree.root.domain} --ip ADDRESS`
    : null
}

const zendesk = {
  subject: { kind: 'domain' as const, name: 'coachdash.example' },
  target: { senders: [{ name: 'Zendesk', spf: 'mail.zendesk.com', dkim: [] }] },
}

export default defineCheck<Data>()({
  id: 'spf-senders',
  stage: 'email',
  on: 'domain',
  title: 'SPF authorises your senders and nobody else',
  why: 'Every configured sender must be in the record of the domain that its mail bounces to; an include that belongs to nobody configured is a sender that was left, and may still send as you. Whole cloud ranges authorise every other customer of that cloud.',
  impact: { journey: 'email', owner: 'Either your mail service is not allowed to send for you, or strangers are.' },
  needs: ['spf'],
  wants: ['mx'],
  signals: ['emails-fail', 'never-verified', 'mail-lost'],
  outcomes: {
    'sender-missing': blocker('{who} may not send mail for {name}', ({ wanted, who, term, name }) =>
      spfFix(wanted, `Authorise ${who}`, `Put ${term} into the record of ${name}, before its end`),
    ),
    unapproved: high('{term} may send as you, and is no sender of yours', without),
    'too-broad': high('{term} lets {size} addresses send as you', without),
    'uses-ptr': low('SPF uses ptr, which some receivers ignore', without),
    'approved-only': pass('SPF authorises your senders and nobody else'),
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc7208#section-5.5',
    'https://www.rfc-editor.org/rfc/rfc7208#section-11.4',
  ],
  judge: ({ spf, mx }, { subject, target }) => {
    const servers = mx.ok ? mx.value : null
    const judged = judgedNames(spf)
    if (judged.length === 0) return { skip: 'there is no SPF record' }
    const found = judged.flatMap(({ name, text, tree, item }): (OutcomeHolds<Outcome, Data> | Unknown)[] => {
      const absent = termsNeededAt(name, subject.name, target, servers).filter(
        term => !isAuthorised(tree, term) && !item.covered.includes(term),
      )
      const wanted = wantedSpf(item, subject.name, target, servers)
      const finding = (outcome: Outcome, term: string, who = '', size = '') => ({
        outcome,
        key: `${name} ${term}`,
        data: { name, term, who, size, wanted },
        evidence: [dnsEvidence(name, 'TXT', text), textEvidence('include tree', printTree(tree))],
      })
      const { terms } = tree.root
      const hidden = unread(tree, absent.length > 0)
      return [
        ...(hidden ? [{ unknown: hidden, couldBe: absent.length ? ('blocker' as const) : ('high' as const) }] : []),
        ...(hidden ? [] : absent).map(term => finding('sender-missing', term, whoNeeds(term, target.senders))),
        ...strangers(tree, subject.name, target, servers).map(term => finding('unapproved', term.text)),
        ...terms.flatMap(term => {
          const size = excess(term)
          return size === null ? [] : [finding('too-broad', term.text, '', size)]
        }),
        ...terms.filter(term => term.name === 'ptr' && !term.ignored).map(term => finding('uses-ptr', term.text)),
      ]
    })
    if (found.length) return found
    return {
      outcome: 'approved-only',
      data: { name: subject.name, term: '', who: '', size: '', wanted: null },
      evidence: judged.map(({ name, text }) => dnsEvidence(name, 'TXT', text)),
    }
  },
  examples: [
    {
      ...zendesk,
      name: 'the configured sender is included',
      facts: {
        spf: including('mail.zendesk.com', 'v=spf1 ip4:192.0.2.0/24 ~all'),
      },
      expect: 'approved-only',
    },
    { ...zendesk, name: 'the configured sender is not', facts: {}, expect: 'sender-missing' },
    {
      name: 'a whole continent of addresses',
      facts: { spf: spfWith('v=spf1 ip4:3.0.0.0/8 -all') },
      expect: 'too-broad',
    },
  ],
})

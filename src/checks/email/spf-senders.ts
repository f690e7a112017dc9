import { defineCheck } from '../../core/check.ts'
import { providersOfInclude } from '../../data/mail-providers.ts'
import { isAuthorised } from '../../formats/spf/needs.ts'
import { dynamicTerm, printTree, type SpfTree } from '../../formats/spf/tree.ts'
import { evidence, type Held, inWords, spfTrees } from './mail-records.ts'
import { exampleNode, exampleSpf } from './spf-examples.ts'
import { excess, strangers, termsNeededAt } from './spf-terms.ts'
import { spfFix, type WantedSpf, wantedSpf } from './spf-wanted.ts'

type Data = { name: string; term: string; who: string; size: string; wanted: WantedSpf | null }

const without = (held: Data) =>
  spfFix(held.wanted, `Remove ${held.term}`, `Remove ${held.term} from the record of ${held.name}`)

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
    'sender-missing': {
      status: 'fail',
      severity: 'blocker',
      title: '{who} may not send mail for {name}',
      fix: held =>
        spfFix(
          held.wanted,
          `Authorise ${held.who}`,
          `Put ${held.term} into the record of ${held.name}, before its end`,
        ),
    },
    unapproved: {
      status: 'fail',
      severity: 'high',
      title: '{term} may send as you, and is no sender of yours',
      fix: without,
    },
    'too-broad': { status: 'fail', severity: 'high', title: '{term} lets {size} addresses send as you', fix: without },
    'uses-ptr': { status: 'fail', severity: 'low', title: 'SPF uses ptr, which some receivers ignore', fix: without },
    'approved-only': { status: 'pass', title: 'SPF authorises your senders and nobody else' },
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc7208#section-5.5',
    'https://www.rfc-editor.org/rfc/rfc7208#section-11.4',
  ],
  judge: ({ spf, mx }, { subject, target }) => {
    const known = mx.ok ? mx.value : null
    const judged = spfTrees(spf)
    if (judged.length === 0) return { skip: 'there is no SPF record' }
    const held = judged.flatMap(({ name, text, tree, item }): Held<Outcome, Data>[] => {
      const absent = termsNeededAt(name, subject.name, target, known).filter(
        term => !isAuthorised(tree, term) && !item.covered.includes(term),
      )
      const wanted = wantedSpf(item, subject.name, target, known)
      const say = (outcome: Outcome, term: string, who = '', size = '') => ({
        outcome,
        key: `${name} ${term}`,
        data: { name, term, who, size, wanted },
        evidence: [evidence(`${name} TXT`, text), evidence('include tree', printTree(tree))],
      })
      const hidden = unread(tree, absent.length > 0)
      return [
        ...(hidden ? [{ unknown: hidden, couldBe: absent.length ? ('blocker' as const) : ('high' as const) }] : []),
        ...(hidden ? [] : absent).map(term => say('sender-missing', term, whoNeeds(term, target.senders))),
        ...strangers(tree, subject.name, target, known).map(term => say('unapproved', term.text)),
        ...tree.root.terms.flatMap(term => {
          const size = excess(term)
          return size === null ? [] : [say('too-broad', term.text, '', size)]
        }),
        ...tree.root.terms.filter(term => term.name === 'ptr' && !term.ignored).map(term => say('uses-ptr', term.text)),
      ]
    })
    if (held.length) return held
    return {
      outcome: 'approved-only',
      data: { name: subject.name, term: '', who: '', size: '', wanted: null },
      evidence: judged.map(item => evidence(`${item.name} TXT`, item.text)),
    }
  },
  examples: [
    {
      name: 'the configured sender is included',
      subject: { kind: 'domain', name: 'coachdash.example' },
      target: { senders: [{ name: 'Zendesk', spf: 'mail.zendesk.com', dkim: [] }] },
      facts: {
        spf: exampleSpf('v=spf1 include:mail.zendesk.com -all', {
          'mail.zendesk.com': exampleNode('mail.zendesk.com', 'v=spf1 ip4:192.0.2.0/24 ~all', {}, {}, 1),
        }),
      },
      expect: 'approved-only',
    },
    {
      name: 'the configured sender is not',
      subject: { kind: 'domain', name: 'coachdash.example' },
      target: { senders: [{ name: 'Zendesk', spf: 'mail.zendesk.com', dkim: [] }] },
      facts: { spf: exampleSpf('v=spf1 ip4:192.0.2.25 -all') },
      expect: 'sender-missing',
    },
    {
      name: 'a whole continent of addresses',
      facts: { spf: exampleSpf('v=spf1 ip4:3.0.0.0/8 -all') },
      expect: 'too-broad',
    },
  ],
})

type Outcome = 'sender-missing' | 'unapproved' | 'too-broad' | 'uses-ptr'

const whoNeeds = (term: string, senders: readonly { name: string; spf?: string; ips?: string[] }[]): string => {
  const value = term.replace(/^(include|ip4|ip6):/, '')
  return (
    senders.find(sender => sender.spf === value || sender.ips?.includes(value))?.name ??
    providersOfInclude(value)[0]?.name ??
    value
  )
}

/** Why the tree does not tell everything: names that did not answer, and, where a sender is sought, terms that only a message can settle. */
const unread = (tree: SpfTree, seeks: boolean): string | null => {
  if (tree.unknown.length) return `${inWords(tree.unknown.map(item => item.name))} could not be asked for`
  const dynamic = dynamicTerm(tree)
  return seeks && dynamic
    ? `${dynamic.text.slice(0, 80)} depends on the message: ask with launch-ready email spf ${tree.root.domain} --ip ADDRESS`
    : null
}

// Whom the SPF record lets send: the configured senders, and nobody else.
import { blocker, defineCheck, high, low, type OutcomeHolds, pass, type Unknown } from '../../core/check.ts'
import { dnsEvidence, textEvidence } from '../../core/evidence.ts'
import type { RelayRestriction } from '../../data/shared-networks.ts'
import { including, spfWith } from '../../facts/email/spf.example.ts'
import { judgedNames, openPart } from '../../formats/spf/names.ts'
import { isAuthorised } from '../../formats/spf/needs.ts'
import {
  authorisesNobody,
  excess,
  isConfigured,
  strangers,
  termsNeededAt,
  whoNeeds,
} from '../../formats/spf/senders.ts'
import { printTree } from '../../formats/spf/tree.ts'
import { type WantedSpf, wantedSpf } from '../../formats/spf/wanted.ts'
import { authorise, narrowTerm, withoutTerm } from './spf-fixes.ts'

type Data = {
  name: string
  term: string
  who: string
  wanted: WantedSpf | null
  /** The record by which the relay behind the term lets only one account send. */
  restriction: RelayRestriction | null
}
type Outcome = 'sender-missing' | 'unapproved' | 'too-broad' | 'private-address' | 'uses-ptr'

const zendesk = {
  subject: { kind: 'domain' as const, name: 'coachdash.example' },
  target: { senders: [{ name: 'Zendesk', spf: 'mail.zendesk.com', dkim: [] }] },
}

export default defineCheck<Data>()({
  id: 'spf-senders',
  stage: 'email',
  on: 'domain',
  title: 'SPF authorises your senders and nobody else',
  why: 'Every configured sender must be in the record of the domain that its mail bounces to; an include that belongs to nobody configured is a sender that was left or never named, and may still send as you. Whole cloud ranges authorise every other customer of that cloud.',
  impact: { journey: 'email', owner: 'Either your mail service is not allowed to send for you, or strangers are.' },
  needs: ['spf'],
  wants: ['mx'],
  signals: ['emails-fail', 'never-verified', 'mail-lost'],
  outcomes: {
    'sender-missing': blocker('{who} may not send mail for {name}', authorise, {
      why: 'Its mail fails SPF for your domain, and is more often filed as spam or refused.',
    }),
    unapproved: high('{term} may send as you, and is unknown to you', withoutTerm, {
      why: 'A service that the config does not name may send mail that passes as yours. If you use it, name it in the config and leave the record as it is.',
    }),
    'too-broad': high('{term} lets {who} send as you', narrowTerm, {
      why: 'Anyone who rents a machine there, or is a customer there too, can send mail that passes as yours.',
    }),
    'private-address': low('{term} in SPF is private and lets nobody send', withoutTerm, {
      why: 'Private addresses are not seen outside your own network: the entry does nothing. If a server of yours sends from there, its public address is what belongs in the record.',
    }),
    'uses-ptr': low('SPF uses ptr, which some receivers ignore', withoutTerm, {
      why: 'Receivers may skip this entry: mail that only it allows fails SPF there.',
    }),
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
      const needed = termsNeededAt(name, subject.name, target, servers)
      const absent = needed.filter(term => !isAuthorised(tree, term) && !item.covered.includes(term))
      const wanted = wantedSpf(item, subject.name, target, servers)
      const finding = (outcome: Outcome, term: string, who = '', restriction: RelayRestriction | null = null) => ({
        outcome,
        key: `${name} ${term}`,
        data: { name, term, who, wanted, restriction },
        evidence: [dnsEvidence(name, 'TXT', text), textEvidence('include tree', printTree(tree))],
      })
      const { terms } = tree.root
      const hidden = openPart(tree, absent.length > 0)
      return [
        ...(hidden ? [{ unknown: hidden, couldBe: absent.length ? ('blocker' as const) : ('high' as const) }] : []),
        ...(hidden ? [] : absent).map(term => finding('sender-missing', term, whoNeeds(term, target.senders))),
        ...strangers(tree, subject.name, target, servers, item.restricted).map(term =>
          finding('unapproved', term.text),
        ),
        ...terms.flatMap(term => {
          const much = isConfigured(term, target, needed) ? null : excess(term, item.restricted)
          return much ? [finding('too-broad', term.text, much.whom, much.restriction)] : []
        }),
        ...terms.filter(authorisesNobody).map(term => finding('private-address', term.text)),
        ...terms.filter(term => term.name === 'ptr' && !term.ignored).map(term => finding('uses-ptr', term.text)),
      ]
    })
    if (found.length) return found
    return {
      outcome: 'approved-only',
      data: { name: subject.name, term: '', who: '', wanted: null, restriction: null },
      evidence: judged.map(({ name, text }) => dnsEvidence(name, 'TXT', text)),
    }
  },
  examples: [
    {
      ...zendesk,
      name: 'the configured sender is included',
      facts: { spf: including('mail.zendesk.com', 'v=spf1 ip4:192.0.2.0/24 ~all') },
      expect: 'approved-only',
    },
    { ...zendesk, name: 'the configured sender is not', facts: {}, expect: 'sender-missing' },
    {
      name: 'a whole continent of addresses',
      facts: { spf: spfWith('v=spf1 ip4:3.0.0.0/8 -all') },
      expect: 'too-broad',
    },
    {
      name: 'a network that is not seen from outside',
      facts: { spf: spfWith('v=spf1 ip4:10.0.0.0/8 -all') },
      expect: 'private-address',
    },
  ],
})

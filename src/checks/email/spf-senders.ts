import { defineCheck } from '../../core/check.ts'
import type { Fix } from '../../core/fix.ts'
import { type MailProvider, providerNamed, providerOfMx, providersOfInclude } from '../../data/mail-providers.ts'
import { wholeClouds } from '../../data/shared-networks.ts'
import { addToSpf, parseSpf, rewriteSpf } from '../../formats/spf.ts'
import { printTree, type SpfTree, treeNetworks, treeTerms } from '../../formats/spf-tree.ts'
import { evidence, type Held, recordFix, replaceRecord, spfTrees } from './mail-records.ts'
import { exampleNode, exampleSpf } from './spf-examples.ts'
import { isAuthorised, neededTerms } from './spf-terms.ts'

type Data = { name: string; text: string; term: string; who: string; size: string }

const without = (held: Data): Fix =>
  recordFix(`Remove ${held.term}`, [
    replaceRecord(
      held.name,
      'TXT',
      rewriteSpf(parseSpf(held.text), term => (term.text === held.term ? null : undefined)),
      held.text,
    ),
  ])

export default defineCheck<Data>()({
  id: 'spf-senders',
  stage: 'email',
  on: 'domain',
  title: 'SPF authorises your senders and nobody else',
  why: 'Every configured sender must be in the record of the domain that its mail bounces to; an include that belongs to nobody configured is a sender that was left, and may still send as you. Whole cloud ranges authorise every other customer of that cloud.',
  impact: { journey: 'email', owner: 'Either your mail service is not allowed to send for you, or strangers are.' },
  needs: ['spf'],
  wants: ['mx'],
  outcomes: {
    'sender-missing': {
      status: 'fail',
      severity: 'blocker',
      title: '{who} may not send mail for {name}',
      fix: held =>
        recordFix(`Authorise ${held.who}`, [
          replaceRecord(held.name, 'TXT', addToSpf(held.text, [held.term]), held.text),
        ]),
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
    const held = judged.flatMap(({ name, text, tree }): Held<Outcome, Data>[] => {
      const needed = neededTerms(name, subject.name, target, known)
      const absent = needed.filter(term => !isAuthorised(tree, term))
      const say = (outcome: Outcome, term: string, who = '', size = '') => ({
        outcome,
        key: `${name} ${term}`,
        data: { name, text, term, who, size },
        evidence: [evidence(`${name} TXT`, text), evidence('include tree', printTree(tree))],
      })
      if (absent.length && tree.unknown.length)
        return [
          { unknown: `${tree.unknown.map(item => item.name).join(', ')} could not be asked for`, couldBe: 'blocker' },
        ]
      const strangers = target.senders.length
        ? unapproved(
            tree,
            needed,
            known?.hosts.flatMap(host => providerOfMx(host.exchange)?.id ?? []) ?? [],
            name === subject.name ? target.senders.map(sender => sender.spf ?? '') : [],
            target.senders.flatMap(sender => providerNamed(sender.name) ?? []),
          )
        : []
      return [
        ...absent.map(term => say('sender-missing', term, whoNeeds(term, target.senders))),
        ...strangers.map(term => say('unapproved', term)),
        ...tooBroad(tree).map(({ term, size }) => say('too-broad', term, '', size)),
        ...tree.root.terms.filter(term => term.name === 'ptr' && !term.ignored).map(term => say('uses-ptr', term.text)),
      ]
    })
    if (held.length) return held
    return {
      outcome: 'approved-only',
      data: { name: subject.name, text: '', term: '', who: '', size: '' },
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

/** Includes of the record itself that no configured sender and no mailbox provider explains. Own names are nobody else's. */
const unapproved = (
  tree: SpfTree,
  needed: readonly string[],
  mailboxes: readonly string[],
  configured: readonly string[],
  named: readonly MailProvider[],
): string[] =>
  tree.root.terms
    .filter(term => term.name === 'include' && !term.ignored && term.qualifier === '+' && term.target !== null)
    .filter(term => {
      const name = term.target as string
      if (name === tree.root.domain || name.endsWith(`.${tree.root.domain}`)) return false
      if (configured.includes(name) || needed.includes(`include:${name}`)) return false
      const providers = providersOfInclude(name)
      const wanted = needed.flatMap(item => providersOfInclude(item.replace(/^include:/, '')))
      return !providers.some(item => mailboxes.includes(item.id) || named.includes(item) || wanted.includes(item))
    })
    .map(term => term.text)

/** Terms of the record itself that open more than any sender needs: over 16,384 IPv4 addresses, an IPv6 block over /32, a whole cloud. */
const tooBroad = (tree: SpfTree): { term: string; size: string }[] =>
  tree.root.terms.flatMap(term => {
    if (term.ignored || term.qualifier !== '+') return []
    const cloud = term.target === null ? undefined : wholeClouds[term.target]
    if (cloud) return [{ term: term.text, size: `all ${cloud}` }]
    const networks = term.node
      ? treeTerms(term.node).some(({ term: inner }) => inner.name === 'all' && inner.qualifier === '+')
        ? []
        : treeNetworks(term.node).filter(network => prefix(network) < (network.includes(':') ? 20 : 12))
      : term.networks.filter(network => prefix(network) < (network.includes(':') ? 32 : 18))
    const [widest] = networks.sort((a, b) => prefix(a) - prefix(b))
    return widest === undefined
      ? []
      : [
          {
            term: term.text,
            size: widest.includes(':')
              ? `a /${prefix(widest)} of`
              : (2 ** (32 - prefix(widest))).toLocaleString('en-US'),
          },
        ]
  })

const prefix = (network: string): number => Number(network.split('/')[1] ?? (network.includes(':') ? 128 : 32))

import { defineCheck } from '../../core/check.ts'
import { providersOfInclude } from '../../data/mail-providers.ts'
import type { SpfOfName } from '../../facts/email/spf.ts'
import { allOf, parseSpf } from '../../formats/spf/spf.ts'
import { opensAll, type SpfNode, type SpfTree, treeIncludes, treeNodes, treeTerms } from '../../formats/spf/tree.ts'
import { evidence, inWords, isEnforced, txtEvidence } from './mail-records.ts'
import { exampleNode, exampleSpf } from './spf-examples.ts'
import { spfFix, type WantedSpf, wantedSpf } from './spf-wanted.ts'

type Data = { name: string; where: string; own: boolean; wanted: WantedSpf | null }

const close = (held: Data) =>
  spfFix(held.own ? held.wanted : null, 'End the record with ~all', `End the record of ${held.where} with ~all`, 5)

const shut = (held: Data) =>
  held.own
    ? close(held)
    : spfFix(
        null,
        'Remove the include that opens your domain',
        `${held.where} lets everybody pass: remove the include that leads there and tell its owner`,
      )

export default defineCheck<Data>()({
  id: 'spf-all',
  stage: 'email',
  on: 'domain',
  title: 'SPF ends by refusing everybody else',
  why: 'The end of the record says what happens to servers that are not in it. "+all" authorises the whole internet, also where it stands in an included record; "?all" and a missing end say nothing. What stands behind "all" is never read, and a redirect beside it is ignored.',
  impact: { journey: 'email', owner: 'Anyone can send mail that passes as yours.' },
  needs: ['spf'],
  wants: ['mx', 'dmarc'],
  signals: ['emails-fail'],
  outcomes: {
    'pass-all': {
      status: 'fail',
      severity: 'blocker',
      title: 'SPF lets the whole internet send as {name}',
      fix: shut,
    },
    neutral: {
      status: 'fail',
      severity: 'medium',
      title: 'SPF of {name} ends in ?all: forged mail is not marked',
      fix: close,
    },
    missing: {
      status: 'fail',
      severity: 'medium',
      title: 'SPF of {name} has no end: forged mail is not marked',
      fix: close,
    },
    'text-after': {
      status: 'fail',
      severity: 'low',
      title: 'SPF of {name} has entries behind its end',
      fix: held => spfFix(held.wanted, 'Move what is needed before the end', 'Remove what stands behind the end', 5),
    },
    'redirect-ignored': {
      status: 'fail',
      severity: 'medium',
      title: 'A redirect in SPF of {name} is never followed',
      fix: held => spfFix(held.wanted, 'Include what was meant', 'Include what was meant', 5),
    },
    'ends-closed': { status: 'pass', title: 'SPF ends by refusing everybody else' },
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc7208#section-5.1',
    'https://www.rfc-editor.org/rfc/rfc7208#section-6.1',
  ],
  judge: ({ spf, mx, dmarc }, { subject, target }) => {
    const judged = spf.names.filter(item => item.texts.length > 0)
    if (judged.length === 0) return { skip: 'there is no SPF record' }
    const held = judged.flatMap(item => {
      const wanted = wantedSpf(item, subject.name, target, mx.ok ? mx.value : null)
      return endsOf(item).map(({ outcome, domain, text, via }) => ({
        outcome,
        key: `${item.name} ${domain}`,
        data: {
          name: item.name,
          where: domain,
          own: domain === item.name || wanted?.fit.cuts.some(cut => cut.term === via) === true,
          wanted,
        },
        ...(outcome === 'neutral' && isProposed(item) && isEnforced(dmarc.ok ? dmarc.value : null)
          ? { severity: 'low' as const }
          : {}),
        evidence: [
          ...txtEvidence(item.name, item.texts),
          ...(domain === item.name ? [] : [evidence(`${domain} TXT`, text)]),
        ],
      }))
    })
    const hidden = judged.flatMap(item => (item.tree && item.texts.length === 1 ? unreadNodes(item.tree) : []))
    const open = held.some(item => item.outcome === 'pass-all')
    if (hidden.length && !open)
      return [
        ...held,
        { unknown: `${inWords(hidden)} could not be read, and may let everybody pass`, couldBe: 'blocker' },
      ]
    if (held.length) return held
    return {
      outcome: 'ends-closed',
      data: { name: subject.name, where: '', own: true, wanted: null },
      evidence: judged.flatMap(item => txtEvidence(item.name, item.texts)),
    }
  },
  examples: [
    { name: 'soft fail at the end', facts: { spf: exampleSpf('v=spf1 ip4:192.0.2.25 ~all') }, expect: 'ends-closed' },
    { name: 'everybody passes', facts: { spf: exampleSpf('v=spf1 ip4:192.0.2.25 +all') }, expect: 'pass-all' },
    {
      name: 'everybody passes through an include',
      facts: {
        spf: exampleSpf('v=spf1 include:spf.sender.example -all', {
          'spf.sender.example': exampleNode('spf.sender.example', 'v=spf1 all', {}, {}, 1),
        }),
      },
      expect: 'pass-all',
    },
  ],
})

/** The node whose `all` ends evaluation: the root, or where its redirect leads. Null when that cannot be followed. */
const end = (root: SpfNode): SpfNode | null => {
  const redirect = root.terms.find(term => term.name === 'redirect' && !term.ignored)
  return redirect ? redirect.node && end(redirect.node) : root
}

type End = {
  outcome: 'pass-all' | 'neutral' | 'missing' | 'text-after' | 'redirect-ignored'
  domain: string
  text: string
  /** The term of the record itself that leads there. */
  via: string
}

/** Records that may be reached, did not answer or were not looked at, and so may hold a "+all". */
const unreadNodes = (tree: SpfTree): string[] =>
  treeNodes(tree.root).flatMap(node =>
    (node.status === 'unknown' || node.status === 'cut') && passes(tree.root, node) ? [node.domain] : [],
  )

/** What holds of the ends of one name's record; of several records, which count for nobody, only that one opens everything. */
const endsOf = (item: SpfOfName): End[] => {
  if (item.texts.length > 1)
    return item.texts.some(text => allOf(parseSpf(text))?.qualifier === '+')
      ? [{ outcome: 'pass-all', domain: item.name, text: '', via: '' }]
      : []
  return item.tree ? judgeRoot(item.tree.root) : []
}

const isAll = (term: { kind: string; name: string }): boolean => term.kind === 'mechanism' && term.name === 'all'

const judgeRoot = (root: SpfNode): End[] => {
  const list: End[] = []
  const say = (outcome: End['outcome'], node: SpfNode): void =>
    void list.push({ outcome, domain: node.domain, text: node.text ?? '', via: wayTo(root, node) })
  const open = treeTerms(root).find(({ term, node }) => opensAll(term) && passes(root, node))
  if (open) say('pass-all', open.node)
  const last = end(root)
  const all = last?.terms.find(isAll)
  if (last && all?.qualifier === '?') say('neutral', last)
  // A spoilt "all" is told as the fault that it is.
  const spoilt = last?.faults.some(fault => /all\W*$/i.test(fault.text)) === true
  if (last?.status === 'record' && !all && !spoilt) say('missing', last)
  const own = root.terms.find(isAll)
  if (own && root.terms.some(term => term.kind === 'mechanism' && term.at > own.at)) say('text-after', root)
  if (own && root.terms.some(term => term.name === 'redirect')) say('redirect-ignored', root)
  return list
}

/** True where a service proposes this very end on its set-up page. */
const isProposed = (item: SpfOfName): boolean =>
  item.tree !== null &&
  treeIncludes(item.tree.root).some(name => providersOfInclude(name).some(provider => provider.end === '?all'))

/** The term of the root that leads to a node, by passing includes. */
const wayTo = (root: SpfNode, node: SpfNode): string =>
  root.terms.find(term => !term.ignored && term.qualifier === '+' && term.node && passes(term.node, node))?.text ?? ''

/** True when a pass in `node` is a pass of the root: every include on the way there is a passing one. */
const passes = (root: SpfNode, node: SpfNode): boolean =>
  root === node ||
  root.terms.some(term => !term.ignored && term.node !== null && term.qualifier === '+' && passes(term.node, node))

import { defineCheck } from '../../core/check.ts'
import { allOf, parseSpf, rewriteSpf } from '../../formats/spf.ts'
import { type SpfNode, treeTerms } from '../../formats/spf-tree.ts'
import { evidence, manual, recordFix, replaceRecord } from './mail-records.ts'
import { exampleNode, exampleSpf } from './spf-examples.ts'

type Data = { name: string; text: string; term: string; where: string; own: boolean }

const close = (held: Data) =>
  held.own
    ? recordFix(
        'End the record with ~all',
        [
          replaceRecord(
            held.name,
            'TXT',
            rewriteSpf(parseSpf(held.text), () => undefined, '~all'),
            held.text,
          ),
        ],
        5,
      )
    : recordFix(
        'Remove the include that opens your domain',
        [manual(`${held.where} lets everybody pass: remove the include that leads there and tell its owner`)],
        15,
      )

export default defineCheck<Data>()({
  id: 'spf-all',
  stage: 'email',
  on: 'domain',
  title: 'SPF ends by refusing everybody else',
  why: 'The end of the record says what happens to servers that are not in it. "+all" authorises the whole internet, also where it stands in an included record; "?all" and a missing end say nothing. What stands behind "all" is never read, and a redirect beside it is ignored.',
  impact: { journey: 'email', owner: 'Anyone can send mail that passes as yours.' },
  needs: ['spf'],
  outcomes: {
    'pass-all': {
      status: 'fail',
      severity: 'blocker',
      title: 'SPF lets the whole internet send as {name}',
      fix: close,
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
      fix: held =>
        recordFix(
          'Move what is needed before the end',
          [replaceRecord(held.name, 'TXT', moveBeforeAll(held.text), held.text)],
          5,
        ),
    },
    'redirect-ignored': {
      status: 'fail',
      severity: 'medium',
      title: 'A redirect in SPF of {name} is never followed',
      fix: held =>
        recordFix(
          'Include what was meant',
          [replaceRecord(held.name, 'TXT', includeRedirect(held.text), held.text)],
          5,
        ),
    },
    'ends-closed': { status: 'pass', title: 'SPF ends by refusing everybody else' },
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc7208#section-5.1',
    'https://www.rfc-editor.org/rfc/rfc7208#section-6.1',
  ],
  judge: ({ spf }, { subject }) => {
    const roots = spf.names.flatMap(item => (item.tree && item.texts.length === 1 ? [item.tree.root] : []))
    if (roots.length === 0) return { skip: 'there is no SPF record' }
    const held = roots.flatMap(root =>
      judgeRoot(root).map(({ outcome, term, node }) => ({
        outcome,
        key: `${root.domain} ${node.domain}`,
        data: { name: root.domain, text: root.text ?? '', term, where: node.domain, own: node === root },
        evidence: [
          evidence(`${root.domain} TXT`, root.text ?? ''),
          ...(node === root ? [] : [evidence(`${node.domain} TXT`, node.text ?? '')]),
        ],
      })),
    )
    const cut = roots.some(root => end(root)?.status === 'unknown')
    if (held.length) return held
    if (cut) return { unknown: 'the record that this one redirects to could not be asked for', couldBe: 'blocker' }
    return {
      outcome: 'ends-closed',
      data: { name: subject.name, text: '', term: '', where: '', own: true },
      evidence: roots.map(root => evidence(`${root.domain} TXT`, root.text ?? '')),
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

type Held = {
  outcome: 'pass-all' | 'neutral' | 'missing' | 'text-after' | 'redirect-ignored'
  term: string
  node: SpfNode
}

const judgeRoot = (root: SpfNode): Held[] => {
  const list: Held[] = []
  const open = treeTerms(root).find(
    ({ term, node }) => term.name === 'all' && term.qualifier === '+' && passes(root, node),
  )
  if (open) list.push({ outcome: 'pass-all', term: open.term.text, node: open.node })
  const last = end(root)
  const all = last?.terms.find(term => term.name === 'all')
  if (last && all?.qualifier === '?') list.push({ outcome: 'neutral', term: all.text, node: last })
  if (last?.status === 'record' && !all) list.push({ outcome: 'missing', term: '', node: last })
  const own = root.terms.find(term => term.name === 'all')
  if (own && root.terms.some(term => term.kind === 'mechanism' && term.at > own.at))
    list.push({ outcome: 'text-after', term: own.text, node: root })
  if (own && root.terms.some(term => term.name === 'redirect'))
    list.push({ outcome: 'redirect-ignored', term: own.text, node: root })
  return list
}

/** True when a pass in `node` is a pass of the root: every include on the way there is a passing one. */
const passes = (root: SpfNode, node: SpfNode): boolean =>
  root === node ||
  root.terms.some(term => !term.ignored && term.node !== null && term.qualifier === '+' && passes(term.node, node))

const moveBeforeAll = (text: string): string => {
  const record = parseSpf(text)
  const all = allOf(record)
  // A second `all` goes; everything else keeps its order.
  return rewriteSpf(record, () => undefined, all?.text)
}

const includeRedirect = (text: string): string => {
  const record = parseSpf(text)
  const redirect = record.terms.find(term => term.name === 'redirect')
  const rest = record.terms.filter(term => term.name !== 'redirect' && term.name !== 'all').map(term => term.text)
  return ['v=spf1', ...rest, `include:${redirect?.domain}`, allOf(record)?.text ?? '~all'].join(' ')
}

// How the SPF record ends: what happens to servers that are not in it.
import { blocker, defineCheck, low, medium, pass } from '../../core/check.ts'
import { dnsEvidence, recordsEvidence } from '../../core/evidence.ts'
import type { Fix } from '../../core/fix.ts'
import { including, spfWith } from '../../facts/email/spf.example.ts'
import { appliedPolicy } from '../../formats/dmarc/dmarc.ts'
import { inWords } from '../../formats/mail/in-words.ts'
import { endsOf, isProposed, unreadNodes } from '../../formats/spf/ends.ts'
import { judgedNames } from '../../formats/spf/names.ts'
import { type WantedSpf, wantedSpf } from '../../formats/spf/wanted.ts'
import { spfFix } from './mail-fixes.ts'

/** `where` is the name whose record it is; `own`: the domain can change it. */
type Data = { name: string; where: string; own: boolean; wanted: WantedSpf | null }

const close = ({ own, where, wanted }: Data): Fix =>
  spfFix(own ? wanted : null, 'End the record with ~all', `End the record of ${where} with ~all`, 5)

const shut = (data: Data): Fix =>
  data.own
    ? close(data)
    : spfFix(
        null,
        'Remove the include that opens your domain',
        `${data.where} lets everybody pass: remove the include that leads there and tell its owner`,
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
    'pass-all': blocker('SPF lets the whole internet send as {name}', shut),
    neutral: medium('SPF of {name} ends in ?all: forged mail is not marked', close, {
      why: 'Mail from servers that are not in the record is neither marked nor refused for that, so forgeries are harder to tell.',
    }),
    missing: medium('SPF of {name} has no end: forged mail is not marked', close, {
      why: 'Mail from servers that are not in the record is neither marked nor refused for that, so forgeries are harder to tell.',
    }),
    'text-after': low(
      'SPF of {name} has entries behind its end',
      ({ wanted }) => spfFix(wanted, 'Move what is needed before the end', 'Remove what stands behind the end', 5),
      { why: 'Receivers stop reading at the end: a sender that is named behind it is not allowed.' },
    ),
    'redirect-ignored': medium(
      'A redirect in SPF of {name} is never followed',
      ({ wanted }) => spfFix(wanted, 'Include what was meant', 'Include what was meant', 5),
      { why: 'Receivers do not follow a redirect beside "all": senders that are only named there are not allowed.' },
    ),
    'ends-closed': pass('SPF ends by refusing everybody else'),
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc7208#section-5.1',
    'https://www.rfc-editor.org/rfc/rfc7208#section-6.1',
  ],
  judge: ({ spf, mx, dmarc }, { subject, target }) => {
    const judged = spf.names.filter(item => item.texts.length > 0)
    if (judged.length === 0) return { skip: 'there is no SPF record' }
    const isEnforced = dmarc.ok && appliedPolicy(dmarc.value.walk) !== 'none'
    const found = judged.flatMap(item => {
      const { name, texts } = item
      const wanted = wantedSpf(item, subject.name, target, mx.ok ? mx.value : null)
      return endsOf(item).map(({ outcome, domain, text, via }) => ({
        outcome,
        key: `${name} ${domain}`,
        data: {
          name,
          where: domain,
          own: domain === name || wanted?.fit.cuts.some(cut => cut.term === via) === true,
          wanted,
        },
        ...(outcome === 'neutral' && isProposed(item) && isEnforced ? { severity: 'low' as const } : {}),
        evidence: [
          ...recordsEvidence(name, 'TXT', texts),
          ...(domain === name ? [] : [dnsEvidence(domain, 'TXT', text)]),
        ],
      }))
    })
    const hidden = judgedNames(spf).flatMap(({ tree }) => unreadNodes(tree))
    if (hidden.length && !found.some(item => item.outcome === 'pass-all'))
      return [
        ...found,
        { unknown: `${inWords(hidden)} could not be read, and may let everybody pass`, couldBe: 'blocker' },
      ]
    if (found.length) return found
    return {
      outcome: 'ends-closed',
      data: { name: subject.name, where: '', own: true, wanted: null },
      evidence: judged.flatMap(({ name, texts }) => recordsEvidence(name, 'TXT', texts)),
    }
  },
  examples: [
    { name: 'soft fail at the end', facts: { spf: spfWith('v=spf1 ip4:192.0.2.25 ~all') }, expect: 'ends-closed' },
    { name: 'everybody passes', facts: { spf: spfWith('v=spf1 ip4:192.0.2.25 +all') }, expect: 'pass-all' },
    {
      name: 'everybody passes through an include',
      facts: {
        spf: including('spf.sender.example', 'v=spf1 all'),
      },
      expect: 'pass-all',
    },
  ],
})

// Why receivers cannot read the SPF record of a name, or why there is none.
import type { Target } from '../../core/target.ts'
import { providerOfMx } from '../../data/mail-providers.ts'
import { emailSectionOf } from '../mail/direction.ts'
import type { SpfOfName } from './names.ts'
import { spfLengthLimit } from './repair.ts'
import { type MailServers, termsNeededAt } from './senders.ts'
import { isMistyped } from './spf.ts'

export type RecordFault = {
  kind: 'missing' | 'ignored-term' | 'multiple' | 'malformed' | 'too-long' | 'leading-space' | 'type-99-only'
  /** Where it begins, counted from 1; 0 where it has no place. */
  position: number
  fault: string
  severity?: 'blocker' | 'low'
  /** What was seen, as labels and values. */
  seen: readonly (readonly [label: string, value: string])[]
}

const faultOf = (kind: RecordFault['kind'], given: Partial<RecordFault> = {}): RecordFault => ({
  kind,
  position: 0,
  fault: '',
  seen: [],
  ...given,
})

/** Why there is no record. `unused`: nobody's mail bounces to this name. */
const absenceOf = ({ near: [near], type99: [old], name, senders }: SpfOfName, unused: boolean): RecordFault => {
  if (near)
    return faultOf(near.kind === 'leading' ? 'leading-space' : 'malformed', {
      position: near.at + 1,
      fault: near.message,
      seen: [['at character', `${near.at + 1}: ${near.message}`]],
    })
  if (old) return faultOf('type-99-only', { seen: [[`${name} SPF (type 99)`, old]] })
  return faultOf('missing', {
    ...(senders.length ? { severity: 'blocker' as const } : unused ? { severity: 'low' as const } : {}),
    seen: senders.map(sender => ['sender', sender]),
  })
}

/** Everything that holds for one name: several records, the faults of the one, or why there is none. */
export const recordFaults = (item: SpfOfName, unused: boolean): RecordFault[] => {
  const [text] = item.texts
  if (text === undefined) return [absenceOf(item, unused)]
  if (item.texts.length > 1) return [faultOf('multiple')]
  const faults = item.tree?.root.faults ?? []
  if (faults[0])
    return [
      faultOf('malformed', {
        position: faults[0].at + 1,
        fault: faults[0].message,
        seen: faults.slice(0, 20).map(fault => [`at character ${fault.at + 1}`, fault.message]),
      }),
    ]
  const mistyped = item.tree?.root.terms.find(isMistyped)
  return [
    ...(mistyped
      ? [
          faultOf('ignored-term', {
            fault: mistyped.text.slice(0, 30),
            seen: [
              [
                `at character ${mistyped.at + 1}`,
                `"${mistyped.text}" should read "${mistyped.text.replace('=', ':')}"`,
              ],
            ],
          }),
        ]
      : []),
    ...(text.length > spfLengthLimit ? [faultOf('too-long')] : []),
  ]
}

/**
 * The record that refuses everybody, where there is none and nobody needs one (else empty); and whether any mail bounces
 * to the name at all. `returnPaths`: names below the domain that bounces were seen to go to.
 */
export const denialAt = (
  item: SpfOfName,
  domain: string,
  target: Target,
  mx: MailServers,
  returnPaths: readonly string[],
): { denial: string; unused: boolean } => {
  const needed = termsNeededAt(item.name, domain, target, mx)
  const free = item.name === domain && needed.length === 0
  // Every sender bounces elsewhere and nobody's mailboxes send from here: the record only keeps forgers out.
  const unused = free && item.senders.length === 0 && target.senders.length > 0
  const seen = free && target.senders.length === 0 && returnPaths.length > 0
  const silent =
    unused && mx?.hosts.every(host => (providerOfMx(host.exchange)?.envelope ?? 'from') !== 'from') === true
  const denies = emailSectionOf(target).sends === false && needed.length === 0
  return { denial: denies || silent ? 'v=spf1 -all' : '', unused: unused || seen }
}

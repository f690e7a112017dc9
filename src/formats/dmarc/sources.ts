// Which sources of DMARC reports are the domain's own, which fail, and the next step of its policy.
import type { TargetSender } from '../../core/target.ts'
import { providerNamed } from '../../data/mail-providers.ts'
import { type DmarcRecord, effectivePolicies } from './dmarc.ts'
import { dmarcRollout } from './rollout.ts'
import { passRate, readiness, type Source, type Summary } from './summary.ts'

/** An unknown source of fewer messages, and of a smaller part of all, is the noise that every domain has. */
const noise = { messages: 10, part: 0.01 } as const

/** The configured senders and own servers, and the providers (`inSight`, by name) that the records or the config show the domain to use. */
export const isYours = (
  source: Pick<Source, 'name' | 'kind'>,
  senders: readonly TargetSender[],
  inSight: readonly string[],
): boolean => {
  if (source.kind === 'own-sender') return true
  if (source.kind !== 'provider') return false
  return (
    inSight.includes(source.name) ||
    senders.some(
      sender =>
        providerNamed(sender.name)?.name === source.name ||
        (sender.spf !== undefined && providerNamed(source.name)?.spf.includes(sender.spf) === true),
    )
  )
}

/** True where an enforcing policy would lose mail of this source. */
export const isFailing = (source: Source): boolean =>
  source.messages > 0 && source.passing / source.messages < readiness.rate

export const isNoise = (source: Source, all: Summary): boolean =>
  source.messages < noise.messages && source.messages < all.messages * noise.part

/** How a source is made to pass: the provider's own words where it is one. */
export const setupOf = (source: Pick<Source, 'name'>): string =>
  providerNamed(source.name)?.setup ??
  'Sign its mails with DKIM under your own domain, or let its bounces go to a name below your domain that its servers are allowed to use (SPF).'

/** How much passes of the known sources alone: what the verdict rests on. */
export const knownRate = ({ sources }: Pick<Summary, 'sources'>): string => {
  const known = sources.filter(source => source.kind === 'own-sender' || source.kind === 'provider')
  return passRate({
    messages: known.reduce((sum, source) => sum + source.messages, 0),
    passing: known.reduce((sum, source) => sum + source.passing, 0),
  })
}

export type NextStep = {
  at: string
  text: string
  /** The record of the next step; empty where the last is reached. */
  wanted: string
  policy: string
  rejecting: boolean
}

/** The next step of the roll-out; null where no record is known. `now` in milliseconds. */
export const nextStep = (
  walk: { record: DmarcRecord | null; at: string | null } | null,
  domain: string,
  now: number,
): NextStep | null => {
  if (!walk?.record || walk.at === null) return null
  const { record, at } = walk
  const rejecting = effectivePolicies(record).domain === 'reject'
  const step = rejecting ? undefined : dmarcRollout(record, domain, now).find(item => !item.reached)
  return { at, text: record.text, wanted: step?.record ?? '', policy: record.p ?? 'none', rejecting }
}

/** True where the reports were made under the policy that stands there now: what it changed is in them. */
export const isCurrent = (summary: Pick<Summary, 'policy'>, next: Pick<NextStep, 'policy'>): boolean =>
  summary.policy === null || summary.policy === next.policy

/** What the reports say, as labels and values: the whole, the largest sources, the verdict. */
export const summaryLines = (summary: Summary, place: string): (readonly [label: string, value: string])[] => [
  [
    place,
    `${summary.reports} reports over ${summary.days.length} days: ${summary.messages} messages, ${passRate(summary)} pass`,
  ],
  ...summary.sources.slice(0, 12).map(source => {
    const from = source.addresses.slice(0, 3).join(', ')
    return [source.name, `${source.messages} messages, ${passRate(source)} pass, from ${from}`] as const
  }),
  ...summary.verdict.because.map(reason => [summary.verdict.ready ? 'ready' : 'not ready', reason] as const),
]

// Whether a domain is meant to send mail, and to receive it: by the config, else by what its records say.
import type { Fact } from '../../core/fact.ts'
import type { Target } from '../../core/target.ts'
import { isDenyAll } from '../spf/spf.ts'

/** The config's e-mail section as far as records are concerned. */
export type EmailSection = { sends?: boolean; receives?: boolean; blocklists?: string[]; reports?: string }

export const emailSectionOf = (target: Target): EmailSection => (target.sections['email'] ?? {}) as EmailSection

/** SPF records of the domain itself, which stands first. */
type SpfRecords = { names: readonly { texts: readonly string[] }[] }

/** The domain's own SPF records; empty where there are none or they could not be seen. */
export const ownSpfTexts = (spf: SpfRecords | Fact<SpfRecords>): readonly string[] => {
  const seen = 'ok' in spf ? (spf.ok ? spf.value : null) : spf
  return seen?.names[0]?.texts ?? []
}

/** True for exactly one SPF record, which refuses everybody. */
export const deniesAll = (texts: readonly string[]): boolean => texts.length === 1 && isDenyAll(texts[0] as string)

/** True when the domain is meant to send nothing: the config says so, or nobody is configured and SPF refuses all. */
export const sendsNothing = (target: Target, spf: SpfRecords | Fact<SpfRecords>): boolean => {
  const { sends } = emailSectionOf(target)
  if (sends !== undefined) return !sends
  return target.senders.length === 0 && deniesAll(ownSpfTexts(spf))
}

/** True when the domain is meant to receive nothing: the config says so, or its only MX record is `0 .` (RFC 7505). */
export const receivesNothing = (target: Target, mx: { nullMx: boolean; hosts: readonly unknown[] }): boolean => {
  const { receives } = emailSectionOf(target)
  return receives !== undefined ? !receives : mx.nullMx && mx.hosts.length === 0
}

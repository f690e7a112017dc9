// What is wrong with the key behind a selector, and which service hands it out.
import type { TargetSender } from '../../core/target.ts'
import { type MailProvider, mailProviders, providerNamed, providerOfTarget } from '../../data/mail-providers.ts'
import { type DkimKey, mendDkim, selectorAt, withoutTag, withoutTestFlag } from './dkim.ts'
import type { StrayKey } from './stray.ts'

/** The selector of `pm._domainkey.example.com`. */
export const selectorOf = (name: string): string => name.slice(0, name.indexOf('._domainkey.'))

/** The service that hands the key out: by the config, by where the name leads, by a selector of its own; null where none is known. */
export const keyProvider = (
  selector: string,
  target: string,
  senders: readonly TargetSender[],
): MailProvider | null => {
  const sender = senders.find(item => item.dkim.some(given => selectorAt(given, '').selector === selector))
  return (
    (sender && providerNamed(sender.name)) ??
    providerOfTarget(target) ??
    mailProviders.find(item => item.keyBits && item.dkim.includes(selector)) ??
    null
  )
}

/** What stands at the selector. */
export type KeyRecord = {
  name: string
  configured: boolean
  exists: boolean
  cnames: readonly string[]
  texts: readonly string[]
  key: DkimKey | null
  keys: number
  wildcard: boolean
  /** The key, or where it is kept, as it stands at another name or in another type; null where nothing was seen. */
  stray: StrayKey | null
}

/** Other selectors of the run, as far as they tell about this one; null where they are not known. */
export type KnownSelectors = readonly { selector: string; domain: string; state: string; type: string | null }[] | null

export type KeyFault = {
  kind:
    | 'missing'
    | 'revoked'
    | 'malformed'
    | 'weak'
    | 'too-weak'
    | 'oversized'
    | 'sha1-only'
    | 'testing'
    | 'target-missing'
    | 'misplaced'
    | 'ed25519-alone'
    | 'wildcard'
  severity?: 'high' | 'low'
  /** The record that mends it; null where only a new key does. */
  wanted: string | null
  seen: readonly (readonly [label: string, value: string])[]
}

const fault = (kind: KeyFault['kind'], more: Partial<KeyFault> = {}): KeyFault => ({
  kind,
  wanted: null,
  seen: [],
  ...more,
})

const isBelow = (name: string, domain: string): boolean => name.endsWith(`._domainkey.${domain}`)

/**
 * True for a selector that a service keeps for the next rotation, while a key of its stands at another: its name leads to
 * the service, or (with services that are known to fill the second one late) is not published yet. A selector that the
 * config names is in use, but for those services.
 */
const isSpare = (
  { name, cnames, configured }: KeyRecord,
  provider: MailProvider | null,
  others: KnownSelectors,
): boolean =>
  provider !== null &&
  (provider.rotates === true || (!configured && cnames.length > 0)) &&
  provider.dkim.includes(selectorOf(name)) &&
  (cnames.length === 0 || provider.id === providerOfTarget(cnames.at(-1) ?? '')?.id) &&
  others?.some(
    item => item.state === 'found' && provider.dkim.includes(item.selector) && isBelow(name, item.domain),
  ) === true

/** True where no RSA key stands at another selector of the same domain. */
const isAlone = ({ name }: KeyRecord, others: KnownSelectors): boolean =>
  others !== null &&
  !others.some(item => isBelow(name, item.domain) && item.selector !== selectorOf(name) && item.type === 'rsa')

/** Faults of a key that receivers can read: RSA below 1024 bits is refused, below 2048 not trusted (RFC 8301 §3.2). */
const strengthFaults = (
  record: KeyRecord,
  key: DkimKey,
  provider: MailProvider | null,
  others: KnownSelectors,
): KeyFault[] => {
  const text = record.texts[0] ?? ''
  const rsa = key.type === 'rsa' ? key.bits : null
  // A key that nobody configured may be a leftover: what is wrong with it costs less than with one that is in use.
  const leftover = record.configured ? {} : { severity: 'high' as const }
  // A service that makes no longer keys leaves nothing to change today.
  const weakness = rsa === provider?.keyBits ? { severity: 'low' as const } : {}
  return [
    ...(rsa !== null && rsa < 1024 ? [fault('too-weak', leftover)] : []),
    ...(rsa !== null && rsa >= 1024 && rsa < 2048 ? [fault('weak', weakness)] : []),
    ...(rsa !== null && rsa > 4096 ? [fault('oversized')] : []),
    ...(key.hashes && !key.hashes.includes('sha256') ? [fault('sha1-only', { wanted: withoutTag(text, 'h') })] : []),
    ...(key.testing ? [fault('testing', { wanted: withoutTestFlag(text) })] : []),
    ...(key.type === 'ed25519' && isAlone(record, others) ? [fault('ed25519-alone')] : []),
  ]
}

/** Everything that is wrong with the key; empty for a sound one. */
export const keyFaults = (record: KeyRecord, provider: MailProvider | null, others: KnownSelectors): KeyFault[] => {
  const { key, configured } = record
  const leftover = configured ? {} : { severity: 'high' as const }
  if (record.wildcard && configured) return [fault('wildcard')]
  if (record.stray && (!record.exists || record.stray.name === record.name)) return [fault('misplaced')]
  const spare = isSpare(record, provider, others) ? { severity: 'low' as const } : leftover
  if (!record.exists && record.cnames.length) return [fault('target-missing', spare)]
  if (!record.exists) return [fault('missing', spare)]
  if (!key) return [fault('malformed', leftover)]
  if (key.revoked) return [fault('revoked')]
  const seen = key.faults.map(item => [`at character ${item.at + 1}`, item.message] as const)
  if (record.keys > 1) {
    const why = `${record.keys} keys stand there: receivers take any one, so some mail fails`
    return [fault('malformed', { ...leftover, seen: [...seen, ['several', why]] })]
  }
  if (key.faults.length || key.bits === null)
    return [fault('malformed', { ...leftover, seen, wanted: mendDkim(record.texts[0] ?? '') })]
  return strengthFaults(record, key, provider, others)
}

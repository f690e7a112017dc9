// What the e-mail checks share: record changes as fixes, the config's e-mail section, whether the domain sends or receives at all.
import type { Evidence, OutcomeHolds, Unknown } from '../../core/check.ts'
import type { Fact } from '../../core/fact.ts'
import type { Change, DnsChange, Fix } from '../../core/fix.ts'
import type { Target } from '../../core/target.ts'
import type { Dmarc } from '../../facts/email/dmarc.ts'
import type { DnsPanelFact } from '../../facts/email/dns-panel.ts'
import type { Mx } from '../../facts/email/mx.ts'
import type { Spf, SpfOfName } from '../../facts/email/spf.ts'
import { type DmarcPolicy, effectivePolicies } from '../../formats/dmarc/dmarc.ts'
import { panelOf, panelSentence } from '../../formats/dns/panel.ts'
import { allOf, parseSpf } from '../../formats/spf/spf.ts'
import type { SpfTree } from '../../formats/spf/tree.ts'

/** What a judge collects before it knows whether anything holds. */
export type Held<K extends string, D> = OutcomeHolds<K, D> | Unknown

/** Seconds; short enough to take back a mistake within the hour. */
export const launchTtl = 3600

/** Text that begins or ends in a space, or holds bytes nobody sees, is quoted and escaped as zone files do (RFC 1035 §5.1). */
const visible = (type: string, text: string): string =>
  type === 'TXT' && (text !== text.trim() || /[^\x20-\x7e]/.test(text))
    ? `"${text.replace(/["\\]|[^\x20-\x7e]/g, character =>
        /["\\]/.test(character) ? `\\${character}` : `\\${String(character.charCodeAt(0) & 0xff).padStart(3, '0')}`,
      )}"`
    : text

const absolute = (name: string): string => `${name.replace(/\.$/, '')}.`

/** A record to put in, in the place of `was` or of the whole RRset where `was` is not given. */
export const replaceRecord = (name: string, type: string, data: string, was?: string): DnsChange => ({
  kind: 'dns',
  action: 'replace',
  name: absolute(name),
  type,
  ttl: launchTtl,
  data,
  ...(was === undefined ? {} : { was: visible(type, was) }),
})

export const addRecord = (name: string, type: string, data: string): DnsChange => ({
  kind: 'dns',
  action: 'add',
  name: absolute(name),
  type,
  ttl: launchTtl,
  data,
})

export const removeRecord = (name: string, type: string, data: string): DnsChange => ({
  kind: 'dns',
  action: 'remove',
  name: absolute(name),
  type,
  data: visible(type, data),
})

export const manual = (step: string): Change => ({ kind: 'manual', step })

/** A DMARC record to publish: at the domain, or where its name leads, which only whoever keeps that record can change. */
export const dmarcChange = (at: string, wanted: string, was: string | undefined, alias: string | null): Change => {
  if (alias) return manual(`The record of _dmarc.${at} is kept at ${alias}: let it say there ${wanted}`)
  return was === undefined
    ? addRecord(`_dmarc.${at}`, 'TXT', wanted)
    : replaceRecord(`_dmarc.${at}`, 'TXT', wanted, was)
}

/** A fix of record changes; each change is also a step in words. */
export const recordFix = (summary: string, changes: Change[], effortMinutes = 10, steps: string[] = []): Fix => ({
  summary,
  steps: [...changes.map(changeInWords), ...steps],
  changes,
  effortMinutes,
})

const changeInWords = (change: Change): string => {
  if (change.kind === 'manual') return change.step
  if (change.kind !== 'dns') return change.kind
  const data = change.data.length > 600 ? `${change.data.slice(0, 600)}…` : change.data
  if (change.action === 'remove') return `Remove the ${change.type} record ${data} of ${change.name}`
  if (change.action === 'add') return `Add a ${change.type} record to ${change.name} with ${data}`
  return change.was
    ? `Replace the ${change.type} record ${change.was.slice(0, 300)} of ${change.name} by ${data}`
    : `Set the ${change.type} record of ${change.name} to ${data}`
}

export const evidence = (label: string, value: string): Evidence => ({ label, value: value.slice(0, 2000) })

/** Evidence of TXT records, or that there is none. */
export const txtEvidence = (name: string, texts: readonly string[]): Evidence[] =>
  texts.length ? texts.map(text => evidence(`${name} TXT`, text)) : [evidence(`${name} TXT`, 'no such record')]

export type EmailSection = { sends?: boolean; receives?: boolean; blocklists?: string[]; reports?: string }

/** The config's e-mail section as far as records are concerned. */
export const emailSectionOf = (target: Target): EmailSection => (target.sections.email ?? {}) as EmailSection

const seenOf = <T>(fact: Fact<T> | undefined): T | null => (fact?.ok ? fact.value : null)

/** True when the domain is meant to send nothing: the config says so, or nobody is configured and SPF refuses all. */
export const sendsNothing = (target: Target, spf: Fact<Spf> | Spf | undefined): boolean => {
  const said = emailSectionOf(target).sends
  if (said !== undefined) return !said
  if (target.senders.length > 0) return false
  const own = (spf && 'ok' in spf ? seenOf(spf) : spf)?.names[0]
  return own?.texts.length === 1 && isDenyAll(own.texts[0] as string)
}

/** `v=spf1 -all` and nothing that authorises anybody. */
export const isDenyAll = (text: string): boolean => {
  const record = parseSpf(text)
  return (
    record.faults.length === 0 &&
    allOf(record)?.qualifier === '-' &&
    record.terms.filter(term => term.kind === 'mechanism').length === 1
  )
}

/** True when the domain is meant to receive nothing. */
export const receivesNothing = (target: Target, mx: Mx | null): boolean => {
  const said = emailSectionOf(target).receives
  return said !== undefined ? !said : mx?.nullMx === true && mx.hosts.length === 0
}

/** What receivers do with mail that forges the domain. */
const policyOf = (dmarc: Dmarc | null): DmarcPolicy => {
  const { record, applies } = dmarc?.walk ?? { record: null, applies: null }
  if (!record) return 'none'
  const policies = effectivePolicies(record)
  return applies === 'domain' ? policies.domain : policies.subdomains
}

/** True when receivers reject mail that forges the domain. */
export const isRejecting = (dmarc: Dmarc | null): boolean => policyOf(dmarc) === 'reject'

/** True when receivers do anything against mail that forges the domain. */
export const isEnforced = (dmarc: Dmarc | null): boolean => policyOf(dmarc) !== 'none'

/** A domain's list in words: `a, b and c`. */
export const inWords = (items: readonly string[]): string =>
  items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`

/** What to type where, as steps of a fix; empty while the DNS provider is not known. */
export const panelSteps = (panel: Fact<DnsPanelFact>, name: string, domain: string): string[] => {
  const sentence = panel.ok ? panelSentence(panelOf(panel.value.nameservers), name, domain) : null
  return sentence === null ? [] : [sentence]
}

/** Names with exactly one SPF record, and its tree: what is judged about trees. */
export const spfTrees = (spf: Spf): { name: string; text: string; tree: SpfTree; item: SpfOfName }[] =>
  spf.names.flatMap(item =>
    item.tree && item.texts.length === 1
      ? [{ name: item.name, text: item.texts[0] as string, tree: item.tree, item }]
      : [],
  )
